"""The values of Table Schema: from text cells to typed columns, by the specification's lexical forms.

`read` types a whole column. Clean cells are typed by vectorised casts whose own strictness is the lexical check, or
behind a pattern; only cells that need it go through Python, each distinct one once. A cell that is no value is null
in the result, and nothing else is: no cell is changed into something else in silence.

Where the specification leaves something open, or frictionless reads it otherwise, `tests/test_tabular_values_agree.py`
has the list with the reasons.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl

from bastions.dialects import TYPES
from bastions.schema import Field
from bastions.tabular.fields import documents, numbers, strptime, temporal
from bastions.validation.descriptor.values import FORMATS, ITEM_TYPES, TEMPORAL

TRUE = ("true", "True", "TRUE", "1")
FALSE = ("false", "False", "FALSE", "0")

inexact = numbers.inexact

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_HEX = "[0-9A-Fa-f]"
_PCHAR = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%{_HEX}{{2}})"
_H16 = f"{_HEX}{{1,4}}"
_FEW = f"(?:{_H16}(?::{_H16}){{0,6}})?"
_IPV6 = f"(?:(?:{_H16}:){{7}}{_H16}|{_FEW}::{_FEW})"
_HOST = rf"(?:\[(?:{_IPV6}|v{_HEX}+\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%{_HEX}{{2}})*)"
_USER = rf"(?:(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%{_HEX}{{2}})*@)?"
_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_YEAR = "(?:[1-9][0-9]{3,}|0[0-9]{3})"
_SECONDS = r"[0-9]+(?:\.[0-9]+)?S"
_CLOCK = rf"T(?:[0-9]+H(?:[0-9]+M)?(?:{_SECONDS})?|[0-9]+M(?:{_SECONDS})?|{_SECONDS})"

PATTERNS = {
    # RFC 5321 and 5322 without quoted names, comments and address literals; a domain of two labels or more, the last
    # of letters or encoded (RFC 3696).
    ("string", "email"): rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?:[A-Za-z]{{2,63}}|[Xx][Nn]--{_LABEL})",
    # RFC 3986, with a scheme.
    (
        "string",
        "uri",
    ): rf"[A-Za-z][A-Za-z0-9+.-]*:(?://{_USER}{_HOST}(?::[0-9]*)?(?:/{_PCHAR}*)*|/(?:{_PCHAR}+(?:/{_PCHAR}*)*)?"
    rf"|{_PCHAR}+(?:/{_PCHAR}*)*|)(?:\?(?:{_PCHAR}|[/?])*)?(?:#(?:{_PCHAR}|[/?])*)?",
    # RFC 4648: padded, no line ends.
    ("string", "binary"): "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
    ("string", "uuid"): f"{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}",
    ("yearmonth", "default"): "[0-9]{4}-(?:0[1-9]|1[0-2])",
    ("year", "default"): f"-?{_YEAR}",
    ("duration", "default"): f"-?P(?:[0-9]+Y(?:[0-9]+M)?(?:[0-9]+D)?(?:{_CLOCK})?|[0-9]+M(?:[0-9]+D)?(?:{_CLOCK})?"
    f"|[0-9]+D(?:{_CLOCK})?|{_CLOCK})",
    ("geopoint", "default"): f"{_DECIMAL}, ?{_DECIMAL}",
}
"""The lexical forms that are patterns, as full matches; the same to Python and to polars."""

_JSON: dict[tuple[str, str], Callable[[Any], bool]] = {
    ("object", "default"): documents.is_object,
    ("array", "default"): documents.is_array,
    ("geopoint", "array"): documents.is_point_array,
    ("geopoint", "object"): documents.is_point_object,
    ("geojson", "default"): documents.is_geojson,
    ("geojson", "topojson"): documents.is_topojson,
}


def read(field: Field, cells: pl.Series) -> pl.Series:
    """Types a column.

    Args:
        field: The column's type, format and options.
        cells: Its text; missing values are null already.

    Returns:
        A column of `dialects.TYPES[field.type].polars`, as long; null where the cell is null or is no value.
    """
    if refusal(field):
        return pl.repeat(None, len(cells), dtype=TYPES[field.type].polars, eager=True).alias(cells.name)
    if field.type == "integer":
        return numbers.read_integer(field, cells)
    if field.type == "number":
        return numbers.read_number(field, cells)
    if field.type in TEMPORAL:
        return temporal.read(field, cells)
    if field.type == "boolean":
        return _booleans(field, cells)
    if field.type == "list":
        return _kept(cells, _lists(field, cells))
    form = (field.type, _format(field))
    if form in _JSON:
        return _kept(cells, _json(cells, _JSON[form]))
    if form not in PATTERNS:
        return cells
    good = cells.str.contains(f"^(?:{PATTERNS[form]})$")
    if field.type in ("year", "yearmonth"):
        # XML Schema has no year 0.
        good &= ~cells.str.contains("^-?0000")
    if field.type == "geopoint":
        good &= _on_earth(cells)
    kept = _kept(cells, good)
    return kept.cast(pl.Int32, strict=False) if field.type == "year" else kept


def refusal(field: Field) -> str | None:
    """What is wrong with a field's format or options, for people, so that no cell could be read by it."""
    options, form = field.options, _format(field)
    if field.type in ("integer", "number"):
        return numbers.refusal(field)
    known = ("default", *FORMATS.get(field.type, ()))
    if form not in known:
        if field.type in TEMPORAL:
            return strptime.refusal(form)
        return f'{field.type} has no format "{form}"; it has {", ".join(known)}'
    if field.type == "boolean":
        for name in ("trueValues", "falseValues"):
            given = options.get(name, ())
            if not isinstance(given, list | tuple) or not all(isinstance(value, str) for value in given):
                return f"{name} is not a list of texts"
        both = sorted(set(_words(field, "trueValues", TRUE)) & set(_words(field, "falseValues", FALSE)))
        return f'"{both[0]}" is among both trueValues and falseValues' if both else None
    if field.type == "list":
        delimiter = options.get("delimiter", ",")
        if not isinstance(delimiter, str) or not delimiter:
            return "the delimiter of the list is not a text of at least one character"
        if options.get("itemType", "string") not in ITEM_TYPES:
            return f"the itemType of the list is none of {', '.join(ITEM_TYPES)}"
    return None


def parse(field: Field, value: object) -> Any:
    """One value of a descriptor (a bound, an item of `enum`, a category) as the typed column holds it.

    Args:
        field: The column.
        value: A JSON value, or text in the form that cells of the column have.

    Returns:
        An int, float, bool, date, datetime, time or str.

    Raises:
        ValueError: It is no such value; the message says so to people.
    """
    if isinstance(value, str):
        cells = pl.Series([value], dtype=pl.String)
        typed = read(field, cells)
        if typed[0] is None:
            raise ValueError(f"{json.dumps(value, ensure_ascii=False)} is not {hint(field)}")
        if inexact(field, cells, typed)[0]:
            raise ValueError(f"{value} has more digits than a column of numbers holds")
        return typed[0]
    found = _from_json(field, value)
    if found is None:
        raise ValueError(f"{json.dumps(value, ensure_ascii=False, default=str)[:80]} is not {hint(field)}")
    return found


def _from_json(field: Field, value: object) -> Any:
    if isinstance(value, bool):
        return value if field.type == "boolean" else None
    if isinstance(value, int | float) and field.type in ("integer", "year"):
        bits = 63 if field.type == "integer" else 31
        whole = math.isfinite(value) and value == int(value) and -(1 << bits) <= value < 1 << bits
        return int(value) if whole and (field.type == "integer" or value) else None
    if isinstance(value, float) and field.type == "number":
        return value if math.isfinite(value) else None
    if isinstance(value, int) and field.type == "number":
        return float(value) if abs(value) < 1 << 1023 and int(float(value)) == value else None
    if field.type in ("object", "array", "geojson", "geopoint") and isinstance(value, dict | list):
        text = json.dumps(value, ensure_ascii=False)
        return read(field, pl.Series([text], dtype=pl.String))[0]
    return None


def hint(field: Field) -> str:
    """What a cell of this field should look like, for people."""
    form, options = _format(field), field.options
    if field.type in ("integer", "number"):
        decimal, group = options.get("decimalChar", "."), options.get("groupChar") or ""
        example = f"1{group}234" if field.type == "integer" else f"1{group}234{decimal}5"
        what = "a whole number of at most 64 bits" if field.type == "integer" else "a number"
        around = "" if options.get("bareNumber", True) else ", with text before or after it if need be"
        return f"{what}, such as {example}{around}"
    if field.type in TEMPORAL:
        what = {"date": "a day", "time": "a time of day", "datetime": "a day and time"}[field.type]
        default = {"date": "%Y-%m-%d", "time": "%H:%M:%S"}.get(field.type, "%Y-%m-%dT%H:%M:%S")
        pattern = default if form in ("default", "any") else form
        if strptime.refusal(pattern):
            return what
        written = f" as {form}" if pattern == form else ""
        return f"{what}{written}, such as {strptime.sample(pattern)}"
    if field.type == "boolean":
        words = [*_words(field, "trueValues", TRUE), *_words(field, "falseValues", FALSE)]
        return f"one of {', '.join(words)}"
    if field.type == "list":
        item = options.get("itemType", "string")
        named = "texts" if item == "string" else f"values of type {item}"
        return f'{named} with "{options.get("delimiter", ",")}" between them'
    return _HINTS.get((field.type, form), TYPES[field.type].article)


_HINTS = {
    ("string", "email"): "an e-mail address, such as name@example.org",
    ("string", "uri"): "an address with its scheme, such as https://example.org/a",
    ("string", "binary"): "Base64 with its padding, such as YWI=",
    ("string", "uuid"): "a UUID, such as 123e4567-e89b-12d3-a456-426614174000",
    ("object", "default"): 'a JSON object, such as {"a": 1}, without a key twice',
    ("array", "default"): "a JSON array, such as [1, 2]",
    ("year", "default"): "a year of four digits, such as 2017",
    ("yearmonth", "default"): "a year and month, such as 2017-11",
    ("duration", "default"): "a duration of ISO 8601, such as P1DT2H",
    ("geopoint", "default"): "longitude and latitude in degrees, such as 40.14, 35.33",
    ("geopoint", "array"): "longitude and latitude in degrees, such as [40.14, 35.33]",
    ("geopoint", "object"): 'longitude and latitude in degrees, such as {"lon": 40.14, "lat": 35.33}',
    ("geojson", "default"): 'GeoJSON, such as {"type": "Point", "coordinates": [40.14, 35.33]}',
    ("geojson", "topojson"): 'TopoJSON, such as {"type": "Topology", "objects": {}, "arcs": []}',
}


def _format(field: Field) -> str:
    """The format; types that have none are read as the default."""
    return field.format if field.type in FORMATS else "default"


def _kept(cells: pl.Series, good: pl.Series) -> pl.Series:
    return cells.zip_with(good.fill_null(False), pl.Series([None], dtype=pl.String))


def _words(field: Field, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(field.options.get(name, default))


def _booleans(field: Field, cells: pl.Series) -> pl.Series:
    true = cells.is_in(list(_words(field, "trueValues", TRUE)))
    known = true | cells.is_in(list(_words(field, "falseValues", FALSE)))
    return true.zip_with(known.fill_null(False), pl.Series([None], dtype=pl.Boolean))


def _lists(field: Field, cells: pl.Series) -> pl.Series:
    """Which cells are lists: each item is read as a cell of its own."""
    item_type = field.options.get("itemType", "string")
    if item_type == "string":
        return cells.is_not_null()
    items = cells.str.split(field.options.get("delimiter", ",")).alias("item")
    rows = pl.DataFrame({"row": pl.int_range(len(cells), eager=True), "item": items}).explode("item")
    typed = read(replace(field, type=item_type, format="default", options={}), rows["item"])
    bad = rows["row"].filter(typed.is_null())
    return cells.is_not_null().scatter(bad.unique(), False)


def _json(cells: pl.Series, check: Callable[[Any], bool]) -> pl.Series:
    distinct = cells.unique().drop_nulls()
    good = [text for text in distinct if documents.is_json(text, check)]
    return cells.is_in(pl.Series(good, dtype=pl.String).implode()) if len(good) < len(distinct) else cells.is_not_null()


def _on_earth(cells: pl.Series) -> pl.Series:
    sides = cells.str.split_exact(",", 1).struct
    lon, lat = (sides.field(f"field_{i}").str.strip_chars(" ").cast(pl.Float64, strict=False) for i in (0, 1))
    return (lon.abs() <= 180) & (lat.abs() <= 90)

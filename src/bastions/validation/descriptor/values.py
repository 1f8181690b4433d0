"""Types and formats of fields, what can be a value of them, and which patterns are XML Schema's."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from bastions import patterns

from .faults import json_type

TEMPORAL = ("date", "time", "datetime")
TYPES = (
    "string", "number", "integer", "boolean", "object", "array", "list", *TEMPORAL, "year", "yearmonth", "duration",
    "geopoint", "geojson", "any",
)  # fmt: skip
FORMATS: Mapping[str, tuple[str, ...]] = {
    "string": ("email", "uri", "binary", "uuid"),
    "geopoint": ("array", "object"),
    "geojson": ("topojson",),
    **dict.fromkeys(TEMPORAL, ("any",)),
}
ITEM_TYPES = ("string", "integer", "boolean", "number", "datetime", "date", "time")
_COLLECTIONS = ("string", "array", "object", "list")
_ORDERED = ("integer", "number", "date", "time", "datetime", "duration", "year", "yearmonth")
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
CONSTRAINTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "required": ("boolean", TYPES),
    "unique": ("boolean", TYPES),
    "minLength": ("integer", _COLLECTIONS),
    "maxLength": ("integer", _COLLECTIONS),
    **dict.fromkeys(BOUNDS, ("", _ORDERED)),
    "jsonSchema": ("object", ("array", "object")),
    "pattern": ("string", ("string",)),
    "enum": ("array", TYPES),
}
FORMAT_LIMIT = 1_000  # characters of a pattern of dates and times
_DECIMAL = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
_ZONE = r"(Z|[+-][0-9]{2}:[0-9]{2})?"
CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
_LEXICAL: Mapping[str, str] = {
    "integer": r"[+-]?[0-9]+",
    "number": rf"(?i:{_DECIMAL}(E[+-]?[0-9]+)?|NaN|-?INF)",
    "year": rf"-?[0-9]{{4,}}{_ZONE}",
    "yearmonth": rf"-?[0-9]{{4,}}-(0[1-9]|1[0-2]){_ZONE}",
    "duration": r"-?P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "time": CLOCK + _ZONE,
    "datetime": rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{CLOCK}{_ZONE}",
}
DIRECTIVE = re.compile("%[aAwdbBmyYHIMSpfzZjUWcxXGuV%]")


def exists(kind: str, text: str) -> bool:
    """Whether the day and hour that `text` names exist."""
    reader: Callable[[str], object] = {"date": date.fromisoformat, "time": time.fromisoformat}.get(
        kind, datetime.fromisoformat
    )
    try:
        # Fractions of more than six digits and the second 60 are beyond Python, not beyond the standards.
        reader(re.sub(r"\.[0-9]+", "", text).replace(":60", ":59").upper().replace(" ", "T"))
    except ValueError:
        return False
    return True


def castable(field: Mapping[str, Any], kind: str) -> Callable[[Any], bool]:
    """What tells whether a value of JSON, or a string, can be a value of a field of type `kind`."""
    words: set[str] = set()
    if kind == "boolean":
        for name, usual in (("trueValues", "true True TRUE 1"), ("falseValues", "false False FALSE 0")):
            given = field[name] if isinstance(field.get(name), list) else usual.split()
            words.update(word for word in given if isinstance(word, str))

    def can_be(value: Any) -> bool:
        given = json_type(value)
        if kind in ("integer", "year") and given == "integer":
            return True
        if kind == "number" and given in ("integer", "number"):
            return True
        if kind == "boolean":
            return given == "boolean" or (given == "string" and value in words)
        if kind == "string":
            return given == "string"
        if kind not in _LEXICAL:
            return True
        return given == "string" and _written(field, kind, value)

    return can_be


def _written(field: Mapping[str, Any], kind: str, value: str) -> bool:
    """Whether a string can be a value of a type that has a lexical form."""
    form = field.get("format", "default")
    if kind in TEMPORAL and isinstance(form, str) and form != "default":
        if form == "any" or len(form) > FORMAT_LIMIT:
            return True
        try:
            datetime.strptime(value, form)
        except (ValueError, re.error, IndexError, OverflowError):
            return False
        return True
    if any(name in field for name in ("decimalChar", "groupChar")) or field.get("bareNumber") is False:
        return True
    if not re.fullmatch(_LEXICAL[kind], value):
        return False
    return kind not in TEMPORAL or exists(kind, value)


def foreign_regex(pattern: str) -> str | None:
    """What in a pattern is not XML Schema's, or `None`. `^` and `$` are let through: the specification uses them."""
    if len(pattern) > patterns.LENGTH:
        return f"more than {patterns.LENGTH:,} characters, the most that is read"
    bare = python = ""  # the pattern without classes and escapes, and as Python would write it
    depth = 0
    for token in re.findall(r"\\[pP]\{[^}\\]*\}|\\.|-\[|.", pattern, re.DOTALL):
        if token[0] == "\\" and len(token) > 1:
            if token[1] in "0123456789bBAZzGaefuUxkKQEhHRXvVoN":
                return f"the escape {token!r}"
            if depth < 2:
                python += "\\w" if token[1] in "pPiIcC" else token
            bare += "" if depth else "x"
        elif depth and token == "-[":
            depth += 1  # one class taken from another
        elif depth:
            depth -= token == "]"
            python += token if depth < 2 and not (token == "]" and depth) else ""
        else:
            depth += token in ("[", "-[")
            bare += "x" if depth else token
            python += token
    if found := re.search(r"\(\?.?", bare):
        return f"the group {found[0]!r}"
    if found := re.search(r"(?:[*+?]|\{[0-9,]*\})[?+]", bare):
        return f"the quantifier {found[0]!r}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(python)
    except (re.error, RecursionError, OverflowError) as error:
        return f"what cannot be read ({error})"
    return None

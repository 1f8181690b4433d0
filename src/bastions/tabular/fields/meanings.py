"""Constraints on what stays text in a typed column: durations, months, lists, JSON and points, compared as values.

Durations are ordered as XML Schema says, that is in part: a month is neither
longer nor shorter than 30 days. A value that is not known to keep a bound breaks it. Equal are values, not texts: `P1Y`
and `P12M`, `{"a": 1.0}` and `{ "a": 1 }`. The length of a list, array or object is the number of its items.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from bastions import dialects
from bastions.schema import Field

_UNREADABLE = (ValueError, RecursionError, ArithmeticError, KeyError, TypeError)
_BOUNDS: Mapping[str, tuple[bool, bool]] = {
    "minimum": (True, False),
    "exclusiveMinimum": (True, True),
    "maximum": (False, False),
    "exclusiveMaximum": (False, True),
}
"""Whether the limit is the lower one, and whether it is itself out of bounds."""


def good(column: Field, constraint: str) -> Callable[[str], bool] | None:
    """How to tell whether a cell's text keeps a constraint of its column.

    Args:
        column: The column, whose type has no type of its own in polars.
        constraint: A constraint that it has.

    Returns:
        A function of the text, which never raises; None where the constraint does not go with the type.

    Raises:
        ValueError: If the limit is no value of the type.
    """
    read = _READERS.get(column.type)
    limit = dialects.limit(column, constraint)
    if read is None:
        return None
    try:
        if constraint in ("enum", "categories"):
            allowed = {read(column, item) for item in limit}
            return _never(lambda text: read(column, text) in allowed)
        if constraint in _BOUNDS and column.type in _BEFORE:
            lower, strict = _BOUNDS[constraint]
            before, bound = _BEFORE[column.type], read(column, limit)
            if lower:
                return _never(lambda text: before(bound, read(column, text), strict))
            return _never(lambda text: before(read(column, text), bound, strict))
    except _UNREADABLE as error:
        raise ValueError(f"{limit!r} is no limit for a {column.type}") from error
    if constraint in ("minLength", "maxLength") and column.type in ("list", "array", "object"):
        if constraint == "minLength":
            return _never(lambda text: _length(column, text) >= limit)
        return _never(lambda text: _length(column, text) <= limit)
    return None


def _never(judge: Callable[[str], bool]) -> Callable[[str], bool]:
    """The judge, to whom what cannot be read breaks the constraint."""

    def kept(text: str) -> bool:
        try:
            return judge(text)
        except _UNREADABLE:
            return False

    return kept


def _length(column: Field, text: str) -> int:
    if column.type == "list":
        return len(_items(column, text))
    return len(json.loads(text))


def _items(column: Field, text: str) -> list[str]:
    return text.split(column.options.get("delimiter", ",")) if text else []


# -- readers: a text, or a value of JSON, as what equals it -----------------------------------------------------------


def _json(column: Field, value: Any) -> Hashable:
    return _plain(json.loads(value, parse_float=Decimal) if isinstance(value, str) else value)


def _plain(value: Any) -> Hashable:
    """A value of JSON such that equal ones are equal: 1 and 1.0 are, 1 and true are not."""
    if isinstance(value, Mapping):
        return "object", frozenset((key, _plain(item)) for key, item in value.items())
    if isinstance(value, list | tuple):
        return "array", tuple(_plain(item) for item in value)
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return type(value).__name__, value
    return "number", Decimal(str(value))


def _list(column: Field, value: Any) -> Hashable:
    kind = column.options.get("itemType", "string")
    items = _items(column, value) if isinstance(value, str) else value
    return tuple(_item(kind, item) for item in items)


def _item(kind: str, item: Any) -> Hashable:
    if kind in ("integer", "number") and not isinstance(item, bool):
        return Decimal(str(item))
    if kind == "boolean":
        return item in (True, "true", "True", "TRUE", "1")
    return str(item)


def _point(column: Field, value: Any) -> Hashable:
    if isinstance(value, str) and column.format == "default":
        value = value.split(",")
    elif isinstance(value, str):
        value = json.loads(value, parse_float=Decimal)
    longitude, latitude = (value["lon"], value["lat"]) if isinstance(value, Mapping) else value
    return Decimal(str(longitude).strip()), Decimal(str(latitude).strip())


_DURATION = re.compile(
    r"(-)?P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?"
    r"(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]+)?)S)?)?"
)


def _duration(column: Field, value: Any) -> tuple[int, Fraction | int]:
    """Months and seconds."""
    found = _DURATION.fullmatch(value)
    if not found:
        raise ValueError
    years, months, days, hours, minutes = (int(part or 0) for part in found.groups()[1:6])
    least = found[7] or "0"
    seconds = Fraction(least) if "." in least else int(least)
    seconds += 60 * (minutes + 60 * (hours + 24 * days))
    return (-12 * years - months, -seconds) if found[1] else (12 * years + months, seconds)


def _month(column: Field, value: Any) -> str:
    """The text itself: its parts are of fixed width, and no other form is a value (`values.PATTERNS`)."""
    return str(value)


@lru_cache(maxsize=10_000)
def _days(months: int) -> int:
    """The days from the first of March of the year 0 to the first of a month, which is counted from January of it."""
    years, month = divmod(months - 2, 12)
    return 365 * years + years // 4 - years // 100 + years // 400 + (153 * month + 2) // 5


_READERS: Mapping[str, Callable[[Field, Any], Any]] = {
    "object": _json,
    "array": _json,
    "geojson": _json,
    "list": _list,
    "geopoint": _point,
    "duration": _duration,
    "yearmonth": _month,
}


# -- orders -----------------------------------------------------------------------------------------------------------

_STARTS = tuple(12 * year + month - 1 for year, month in ((1696, 9), (1697, 2), (1903, 3), (1903, 7)))
"""The days from which XML Schema compares two durations: one is less if it is so from each of them."""


def _shorter(one: tuple[int, Fraction | int], other: tuple[int, Fraction | int], strict: bool) -> bool:
    if one[0] == other[0]:
        return one[1] < other[1] if strict else one[1] <= other[1]
    more = one[1] - other[1]
    spans = ((_days(start + other[0]) - _days(start + one[0])) * 86400 for start in _STARTS)
    return all(more < span if strict else more <= span for span in spans)


def _earlier(one: str, other: str, strict: bool) -> bool:
    return one < other if strict else one <= other


_BEFORE: Mapping[str, Callable[[Any, Any, bool], bool]] = {"duration": _shorter, "yearmonth": _earlier}

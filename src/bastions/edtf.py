"""Which texts are dates in our columns, and the first and last day that each can mean.

Dates are EDTF (ISO 8601-2:2019, https://www.loc.gov/standards/datetime/), levels 0 and 1, and the one-of sets of
level 2:

    2017-11-03  2017-11  2017          a day, a month, a year
    2017-21 … 2017-24                  spring, summer, autumn (months 3-5, 6-8, 9-11), winter (12 to the next 2)
    201X  20XX  2017-XX  2017-11-XX    digits that nobody stated
    2017-11-03~  2017-11?  2017%       approximate, uncertain, both: after any of the above
    2017-09/2017-11  ../2017  2017/..  an interval; `..` is open, nothing at all is unknown (`/2017`)
    [2017-09,2017-11]  [2017-09..2017-11]  [..2015-05]  [2015-05..]     one of several days, months or years

Left out on purpose: times (columns of their own hold them), years below 1 or above 9999 (no DATE holds them), seasons
other than the four, level 2 otherwise. In an end column `..` alone says "still going on". The `edtf` library is lenient
(it takes 29 February 2017, white space around a date and an interval that runs backwards), so a lexical gate stands in
front of it; it is also slow (3.4 ms a parse), so plain years, months and days never reach it and the rest is cached.

The tolerance
-------------
`~` and `?` widen the bounds by half of the unit that is given, on both sides, since who writes "about March" may
mean February's end or April's begin but would have named another month beyond that:

    a day 3 days    a month 15 days    a season 45 days    a year 183 days    a decade 5 years    a century 50 years

For a day half of itself would be nothing, so it is half a week: who is further off speaks of weeks. `?` (the date may
be wrong) bounds nothing by itself; it is treated like `~` so that it can be queried at all. `%` (both) counts twice.
The library has a tolerance too, but it takes `2017-10-26~` back by a year.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

Bounds = tuple[datetime.date | None, datetime.date | None]

TOLERANCE_DAYS = {"day": 3, "month": 15, "season": 45, "year": 183, "decade": 1826, "century": 18262}

_ATOM = re.compile(
    r"(?P<body>"
    r"(?P<day>[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))"
    r"|(?P<month>[0-9]{4}-(?:0[1-9]|1[0-2])(?:-XX)?)"
    r"|(?P<season>[0-9]{4}-2[1-4])"
    r"|(?P<year>[0-9]{4}(?:-XX(?:-XX)?)?)"
    r"|(?P<decade>[0-9]{3}X)"
    r"|(?P<century>[0-9]{2}XX)"
    r")(?P<mark>[~?%]?)"
)


def is_edtf(text: str, end: bool = False) -> bool:
    """Whether the text is a date as the module describes it.

    Args:
        text: The text of a cell.
        end: Whether `..` alone is allowed, as it is in the columns that say when something ended.
    """
    if text == "..":
        return end
    try:
        bounds(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=65536)
def bounds(text: str) -> Bounds:
    """The first and the last day that a date can mean.

    Args:
        text: A date as the module describes it; `..` alone is taken, whatever the column.

    Returns:
        Both days; None on a side that is open or unknown.

    Raises:
        ValueError: If the text is no such date, with the reason.
    """
    if text == "..":
        return None, None
    if text.startswith("[") or text.endswith("]"):
        return _set(text)
    if "/" in text:
        return _interval(text)
    return _atom(text)


def _interval(text: str) -> Bounds:
    first, _, last = text.partition("/")
    open_ends = ("", "..")
    if first in open_ends and last in open_ends:
        raise ValueError(f"{text!r} names no date")
    low = (None, None) if first in open_ends else _atom(first)
    high = (None, None) if last in open_ends else _atom(last)
    _forwards(text, low, high)
    return low[0], high[1]


def _set(text: str) -> Bounds:
    if not (text.startswith("[") and text.endswith("]")):
        raise ValueError(f"{text!r} opens or closes a set only")
    members = text[1:-1].split(",")
    if len(members) == 1 and ".." not in text:
        raise ValueError(f"{text!r} is a set with one member; write the member alone")
    found: list[Bounds] = []
    for i, member in enumerate(members):
        first, dots, last = member.partition("..")
        if not dots:
            found.append(_atom(member))
            continue
        if (not first and (not last or i > 0)) or (not last and i < len(members) - 1):
            raise ValueError(f"{text!r} is open elsewhere than at its ends")
        low = _atom(first) if first else (None, None)
        high = _atom(last) if last else (None, None)
        _forwards(text, low, high)
        found.append((low[0], high[1]))
    lows = [low for low, _ in found if low is not None]
    highs = [high for _, high in found if high is not None]
    return (
        min(lows) if len(lows) == len(found) else None,
        max(highs) if len(highs) == len(found) else None,
    )


def _forwards(text: str, low: Bounds, high: Bounds) -> None:
    if low[0] is not None and high[1] is not None and low[0] > high[1]:
        raise ValueError(f"{text!r} ends before it begins")


def _atom(text: str) -> Bounds:
    match = _ATOM.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not an EDTF date of level 0 or 1")
    kind = next(name for name in TOLERANCE_DAYS if match[name] is not None)
    low, high = _days(match["body"], kind)
    if match["mark"]:
        slack = TOLERANCE_DAYS[kind] * (2 if match["mark"] == "%" else 1)
        low, high = _shift(low, -slack), _shift(high, slack)
    return low, high


def _days(body: str, kind: str) -> tuple[datetime.date, datetime.date]:
    """First and last day of a date without a mark; plain ones here, the rest by the library."""
    if kind == "day":
        day = datetime.date.fromisoformat(body)
        return day, day
    year = int(body[:4].replace("X", "0"))
    if year == 0:
        raise ValueError(f"{body!r}: there is no year 0 in a DATE")
    if kind == "month":
        return _month(year, int(body[5:7]))
    if kind == "season" and body.endswith("24"):
        # The library ends winter with its December; ours runs to the February after, whoever counts it how.
        return datetime.date(year, 12, 1), _month(year + 1, 2)[1] if year < 9999 else datetime.date.max
    if len(body) == 4 and kind == "year":
        return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    return _by_library(body)


def _by_library(body: str) -> tuple[datetime.date, datetime.date]:
    from edtf import parse_edtf  # 0.14 s, and most tables hold nothing that needs it

    parsed = parse_edtf(body)
    low, high = parsed.lower_strict(), parsed.upper_strict()
    return datetime.date(*low[:3]), datetime.date(*high[:3])


def _month(year: int, month: int) -> tuple[datetime.date, datetime.date]:
    first = datetime.date(year, month, 1)
    if (year, month) == (9999, 12):
        return first, datetime.date.max
    return first, datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)


def _shift(day: datetime.date, days: int) -> datetime.date:
    try:
        return day + datetime.timedelta(days=days)
    except OverflowError:
        return datetime.date.max if days > 0 else datetime.date.min

"""The format `any` of dates and times: a fixed set of forms that mean one thing to every reader.

The specification leaves the forms to the implementation. These are taken:

| part | forms |
|---|---|
| day | `2017-11-03`, `2017-1-3`, with `/` or `.` too, `20171103` |
| day | `3 November 2017`, `3-Nov-2017`, `Nov 3rd, 2017`; these also after the right weekday |
| time | `9:05`, `09:05:07`, `09:05:07.25`, `9 am`, `9:05 PM` |
| zone, after a time | `Z`, `UTC`, `GMT`, `+02:00`, `+0200` |
| day and time | a day, then `T`, spaces or a comma and a space, then a time; a day alone is its midnight |

`03/11/2017` is refused: some read March, some November. So are years of two digits, and a day without a year or a
month, which other parsers fill from today's date.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from bastions.tabular.fields.strptime import DAYS, MONTHS

_NAMES = "|".join(f"{month}|{month[:3]}" for month in MONTHS) + "|Sept"
_WEEKDAY = rf"(?:(?P<weekday>{'|'.join(f'{day}|{day[:3]}' for day in DAYS)}),?\s+)?"
_DAY = (
    r"(?P<y>[0-9]{4})(?P<sep>[-/.])(?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})"
    r"|(?P<y8>[0-9]{4})(?P<m8>[0-9]{2})(?P<d8>[0-9]{2})"
    rf"|{_WEEKDAY}(?:(?P<d1>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:\s+|-)(?P<n1>{_NAMES})\.?(?:,?\s+|-)(?P<y1>[0-9]{{4}})"
    rf"|(?P<n2>{_NAMES})\.?\s+(?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>[0-9]{{4}}))"
)
_TIME = (
    r"(?P<H>[0-9]{1,2})(?::(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2})(?:\.(?P<f>[0-9]{1,6}))?)?(?:\s?(?P<p>am|pm))?"
    r"|\s?(?P<q>am|pm))(?:\s?(?P<z>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?"
)
_FORMS = {"date": f"(?:{_DAY})", "time": _TIME, "datetime": rf"(?:{_DAY})(?:(?:T|,?\s+)(?:{_TIME}))?"}


def gate(kind: str) -> str:
    """The lexical forms of a type, as a pattern for polars."""
    return f"^(?i:{_FORMS[kind]})$"


def reader(kind: str) -> Callable[[str], dt.datetime | None]:
    """A function from a cell to its moment, None where the cell has none of the forms or names no such moment."""
    form = re.compile(_FORMS[kind], re.ASCII | re.IGNORECASE)

    def read(text: str) -> dt.datetime | None:
        match = form.fullmatch(text)
        if not match:
            return None
        found = {name: part for name, part in match.groupdict().items() if part is not None}
        day, clock = _day(found) if kind != "time" else dt.date(2000, 1, 1), _clock(found)
        if day is None or clock is None or ("sep" in found and text.count(found["sep"], 0, 10) != 2):
            return None
        return dt.datetime.combine(day, clock)

    return read


def _day(found: dict[str, str]) -> dt.date | None:
    year, day = (next(int(found[c + n]) for n in ("", "8", "1", "2") if c + n in found) for c in ("y", "d"))
    name = (found.get("n1") or found.get("n2") or "").lower()[:3]
    month = [m[:3].lower() for m in MONTHS].index(name) + 1 if name else int(found.get("m") or found["m8"])
    try:
        when = dt.date(year, month, day)
    except ValueError:
        return None
    said = found.get("weekday", "").lower()[:3]
    return None if said and said != DAYS[when.weekday()][:3].lower() else when


def _clock(found: dict[str, str]) -> dt.time | None:
    hour, minute, second = (int(found.get(name, 0)) for name in "HMS")
    half = (found.get("p") or found.get("q") or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    zone = found.get("z", "")
    offset = None
    if zone[:1] in ("+", "-"):
        minutes = int(zone[1:3]) * 60 + int(zone[-2:])
        if minutes >= 24 * 60 or int(zone[-2:]) > 59:
            return None
        offset = dt.timezone(dt.timedelta(minutes=minutes if zone[0] == "+" else -minutes))
    try:
        return dt.time(hour, minute, second, int(found.get("f", "0").ljust(6, "0")), offset)
    except ValueError:
        return None

"""The cells of the Dutch list of weapon employments, read strictly: what no rule foresees is a problem, not a guess."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import mgrs
from mgrs.core import MGRSError

from bastions.curate.cells import fault
from bastions.curate.raw import RawRow
from bastions.problems import Problem

DAY, BEGIN, END, SQUARE, LATITUDE, LONGITUDE, MISSION, TOWN, PROVINCE, COUNTRY, COMMENT = (
    f"{name} (UNCLASS)"
    for name in (
        "Employment date",
        "Time begin (Z)",
        "Time end (Z)",
        "Position MGRS",
        "Position LAT",
        "Position LONG",
        "Mission",
        "Town",
        "Province",
        "Country",
        "Comment",
    )
)
ISSUE = "Possible CDE issue (UNDCLASS)"
COLUMNS = (
    *(DAY, BEGIN, END, SQUARE, LATITUDE, LONGITUDE, MISSION, TOWN, PROVINCE, COUNTRY),
    *("Weather (UNCLASS)", "Terrain (UNCLASS)", ISSUE, COMMENT),
)
"""The header, with its own slip in the name of one column."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MISSIONS = {"": "", "CAS": "close_air_support", "AI": "air_interdiction"}
COUNTRIES = {"": "", "Iraq": "IQ", "Syria": "SY"}
ISSUES = {"": "", "ND": ""}

SLACK = 1.0
"""Metres by which a point may lie outside its square: the library works in whole metres."""


@dataclass(frozen=True, slots=True)
class Employment:
    """One row of the list.

    Attributes:
        line: Its physical line, from 1.
        digest: The first 16 hexadecimal digits of the SHA-256 of the bytes of that line, without its end.
        first_day: The day of the begin, UTC.
        last_day: The day of the end: the next one, where the end is at an earlier hour than the begin.
        begin: Time of the begin, UTC.
        end: Time of the end, UTC; empty where the list gives none.
        latitude: Degrees north, as given but for the decimal sign.
        longitude: Degrees east, likewise.
        radius: Metres about the point within which the employment lies: the diagonal of its grid square; none where
            point and square disagree and a person has said that this stays.
        mission: A code of `codes/mission`, or empty.
        town: The town cell.
        province: The province cell, trimmed.
        country: A code of `codes/country`, or empty.
        comment: The comment cell, trimmed.
    """

    line: int
    digest: str
    first_day: date
    last_day: date
    begin: str
    end: str
    latitude: float
    longitude: float
    radius: int | None
    mission: str
    town: str
    province: str
    country: str
    comment: str

    @property
    def point(self) -> tuple[float, float]:
        """Latitude and longitude."""
        return self.latitude, self.longitude


def digests(data: bytes) -> list[str]:
    """The first 16 hexadecimal digits of the SHA-256 of each physical line, without CR and LF; the first is line 1."""
    return [hashlib.sha256(line.rstrip(b"\r")).hexdigest()[:16] for line in data.split(b"\n")]


def read(row: RawRow, file: str, digest: str) -> tuple[Employment | None, list[Problem]]:
    """A row as an employment, or what is wrong with its cells.

    Args:
        row: The raw row.
        file: What problems call the file.
        digest: That of its line.
    """
    cells = _Cells(row, file)
    first = cells.take(DAY, day, "is not a day as 7-Oct-14")
    begin = cells.take(BEGIN, clock, "is not a time of day as 06:20")
    end = cells.take(END, lambda text: clock(text) if text else "", "is not a time of day as 06:20")
    latitude = cells.take(LATITUDE, degrees, "is not a number with a decimal comma")
    longitude = cells.take(LONGITUDE, degrees, "is not a number with a decimal comma")
    grid = cells.take(SQUARE, square, "is not a grid square as 38SKF 703 698")
    mission = cells.choose(MISSION, MISSIONS)
    country = cells.choose(COUNTRY, COUNTRIES)
    cells.choose(ISSUE, ISSUES)
    if cells.problems:
        return None, cells.problems
    away = outside(grid, latitude, longitude)
    if away > SLACK and not row.flags:
        far = "in another grid zone" if math.isinf(away) else f"{away:,.0f} m outside the grid square"
        hint = "Say in corrections.yaml which of the two holds (override), or that both stay (flag)."
        cells.fault(SQUARE, f"the coordinates lie {far}", hint=hint)
        return None, cells.problems
    return (
        Employment(
            line=row.line,
            digest=digest,
            first_day=first,
            last_day=first + timedelta(days=1) if end and end < begin else first,
            begin=begin,
            end=end,
            latitude=latitude,
            longitude=longitude,
            radius=None if away > SLACK else math.ceil(math.sqrt(2) * side(grid)),
            mission=mission,
            town=row[TOWN],
            province=row[PROVINCE].strip(),
            country=country,
            comment=row[COMMENT].strip(),
        ),
        [],
    )


class _Cells:
    """The cells of one row, and what was wrong with those that were read."""

    def __init__(self, row: RawRow, file: str):
        self.row = row
        self.file = file
        self.problems: list[Problem] = []

    def fault(self, column: str, message: str, *, rule: str = "position-mismatch", hint: str = "") -> None:
        self.problems.append(fault(self.row, self.file, column, message, rule=rule, hint=hint))

    def take(self, column: str, form: Callable[[str], Any], message: str) -> Any:
        """What `form` makes of a cell; a problem where it cannot."""
        try:
            return form(self.row[column])
        except ValueError:
            self.fault(column, message, rule="type-error")

    def choose(self, column: str, codes: Mapping[str, str]) -> str:
        """The code for a cell, white space around it aside; a problem where none is foreseen."""
        text = self.row[column].strip()
        if text not in codes:
            known: Sequence[str] = [name for name in codes if name]
            hint = f"Foreseen are {', '.join(known)}; a header inside the list is dropped in corrections.yaml."
            self.fault(column, "is a value that no rule foresees", rule="constraint-error", hint=hint)
        return codes.get(text, "")


def day(text: str) -> date:
    """`7-Oct-14`, the month in whatever case, of this century.

    Raises:
        ValueError: If it is of another form or no day that exists.
    """
    match = re.fullmatch(r"([0-9]{1,2})-([A-Za-z]{3})-([0-9]{2})", text)
    if not match:
        raise ValueError(text)
    return date(2000 + int(match[3]), MONTHS.index(match[2].lower()) + 1, int(match[1]))


def clock(text: str) -> str:
    """`06:20` as `06:20:00`.

    Raises:
        ValueError: If it is of another form or no time of day.
    """
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise ValueError(text)
    return f"{text}:00"


def degrees(text: str) -> float:
    """`36,74615732` as a number.

    Raises:
        ValueError: If it is of another form, a decimal point included.
    """
    if not re.fullmatch(r"-?[0-9]{1,3},[0-9]+", text):
        raise ValueError(text)
    return float(text.replace(",", "."))


def square(text: str) -> tuple[str, str, str]:
    """`38SKF 703 698` as the square of 100 km and the digits to the east and to the north.

    Raises:
        ValueError: If it is of another form or no square that exists.
    """
    match = re.fullmatch(r"([0-9]{2}[C-HJ-NP-X][A-HJ-NP-Z][A-HJ-NP-V]) ([0-9]{1,5}) ([0-9]{1,5})", text)
    if not match or len(match[2]) != len(match[3]):
        raise ValueError(text)
    _utm("".join(match.groups()))
    return match[1], match[2], match[3]


def side(grid: tuple[str, str, str]) -> int:
    """The side of a grid square, in metres: 100 for three digits each way."""
    return int(10 ** (5 - len(grid[1])))


def outside(grid: tuple[str, str, str], latitude: float, longitude: float) -> float:
    """How far a point lies outside a grid square, in metres; 0 inside it, infinite in another zone.

    Both are taken to whole metres of the grid by the library `mgrs`, the square by its south-western corner.
    """
    zone, _, east, north = _utm(grid[0] + grid[1].ljust(5, "0") + grid[2].ljust(5, "0"))
    own_zone, _, own_east, own_north = _utm(mgrs.MGRS().toMGRS(latitude, longitude, MGRSPrecision=5))
    if own_zone != zone:
        return math.inf
    gaps = [max(low - value, value - low - side(grid), 0.0) for value, low in ((own_east, east), (own_north, north))]
    return math.hypot(*gaps)


def _utm(text: str) -> tuple[int, str, float, float]:
    try:
        zone, hemisphere, east, north = mgrs.MGRS().MGRSToUTM(text)
    except MGRSError as error:
        raise ValueError(text) from error
    return int(zone), str(hemisphere), float(east), float(north)

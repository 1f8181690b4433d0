"""The rows of the scraped strike releases: which words are a row's own, which release it stood in, and where in it."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bastions.curate import strike_lines
from bastions.curate.raw import RawRow
from bastions.curate.strike_lines import Line, Unread
from bastions.problems import Problem, problem

COLUMNS = ("date", "country", "location", "number", "manually_edited", "description", "line")
"""The header of the raw file."""

COUNTRIES = {"Iraq": "IQ", "Syria": "SY"}
"""What the column `country` may hold, after corrections, and its ISO 3166-1 code."""

# Bullet, preposition, [place,] comma or star, number word: what stands before a description.
_BULLET = r"(?:^|(?<=[.\s]))[-*•\s]*v?(?P<preposition>[Nn]ear|[Ii]n)\s+"
_NUMBER = r"[,*\s]+(?P<number>[A-Za-z]+|[0-9]+)\s+"


@dataclass(frozen=True, slots=True)
class Reported:
    """One row of the file.

    Attributes:
        line: The physical line in the raw file, from 1.
        digest: As `digests` has it.
        released: The day of the release.
        key: What tells the row from all others of the file; see `keys`.
        ordinal: The place of the row among those of its release, from 1, in the order of the file.
        name: The place, letter by letter; spaces around it left out.
        country: The name of the country that the source says.
        near: Whether the words say near the place; else they say in it.
        names_target: Whether the words name the Islamic State.
        reading: What the words say.
        flags: What corrections say of the row.
    """

    line: int
    digest: str
    released: date
    key: str
    ordinal: int
    name: str
    country: str
    near: bool
    names_target: bool
    reading: Line | Unread
    flags: tuple[str, ...]

    @property
    def day_before(self) -> date:
        """The day before the release."""
        return self.released - timedelta(days=1)


def digests(data: bytes) -> list[str]:
    """The first 16 hexadecimal digits of the SHA-256 of each physical line, its line end (LF or CRLF) left out."""
    return [hashlib.sha256(line.removesuffix(b"\r")).hexdigest()[:16] for line in data.split(b"\n")]


def keys(raw: Sequence[RawRow], releases: Mapping[int, date]) -> dict[int, tuple[date, int]]:
    """Physical line to its release and its place in it, from 1, in the order of the file.

    Counted over all rows as they stand in the file: no correction, and no row that is left out, moves another.

    Args:
        raw: The rows before corrections.
        releases: Line to its release, where the column `date` does not hold that.
    """
    found: dict[int, tuple[date, int]] = {}
    counted: Counter[date] = Counter()
    for row in raw:
        release = releases.get(row.line) or _day(row["date"])
        if release is not None:
            counted[release] += 1
            found[row.line] = (release, counted[release])
    return found


def read(
    raw: Sequence[RawRow], rows: Sequence[RawRow], data: bytes, file: str, releases: Mapping[int, date]
) -> tuple[list[Reported], list[Problem]]:
    """The rows as reported lines, and what is wrong with them.

    A row whose words and whose column `number` part, whose words cannot be told from those of another row, or whose
    cells are not what the file has elsewhere, is a problem: somebody has to look, and write a correction.

    Args:
        raw: The rows as they stand in the file.
        rows: The rows, corrected.
        data: The bytes of the file, for the digests.
        file: What problems call it.
        releases: Line to its release, where the column `date` does not hold that.
    """
    digested = digests(data)
    known = keys(raw, releases)
    found: list[Problem] = []
    reported: list[Reported] = []
    stood = {row.line: row for row in raw}
    for row in rows:
        released = releases.get(row.line) or _day(row["date"])
        if released is None or row.line not in known:
            message = "is no day that there is, written as month/day/year (3/5/2018), in the file itself"
            hint = "Look at the release; settings.releases in source.yaml can give its day."
            found.append(_unfit(file, row if released is None else stood[row.line], "date", message, hint))
            continue
        if row["country"] not in COUNTRIES:
            found.append(_unfit(file, row, "country", f"is none of the countries expected: {', '.join(COUNTRIES)}"))
            continue
        beside = (stood.get(row.line - 1), stood.get(row.line + 1))
        shared = any(other is not None and other["line"] == row["line"] for other in beside)
        own = _own(row, shared=shared)
        if own is None:
            message = f'does not hold, in this order and once, the place "{row["location"]}", a number, the description'
            found.append(_unfit(file, row, "line", message))
            continue
        reading = strike_lines.read(f"{own['number']} {own['statement']}")
        if str(reading.strikes) != row["number"]:
            said = "no number" if reading.strikes is None else reading.strikes
            found.append(_unfit(file, row, "number", f"is not what the words of the line say: {said}"))
            continue
        release, ordinal = known[row.line]
        reported.append(
            Reported(
                line=row.line,
                digest=digested[row.line - 1],
                released=released,
                key=f"{release:%Y%m%d}-{ordinal:02}",
                ordinal=ordinal,
                name=row["location"].strip(),
                country=row["country"],
                near=own["preposition"].lower() == "near",
                names_target=re.search(r"\bISI[LS]\b", row["description"]) is not None,
                reading=reading,
                flags=row.flags,
            )
        )
    return reported, found


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%m/%d/%Y").date()
    except ValueError:
        return None


def _own(row: RawRow, *, shared: bool) -> Mapping[str, str] | None:
    """Preposition, number word and statement of a row's line; None where the line is unfit.

    Args:
        row: The row.
        shared: Whether a row beside it has the very same line: then the line holds the texts of both, and what the
            column `description` leaves out is the other's. Else all that follows the place belongs to the row.
    """
    before, description, after = row["line"].partition(row["description"])
    if not description or description in after:
        return None
    place = re.escape(row["location"].strip())
    # The column `location` has the preposition in it in some rows.
    match = re.search(rf"{_BULLET}{place}{_NUMBER}$", before) or re.search(rf"^[-*•\s]*{place}{_NUMBER}$", before)
    if match is None or (before[: match.start()].strip() and not shared):
        return None
    found = match.groupdict(default="near")
    return {"preposition": "near"} | found | {"statement": description if shared else description + after}


def _unfit(file: str, row: RawRow, column: str, message: str, hint: str = "") -> Problem:
    hint = (
        hint
        or "Look at the line and at its release; a correction in corrections.yaml can mend the cell or drop the row."
    )
    place = COLUMNS.index(column) + 1
    return problem("cell-unfit", file, message, line=row.line, column=place, field=column, value=row[column], hint=hint)

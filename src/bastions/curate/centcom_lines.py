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
        digest: The first 16 hexadecimal digits of the SHA-256 of that line, its line end left out.
        released: The day of the release.
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


def read(rows: Sequence[RawRow], data: bytes, file: str) -> tuple[list[Reported], list[Problem]]:
    """The rows as reported lines, and what is wrong with them.

    A row whose words and whose column `number` part, whose words cannot be told from those of another row, or whose
    cells are not what the file has elsewhere, is a problem: somebody has to look, and write a correction.

    Args:
        rows: The rows, corrected.
        data: The bytes of the file, for the digests.
        file: What problems call it.
    """
    digests = [hashlib.sha256(line).hexdigest()[:16] for line in data.split(b"\n")]
    found: list[Problem] = []
    reported: list[Reported] = []
    ordinals: Counter[date] = Counter()
    lines = {row.line: row["line"] for row in rows}
    for row in rows:
        released = _day(row["date"])
        if released is None:
            found.append(_unfit(file, row, "date", "is not a day as month/day/year"))
            continue
        if row["country"] not in COUNTRIES:
            found.append(_unfit(file, row, "country", f"is none of {', '.join(COUNTRIES)}"))
            continue
        shared = row["line"] in {lines.get(row.line - 1), lines.get(row.line + 1)}
        own = _own(row, shared=shared)
        if own is None:
            found.append(_unfit(file, row, "line", "does not hold place, number and description of its row, once"))
            continue
        reading = strike_lines.read(f"{own['number']} {own['statement']}")
        if str(reading.strikes) != row["number"]:
            message = f"is {row['number']}, and the words say {reading.strikes}"
            found.append(_unfit(file, row, "number", message))
            continue
        ordinals[released] += 1
        reported.append(
            Reported(
                line=row.line,
                digest=digests[row.line - 1],
                released=released,
                ordinal=ordinals[released],
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


def _unfit(file: str, row: RawRow, column: str, message: str) -> Problem:
    hint = "Look at the line; a correction in corrections.yaml can mend or drop it."
    return problem("cell-unfit", file, message, line=row.line, field=column, hint=hint)

"""What the town cells of the Dutch list say: a name, and how the employment lies to it.

The cells were typed by hand for years: a bare name, a part of a town, a distance and a direction from one, several
places at once. Only what is one name with one relation is read; the rest is left alone, never half read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

METRES = {"nm": 1852.0, "km": 1000.0, "m": 1.0}
"""Metres in a unit of the cells."""

LOST = "\ufffd"
"""Stands where the file has lost a character, always an apostrophe or a quotation mark."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town cell as read.

    Attributes:
        name: The place that it names, letter by letter but for white space, with an apostrophe for a lost character.
        relation: How the employment lies to that place, a code of `codes/location_relation`.
        metres: The stated distance, for the relation `offset`; none where only a direction is told.
        bearing: The direction from that place, or the side of it, as `south-east`; empty where none is told.
    """

    name: str
    relation: str
    metres: float | None = None
    bearing: str = ""

    def words(self, place: str) -> str:
        """How the employment lies to the place, in words of ours, with the place's own name."""
        if self.relation == "offset":
            far = f"{self.metres / 1000:.1f}".removesuffix(".0") + " km " if self.metres is not None else ""
            return f"{far}{self.bearing or 'away'} {'of' if self.bearing else 'from'} {place}"
        if self.relation == "part_of":
            return f"in the {self.bearing} of {place}" if self.bearing else f"in a part of {place}"
        return f"{self.relation} {place}"


_WORD = r"(?:north|south|east|west)"
_BEARING = rf"(?P<bearing>(?:(?:{_WORD}+(?:ern)?|[nsew]{{1,3}})\b[-/\s]*)+)"
_LEAD = r"(?:a?p?prox\w*\.?\s*)?(?:directly\s+)?"
_NAME = (
    r"(?:the\s+)?(?:(?:city|town|village)\s+(?:of\s+)?|cent(?:er|re)\s+(?:of\s+)?)?"
    r"(?P<name>[^\d,;&?]+?)(?:\s+(?:city|town|village|cent(?:er|re)))?"
)
_FORMS = (
    ("offset", rf"{_LEAD}(?P<count>\d+(?:[.,]\d+)?)\s*(?P<unit>nm|km|m)\s+{_BEARING}(?:of\s+)?{_NAME}"),
    ("offset", rf"{_LEAD}{_BEARING}of\s+{_NAME}"),
    ("part_of", rf"(?:on\s+the\s+|in\s+the\s+)?(?:{_BEARING}(?:part|side)|(?P<side>{_WORD}+)side)\s+of\s+{_NAME}"),
    ("part_of", rf"(?:downtown\s+|(?P<side>{_WORD}+)(?:ern)?\s+){_NAME}"),
    ("near", rf"(?:ivo|near|in\s+the\s+vicinity\s+of)\s+(?:of\s+)?{_NAME}"),
    ("near", rf"(?=(?-i:[A-Z])){_NAME}\s+area"),
    ("at", rf"(?:in\s+)?(?!.*\barea$){_NAME}"),
)
_READ = [(relation, re.compile(form, re.IGNORECASE)) for relation, form in _FORMS]
_SEVERAL = re.compile(r"&|[,/;](?!\d)|\b(?:and|between|border|along|approx\w*\s+in)\b", re.IGNORECASE)


def read(cell: str) -> Town | None:
    """What a town cell says, or none where it is empty, names several places or is of no form that is known."""
    text = " ".join(cell.replace(LOST, "'").split())
    if not text or _SEVERAL.search(text):
        return None
    for relation, form in _READ:
        if match := form.fullmatch(text):
            found = match.groupdict()
            metres = (
                METRES[found["unit"].lower()] * float(found["count"].replace(",", ".")) if "unit" in found else None
            )
            return Town(match["name"], relation, metres, _bearing(found.get("bearing") or found.get("side") or ""))
    return None


def _bearing(text: str) -> str:
    """A direction as words joined by hyphens: `south-east` for `SE`, `southeastern` and `South East`."""
    points = re.findall(r"[nsew]", re.sub(r"(?<=[nsew])(?:orth|outh|ast|est)(?:ern)?", "", text.lower()))
    names = {word[0]: word for word in ("north", "south", "east", "west")}
    return "-".join(names[point] for point in points)

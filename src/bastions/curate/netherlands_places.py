"""Where the employments of the Dutch list lay: the town that a cell names, or the unit that holds the position.

A town cell decides only where nothing is left to guess: it names one place, the matcher knows that place, and the
position lies within reach of it; at a distance from a place, also in the same unit. All others get the smallest
administrative unit that holds the position, which is right whatever the cell says. Where a town or province cell names
a place that the position contradicts, both stand side by side, with a link that says so. Where a town cell that was
read decides nothing, a remark keeps what it says; where its distance does not fit the position, the remark says that.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bastions.curate import netherlands_towns as towns
from bastions.curate import polygons
from bastions.curate.job import Job, Row
from bastions.curate.netherlands_cells import PROVINCE, TOWN, Employment
from bastions.curate.netherlands_towns import Town
from bastions.curate.places import Decision, Gazetteer, Point, Wanted, distance_km, settle
from bastions.problems import Problem, problem

POINTS = ("populated_place", "neighbourhood", "facility", "border_crossing", "unspecified")
"""Types of places that a town cell can mean: not the unit that is named after its town."""

INSIDE = ("at", "part_of", "near")
"""The relations of a town cell that tell where the position should be; at a distance, its place may be far off."""

COUNTRY_NAMES = {"IQ": "Iraq", "SY": "Syria"}

ONE_NAME = re.compile(r"[^\W\d_][^\d&,;/]*")
"""A province cell that is a name and not a description."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a row names, or that holds its position.

    Attributes:
        location_id: The place.
        words: It, and how the employment lies to it, in words.
        relation: The same, a code of `codes/location_relation`.
        note: From what it was concluded.
        column: The column of the raw file that says so; empty where the position does.
        raw: The name in that column, letter by letter; empty where the position says so.
    """

    location_id: str
    words: str
    relation: str
    note: str
    column: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """What a town cell says beside the place of its row, in words of ours, and from what that was made."""

    kind: str
    words: str
    origin: str
    note: str


@dataclass(slots=True)
class Settled:
    """What is known of the places of a list.

    Attributes:
        places: Line to places: first the one that the strike gets, then those that contradict it.
        remarks: Line to what the town cell says and no place of the row tells.
        decisions: Rows of `places.csv`.
        problems: What is wrong.
        counts: What a person should see.
    """

    places: dict[int, list[Place]] = field(default_factory=dict)
    remarks: dict[int, Remark] = field(default_factory=dict)
    decisions: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def settle_places(
    job: Job, employments: Sequence[Employment], file: str, *, reach_km: float, near_km: float
) -> Settled:
    """The places of a list, with the decisions on its names.

    Args:
        job: Its `raw` holds the polygons too.
        employments: The rows.
        file: What problems call the raw file.
        reach_km: How near to a town a position has to be for the town cell to decide, in kilometres.
        near_km: How far off it may be before the two contradict each other.
    """
    try:
        shapes = polygons.load(job.raw)
    except polygons.PolygonError as error:
        return Settled(problems=[error.problem()])
    towns_of = {employment.line: towns.read(employment.town) for employment in employments}
    gazetteer = Gazetteer(job.tables)
    decisions, rows = settle(job, [*_towns(employments, towns_of), *_provinces(employments)], gazetteer)
    judge = _Judge(job, gazetteer, shapes, decisions, near_km)
    out = Settled(decisions=rows)
    counts: Counter[str] = Counter()
    for employment in employments:
        town = towns_of[employment.line]
        unit = judge.unit(employment)
        if isinstance(unit, str):
            given = f"{employment.latitude}, {employment.longitude}"
            hint = "Say in corrections.yaml where it lies, or get the polygons of its country."
            out.problems.append(problem("place-unknown", file, unit, line=employment.line, value=given, hint=hint))
            continue
        named, km = judge.town(employment, town)
        inside = named is not None and named.relation in INSIDE
        reached = named is not None and km <= reach_km
        chosen = named if named and reached and (inside or judge.nested(named.location_id, unit.location_id)) else unit
        rivals = [named if inside and km > near_km else None, judge.province(employment)]
        # A unit around the place, or a town inside it, is no contradiction.
        clashing = [r for r in rivals if r and not judge.nested(chosen.location_id, r.location_id)]
        out.places[employment.line] = [chosen, *clashing]
        told = any(place.column == TOWN for place in out.places[employment.line])
        remark = judge.distance(employment, town) or (None if told else judge.said(employment, town))
        if remark:
            out.remarks[employment.line] = remark
        counts["placed by the town cell" if chosen is named else "placed by the position"] += 1
        counts["town cells that only a remark tells"] += remark is not None
        counts["town cells of a name that was not resolved"] += town is not None and not judge.place(town)
        counts["town cells not read"] += town is None and bool(employment.town.strip())
        counts["province cells not read"] += bool(employment.province) and not ONE_NAME.fullmatch(employment.province)
        counts["distances in town cells that the position does not bear out"] += (
            remark is not None and remark.kind == "distance"
        )
        for rival in clashing:
            counts[f"{'towns' if rival.column == TOWN else 'provinces'} that the position contradicts"] += 1
    out.counts = dict(sorted(counts.items())) | {
        "names of places": len(decisions),
        "names not resolved": sum(not decision.location_id for decision in decisions.values()),
    }
    return out


def _towns(employments: Sequence[Employment], towns_of: Mapping[int, Town | None]) -> list[Wanted]:
    """The names of the town cells, each with the country that most of its rows give and, where rows lie in or near it,
    the middle one of their positions.
    """
    points: dict[str, list[Point]] = defaultdict(list)
    countries: dict[str, list[str]] = defaultdict(list)
    for employment in employments:
        if town := towns_of[employment.line]:
            countries[town.name].append(employment.country)
            points[town.name] += [employment.point] if town.relation in INSIDE else []
    return [
        Wanted(
            name,
            country=Counter(sorted(given)).most_common(1)[0][0],
            point=sorted(points[name])[len(points[name]) // 2] if points[name] else None,
            kinds=POINTS,
        )
        for name, given in countries.items()
    ]


def _provinces(employments: Iterable[Employment]) -> list[Wanted]:
    """The names of the province cells, each in its country."""
    named = {(e.province, e.country) for e in employments if ONE_NAME.fullmatch(e.province)}
    return [Wanted(name, COUNTRY_NAMES.get(country, ""), country, kinds=("governorate",)) for name, country in named]


class _Judge:
    """What cells and position of one row say of its place."""

    def __init__(
        self,
        job: Job,
        gazetteer: Gazetteer,
        held: polygons.Polygons,
        decisions: Mapping[tuple[str, str], Decision],
        near_km: float,
    ):
        self.gazetteer = gazetteer
        self.held = held
        self.decisions = decisions
        self.near_km = near_km
        self.labels = {code: each.label for code, each in job.codes.code_lists["location_relation"].codes.items()}
        self.pcodes = {location_id: pcode for pcode, location_id in gazetteer.by_pcode.items()}

    def unit(self, employment: Employment) -> Place | str:
        """The smallest unit that holds the position, or why there is none."""
        pcode = self.held.smallest(*employment.point)
        if not pcode:
            return "the position lies in no administrative unit"
        if pcode not in self.gazetteer.by_pcode:
            return f"the position lies in {pcode}, which no location has"
        note = f"The unit whose polygon holds the position, {pcode}."
        return self._unit(self.gazetteer.by_pcode[pcode], note)

    def town(self, employment: Employment, town: Town | None) -> tuple[Place | None, float]:
        """The place that the town cell names, and how far the position is from its point, in km."""
        found = self._point(town) if town else None
        if town is None or found is None:
            return None, 0.0
        km = distance_km(employment.point, found[1])
        note = f"The name in the cell, taken for this place; the position is {km:.1f} km from its point."
        words = town.words(self.gazetteer.places[found[0]].name)
        words = f"{words[0].upper()}{words[1:]}."
        return Place(found[0], words, town.relation, note, TOWN, town.name), km

    def province(self, employment: Employment) -> Place | None:
        """The unit that the province cell names, where the whole grid square of the position lies outside it."""
        name = employment.province
        decision = self.decisions.get((name, COUNTRY_NAMES.get(employment.country, "")))
        found = decision.location_id if decision else ""
        if (pcode := self.pcodes.get(found, "")) not in self.held.units:
            return None
        km = self.held.outside(pcode, employment.point)
        if km * 1000 <= (employment.radius or 0):
            return None
        note = f"The name in the cell, taken for this unit; the position lies {km:.1f} km outside it."
        return self._unit(found, note, column=PROVINCE, raw=name)

    def distance(self, employment: Employment, town: Town | None) -> Remark | None:
        """How far the position is from where the town cell puts it, where that is too much."""
        found = self._point(town) if town and town.metres is not None else None
        if town is None or town.metres is None or found is None:
            return None
        km, said = distance_km(employment.point, found[1]), town.metres / 1000
        if abs(km - said) <= self.near_km:
            return None
        words = (
            f"Said to be {town.words(self.gazetteer.places[found[0]].name)}; its position is {km:.1f} km from there."
        )
        return Remark("distance", words, "computed", "From the position and the place that the cell names.")

    def said(self, employment: Employment, town: Town | None) -> Remark | None:
        """What the town cell says, where its name is that of a known place."""
        found = self.place(town) if town else ""
        if town is None or not found:
            return None
        place = self.gazetteer.places[found]
        km = (
            f"; the position is {distance_km(employment.point, place.point):.1f} km from its point"
            if place.point
            else ""
        )
        note = f"The name in the cell, taken for {found}{km or ', which has no coordinates'}."
        return Remark("said", f"The list places it {town.words(place.name)}.", "resolved", note)

    def place(self, town: Town) -> str:
        """The place for which the name of a town cell was taken; empty where it was not resolved."""
        return self.decisions[town.name, ""].location_id

    def nested(self, one: str, other: str) -> bool:
        """Whether one place lies in the other, by their parents."""
        units_of = self.gazetteer.units_of
        return one in units_of(other).values() or other in units_of(one).values()

    def _point(self, town: Town) -> tuple[str, Point] | None:
        found = self.place(town)
        point = self.gazetteer.places[found].point if found else None
        return (found, point) if point else None

    def _unit(self, location_id: str, note: str, *, column: str = "", raw: str = "") -> Place:
        words = f"{self.labels['within']} {self.gazetteer.places[location_id].name}."
        return Place(location_id, words, "within", note, column, raw)

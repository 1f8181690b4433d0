"""Which place a source means by a name: every decision is a row that a person can read and overrule; none is a guess.

`settle` asks the gazetteer for all names of a source, lets the decisions of persons in `seeds/<source_id>/places.csv`
win, and returns the rows of that file. `make_location` makes the row of a place that no gazetteer has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bastions.curate.gazetteer import BY, NEAR_KM, Decision, Gazetteer
from bastions.curate.geometry import Point, distance_km
from bastions.curate.job import Job, Row
from bastions.curate.place_index import UNITS, dicts
from bastions.curate.polygons import Polygons
from bastions.curate.spelling import mark, normalise, slug

__all__ = [
    "BY",
    "Decision",
    "Gazetteer",
    "Point",
    "Wanted",
    "bare_name",
    "by_persons",
    "distance_km",
    "make_location",
    "outside_row",
    "outside_waiver",
    "person_decision",
    "place_row",
    "plain",
    "points_outside",
    "settle",
]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name that a source uses for a place, with what else it says of the place.

    Attributes:
        name: Letter by letter.
        context: What tells homonyms apart, as the source gives it: unit names separated by `;`, smaller ones last.
        country: ISO 3166-1 alpha-2 code; empty where the source says none.
        point: Where the source puts it.
        kinds: Location types that come into question; empty for all.
    """

    name: str
    context: str = ""
    country: str = ""
    point: Point | None = None
    kinds: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What a decision is about: name and context."""
        return self.name, self.context


Maker = Callable[[Wanted], "Row | None"]
"""Makes the `locations` row of a place that no gazetteer has, or nothing; see `make_location`."""


def settle(
    job: Job, wanted: Iterable[Wanted], gazetteer: Gazetteer | None = None, make: Maker | None = None
) -> tuple[dict[tuple[str, str], Decision], list[Row]]:
    """Decides on every name of a source, persons' decisions first.

    Args:
        job: For the source, its tables and `decisions["places"]`, the rows of `seeds/<source_id>/places.csv`: those
            decided by a curator win and are kept as they are, those of scripts are made anew.
        wanted: What the source says; of several with one name and context, the first in order of point counts.
        gazetteer: Made of `job.tables` where none is given.
        make: Asked for names that stay unresolved (never for ambiguous ones); what it returns becomes a place that
            later names find, and stands in the decision as `made`.

    Returns:
        Name and context to decision, and the rows of `places.csv`, sorted by key.
    """
    places = gazetteer or Gazetteer(job.tables)
    kept = by_persons(job)
    decisions: dict[tuple[str, str], Decision] = {}
    rows: dict[str, Row] = {row["place_id"]: row for several in kept.values() for row in several}
    for want in sorted(wanted, key=lambda w: (w.name, w.context, w.country, w.point or (0.0, 0.0))):
        if want.key in decisions:
            continue
        if want.key in kept:
            decisions[want.key] = person_decision(kept[want.key])
            continue
        decision = places.resolve(
            want.name, context=want.context, country=want.country, point=want.point, kinds=want.kinds
        )
        if decision.method == "unresolved" and make is not None and (row := make(want)) is not None:
            made = _apart(row, places)
            new = made["location_id"] not in places.places
            if new:
                places.add(made)
            places.add_name(made["location_id"], want.name)
            note = decision.note
            decision = Decision(made["location_id"], (), "made_from_source", 0, note, made=made if new else None)
        decisions[want.key] = decision
        written = place_row(job.source_id, want, decision)
        rows[written["place_id"]] = written
    return decisions, [rows[place_id] for place_id in sorted(rows)]


def _apart(row: Row, places: Gazetteer) -> Row:
    """The row, under another id where a place that lies elsewhere has its id: homonyms in one unit are two places."""
    there = places.places.get(row["location_id"])
    if there is None or there.point is None or not row.get("latitude"):
        return row
    point = (float(row["latitude"]), float(row["longitude"]))
    if distance_km(point, there.point) <= NEAR_KM:
        return row
    return {**row, "location_id": f"{row['location_id']}-{mark(row['latitude'], row['longitude'], size=4)}"}


def by_persons(job: Job) -> dict[tuple[str, str], list[dict[str, str]]]:
    """Name and context to the rows of `places.csv` that a person decided; they are kept as they are."""
    coders = job.codes.code_lists["coder"].codes
    kept: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in dicts(job.decisions, "places"):
        if row["decided_by"] in coders and coders[row["decided_by"]].attributes.get("kind") == "curator":
            kept[row["name"], row["context"]].append(row)
    return kept


def person_decision(rows: Sequence[Mapping[str, str]]) -> Decision:
    """The decision of a person's row; of several that differ, none (a rule reports them)."""
    chosen = sorted({row["location_id"] for row in rows})
    row = rows[0]
    if len(chosen) > 1:
        return Decision("", tuple(c for c in chosen if c), "ambiguous", 0, "decided in two ways", row["decided_by"])
    score = round(100 * float(row["score"])) if row["score"] else 0
    return Decision(
        chosen[0], tuple(row["candidates"].split()), row["place_method"], score, row["note"], row["decided_by"]
    )


def place_row(source_id: str, want: Wanted, decision: Decision) -> dict[str, str]:
    """The row of `seeds/<source_id>/places.csv` for a decision; its id follows from name and context alone."""
    return {
        "place_id": "-".join(filter(None, (source_id, slug(want.name)[:60].strip("-"), mark(*want.key, size=6)))),
        "source_id": source_id,
        "name": want.name,
        "context": want.context,
        "location_id": decision.location_id,
        "candidates": " ".join(decision.candidates),
        "place_method": decision.method,
        "score": plain(decision.score / 100) if decision.score else "",
        "decided_by": decision.decided_by,
        "note": decision.note,
    }


def make_location(
    want: Wanted, *, unit_id: str, unit_code: str, country: str, location_type: str = "", name: str = ""
) -> dict[str, str]:
    """The `locations` row of a place that no gazetteer has: named, placed and typed as its source does.

    Args:
        want: What the source says. The word of kind (`town`) leaves the name and gives the type.
        unit_id: The location in which it lies: the smallest unit that holds its point, else the country.
        unit_code: P-code of that unit, or the country's code; ends the id, so that homonyms differ.
        country: ISO code.
        location_type: Where the caller knows better than the name; `unspecified` if neither says.
        name: Where the caller knows better.
    """
    kind = normalise(want.name).kind
    given = name or bare_name(want.name)
    point = want.point
    return {
        "location_id": f"{slug(given) or mark(want.name)}-{unit_code.lower()}",
        "name": given,
        "location_type": location_type or kind or "unspecified",
        "parent_id": unit_id,
        "country": country,
        "latitude": plain(point[0]) if point else "",
        "longitude": plain(point[1]) if point else "",
        "radius_m": "",
    }


_BARE = frozenset({"populated_place", "neighbourhood", *UNITS})


def bare_name(name: str) -> str:
    """A name without a last word that only says the kind (`Hajin town` is `Hajin`), white space folded."""
    words = name.split()
    while len(words) > 1 and normalise("x " + words[-1]).kind in _BARE:
        words.pop()
    return " ".join(words)


def plain(number: float) -> str:
    """A coordinate as plain decimal text."""
    text = f"{number:.8f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def outside_row(
    source_id: str, name: str, context: str, *, unit_id: str, km: float, held_id: str, point: Point
) -> dict[str, str]:
    """The row of `places.csv` that shows a point outside the unit that its source names for it; nothing is moved.

    Args:
        source_id: The source.
        name: What the source calls the place, or its own id of it.
        context: The unit as the source names it.
        unit_id: The location of that unit.
        km: How far outside it the point lies, in kilometres.
        held_id: The location of the smallest unit that holds the point; empty where none does.
        point: Where the source puts the place.
    """
    where = f"in {held_id}" if held_id else "in no unit"
    note = f"the point {plain(point[0])}, {plain(point[1])} lies {km:.1f} km outside, {where}"
    decision = Decision(unit_id, (), "outside_unit", 0, note)
    row = place_row(source_id, Wanted(name, context), decision)
    return row | {"place_id": f"{row['place_id']}-outside"}


def points_outside(
    source_id: str, wanted: Iterable[Wanted], gazetteer: Gazetteer, shapes: Polygons
) -> list[dict[str, str]]:
    """The `outside_row`s of a source: points outside the smallest unit that the source itself names for them.

    Args:
        source_id: The source.
        wanted: Names with context and point; those without are passed over. Of several points of one name and context
            the one farthest outside is shown.
        gazetteer: Knows the units.
        shapes: Their polygons.
    """
    code_of = {place: code for code, place in gazetteer.by_pcode.items() if code in shapes.units}
    worst: dict[tuple[str, str], tuple[float, dict[str, str]]] = {}
    for want in wanted:
        units = gazetteer.declared(want.context, want.country)
        unit_id = next((units[level] for level in reversed(UNITS) if units.get(level) in code_of), "")
        if not unit_id or want.point is None or (km := shapes.outside(code_of[unit_id], want.point)) <= 0:
            continue
        held_id = gazetteer.by_pcode.get(shapes.smallest(*want.point), "")
        row = outside_row(source_id, want.name, want.context, unit_id=unit_id, km=km, held_id=held_id, point=want.point)
        if km > worst.get(want.key, (0.0, row))[0]:
            worst[want.key] = (km, row)
    return [row for _, row in worst.values()]


def outside_waiver(row: Mapping[str, str]) -> dict[str, str]:
    """The waiver that goes with an `outside_row`: the rule places__point_outside_unit finds each such row.

    The finding is right and stays, since neither the point nor the unit of a source is ours to change; a row without
    its waiver, or a waiver without its row, is a problem of the dataset.
    """
    return {
        "waiver_id": f"{row['place_id']}-waived",
        "rule": "places__point_outside_unit",
        "record_id": row["place_id"],
        "column_name": "",
        "note": f"The source says both, and both are kept: it names {row['location_id']}, and {row['note']}.",
        "decided_by": BY,
    }

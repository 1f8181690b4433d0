"""Where UCDP's events lie: its place names as places of the gazetteer, by name, unit, precision and point.

The name of a row goes with its precision: 6 names a country, 4 a governorate, 3 a district, 1 and 2 a place or the
place that the event is near. 5 is a road, a border or an area with no limits of its own, which becomes a place made
from the source in the governorate that UCDP names. It has a point only where UCDP has other events of the same name
at precision 1 or 2: theirs, the one that most of them have. The point of a row is the event's and stays there.

A name with a governorate is not matched to what crosses countries ("Al Furat/Euphrates river in Ar Raqqah
Governorate" is no name of the whole Euphrates): the unit would be lost with its p-code. It is made from the source, as
the stretch in the unit that UCDP names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from bastions.curate.job import Job, Row, claim
from bastions.curate.places import (
    BY,
    Decision,
    Gazetteer,
    Point,
    Wanted,
    make_location,
    outside_waiver,
    place_row,
    points_outside,
)
from bastions.curate.places import settle as settle_names
from bastions.curate.polygons import Polygons, load
from bastions.curate.spelling import normalise
from bastions.curate.ucdp_kinds import UNITS, by_words

KINDS: Mapping[str, tuple[str, ...]] = {"3": ("district",), "4": ("governorate",), "6": ("country",)}
"""Precision to the kinds of place that come into question."""

COUNTRIES = {"Syria": "SY", "Iraq": "IQ"}

SURE = frozenset({"exact_name", "normalised_name", "alternate_name", "admin_name"})
"""How a road, border or area has to be found to be a place that is there: "Northern Aleppo" is not "North-eastern"."""


_POINTS = ("facility", "populated_place", "neighbourhood", "border_crossing")
"""Kinds that are in the unit that holds their point, whatever the precision of some of their events."""


@dataclass(slots=True)
class Places:
    """Where events lie.

    Attributes:
        located: `id` and `location_id`, which is null where the place is not resolved.
        locations: Rows of places that no gazetteer has.
        claims: The claim on each of these, which cites the first event there; and a remark on each event that UCDP
            counts to another governorate than that in which its place lies.
        decisions: Rows of `places`.
        waivers: A waiver for each point that lies outside the unit that UCDP names for it.
        counts: By name.
    """

    located: pl.DataFrame
    locations: list[Row] = field(default_factory=list)
    claims: list[Row] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    waivers: list[Row] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def settle(job: Job, events: pl.DataFrame) -> Places:
    """Decides on the place of every event."""
    gazetteer = Gazetteer(job.tables)
    polygons = load(job.raw) if any(name.endswith(".shp") for name in job.raw) else None
    precision: dict[tuple[str, str], str] = {}
    points: dict[tuple[str, str], Counter[Point]] = defaultdict(Counter)
    wanted: dict[tuple[str, str, str], Wanted] = {}
    keys: dict[str, tuple[str, str]] = {}
    columns = ("id", "where_coordinates", "adm_1", "adm_2", "country", "latitude", "longitude", "where_prec")
    # The same name at precision 1 and 2 is one place; as a road or area it is another.
    for key, name, adm_1, adm_2, country, latitude, longitude, prec in events.select(columns).iter_rows():
        context = "; ".join(filter(None, (adm_1, adm_2 if adm_2 != name else None)))
        if prec in ("4", "6"):
            context = ""
        point = (float(latitude), float(longitude)) if prec in ("1", "2") else None
        keys[key] = (name, context)
        if point:
            points[name, context][point] += 1
        precision[name, context] = max(prec, precision.get((name, context), ""))
        wanted[name, context, f"{point}"] = Wanted(
            name, context, COUNTRIES.get(country, ""), point, KINDS.get(prec, ())
        )

    for want in list(wanted.values()):  # a place has the point of its events that have one, and most of these
        if want.point is None and points[want.key] and not want.kinds:
            del wanted[*want.key, "None"]
    most = {key: min(some, key=lambda point: (-some[point], point)) for key, some in points.items() if some}

    if "places" in job.decisions:  # what a person decided is a name of the unit wherever it stands
        by_person = job.decisions["places"].filter(pl.col("place_method") == "curator").select("location_id", "name")
        for location, name in by_person.drop_nulls().iter_rows():
            gazetteer.add_name(location, name)

    def make(want: Wanted) -> Row | None:
        return _made(want, precision[want.key], most.get(want.key), gazetteer, polygons)

    vague = {w.key: w for w in wanted.values() if precision[w.key] == "5" and not _there(w, gazetteer)}
    decided, found = settle_names(job, [w for w in wanted.values() if w.key not in vague], gazetteer, make)
    rows = {row["place_id"]: row for row in found}
    larger = {
        want.key: want for want in wanted.values() if want.key in decided and _loses_unit(want, decided, gazetteer)
    }
    precision |= dict.fromkeys(larger, "5")
    for key, want in sorted({**vague, **larger}.items()):  # each by itself, so that none is found for another
        one, found = settle_names(job, [want], Gazetteer({}), make)
        decided |= one
        rows |= {row["place_id"]: row for row in found}
        if key in larger and one[key].made is not None:
            row = place_row(job.source_id, want, one[key])
            rows[row["place_id"]] = row | {
                "note": "what has such a name crosses countries, and the source names a unit"
            }
    located = {key: decided[name].location_id or None for key, name in keys.items()}
    made = {d.made["location_id"]: d.made for d in decided.values() if d.made is not None}
    outside = points_outside(job.source_id, wanted.values(), gazetteer, polygons) if polygons else []
    for place in made.values():
        if place["location_id"] not in gazetteer.places:
            gazetteer.add(place)
    remarks = _counted_elsewhere(job.source_id, events, located, gazetteer)
    frame = pl.DataFrame({"id": list(located), "location_id": list(located.values())}, schema_overrides=_TEXT)
    return Places(
        frame,
        [made[key] for key in sorted(made)],
        [*_claims(job.source_id, made, located), *remarks],
        sorted([*rows.values(), *outside], key=lambda row: row["place_id"]),
        [outside_waiver(row) for row in outside],
        _counts(decided, located, gazetteer)
        | {
            "points outside the unit that is named": len(outside),
            "events that UCDP counts to another governorate than their place's": len(remarks),
        },
    )


_TEXT = {"id": pl.String(), "location_id": pl.String()}


def _claims(source_id: str, made: Mapping[str, Row], located: Mapping[str, str | None]) -> list[Row]:
    first: dict[str, str] = {}
    for event, place in sorted(located.items(), key=lambda pair: int(pair[0])):
        if place in made:
            first.setdefault(str(place), event)
    columns = ("name", "country", "latitude", "longitude")
    return [
        claim(
            source_id,
            f"place-{place}",
            ("locations", place),
            f"id={event};column=where_coordinates",
            covers=" ".join(column for column in columns if made[place].get(column)),
            statement="UCDP places events there.",
        )
        for place, event in sorted(first.items())
    ]


def _counted_elsewhere(
    source_id: str, events: pl.DataFrame, located: Mapping[str, str | None], gazetteer: Gazetteer
) -> list[Row]:
    """What UCDP says of the governorate, where the place lies in another by its point: a remark, in our own words."""
    claims: list[Row] = []
    for key, named, country in events.select("id", "adm_1", "country").sort(pl.col("id").cast(pl.Int64)).iter_rows():
        said = gazetteer.unit(named, COUNTRIES.get(country, "")) if named else ""
        held = gazetteer.units_of(located[key] or "").get("governorate", "")
        if not said or said == held:
            continue
        claims.append(
            claim(
                source_id,
                f"{key}-governorate",
                ("engagements", f"ucdp-ged-{key}"),
                f"id={key};column=adm_1",
                field="remark",
                value_raw=named,
                statement=f"UCDP counts it to {named}.",
                note=f"That is {said}; its place lies in {held or 'none'}.",
            )
        )
    return claims


def _loses_unit(want: Wanted, decided: Mapping[tuple[str, str], Decision], gazetteer: Gazetteer) -> bool:
    """Whether a script matched a name that UCDP gives with a unit to a place of no country."""
    decision = decided[want.key]
    place = gazetteer.places.get(decision.location_id)
    if place is None or place.country or decision.decided_by != BY:
        return False
    if not set(UNITS).isdisjoint(gazetteer.units_of(place.location_id)):
        return False
    return bool(gazetteer.declared(want.context, want.country))


def _there(want: Wanted, gazetteer: Gazetteer) -> bool:
    found = gazetteer.resolve(want.name, context=want.context, country=want.country)
    return found.method in SURE


def _made(want: Wanted, prec: str, most: Point | None, gazetteer: Gazetteer, polygons: Polygons | None) -> Row | None:
    """The place that no gazetteer has; nothing for a unit, which the gazetteer would have.

    Args:
        want: What UCDP says.
        prec: The precision of the name.
        most: The point that most events of the name have at precision 1 or 2.
        gazetteer: Knows the units.
        polygons: Say in which unit a point lies.
    """
    said = normalise(want.name).kind
    kind = by_words(want.name)
    if prec in KINDS or (said in UNITS and prec != "5" and not kind):
        return None
    if prec == "5" and most is not None and (kind or said) in _POINTS:
        want, prec = replace(want, point=most), "2"
    if prec == "5":  # a point does not tell in which small unit a road or an area lies
        unit = _named_unit(want, gazetteer)
        return make_location(
            replace(want, point=most), unit_id=unit, unit_code=unit or want.country.lower(), country=want.country,
            location_type=kind or (said if said and said not in UNITS else "region"), name=want.name,
        )  # fmt: skip
    code = polygons.smallest(*want.point) if polygons and want.point else ""
    unit = gazetteer.by_pcode.get(code) or _named_unit(want, gazetteer)
    return make_location(
        want, unit_id=unit, unit_code=code or unit or want.country.lower(), country=want.country, location_type=kind
    )


def _named_unit(want: Wanted, gazetteer: Gazetteer) -> str:
    """The smallest unit that UCDP itself names, else the country: for an area, and a point beyond all polygons."""
    inside = ""
    for part in filter(None, want.context.split("; ")):
        inside = gazetteer.unit(part, want.country, inside) or inside
    return inside or _country(want, gazetteer)


def _country(want: Wanted, gazetteer: Gazetteer) -> str:
    name = next((name for name, code in COUNTRIES.items() if code == want.country), "")
    return gazetteer.resolve(name, country=want.country, kinds=("country",)).location_id if name else ""


def _counts(
    decided: Mapping[tuple[str, str], Decision], located: Mapping[str, str | None], gazetteer: Gazetteer
) -> dict[str, int]:
    methods = Counter(f"place names {d.method.replace('_', ' ')}" for d in decided.values())
    coded = set(gazetteer.by_pcode.values())
    units = {place: gazetteer.units_of(place) for place in set(located.values()) if place}
    under = {p: any(unit in coded for kind, unit in some.items() if kind != "country") for p, some in units.items()}
    return {
        **dict(sorted(methods.items())),
        "events with a place": sum(place is not None for place in located.values()),
        "events at a place with a p-code": sum(place in coded for place in located.values()),
        "events in a unit with a p-code below the country": sum(under[place] for place in located.values() if place),
    }

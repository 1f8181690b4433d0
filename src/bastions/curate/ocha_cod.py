"""OCHA's common operational datasets of administrative boundaries (COD-AB): units, quarters and capitals of a country.

The units come from the attributes of the polygons, so that a unit without a polygon cannot slip in. A unit's row is
called after its kind (`Hajin Subdistrict`), since its seat has the bare name; that is a name of both. A quarter lies in
its city, whose p-code its row gives; such a city is a populated place. The seats of units ("capitals") have names and
points, but no p-codes: each becomes a populated place that rests on a claim, unless a place of that name is there
already within 10 km.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bastions.curate import polygons, settings
from bastions.curate.cells import fault, faulty_points
from bastions.curate.gazetteer import Gazetteer
from bastions.curate.gazetteer_rows import GazetteerRows
from bastions.curate.geometry import Point
from bastions.curate.identify import identify
from bastions.curate.job import Job, Made
from bastions.curate.place_index import Place
from bastions.curate.places import Wanted, outside_row, outside_waiver, place_row, plain
from bastions.curate.raw import RawRow, read_csv
from bastions.curate.settings import RawName
from bastions.curate.spelling import normalise, slug
from bastions.problems import Problem, problem

LEVELS = {1: ("governorate", "Governorate"), 2: ("district", "District"), 3: ("subdistrict", "Subdistrict")}
SCHEME = "ocha-pcode"
ADMIN = ("adm3_pcode", "adm2_pcode", "adm1_pcode", "adm0_pcode")
_QUARTER = ("neighborho", "neighbor_1", "neighbor_2", "neighbor_3", "neighbor_4")
QUARTERS = (*_QUARTER, "adm4_en", "adm4_ar", "adm4_pcode", "adm3_pcode", "adm1_pcode")
COVERS = "name location_type parent_id country"
CAPITALS = ("adm_p_lvl", "name", "x_coord", "y_coord", *ADMIN)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the polygons' attributes, with `{n}` for the level: `adm{n}_pcode`.

    Attributes:
        pcode: That of the unit's code.
        names: Those of its names, each with the language; the first gives the unit's own.
        other: That of another spelling.
    """

    pcode: str
    names: Mapping[str, str]
    other: str


@dataclass(frozen=True, slots=True)
class File:
    """A delimited raw file, and its header."""

    file: RawName
    columns: Sequence[str]


@dataclass(frozen=True, slots=True)
class Settings:
    """The `settings` of source.yaml.

    Attributes:
        country: ISO code.
        units: The columns of the polygons.
        quarters: The file of the quarters of cities, where there is one.
        capitals: The file of the seats of units, where there is one.
    """

    country: str
    units: Columns
    quarters: File | None = None
    capitals: File | None = None


def curate(job: Job) -> Made:
    """Units, quarters, their cities and the seats of units, with names in English and Arabic."""
    chosen, found = settings.read(job, Settings)
    if chosen is None:
        return Made(problems=found)
    try:
        shapes = polygons.load(job.raw)
    except polygons.PolygonError as error:
        return Made(problems=[error.problem()])
    rows = GazetteerRows(job.source_id, job.tables, job.before)
    made = Made(tables=rows.tables, counts=rows.counts)
    country = chosen.country
    for level in LEVELS:
        _units(level, chosen, shapes, job, rows, made)
    gazetteer = Gazetteer(job.tables)
    for row in rows.tables["locations"]:
        gazetteer.add(row)
    gazetteer.by_pcode |= {code: place for (scheme, code), place in rows.by_identifier.items() if scheme == SCHEME}
    decisions: list[Mapping[str, str]] = []
    quarters = _read(job, "quarters", chosen.quarters, QUARTERS, made)
    seats = _read(job, "capitals", chosen.capitals, CAPITALS, made)
    if chosen.capitals:
        made.problems += _faulty_seats(seats, chosen.capitals.file, rows)
    if not any(p.severity == "error" for p in made.problems):
        _cities(quarters, seats, country, rows, made)
        for row in rows.tables["locations"]:
            if row["location_id"] not in gazetteer.places:
                gazetteer.add(row)
        _quarters(quarters, country, rows)
        decisions += _seats(seats, country, shapes, gazetteer, job, rows, made)
        decisions += _hand_outside(country, shapes, gazetteer, job)
        made.problems += _hand_above(country, shapes, gazetteer, job)
    if decisions:
        made.decisions["places"] = sorted(decisions, key=lambda row: row["place_id"])
    made.waivers = [outside_waiver(row) for row in decisions if row["place_method"] == "outside_unit"]
    made.counts["points outside the unit that the source names"] = len(made.waivers)
    return made


def _units(level: int, chosen: Settings, shapes: polygons.Polygons, job: Job, rows: GazetteerRows, made: Made) -> None:
    """The units of one level, each under the unit whose code begins its own."""
    kind, word = LEVELS[level]
    asked = chosen.units
    units = [unit for unit in shapes.units.values() if unit.level == level]
    file = units[0].file if units else ""
    raw = [RawRow(number, dict(unit.attributes)) for number, unit in enumerate(units, 1)]
    columns = {column.replace("{n}", str(level)): language for column, language in asked.names.items()}
    code_column, other = (column.replace("{n}", str(level)) for column in (asked.pcode, asked.other))
    missing = [c for c in (code_column, other, *columns) if raw and c not in raw[0].cells]
    made.problems += [problem("missing-label", file, f'has no column "{c}"', field=c) for c in missing]
    if missing:
        return
    raw, unfit = job.corrections.apply(raw, file)
    made.problems += unfit
    for row in raw:
        code = row[code_column]
        parents = [c for (scheme, c) in rows.by_identifier if scheme == SCHEME and c != code and code.startswith(c)]
        if not parents:
            hint = "The country itself is a row of data/locations/hand.csv, with its code in data/identifiers/hand.csv."
            message = "begins with the code of no unit"
            made.problems.append(
                problem("unit-without-parent", file, message, line=row.line, field=code_column, value=code, hint=hint)
            )
            continue
        location_id = rows.by_identifier.get((SCHEME, code))
        if location_id is None:
            english = row[next(iter(columns))]
            location_id = rows.id_of(SCHEME, code, f"{slug(english)}-{code.lower()}")
            parent_id = rows.by_identifier[SCHEME, max(parents, key=len)]
            rows.place(location_id, f"{english} {word}", kind, parent_id=parent_id, country=chosen.country)
            rows.claim("locations", location_id, COVERS, f"{code_column}={code}", f"A {kind}.")
            rows.identifier(location_id, SCHEME, code)
        for column, language in columns.items():
            kind_of_name = "short_form" if language == "en" else "endonym"
            rows.name(
                location_id, row[column], kind_of_name, f"{code_column}={code};column={column}", language=language
            )
        rows.name(location_id, row[other], "spelling", f"{code_column}={code};column={other}", language="en")


def _read(job: Job, what: str, asked: File | None, needed: Sequence[str], made: Made) -> list[RawRow]:
    """The rows of a delimited file that the settings name, corrected; none where they name none."""
    if asked is None:
        return []
    key = f"settings.{what}.columns"
    if lacking := [column for column in needed if column not in asked.columns]:
        made.problems += [settings.unfit(job, key, f'lacks the column "{column}"') for column in lacking]
        return []
    file = asked.file
    rows, found = read_csv(job.raw[file], file, asked.columns)
    if not found:
        rows, found = job.corrections.apply(rows, file)
    made.problems += found
    return rows


def _faulty_seats(seats: Sequence[RawRow], file: str, rows: GazetteerRows) -> list[Problem]:
    """What is wrong with the points and the codes of seats."""
    found = faulty_points(seats, file, "y_coord", "x_coord")
    for row in seats:
        column = next((name for name in ADMIN if row[name]), ADMIN[0])
        if (SCHEME, row[column]) not in rows.by_identifier:
            found.append(fault(row, file, column, "is the p-code of no unit", rule="constraint-error"))
    return found


def _cities(quarters: Iterable[RawRow], seats: Iterable[RawRow], country: str, rows: GazetteerRows, made: Made) -> None:
    """The cities that have quarters; each has its point from the seat of its governorate, if that is its name."""
    seat_of = {normalise(row["name"]).text: row for row in seats if row["adm_p_lvl"] in ("0", "1")}
    for row in quarters:
        code, name = row["adm4_pcode"], row["adm4_en"]
        location_id = rows.by_identifier.get((SCHEME, code))
        if location_id is None:
            parent_id = rows.by_identifier.get((SCHEME, row["adm3_pcode"]), "")
            location_id = rows.id_of(SCHEME, code, f"{slug(name)}-{code.lower()}")
            seat = seat_of.get(normalise(name).text)
            fits = seat is not None and seat["adm1_pcode"] in ("", row["adm1_pcode"])
            at = (seat["y_coord"], seat["x_coord"]) if seat and fits else ("", "")
            rows.place(
                location_id,
                name,
                "populated_place",
                parent_id=parent_id,
                country=country,
                latitude=at[0],
                longitude=at[1],
            )
            rows.claim("locations", location_id, COVERS, f"adm4_pcode={code}", "A city that has quarters.")
            rows.identifier(location_id, SCHEME, code)
            if seat and fits:
                rows.point(location_id, _seat(seat))
        locator = f"adm4_pcode={code};column="
        kind = "primary" if any(r["location_id"] == location_id for r in rows.tables["locations"]) else "spelling"
        rows.name(location_id, name, kind, locator + "adm4_en", language="en")
        rows.name(location_id, row["adm4_ar"], "endonym", locator + "adm4_ar", language="ar")


def _quarters(quarters: Iterable[RawRow], country: str, rows: GazetteerRows) -> None:
    for row in quarters:
        code, name = row["neighbor_2"], row["neighborho"]
        location_id = rows.id_of(SCHEME, code, f"{slug(name)}-{code.lower()}")
        parent_id = rows.by_identifier[SCHEME, row["adm4_pcode"]]
        rows.place(location_id, name, "neighbourhood", parent_id=parent_id, country=country)
        rows.claim("locations", location_id, COVERS, f"neighbor_2={code}", "A quarter of a city.")
        rows.identifier(location_id, SCHEME, code)
        locator = f"neighbor_2={code};column="
        rows.name(location_id, name, "primary", locator + "neighborho", language="en")
        rows.name(location_id, row["neighbor_1"], "endonym", locator + "neighbor_1", language="ar")
        rows.name(location_id, row["neighbor_3"], "spelling", locator + "neighbor_3", language="en")
        rows.name(location_id, row["neighbor_4"], "alias", locator + "neighbor_4", language="en")


def _seats(
    seats: Iterable[RawRow],
    country: str,
    shapes: polygons.Polygons,
    gazetteer: Gazetteer,
    job: Job,
    rows: GazetteerRows,
    made: Made,
) -> list[dict[str, str]]:
    """The seats of units as populated places, and the decisions on those that are there already."""
    decisions = []
    for row in seats:
        name, point = row["name"], (float(row["y_coord"]), float(row["x_coord"]))
        code = next(row[column] for column in ADMIN if row[column])
        locator = f"{_seat(row)};column=name"
        want = Wanted(name, code, country, point, ("populated_place",))
        held = shapes.smallest(*point)
        found = identify(gazetteer, [name], point, country, rows.by_identifier.get((SCHEME, held), ""))
        if found.location_id:
            decisions.append(place_row(job.source_id, want, found))
            rows.name(found.location_id, name, "spelling", locator, language="en")
            location_id = found.location_id
        else:
            location_id = rows.id_at(locator, f"{slug(name)}-town-{code.lower()}")
            parent_id = rows.by_identifier[SCHEME, held or code]
            gazetteer.add(
                rows.place(
                    location_id,
                    name,
                    "populated_place",
                    parent_id=parent_id,
                    country=country,
                    latitude=plain(point[0]),
                    longitude=plain(point[1]),
                )
            )
            covers = "name location_type country latitude longitude"
            rows.claim("locations", location_id, covers, locator, "The seat of the unit, and where it is.")
            if held:
                rows.parent(location_id, parent_id, locator, f"The unit whose polygon holds the point, {held}.")
            rows.name(location_id, name, "primary", locator, language="en")
        if code in shapes.units and (km := shapes.outside(code, point)) > 0:
            unit_id, held_id = rows.by_identifier[SCHEME, code], rows.by_identifier.get((SCHEME, held), "")
            decisions.append(
                outside_row(job.source_id, name, code, unit_id=unit_id, km=km, held_id=held_id, point=point)
            )
    return decisions


def _seat(row: RawRow) -> str:
    """The locator of a seat's row."""
    column = next(name for name in ADMIN if row[name])
    return f"adm_p_lvl={row['adm_p_lvl']};{column}={row[column]}"


def _there(
    country: str, shapes: polygons.Polygons, gazetteer: Gazetteer, job: Job
) -> Iterator[tuple[Place, Point, str]]:
    """The places that were there before and have a point, with the smallest unit that holds it."""
    for location_id in job.tables["locations"]["location_id"]:
        place = gazetteer.places[location_id]
        if place.country == country and place.point is not None:
            yield place, place.point, gazetteer.by_pcode.get(shapes.smallest(*place.point), "")


def _hand_outside(country: str, shapes: polygons.Polygons, gazetteer: Gazetteer, job: Job) -> list[dict[str, str]]:
    """Places that were there before and have a point outside the smallest unit with a polygon that they are put in."""
    code_of = {place: code for code, place in gazetteer.by_pcode.items()}
    decisions = []
    for place, point, held_id in _there(country, shapes, gazetteer, job):
        key = place.location_id
        unit_id = next((u for u in _above(gazetteer, key) if code_of.get(u) in shapes.units), "")
        if unit_id and (km := shapes.outside(code_of[unit_id], point)) > 0:
            decisions.append(
                outside_row(job.source_id, key, unit_id, unit_id=unit_id, km=km, held_id=held_id, point=point)
            )
    return decisions


def _hand_above(country: str, shapes: polygons.Polygons, gazetteer: Gazetteer, job: Job) -> list[Problem]:
    """Places that were there before, whose point lies in a smaller unit than the one that they are put in."""
    found = []
    for place, _, held_id in _there(country, shapes, gazetteer, job):
        above = list(_above(gazetteer, place.location_id))
        larger = set(_above(gazetteer, held_id)) if held_id else set()
        if held_id and held_id not in above and (parent := next((u for u in above if u in larger), "")):
            message = f"lies in {parent}, and its point in a smaller unit of that, {held_id}"
            hint = f"Make {held_id} its parent, so that it is found by that unit too."
            file = "data/locations/hand.csv"
            found.append(
                problem(
                    *("place-in-smaller-unit", file, message),
                    field="parent_id",
                    record_id=place.location_id,
                    value=place.parent_id,
                    hint=hint,
                    severity="warning",
                )
            )
    return found


def _above(gazetteer: Gazetteer, location_id: str) -> Iterable[str]:
    seen: set[str] = set()
    while location_id in gazetteer.places and location_id not in seen:
        seen.add(location_id)
        location_id = gazetteer.places[location_id].parent_id
        yield location_id

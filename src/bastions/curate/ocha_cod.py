"""OCHA's common operational datasets of administrative boundaries (COD-AB): units, quarters and capitals of a country.

The units come from the attributes of the polygons, so that a unit without a polygon cannot slip in. Settings of
`source.yaml`:

    country: SY
    units:    {pcode: "adm{n}_pcode", names: {"adm{n}_name": en, "adm{n}_name1": ar}, other: "adm{n}_ref_n"}
    quarters: {file: …, columns: […]}   # Syria alone
    capitals: {file: …, columns: […]}   # Syria alone

A unit's row is called after its kind (`Hajin Subdistrict`), since its seat has the bare name; that is a name of both.
 A quarter lies in its city, whose p-code its row gives; such a city is a populated place. The seats of units
("capitals") have names and points, but no p-codes: each becomes a populated place that rests on a claim, unless a place
of that name is there already within 10 km.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bastions.curate import polygons
from bastions.curate.gazetteer import Gazetteer
from bastions.curate.gazetteer_rows import GazetteerRows
from bastions.curate.identify import identify
from bastions.curate.job import Job, Made
from bastions.curate.places import Wanted, outside_row, outside_waiver, place_row, plain
from bastions.curate.raw import RawRow, read_csv
from bastions.curate.spelling import normalise, slug
from bastions.problems import problem

LEVELS = {1: ("governorate", "Governorate"), 2: ("district", "District"), 3: ("subdistrict", "Subdistrict")}
SCHEME = "ocha-pcode"


def curate(job: Job) -> Made:
    """Units, quarters, their cities and the seats of units, with names in English and Arabic."""
    try:
        shapes = polygons.load(job.raw)
    except polygons.PolygonError as error:
        file, _, rest = str(error).partition(": ")
        return Made(problems=[problem("source-error", file, rest or str(error))])
    rows = GazetteerRows(job.source_id, job.tables)
    made = Made(tables=rows.tables, counts=rows.counts)
    country = str(job.settings["country"])
    for level in LEVELS:
        _units(level, country, shapes, job, rows, made)
    gazetteer = Gazetteer(job.tables)
    for row in rows.tables["locations"]:
        gazetteer.add(row)
    gazetteer.by_pcode |= {code: place for (scheme, code), place in rows.by_identifier.items() if scheme == SCHEME}
    decisions: list[Mapping[str, str]] = []
    quarters = _read(job, "quarters", made)
    seats = _read(job, "capitals", made)
    if not any(p.severity == "error" for p in made.problems):
        _cities(quarters, seats, country, rows, made)
        for row in rows.tables["locations"]:
            if row["location_id"] not in gazetteer.places:
                gazetteer.add(row)
        _quarters(quarters, country, job, rows)
        decisions += _seats(seats, country, shapes, gazetteer, job, rows, made)
        decisions += _hand_outside(country, shapes, gazetteer, job, made)
    if decisions:
        made.decisions["places"] = sorted(decisions, key=lambda row: row["place_id"])
    made.waivers = [outside_waiver(row) for row in decisions if row["place_method"] == "outside_unit"]
    made.counts["points outside the unit that the source names"] = len(made.waivers)
    return made


def _units(level: int, country: str, shapes: polygons.Polygons, job: Job, rows: GazetteerRows, made: Made) -> None:
    """The units of one level, each under the unit whose code begins its own."""
    kind, word = LEVELS[level]
    settings: Mapping[str, Any] = job.settings["units"]
    units = [unit for unit in shapes.units.values() if unit.level == level]
    file = units[0].file if units else ""
    raw = [RawRow(number, dict(unit.attributes)) for number, unit in enumerate(units, 1)]
    columns = {column.format(n=level): language for column, language in settings["names"].items()}
    code_column, other = settings["pcode"].format(n=level), settings["other"].format(n=level)
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
            made.problems.append(problem("unit-without-parent", file, f"{code} begins with the code of no unit"))
            continue
        location_id = rows.by_identifier.get((SCHEME, code))
        if location_id is None:
            english = row[next(iter(columns))]
            location_id = f"{slug(english)}-{code.lower()}"
            parent_id = rows.by_identifier[SCHEME, max(parents, key=len)]
            rows.place(location_id, f"{english} {word}", kind, parent_id=parent_id, country=country)
            rows.identifier(location_id, SCHEME, code)
        for column, language in columns.items():
            kind_of_name = "short_form" if language == "en" else "endonym"
            rows.name(
                location_id, row[column], kind_of_name, f"{code_column}={code};column={column}", language=language
            )
        rows.name(location_id, row[other], "spelling", f"{code_column}={code};column={other}", language="en")


def _read(job: Job, what: str, made: Made) -> list[RawRow]:
    """The rows of a delimited file that the settings name, corrected; none where they name none."""
    settings = job.settings.get(what)
    if settings is None:
        return []
    file = settings["file"]
    rows, found = read_csv(job.raw[file], file, settings["columns"])
    if not found:
        rows, found = job.corrections.apply(rows, file)
    made.problems += found
    return rows


def _cities(quarters: Iterable[RawRow], seats: Iterable[RawRow], country: str, rows: GazetteerRows, made: Made) -> None:
    """The cities that have quarters; each has its point from the seat of its governorate, if that is its name."""
    seat_of = {normalise(row["name"]).text: row for row in seats if row["adm_p_lvl"] in ("0", "1")}
    for row in quarters:
        code, name = row["adm4_pcode"], row["adm4_en"]
        location_id = rows.by_identifier.get((SCHEME, code))
        if location_id is None:
            parent_id = rows.by_identifier.get((SCHEME, row["adm3_pcode"]), "")
            location_id = f"{slug(name)}-{code.lower()}"
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
            rows.identifier(location_id, SCHEME, code)
        locator = f"adm4_pcode={code};column="
        kind = "primary" if any(r["location_id"] == location_id for r in rows.tables["locations"]) else "spelling"
        rows.name(location_id, name, kind, locator + "adm4_en", language="en")
        rows.name(location_id, row["adm4_ar"], "endonym", locator + "adm4_ar", language="ar")


def _quarters(quarters: Iterable[RawRow], country: str, job: Job, rows: GazetteerRows) -> None:
    columns: Mapping[str, str] = job.settings.get("quarters", {})
    if not columns:
        return
    for row in quarters:
        code, name = row["neighbor_2"], row["neighborho"]
        location_id = f"{slug(name)}-{code.lower()}"
        parent_id = rows.by_identifier[SCHEME, row["adm4_pcode"]]
        rows.place(location_id, name, "neighbourhood", parent_id=parent_id, country=country)
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
        code = row["adm3_pcode"] or row["adm2_pcode"] or row["adm1_pcode"] or row["adm0_pcode"]
        column = next(c for c in ("adm3_pcode", "adm2_pcode", "adm1_pcode", "adm0_pcode") if row[c])
        locator = f"adm_p_lvl={row['adm_p_lvl']};{column}={code};column=name"
        want = Wanted(name, code, country, point, ("populated_place",))
        held = shapes.smallest(*point)
        found = identify(gazetteer, [name], point, country, rows.by_identifier.get((SCHEME, held), ""))
        if found.location_id:
            decisions.append(place_row(job.source_id, want, found))
            rows.name(found.location_id, name, "spelling", locator, language="en")
            location_id = found.location_id
        else:
            location_id = f"{slug(name)}-town-{code.lower()}"
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
            rows.claim(
                "locations", location_id, "name latitude longitude", locator, "The seat of the unit, and where it is."
            )
            rows.name(location_id, name, "primary", locator, language="en")
        if code in shapes.units and (km := shapes.outside(code, point)) > 0:
            unit_id, held_id = rows.by_identifier[SCHEME, code], rows.by_identifier.get((SCHEME, held), "")
            decisions.append(
                outside_row(job.source_id, name, code, unit_id=unit_id, km=km, held_id=held_id, point=point)
            )
    return decisions


def _hand_outside(
    country: str, shapes: polygons.Polygons, gazetteer: Gazetteer, job: Job, made: Made
) -> list[dict[str, str]]:
    """Places that were there before and have a point outside the smallest unit with a polygon that they are put in."""
    code_of = {place: code for code, place in gazetteer.by_pcode.items()}
    decisions = []
    for row in job.tables["locations"].to_dicts():
        place = gazetteer.places[row["location_id"]]
        if place.country != country or place.point is None:
            continue
        unit_id = next((u for u in _above(gazetteer, place.location_id) if code_of.get(u) in shapes.units), "")
        if unit_id and (km := shapes.outside(code_of[unit_id], place.point)) > 0:
            held_id = gazetteer.by_pcode.get(shapes.smallest(*place.point), "")
            decisions.append(
                outside_row(
                    job.source_id,
                    place.location_id,
                    unit_id,
                    unit_id=unit_id,
                    km=km,
                    held_id=held_id,
                    point=place.point,
                )
            )
    return decisions


def _above(gazetteer: Gazetteer, location_id: str) -> Iterable[str]:
    seen: set[str] = set()
    while location_id in gazetteer.places and location_id not in seen:
        seen.add(location_id)
        location_id = gazetteer.places[location_id].parent_id
        yield location_id

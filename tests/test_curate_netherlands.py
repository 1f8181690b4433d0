"""The importer of the Dutch list, on a small list of our own in the tests' invented country, and the recipe."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import mgrs
import pytest
import yaml
from conftest import ROOT

from bastions.curate import harness, netherlands_towns
from bastions.curate.netherlands_cells import COLUMNS
from bastions.curate.netherlands_towns import Town
from bastions.problems import Problem

SOURCE = "vosk-list"
CALDER, NORHAVEN, AFAR = (-45.0, -30.0), (-46.2, -31.75), (-45.4, -30.6)
"""Two places of the tests' country, and a spot 60 km from both."""

COMMENT = "A barn burnt down."
PLACES = ("place_id", "source_id", "name", "context", "location_id", "candidates", "place_method", "score")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def square(point: tuple[float, float]) -> str:
    """The grid square of 100 m that holds a point."""
    text = mgrs.MGRS().toMGRS(*point, MGRSPrecision=3)
    return f"{text[:5]} {text[5:8]} {text[8:]}"


def line(point: tuple[float, float] = CALDER, **cells: str) -> list[str]:
    """A row of the list; `cells` are named by the first word of their column."""
    row = {
        "Employment": "5-Mar-19",
        "Time": "06:20",
        "End": "",
        "MGRS": square(point),
        "LAT": f"{point[0]:.8f}".replace(".", ","),
        "LONG": f"{point[1]:.8f}".replace(".", ","),
        "Mission": "CAS",
        "Town": "Calder",
        "Province": "Marn",
        "Country": "Syria",
        "Weather": "fair",
        "Terrain": "fields",
        "Possible": "ND",
        "Comment": "",
    }
    assert set(cells) <= set(row)
    return list((row | cells).values())


@pytest.fixture
def dataset(tiny: Path) -> Path:
    """The tiny dataset with two units that have p-codes, one of them new."""
    new = {
        "locations": ["vosk,Vosk,governorate,,,,,"],
        "identifiers": [
            "marn-ocha-pcode,locations,marn,ocha-pcode,SY99,exact",
            "vosk-ocha-pcode,locations,vosk,ocha-pcode,SY98,exact",
        ],
    }
    for table, rows in new.items():
        path = tiny / "data" / table / "hand.csv"
        header, *old = path.read_text("utf-8").splitlines()
        path.write_text("\n".join([header, *sorted([*old, *rows])]) + "\n", "utf-8")
    return tiny


def box(pcode: str, south: float, north: float, west: float, east: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"ADM1_PCODE": pcode},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def curate(
    dataset: Path, *rows: list[str], data: bytes | None = None, units: bytes | None = None, **settings: Any
) -> harness.Outcome:
    """Curates a list of these rows, which begin on line 2."""
    inputs = dataset.parent / "inputs"
    inputs.mkdir(exist_ok=True)
    boxes = [box("SY99", -45.6, -44.4, -31.0, -29.0), box("SY98", -47.0, -45.7, -33.0, -31.0)]
    raw = {
        "list.csv": data or "".join(f"{';'.join(row)}\n" for row in [list(COLUMNS), *rows]).encode(),
        "units.geojson": units or json.dumps({"features": boxes}).encode(),
    }
    for name, text in raw.items():
        (inputs / name).write_bytes(text)
    files = [
        {"name": name, "bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()} for name, text in raw.items()
    ]
    tables = ("sources", "strikes", "participants", "figures", "claims", "claim_links")
    source = {
        "source_id": SOURCE,
        "source_type": "official_record",
        "title": "List of employments over Marn",
        "publisher_id": "northern-league",
        "published": "2020-02-01",
        "published_basis": "stated",
        "licence": "LicenseRef-Public-Release",
        "access": "dataset",
        "coded_by": "script-netherlands-mod",
    }
    plan = {
        "source_id": SOURCE,
        "importer": "netherlands_mod",
        "obtained": "Made for the tests.",
        "raw": {"folder": ".", "files": files},
        "rows": {table: [0, 99] for table in tables},
        "settings": {
            "list": "list.csv",
            "coder": "script-netherlands-mod",
            "initiator": "northern-league",
            "reach_km": 10,
            "near_km": 25,
            "comments": {digest(COMMENT): "Fire took a farm building."},
            "rows": {"sources": [source]},
            **settings,
        },
    }
    folder = dataset / "seeds" / SOURCE
    folder.mkdir(exist_ok=True)
    (folder / "source.yaml").write_text(yaml.safe_dump(plan), "utf-8")
    return harness.curate(dataset, inputs, [SOURCE])


def made(dataset: Path, table: str) -> list[dict[str, str]]:
    """The rows of a table that were made, in the order of their keys."""
    path = dataset / "data" / table / f"{SOURCE}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def places(dataset: Path) -> list[dict[str, str]]:
    with (dataset / "seeds" / SOURCE / "places.csv").open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def refused(dataset: Path, *rows: list[str], **more: Any) -> list[Problem]:
    """What is wrong with a list; nothing of it may be written."""
    outcome = curate(dataset, *rows, **more)
    assert outcome.errors
    assert not list((dataset / "data").glob(f"*/{SOURCE}.csv"))
    return [p for p in outcome.problems if p.severity == "error"]


def test_a_row_becomes_a_strike_with_its_claims(dataset: Path) -> None:
    outcome = curate(dataset, line())
    assert outcome.problems == []
    (strike,) = made(dataset, "strikes")
    assert {name: text for name, text in strike.items() if text} == {
        "strike_id": "vosk-list-l0002",
        "strike_type": "airstrike",
        "event_clarity": "individual",
        "date_start": "2019-03-05",
        "date_end": "2019-03-05",
        "time_start": "06:20:00",
        "location_id": "calder",
        "location_relation": "at",
        "latitude": "-45",
        "longitude": "-30",
        "radius_m": "142",
        "where_prec": "1",
        "mission": "close_air_support",
        "counting_unit": "employment",
    }
    claims = {row["claim_id"].removeprefix("vosk-list-l0002-"): row for row in made(dataset, "claims")}
    assert sorted(claims) == ["employments", "exists", "initiator", "kind", "town"]
    held = ";".join(line())
    assert claims["exists"]["locator"] == f"line=2;sha256={digest(held)}"
    assert claims["exists"]["covers"].split() == [
        *("date_start", "date_end", "time_start", "latitude", "longitude", "mission"),
    ]
    assert claims["kind"]["covers"].split() == ["strike_type", "event_clarity", "counting_unit"]
    assert (claims["exists"]["value_origin"], claims["kind"]["value_origin"]) == ("reported", "inferred")
    assert claims["town"]["locator"].endswith(";column=Town (UNCLASS)")
    assert (claims["town"]["value_text"], claims["town"]["value_raw"]) == ("calder", "Calder")
    assert (claims["employments"]["value"], claims["employments"]["value_origin"]) == ("1", "computed")
    (figure,) = made(dataset, "figures")
    assert (figure["measure"], figure["counting_rule"]) == ("employments", "nl_employment")
    (part,) = made(dataset, "participants")
    assert (part["actor_id"], part["role"]) == ("northern-league", "initiator")


def test_rows_that_are_alike_are_all_kept(dataset: Path) -> None:
    outcome = curate(dataset, line(), line(), line())
    assert outcome.counts[SOURCE]["lines alike to an earlier one"] == 2
    assert [row["strike_id"][-5:] for row in made(dataset, "strikes")] == ["l0002", "l0003", "l0004"]
    assert len(made(dataset, "figures")) == 3


def test_lines_may_end_in_crlf(dataset: Path) -> None:
    """The digest of a line is that of its text, whatever ends it, so that locators outlive a checkout."""
    text = "".join(f"{';'.join(row)}\n" for row in [list(COLUMNS), line(), line(AFAR)])
    curate(dataset, data=text.encode())
    before = made(dataset, "claims")
    assert curate(dataset, data=text.replace("\n", "\r\n").encode()).problems == []
    assert made(dataset, "claims") == before


def test_an_end_at_an_earlier_hour_is_on_the_next_day(dataset: Path) -> None:
    outcome = curate(dataset, line(Time="23:50", End="00:10"), line(Time="06:20", End="06:20"))
    late, same = made(dataset, "strikes")
    assert (late["date_start"], late["date_end"], late["time_end"]) == ("2019-03-05", "2019-03-06", "00:10:00")
    assert same["date_end"] == "2019-03-05"
    assert outcome.counts[SOURCE]["ends past midnight"] == 1


def test_cells_typed_by_hand(dataset: Path) -> None:
    outcome = curate(
        dataset,
        line(Employment="15-MAY-19", Mission=" AI "),
        line(Employment="1-mar-19", Mission="", Country="Syria "),
    )
    assert outcome.problems == []
    assert [(row["date_start"], row["mission"]) for row in made(dataset, "strikes")] == [
        ("2019-05-15", "air_interdiction"),
        ("2019-03-01", ""),
    ]
    assert "mission" not in made(dataset, "claims")[6]["covers"].split()
    assert outcome.counts[SOURCE]["mission cells with stray spaces"] == 1
    assert outcome.counts[SOURCE]["mission cells that are empty"] == 1


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"Employment": "5-Mrt-19"}, "Employment date (UNCLASS)"),
        ({"Employment": "31-Feb-19"}, "Employment date (UNCLASS)"),
        ({"Employment": "2019-03-05"}, "Employment date (UNCLASS)"),
        ({"Time": "6:20"}, "Time begin (Z) (UNCLASS)"),
        ({"Time": ""}, "Time begin (Z) (UNCLASS)"),
        ({"End": "24:00"}, "Time end (Z) (UNCLASS)"),
        ({"LAT": "-45.00000000"}, "Position LAT (UNCLASS)"),
        ({"LONG": ""}, "Position LONG (UNCLASS)"),
        ({"MGRS": "26GLA 123 45"}, "Position MGRS (UNCLASS)"),
        ({"MGRS": "99XZZ 123 456"}, "Position MGRS (UNCLASS)"),
        ({"Mission": "XX"}, "Mission (UNCLASS)"),
        ({"Country": "Marn"}, "Country (UNCLASS)"),
        ({"Possible": "yes"}, "Possible CDE issue (UNDCLASS)"),
    ],
)
def test_a_cell_that_no_rule_foresees(dataset: Path, cells: dict[str, str], column: str) -> None:
    (found,) = refused(dataset, line(), line(CALDER, **cells))
    assert (found.line, found.field, found.value) == (3, column, next(iter(cells.values())))


def correct(dataset: Path, **entry: Any) -> None:
    (dataset / "seeds" / SOURCE).mkdir(exist_ok=True)
    given = [{"reason": "Seen by a person.", "decided_by": "curator-1", **entry}]
    (dataset / "seeds" / SOURCE / "corrections.yaml").write_text(yaml.safe_dump(given), "utf-8")


def test_a_header_inside_the_list_is_dropped_by_a_person(dataset: Path) -> None:
    found = refused(dataset, line(), list(COLUMNS))
    assert {p.line for p in found} == {3}
    correct(dataset, action="drop", where={"line": 3}, expect={COLUMNS[0]: COLUMNS[0]})
    assert curate(dataset, line(), list(COLUMNS)).problems == []
    assert len(made(dataset, "strikes")) == 1


def test_a_position_outside_its_grid_square(dataset: Path) -> None:
    wrong = square((CALDER[0] + 0.01, CALDER[1]))
    (found,) = refused(dataset, line(MGRS=wrong))
    assert found.rule == "position-mismatch"
    assert re.fullmatch(r"the coordinates lie 1,[01]\d\d m outside the grid square", found.message)
    (found,) = refused(dataset, line(MGRS="38SKF 703 698"))
    assert found.message == "the coordinates lie in another grid zone"


def test_a_person_says_what_becomes_of_a_mismatch(dataset: Path) -> None:
    """An override mends it; a flag lets both stand, and then nothing says how far the position may be off."""
    wrong, right = square((CALDER[0] + 0.01, CALDER[1])), square(CALDER)
    column = "Position MGRS (UNCLASS)"
    correct(dataset, action="override", where={"line": 2}, expect={column: wrong}, column=column, value=right)
    assert curate(dataset, line(MGRS=wrong)).problems == []
    assert made(dataset, "strikes")[0]["radius_m"] == "142"
    correct(dataset, action="flag", where={"line": 2}, expect={column: wrong})
    outcome = curate(dataset, line(MGRS=wrong))
    assert outcome.counts[SOURCE]["points outside their grid square"] == 1
    assert made(dataset, "strikes")[0]["radius_m"] == ""


def test_any_point_of_the_square_fits(dataset: Path) -> None:
    """The list gives corners; a position inside, and one on an edge, are no mismatch."""
    grid = mgrs.MGRS()
    corner = grid.toMGRS(*AFAR, MGRSPrecision=3)
    for east, north in (("00", "00"), ("50", "50"), ("99", "99")):
        point = grid.toLatLon(f"{corner[:8]}{east}{corner[8:]}{north}")
        assert curate(dataset, line(point, MGRS=square(AFAR))).problems == []


def test_a_comment_is_kept_in_words_of_ours(dataset: Path) -> None:
    curate(dataset, line(Comment=COMMENT, Possible=""))
    (said,) = [row for row in made(dataset, "claims") if row["field"] == "remark"]
    assert said["statement"] == "Fire took a farm building."
    written = "".join(path.read_text("utf-8") for path in dataset.rglob(f"*{SOURCE}*.csv"))
    assert COMMENT not in written
    assert "fields" not in written


def test_a_comment_that_nobody_has_read(dataset: Path) -> None:
    (found,) = refused(dataset, line(Comment="Two barns burnt down."))
    assert (found.rule, found.line) == ("comment-unread", 2)
    assert "Two barns" not in found.message


def test_a_town_at_a_distance_decides_while_it_is_near(dataset: Path) -> None:
    curate(dataset, line((-45.02, -30.02), Town="Approximately 2NM SW of Calder"))
    (strike,) = made(dataset, "strikes")
    assert (strike["location_id"], strike["location_relation"]) == ("calder", "offset")


def test_where_the_town_cell_does_not_decide(dataset: Path) -> None:
    outcome = curate(
        dataset,
        line(AFAR, Town="Approximately 30NM west of Calder"),
        line(Town="mills & Calder"),
        line(Town="Karduun"),
        line(Town=""),
    )
    assert [(row["location_id"], row["location_relation"]) for row in made(dataset, "strikes")] == [
        ("marn", "within")
    ] * 4
    claims = [row for row in made(dataset, "claims") if row["field"] == "location_id"]
    assert {(row["value_origin"], row["value_text"], row["value_raw"]) for row in claims} == {("computed", "marn", "")}
    assert outcome.counts[SOURCE]["town cells not read"] == 1


def test_a_town_too_far_for_its_cell_to_decide(dataset: Path) -> None:
    spot = (CALDER[0] + 0.15, CALDER[1])
    curate(dataset, line(), line(), line(spot))
    assert [row["location_id"] for row in made(dataset, "strikes")] == ["calder", "calder", "marn"]
    assert made(dataset, "claim_links") == []
    (said,) = [row for row in made(dataset, "claims") if row["field"] == "remark"]
    assert (said["claim_id"], said["statement"]) == ("vosk-list-l0004-said", "The list places it at Calder.")
    assert said["locator"].endswith(";column=Town (UNCLASS)")
    assert said["value_origin"] == "resolved"
    assert said["note"] == "The name in the cell, taken for calder; the position is 16.7 km from its point."


def test_a_town_without_a_point(dataset: Path) -> None:
    """Such a place cannot decide; what the cell says is kept."""
    path = dataset / "data" / "locations" / "hand.csv"
    path.write_text(path.read_text("utf-8") + "zell,Zell,unspecified,vosk,,,,\n", "utf-8")
    path = dataset / "data" / "identifiers" / "hand.csv"
    path.write_text(path.read_text("utf-8") + "zell-geonames,locations,zell,geonames,41,exact\n", "utf-8")
    outcome = curate(dataset, line(Town="3 NM N of Zell"))
    assert [p for p in outcome.problems if p.severity == "error"] == []
    assert made(dataset, "strikes")[0]["location_id"] == "marn"
    (said,) = [row for row in made(dataset, "claims") if row["field"] == "remark"]
    assert said["statement"] == "The list places it 5.6 km north of Zell."
    assert said["note"] == "The name in the cell, taken for zell, which has no coordinates."


def test_polygons_that_cannot_be_read(dataset: Path) -> None:
    """A file of polygons that was broken ended in a traceback."""
    (found,) = refused(dataset, line(), units=b'{"features": [')
    assert (found.rule, found.file) == ("source-error", "units.geojson")
    assert "cannot be read as GeoJSON" in found.message


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"reach_km": "ten"}, "settings.reach_km"),
        ({"list": "lists.csv"}, "settings.list"),
        ({"near": 25}, "settings.near"),
        ({"comments": []}, "settings.comments"),
        ({"rows": {"strike": []}}, "settings.rows.strike"),
    ],
)
def test_settings_that_are_not_what_they_should_be(dataset: Path, settings: dict[str, Any], field: str) -> None:
    """A key that was missing, misspelt or of another type ended in a traceback."""
    (found,) = refused(dataset, line(), **settings)
    assert (found.rule, found.file, found.field) == ("source-yaml", f"seeds/{SOURCE}/source.yaml", field)
    assert found.message
    assert found.hint


def test_a_town_that_the_position_contradicts(dataset: Path) -> None:
    """Both places stand as claims of the row, and a link says that they cannot both be right."""
    rows = [line(NORHAVEN, Town="Norhaven", Province="")] * 2
    outcome = curate(dataset, *rows, line(AFAR, Town="Norhaven", Province=""))
    assert outcome.problems == []
    assert [row["location_id"] for row in made(dataset, "strikes")] == ["norhaven", "norhaven", "marn"]
    (link,) = made(dataset, "claim_links")
    assert (link["claim_id"], link["related_claim_id"]) == ("vosk-list-l0004-town", "vosk-list-l0004-position")
    assert (link["claim_relation"], link["dimension"]) == ("contradicts", "place")
    assert outcome.counts[SOURCE]["towns that the position contradicts"] == 1
    waivers = (dataset / "schemas" / "rules" / f"waivers-{SOURCE}.csv").read_text("utf-8").splitlines()
    assert [row.split(",")[:4] for row in waivers[1:]] == [
        ["vosk-list-l0004-place", "records__policy_differs", "vosk-list-l0004", "location_id"]
    ]


def test_a_province_that_the_position_contradicts(dataset: Path) -> None:
    outcome = curate(dataset, line(Province="Vosk"), line(Province="Marn"), line(Province="by the sea"))
    assert outcome.problems == []
    (link,) = made(dataset, "claim_links")
    assert link["claim_link_id"] == "vosk-list-l0002-province-contradicts"
    (claim,) = [row for row in made(dataset, "claims") if row["claim_id"] == "vosk-list-l0002-province"]
    assert claim["value_text"] == "vosk"
    assert re.search(r"lies 1\d\d\.\d km outside it", claim["note"])


def test_a_distance_that_the_position_does_not_bear_out(dataset: Path) -> None:
    curate(dataset, line(AFAR, Town="2 km north of Calder"), line(AFAR, Town="30 NM SW of Calder"))
    said, kept = [row for row in made(dataset, "claims") if row["field"] == "remark"]
    assert re.fullmatch(r"Said to be 2 km north of Calder; its position is 6\d\.\d km from there\.", said["statement"])
    assert kept["statement"] == "The list places it 55.6 km south-west of Calder."


def test_a_position_in_no_unit(dataset: Path) -> None:
    (found,) = refused(dataset, line((-41.0, -30.0)))
    assert (found.rule, found.line, found.message) == (
        "place-unknown",
        2,
        "the position lies in no administrative unit",
    )


def test_a_person_overrules_the_matcher(dataset: Path) -> None:
    """The row of a curator wins over the script, is kept letter by letter, and lasts when all is made again."""
    curate(dataset, line(Town="Karduun"))
    (row,) = [row for row in places(dataset) if row["name"] == "Karduun"]
    assert (row["location_id"], row["place_method"], row["decided_by"]) == ("", "unresolved", "script-places")
    assert made(dataset, "strikes")[0]["location_id"] == "marn"
    mine = row | {
        "location_id": "calder",
        "place_method": "curator",
        "decided_by": "curator-1",
        "note": "Its old name.",
    }
    path = dataset / "seeds" / SOURCE / "places.csv"
    others = [row for row in places(dataset) if row["name"] != "Karduun"]
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, row, lineterminator="\n")
        writer.writeheader()
        writer.writerows([*others, mine])
    assert curate(dataset, line(Town="Karduun")).problems == []
    assert made(dataset, "strikes")[0]["location_id"] == "calder"
    assert mine in places(dataset)


@pytest.mark.parametrize(
    ("cell", "town"),
    [
        ("Calder", Town("Calder", "at")),
        (" In Calder City ", Town("Calder", "at")),
        ("Village of  Tall \ufffdOrv", Town("Tall 'Orv", "at")),
        ("IVO Calder", Town("Calder", "near")),
        ("In the vicinity of Orvessa village", Town("Orvessa", "near")),
        ("Calder area", Town("Calder", "near")),
        ("West Calder", Town("Calder", "part_of", bearing="west")),
        ("Eastern Calder", Town("Calder", "part_of", bearing="east")),
        ("NW part of Calder", Town("Calder", "part_of", bearing="north-west")),
        ("On the west side of Calder city", Town("Calder", "part_of", bearing="west")),
        ("Eastside of the village of Calder", Town("Calder", "part_of", bearing="east")),
        ("Downtown Calder", Town("Calder", "part_of")),
        ("Approximately 1,5 NM south-east of the town of Calder", Town("Calder", "offset", 2778.0, "south-east")),
        ("approx. 2nm WNW Calder", Town("Calder", "offset", 3704.0, "west-north-west")),
        ("3 KM South East of CALDER", Town("CALDER", "offset", 3000.0, "south-east")),
        ("100m east of the village Sel", Town("Sel", "offset", 100.0, "east")),
        ("Southeastern of Sel", Town("Sel", "offset", None, "south-east")),
        ("Southeast of Sel", Town("Sel", "offset", None, "south-east")),
        ("", None),
        ("mountainous area", None),
        ("Calder & Orvessa", None),
        ("Calder, 54NM southwest of Orvessa", None),
        ("12nm NW of Calder and 3nm E of Orvessa", None),
        ("Between Calder and Orvessa", None),
        ("91AB5", None),
        ("10 northwest of Calder", None),
    ],
)
def test_town_cells(cell: str, town: Town | None) -> None:
    assert netherlands_towns.read(cell) == town


def test_another_list(dataset: Path) -> None:
    (found,) = refused(dataset, data=b"day,place,with\n5-Mar-19,Calder,2\n")
    assert found.message == "its cells are parted by commas, semicolons were expected"
    text = "".join(f"{';'.join(row)}\n" for row in [[*COLUMNS[1:], COLUMNS[0]], line()])
    (found,) = refused(dataset, data=text.encode())
    assert "another order" in found.message


def test_the_recipe_makes_a_source(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What CONTRIBUTING.md tells a stranger to write is written, and run, letter by letter."""
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = page.split("### Adding a source: one module and one folder")[1].split("\n### ")[0]
    blocks = {
        kind: re.sub(r"^   ", "", text, flags=re.MULTILINE)
        for kind, text in re.findall(r"```(yaml|python|csv)\n(.*?)```", section, re.DOTALL)
    }
    data = blocks["csv"].encode()
    plan = yaml.safe_load(blocks["yaml"])
    inputs = tmp_path_factory.mktemp("inputs")
    (inputs / "marn_raids").mkdir()
    raids = inputs / "marn_raids" / "raids.csv"
    raids.write_bytes(data)
    folder = tiny / "seeds" / "marn-raids"
    folder.mkdir()
    (folder / "source.yaml").write_text(yaml.safe_dump(plan), "utf-8")
    name = f"bastions.curate.{plan['importer']}"
    module = ModuleType(name)
    module.__spec__ = ModuleSpec(name, None)
    sys.modules[name] = module
    try:
        exec(compile(blocks["python"], "CONTRIBUTING.md", "exec"), module.__dict__)
        outcome = harness.curate(tiny, inputs)
        raids.write_bytes(data.replace(b"-45.1", b"x"))
        bad = raids.read_bytes()
        plan["raw"]["files"][0] |= {"bytes": len(bad), "sha256": hashlib.sha256(bad).hexdigest()}
        (folder / "source.yaml").write_text(yaml.safe_dump(plan), "utf-8")
        (found,) = harness.curate(tiny, inputs).problems
    finally:
        del sys.modules[name]
    assert (found.line, found.column, found.field, found.value) == (3, 3, "lat", "x")
    assert outcome.problems == []
    assert outcome.counts == {"marn-raids": {"sources": 1, "strikes": 2, "participants": 2, "claims": 4}}

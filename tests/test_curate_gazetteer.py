"""Both gazetteer importers on raw files of our own making: an invented country that borrows Syria's codes.

Two governorates of one degree each; three districts; one subdistrict. `Vesk` is the seat of the eastern one and has two
quarters; `Vesc` is how the other gazetteer spells it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, patch, schema_in
from test_polygons import Box, geojson, shapefiles

from bastions.curate import harness
from bastions.curate.geonames import COLUMNS
from bastions.problems import Problem
from bastions.validation import validate

LAYERS: dict[int, tuple[dict[str, Box], dict[str, str]]] = {
    1: ({"SY01": (40, 35, 41, 36), "SY02": (41, 35, 42, 36)}, {"SY01": "Marnland|مرن", "SY02": "Tolland|تل"}),
    2: (
        {"SY0101": (40, 35, 40.5, 36), "SY0102": (40.5, 35, 41, 36), "SY0201": (41, 35, 42, 36)},
        {"SY0101": "Olm|علم", "SY0102": "Vesk|فسك", "SY0201": "Tirn|ترن"},
    ),
    3: ({"SY010200": (40.5, 35, 41, 36)}, {"SY010200": "Vesk|مركز فسك"}),
}
QUARTERS = ["neighborho", "neighbor_1", "neighbor_2", "neighbor_3", "neighbor_4"]
QUARTERS += ["adm4_en", "adm4_ar", "adm4_pcode", "adm3_pcode", "adm1_pcode"]
CAPITALS = ["adm_p_lvl", "name", "x_coord", "y_coord", "adm3_pcode", "adm2_pcode", "adm1_pcode", "adm0_pcode"]


def text(columns: list[str], rows: list[list[str]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows([columns, *rows])
    return out.getvalue().encode()


def country() -> dict[str, bytes]:
    """The raw files of the units, quarters and seats."""
    made: dict[str, bytes] = {}
    for level, (boxes, names) in LAYERS.items():
        made |= shapefiles(f"level{level}", level, boxes, names)
    vesk = ["Vesk", "فسك", "C0001", "SY010200", "SY01"]
    made["quarters.csv"] = text(
        QUARTERS,
        [
            ["Ta'mil", "التعميل", "N0001", "Tamil", "Tamil (Vesk)", *vesk],
            ["Old Port", " الميناء", "N0002", "", "", *vesk],
        ],
    )
    made["capitals.csv"] = text(
        CAPITALS,
        [
            ["1", "Vesk", "40.75", "35.5", "", "", "SY01", "SY"],
            ["2", "Olm", "40.25", "35.5", "", "SY0101", "SY01", "SY"],
            ["2", "Tirn", "40.9", "35.5", "", "SY0201", "SY02", "SY"],
        ],
    )
    return made


def places() -> bytes:
    """Vesk in another spelling, a village of Olm, one of Tolland's code that lies in Marnland, one in no unit."""
    rows = [
        ["501", "Vesc", "35.501", "40.751", "SY", "9000", "Asia/Damascus", "01", "Vesc|Vesk|فسك|Веск|mwsڵ|فسك.\u200e"],
        ["502", "Lower Olm", "35.2", "40.2", "SY", "0", "Asia/Damascus", "01", ""],
        ["503", "Far Olm", "35.3", "40.1", "SY", "0", "Asia/Damascus", "02", "Olm al-Baid"],
        ["504", "Tirn Ford", "35.2", "41.5", "SY", "0", "Asia/Damascus", "02", ""],
        ["505", "Tirn Isle", "36.05", "41.5", "SY", "0", "Asia/Damascus", "02", ""],
        ["506", "Harnport", "35.4", "41.2", "SY", "0", "Asia/Damascus", "02", ""],
    ]
    return text(COLUMNS, rows)


class Country:
    """A dataset with the two gazetteers as sources, and the folder of their raw files."""

    def __init__(self, root: Path, raw: Path):
        self.root, self.raw = root, raw
        self.write("cod", country())
        self.write("gn", {"places.csv": places()})
        source = {"source_type": "gazetteer", "publisher_id": "marn-register-project", "access": "dataset"}
        source |= {"licence": "CC-BY-4.0", "coded_by": "curator-1"}
        patch(
            root,
            {
                "rows": {
                    "sources": [{"source_id": n, "title": n, "version": "1", **source} for n in ("cod", "gn")],
                    "locations": [
                        {"location_id": "marnia", "name": "Marnia", "location_type": "country", "country": "SY"},
                        {
                            "location_id": "olm",
                            "name": "Olm",
                            "location_type": "populated_place",
                            "parent_id": "olm-sy0101",
                            "country": "SY",
                            "latitude": "35.501",
                            "longitude": "40.251",
                        },
                    ],
                    "identifiers": [
                        self.identifier("marnia", "ocha-pcode", "SY"),
                        self.identifier("olm", "geonames", "777"),
                    ],
                }
            },
        )
        self.plan("cod", "ocha_cod", ["cod"], cod_settings())
        self.plan("gn", "geonames", ["cod", "gn"], {"file": "gn/places.csv"}, needs=["cod"])
        self.corrections()

    @staticmethod
    def identifier(location_id: str, scheme: str, code: str) -> dict[str, str]:
        row = {"identifier_id": f"{location_id}-{scheme}", "subject_table": "locations", "subject_id": location_id}
        return row | {"scheme": scheme, "identifier": code, "match": "exact"}

    def write(self, folder: str, files: dict[str, bytes]) -> None:
        (self.raw / folder).mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (self.raw / folder / name).write_bytes(data)

    def plan(
        self, source: str, importer: str, folders: list[str], settings: dict[str, Any], needs: list[str] | None = None
    ) -> None:
        """`source.yaml` with the digests of whatever lies in the folders now."""
        alone = folders == [source]
        files = [
            {
                "name": path.name if alone else f"{folder}/{path.name}",
                "bytes": path.stat().st_size,
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for folder in folders
            for path in sorted((self.raw / folder).iterdir())
        ]
        plan = {"source_id": source, "importer": importer, "needs": needs or [], "settings": settings}
        plan |= {"raw": {"folder": source if alone else ".", "files": files}}
        plan |= {"rows": {name: [1, 60] for name in ("locations", "names", "identifiers", "claims")}}
        (self.root / "seeds" / source).mkdir(exist_ok=True)
        (self.root / "seeds" / source / "source.yaml").write_text(yaml.safe_dump(plan, allow_unicode=True), "utf-8")

    def corrections(self, expect: str = " الميناء") -> None:
        entry = {"action": "override", "file": "quarters.csv", "where": {"neighbor_2": "N0002"}}
        entry |= {"expect": {"neighbor_1": expect}, "column": "neighbor_1", "value": "الميناء"}
        entry |= {"reason": "No cell may begin with a space.", "decided_by": "curator-1"}
        (self.root / "seeds" / "cod" / "corrections.yaml").write_text(yaml.safe_dump([entry], allow_unicode=True))

    def run(self, **more: Any) -> harness.Outcome:
        return harness.curate(self.root, self.raw, ["cod", "gn"], **more)

    def rows(self, table: str, source: str) -> dict[str, dict[str, str]]:
        folder = "seeds" if table == "places" else "data"
        path = self.root / (f"seeds/{source}/places.csv" if folder == "seeds" else f"data/{table}/{source}.csv")
        with path.open(encoding="utf-8", newline="") as file:
            return {next(iter(row.values())): row for row in csv.DictReader(file)}


def cod_settings() -> dict[str, Any]:
    return {
        "country": "SY",
        "units": {
            "pcode": "adm{n}_pcode",
            "names": {"adm{n}_name": "en", "adm{n}_name1": "ar"},
            "other": "adm{n}_ref_n",
        },
        "quarters": {"file": "quarters.csv", "columns": QUARTERS},
        "capitals": {"file": "capitals.csv", "columns": CAPITALS},
    }


@pytest.fixture
def made(tiny: Path, tmp_path: Path) -> Country:
    return Country(tiny, tmp_path / "raw")


@pytest.fixture(scope="module")
def curated(tiny_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Country:
    """The country, curated once; not to be changed."""
    folder = tmp_path_factory.mktemp("country")
    shutil.copytree(tiny_once, folder / "root")
    made = Country(folder / "root", folder / "raw")
    outcome = made.run()
    assert not outcome.errors, outcome.problems
    return made


def errors(outcome: harness.Outcome) -> list[Problem]:
    return [p for p in outcome.problems if p.severity == "error"]


def test_units_lie_in_each_other_and_are_called_after_their_kind(curated: Country) -> None:
    places = curated.rows("locations", "cod")
    assert places["vesk-sy010200"] == {
        "location_id": "vesk-sy010200",
        "name": "Vesk Subdistrict",
        "location_type": "subdistrict",
        "parent_id": "vesk-sy0102",
        "country": "SY",
        "latitude": "",
        "longitude": "",
        "radius_m": "",
    }
    assert places["vesk-sy0102"]["parent_id"] == "marnland-sy01"
    assert places["marnland-sy01"]["parent_id"] == "marnia"
    assert curated.rows("identifiers", "cod")["vesk-sy010200-ocha-pcode"]["identifier"] == "SY010200"


def test_units_have_their_names_in_both_languages(curated: Country) -> None:
    names = [row for row in curated.rows("names", "cod").values() if row["subject_id"] == "vesk-sy010200"]
    assert sorted((r["name"], r["language"], r["script"], r["name_type"]) for r in names) == [
        ("Vesk", "en", "Latn", "short_form"),
        ("مركز فسك", "ar", "Arab", "endonym"),
    ]


def test_every_name_rests_on_a_claim_that_names_its_cell(curated: Country) -> None:
    names, claims = curated.rows("names", "cod"), curated.rows("claims", "cod")
    by_subject = {row["subject_id"]: row for row in claims.values() if row["subject_table"] == "names"}
    assert by_subject.keys() == names.keys()
    arabic = next(row for row in names.values() if row["name"] == "التعميل")
    assert by_subject[arabic["name_id"]]["locator"] == "neighbor_2=N0001;column=neighbor_1"


def test_quarters_lie_in_their_city_which_has_the_point_of_its_seat(curated: Country) -> None:
    places = curated.rows("locations", "cod")
    assert places["tamil-n0001"]["parent_id"] == "vesk-c0001"
    assert places["tamil-n0001"]["name"] == "Ta'mil"
    city = places["vesk-c0001"]
    assert (city["location_type"], city["parent_id"]) == ("populated_place", "vesk-sy010200")
    assert (city["latitude"], city["longitude"]) == ("35.5", "40.75")


def test_a_cell_is_corrected_in_the_open(curated: Country) -> None:
    names = [r["name"] for r in curated.rows("names", "cod").values() if r["subject_id"] == "old-port-n0002"]
    assert sorted(names) == ["Old Port", "الميناء"]


def test_a_seat_that_is_there_already_is_no_second_row(curated: Country) -> None:
    """Vesk has a row as a city with quarters; Olm one by hand, a hundred metres off."""
    assert sorted(
        k for k, row in curated.rows("locations", "cod").items() if row["location_type"] == "populated_place"
    ) == [
        "tirn-town-sy0201",
        "vesk-c0001",
    ]
    decided = {
        row["name"]: row for row in curated.rows("places", "cod").values() if row["place_method"] != "outside_unit"
    }
    assert {name: row["location_id"] for name, row in decided.items()} == {"Vesk": "vesk-c0001", "Olm": "olm"}


def test_a_seat_rests_on_a_claim_and_lies_where_its_point_is(curated: Country) -> None:
    seat = curated.rows("locations", "cod")["tirn-town-sy0201"]
    assert seat["parent_id"] == "vesk-sy010200", "its point is there, whatever its row says"
    claim = curated.rows("claims", "cod")["cod-tirn-town-sy0201"]
    assert (claim["field"], claim["covers"]) == ("exists", "name location_type country latitude longitude")
    parent = curated.rows("claims", "cod")["cod-tirn-town-sy0201-parent"]
    assert (parent["field"], parent["value_text"], parent["value_origin"]) == ("parent_id", "vesk-sy010200", "computed")
    assert parent["note"] == "The unit whose polygon holds the point, SY010200."
    (flag,) = (row for row in curated.rows("places", "cod").values() if row["place_method"] == "outside_unit")
    assert (flag["name"], flag["location_id"]) == ("Tirn", "tirn-sy0201")
    assert flag["note"] == "the point 35.5, 40.9 lies 9.1 km outside, in vesk-sy010200"


def test_a_place_of_the_other_gazetteer_that_is_there_gets_names_and_id(curated: Country) -> None:
    assert "vesc-gn501" not in curated.rows("locations", "gn")
    assert curated.rows("identifiers", "gn")["vesk-c0001-geonames"]["identifier"] == "501"
    names = [row for row in curated.rows("names", "gn").values() if row["subject_id"] == "vesk-c0001"]
    assert sorted((r["name"], r["language"], r["script"], r["name_type"]) for r in names) == [
        ("Vesc", "", "Latn", "spelling"),
        ("Веск", "", "Cyrl", "alias"),
    ], "Vesk and its Arabic name are there from the units; the one of two scripts and the one with a mark are left out"


@pytest.mark.parametrize("source", ["cod", "gn"])
def test_every_location_that_is_made_rests_on_claims(curated: Country, source: str) -> None:
    """Places of GeoNames had no claim on their point, country and parent, and OCHA's units and quarters none at all."""
    covered: dict[str, set[str]] = {}
    for claim in curated.rows("claims", source).values():
        if claim["subject_table"] == "locations":
            told = claim["covers"].split() if claim["field"] == "exists" else [claim["field"]]
            covered.setdefault(claim["subject_id"], set()).update(told)
    for key, row in curated.rows("locations", source).items():
        assert {name for name, text in row.items() if text} - {"location_id"} <= covered[key], key


def test_a_name_that_is_spelt_otherwise_changes_no_id(made: Country) -> None:
    """Ids begin with the name; a new spelling made a new id, and the old one vanished."""
    made.run()
    tables = [(table, source) for table in ("locations", "identifiers") for source in ("cod", "gn")]
    before = {each: sorted(made.rows(*each)) for each in tables}
    respelt = country()
    respelt |= shapefiles("level2", 2, LAYERS[2][0], LAYERS[2][1] | {"SY0101": "Ulm|علم"})
    for name, old, new in (("quarters.csv", b"Old Port", b"Auld Port"), ("capitals.csv", b"Tirn", b"Tyrn")):
        assert old in respelt[name]
        respelt[name] = respelt[name].replace(old, new)
    made.write("cod", respelt)
    made.write("gn", {"places.csv": places().replace(b"Lower Olm", b"Nether Ulm")})
    made.plan("cod", "ocha_cod", ["cod"], cod_settings())
    made.plan("gn", "geonames", ["cod", "gn"], {"file": "gn/places.csv"}, needs=["cod"])
    assert not errors(made.run())
    assert made.rows("locations", "gn")["lower-olm-gn502"]["name"] == "Nether Ulm"
    assert made.rows("locations", "cod")["tirn-town-sy0201"]["name"] == "Tyrn"
    assert made.rows("locations", "cod")["olm-sy0101"]["name"] == "Ulm District"
    assert before == {each: sorted(made.rows(*each)) for each in tables}


def test_a_hand_place_whose_point_lies_in_a_smaller_unit_is_a_finding(made: Country) -> None:
    """Such a place had no subdistrict, since its parent was the governorate."""
    made.run()
    path = made.root / "data/locations/hand.csv"
    path.write_text(path.read_text("utf-8").replace("olm-sy0101", "marnland-sy01"), "utf-8")
    (found,) = made.run(check=True).problems
    assert (found.rule, found.severity, found.record_id) == ("place-in-smaller-unit", "warning", "olm")
    assert (found.field, found.value) == ("parent_id", "marnland-sy01")
    assert "olm-sy0101" in found.message


def test_two_rows_that_a_person_calls_one_place(made: Country) -> None:
    made.run()
    path = made.root / "seeds/gn/places.csv"
    row = "gn-harnport-1,gn,Harnport,geonames 506,tirn-ford-gn504,,curator,,curator-1,The same place twice."
    path.write_text(path.read_text("utf-8") + row + "\n", "utf-8")
    assert not errors(made.run())
    assert "harnport-gn506" not in made.rows("locations", "gn")
    ids = made.rows("identifiers", "gn")
    assert ids["tirn-ford-gn504-geonames"]["match"] == "exact"
    assert (ids["tirn-ford-gn504-geonames-506"]["identifier"], ids["tirn-ford-gn504-geonames-506"]["match"]) == (
        "506",
        "close",
    )


@pytest.mark.parametrize(
    ("folder", "old", "new", "line", "column", "field"),
    [
        ("gn", b",35.2,40.2", b",abc,40.2", 3, 3, "latitude"),
        ("gn", b",35.2,40.2", b",35.2,181", 3, 4, "longitude"),
        ("gn", b"502,Low", b"x502,Low", 3, 1, "geonameid"),
        ("gn", b"502,Low", b"501,Low", 3, 1, "geonameid"),
        ("cod", b",40.25,", b",nan,", 3, 3, "x_coord"),
        ("cod", b",SY0101,", b",SY9999,", 3, 6, "adm2_pcode"),
    ],
)
def test_a_cell_that_is_not_what_it_should_be(
    made: Country, folder: str, old: bytes, new: bytes, line: int, column: int, field: str
) -> None:
    """A latitude of `abc` ended in a traceback."""
    name, data = ("places.csv", places()) if folder == "gn" else ("capitals.csv", country()["capitals.csv"])
    assert old in data
    made.write(folder, {name: data.replace(old, new)})
    made.plan("cod", "ocha_cod", ["cod"], cod_settings())
    made.plan("gn", "geonames", ["cod", "gn"], {"file": "gn/places.csv"}, needs=["cod"])
    (found,) = errors(made.run())
    assert (found.line, found.column, found.field) == (line, column, field)
    assert found.value in new.decode()
    assert found.message


@pytest.mark.parametrize(
    ("source", "settings", "field"),
    [
        ("gn", {}, "settings.file"),
        ("gn", {"file": "gn/place.csv"}, "settings.file"),
        ("gn", {"file": "gn/places.csv", "folder": "x"}, "settings.folder"),
        ("cod", {"country": 7}, "settings.country"),
        ("cod", {"units": {"pcode": "adm{n}_pcode", "names": {}}}, "settings.units.other"),
        ("cod", {"quarters": {"file": "quarters.csv", "columns": QUARTERS[1:]}}, "settings.quarters.columns"),
    ],
)
def test_settings_that_are_not_what_they_should_be(
    made: Country, source: str, settings: dict[str, Any], field: str
) -> None:
    """A key that was missing, misspelt or of another type ended in a traceback."""
    if source == "gn":
        made.plan("gn", "geonames", ["cod", "gn"], settings, needs=["cod"])
    else:
        made.plan("cod", "ocha_cod", ["cod"], cod_settings() | settings)
    (found,) = errors(made.run())
    assert (found.rule, found.file, found.field) == ("source-yaml", f"seeds/{source}/source.yaml", field)
    assert found.message
    assert found.hint


def test_what_is_left_out_is_counted(made: Country) -> None:
    outcome = made.run()
    assert outcome.counts["gn"]["names left out: several scripts, or one without a code"] == 1
    assert outcome.counts["gn"]["names left out: characters that no cell may hold"] == 1


def test_a_new_place_lies_in_the_smallest_unit_that_holds_its_point(curated: Country) -> None:
    places = curated.rows("locations", "gn")
    assert places["lower-olm-gn502"]["parent_id"] == "olm-sy0101"
    assert places["tirn-ford-gn504"]["parent_id"] == "tirn-sy0201"
    assert places["tirn-isle-gn505"]["parent_id"] == "tolland-sy02", "in no polygon: the unit that the source says"


def test_points_outside_their_unit_are_shown_and_not_moved(made: Country) -> None:
    outcome = made.run()
    assert not outcome.problems, "each finding is waived, with the reason"
    assert outcome.counts["gn"]["points outside the unit that the source names"] == 2
    place = made.rows("locations", "gn")["far-olm-gn503"]
    assert (place["parent_id"], place["latitude"]) == ("olm-sy0101", "35.3")
    notes = {r["name"]: r["note"] for r in made.rows("places", "gn").values() if r["place_method"] == "outside_unit"}
    assert notes == {
        "Far Olm": "the point 35.3, 40.1 lies 81.7 km outside, in olm-sy0101",
        "Tirn Isle": "the point 36.05, 41.5 lies 5.6 km outside, in no unit",
    }
    (made.root / "schemas/rules/waivers-gn.csv").unlink()
    assert [(p.rule, p.value) for p in validate(made.root).problems] == [
        ("places__point_outside_unit", "Far Olm"),
        ("places__point_outside_unit", "Tirn Isle"),
    ]


def test_a_second_run_changes_nothing(made: Country) -> None:
    made.run()
    before = {p: p.read_bytes() for p in made.root.rglob("*.csv")}
    outcome = made.run(check=True)
    assert (outcome.changes, errors(outcome)) == ([], [])
    assert before == {p: p.read_bytes() for p in made.root.rglob("*.csv")}


def test_a_person_overrules_the_identification(made: Country) -> None:
    made.run()
    path = made.root / "seeds/gn/places.csv"
    changed = path.read_text("utf-8").replace(
        "vesk-c0001,,exact_name,1,script-places", "tirn-town-sy0201,,curator,,curator-1"
    )
    assert changed != path.read_text("utf-8")
    path.write_text(changed, "utf-8")
    outcome = made.run()
    assert not errors(outcome)
    assert made.rows("identifiers", "gn")["tirn-town-sy0201-geonames"]["identifier"] == "501"
    assert "curator-1" in path.read_text("utf-8")


def test_a_correction_that_no_longer_fits_stops_the_run(made: Country) -> None:
    made.corrections(expect="الميناء القديم")
    found = errors(made.run())
    assert [p.rule for p in found] == ["correction-unfit"]
    assert not (made.root / "data/locations/cod.csv").exists()


def test_another_digest_stops_the_run(made: Country) -> None:
    made.write("cod", {"capitals.csv": b"adm_p_lvl\n"})
    assert [p.rule for p in errors(made.run())] == ["raw-changed"]


@pytest.mark.parametrize(
    ("folder", "name", "data", "rule", "message"),
    [
        ("cod", "level2.shp", b"\0\0\x27\x0a" + bytes(60), "source-error", "cannot be read as a shapefile"),
        ("cod", "level2.geojson", geojson(2, LAYERS[2][0]), "source-error", "p-codes stand twice"),
        ("cod", "capitals.csv", text(CAPITALS[:-1], []), "missing-label", 'has no column "adm0_pcode"'),
        ("cod", "capitals.csv", text([*CAPITALS[1:], CAPITALS[0]], []), "incorrect-label", "another order"),
        ("cod", "quarters.csv", text(QUARTERS, [], ";"), "incorrect-label", "parted by semicolons"),
        ("cod", "quarters.csv", text(QUARTERS, []).replace(b"\n", b"\r"), "line-ends", "CR alone"),
        ("cod", "level3.geojson", geojson(3, {"SY990101": (1, 1, 2, 2)}), "missing-label", 'no column "adm3_name"'),
        ("gn", "places.csv", text(COLUMNS, [["1"]]), "missing-cell", "has 1 cells"),
        ("gn", "places.csv", b"\xff", "encoding-error", "is not UTF-8"),
    ],
)
def test_raw_files_that_are_not_what_they_should_be(
    made: Country, folder: str, name: str, data: bytes, rule: str, message: str
) -> None:
    for path in (made.raw / folder).glob(name.partition(".")[0] + ".*"):
        if name == "level3.geojson":
            path.unlink()
    made.write(folder, {name: data})
    made.plan("cod", "ocha_cod", ["cod"], cod_settings())
    made.plan("gn", "geonames", ["cod", "gn"], {"file": "gn/places.csv"}, needs=["cod"])
    found = errors(made.run())
    assert rule in [p.rule for p in found]
    assert message in " ".join(f"{p.file} {p.message}" for p in found)
    assert not (made.root / "data/locations/gn.csv").exists()


def test_counts_outside_the_floors_stop_the_run(made: Country) -> None:
    path = made.root / "seeds/gn/source.yaml"
    path.write_text(path.read_text("utf-8").replace("locations:\n  - 1\n", "locations:\n  - 40\n"), "utf-8")
    assert [p.rule for p in errors(made.run())] == ["row-count"]


def test_a_place_that_resolves_twice_is_a_finding(made: Country) -> None:
    made.run()
    path = made.root / "seeds/gn/places.csv"
    rows = path.read_text("utf-8").splitlines()
    row = next(line for line in rows if line.startswith("gn-vesc-"))
    path.write_text(
        "\n".join([*rows, "gn-vesc-zz" + row[row.index(",") :].replace("vesk-c0001", "olm")]) + "\n", "utf-8"
    )
    assert "places__resolved_twice" in {p.rule for p in validate(made.root).problems}


def test_two_ids_of_one_register_tell_two_places_of_one_name_apart(made: Country) -> None:
    """Quarters of one name in two cities have no coordinates, and 40 pairs of them were called doubles."""
    again = {"location_id": "port-2", "name": "Port", "location_type": "neighbourhood", "country": "SY"}
    patch(made.root, {"rows": {"locations": [again, again | {"location_id": "port-1"}]}})
    one, two = (Country.identifier(f"port-{n}", "ocha-pcode", f"N100{n}") for n in (1, 2))
    patch(made.root, {"rows": {"identifiers": [one, two | {"scheme": "geonames", "identifier": "999"}]}})
    assert "locations__near_duplicate" in {p.rule for p in validate(made.root).problems}
    patch(made.root, {"rows": {"identifiers": [two]}})
    assert "locations__near_duplicate" not in {p.rule for p in validate(made.root).problems}


def test_the_real_sources_list_what_they_read() -> None:
    """GeoNames' points are placed with the polygons of the other two sources: the same bytes in each source.yaml."""
    plans = {n: yaml.safe_load((ROOT / f"seeds/{n}/source.yaml").read_text("utf-8")) for n in REAL}
    digests = {Path(file["name"]).name: file["sha256"] for n in REAL[:2] for file in plans[n]["raw"]["files"]}
    others = {Path(f["name"]).name: f["sha256"] for f in plans[REAL[2]]["raw"]["files"]}
    polygons = {name for name in digests if name.endswith((".shp", ".dbf", ".shx", ".geojson"))}
    assert {name: others[name] for name in polygons} == {name: digests[name] for name in polygons}
    assert schema_in(ROOT).seeds["places"]


REAL = ("ocha-cod-ab-syr", "ocha-cod-ab-irq", "geonames-cities500")

"""The conversion of whole GED releases: any form of file, one model, bounded memory, nothing half written."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import duckdb
import polars as pl
import pytest
import ucdp_files
from conftest import ROOT, schema_in

from bastions import problems
from bastions.curate import ucdp_ged_world, ucdp_stream, ucdp_writer
from bastions.curate.ucdp_ged_world import Converted, convert, release
from bastions.validation import validate

SCHEMA = schema_in(ROOT)
TABLES = {"actors", "claims", "engagements", "figures", "identifiers", "locations", "participants", "sources"}
FORMS = {
    "GEDEvent_v25_1.csv": ucdp_files.ged_49(),
    "ged191_syria.csv": ucdp_files.ged(),
    "ged251 with a mark.csv": b"\xef\xbb\xbf" + ucdp_files.ged_49(),
    "ged251-crlf.csv": ucdp_files.ged_49().replace(b"\n", b"\r\n"),
}


def run(
    folder: Path, data: bytes, name: str = "GEDEvent_v25_1.csv", *, side: str = "", form: str = "parquet"
) -> tuple[Converted, Path]:
    """Converts bytes as a file of this name."""
    (folder / name).write_bytes(data)
    out = folder / "out"
    return convert(folder / name, out, SCHEMA, side=side, form=form), out


def said(done: Converted) -> str:
    """The problems, as people read them."""
    return problems.render(problems.Report(tuple(done.problems), {}), "text")


def table(out: Path, name: str) -> pl.DataFrame:
    """A table that was written, without what tells releases of one event apart."""
    frame = pl.read_parquet(out / "parquet" / f"{name}.parquet")
    key = SCHEMA.tables[name].primary_key[0]
    assert frame.get_column(key).is_unique().all(), f"keys of {name}"
    return frame.sort(key)


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_file_gives_the_same_events(tmp_path: Path, name: str) -> None:
    done, out = run(tmp_path, FORMS[name], name)
    assert not done.errors, said(done)
    assert {path.stem for path in (out / "parquet").iterdir()} == TABLES
    events = table(out, "engagements")
    assert events.get_column("engagement_id").to_list() == [f"ucdp-ged-{n}" for n in range(101, 107)]
    assert events.select("date_start", "date_end").row(1) == ("2018-06-01", "2018-06-30")
    assert done.rows["engagements"] == done.counts["events"] == 6
    best = table(out, "claims").filter(pl.col("claim_id").str.ends_with("-best"))
    assert best.get_column("value").to_list() == [3, 4, 7, 2, 9, 1]
    assert best.get_column("value_max").to_list() == [5, 4, 7, 6, 8, 1], "UCDP's numbers, in order or not"


def test_a_zip_is_read_as_the_file_in_it(tmp_path: Path) -> None:
    path = tmp_path / "ged261-csv.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("GEDEvent_v26_1.csv", ucdp_files.ged_49())
        archive.writestr("readme.txt", "not data")
    done = convert(path, tmp_path / "out", SCHEMA)
    assert not done.errors, said(done)
    assert table(tmp_path / "out", "sources").get_column("source_id").to_list() == ["ucdp-ged-26-1"]


def test_many_batches_give_what_one_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, out = run(tmp_path, ucdp_files.ged_49())
    whole = {name: table(out, name) for name in TABLES}
    shutil.rmtree(out)
    monkeypatch.setattr(ucdp_stream, "BLOCK", 1500)
    several: list[int] = []

    def counted(numbers: object) -> object:
        for number in numbers:  # type: ignore[attr-defined]
            several.append(number)
            yield number

    done = convert(tmp_path / "GEDEvent_v25_1.csv", out, SCHEMA, progress=counted)  # type: ignore[arg-type]
    assert len(several) > 1
    assert done.rows == one.rows
    for name in TABLES:
        assert table(out, name).equals(whole[name]), name


def test_references_between_the_tables_hold(tmp_path: Path) -> None:
    _, out = run(tmp_path, ucdp_files.ged_49())
    with duckdb.connect() as db:
        db.execute(f"SET file_search_path = '{out}'")
        db.execute((out / "views.sql").read_text("utf-8"))
        for sql in (
            "FROM engagements ANTI JOIN locations USING (location_id)",
            "FROM participants ANTI JOIN actors USING (actor_id)",
            "FROM participants AS p ANTI JOIN engagements AS e ON e.engagement_id = p.subject_id",
            "FROM figures AS f ANTI JOIN claims AS c ON c.subject_id = f.figure_id AND c.field = 'value'",
            "FROM locations AS l ANTI JOIN locations AS p ON p.location_id = l.parent_id WHERE l.parent_id IS NOT NULL",
        ):
            assert db.execute(sql).fetchall() == [], sql


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_what_is_written_is_valid(tmp_path: Path, form: str) -> None:
    """As CSV it is a dataset of its own; the two events whose numbers are out of order are waived, and reported."""
    done, out = run(tmp_path, ucdp_files.ged_49(), form=form)
    assert not done.errors, said(done)
    assert "low, best and high are out of order in 2 events (104, 105)" in said(done)
    if form == "csv":
        report = validate(out)
        assert not report.problems, problems.render(report, "text")
        assert report.waived == 2
        return
    package = json.loads((out / "datapackage.json").read_text("utf-8"))
    there = {resource["name"] for resource in package["resources"]}
    keys = [key for resource in package["resources"] for key in resource["schema"].get("foreignKeys", [])]
    assert keys and all(key["reference"].get("resource") in {*there, None} for key in keys)


def test_a_table_that_is_too_large_for_csv_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in (100, 4000):
        monkeypatch.setattr(ucdp_writer, "MAX_FILE", limit)
        done, out = run(tmp_path, ucdp_files.ged_49(), form="csv")
        assert "of claims, which is as much as a CSV file here may have" in said(done)
        assert not out.exists()


def test_names_in_other_scripts_are_places_apart(tmp_path: Path) -> None:
    """Two of which nothing Latin is left, one that is half Latin, and two that are spellings of one."""
    names = ("Тверь", "Псков", "Tver область", "Marn", "MARN")
    events = [{"id": str(n), "adm_1": name} for n, name in enumerate(names, 1)]
    done, out = run(tmp_path, ucdp_files.ged_49(events))
    assert not done.errors, said(done)
    assert "1 places are named in several ways" not in said(done)
    assert "1 place is named in several ways, as ucdp-country-652-marn: Marn, MARN; the first is kept" in said(done)
    units = table(out, "locations").filter(pl.col("location_type") == "governorate")
    assert set(units.get_column("name")) == {"Тверь", "Псков", "Tver область", "Marn"}
    keys = units.get_column("location_id").to_list()
    assert all(re.fullmatch(r"ucdp-country-652-[a-z0-9]+(-[a-z0-9]+)*", key) for key in keys), keys


def test_what_a_place_is_called_tells_its_kind(tmp_path: Path) -> None:
    kinds = {
        "Ulm village": "populated_place",
        "Ulm": "unspecified",
        "Ulm district": "unspecified",
        "Ulm-Calder road": "route",
        "Eastern Marn": "region",
        "Ulm river": "river",
    }
    events = [{"id": str(n), "where_coordinates": name} for n, name in enumerate(kinds, 1)]
    _, out = run(tmp_path, ucdp_files.ged_49(events))
    found = dict(table(out, "locations").select("name", "location_type").iter_rows())
    assert {name: found[name] for name in kinds} == kinds


def test_what_an_actor_is_called_elsewhere_is_a_name_of_it(tmp_path: Path) -> None:
    events = [{"id": "1"}, {"id": "2", "side_b": "Guard of the Hills"}, {"id": "3"}]
    done, out = run(tmp_path, ucdp_files.ged_49(events))
    assert table(out, "names").select("subject_id", "name").rows() == [("ucdp-actor-990002", "Guard of the Hills")]
    (claim,) = table(out, "claims").filter(pl.col("subject_table") == "names").iter_rows(named=True)
    assert (claim["locator"], claim["value_text"]) == ("id=2;column=side_b", "Guard of the Hills")
    unlisted = "parties to non-state violence alone, of an organisation that GED does not tell"
    assert done.counts[unlisted] == 2


def test_civilians_who_fight_and_years_that_differ_are_told(tmp_path: Path) -> None:
    people = {"side_b_new_id": "1", "side_b": "Civilians"}
    events = [{"id": "1", **people}, {"id": "2", "year": "2017"}]
    done, out = run(tmp_path, ucdp_files.ged_49(events))
    assert not done.errors, said(done)
    assert "UCDP's civilians (actor 1) are a side that fights in 1 event (1); it is kept as it is" in said(done)
    assert "year is not that of date_start in 1 event (2)" in said(done)
    kinds = dict(table(out, "actors").select("actor_id", "actor_type").iter_rows())
    assert kinds["civilians"] == "population" and "ucdp-actor-1" not in kinds


def test_a_file_that_does_not_tell_its_release_is_a_finding(tmp_path: Path) -> None:
    done, out = run(tmp_path, ucdp_files.ged_49(), "events.csv")
    assert "does not tell by its name which release of GED it is" in said(done)
    assert not out.exists()
    done = convert(tmp_path / "events.csv", out, SCHEMA, named="ucdp-ged-25-1")
    assert done.rows["sources"] == 1


def test_many_faults_of_a_kind_are_told_with_their_number(tmp_path: Path) -> None:
    events = [{"id": str(n), "date_start": "2018-02-30"} for n in range(1, 202)]
    done, _ = run(tmp_path, ucdp_files.ged_49(events))
    lines = [line for line in said(done).splitlines() if "is not a day that exists" in line]
    assert len(lines) == 20
    assert lines[0].endswith("is not a day that exists (event 1) [type-error]")
    assert "; the same in 181 more events" in lines[-1]


def test_a_zip_that_was_cut_off_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "ged251-csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("GEDEvent_v25_1.csv", ucdp_files.ged_49())
    path.write_bytes(path.read_bytes()[:-40])
    assert "is a damaged zip" in said(convert(path, tmp_path / "out", SCHEMA))


def test_places_are_those_that_the_precision_means(tmp_path: Path) -> None:
    _, out = run(tmp_path, ucdp_files.ged_49())
    events = {row["engagement_id"]: row for row in table(out, "engagements").iter_rows(named=True)}
    places = {row["location_id"]: row for row in table(out, "locations").iter_rows(named=True)}
    assert places[events["ucdp-ged-102"]["location_id"]]["location_type"] == "governorate"
    town = places[events["ucdp-ged-101"]["location_id"]]
    assert (town["location_id"], town["location_type"]) == ("calder-town-s45000000-w30000000", "populated_place")
    assert town["parent_id"] == "ucdp-country-652-marn"
    assert places["ucdp-country-652"]["country"] == "SY", "by Gleditsch and Ward's number"


def test_sides_are_typed_as_ucdp_names_them(tmp_path: Path) -> None:
    state = {"side_a_new_id": "118", "side_a": "Government of Marn", "gwnoa": "652", "type_of_violence": "1"}
    _, out = run(tmp_path, ucdp_files.ged_49([{"id": "1", **state}, {"id": "2", **ucdp_files.ALLIANCE}]))
    kinds = dict(table(out, "actors").select("actor_id", "actor_type").iter_rows())
    assert kinds["ucdp-actor-118"] == "government"
    assert kinds["ucdp-actor-990010"] == "armed_coalition"
    assert kinds["ucdp-actor-990002"] == "armed_group"
    ids = table(out, "identifiers").filter(pl.col("subject_id") == "ucdp-actor-118")
    assert dict(ids.select("scheme", "identifier").iter_rows()) == {"ucdp-actor": "118", "gwno": "652"}


def test_one_side_alone_may_be_asked_for(tmp_path: Path) -> None:
    done, out = run(tmp_path, ucdp_files.ged_49(), side="990003")
    assert table(out, "engagements").get_column("engagement_id").to_list() == ["ucdp-ged-106"]
    assert done.rows["sources"] == 1
    none, _ = run(tmp_path / "out", ucdp_files.ged_49(), side="5")
    assert "no event has 5 on a side" in said(none)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("GEDEvent_v25_1.csv", "ucdp-ged-25-1"),
        ("ged191.csv", "ucdp-ged-19-1"),
        ("ged261-csv.zip", "ucdp-ged-26-1"),
        ("GEDEvent_v25_0_6.csv", "ucdp-ged-25-0-6"),
        ("GEDEvent_v23_01_23_12.csv", "ucdp-ged-23-01-23-12"),
        ("events.csv", ""),
    ],
)
def test_the_release_is_told_by_the_name_of_the_file(name: str, key: str) -> None:
    assert release(name) == key


def test_what_the_codebook_rules_out_is_told_once_with_its_count(tmp_path: Path) -> None:
    done, _ = run(tmp_path, ucdp_files.ged_49())
    assert "low, best and high are out of order in 2 events (104, 105)" in said(done)


def test_columns_in_another_order_are_read_by_name(tmp_path: Path) -> None:
    moved = pl.read_csv(ucdp_files.ged_49(), infer_schema=False)
    moved = moved.select(list(reversed(moved.columns)))
    done, out = run(tmp_path, moved.write_csv().encode())
    assert not done.errors
    assert "in an order that no release has" in said(done)
    assert table(out, "engagements").height == 6


def _ragged(data: bytes) -> bytes:
    lines = data.split(b"\n")
    return b"\n".join([*lines[:3], lines[3] + b",more", *lines[4:]])


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is empty"),
        (ucdp_files.ged_49().replace(b"\n", b"\r"), "has line ends of CR alone"),
        (ucdp_files.ged(delimiter=";"), "its cells are parted by semicolons, commas were expected"),
        (ucdp_files.ged_49().replace(b"side_a_new_id", b"side_a_newid", 1), 'Is it the column "side_a_newid"?'),
        (ucdp_files.ged_49().replace(b"deaths_unknown", b"deaths_a", 1), "stands twice in the header"),
        (ucdp_files.ged_49().replace(b"Calder", b"Cald\xe9r"), "is not UTF-8"),
        (_ragged(ucdp_files.ged_49()), "has 50 cells, 49 were expected"),
        (ucdp_files.ged_49([{"id": "1", "latitude": "45,5"}]), 'latitude "45,5" is not a coordinate'),
        (ucdp_files.ged_49([{"id": "1", "latitude": "355"}]), 'latitude "355" is out of range: -90 to 90 (event 1)'),
        (ucdp_files.ged_49([{"id": "1", "country": ""}]), "country is empty (event 1)"),
        (ucdp_files.ged_49([{"id": "1", "date_end": "2018-04-30"}]), "is before date_start (event 1)"),
        (ucdp_files.ged_49([{"id": "1"}, {"id": "1"}]), "stands for several events"),
        (ucdp_files.ged_49([]), "there is no event in it"),
        (b"PK\x03\x04 no zip", "is a damaged zip"),
        (b"id\0year\n1\0\n", "holds NUL bytes"),
        (ucdp_files.actors(), 'has no column "type_of_violence"'),
    ],
)
def test_bad_input_is_a_clear_finding_and_nothing_is_written(tmp_path: Path, data: bytes, what: str) -> None:
    done, out = run(tmp_path, data)
    assert done.errors
    assert what in said(done)
    assert not out.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["GEDEvent_v25_1.csv"]


def test_an_id_that_stands_in_two_batches_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ucdp_stream, "BLOCK", 1500)
    many = [{"id": str(n)} for n in range(1, 9)]
    done, out = run(tmp_path, ucdp_files.ged_49([*many, {"id": "1"}]))
    assert "stands for several events" in said(done)
    assert not out.exists()


def test_two_files_in_a_zip_are_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "ged251 two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "id\n")
        archive.writestr("b.csv", "id\n")
    assert "holds 2 CSV files: a.csv, b.csv; one is needed" in said(convert(path, tmp_path / "out", SCHEMA))


def test_what_is_in_the_way_stays(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("kept", "utf-8")
    with pytest.raises(FileExistsError):
        run(tmp_path, ucdp_files.ged_49())
    assert (tmp_path / "out" / "mine").read_text("utf-8") == "kept"
    with pytest.raises(ValueError, match="no form"):
        run(tmp_path / "out", ucdp_files.ged_49(), form="xml")


def test_a_failure_on_the_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ucdp_ged_world, "_put_actors", broken)
    with pytest.raises(OSError, match="No space"):
        run(tmp_path, ucdp_files.ged_49())
    assert [path.name for path in tmp_path.iterdir()] == ["GEDEvent_v25_1.csv"]

"""The relations of the release: derived tables, bounds of dates, `cells`, and the loader of views."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from bastions import dataset, loader, relations, views
from bastions.schema import Schema, SchemaError

GOOD = "-- One row is one actor.\n-- actor_id: Key of the actor.\nSELECT actor_id FROM actors\n"


@pytest.fixture(scope="module")
def loaded(tiny_once: Path) -> Schema:
    return loader.load(tiny_once)


@pytest.fixture(scope="module")
def data(loaded: Schema) -> dataset.Dataset:
    return dataset.read(loaded)


@pytest.fixture(scope="module")
def frames(data: dataset.Dataset) -> dict[str, pl.DataFrame]:
    return relations.published(data)


@pytest.fixture(scope="module")
def connection(loaded: Schema, frames: dict[str, pl.DataFrame]) -> Iterator[duckdb.DuckDBPyConnection]:
    with relations.connect(loaded, frames) as made:
        yield made


def test_tables_stand_in_load_order_sorted_by_key_with_the_published_columns(
    loaded: Schema, frames: dict[str, pl.DataFrame]
) -> None:
    assert list(frames) == loaded.load_order()
    assert set(frames) == {*loaded.tables, *loaded.derived}
    for name, frame in frames.items():
        table = loaded.all_tables[name].published()
        assert frame.columns == list(table.names)
        keys = frame.select(table.primary_key).rows()
        assert keys == sorted(keys)
        assert len(set(keys)) == len(keys)


def test_typed_cells_are_those_of_the_data(data: dataset.Dataset, frames: dict[str, pl.DataFrame]) -> None:
    for name, frame in data.typed.items():
        if name in frames:
            key = data.schema.all_tables[name].key
            assert frames[name].select(frame.columns).equals(frame.sort(key))


def test_bounds_stand_beside_every_edtf_column(frames: dict[str, pl.DataFrame]) -> None:
    row = frames["control"].filter(pl.col("control_id") == "orvessa-red-banner").to_dicts()[0]
    assert row["held_from"] == "2015"
    assert row["held_from_earliest"] == datetime.date(2015, 1, 1)
    assert row["held_from_latest"] == datetime.date(2015, 12, 31)
    still = frames["control"].filter(pl.col("held_to") == "..").to_dicts()[0]
    assert (still["held_to_earliest"], still["held_to_latest"]) == (None, None)


def test_bounds_as_text_are_iso_days(loaded: Schema, data: dataset.Dataset) -> None:
    text = relations.with_bounds(loaded.tables["control"], data.text["control"], as_text=True)
    assert set(text.dtypes) == {pl.String()}
    assert "2015-12-31" in text["held_from_latest"].to_list()


def test_records_are_the_keys_of_everything_a_claim_can_be_about(
    loaded: Schema, frames: dict[str, pl.DataFrame]
) -> None:
    expected = {(name, key) for name, table in loaded.subjects.items() for key in frames[name][table.key].to_list()}
    assert set(frames["records"].rows()) == expected
    assert not {"claims", "utterances"} & set(frames["records"]["subject_table"].to_list())


def test_derived_tables_say_what_the_schemas_say(loaded: Schema, frames: dict[str, pl.DataFrame]) -> None:
    codes = {(codes.name, code) for codes in loaded.code_lists.values() for code in codes.codes}
    assert set(frames["codes"].select("code_list", "code").rows()) == codes
    point = frames["code_attributes"].filter(
        (pl.col("code_list") == "comparator") & (pl.col("code") == "gt") & (pl.col("attribute") == "point")
    )
    assert point["attribute_value"].to_list() == ["no"]
    holder = frames["columns"].filter((pl.col("table_name") == "control") & (pl.col("column_name") == "holder_id"))
    assert holder.select("refers_to", "claim_required").rows() == [("actors", True)]
    own = frames["columns"].filter(pl.col("table_name").is_in(list(loaded.tables)))
    assert not own.filter(pl.col("column_name").str.ends_with("_earliest")).height


def test_claims_on_dates_have_the_bounds_of_what_they_say(frames: dict[str, pl.DataFrame]) -> None:
    """SQL cannot read EDTF: the days come from `value_text`, or from the cell that an `exists` claim covers."""
    dates = {
        (claim_id, field): (earliest, latest) for claim_id, field, earliest, latest in frames["claim_dates"].rows()
    }
    tuesday = datetime.date(2019, 3, 5)
    assert dates["orvessa-story-0004", "date_start"] == (tuesday, tuesday)
    assert dates["orvessa-story-0030", "held_from"] == (datetime.date(2015, 1, 1), datetime.date(2015, 12, 31))
    assert dates["orvessa-story-0008", "held_to"] == (None, None)
    assert ("orvessa-story-0030", "held_to") not in dates
    assert "2015-12-31" in relations.as_text(frames["claim_dates"])["date_latest"].to_list()


def test_cells_are_all_cells_that_are_not_empty(
    loaded: Schema, data: dataset.Dataset, connection: duckdb.DuckDBPyConnection
) -> None:
    """As text, as in CSV: a view over the typed tables must not write 7.0 for 7 or TRUE for true."""
    expected = {
        (name, row[table.key], column, cell)
        for name, table in loaded.subjects.items()
        for row in data.text[name].to_dicts()
        for column, cell in row.items()
        if cell is not None
    }
    found = connection.execute("FROM cells").fetchall()
    assert len(found) == len(expected)
    assert set(found) == expected


def test_data_that_break_keys_can_be_looked_at(loaded: Schema, frames: dict[str, pl.DataFrame]) -> None:
    twice = {**frames, "actors": pl.concat([frames["actors"], frames["actors"].head(1)])}
    with relations.connect(loaded, twice, with_views=False) as connection:
        (count,) = connection.execute("SELECT count(*) FROM actors").fetchall()[0]
    assert count == frames["actors"].height + 1


def test_more_frames_are_taken_and_nothing_outside_is_reached(
    loaded: Schema, frames: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("a\n1\n")
    with relations.connect(loaded, {**frames, "ledger": pl.DataFrame({"sentence_id": ["s1"]})}) as connection:
        assert connection.execute("SELECT sentence_id FROM ledger").fetchall() == [("s1",)]
        with pytest.raises(duckdb.PermissionException):
            connection.execute(f"FROM read_csv('{outside}')")
    with relations.connect(loaded, frames, with_views=False, sealed=False) as connection:
        assert connection.execute(f"FROM read_csv('{outside}')").fetchall() == [(1,)]


def test_a_date_that_is_none_has_no_bounds_and_does_not_stop_the_rules(data: dataset.Dataset) -> None:
    table = data.schema.tables["control"]
    broken = data.typed["control"].with_columns(held_from=pl.lit("2017-02-30"))
    assert relations.with_bounds(table, broken)["held_from_latest"].null_count() == broken.height


# --------------------------------------------------------------------------------------------------------------------
# The loader of views


def test_the_parts_of_a_view() -> None:
    text = (
        "-- One row is one\n-- actor.\n-- actor_id: Key\n--   of it.\n-- n: How many.\n\n"
        "-- Not of the block.\nSELECT actor_id, 1 AS n FROM actors;\n"
    )
    view = views.parse("x", "x.sql", text)
    assert view.description == "One row is one actor."
    assert view.columns == {"actor_id": "Key of it.", "n": "How many."}
    assert view.parameters is None
    assert not view.select.endswith(";")


def test_the_signature_of_a_macro() -> None:
    view = views.parse("x", "x.sql", "-- macro: x(day, place)\n-- A row.\n-- a: A.\nSELECT 1 AS a\n")
    assert view.parameters == ("day", "place")
    assert view.create().startswith('CREATE OR REPLACE MACRO "x"(day, place) AS TABLE')


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT 1 AS a", "does not say what one row is"),
        ("-- a: Only columns.\nSELECT 1 AS a", "does not say what one row is"),
        ("-- A row.\n-- a: A.\n", "there is no SELECT"),
        ("-- A row.\n-- a: A.\n-- a: Again.\nSELECT 1 AS a", "stands twice"),
        ("-- A row.\n-- a: A.\n-- goes on without its spaces\nSELECT 1 AS a", "neither a column nor the rest"),
        ("-- macro: other(day)\n-- A row.\n-- a: A.\nSELECT 1 AS a", "macro: x"),
        ("-- A row.\n-- a: A.\nSELECT 1 AS a; DROP TABLE actors", "more than one statement"),
        ("-- macro: x\n-- A row.\n-- a: A.\nSELECT 1 AS a", "macro: x"),
    ],
)
def test_a_file_that_is_no_view(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        views.parse("x", "x.sql", text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (GOOD.replace("FROM actors", "FROM nobody"), "view: Catalog Error: Table with name nobody"),
        (GOOD.replace("SELECT actor_id", "SELECT actor_id, name"), "column name has no comment"),
        (GOOD.replace("\nSELECT", "\n-- name: Its name.\nSELECT"), "there is no column name for its comment"),
        (
            "-- A row.\n-- name: Its name.\n-- actor_id: Key.\nSELECT actor_id, name FROM actors",
            "in another order than the columns: actor_id, name",
        ),
        (GOOD.replace("SELECT", "CREATE TABLE t AS SELECT"), "Parser Error"),
        (GOOD.replace("-- One row is one actor.\n", ""), "does not say what one row is"),
        (GOOD.replace("FROM actors", "FROM extra_2"), "view: these use each other: extra"),
    ],
)
def test_a_view_with_a_fault_is_named(tiny: Path, text: str, reason: str) -> None:
    folder = tiny / "schemas" / "views"
    (folder / "extra.sql").write_text(text)
    (folder / "extra_2.sql").write_text(GOOD.replace("FROM actors", "FROM extra"))
    loaded = loader.load(tiny)
    with pytest.raises(SchemaError) as caught:
        relations.connect(loaded, relations.published(dataset.read(loaded)))
    text = "\n".join(caught.value.faults)
    assert "schemas/views" in text
    assert "extra" in text
    assert reason in text


def test_what_uses_a_view_with_a_fault_is_not_blamed_for_it(tiny: Path) -> None:
    folder = tiny / "schemas" / "views"
    (folder / "a_user.sql").write_text(GOOD.replace("FROM actors", "FROM z_used"))
    (folder / "z_used.sql").write_text(GOOD.replace("FROM actors", "FROM nobody"))
    loaded = loader.load(tiny)
    with pytest.raises(views.ViewError) as caught:
        relations.connect(loaded, relations.published(dataset.read(loaded)))
    assert caught.value.faults[1] == "schemas/views/a_user.sql: view: uses z_used, which has a fault"


def test_a_view_cannot_take_the_name_of_a_table(tiny: Path) -> None:
    (tiny / "schemas" / "views" / "actors.sql").write_text(GOOD)
    with pytest.raises(views.ViewError, match="actors is the name of a table"):
        views.load(loader.load(tiny))


def test_views_are_created_after_what_they_use(loaded: Schema, frames: dict[str, pl.DataFrame]) -> None:
    with relations.connect(loaded, frames, with_views=False) as connection:
        connection.execute("DROP VIEW cells")
        order = [view.name for view in views.define(connection, views.load(loaded))]
    assert order.index("control_timeline") < order.index("control_on")
    assert order.index("strike_names") < order.index("record_names") < order.index("claims_flat")

"""One table in five dialects: each says the same of types, required cells, keys, codes and units."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pandera.errors
import polars as pl
import pyarrow as pa
import pytest

import bastions
from bastions import dialects
from bastions.loader import load


def test_pandera_schema_is_public_and_eager(tiny: Path) -> None:
    schema = bastions.pandera_schema("strikes", tiny)
    frame = bastions.read("strikes", tiny)
    assert schema.validate(frame).equals(frame)
    broken = frame.with_columns(pl.lit("catapult").alias("strike_type"))
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        schema.validate(broken, lazy=True)
    assert set(caught.value.failure_cases["check"]) == {"enum"}


def test_pandera_pattern_is_a_full_match(tiny: Path) -> None:
    """The check `str_matches` of pandera searches: without anchors `xx-UPPER` passed the pattern of keys."""
    schema = bastions.pandera_schema("actors", tiny)
    frame = bastions.read("actors", tiny)
    for key in ("xx-UPPER", "UPPERxx", "a--b", "a-"):
        with pytest.raises(pandera.errors.SchemaErrors):
            schema.validate(frame.head(1).with_columns(pl.lit(key).alias("actor_id")), lazy=True)


def test_arrow_schema_carries_descriptions_units_and_the_table_schema(tiny: Path) -> None:
    table = load(tiny).tables["strikes"].published()
    schema = dialects.arrow_schema(table)
    assert schema.names == list(table.names)
    assert schema.field("latitude").metadata[b"unit"] == b"degree"
    assert schema.field("date_start_earliest").type == pa.date32()
    assert not schema.field("strike_id").nullable
    assert schema.field("munition").nullable
    assert all(field.metadata[b"description"] for field in schema)
    assert json.loads(schema.metadata[b"table_schema"])["primaryKey"] == ["strike_id"]


def test_duckdb_has_keys_and_comments(tiny: Path) -> None:
    loaded = load(tiny)
    con = duckdb.connect()
    every = {**loaded.tables, **loaded.derived}
    for name in loaded.load_order():
        con.execute(dialects.duckdb_table(every[name].published()))
        for statement in dialects.duckdb_comments(every[name].published()):
            con.execute(statement)
    bare = con.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal")
    assert bare.fetchall() == []
    kinds = "SELECT constraint_type, count(*) FROM duckdb_constraints() GROUP BY ALL"
    counts = dict(con.execute(kinds).fetchall())
    assert counts["PRIMARY KEY"] == len(every)
    assert counts["FOREIGN KEY"] == sum(len(table.foreign_keys) for table in loaded.tables.values())


def test_table_schema_has_codes_as_enum_and_as_labelled_categories(tiny: Path) -> None:
    found = dialects.table_schema(load(tiny).tables["claims"])
    field = next(f for f in found["fields"] if f["name"] == "polarity")
    assert field["constraints"] == {"required": True, "enum": ["affirmed", "denied"]}
    assert [c["value"] for c in field["categories"]] == ["affirmed", "denied"]
    assert found["missingValues"] == [""]
    keys = dialects.table_schema(load(tiny).tables["utterances"])["foreignKeys"]
    own = next(key for key in keys if key["fields"] == ["parent_id"])
    assert "resource" not in own["reference"]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("integer", ["0", "7", "-12"], ["007", "+7", "1_000", "1,000", "7.0", "-0", " 7", "٣", "1e3", "0x10"]),
        ("number", ["0", "-0.5", "96", "1.25"], ["1.", ".5", "1.50", "1e3", "nan", "inf", "NaN", "1,5", "00.5", "-0"]),
        ("boolean", ["true", "false"], ["True", "1", "t", "yes", "TRUE"]),
        ("date", ["2017-11-03"], ["2017-11-3", "2017/11/03", "2017-02-29", "epoch", "infinity", "20171103"]),
        ("time", ["00:00:00", "23:59:59"], ["24:00:00", "9:00:00", "09:00", "23:59:60"]),
    ],
)
def test_one_lexical_form_for_each_type(kind: str, good: list[str], bad: list[str]) -> None:
    """Typed CSV readers coerce (`1.5` to 2, `epoch` to a day, `yes` to true) and validators accept `007` and `nan`."""
    from bastions.dataset import typed
    from bastions.schema import Field, Table

    table = Table("t", "T", "T.", "record", (Field("x", kind, "X."),), ("x",))
    assert typed(table, pl.DataFrame({"x": good}))["x"].null_count() == 0
    assert typed(table, pl.DataFrame({"x": bad}))["x"].null_count() == len(bad)

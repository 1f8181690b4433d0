"""One table in five dialects: each says the same of types, required cells, keys, codes and units."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import pandera.errors
import polars as pl
import pyarrow as pa
import pytest

import bastions
from bastions import dialects
from bastions.loader import load
from bastions.schema import Constraints, Field, ForeignKey, Table


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

    table = Table("t", "T", "T.", "record", (Field("x", kind, "X."),), ("x",))
    assert typed(table, pl.DataFrame({"x": good}))["x"].null_count() == 0
    assert typed(table, pl.DataFrame({"x": bad}))["x"].null_count() == len(bad)


# -- tables of other packages -----------------------------------------------------------------------------------------

NAMES = ["select", 'a "quoted" one', "with space", "naïve – 日本", "it's", "a;b--", "*", "^a$", "a.b", "%s", "{x}"]


def test_duckdb_takes_any_name() -> None:
    """The lists of keys were not quoted: a key column named `order` or `group` was a syntax error."""
    first = Table(
        'the "group"',
        "It's",
        "",
        "record",
        tuple(Field(name, "integer", f"About '{name}'") for name in NAMES),
        (NAMES[1], NAMES[0]),
        unique_keys=((NAMES[2], NAMES[3]), (NAMES[0], NAMES[1])),
    )
    fields = (Field("a", "integer", ""), Field("order", "integer", "", constraints=Constraints(unique=True)))
    key = ForeignKey(("order", "a"), first.name, (NAMES[1], NAMES[0]))
    second = Table("table", "", "", "record", fields, ("a",), (key,))
    con = duckdb.connect()
    for table in (first, second):
        con.execute(dialects.duckdb_table(table))
        for comment in dialects.duckdb_comments(table):
            con.execute(comment)
        found = con.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [table.name]).fetchall()
        assert [name for (name,) in found] == list(table.names)
    kinds = dict(con.execute("SELECT constraint_type, count(*) FROM duckdb_constraints() GROUP BY ALL").fetchall())
    assert (kinds["PRIMARY KEY"], kinds["UNIQUE"], kinds["FOREIGN KEY"]) == (2, 2, 1)
    con.execute(f"INSERT INTO {dialects.identifier(first.name)} SELECT {', '.join('1' * len(NAMES))}")
    con.execute('INSERT INTO "table" VALUES (1, 1)')
    for row in ("(2, 1)", "(3, 3)", "(1, NULL)"):  # not unique, of no key, a primary key twice
        with pytest.raises(duckdb.ConstraintException):
            con.execute(f'INSERT INTO "table" VALUES {row}')
    con.execute('INSERT INTO "table" VALUES (4, NULL), (5, NULL)')  # nulls are unique and refer to nothing


VALUES: dict[str, Any] = {
    "integer": 3, "number": 0.5, "boolean": True, "date": date(2017, 11, 3), "time": time(23, 59, 1, 5),
    "datetime": datetime(2017, 11, 3, 1, 2, 3, 4), "year": 2017,
}  # fmt: skip


@pytest.mark.parametrize("kind", dialects.TYPES)
def test_every_type_goes_through_every_dialect(kind: str) -> None:
    table = Table("t", "", "", "record", (Field("x", kind, "", constraints=Constraints(required=True)),), ())
    value = VALUES.get(kind, "text")
    frame = pl.DataFrame({"x": [value]}, schema=dialects.polars_schema(table))
    assert dialects.pandera_schema(table).validate(frame).equals(frame)
    arrow = frame.to_arrow().cast(dialects.arrow_schema(table))
    assert arrow["x"].to_pylist() == [value]
    assert pl.DataFrame(pl.from_arrow(arrow)).schema == frame.schema
    con = duckdb.connect()
    con.execute(dialects.duckdb_table(table))
    con.execute("INSERT INTO t SELECT * FROM arrow")
    assert con.execute("SELECT x FROM t").fetchall() == [(value,)]


def test_pandera_knows_every_constraint_of_one_cell() -> None:
    limits: dict[str, tuple[str, Any, Any, Any]] = {
        "minimum": ("date", date(2017, 11, 3), date(2017, 11, 3), date(2017, 11, 2)),
        "maximum": ("integer", 3, 3, 4),
        "exclusiveMinimum": ("number", 0.5, 0.6, 0.5),
        "exclusiveMaximum": ("datetime", datetime(2017, 11, 3), datetime(2017, 11, 2), datetime(2017, 11, 3)),
        "minLength": ("string", 2, "éé", "é"),
        "maxLength": ("string", 1, "é", "éé"),
        "pattern": ("string", r"\d|[a-z-[x]]+", "ab", "ab\n"),
        "enum": ("number", (1, 2.5), 1.0, 3.0),
    }
    for name, (kind, limit, good, bad) in limits.items():
        table = Table("t", "", "", "", (Field("x", kind, "", constraints=Constraints(**{name: limit})),), ())
        frame = pl.DataFrame({"x": [good, bad, None]}, schema=dialects.polars_schema(table))
        with pytest.raises(pandera.errors.SchemaErrors) as caught:
            dialects.pandera_schema(table).validate(frame, lazy=True)
        assert caught.value.failure_cases.select("check", "index").rows() == [(name, 1)]


def test_table_schema_says_how_values_are_written() -> None:
    from frictionless import Schema

    fields = (
        Field(
            "day",
            "date",
            "",
            constraints=Constraints(minimum=date(2017, 11, 3), enum=(date(2017, 11, 4),)),
            format="%d/%m/%Y",
        ),
        Field("n", "number", "", options={"decimalChar": ",", "groupChar": "."}, missing=("-", "")),
        Field("b", "boolean", "", options={"trueValues": ("yes",), "falseValues": ("no",)}),
        Field("c", "integer", "", categories=(1, 2), constraints=Constraints(unique=True, exclusiveMaximum=3)),
        Field("at", "datetime", "", constraints=Constraints(maximum=datetime(2017, 11, 3, 1))),
        Field("o", "object", "", constraints=Constraints(jsonSchema={"type": "object"}, minLength=1)),
        Field("x", "number", "", constraints=Constraints(enum=(math.nan, math.inf, 1.5))),
    )
    table = Table("t", "", "", "record", fields, (), unique_keys=(("day", "n"),))
    found = dialects.table_schema(table)
    assert found == {
        "fields": [
            {
                "name": "day",
                "type": "date",
                "format": "%d/%m/%Y",
                "constraints": {"minimum": "03/11/2017", "enum": ["04/11/2017"]},
            },
            {"name": "n", "type": "number", "decimalChar": ",", "groupChar": ".", "missingValues": ["-", ""]},
            {"name": "b", "type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
            {
                "name": "c",
                "type": "integer",
                "constraints": {"unique": True, "exclusiveMaximum": 3},
                "categories": [1, 2],
            },
            {"name": "at", "type": "datetime", "constraints": {"maximum": "2017-11-03T01:00:00"}},
            {"name": "o", "type": "object", "constraints": {"minLength": 1, "jsonSchema": {"type": "object"}}},
            {"name": "x", "type": "number", "constraints": {"enum": ["NaN", "INF", 1.5]}},
        ],
        "missingValues": [""],
        "uniqueKeys": [["day", "n"]],
    }
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    for field in found["fields"]:
        if field["name"] != "o":  # whose `jsonSchema` Frictionless does not know
            Schema.from_descriptor(
                {"$schema": "https://datapackage.org/profiles/2.0/tableschema.json", "fields": [field]}
            )


def test_missing_values_that_all_columns_share_are_said_once() -> None:
    fields = (Field("a", "any", "", missing=("NA",)), Field("b", "any", "", missing=("NA",)))
    found = dialects.table_schema(Table("t", "", "", "", fields, ("a", "b")))
    assert found["missingValues"] == ["NA"]
    assert all("missingValues" not in field for field in found["fields"])
    assert found["primaryKey"] == ["a", "b"]

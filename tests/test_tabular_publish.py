"""The release of anybody's package: what stands in it, who can read it, and what happens where it cannot be made."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bastions import dialects
from bastions.publish import CannotPublish, NotARelease, Release, atomic, metadata
from bastions.schema import Constraints, Field, ForeignKey, Table
from bastions.tabular.descriptor.dialect import Dialect
from bastions.tabular.descriptor.package import Package, Resource, read
from bastions.tabular.descriptor.paths import PathRefused
from bastions.tabular.limits import Limits
from bastions.tabular.release import describing, loading, planning, publish

Rows = Sequence[Mapping[str, Any]]

# --------------------------------------------------------------------------------------------------------------------
# Packages by hand


def table(name: str, fields: Mapping[str, str], key: str = "", **more: Any) -> Table:
    """A table of fields by their types; the names of the key are parted by spaces."""
    columns = tuple(Field(field, kind, "") for field, kind in fields.items())
    return Table(name, "", "", "", columns, tuple(key.split()), **more)


def refers(fields: str, to: str, target: str) -> ForeignKey:
    return ForeignKey(tuple(fields.split()), to, tuple(target.split()))


def package(*tables: Table, root: Path = Path("/nowhere"), **descriptor: Any) -> Package:
    resources = tuple(
        Resource(t.name, (f"{n}.csv",), "csv", "utf-8", Dialect(), t, "exact", None, None, {"name": t.name})
        for n, t in enumerate(tables)
    )
    return Package(root, "datapackage.json", {"resources": [], **descriptor}, resources)


def batch(of: Table, rows: Rows) -> pa.RecordBatch:
    schema = pa.schema([(field.name, dialects.TYPES[field.type].arrow) for field in of.fields])
    return pa.RecordBatch.from_pylist([{name: row.get(name) for name in of.names} for row in rows], schema)


def put(given: Package, stage: Path, data: Mapping[str, Rows]) -> None:
    """Writes the Parquet files, as a validation does."""
    (stage / "parquet").mkdir(parents=True, exist_ok=True)
    for name, path in publish.parquet_paths(given).items():
        with publish.Writer(given.tables[name], stage / path) as file:
            file.write(batch(given.tables[name], data.get(name, [])))


def release(given: Package, out: Path, data: Mapping[str, Rows], **options: Any) -> Release:
    """Builds a release, as the command does."""
    with atomic.replacing(out, metadata.made_by_release) as stage:
        put(given, stage, data)
        return publish.write(given, stage, **options)


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def build_json(out: Path) -> Any:
    return json.loads((out / "BUILD.json").read_text("utf-8"))


@contextlib.contextmanager
def database(out: Path, name: str = "package.duckdb") -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(out / name, read_only=True) as connection:
        yield connection


def keys(out: Path) -> set[tuple[str, str]]:
    """The keys of the database, as the name of their table and their text."""
    with database(out) as connection:
        query = "SELECT table_name, constraint_text FROM duckdb_constraints() WHERE constraint_type NOT IN ('NOT NULL')"
        return {
            (name, text.replace("'", "").replace(chr(34), "")) for name, text in connection.execute(query).fetchall()
        }


PEOPLE = table("people", {"id": "integer", "name": "string"}, "id")
VISITS = table(
    "visits", {"day": "date", "person": "integer"}, "day person", foreign_keys=(refers("person", "people", "id"),)
)
SOME: dict[str, Rows] = {
    "people": [{"id": 2, "name": "B"}, {"id": 1, "name": None}],
    "visits": [{"day": dt.date(2020, 1, 2), "person": 1}, {"day": dt.date(2020, 1, 1), "person": 2}],
}

# --------------------------------------------------------------------------------------------------------------------
# Parquet


@pytest.fixture
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "ROWS", 10)


MIXED = table("t", {"id": "string", "code": "string", "n": "integer", "x": "number", "ok": "boolean"}, "id")
MANY = [
    {"id": f"k{n:03}", "code": "abc"[n % 3] if n % 4 else None, "n": n * n, "x": n / 3, "ok": n % 2 == 0}
    for n in range(57)
]


@pytest.mark.usefixtures("small_groups")
@pytest.mark.parametrize("cuts", [(57,), (1,) * 57, (10, 10, 10, 10, 10, 7), (0, 33, 0, 24), (9, 2, 46)])
def test_the_bytes_do_not_depend_on_how_rows_are_cut_in_batches(tmp_path: Path, cuts: tuple[int, ...]) -> None:
    whole = batch(MIXED, MANY)
    for name, sizes in (("one", (57,)), ("two", cuts)):
        at = 0
        with publish.Writer(MIXED, tmp_path / name) as file:
            for size in sizes:
                file.write(whole.slice(at, size))
                at += size
        assert file.rows == 57
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    found = pq.ParquetFile(tmp_path / "two")
    assert [found.metadata.row_group(n).num_rows for n in range(found.num_row_groups)] == [10, 10, 10, 10, 10, 7]
    assert found.read().to_pylist() == MANY


@pytest.mark.usefixtures("small_groups")
def test_texts_of_every_arrow_kind_and_of_any_size_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts come as views or with wide offsets from polars; more than 2 GB of them fit into no plain column."""
    whole = batch(MIXED, MANY)
    kinds = {"plain": pa.string(), "wide": pa.large_string(), "view": pa.string_view()}
    for name, kind in kinds.items():
        schema = pa.schema([(f.name, kind if f.type == pa.string() else f.type) for f in whole.schema])
        with publish.Writer(MIXED, tmp_path / name) as file:
            file.write(whole.cast(schema))
    monkeypatch.setattr(publish, "WHOLE", 100)
    with publish.Writer(MIXED, tmp_path / "parts") as file:
        file.write(whole)
    assert len(set(contents(tmp_path).values())) == 1


def test_the_form_is_that_of_the_projects_own_releases(tmp_path: Path) -> None:
    with publish.Writer(MIXED, tmp_path / "t") as file:
        file.write(batch(MIXED, MANY))
    found = pq.ParquetFile(tmp_path / "t")
    group = found.metadata.row_group(0)
    columns = {group.column(n).path_in_schema: group.column(n) for n in range(group.num_columns)}
    assert {column.compression for column in columns.values()} == {"ZSTD"}
    expected = {
        "id": "DELTA_BYTE_ARRAY",
        "code": "RLE_DICTIONARY",
        "n": "DELTA_BINARY_PACKED",
        "x": "BYTE_STREAM_SPLIT",
    }
    assert {name: kind in columns[name].encodings for name, kind in expected.items()} == dict.fromkeys(expected, True)
    assert not group.sorting_columns  # rows stand in the order of the package's files
    assert json.loads(found.metadata.metadata[b"table_schema"])["primaryKey"] == ["id"]


def test_every_type_and_any_name_of_a_column(tmp_path: Path) -> None:
    values: dict[str, Any] = {
        "integer": -(2**63), "number": 0.1, "boolean": True, "date": dt.date(1, 1, 1),
        "time": dt.time(23, 59, 59, 999999), "datetime": dt.datetime(2020, 2, 29, 1, 2, 3), "year": -44,
    }  # fmt: skip
    names = [
        "a.b",
        "a",
        'q"u',
        "sp ace",
        "été",
        "*",
        "^x$",
        "file_row_number",
        "row_",
        "c0",
        "x;--",
        "'",
        "1",
        "A B",
        "[",
        "%",
    ]
    assert len(names) == len(dialects.TYPES)
    every = table("every", dict(zip(names, dialects.TYPES, strict=True)))
    row = {f.name: values.get(f.type, 'te"xt,\n') for f in every.fields}
    release(package(every), tmp_path / "out", {"every": [row, {}]})
    assert pq.read_table(tmp_path / "out/parquet/every.parquet").to_pylist() == [row, dict.fromkeys(names)]
    with database(tmp_path / "out") as connection:
        assert connection.execute("FROM every").fetchall() == [tuple(row.values()), (None,) * len(names)]
        types = dict(
            connection.execute(
                "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'every'"
            ).fetchall()
        )
    assert types == {field.name: dialects.TYPES[field.type].duckdb for field in every.fields}


def test_a_table_is_written_while_it_is_being_checked(tmp_path: Path) -> None:
    """Columns can be missing, and cells of required ones empty: what is wrong with the table is told at the end."""
    required = Field("n", "integer", "", constraints=Constraints(required=True))
    checked = Table("t", "", "", "", (required, Field("other", "date", "")), ("n",))
    with publish.Writer(checked, tmp_path / "t") as file:
        file.write(pa.record_batch([pa.array([1, None])], names=["n"]))
    assert pq.read_table(tmp_path / "t").to_pylist() == [{"n": 1, "other": None}, {"n": None, "other": None}]


def test_a_column_that_the_table_has_not_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no column m"), publish.Writer(PEOPLE, tmp_path / "t") as file:
        file.write(pa.record_batch([pa.array([1])], names=["m"]))
    assert not list(tmp_path.iterdir())


def test_an_empty_table(tmp_path: Path) -> None:
    release(package(PEOPLE, VISITS), tmp_path / "out", {})
    assert pq.read_table(tmp_path / "out/parquet/people.parquet").num_rows == 0
    assert build_json(tmp_path / "out")["tables"]["people"]["rows"] == 0


# --------------------------------------------------------------------------------------------------------------------
# Names of files


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.lists(st.text(), unique=True, max_size=6))
@example(["../../etc/passwd", "a/b", "a\\b", ".hidden", "-rf", "CON ", "", ".", ".."])
@example(["A", "a", "a-2", "a 2", "a/2"])
@example(["x" * 500, "x" * 501, "\ud800", "\x00", "\n", "e\u0301", "é", "İ", "ı", "ß", "SS"])
def test_any_name_gives_a_safe_file_of_its_own(names: list[str]) -> None:
    found = publish.file_names(names)
    assert list(found) == names
    assert len({made.casefold() for made in found.values()}) == len(names)
    for made in found.values():
        assert made and len(made.encode()) < 200
        assert made[0] not in ".-" and ".." not in made
        assert all(c.isprintable() and c not in '/\\:*?"<>|% ' for c in made)


def test_names_that_are_safe_stay() -> None:
    names = ["people", "a_b-c.d", "население", "عدد", "2020"]
    assert publish.file_names(names) == {name: name for name in names}


# --------------------------------------------------------------------------------------------------------------------
# What is in a release


def test_a_release_holds_and_digests_everything(tmp_path: Path) -> None:
    given = package(PEOPLE, VISITS, name="visits-of-people", version="1.2.0")
    made = release(given, tmp_path / "out", SOME)
    files = contents(tmp_path / "out")
    assert set(files) == set(made.files) == {
        "BUILD.json", "SHA256SUMS", "codebook.md", "datapackage.json", "parquet/people.parquet",
        "parquet/visits.parquet", "visits-of-people.duckdb", "visits-of-people.duckdb.sha256",
    }  # fmt: skip
    assert (made.version, made.rows, made.notes) == ("1.2.0", {"people": 2, "visits": 2}, ())
    assert "release 1.2.0, 4 rows in 2 tables" in str(made) and "views" not in str(made)
    unlisted = {"SHA256SUMS", "visits-of-people.duckdb", "visits-of-people.duckdb.sha256"}
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in files.items() if name not in unlisted]
    assert files["SHA256SUMS"].decode().splitlines() == sorted(lines, key=lambda line: line[66:])
    database_digest = hashlib.sha256(files["visits-of-people.duckdb"]).hexdigest()
    assert files["visits-of-people.duckdb.sha256"].decode() == f"{database_digest}  visits-of-people.duckdb\n"
    build = build_json(tmp_path / "out")
    assert (build["name"], build["version"], build["database"]) == (
        "visits-of-people",
        "1.2.0",
        "visits-of-people.duckdb",
    )
    assert set(build["writers"]) == set(describing.WRITERS)
    assert build["tables"]["visits"] == {"path": "parquet/visits.parquet", "rows": 2}
    assert (build["keys_left_out"], build["names_in_database"]) == ([], {})


def test_rows_stay_in_the_order_of_the_files(tmp_path: Path) -> None:
    release(package(PEOPLE), tmp_path / "out", SOME)
    assert pq.read_table(tmp_path / "out/parquet/people.parquet").to_pylist() == SOME["people"]
    with database(tmp_path / "out") as connection:
        assert connection.execute("FROM people").fetchall() == [(2, "B"), (1, None)]


def test_the_same_package_gives_the_same_bytes_but_for_the_database(tmp_path: Path) -> None:
    first, second = tmp_path / "one", tmp_path / "elsewhere [1]*" / "two"
    for out in (first, second):
        release(package(PEOPLE, VISITS, name="x"), out, SOME)
    stable = [{k: v for k, v in contents(out).items() if not k.startswith("x.duckdb")} for out in (first, second)]
    assert stable[0] == stable[1]


def test_a_release_is_replaced_by_the_next_whatever_its_database_is_called(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for name in ("one", "two", "two"):
        release(package(PEOPLE, name=name), out, SOME)
    assert "two.duckdb" in contents(out) and "one.duckdb" not in contents(out)
    release(package(PEOPLE), out, SOME, database=False)
    assert sorted(contents(out)) == [
        "BUILD.json",
        "SHA256SUMS",
        "codebook.md",
        "datapackage.json",
        "parquet/people.parquet",
    ]
    assert build_json(out)["database"] is None
    release(package(PEOPLE), out, SOME)


@pytest.mark.parametrize("named", ["notes.txt", "../x.duckdb", ["x.duckdb"], 1, None])
def test_nothing_else_may_go_because_a_build_json_names_it_the_database(tmp_path: Path, named: object) -> None:
    out = tmp_path / "out"
    release(package(PEOPLE, name="x"), out, SOME, database=False)
    (out / "BUILD.json").write_text(json.dumps({**build_json(out), "database": named}))
    (out / "notes.txt").write_text("mine")
    with pytest.raises(NotARelease, match=r"notes\.txt"):
        release(package(PEOPLE), out, SOME)
    assert (out / "notes.txt").read_text() == "mine"


def test_the_projects_own_database_is_known_without_being_named(tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS").write_text(
        "".join(f"{'0' * 64}  {name}\n" for name in ("BUILD.json", "datapackage.json"))
    )
    for text in ('{"name": "bastions"}', "{", "[]", "[" * 100_000, "\udcff"):
        (tmp_path / "BUILD.json").write_text(text, "utf-8", "surrogateescape")
        assert {"bastions.duckdb", "bastions.duckdb.sha256"} <= metadata.made_by_release(tmp_path)


# --------------------------------------------------------------------------------------------------------------------
# The descriptor and the codebook

GIVEN: dict[str, Any] = {
    "profile": "tabular-data-package",
    "name": "towns",
    "title": "Towns",
    "licenses": [{"name": "CC0-1.0", "title": "CC0"}],
    "sources": [{"title": "A register"}],
    "contributors": [{"title": "Somebody"}],
    "region": {"own": ["property"]},
    "resources": [
        {
            "name": "towns",
            "path": ["a.csv", "b.csv"],
            "profile": "tabular-data-resource",
            "title": "All towns",
            "encoding": "latin-1",
            "dialect": {"delimiter": ";"},
            "note": 1,
            "schema": {
                "fields": [
                    {
                        "name": "id",
                        "type": "integer",
                        "groupChar": ".",
                        "bareNumber": False,
                        "rdfType": "https://example.org/id",
                    },
                    {"name": "since", "type": "date", "format": "%d/%m/%Y", "constraints": {"minimum": "03/11/1017"}},
                    {"name": "size", "type": "number", "decimalChar": ",", "unit": "km2"},
                    {"name": "web", "type": "string", "format": "uri", "constraints": {"unique": True}},
                    {"name": "open", "type": "boolean", "trueValues": ["ja"], "falseValues": ["nee"]},
                ],
                "primaryKey": "id",
                "missingValues": ["", "n/a"],
            },
        },
        {"name": "map", "path": "maps/map.png", "mediatype": "image/png", "hash": "0" * 32},
    ],
}


@pytest.fixture
def towns(tmp_path: Path) -> Package:
    """A package of the first version, read from its descriptor; its tables are given in the tests."""
    root = tmp_path / "towns"
    (root / "maps").mkdir(parents=True)
    for name in ("a.csv", "b.csv", "maps/map.png"):
        (root / name).write_bytes(b"\x89PNG")
    (root / "datapackage.json").write_text(json.dumps(GIVEN))
    found, _ = read(root, Limits())
    assert found is not None and set(found.tables) == {"towns"}
    return found


def test_the_descriptor_keeps_what_the_package_says_and_drops_how_it_was_written(
    towns: Package, tmp_path: Path
) -> None:
    release(towns, tmp_path / "out", {"towns": [{"id": 1, "web": ""}]})
    found = json.loads((tmp_path / "out/datapackage.json").read_text("utf-8"))
    kept = ("name", "title", "licenses", "sources", "contributors", "region")
    assert {key: found[key] for key in kept} == {key: GIVEN[key] for key in kept}
    assert found["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json" and "profile" not in found
    one, other = found["resources"]
    file = (tmp_path / "out/parquet/towns.parquet").read_bytes()
    schema = one.pop("schema")
    assert one == {
        "name": "towns", "title": "All towns", "note": 1, "path": "parquet/towns.parquet", "format": "parquet",
        "mediatype": "application/vnd.apache.parquet", "bytes": len(file),
        "hash": f"sha256:{hashlib.sha256(file).hexdigest()}",
    }  # fmt: skip
    assert schema == {
        "fields": [
            {"name": "id", "type": "integer", "constraints": {"unique": True}, "rdfType": "https://example.org/id"},
            {"name": "since", "type": "date", "constraints": {"minimum": "1017-11-03"}},
            {"name": "size", "type": "number", "unit": "km2"},
            {"name": "web", "type": "string", "format": "uri", "constraints": {"unique": True}},
            {"name": "open", "type": "boolean"},
        ],
        "primaryKey": ["id"],
        "missingValues": [],
    }
    picture = hashlib.sha256(b"\x89PNG").hexdigest()
    assert other == {
        "name": "map", "path": "maps/map.png", "mediatype": "image/png", "bytes": 4, "hash": f"sha256:{picture}",
    }  # fmt: skip


def test_a_release_is_a_package_that_can_be_read_again(towns: Package, tmp_path: Path) -> None:
    release(towns, tmp_path / "out", {"towns": [{"id": 1, "since": dt.date(2000, 1, 1)}]})
    again, problems = read(tmp_path / "out", Limits())
    assert not problems and again is not None
    assert [field.type for field in again.tables["towns"].fields] == ["integer", "date", "number", "string", "boolean"]
    assert again.tables["towns"]["since"].constraints.minimum == dt.date(1017, 11, 3)
    assert again.tables["towns"].primary_key == ("id",) and again.resources[0].form == "parquet"


def test_frictionless_finds_every_file_as_it_is_described(towns: Package, tmp_path: Path) -> None:
    release(towns, tmp_path / "out", {"towns": [{"id": 1}, {"id": 2}]})
    descriptor = json.loads((tmp_path / "out/datapackage.json").read_text("utf-8"))
    assert not [resource for resource in descriptor["resources"] if "type" in resource]
    for resource in descriptor["resources"]:
        resource["type"] = "file"
    found = frictionless.Package.from_descriptor(descriptor, basepath=str(tmp_path / "out"))
    assert found.validate().valid
    (tmp_path / "out/maps/map.png").write_bytes(b"\x89PNH")
    assert not found.validate().valid


def test_other_files_are_copied_and_never_over_the_releases_own(tmp_path: Path) -> None:
    root = tmp_path / "in"
    paths = ["README.md", "codebook.md", "Parquet/x.csv", "files/y.txt", "a/b/c.zip", "package.duckdb"]
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)
    resources = tuple(
        Resource(str(n), (path,), "", "utf-8", Dialect(), None, "exact", None, None, {"name": str(n), "path": path})
        for n, path in enumerate([*paths, "README.md"])
    )
    release(Package(root, "datapackage.json", {}, resources), tmp_path / "out", {})
    found = contents(tmp_path / "out")
    copies = {
        path: found[new["path"]].decode()
        for path, new in zip(paths, json.loads(found["datapackage.json"])["resources"], strict=False)
    }
    assert copies == {path: path for path in paths}
    assert {"README.md", "a/b/c.zip", "files/files/y.txt", "files/Parquet/x.csv", "files/codebook.md"} <= set(found)
    assert metadata.made_by_release(tmp_path / "out") == set(found)


def test_a_file_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "in/x.txt").symlink_to(tmp_path / "secret")
    resource = Resource("x", ("x.txt",), "", "utf-8", Dialect(), None, "exact", None, None, {"name": "x"})
    with pytest.raises((PathRefused, OSError)):
        release(Package(tmp_path / "in", "datapackage.json", {}, (resource,)), tmp_path / "out", {})
    assert not (tmp_path / "out").exists()


def test_the_codebook_shows_texts_as_they_are(tmp_path: Path) -> None:
    nasty = "a|b <script>x</script> `c` [d](javascript:e) &lt; *f* _g_ \\ # \u202eh\n| i |"
    field = Field("n|`", "integer", nasty, constraints=Constraints(required=True, minimum=3, enum=(3, 4)))
    given = package(Table("t\n# x", nasty, "1. - x", "", (field, Field("d", "date", "")), ("n|`",)), title="=x\n<b>")
    release(given, tmp_path / "out", {"t\n# x": [{"n|`": 3}]}, database=False)
    text = (tmp_path / "out/codebook.md").read_text("utf-8")
    assert r"| n\|\` | integer | a\|b \<script\>x\</script\> \`c\` \[d\](javascript:e) \&lt; \*f\* \_g\_ \\ \# " in text
    assert r"\# \u{202e}h \| i \| | required; ≥ `3`; one of `3`, `4` |" in text.replace("\\\\u\\{202e\\}", r"\u{202e}")
    assert r"# \=x \<b\>: the codebook" in text and r"## t \# x" in text and "\n1\\. - x\n" in text
    assert "Key: n\\|\\`." in text and "\u202e" not in text


# --------------------------------------------------------------------------------------------------------------------
# The database: keys


def test_the_database_has_the_keys(tmp_path: Path) -> None:
    unique = Field("code", "string", "Its code.", constraints=Constraints(unique=True))
    things = Table(
        "things", "All things", "", "",
        (Field("id", "integer", ""), unique, Field("a", "year", ""), Field("b", "year", "")),
        ("id",), (refers("code", "kinds", "code"),), "", (("a", "b"), ("code",)),
    )  # fmt: skip
    rows = [{"id": n, "code": f"c{n}", "a": n, "b": None} for n in range(3)]
    given = package(things, table("kinds", {"code": "string"}, "code"))
    made = release(given, tmp_path / "out", {"things": rows, "kinds": [{"code": f"c{n}"} for n in range(3)]})
    assert made.notes == ()
    assert keys(tmp_path / "out") == {
        ("things", "PRIMARY KEY(id)"), ("things", "UNIQUE(a, b)"), ("things", "UNIQUE(code)"),
        ("things", "FOREIGN KEY (code) REFERENCES kinds(code)"), ("kinds", "PRIMARY KEY(code)"),
    }  # fmt: skip
    with database(tmp_path / "out") as connection:
        assert connection.execute("SELECT comment FROM duckdb_tables() WHERE comment <> ''").fetchall() == [
            ("All things",)
        ]
        comments = connection.execute(
            "SELECT column_name, comment FROM duckdb_columns() WHERE comment <> ''"
        ).fetchall()
        tags = connection.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'package'").fetchone()
    assert comments == [("code", "Its code.")]
    assert tags and "v1.0.0" in str(tags[0])


def test_a_foreign_key_names_the_fields_in_whatever_order(tmp_path: Path) -> None:
    """DuckDB takes a reference to the key (x, y) for none if it is written (y, x)."""
    target = table("points", {"x": "integer", "y": "integer"}, "x y")
    source = table("marks", {"b": "integer", "a": "integer"}, foreign_keys=(refers("b a", "points", "y x"),))
    data: dict[str, Rows] = {"points": [{"x": 1, "y": 2}], "marks": [{"a": 1, "b": 2}, {"a": 1}]}
    assert release(package(source, target), tmp_path / "out", data).notes == ()
    assert ("marks", "FOREIGN KEY (a, b) REFERENCES points(x, y)") in keys(tmp_path / "out")


def left_out(out: Path) -> list[tuple[str, str, str]]:
    found = build_json(out)["keys_left_out"]
    assert all(key["reason"] for key in found)
    return [(key["table"], " ".join(key["fields"]), key["reason"]) for key in found]


def test_a_key_to_what_is_not_unique_is_left_out_and_told(tmp_path: Path) -> None:
    people = table("people", {"id": "integer", "name": "string"})
    visits = table("visits", {"person": "integer"}, foreign_keys=(refers("person", "people", "id"),))
    data: dict[str, Rows] = {"people": [{"id": 1}, {"id": 1}], "visits": [{"person": 1}]}
    made = release(package(visits, people), tmp_path / "out", data)
    reason = "(id) is no primary key or unique key of people in the database"
    assert left_out(tmp_path / "out") == [("visits", "person", reason)]
    assert made.notes == (f"visits: the foreign key (person) to people (id) is not in the database: {reason}",)
    descriptor = json.loads((tmp_path / "out/datapackage.json").read_text("utf-8"))
    assert descriptor["resources"][0]["schema"]["foreignKeys"]  # it holds, all the same


def test_a_key_between_types_that_differ_is_left_out_and_told(tmp_path: Path) -> None:
    visits = table("visits", {"person": "year"}, foreign_keys=(refers("person", "people", "id"),))
    release(package(PEOPLE, visits), tmp_path / "out", {**SOME, "visits": [{"person": 1}]})
    assert left_out(tmp_path / "out") == [("visits", "person", "person is INTEGER, and id of people is BIGINT")]


def test_a_key_that_closes_a_circle_of_tables_is_left_out_and_told(tmp_path: Path) -> None:
    def link(name: str, to: str) -> Table:
        return table(name, {"id": "integer", "next": "integer"}, "id", foreign_keys=(refers("next", to, "id"),))

    given = package(link("a", "b"), link("b", "c"), link("c", "a"), link("d", "a"))
    release(given, tmp_path / "out", {name: [{"id": 1, "next": 1}] for name in "abcd"})
    reason = "a refers to c, directly or through others, so that neither could be loaded first"
    assert left_out(tmp_path / "out") == [("c", "next", reason)]
    assert {name for name, text in keys(tmp_path / "out") if text.startswith("FOREIGN")} == {"a", "b", "d"}


FAMILY = table(
    "family", {"id": "integer", "mother": "integer", "father": "integer"}, "id",
    foreign_keys=(refers("mother", "family", "id"), refers("father", "family", "id")),
)  # fmt: skip


def test_a_table_that_refers_to_itself_is_loaded_level_by_level(tmp_path: Path) -> None:
    rows = [{"id": 5, "mother": 4, "father": 1}, {"id": 4, "mother": 3}, {"id": 3, "father": 2}, {"id": 1}, {"id": 2}]
    made = release(package(FAMILY), tmp_path / "out", {"family": rows})
    assert made.notes == ()
    assert len([text for _, text in keys(tmp_path / "out") if text.startswith("FOREIGN")]) == 2
    with database(tmp_path / "out") as connection:
        found = connection.execute("FROM family ORDER BY id DESC").fetchall()
    assert found == [(5, 4, 1), (4, 3, None), (3, None, 2), (2, None, None), (1, None, None)]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([{"id": 1, "mother": 2}, {"id": 2, "mother": 1}, {"id": 3, "father": 1}], "in a circle"),
        ([{"id": 1, "mother": 1}], "in a circle, or one to itself"),
        ([{"id": n, "mother": n - 1 or None} for n in range(1, 60)], "in lines of more than 32"),
    ],
)
def test_a_circle_of_rows_leaves_out_its_key_alone(tmp_path: Path, rows: Rows, reason: str) -> None:
    release(package(FAMILY), tmp_path / "out", {"family": rows})
    ((name, fields, why),) = left_out(tmp_path / "out")
    assert (name, fields) == ("family", "mother") and reason in why
    assert ("family", "FOREIGN KEY (father) REFERENCES family(id)") in keys(tmp_path / "out")
    with database(tmp_path / "out") as connection:
        assert connection.execute("SELECT count(*) FROM family").fetchone() == (len(rows),)


def test_large_tables_keep_the_keys_that_fit_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "ENTRIES", 5)
    data: dict[str, Rows] = {
        "people": [{"id": n} for n in range(5)],
        "visits": [{"day": dt.date(2020, 1, n), "person": n} for n in (1, 2, 3)],
    }
    release(package(PEOPLE, VISITS), tmp_path / "out", data)
    assert keys(tmp_path / "out") == {("people", "PRIMARY KEY(id)"), ("visits", "PRIMARY KEY(day, person)")}
    reason = "the table has 3 rows, and the indexes of all its keys would not fit into memory"
    assert left_out(tmp_path / "out") == [("visits", "person", reason)]


def test_a_key_that_the_rows_break_is_left_out_and_told(tmp_path: Path) -> None:
    """Validation comes before; but where DuckDB is of another opinion, it shall not stop the release."""
    data: dict[str, Rows] = {"people": [{"id": 1}, {"id": 1}], "visits": [{"day": dt.date(2020, 1, 1), "person": 1}]}
    release(package(PEOPLE, VISITS), tmp_path / "out", data)
    assert [key[:2] for key in left_out(tmp_path / "out")] == [("people", "id"), ("visits", "person")]
    assert "DuckDB refuses it: Constraint Error" in left_out(tmp_path / "out")[0][2]
    orphan: dict[str, Rows] = {"people": [], "visits": [{"day": dt.date(2020, 1, 1), "person": 1}]}
    release(package(PEOPLE, VISITS), tmp_path / "out", orphan)
    assert [key[:2] for key in left_out(tmp_path / "out")] == [("visits", "person")]
    assert keys(tmp_path / "out") == {("people", "PRIMARY KEY(id)"), ("visits", "PRIMARY KEY(day, person)")}


def test_names_that_duckdb_would_mix_up_are_numbered_and_told(tmp_path: Path) -> None:
    upper = table("T", {"a": "integer", "A": "integer", "a_2": "integer"}, "A")
    lower = table("t", {"x": "integer"}, foreign_keys=(refers("x", "T", "A"),))
    made = release(package(upper, lower), tmp_path / "out", {"T": [{"a": 1, "A": 2, "a_2": 3}], "t": [{"x": 2}]})
    assert "T: the column A is called A_2 in the database" in made.notes
    assert "t is called t_2 in the database" in made.notes
    assert build_json(tmp_path / "out")["names_in_database"] == {
        "T": {"name": "T", "columns": {"A": "A_2", "a_2": "a_2_2"}},
        "t": {"name": "t_2", "columns": {}},
    }
    with database(tmp_path / "out") as connection:
        assert connection.execute('SELECT a, "A_2", a_2_2 FROM "T"').fetchall() == [(1, 2, 3)]
        assert connection.execute("FROM t_2").fetchall() == [(2,)]
    assert pq.read_schema(tmp_path / "out/parquet/T.parquet").names == ["a", "A", "a_2"]


@pytest.mark.parametrize(
    "name", ["release", "temp", "main", "memory", "placed_", "keys_", "edges_0", "t", 'a"b', "a.b", "é"]
)
def test_a_table_may_have_any_name(tmp_path: Path, name: str) -> None:
    fields = tuple(Field(field, "integer", "told") for field in (name, "up", "level", "row"))
    own = Table(name, "Title", "", "", fields, (name,), (refers("up", name, name),))
    rows = [{name: 1, "up": 2, "level": 7}, {name: 2, "row": 8}]
    made = release(package(own), tmp_path / "out", {name: rows})
    assert made.notes == ()
    with database(tmp_path / "out") as connection:
        found = connection.execute(f"FROM package.main.{dialects.identifier(name)} ORDER BY 1").fetchall()
        assert found == [(1, 2, 7, None), (2, None, None, 8)]
        assert connection.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall() == [(name, "Title")]


# --------------------------------------------------------------------------------------------------------------------
# When it cannot be done


def noise(rows: int) -> pa.RecordBatch:
    texts = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(rows)]
    return pa.record_batch([pa.array(range(rows), pa.int64()), pa.array(texts)], names=["id", "name"])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of 8 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8M", "tmpfs", str(disk)], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"NOT TESTED, a full disk: no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.skipif(os.name != "posix", reason="NOT TESTED, a full disk: needs mount")
@pytest.mark.parametrize(
    ("full", "file"), [(7.9, "datapackage.json"), (5.0, "package.duckdb"), (7.9, "people.parquet")]
)
def test_a_full_disk_is_told_with_the_name_of_a_file_and_leaves_nothing(
    small_disk: Path, full: float, file: str
) -> None:
    out = small_disk / "out"
    rows = 20 if file == "datapackage.json" else 40_000
    large: dict[str, Any] = {"more": "x" * 1_000_000} if file == "datapackage.json" else {}
    with (small_disk / "ballast").open("wb") as ballast:
        ballast.write(bytes(int(full * 1_048_576)))
    with pytest.raises((OSError, CannotPublish)) as caught, atomic.replacing(out, metadata.made_by_release) as stage:
        (stage / "parquet").mkdir()
        with publish.Writer(PEOPLE, stage / "parquet/people.parquet") as writing:
            writing.write(noise(rows))
        publish.write(package(PEOPLE, **large), stage, database=file == "package.duckdb")
    assert file in str(caught.value) and "No space left on device" in str(caught.value)
    assert [path.name for path in small_disk.iterdir()] == ["ballast"]


def test_too_little_memory_is_told_with_the_name_of_the_database(tmp_path: Path) -> None:
    plain = table("people", {"id": "integer", "name": "string"})
    with (
        pytest.raises(CannotPublish, match=r"package\.duckdb could not be .*: Out of Memory.*; it needs more memory"),
        atomic.replacing(tmp_path / "out", metadata.made_by_release) as stage,
    ):
        (stage / "parquet").mkdir()
        with publish.Writer(plain, stage / "parquet/people.parquet") as writing:
            writing.write(noise(200_000))
        publish.write(package(plain), stage, memory="8MB")
    assert not list(tmp_path.iterdir())


def test_an_index_too_large_for_the_memory_is_left_out_and_told(tmp_path: Path) -> None:
    keyed = table("people", {"id": "integer", "name": "string"}, "name")
    with atomic.replacing(tmp_path / "out", metadata.made_by_release) as stage:
        (stage / "parquet").mkdir()
        with publish.Writer(keyed, stage / "parquet/people.parquet") as writing:
            writing.write(noise(200_000))
        publish.write(package(keyed), stage, memory="40MB")
    assert left_out(tmp_path / "out") == [("people", "name", "its index does not fit into the memory given")]
    assert not list((tmp_path / "out").glob("*.tmp*"))
    with database(tmp_path / "out") as connection:
        assert connection.execute("SELECT count(DISTINCT name) FROM people").fetchone() == (200_000,)


def test_what_is_wrong_with_the_program_itself_is_not_taken_for_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_rows", lambda path: "(")
    with pytest.raises(duckdb.ParserException):
        release(package(PEOPLE), tmp_path / "out", SOME)


def test_polars_reads_a_release(tmp_path: Path) -> None:
    release(package(PEOPLE, VISITS), tmp_path / "out", SOME)
    assert pl.read_parquet(tmp_path / "out/parquet/visits.parquet").to_dicts() == SOME["visits"]

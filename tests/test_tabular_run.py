"""Whole validations and builds of other people's packages: what is told, where, in which order, and what is left."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from naive_engine import Naive

from bastions.problems import FEW, Problem, Report
from bastions.publish import NotARelease, Refused
from bastions.tabular import batches
from bastions.tabular.fields import values
from bastions.tabular.limits import Limits
from bastions.tabular.run import build, validate

ROOT = Path(__file__).parents[1]

MILLS = "mill,built,sacks\nold,1712-03-01,40\nnew,1803-05-09,90\n"
SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "mill", "type": "string", "constraints": {"required": True, "pattern": "[a-z]+"}},
        {"name": "built", "type": "date"},
        {"name": "sacks", "type": "integer", "constraints": {"minimum": 0}},
    ],
    "primaryKey": ["mill"],
}


def package(root: Path, *resources: dict[str, Any], **files: str | bytes) -> Path:
    """A package of v2 with the files given as `name_csv="…"`."""
    found = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "mills",
        "resources": [{"name": "mills", "type": "table", "path": "mills.csv", "schema": SCHEMA}, *resources],
    }
    (root / "datapackage.json").write_text(json.dumps(found))
    for name, content in {"mills_csv": MILLS, **files}.items():
        data = content.encode() if isinstance(content, str) else content
        (root / name.replace("_csv", ".csv").replace("__", "/")).write_bytes(data)
    return root


def told(report: Report) -> list[tuple[str, int, int, str]]:
    return [(p.file, p.line, p.column, p.rule) for p in report.problems]


def test_a_valid_package(tmp_path: Path) -> None:
    report = validate(package(tmp_path))
    assert report == Report((), {"mills": 2})
    assert validate(tmp_path / "datapackage.json") == report


def test_every_problem_with_its_place_and_value(tmp_path: Path) -> None:
    bad = 'mill,built,sacks\nold,1712-3-1,40\n"o\nd",1712-03-01,-1\nx,1800-01-01\nNEW,1712-02-30,1.5\nold,,7\n\n'
    report = validate(package(tmp_path, mills_csv=bad))
    assert [(p.line, p.column, p.field, p.rule, p.value) for p in report.problems] == [
        (2, 2, "built", "type-error", "1712-3-1"),
        (3, 1, "mill", "constraint-error", "o\nd"),
        (3, 3, "sacks", "constraint-error", "-1"),
        (5, 3, "", "missing-cell", ""),
        (6, 1, "mill", "constraint-error", "NEW"),
        (6, 2, "built", "type-error", "1712-02-30"),
        (6, 3, "sacks", "type-error", "1.5"),
        (7, 1, "mill", "primary-key", "old"),
        (8, 0, "", "blank-row", ""),
    ]
    assert report.rows == {"mills": 6}


def test_one_fault_is_told_once(tmp_path: Path) -> None:
    """A key that is no value of its type is null in the typed column, and would be empty, required and dangling too."""
    schema = {
        **SCHEMA,
        "fields": [{"name": "mill", "type": "integer", "constraints": {"required": True}}],
        "primaryKey": "mill",
    }
    other = {
        "name": "trips",
        "path": "trips.csv",
        "schema": {
            "fields": [{"name": "mill", "type": "integer"}],
            "foreignKeys": [{"fields": ["mill"], "reference": {"resource": "keys", "fields": ["mill"]}}],
        },
    }
    keys = {"name": "keys", "path": "keys.csv", "schema": {**schema, "primaryKey": ["mill"]}}
    report = validate(package(tmp_path, keys, other, keys_csv="mill\nx1\n2\n", trips_csv="mill\n1\n2\ny\n"))
    assert told(report) == [("keys.csv", 2, 1, "type-error"), ("trips.csv", 4, 1, "type-error")]
    assert report.waiting == 1  # the reference of line 2 may be to the key that could not be read


def test_problems_come_as_they_are_found(tmp_path: Path) -> None:
    rows = "".join(f"m{'i' * (n % 3)},x,{n}\n" for n in range(300))
    found: list[Problem] = []
    report = validate(package(tmp_path, mills_csv="mill,built,sacks\n" + rows), sink=found.append)
    assert len(found) == 300 + 297  # each date, each repeated key
    assert [p.line for p in found[:300]] == list(range(2, 302))
    assert len(report.problems) == FEW + 1  # the first, and the first of the kind that comes later
    assert report.errors == 597


def test_a_million_rows_of_one_kind_stay_small(tmp_path: Path) -> None:
    """The report of a run whose problems are handed on holds a bounded number of them."""
    path = package(tmp_path, mills_csv="mill,built,sacks\n" + "x\n" * 50_000)
    report = validate(path, sink=lambda p: None)
    assert report.errors == 50_000
    assert len(report.problems) == FEW
    assert report.rows == {"mills": 50_000}


def test_parts_are_one_table(tmp_path: Path) -> None:
    parts = {"name": "parts", "path": ["a.csv", "b.csv"], "schema": SCHEMA}
    b = "mill,built,sacks\nthird,,1\nold,,2\n"
    report = validate(package(tmp_path, parts, a_csv=MILLS, b_csv=b))
    assert told(report) == [("b.csv", 3, 1, "primary-key")]
    assert report.problems[0].message == "stands twice; the first is in a.csv, line 2"


@pytest.mark.parametrize(
    ("second", "rule"),
    [
        ("mill,sacks,built\nx,1,\n", "incorrect-label"),
        ("x,,1\n", "incorrect-label"),
        ("mill,built\nx,\n", "missing-label"),
        ("mill,built,sacks,rent,lease\nx,,1,2,3\n", "extra-label"),
    ],
)
def test_each_part_has_the_header_of_the_first(tmp_path: Path, second: str, rule: str) -> None:
    """Frictionless skips the first line of every later part unread: a row is lost, or columns are exchanged."""
    parts = {"name": "parts", "path": ["a.csv", "b.csv"], "schema": SCHEMA}
    report = validate(package(tmp_path, parts, a_csv=MILLS, b_csv=second))
    assert [p.rule for p in report.problems] == [rule]


def test_a_label_that_a_later_part_has_beside_or_lacks_is_named(tmp_path: Path) -> None:
    """Of a column too many only the numbers were told: `has 8 columns, the first part 7`, at column 0."""
    parts = {"name": "parts", "path": ["a.csv", "b.csv"], "schema": SCHEMA}
    path = package(tmp_path, parts, a_csv=MILLS, b_csv="mill,built,sacks,rent,lease\nx,,1,2,3\n")
    (found,) = validate(path).problems
    assert (found.file, found.line, found.column, found.value) == ("b.csv", 1, 4, "rent")
    assert found.message == "is not a column of the first part; the header has 5 columns, the first part 3"
    (tmp_path / "b.csv").write_text("mill\nx\n")
    (found,) = validate(path).problems
    assert (found.file, found.line, found.column) == ("b.csv", 1, 0)
    assert found.message.startswith('the column "built" of the first part is missing')


def test_joiners_are_seen_where_no_script_needs_them(tmp_path: Path) -> None:
    """A soft hyphen in a name, which nobody sees and which no search finds, was let through."""
    notes = {"name": "notes", "path": "notes.csv", "schema": {"fields": [{"name": "note", "type": "string"}]}}
    harmless = [
        "\u0645\u06cc\u200c\u062e\u0648",
        "\u0915\u094d\u200d\u0937",
        "\U0001f468\u200d\U0001f469",
        "\u2764\ufe0f",
        "a\u00a0b",
    ]
    odd = [
        "so\u00adft",
        "no\u200cne",
        "\u0645\u06cc\u200c",
        "\u200d\u0915",
        "\u3164",
        "\u180e",
        "a\u034fb",
        "\ufff0",
        "\U0001d173",
    ]
    path = package(tmp_path, notes, notes_csv="\n".join(["note", *harmless, *odd, ""]))
    first = 2 + len(harmless)
    assert [(p.line, p.rule) for p in validate(path).problems] == [
        (line, "unseen-character") for line in range(first, first + len(odd))
    ]


def test_size_and_digest(tmp_path: Path) -> None:
    digest = hashlib.sha256(MILLS.encode()).hexdigest()
    right = {"name": "right", "path": "mills.csv", "schema": SCHEMA, "bytes": len(MILLS), "hash": f"sha256:{digest}"}
    wrong = {"name": "wrong", "path": "mills.csv", "schema": SCHEMA, "bytes": 1, "hash": f"sha256:{'0' * 64}"}
    text = {"name": "text", "path": "note.txt", "bytes": 1, "hash": hashlib.md5(b"ab").hexdigest()}
    report = validate(package(tmp_path, right, wrong, text, **{"note.txt": b"ab"}))
    assert [(p.file, p.rule) for p in report.problems] == [
        ("mills.csv", "byte-count"), ("mills.csv", "hash-count"), ("note.txt", "byte-count"),
    ]  # fmt: skip


def test_what_is_dangerous_is_a_warning(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "note", "type": "string"}, {"name": "n", "type": "number"}]}
    notes = {"name": "notes", "path": "notes.csv", "schema": schema}
    text = "\ufeffnote,n\n=1+1,+5\n+49 30 1,1.2345678901234567891\na\u202eb,3\n"
    report = validate(package(tmp_path, notes, notes_csv=text))
    assert [(p.line, p.rule, p.severity) for p in report.problems] == [
        (1, "byte-order-mark", "warning"),
        (2, "formula-cell", "warning"),
        (3, "inexact-number", "warning"),
        (4, "unseen-character", "warning"),
    ]
    assert not report.errors


def test_columns_beyond_the_schema_are_kept(tmp_path: Path) -> None:
    open_ = {"name": "open", "path": "open.csv", "schema": {**SCHEMA, "fieldsMatch": "subset"}}
    path = package(tmp_path, open_, open_csv="more,sacks,mill,built\nx,5,old,\n")
    release = build(path, tmp_path / "out", database=False)
    table = pq.read_table(release.folder / "parquet/open.parquet")
    assert table.to_pylist() == [{"mill": "old", "built": None, "sacks": 5, "more": "x"}]


def test_limits_are_named(tmp_path: Path) -> None:
    path = package(tmp_path)
    for limits, rule in (
        (Limits(columns=2), "column-limit"),
        (Limits(file=10), "file-limit"),
        (Limits(cell=5), "cell-limit"),
    ):
        report = validate(path, limits=limits)
        assert rule in {p.rule for p in report.problems}
        assert all("--max-" in p.hint for p in report.problems if p.rule == rule)


@pytest.mark.parametrize(
    "name", ["../mills.csv", "/etc/passwd", "http://127.0.0.1:9/mills.csv", "link.csv", "pipe.csv"]
)
def test_nothing_outside_the_package_is_opened(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import socket

    def refuse(*given: object, **named: object) -> None:
        raise AssertionError("an address was contacted")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    root = tmp_path / "package"
    root.mkdir()
    (tmp_path / "mills.csv").write_text(MILLS)
    (root / "link.csv").symlink_to(tmp_path / "mills.csv")
    os.mkfifo(root / "pipe.csv")
    report = validate(package(root, {"name": "far", "path": name, "schema": SCHEMA}))
    assert report.errors >= 1
    assert "far" not in report.rows or not report.rows["far"]


def test_no_rows_and_no_file(tmp_path: Path) -> None:
    empty = {"name": "empty", "path": "empty.csv", "schema": SCHEMA}
    gone = {"name": "gone", "path": "gone.csv", "schema": SCHEMA}
    bare = {"name": "bare", "path": "bare.csv", "schema": SCHEMA}
    report = validate(package(tmp_path, empty, gone, bare, empty_csv="", bare_csv="mill,built,sacks\n"))
    assert [(p.file, p.rule) for p in report.problems] == [("empty.csv", "source-error"), ("gone.csv", "source-error")]
    assert report.rows == {"mills": 2, "empty": 0, "gone": 0, "bare": 0}


def test_an_error_publishes_nothing(tmp_path: Path) -> None:
    path, out = package(tmp_path), tmp_path / "out"
    build(path, out)
    before = {p.name: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    package(tmp_path, mills_csv="mill,built,sacks\nold,x,1\n")
    with pytest.raises(Refused) as refused:
        build(path, out)
    assert [p.rule for p in refused.value.report.problems] == ["type-error"]
    assert {p.name: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["datapackage.json", "mills.csv", "out"]


def test_files_that_no_release_made_are_not_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    with pytest.raises(NotARelease):
        build(package(tmp_path), out)
    assert (out / "mine.txt").read_text() == "mine"


def test_the_reading_thread_ends_with_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception of one thread comes out of the other, and no thread is left behind."""
    import threading

    def broken(*given: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(values, "read", broken)
    with pytest.raises(RuntimeError, match="broken"):
        validate(package(tmp_path))
    assert not [t for t in threading.enumerate() if t.name == "reading"]


BROKEN = {
    "mills_csv": 'mill,built,sacks\nold,1712-3-1,40\n"o\nd",1712-03-01,-1\nx,1800-01-01\nold,,7\n,,1\n',
    "trips_csv": "trip,mill,back\n1,old,\n2,gone,1\n2,new,9\n3,,x\n",
}
TRIPS: dict[str, Any] = {
    "name": "trips",
    "path": "trips.csv",
    "schema": {
        "fields": [{"name": "trip", "type": "integer"}, {"name": "mill"}, {"name": "back", "type": "integer"}],
        "primaryKey": ["trip"],
        "foreignKeys": [
            {"fields": ["mill"], "reference": {"resource": "mills", "fields": ["mill"]}},
            {"fields": ["back"], "reference": {"fields": ["trip"]}},
        ],
    },
}


@pytest.mark.parametrize("files", [{"trips_csv": "trip,mill,back\n1,old,1\n"}, BROKEN], ids=["valid", "broken"])
def test_another_engine_gives_the_same_verdict(tmp_path: Path, files: dict[str, str]) -> None:
    """The seam: an engine of plain lists, handed in, and nothing that reads, checks or tells knows which one runs."""
    path = package(tmp_path, TRIPS, **files)
    assert validate(path, engine=lambda *_: nullcontext(Naive())) == validate(path)


def test_only_the_engine_knows_its_own_tools() -> None:
    """Nothing between typed batches and problems imports what the embedded engine is made of."""
    for module in ("fields/cells", "tables/keys", "tables/places", "run", "examining", "reading", "batches"):
        text = (ROOT / f"src/bastions/tabular/{module}.py").read_text()
        assert not re.search(r"import duckdb|from duckdb|pyarrow.parquet|tables.kept", text), module


def test_wide_rows_are_not_joined_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches were bounded by rows and cells, whatever the cells held."""
    monkeypatch.setattr(batches, "BYTES", 64_000)

    def block(line: int, wide: int) -> batches.Batch:
        frame = pl.DataFrame({"a": ["x" * wide] * 10})
        return batches.Batch("t", np.arange(line, line + 10), frame, frame, [])

    made = list(batches.gathered(block(10 * i, wide) for i, wide in enumerate([1_000] * 7 + [9_000] + [1_000] * 2)))
    assert [len(batch.lines) for batch in made] == [30, 30, 10, 10, 20]
    assert np.concatenate([batch.lines for batch in made]).tolist() == list(range(100))


def test_a_table_without_schema_is_published_as_text(tmp_path: Path) -> None:
    """Its file had no writer, so that the build ended in an exception."""
    bare = {"name": "bare", "path": "bare.csv"}
    release = build(package(tmp_path, bare, bare_csv="a,b\n1,x\n"), tmp_path / "out")
    assert pq.read_table(release.folder / "parquet/bare.parquet").to_pylist() == [{"a": "1", "b": "x"}]
    assert not validate(release.folder).problems


def test_parquet_without_schema_keeps_its_types(tmp_path: Path) -> None:
    table = pa.table({"n": [1, None], "x": [0.5, 1.0], "day": [date(2017, 11, 3), None], "word": ["a", "b"]})
    pq.write_table(table, tmp_path / "t.parquet")
    release = build(package(tmp_path, {"name": "t", "path": "t.parquet"}), tmp_path / "out", database=False)
    assert pq.read_table(release.folder / "parquet/t.parquet").to_pylist() == table.to_pylist()


def test_parquet_is_checked_as_text_is(tmp_path: Path) -> None:
    schema = {**SCHEMA, "fields": [*SCHEMA["fields"], {"name": "note", "type": "integer"}]}
    rows = {"mill": ["old", "old"], "built": [date(1712, 3, 1), None], "sacks": [-1, 5], "note": ["7", "x"]}
    pq.write_table(pa.table(rows), tmp_path / "t.parquet")
    report = validate(package(tmp_path, {"name": "t", "path": "t.parquet", "schema": schema}))
    assert [(p.line, p.field, p.rule, p.value) for p in report.problems] == [
        (1, "sacks", "constraint-error", "-1"),
        (2, "mill", "primary-key", "old"),
        (2, "note", "type-error", "x"),
    ]
    wrong = pa.table({**rows, "sacks": [1.5, 2.0], "note": ["1", "2"]})
    pq.write_table(wrong, tmp_path / "t.parquet")
    report = validate(tmp_path)
    assert [(p.line, p.field, p.rule) for p in report.problems] == [(0, "sacks", "type-error")]
    assert report.unread == ("t.parquet",)
    (tmp_path / "t.parquet").write_bytes((tmp_path / "t.parquet").read_bytes()[:-30])
    assert [p.rule for p in validate(tmp_path).problems] == ["source-error"]


def test_the_summary_says_what_was_not_read(tmp_path: Path) -> None:
    from bastions.problems import summary

    parts = {"name": "parts", "path": ["a.csv", "gone.csv", "b.csv"], "schema": SCHEMA}
    text = {"name": "text", "path": "note.txt"}
    b = "mill,built,sacks\nthird,,1\n"
    report = validate(package(tmp_path, parts, text, a_csv=MILLS, b_csv=b, **{"note.txt": b"x"}))
    assert report.rows == {"mills": 2, "parts": 3}
    assert summary(report) == (
        "invalid: 1 error, 0 warnings (1 source-error); 5 rows in 2 tables, 1 other file; not read: gone.csv"
    )
    (tmp_path / "datapackage.json").write_text("{")
    assert summary(validate(tmp_path)).endswith("0 rows in 0 tables; not read: datapackage.json")


def test_a_build_says_what_its_database_lacks_and_warns(tmp_path: Path) -> None:
    """Both were known and not told: a number was rounded, a key left out, and the build said nothing."""
    fields = [{"name": "id", "type": "integer"}, {"name": "up", "type": "integer"}, {"name": "x", "type": "number"}]
    schema = {
        "fields": fields,
        "primaryKey": ["id"],
        "foreignKeys": [{"fields": ["up"], "reference": {"fields": ["id"]}}],
    }
    ring = {"name": "ring", "path": "ring.csv", "schema": schema}
    path = package(tmp_path, ring, ring_csv="id,up,x\n1,2,0.12345678901234567891\n2,1,\n")
    release = build(path)
    assert release.folder == tmp_path / "build"
    assert [p.rule for p in release.report.problems] == ["inexact-number"]
    assert "the foreign key (up) to ring (id) is not in the database" in str(release)


@pytest.mark.parametrize(
    ("pattern", "rule", "words"),
    [
        (r"\p{IsGothic}", "field-error", "the block 'IsGothic'"),
        (r"\p{IsCJKSymbolsandPunctuation}", "field-error", "the block 'IsCJKSymbolsandPunctuation'"),
        (r"\p{IsFoo}", "field-error", "the block 'IsFoo'"),
        (r"\p{Foo}", "field-error", "the category 'Foo'"),
        (r"\p{Cs}", "field-error", "the category 'Cs'"),
        ("[a-z-[aeiou]](?=x).*", "field-error", "one class taken from another"),
        ("a" * 20_001, "pattern-limit", "more than 20,000 characters"),
        ("a|" * 15_000, "pattern-limit", "more than 20,000 characters"),
        ("a" * 50_001, "pattern-limit", "more than 20,000 characters"),
    ],
)
@pytest.mark.parametrize("v2", [True, False])
def test_a_pattern_that_cannot_be_run_is_a_fault_of_the_descriptor(
    tmp_path: Path, pattern: str, rule: str, words: str, v2: bool
) -> None:
    """The check of the descriptor let it through, and the first row of the table ended in a traceback."""
    field = {"name": "mill", "type": "string", "constraints": {"pattern": pattern, "maxLength": 2}}
    found = {"resources": [{"name": "mills", "path": "mills.csv", "schema": {"fields": [field]}}]}
    version = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json"} if v2 else {}
    (tmp_path / "datapackage.json").write_text(json.dumps({**version, **found}))
    (tmp_path / "mills.csv").write_text("mill\nold\n")
    fault, other = sorted(validate(tmp_path).problems, key=lambda p: p.rule != rule)
    assert (fault.rule, fault.severity, fault.field) == (rule, "error", "mill")
    assert fault.value == "/resources/0/schema/fields/0/constraints/pattern"
    assert words in fault.message
    assert (other.rule, other.message) == ("constraint-error", "has more than 2 characters")


def test_problems_without_end_end(tmp_path: Path) -> None:
    """A file of 12 MB of line ends took two minutes and more than a gigabyte to be told row by row."""
    path = package(tmp_path, mills_csv="mill,built,sacks\n" + "\n" * 1_000)
    report = validate(path, limits=Limits(problems=100))
    assert Counter(p.rule for p in report.problems) == {"blank-row": 100, "problem-limit": 1}
    with pytest.raises(Refused):
        build(path, limits=Limits(problems=100))

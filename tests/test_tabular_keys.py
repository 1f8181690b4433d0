"""Keys of a package: what is told of them and where; and the places of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_engine import Naive

from bastions.problems import Problem
from bastions.schema import Constraints, Field, ForeignKey, Table
from bastions.tabular.tables import keys, places
from bastions.tabular.tables.places import Places


def table(name: str, *fields: str, key: tuple[str, ...] = (), **more: Any) -> Table:
    """A table; a field is written `name:type`, with `!` for required and `*` for unique after it."""
    made = []
    for text in fields:
        column, _, kind = text.rstrip("!*").partition(":")
        constraints = Constraints(required="!" in text, unique="*" in text)
        made.append(Field(column, kind or "string", "", constraints=constraints))
    return Table(name, "", "", "record", tuple(made), key, **more)


class Checked:
    """Tables in a naive engine, each of one file `<table>.csv` with its header in line 1."""

    def __init__(self, folder: Path, *tables: Table, **columns: dict[str, list[Any]]):
        self.tables = {table.name: table for table in tables}
        self.engine = Naive()
        self.places = {name: Places(folder) for name in self.tables}
        for name, values in columns.items():
            batch = pa.RecordBatch.from_pydict(values)
            list(self.engine.load(name, iter([batch]), lambda batch: pa.table({})))
            self.places[name].add(f"{name}.csv", np.arange(batch.num_rows, dtype=np.int64) + 2)

    def problems(self, *unread: str) -> Iterator[Problem]:
        return keys.check(self.tables, self.engine, self.places, unread)

    def told(self, *unread: str) -> list[tuple[Any, ...]]:
        return [(p.rule, p.file, p.line, p.column, p.field, p.value, p.message) for p in self.problems(*unread)]


def test_a_primary_key_has_a_value_in_every_part(tmp_path: Path) -> None:
    """The specification: "equivalent to adding required: true"; frictionless asks for one part only."""
    one = Checked(tmp_path, table("t", "x", "k", key=("k",)), t={"x": ["", "", ""], "k": ["a", None, None]})
    assert one.told() == [
        ("primary-key", "t.csv", 3, 2, "k", "", "is empty, but is the primary key"),
        ("primary-key", "t.csv", 4, 2, "k", "", "is empty, but is the primary key"),
    ]
    two = Checked(tmp_path, table("t", "a", "b", key=("a", "b")), t={"a": ["x", None, None], "b": [None, "x", None]})
    assert [(line, field) for _, _, line, _, field, *_ in two.told()] == [(2, "b"), (3, "a"), (4, "a"), (4, "b")]
    assert "part of the primary key (a, b)" in two.told()[0][-1]


def test_an_empty_key_is_one_problem(tmp_path: Path) -> None:
    """A cell that is no value is null in the typed column, and what is `required` is told of the cell."""
    checked = Checked(
        tmp_path,
        table("t", "a:integer", "b!", key=("a", "b")),
        t={"a": pa.array([None, None, 1], pa.int64()), "b": ["x", "y", None]},
    )
    checked.places["t"].mark("a", np.array([1], np.int64))
    assert [(p.line, p.field) for p in checked.problems()] == [(2, "a")]


def test_the_first_of_equal_keys_is_named_with_its_file(tmp_path: Path) -> None:
    checked = Checked(tmp_path, table("t", "k:integer", "u*", key=("k",)), t={"k": [7, 8, 7], "u": ["x", None, None]})
    checked.places["t"] = Places(tmp_path)
    checked.places["t"].add("one.csv", np.array([5], np.int64))
    checked.places["t"].add("two.csv", np.array([2, 9], np.int64))
    message = "stands twice; the first is in one.csv, line 5"
    assert checked.told() == [("primary-key", "two.csv", 9, 1, "k", "7", message)]


def test_unique_keys_leave_out_rows_with_a_null(tmp_path: Path) -> None:
    """The specification says so of `uniqueKeys`, which frictionless does not check, and SQL of both."""
    checked = Checked(
        tmp_path,
        table("t", "a", "b", "c*", unique_keys=(("a", "b"),)),
        t={"a": ["x", "x", "x", None, None], "b": ["y", "y", None, None, None], "c": ["1", "2", "1", None, None]},
    )
    assert [(p.rule, p.line, p.column, p.field, p.value) for p in checked.problems()] == [
        ("unique-error", 4, 3, "c", "1"),
        ("unique-error", 3, 0, "a, b", "x, y"),
    ]


def test_a_key_that_is_declared_twice_is_told_once(tmp_path: Path) -> None:
    columns = {"a": ["x", "x"], "b": ["y", "y"]}
    once = Checked(tmp_path, table("t", "a*", "b", key=("a",), unique_keys=(("a",),)), t=columns)
    assert [p.rule for p in once.problems()] == ["primary-key"]
    turned = Checked(tmp_path, table("t", "a", "b", key=("a", "b"), unique_keys=(("b", "a"),)), t=columns)
    assert [p.rule for p in turned.problems()] == ["primary-key"]


def test_what_holds_a_unique_key_is_not_asked_about(tmp_path: Path) -> None:
    checked = Checked(
        tmp_path,
        table("t", "a", "b", key=("a",), unique_keys=(("a", "b"), ("b",))),
        t={"a": ["1", "2", None], "b": ["y", "y", "y"]},
    )
    asked: list[Sequence[str]] = []

    class Counting(Naive):
        def duplicates(self, table: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
            asked.append(columns)
            return super().duplicates(table, columns)

    checked.engine.__class__ = Counting
    assert [(p.rule, p.line) for p in checked.problems()] == [
        ("primary-key", 4),
        ("unique-error", 3),
        ("unique-error", 4),
    ]
    assert asked == [("a",), ("b",)]


def far_key(*fields: str, to: str = "far", at: tuple[str, ...] = ("k",)) -> dict[str, Any]:
    return {"foreign_keys": (ForeignKey(fields, to, at),)}


def test_a_reference_to_nothing_names_value_and_target(tmp_path: Path) -> None:
    checked = Checked(
        tmp_path,
        table("near", "x", "far_id", **far_key("far_id")),
        table("far", "k", key=("k",)),
        near={"x": ["", "", ""], "far_id": ["a", "é", None]},
        far={"k": ["a", None]},
    )
    checked.places["far"].mark("k", np.array([1], np.int64))
    assert checked.told() == [("foreign-key", "near.csv", 3, 2, "far_id", "é", "is not in k of far")]


def test_a_reference_with_an_empty_part_refers_to_nothing(tmp_path: Path) -> None:
    """SQL's MATCH SIMPLE; frictionless flags a reference that is half empty."""
    checked = Checked(
        tmp_path,
        table("near", "a", "b:integer", **far_key("a", "b", at=("k", "n"))),
        table("far", "k", "n:integer"),
        near={"a": ["x", "x", None, "x"], "b": [1, 2, 3, None]},
        far={"k": ["x"], "n": [1]},
    )
    assert checked.told() == [("foreign-key", "near.csv", 3, 0, "a, b", "x, 2", "is not in k, n of far")]


@pytest.mark.parametrize("target", ["", "t"])
def test_a_table_may_refer_to_itself(tmp_path: Path, target: str) -> None:
    """Version 1 of the specification writes "" for the table itself."""
    checked = Checked(
        tmp_path,
        table("t", "k", "parent", key=("k",), **far_key("parent", to=target)),
        t={"k": ["a", "b"], "parent": ["b", "c"]},
    )
    assert [(p.line, p.value, p.message) for p in checked.problems()] == [(3, "c", "is not in k of this table")]
    assert checked.told("t") == []


def test_types_that_cannot_be_equal_are_named(tmp_path: Path) -> None:
    checked = Checked(
        tmp_path,
        table(
            "near", "n", "m:number", foreign_keys=(ForeignKey(("n",), "far", ("k",)), ForeignKey(("m",), "far", ("k",)))
        ),
        table("far", "k:integer"),
        near={"n": ["1"], "m": [1.0]},
        far={"k": [1]},
    )
    (found,) = checked.problems()
    assert (found.field, found.value) == ("n", "1")
    assert "n (string) refers to k (integer)" in found.hint


def test_what_refers_to_a_table_that_was_not_read_whole_is_not_judged(tmp_path: Path) -> None:
    checked = Checked(
        tmp_path, table("near", "f", **far_key("f")), table("far", "k", key=("k",)), near={"f": ["a"]}, far={"k": ["b"]}
    )
    assert len(checked.told()) == 1
    assert checked.told("far") == []
    assert len(checked.told("near")) == 1  # its rows that were read can be judged
    gone = Checked(tmp_path, table("near", "f", **far_key("f")), near={"f": ["a"]})
    assert gone.told() == []  # the descriptor was told to name no such table


def test_a_column_that_no_file_has_is_not_judged(tmp_path: Path) -> None:
    """It was told of the header; each row without it would be a problem more for one fault."""
    checked = Checked(
        tmp_path,
        table("near", "x", "k", "f", key=("k",), **far_key("f")),
        table("far", "y", "k"),
        near={"x": ["", ""]},
        far={"y": [""], "k": ["a"]},
    )
    assert checked.told() == []
    turned = Checked(
        tmp_path, table("near", "f", **far_key("f")), table("far", "y", "k"), near={"f": ["a"]}, far={"y": [""]}
    )
    assert turned.told() == []


def test_the_cell_is_counted_as_the_file_has_it(tmp_path: Path) -> None:
    """With `fieldsMatch` "equal" the columns of a file may stand in any order."""
    checked = Checked(tmp_path, table("t", "a", "k*"), t={"a": ["", ""], "k": ["x", "x"]})
    checked.places["t"].columns = {"k": 1, "a": 2}
    assert [p.column for p in checked.problems()] == [1]


def test_problems_are_told_as_they_are_found(tmp_path: Path) -> None:
    checked = Checked(tmp_path, table("t", "k", key=("k",)), t={"k": ["a"] * 1_000})
    assert len(list(islice(checked.problems(), 3))) == 3


def test_the_columns_that_keys_need() -> None:
    tables = {
        "near": table("near", "a", "b*", "c", "d", "e", key=("c",), unique_keys=(("e", "c"),), **far_key("a")),
        "far": table("far", "x", "k", "p", **far_key("p", to="", at=("x",))),
        "other": table("other", "k", **far_key("k", to="gone")),
    }
    assert keys.columns(tables) == {"near": ("a", "b", "c", "e"), "far": ("x", "k", "p"), "other": ("k",)}


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.lists(st.integers(1, 4), max_size=40)), max_size=5),
    st.integers(1, 9),
    st.randoms(use_true_random=False),
)
def test_every_row_has_its_place(batches: list[tuple[str, list[int]]], runs: int, random: Any) -> None:
    """Batches of few runs are kept in memory and those of many in files; rows may be asked for in any order."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "RUNS", runs)
        made, expected = Places(Path(folder)), []
        for file, steps in batches:
            lines = np.cumsum(np.array(steps, np.int64)) + 1
            made.add(file, lines)
            expected += [(file, line) for line in lines.tolist()]
        rows = list(range(len(expected))) * 2
        random.shuffle(rows)
        files, lines = made.places(np.array(rows, np.int64))
        assert list(zip(files, lines.tolist(), strict=True)) == [expected[row] for row in rows]
        assert [made.place(row) for row in range(len(expected))] == expected
        assert made.rows == len(expected)
        with pytest.raises(IndexError):
            made.place(len(expected))
        with pytest.raises(IndexError):
            made.place(-1)


def test_lines_beyond_four_thousand_million(tmp_path: Path) -> None:
    lines = np.arange(0, 3 * 5_000, 3, dtype=np.int64) + 2**32
    made = Places(tmp_path)
    made.add("big.csv", lines)
    assert list(tmp_path.glob("*.npy"))
    assert made.place(4_999) == ("big.csv", 2**32 + 3 * 4_999)


def test_many_rows_take_little_memory(tmp_path: Path) -> None:
    """Kept as they come, the lines of 100 million rows would take 800 MB; a cell of two lines now and then is usual."""
    made = Places(tmp_path)
    steps = np.ones(250_000, np.int64)
    steps[::100] = 2
    made.add("a.csv", np.cumsum(steps))
    (batch,) = made._batches
    assert batch.starts.nbytes + batch.lines.nbytes < 50_000 and not batch.saved
    made.mark("k", np.arange(250_000, dtype=np.int64))  # a column of which every cell was reported
    (marks,) = made._marks["k"]
    assert marks.marked.nbytes < 50_000


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.sets(st.integers(0, 3_000), max_size=60), max_size=4), st.sets(st.integers(0, 13_000), max_size=80))
def test_reported_cells_are_remembered(batches: list[set[int]], asked: set[int]) -> None:
    made, marked = Places(Path()), set()
    for number, some in enumerate(batches):
        rows = [number * 3_001 + row for row in sorted(some)]
        made.mark("k", np.array(rows, np.int64))
        marked |= set(rows)
    rows = sorted(asked | set(islice(sorted(marked), 0, None, 2)))
    assert made.bad("k", np.array(rows, np.int64)).tolist() == [row in marked for row in rows]
    assert not made.bad("other", np.array(rows, np.int64)).any()


def test_a_row_of_parquet_is_called_one(tmp_path: Path) -> None:
    """Its number was told as a line, which a Parquet file does not have."""
    made = Checked(tmp_path, table("t", "a", key=("a",)), t={"a": ["x", "x"]})
    assert [p.message for p in made.problems()] == ["stands twice; the first is in t.csv, line 2"]
    made.places["t"].counted = "row"
    assert [p.message for p in made.problems()] == ["stands twice; the first is in t.csv, row 2"]

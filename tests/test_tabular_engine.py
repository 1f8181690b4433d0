"""The engine: a second, naive one gives the same answers, and the keys of a package are the same over both."""

from __future__ import annotations

import errno
import math
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from datetime import time as clock
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from naive_engine import Naive

from bastions.problems import Problem
from bastions.schema import Constraints, Field, ForeignKey, Table
from bastions.tabular.tables import keys
from bastions.tabular.tables.engine import Embedded, Engine
from bastions.tabular.tables.places import Places

NUMBERS = [0.0, -0.0, 1.0, 2.5, math.nan, math.inf, -math.inf, 2.0**53, 2.0**53 + 2, 2.0**63, 1e22, 1e-7, 123456.789]
VALUES: dict[str, tuple[pa.DataType, list[Any]]] = {
    "string": (pa.string_view(), ["", "a", "A", "b", "é", "e\u0301", "1", "true", "x" * 1_500, "x" * 1_499]),
    "integer": (pa.int64(), [0, 1, 2, -1, 2**53, 2**53 + 1, 2**63 - 1, -(2**63)]),
    "number": (pa.float64(), NUMBERS),
    "boolean": (pa.bool_(), [True, False]),
    "date": (pa.date32(), [date(2017, 11, 3), date(2017, 11, 4), date(1, 1, 1)]),
    "time": (pa.time64("us"), [clock(0, 0), clock(23, 59, 59), clock(1, 2, 3, 400_000)]),
    "datetime": (
        pa.timestamp("us"),
        [datetime(2017, 11, 3), datetime(2017, 11, 3, 1, 2, 3, 40), datetime(9999, 12, 31)],
    ),
    "year": (pa.int32(), [2017, 2018, 0, 1]),
}
KINDS = sorted(VALUES)


def nothing(batch: pa.RecordBatch) -> pa.Table:
    """What every batch is checked by here: it says how many rows it saw."""
    return pa.table({"rows": [batch.num_rows]})


def load(engine: Engine, name: str, columns: dict[str, pa.Array], cuts: Sequence[int] = ()) -> list[int]:
    """Loads a table in several batches; returns how many rows each had."""
    whole = pa.RecordBatch.from_pydict(columns)
    edges = sorted({0, whole.num_rows, *(cut for cut in cuts if cut < whole.num_rows)})
    batches = [whole.slice(a, b - a) for a, b in pairwise(edges)]
    return [seen["rows"][0].as_py() for seen in engine.load(name, iter(batches), nothing)]


def told(answer: Iterator[pa.RecordBatch]) -> list[dict[str, Any]]:
    return [row for batch in answer for row in batch.to_pylist()]


@st.composite
def tables(draw: st.DrawFn, kinds: Sequence[str]) -> tuple[dict[str, pa.Array], list[int]]:
    """Columns "0", "1", … of these kinds, with many equal values, and where the batches are cut."""
    rows = draw(st.integers(0, 30))
    columns = {}
    for number, kind in enumerate(kinds):
        type_, pool = VALUES[kind]
        some = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=5))
        values = draw(st.lists(st.none() | st.sampled_from(some), min_size=rows, max_size=rows))
        columns[str(number)] = pa.array(values, type_)
    return columns, draw(st.lists(st.integers(0, 30), max_size=3))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Any, Any]:
    """Two tables of two columns; those that stand for each other mostly have one kind."""
    near = draw(st.lists(st.sampled_from(KINDS), min_size=2, max_size=2))
    far = [draw(st.sampled_from([kind, kind, "number", "integer", *KINDS])) for kind in near]
    return draw(tables(near)), draw(tables(far))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(pairs())
@example(
    (
        ({"0": pa.array([2**53 + 1, 1]), "1": pa.array([1, 1])}, []),
        ({"0": pa.array([2.0**53]), "1": pa.array([1.0])}, []),
    )
)
def test_both_engines_give_the_same_answers(pair: tuple[Any, Any]) -> None:
    """Found: DuckDB compares a whole number with a fraction as fractions, for which 2**53 + 1 and 2**53 are one."""
    (near, near_cuts), (far, far_cuts) = pair
    answers = []
    with TemporaryDirectory() as folder, Embedded(Path(folder)) as embedded:
        for engine in (embedded, Naive()):
            sizes = [load(engine, "near", near, near_cuts), load(engine, "far", far, far_cuts)]
            answers.append(
                [
                    sizes,
                    [engine.rows(name) for name in ("near", "far", "other")],
                    *(told(engine.nulls("near", columns)) for columns in (["0"], ["1", "0"], ["2"])),
                    *(told(engine.duplicates("near", columns)) for columns in (["0"], ["1"], ["1", "0"], ["0", "2"])),
                    *(
                        told(engine.orphans("near", columns, target, others))
                        for target in ("near", "far")
                        for columns, others in (
                            (["0"], ["0"]),
                            (["0"], ["1"]),
                            (["0", "1"], ["0", "1"]),
                            (["0"], ["2"]),
                        )
                    ),
                ]
            )
    assert answers[0] == answers[1]


def field(name: str, kind: str, **constraints: Any) -> Field:
    return Field(name, kind, "", constraints=Constraints(**constraints))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(st.just(kind), tables([kind] * 4), tables([kind, "string"])))
)
def test_the_problems_of_keys_are_the_same_over_both_engines(made: tuple[str, Any, Any]) -> None:
    kind, (near, near_cuts), (far, far_cuts) = made
    package = {
        "near": Table(
            "near",
            "",
            "",
            "record",
            (field("0", kind), field("1", kind, unique=True), field("2", kind), field("3", kind)),
            ("0", "2"),
            (
                ForeignKey(("2",), "far", ("0",)),
                ForeignKey(("3", "1"), "", ("0", "2")),
                ForeignKey(("3",), "far", ("1",)),
            ),
            unique_keys=(("3",), ("1", "3"), ("2", "0")),
        ),
        "far": Table("far", "", "", "record", (field("0", kind), field("1", "string")), ("0",)),
    }
    found: list[list[Problem]] = []
    with TemporaryDirectory() as folder, Embedded(Path(folder), columns=keys.columns(package)) as embedded:
        for engine in (embedded, Naive()):
            load(engine, "near", near, near_cuts)
            load(engine, "far", far, far_cuts)
            places = {name: Places(Path(folder)) for name in package}
            for name in package:
                places[name].add(f"{name}.csv", np.arange(engine.rows(name), dtype=np.int64) + 2)
            bad = near["0"].is_null().to_numpy(zero_copy_only=False)
            places["near"].mark("0", np.flatnonzero(bad)[::2])
            found.append(list(keys.check(package, engine, places, ())))
    assert found[0] == found[1]
    assert all(p.value for p in found[0] if p.rule == "foreign-key" and kind != "string")


def embedded_rows(folder: Path, values: list[Any], cuts: Sequence[int] = ()) -> Embedded:
    engine = Embedded(folder)
    load(engine, "t", {"k": pa.array(values)}, cuts)
    return engine


def test_ascending_keys_are_unique_without_a_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Curated tables are sorted by key; their uniqueness must cost nothing at any size."""
    engine = embedded_rows(tmp_path, ["a", "b", None, "c", "c\u0301", "é"], [2, 3, 4])
    monkeypatch.setattr(engine, "_connect", None)
    assert told(engine.duplicates("t", ["k"])) == []


@pytest.mark.parametrize("cuts", [[], [1], [2], [1, 2, 3]])
@pytest.mark.parametrize("values", [[1, 2, 2], [1, 2, 1], ["a", "b", "b"], [1.0, math.nan, math.nan], [0.0, 1.0, -0.0]])
def test_a_key_that_stops_to_rise_is_looked_at(tmp_path: Path, values: list[Any], cuts: list[int]) -> None:
    with embedded_rows(tmp_path, values, cuts) as engine:
        assert [row["row"] for row in told(engine.duplicates("t", ["k"]))] == [2]


def test_names_of_columns_are_not_trusted(tmp_path: Path) -> None:
    """DuckDB renames columns that differ in case alone, and refuses to number the rows of a file with that column."""
    names = ["a", "A", "file_row_number", "row", "c0", 'k0", 1 --', "", "first", "hash"]
    columns = {name: pa.array([number, number, None]) for number, name in enumerate(names)}
    with Embedded(tmp_path) as engine:
        load(engine, "t", columns)
        for number, name in enumerate(names):
            assert told(engine.duplicates("t", [name])) == [{"row": 1, "first": 0, "0": str(number)}]
        assert [row["column"] for row in told(engine.nulls("t", names))] == names


def test_the_folder_may_have_any_name(tmp_path: Path) -> None:
    """A path is a pattern for DuckDB, and `a=b` in it a column."""
    folder = tmp_path / "o'clock [x]*?" / "c0=9"
    folder.mkdir(parents=True)
    with embedded_rows(folder, [2, 1, 2]) as engine:
        assert told(engine.duplicates("t", ["k"])) == [{"row": 2, "first": 0, "0": "2"}]


def test_only_wanted_columns_are_kept(tmp_path: Path) -> None:
    with Embedded(tmp_path, columns={"t": ["k"]}) as engine:
        load(engine, "t", {"k": pa.array([1, 1]), "other": pa.array(["x", "x"])})
        load(engine, "u", {"k": pa.array([1, 1])})
        assert told(engine.duplicates("t", ["k"])) != []
        assert told(engine.duplicates("t", ["other"])) == []
        assert engine.rows("u") == 2
    (kept,) = tmp_path.glob("*.parquet")
    assert len(pa.parquet.read_schema(kept).names) == 1


def test_duckdb_opens_nothing_but_its_own_files(tmp_path: Path) -> None:
    import duckdb

    inside, outside = tmp_path / "in", tmp_path / "in-other"
    inside.mkdir()
    outside.mkdir()
    (outside / "x.csv").write_text("a\n1\n")
    with embedded_rows(inside, [1, 1]) as engine:
        told(engine.duplicates("t", ["k"]))
        connection = engine._connect()
        for query in (
            f"FROM read_csv('{outside}/x.csv')",
            f"COPY (SELECT 1) TO '{outside}/y.csv'",
            "FROM read_csv('http://127.0.0.1:9/x.csv')",
            "INSTALL httpfs",
            "SET enable_external_access = true",
            f"SET allowed_directories = ['{outside}']",
            "SET memory_limit = '64GB'",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(query)


def batches(number: int, rows: int = 1_000) -> Iterator[pa.RecordBatch]:
    for start in range(0, number * rows, rows):
        yield pa.RecordBatch.from_pydict({"k": pa.array(range(start, start + rows))})


class Disk:
    """A writer that records what it is given, and fails at a call."""

    def __init__(self, fails: int = -1):
        self.given: list[int] = []
        self.fails = fails
        self.left: list[bool] = []

    def write(self, batch: pa.RecordBatch) -> None:
        if len(self.given) == self.fails:
            raise OSError(errno.ENOSPC, "No space left on device", "x.parquet")
        self.given.append(batch.num_rows)

    def __enter__(self) -> Disk:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.left.append(kind is None)


@pytest.mark.parametrize("fails", [0, 1, 4])
def test_a_full_disk_is_told_as_it_was(tmp_path: Path, fails: int) -> None:
    """The last batch too: nothing waits for its writing but the end of the load."""
    disk = Disk(fails)
    engine = Embedded(tmp_path, open_writer=lambda name, schema: disk)
    with pytest.raises(OSError) as caught:
        list(engine.load("t", batches(5), nothing))
    assert caught.value.errno == errno.ENOSPC and caught.value.filename == "x.parquet"
    assert disk.left == [False]
    with pytest.raises(KeyError):
        told(engine.duplicates("t", ["k"]))


def test_a_full_temporary_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "0000.parquet").symlink_to("/dev/full")
    with pytest.raises(OSError) as caught:
        list(Embedded(tmp_path).load("t", batches(20, 100_000), nothing))
    assert caught.value.errno == errno.ENOSPC


def test_no_more_than_one_batch_waits_to_be_written(tmp_path: Path) -> None:
    """A slow disk would otherwise fill the memory with batches."""
    made: list[int] = []
    ahead: list[int] = []

    class Slow(Disk):
        def write(self, batch: pa.RecordBatch) -> None:
            time.sleep(0.01)
            super().write(batch)
            ahead.append(len(made) - len(self.given))

    def source() -> Iterator[pa.RecordBatch]:
        for batch in batches(12):
            made.append(1)
            yield batch

    slow = Slow()
    list(Embedded(tmp_path, open_writer=lambda name, schema: slow).load("t", source(), nothing))
    assert slow.given == [1_000] * 12 and slow.left == [True]
    assert max(ahead) <= 1


def test_a_load_that_is_given_up_never_was(tmp_path: Path) -> None:
    disk = Disk()
    engine = Embedded(tmp_path, open_writer=lambda name, schema: disk)
    loading = engine.load("t", batches(5), nothing)
    next(loading)
    loading.close()  # type: ignore[attr-defined]
    assert engine.rows("t") == 0 and disk.left == [False]
    list(engine.load("t", batches(2), nothing))
    assert engine.rows("t") == 2_000


def test_an_error_of_the_source_or_the_check_passes(tmp_path: Path) -> None:
    def broken(batch: pa.RecordBatch) -> pa.Table:
        raise ValueError("check")

    engine = Embedded(tmp_path)
    with pytest.raises(ValueError, match="check"):
        list(engine.load("t", batches(3), broken))
    list(engine.load("t", batches(3), nothing))
    with pytest.raises(ValueError, match="loaded already"):
        list(engine.load("t", batches(3), nothing))


def test_a_table_without_batches_is_an_empty_table(tmp_path: Path) -> None:
    with embedded_rows(tmp_path, [1, None]) as engine:
        list(engine.load("none", iter(()), nothing))
        assert told(engine.duplicates("none", ["k"])) == told(engine.nulls("none", ["k"])) == []
        assert told(engine.orphans("none", ["k"], "t", ["k"])) == []
        assert told(engine.orphans("t", ["k"], "none", ["k"])) == [{"row": 0, "0": "1"}]


def test_many_equal_keys_in_little_memory(tmp_path: Path) -> None:
    """Everything spills: the counting of the keys, and the sorting of the answer."""
    number = 400_000
    some = pl.select(k=(pl.int_range(number) * 7_919 % (number // 2)).cast(pl.String) + "-a-rather-long-key")
    with Embedded(tmp_path, memory="64MB") as engine:
        load(engine, "t", {"k": some["k"].to_arrow()}, range(0, number, 50_000))
        rows = 0
        for batch in engine.duplicates("t", ["k"]):
            assert batch.column("row")[0].as_py() == number // 2 + rows
            rows += batch.num_rows
        assert rows == number // 2
        assert told(engine.orphans("t", ["k"], "t", ["k"])) == []

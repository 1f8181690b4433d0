"""Parquet of untrusted packages: what is read of it, what is refused, and in how much memory."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bastions.schema import Field
from bastions.tabular.limits import Limits
from bastions.tabular.parquet import kinds, opening, pages, thrift
from bastions.tabular.parquet.unreadable import Unreadable
from bastions.tabular.run import validate


def written(table: pa.Table, **options: Any) -> io.BytesIO:
    made = io.BytesIO()
    pq.write_table(table, made, **options)
    return made


def read(file: io.BytesIO, limits: Limits | None = None) -> tuple[dict[str, list[Any]], list[tuple[int, int, str]]]:
    opened = opening.opened(file, limits or Limits())
    blocks = list(opened.blocks())
    rows = [row for block in blocks for row in block.text.rows()]
    columns = dict(zip(opened.names, map(list, zip(*rows, strict=True)), strict=True)) if rows else {}
    return columns, [(fault.line, fault.column, fault.rule) for block in blocks for fault in block.faults]


def told(root: Path, table: pa.Table, *fields: tuple[str, str], limits: Limits | None = None) -> list[Any]:
    """What is said of a package with one Parquet file."""
    pq.write_table(table, root / "t.parquet", write_statistics=False)
    resource: dict[str, Any] = {"name": "t", "path": "t.parquet"}
    if fields:
        resource["schema"] = {"fields": [{"name": name, "type": type_} for name, type_ in fields]}
    package = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "p", "resources": [resource]}
    (root / "datapackage.json").write_text(json.dumps(package))
    return [(p.line, p.column, p.rule) for p in validate(root, limits=limits).problems]


def same(rows: int, text: str) -> pa.Table:
    return pa.table({"a": pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([text]))})


def in_little_memory(path: Path) -> str:
    """Reads a file in a process that may take 4 GB of addresses; how many rows, or the rule, and whether 700 MB did."""
    code = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
from bastions.tabular.limits import Limits
from bastions.tabular.parquet import opening
from bastions.tabular.parquet.unreadable import Unreadable
with open(sys.argv[1], "rb") as file:
    try:
        said = sum(len(block.lines) for block in opening.opened(file, Limits()).blocks())
    except Unreadable as error:
        said = error.rule
most = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(said, int(most.split()[1]) < 700_000)
"""
    made = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, timeout=100, check=False)
    return made.stdout.strip() or made.stderr


def test_a_dictionary_is_no_bomb(tmp_path: Path) -> None:
    """A file of 869 bytes took 18.7 GB: every row was a copy of one long text."""
    pq.write_table(same(20_000, "x" * 900_000), tmp_path / "t", compression="zstd", store_schema=False)
    assert in_little_memory(tmp_path / "t") == "20000 True"


def test_prefixes_are_no_bomb(tmp_path: Path) -> None:
    """Texts that are told as the one before them again take next to nothing in a file."""
    table = same(1_000, "x" * 900_000)
    plain = pa.table({"a": table["a"].combine_chunks().dictionary_decode()})
    encoding = {"a": "DELTA_BYTE_ARRAY"}
    options: dict[str, Any] = {"use_dictionary": False, "column_encoding": encoding, "store_schema": False}
    pq.write_table(plain, tmp_path / "t", **options)
    del plain
    assert in_little_memory(tmp_path / "t") == "1000 True"


def test_numbers_that_are_all_alike_are_no_bomb(tmp_path: Path) -> None:
    """Of many columns as many rows were read at once as of one."""
    columns = {str(i): np.zeros(100_000, np.int64) for i in range(300)}
    pq.write_table(pa.table(columns), tmp_path / "t", compression="zstd")
    assert in_little_memory(tmp_path / "t") == "100000 True"


def test_a_page_that_is_too_large_is_refused() -> None:
    """A page is decompressed whole: zstd makes a gigabyte out of nothing."""
    file = written(pa.table({"a": ["x" * 9_000] * 1_000}), use_dictionary=False, compression="zstd")
    with pytest.raises(Unreadable, match="of memory at once") as caught:
        read(file, Limits(row=100_000))
    assert caught.value.rule == "row-limit" and "--max-row" in caught.value.hint


def test_a_column_that_says_to_be_longer_than_the_file_is_refused() -> None:
    """The sizes in the footer were believed."""
    file = written(pa.table({"a": [1, 2, 3]}), compression="none").getvalue()
    header = pages.header_at(io.BytesIO(file), 4, len(file))
    assert header[0][2, 5] > 0
    broken = bytearray(file)
    broken[4:20] = b"\xff" * 16
    with pytest.raises(Unreadable, match="damaged"):
        read(io.BytesIO(bytes(broken)))


@pytest.mark.parametrize("store", [True, False])
@pytest.mark.parametrize("dictionary", [True, False])
@pytest.mark.parametrize("type_", [pa.string(), pa.large_string(), pa.string_view()])
def test_long_texts_are_told(type_: pa.DataType, dictionary: bool, store: bool) -> None:
    """The limits of cells and rows were those of CSV alone."""
    table = pa.table({"a": ["x", "xxxxx", None, "y"], "b": ["xxxx", "y", "z", "xxx"]}).cast(
        pa.schema({"a": type_, "b": type_})
    )
    file = written(table, use_dictionary=dictionary, store_schema=store)
    columns, faults = read(file, Limits(cell=4, row=10_000))
    assert faults == [(2, 1, "cell-limit")]
    assert columns == {"a": ["x", None, "y"], "b": ["xxxx", "z", "xxx"]}


def test_long_rows_are_told(tmp_path: Path) -> None:
    """A row of many texts had no limit; what is left of the table is read."""
    table = pa.table({"a": ["x" * 3_000, "y"], "b": ["x" * 3_000, "y"]})
    assert told(tmp_path, table, limits=Limits(row=5_000)) == [(1, 0, "row-limit")]
    assert told(tmp_path, table, limits=Limits(cell=2_000)) == [(1, 1, "cell-limit")]


@pytest.mark.parametrize("dictionary", [True, False])
def test_text_that_is_no_utf8_is_told(tmp_path: Path, dictionary: bool) -> None:
    """It was valid, or a panic later."""
    bad = pa.array([b"a", b"\xff\xfe", None, b"c\xe9", b"d"], pa.binary()).view(pa.string())
    file = written(pa.table({"n": range(5), "a": bad}), use_dictionary=dictionary)
    columns, faults = read(file)
    assert faults == [(2, 2, "encoding-error"), (4, 2, "encoding-error")]
    assert columns == {"n": [0, 2, 4], "a": ["a", None, "d"]}
    assert told(tmp_path, pa.table({"a": bad})) == [(2, 1, "encoding-error"), (4, 1, "encoding-error")]


def test_wide_decimals_are_refused_by_name(tmp_path: Path) -> None:
    """Those of 256 bits were a panic of polars, which is no exception."""
    wide = pa.array([Decimal(1)], pa.decimal256(50, 2))
    assert told(tmp_path, pa.table({"a": wide}), ("a", "number")) == [(0, 1, "type-error")]
    assert told(tmp_path, pa.table({"a": wide})) == [(0, 1, "type-error")]
    assert "128 bits" in str(kinds.unfit(Field("a", "number", ""), wide.type))


def test_a_panic_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def panics(_: object) -> None:
        raise pl.exceptions.PanicException("at the disco")

    monkeypatch.setattr(pl, "from_arrow", panics)
    with pytest.raises(Unreadable, match="disco"):
        read(written(pa.table({"a": [1]})))


@pytest.mark.parametrize(
    ("type_", "number", "kind"),
    [
        (pa.date32(), 2_932_897, "date"),
        (pa.date32(), -719_163, "date"),
        (pa.date32(), 2**31 - 1, "date"),
        (pa.timestamp("us"), 253_402_300_800_000_000, "datetime"),
        (pa.timestamp("ms"), 2**62, "datetime"),
        (pa.timestamp("us", "Europe/Berlin"), -(2**62), "datetime"),
        (pa.time32("ms"), 86_400_000, "time"),
        (pa.time64("us"), -1, "time"),
    ],
)
def test_days_and_times_that_do_not_exist_are_told(tmp_path: Path, type_: pa.DataType, number: int, kind: str) -> None:
    """Days beyond the years 1 to 9999 were values, which text cannot say and Python not hold."""
    whole = pa.int32() if type_.bit_width == 32 else pa.int64()
    table = pa.table({"a": pa.array([0, number, None], whole).view(type_)})
    assert told(tmp_path, table, ("a", kind)) == [(2, 1, "type-error")]


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1PAR1", b"XXXX", b"PAR1\0\0\0\0\xff\xff\xff\x7fPAR1"])
def test_what_is_no_parquet_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        opening.opened(io.BytesIO(data), Limits())


def test_the_first_bytes_are_looked_at() -> None:
    """Anything might stand there."""
    data = written(pa.table({"a": [1]})).getvalue()
    with pytest.raises(Unreadable, match="begin with PAR1"):
        opening.opened(io.BytesIO(b"MZ\0\0" + data[4:]), Limits())


def test_too_many_columns_have_their_own_rule(tmp_path: Path) -> None:
    """It was a source-error, where CSV has column-limit."""
    table = pa.table({str(i): [1] for i in range(5)})
    assert told(tmp_path, table, limits=Limits(columns=4)) == [(0, 0, "column-limit")]


def test_a_long_footer_is_refused() -> None:
    with pytest.raises(Unreadable, match="footer") as caught:
        opening.opened(written(pa.table({"a" * 5_000: [1]})), Limits(row=1_000))
    assert caught.value.rule == "row-limit"


def test_a_time_zone_that_does_not_exist_is_told(tmp_path: Path) -> None:
    """It was a damaged file."""
    table = pa.table({"a": pa.array([0], pa.timestamp("us", "Nowhere/Town"))})
    assert told(tmp_path, table, ("a", "datetime")) == [(0, 1, "type-error")]
    assert "Nowhere/Town" in str(kinds.unfit(Field("a", "datetime", ""), table.schema.types[0]))


def test_instants_with_a_zone_are_those_of_utc() -> None:
    at = datetime(2020, 7, 1, 12, tzinfo=UTC)
    columns, _ = read(written(pa.table({"a": pa.array([at], pa.timestamp("us", "Europe/Berlin"))})))
    assert columns == {"a": [datetime(2020, 7, 1, 12)]}


@pytest.mark.parametrize(
    "column",
    [
        pa.array([[1]]),
        pa.array([{"x": 1}]),
        pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())),
        pa.array([b"x"]),
        pa.array([b"xy"], pa.binary(2)),
        pa.array([1], pa.duration("us")),
    ],
)
def test_what_no_type_is_like_is_refused(tmp_path: Path, column: pa.Array) -> None:
    for fields in ((), (("a", "string"),), (("a", "number"),), (("a", "array"),)):
        assert told(tmp_path, pa.table({"a": column}), *fields) in ([(0, 1, "type-error")], [(1, 1, "type-error")])


def test_numbers_of_every_width(tmp_path: Path) -> None:
    half = pa.array([1.5, None], pa.float16())
    assert told(tmp_path, pa.table({"a": half}), ("a", "number")) == []
    assert told(tmp_path, pa.table({"a": pa.array([1, 2**64 - 1], pa.uint64())}), ("a", "integer")) == [
        (2, 1, "type-error")
    ]
    assert told(tmp_path, pa.table({"a": [2**63 - 1]}), ("a", "number")) == [(1, 1, "inexact-number")]


def test_names(tmp_path: Path) -> None:
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], ["a", "a"])
    assert told(tmp_path, twice) == [(0, 2, "duplicate-label")]
    assert told(tmp_path, pa.table({"": [1], "b": [2]})) == [(0, 1, "blank-label")]
    assert told(tmp_path, pa.table({"a.b": ["x", "x"], "a": ["x", "y"]})) == []


def test_nothing(tmp_path: Path) -> None:
    """A column of the type null was a traceback."""
    assert told(tmp_path, pa.table({})) == [(0, 0, "source-error")]
    assert told(tmp_path, pa.table({"a": pa.array([], pa.string())})) == []
    nulls = pa.table({"a": pa.nulls(3), "b": pa.nulls(3, pa.string()), "c": pa.nulls(3, pa.date32())})
    assert told(tmp_path, nulls) == []
    assert read(written(nulls))[0] == dict.fromkeys("abc", [None] * 3)


TYPES = {
    pa.int8(): st.integers(-128, 127),
    pa.int64(): st.integers(-(2**63), 2**63 - 1),
    pa.uint64(): st.integers(0, 2**64 - 1),
    pa.float64(): st.floats(allow_nan=False),
    pa.bool_(): st.booleans(),
    pa.string(): st.text(),
    pa.large_string(): st.sampled_from(["", "a", "é"]),
    pa.string_view(): st.text(),
    pa.dictionary(pa.int8(), pa.string()): st.sampled_from(["", "a", "bc"]),
    pa.date32(): st.dates(),
    pa.timestamp("us"): st.datetimes(),
    pa.timestamp("ms"): st.datetimes().map(lambda at: at.replace(microsecond=0)),
    pa.time64("us"): st.times(),
    pa.decimal128(20, 3): st.decimals(-(10**9), 10**9, places=3),
}


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    rows = draw(st.integers(0, 20))
    types = draw(st.lists(st.sampled_from(list(TYPES)), min_size=1, max_size=5))
    columns = [
        pa.array(draw(st.lists(st.none() | TYPES[type_], min_size=rows, max_size=rows)), type_) for type_ in types
    ]
    return pa.Table.from_arrays(columns, [str(i) for i in range(len(columns))])


@pytest.mark.parametrize("sign", [b"\x1c", b"\x19"], ids=["structs", "lists"])
def test_headers_that_hold_themselves_without_end_are_damaged(sign: bytes) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        thrift.struct_at(sign * 100_000, 0, 0)


@settings(max_examples=60, deadline=None)
@given(
    tables(),
    st.sampled_from(["1.0", "2.6"]),
    st.sampled_from(["1.0", "2.0"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["none", "zstd", "snappy"]),
    st.integers(1, 30),
)
def test_what_was_written_is_read(
    table: pa.Table, version: str, page: str, dictionary: bool, store: bool, compression: str, group: int
) -> None:
    options: dict[str, Any] = {"data_page_version": page, "use_dictionary": dictionary, "store_schema": store}
    file = written(table, version=version, compression=compression, row_group_size=group, data_page_size=16, **options)
    columns, faults = read(file)
    assert not faults
    assert columns == (table.to_pydict() if table.num_rows else {})


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_told(data: st.DataObject) -> None:
    """No damage is anything but a refusal, or rows. pyarrow ended the process at a column without a description."""
    table = pa.table(
        {"a": ["x", "yy", None] * 9, "d": [date(2020, 1, 1), None, date(1, 1, 1)] * 9, "t": [time(1)] * 27}
    )
    whole = bytearray(written(table, compression="zstd", row_group_size=10).getvalue())
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=4)):
        whole[at] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Unreadable):
        read(io.BytesIO(bytes(whole)))

"""The fast reader reads as the reader for any dialect does, which is held to the rules by tests of its own."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bastions.tabular.descriptor.dialect import Dialect
from bastions.tabular.limits import Limits
from bastions.tabular.text import general, records
from bastions.tabular.text.block import Block, RowFault

Reader = Callable[..., Iterator[Block]]
Read = tuple[list[tuple[int, tuple[Any, ...]]], list[RowFault]]


def read(reader: Reader, data: bytes, width: int, dialect: Dialect | None = None, **limits: int) -> Read:
    found = list(reader(io.BytesIO(data), dialect or Dialect(), width, Limits(**limits), 2))
    rows = [(int(n), row) for b in found for n, row in zip(b.lines, b.text.rows(), strict=True)]
    return rows, [fault for b in found for fault in b.faults]


def both(data: bytes, width: int, dialect: Dialect | None = None, **limits: int) -> Read:
    """What both readers make of it, which has to be the same."""
    fast = read(records.blocks, data, width, dialect, **limits)
    slow = read(general.blocks, data, width, dialect, **limits)
    assert fast == slow
    return fast


SIGNS = st.lists(
    st.sampled_from(
        [b"a", b"bc", b",", b",", b'"', b'"', b'""', b"\n", b"\n", b"\r\n", b"\r", b"\0", b"\xff", "é".encode()]
    ),
    max_size=40,
).map(b"".join)


@settings(max_examples=600, derandomize=True, deadline=None)
@given(SIGNS, st.integers(1, 3))
@example(b'a,"b\nc,d\n', 2)
@example(b'a,"b\n"c,d\ne,f\n', 2)
@example(b'"a\r\nb",c\r\nd,e\r\n', 2)
@example(b'""""\n""\n', 1)
@example(b'""\r\n', 1)
@example(b"a,b\n\n,\nc,d", 2)
def test_any_bytes(data: bytes, width: int) -> None:
    both(data, width)


CELL = st.text(st.sampled_from('ab,"\né x'), max_size=6)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=30), st.sampled_from(["\n", "\r\n"]), st.data())
def test_well_formed_rows_with_a_fault_among_them(rows: list[list[str]], end: str, data: st.DataObject) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\n') or len(cell) % 2 else cell

    lines = [",".join(quoted(cell) for cell in row) for row in rows]
    if data.draw(st.booleans()):
        lines.insert(
            data.draw(st.integers(0, len(lines))), data.draw(st.sampled_from(['x,"y,z', "x,y", "", ',"",', 'x"']))
        )
    both(end.join(lines).encode(), 3)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that records lie across the borders of pieces."""
    monkeypatch.setattr(records, "_SAMPLE", 16)
    monkeypatch.setattr(records, "_PIECE", 16)


@pytest.mark.usefixtures("small_pieces")
@settings(max_examples=400, derandomize=True, deadline=None)
@given(SIGNS, st.integers(1, 3), st.sampled_from([{}, {"row": 24}, {"cell": 5}]))
@example(b"a\n" + b"x" * 200 + b"\ny\n\nz\n", 1, {"row": 24})
@example(b"a\n" + b"x" * 200, 1, {"row": 24})
def test_pieces_change_nothing(data: bytes, width: int, limits: dict[str, int]) -> None:
    both(data, width, None, **limits)


def test_other_signs() -> None:
    rows, faults = both(b"a;'b;c'\n'd'';';e\n", 2, Dialect(delimiter=";", quote="'"))
    assert [row for _, row in rows] == [("a", "b;c"), ("d';", "e")]
    assert not faults


def test_one_unclosed_quote_costs_one_row() -> None:
    """Frictionless swallows all rows up to the next quote into one cell and finds the file valid."""
    lines = ["a,b"] * 400
    lines[1] = 'a,"b'
    rows, faults = both("\n".join(lines).encode(), 2)
    assert len(rows) == 399
    assert [(f.line, f.column, f.rule) for f in faults] == [(3, 2, "unclosed-quote")]


def test_a_line_longer_than_a_record_may_be_is_left_out_alone() -> None:
    rows, faults = both(b"a,b\n" + b"x" * 3_000_000 + b",y\nc,d\n", 2, row=1_000_000)
    assert rows == [(2, ("a", "b")), (4, ("c", "d"))]
    assert [(f.line, f.rule) for f in faults] == [(3, "row-limit")]


def test_many_cells_after_a_quote_that_does_not_close() -> None:
    """Such a piece was once cut before the quote could be seen not to close, again and again, without an end."""
    both(b'a,"b\n' + (b"," * 20 + b"\n") * 400, 2, row=500)


def test_what_the_parser_swallows_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were polars to trim or lose a byte, the other reader would read the piece anew."""
    true = pl.read_csv

    def trimming(*given: Any, **named: Any) -> pl.DataFrame:
        return true(*given, **named).with_columns(pl.all().str.strip_chars())

    monkeypatch.setattr(pl, "read_csv", trimming)
    assert read(records.blocks, b" a,b\n", 2)[0] == [(2, (" a", "b"))]

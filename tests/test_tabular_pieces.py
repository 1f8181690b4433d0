"""Pieces of a file in which much is wrong: what is said of blank rows, and that many lines are dealt with in parts."""

from __future__ import annotations

import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bastions.schema import Field, Table
from bastions.tabular.descriptor.dialect import Dialect
from bastions.tabular.fields import dangers
from bastions.tabular.limits import Limits
from bastions.tabular.text import general, pieces, records
from bastions.tabular.text.block import RowFault

SIGNS = st.lists(
    st.sampled_from([b"a,b\n", b"\n", b"\r\n", b",\n", b",,\r\n", b'"', b'"\n', b'"",\n', b"a", b",", b"\r", b"\0\n"]),
    max_size=40,
).map(b"".join)


def both(data: bytes, width: int, limits: Limits) -> tuple[list[tuple[str, ...]], list[RowFault]]:
    """Rows and faults as the fast reader tells them, which are those of the reader for any dialect."""
    made = []
    for reader in (records.blocks, general.blocks):
        blocks = list(reader(io.BytesIO(data), Dialect(), width, limits, 1))
        rows = [row for block in blocks for row in block.text.rows()]
        made.append((rows, [fault for block in blocks for fault in block.faults]))
    assert made[0] == made[1]
    return made[0]


@settings(max_examples=400, derandomize=True, deadline=None)
@given(SIGNS, st.integers(1, 3), st.sampled_from([Limits(), Limits(row=24), Limits(cell=2), Limits(row=1)]))
@pytest.mark.parametrize("most", [1, 2, 5, 1 << 20])
def test_lines_dealt_with_in_parts(most: int, data: bytes, width: int, limits: Limits) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "_LINES", most)
        both(data, width, limits)


def test_blank_rows_are_told_as_the_other_reader_tells_them() -> None:
    rows, faults = both(b"\n\r\n,\n,,\r\na,b\n,\r\n", 2, Limits())
    assert rows == [("a", "b")]
    assert faults == [RowFault(n, 0, "blank-row", "the row is blank", hint="Delete the line.") for n in (1, 2, 3, 4, 6)]


def test_many_blank_rows_after_an_unclosed_quote_are_not_told_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The quote is looked for in all that a record may hold: one batch would have had ten million faults."""
    monkeypatch.setattr(pieces, "_LINES", 1_000)
    stream = io.BytesIO(b'a,"b\n' + b"\n" * 20_000)
    told = [len(block.faults) for block in records.blocks(stream, Dialect(), 2, Limits(), 1)]
    assert sum(told) == 20_001
    assert max(told) == 1_000


DANGEROUS = (
    "\x01\x7f\x9f\xad\u034f\u061c\u17b4\u180e\u200b\u200d\u2028\u2060\u3164\ufeff\uffa0\ufff0\ufffb\ufffe\uffff\U0001bca0\U0001d173"
    "\U000e0001\U000e01f0=+@\t＝＋＠"
)


@settings(max_examples=400, derandomize=True, deadline=None)
@given(st.lists(st.text(st.sampled_from("ab é’ع\n" + DANGEROUS), max_size=4), min_size=2, max_size=2))
def test_what_holds_nothing_dangerous_need_not_be_looked_at(cells: list[str]) -> None:
    """The look at every cell costs as much as all else; the bytes say whether there is any need."""
    row = ",".join('"' + cell + '"' if set(cell) & set("\n,") else cell for cell in cells)
    held = dangers.may_hold(f"{row}\n".encode(), b',"\n')
    fields = tuple(Field(name, "string", "") for name in "ab")
    found = list(dangers.find(Table("t", "", "", "", fields, ()), pl.DataFrame({"a": cells[:1], "b": cells[1:]})))
    assert held or not found
    if not set(row) & set(DANGEROUS):
        assert not held

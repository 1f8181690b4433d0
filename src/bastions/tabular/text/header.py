"""The header of a file: its rows, made to labels, and where the data begin. Which fields they are, `labels` says.

`headerRows` and `commentRows` count all rows of a file, comments too. A header row that is a comment is moved to the
next row that is none, so that comments may stand above a header. What stands above the last header row and is no header
row is no data, and is not looked at. Where a row of a header has fewer cells than others, its last one holds for the
columns to the right of it, as in the specification's example. Labels are taken as they stand: no space is stripped.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bastions.tabular.limits import Limits
from bastions.tabular.text import general
from bastions.tabular.text.block import RowFault
from bastions.tabular.text.encodings import EncodingFault, Source

if TYPE_CHECKING:
    from bastions.tabular.descriptor.dialect import Dialect

_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Header:
    """What a file begins with.

    Attributes:
        labels: One for each column; none where there is no header, or it cannot be used.
        line: The physical line on which the data begin.
        faults: Why the header cannot be used.
        rest: The stream, at the data.
        width: Cells of a row: as many as labels; without a header as many as the first well-formed row has, and 0
            where there is none.
        at: The physical line of the header; without one that of the first row.
        row: The number of the row with which the data begin, which `commentRows` count from.
    """

    labels: tuple[str, ...]
    line: int
    faults: list[RowFault]
    rest: Source
    width: int = 0
    at: int = 1
    row: int = 1


class _Rest:
    """Some bytes, and then a stream."""

    def __init__(self, head: bytes, stream: Source):
        self._head, self._stream = memoryview(head), stream

    def read(self, size: int, /) -> bytes:
        if not self._head:
            return self._stream.read(size)
        data, self._head = bytes(self._head[:size]), self._head[size:]
        return data


@dataclass(slots=True)
class _Kept:
    """A stream that keeps what was read of it, and is `cut` where it was read too far."""

    stream: Source
    limit: int
    data: bytearray = field(default_factory=bytearray)
    cut: bool = False

    def read(self, size: int, /) -> bytes:
        self.cut = len(self.data) > self.limit + _CHUNK
        data = b"" if self.cut else self.stream.read(size)
        self.data += data
        return data


def read(stream: Source, dialect: Dialect, limits: Limits) -> Header:
    """Reads the header rows, strictly, and no more of a file than `limits.row` bytes and a little.

    Args:
        stream: Bytes in UTF-8, at the beginning of the file.
        dialect: How the file is written.
        limits: What is read at most.

    Returns:
        The labels, or why there are none; never raises for what the file holds.
    """
    kept = _Kept(stream, limits.row)
    wanted = list(dialect.header_rows) if dialect.header else []
    above = set(range(1, wanted[-1])) - set(wanted) if wanted else set()
    commented = replace(dialect, comment_rows=tuple(sorted({*dialect.comment_rows, *above})))
    try:
        return _labels(kept, commented, limits, wanted) if wanted else _first(kept, dialect, limits)
    except EncodingFault as fault:
        return Header((), 1, [RowFault(fault.line, 0, "encoding-error", fault.message, hint=fault.hint)], io.BytesIO())


def _labels(kept: _Kept, dialect: Dialect, limits: Limits, wanted: list[int]) -> Header:
    rows: list[list[str]] = []
    at = 0
    found = None
    source = general.records(kept, dialect, None, limits, 1, 1, _CHUNK)
    while len(rows) < len(wanted) and (found := next(source, None)):
        at = at or found.line
        if kept.cut:
            break
        if fault := _unusable(found, limits):
            return _header(kept, (), at, found, [_returns(kept, fault)])
        rows.append(found.cells)
    if kept.cut:
        return _header(kept, (), at or 1, None, [_returns(kept, _too_far(at or 1, limits))])
    if not kept.data:
        hint = "Even a table without rows has its header; where it has none, declare `header: false`."
        return _header(kept, (), 1, None, [RowFault(1, 0, "source-error", "is empty", hint=hint)])
    if len(rows) < len(wanted):
        what = f"ends before row {wanted[len(rows)]:,}, where the dialect has the header"
        return _header(kept, (), at or 1, None, [RowFault(at or 1, 0, "blank-header", what)])
    width = max(len(row) for row in rows)
    filled = [row + row[-1:] * (width - len(row)) for row in rows]
    labels = tuple(dialect.header_join.join(filter(None, parts)) for parts in zip(*filled, strict=True))
    return _header(kept, labels, at, found, [])


def _unusable(found: general.Record, limits: Limits) -> RowFault | None:
    """Why a row of a header cannot be used, if so."""
    if found.width > limits.columns:
        return _too_many(found, limits)
    if not found.faults:
        return None
    fault = found.faults[0]
    if fault.rule == "blank-row":
        hint = "The first row names the columns; where there is no header, declare `header: false`."
        return RowFault(fault.line, 0, "blank-header", "the header is blank", hint=hint)
    return replace(fault, message=f"the header {fault.message}" if fault.rule == "row-limit" else fault.message)


def _too_far(line: int, limits: Limits) -> RowFault:
    what = f"the header does not end in the first {limits.row:,} bytes"
    return RowFault(line, 0, "row-limit", what, hint="--max-row BYTES raises the limit.")


def _too_many(found: general.Record, limits: Limits) -> RowFault:
    what = f"has {found.width:,} columns, more than the limit of {limits.columns:,}"
    return RowFault(found.line, 0, "column-limit", what, hint="--max-columns NUMBER raises the limit.")


def _returns(kept: _Kept, fault: RowFault) -> RowFault:
    """The fault of a first row that is too large, with the better hint where its lines end at carriage returns."""
    if fault.rule not in ("column-limit", "row-limit") or b"\r" not in kept.data or b"\n" in kept.data:
        return fault
    return replace(fault, hint='Its lines end at carriage returns: declare "lineTerminator": "\\r" in the dialect.')


def _first(kept: _Kept, dialect: Dialect, limits: Limits) -> Header:
    """The width of a file without a header; the reader of the rows, not this, says what is wrong with them."""
    source = general.records(kept, dialect, None, limits, 1, 1, _CHUNK)
    for found in source:
        if kept.cut:
            break
        if found.width > limits.columns:
            return _header(kept, (), found.line, None, [_returns(kept, _too_many(found, limits))])
        if not found.faults:
            return replace(_header(kept, (), found.line, None, []), width=found.width)
    return _header(kept, (), 1, None, [])


def _header(
    kept: _Kept, labels: tuple[str, ...], at: int, last: general.Record | None, faults: list[RowFault]
) -> Header:
    """What was found; the data begin after the record `last`, or where the file begins."""
    rest = _Rest(bytes(kept.data[last.offset if last else 0 :]), kept.stream)
    line, row = (last.after, last.number + 1) if last else (1, 1)
    return Header(labels, line, faults, rest, len(labels), at, row)

"""A Parquet file, opened, and its rows as blocks, read in bounded memory.

A few bytes of Parquet can stand for any amount of memory: pages are compressed, a dictionary says a text once for all
rows, other encodings say only how a text differs from the one before. So the headers of the pages are read first, which
say how much a part of the file takes at most, and by that it is decided how many rows are read at once, or none. Texts
of dictionaries are measured before they are written out, and are written out in frames of some 64 MB. What is not
bounded is time: a small file can hold many rows.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from bastions.tabular.limits import Limits
from bastions.tabular.parquet.faults import SHOWN, bare, beyond, bytes_of, no_day, not_utf8, sizes_of, undecodable_in
from bastions.tabular.parquet.kinds import is_text, value_type
from bastions.tabular.parquet.pages import footer_of, pages_of
from bastions.tabular.parquet.thrift import Struct, number_of, struct_at
from bastions.tabular.parquet.unreadable import FAILURES, REFUSALS, Unreadable, first_line
from bastions.tabular.text.block import Block, RowFault

ROWS = 262_144
"""Rows that are read at once at most."""
_CELLS = 4_000_000
"""Cells that are read at once, about, at most."""
_BYTES = 64_000_000
"""Bytes of text of a frame, about, at most."""
_HELD = 64
"""So many times the limit of a row the pages that are open at once may take, one of each column."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A Parquet file: the names and types of its columns."""

    file: pq.ParquetFile
    names: tuple[str, ...]
    types: tuple[pa.DataType, ...]
    stream: BinaryIO
    limits: Limits
    groups: tuple[Struct, ...]

    def blocks(self) -> Iterator[Block]:
        """The rows, with columns named "0", "1", … and the numbers of the rows from 1; only where all columns fit.

        A row is left out, and told, whose text is no UTF-8 or too long, or that has a day or time that does not exist.

        Raises:
            Unreadable: Where a part of the file is damaged, or takes too much memory.
        """
        first, size = 1, self.stream.seek(0, io.SEEK_END)
        try:
            for number, group in enumerate(self.groups):
                if not (expected := number_of(group, 3, 6)):
                    continue
                rows, coded = self._rows(group, size)
                file = _file(self.stream, self.file.metadata, coded)
                begin = first
                for batch in file.iter_batches(rows, row_groups=[number]):
                    yield from self._made(batch, first)
                    first += batch.num_rows
                if first - begin != expected:
                    raise Unreadable(f"is damaged at or after row {first:,}: rows are missing")
        except FAILURES as error:
            raise Unreadable(f"is damaged at or after row {first:,}: {first_line(error)}") from None

    def _rows(self, group: Struct, size: int) -> tuple[int, list[str]]:
        """How many rows of a row group are read at once, and of which columns the dictionaries are kept."""
        columns = []
        coded = []
        held = 0
        chunks = group.get((1, 9), [])
        if len(chunks) != len(self.names):
            raise Unreadable("is damaged: a row group has not the columns of the file")
        for number, found in enumerate(chunks):
            # Not by pyarrow, which aborts where there is none.
            chunk = found.get((3, 12), {})
            pages = pages_of(self.stream, chunk, size)
            if not number_of(group, 3, 6) == number_of(chunk, 5, 6) == sum(pages.rows):
                raise Unreadable("is damaged: its columns have not as many values as it says that it has rows")
            if pages.dictionary and is_text(value_type(self.types[number])):
                # What is not in the dictionary is added to it, and kept until the row group ends.
                if pages.plain <= _BYTES and not pages.spread:
                    coded.append(self.file.schema.column(number).path)
                    held += 3 * pages.plain
                else:
                    pages.spread = max(pages.spread, pages.dictionary)
            held += pages.held
            columns.append(pages)
        if held > _HELD * self.limits.row:
            what = f"takes {held:,} bytes of memory at once, more than {_HELD * self.limits.row:,}"
            hint = "Write it with smaller pages, or fewer rows in a row group; --max-row BYTES raises the limit."
            raise Unreadable(what, "row-limit", hint)
        rows = max(1, min(ROWS, _CELLS // len(columns)))
        while rows > 1 and sum(pages.decoded(rows) for pages in columns) > max(_BYTES, 2 * held):
            rows //= 4
        return max(1, rows), coded

    def _made(self, batch: pa.RecordBatch, first: int) -> Iterator[Block]:
        rows = np.arange(first, first + batch.num_rows, dtype=np.int64)
        widths = np.zeros(batch.num_rows, np.int64)
        left_out = np.zeros(batch.num_rows, np.bool_)
        faults: list[RowFault] = []
        columns = []
        for number, given in enumerate(batch.columns, 1):
            column = bare(given)
            columns.append(column)
            if is_text(value_type(column.type)):
                sizes = sizes_of(column)
                widths += sizes
                bad = sizes > self.limits.cell
                for row in np.flatnonzero(bad & ~left_out).tolist():
                    what = f"has {sizes[row]:,} bytes, more than the limit of {self.limits.cell:,}"
                    hint = "--max-cell BYTES raises the limit."
                    text = bytes_of(column, row, SHOWN).decode(errors="replace")
                    faults.append(RowFault(first + row, number, "cell-limit", what, text, hint))
                undecodable = undecodable_in(column)
                found = np.flatnonzero(undecodable & ~bad & ~left_out).tolist()
                faults += [not_utf8(first + row, number, bytes_of(column, row)) for row in found]
                bad |= undecodable
            else:
                bad = beyond(column)
                found = np.flatnonzero(bad & ~left_out).tolist()
                faults += [no_day(first + row, number, column[row]) for row in found]
            left_out |= bad
        bad = widths > self.limits.row
        for row in np.flatnonzero(bad & ~left_out).tolist():
            what, hint = f"is longer than {self.limits.row:,} bytes", "--max-row BYTES raises the limit."
            faults.append(RowFault(first + row, 0, "row-limit", what, hint=hint))
        left_out |= bad
        if left_out.any():
            good = pa.array(~left_out)
            columns = [column.filter(good) for column in columns]
            rows, widths = rows[~left_out], widths[~left_out]
        ends = np.cumsum(widths)
        at = 0
        while at < len(rows) or faults:
            spent = int(ends[at - 1]) if at else 0
            end = max(at + 1, int(np.searchsorted(ends, spent + _BYTES, "right"))) if at < len(rows) else at
            frame = _frame([column.slice(at, end - at) for column in columns], first + at)
            yield Block(frame, rows[at:end], tuple(sorted(faults, key=lambda fault: (fault.line, fault.column))))
            at, faults = end, []


def opened(stream: BinaryIO, limits: Limits) -> Opened:
    """Opens a file.

    Raises:
        Unreadable: If it is no Parquet file, or has no columns, or more than are read.
    """
    footer = footer_of(stream, limits)
    try:
        groups = tuple(struct_at(footer, 0, 0)[0].get((4, 9), ()))
    except IndexError:
        raise Unreadable("is damaged: its footer does not end") from None
    try:
        file = _file(stream)
        schema = file.schema_arrow
        names = tuple(schema.names)
    except FAILURES as error:
        raise Unreadable(f"is no Parquet file that can be read: {first_line(error)}") from None
    if not names:
        raise Unreadable("has no columns")
    if len(names) > limits.columns:
        what = f"has {len(names):,} columns, more than the limit of {limits.columns:,}"
        raise Unreadable(what, "column-limit", "--max-columns NUMBER raises the limit.")
    return Opened(file, names, tuple(schema.types), stream, limits, groups)


def _file(stream: BinaryIO, metadata: Any = None, dictionaries: list[str] | None = None) -> pq.ParquetFile:
    return pq.ParquetFile(
        stream,
        metadata=metadata,
        read_dictionary=dictionaries,
        buffer_size=1 << 16,  # else each column of a row group is read whole
        pre_buffer=False,
        coerce_int96_timestamp_unit="us",  # in nanoseconds they wrap around
        arrow_extensions_enabled=False,
    )


def _frame(columns: list[pa.Array], first: int) -> pl.DataFrame:
    try:
        made = {}
        for number, given in enumerate(columns):
            column = given.dictionary_decode() if isinstance(given, pa.DictionaryArray) else given
            cells = pl.from_arrow(column)
            assert isinstance(cells, pl.Series)
            made[str(number)] = cells.cast(pl.String) if cells.dtype == pl.Null else cells
        return pl.DataFrame(made)
    except REFUSALS as error:
        raise Unreadable(f"cannot be read at or after row {first:,}: {first_line(error)}") from None

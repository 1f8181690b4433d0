"""The footer of a Parquet file and the headers of its pages: how much memory a part of it takes at most."""

from __future__ import annotations

import io
from array import array
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np

from bastions.tabular.limits import Limits
from bastions.tabular.parquet.thrift import Struct, number_of, struct_at
from bastions.tabular.parquet.unreadable import Unreadable

_PAGES = 1_000_000
"""Pages of a column in one row group."""
_HEADER = 16_000_000
"""Bytes of the header of a page, as Arrow has it."""


def footer_of(stream: BinaryIO, limits: Limits) -> bytes:
    """What stands at the end of a file and says what is in it."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    begin = stream.read(4)
    stream.seek(max(0, size - 8))
    end = stream.read(8)
    if b"PARE" in (begin, end[4:]):
        raise Unreadable("is encrypted")
    if size < 12 or begin != b"PAR1" or end[4:] != b"PAR1":
        which = "begin" if begin != b"PAR1" else "end"
        raise Unreadable(f"is no Parquet file: it does not {which} with PAR1")
    footer = int.from_bytes(end[:4], "little")
    if footer > size - 12:
        raise Unreadable("is damaged: its footer is longer than the file")
    if footer > limits.row:
        what = f"has a footer of {footer:,} bytes, more than the limit of {limits.row:,}"
        raise Unreadable(what, "row-limit", "--max-row BYTES raises the limit.")
    stream.seek(size - 8 - footer)
    return stream.read(footer)


@dataclass(slots=True)
class Pages:
    """The data pages of a column in a row group.

    Attributes:
        rows: Of each page.
        sizes: Of each page, decompressed.
        dictionary: Bytes of the largest dictionary.
        plain: Bytes of the pages whose cells are not in the dictionary.
        spread: What one cell may take in an encoding that says a text once for many rows; 0 where there is none.
        held: Bytes of memory that the largest page and the largest dictionary take.
    """

    rows: array[int] = field(default_factory=lambda: array("q"))
    sizes: array[int] = field(default_factory=lambda: array("q"))
    dictionary: int = 0
    plain: int = 0
    spread: int = 0
    held: int = 0

    def decoded(self, rows: int) -> int:
        """Bytes that so many rows in succession take at most, apart from those of dictionaries."""
        ends = np.cumsum(np.frombuffer(self.rows, np.int64))
        starts = ends - np.frombuffer(self.rows, np.int64)
        sums = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.frombuffer(self.sizes, np.int64))))
        # The pages that are read with the last row of each.
        last = np.searchsorted(starts, ends - 1 + rows, "left")
        return int((sums[last] - sums[:-1]).max(initial=0)) + rows * self.spread


def pages_of(stream: BinaryIO, chunk: Struct, size: int) -> Pages:
    """Looks at the headers of all pages of a column in a row group.

    Raises:
        Unreadable: Where they cannot be right.
    """
    made = Pages()
    at, wanted = number_of(chunk, 9, 6), number_of(chunk, 5, 6)
    if 0 < chunk.get((11, 6), 0) < at:
        at = chunk[11, 6]
    end = at + number_of(chunk, 7, 6)
    if not 4 <= at <= end <= size:
        raise Unreadable("is damaged: a column lies beyond the end of the file")
    values = page = dictionary = 0
    while values < wanted and at < end:
        header, at = header_at(stream, at, end)
        decompressed, compressed = number_of(header, 2), number_of(header, 3)
        at += compressed
        if at > end:
            raise Unreadable("is damaged: a page lies beyond the end of its column")
        page = max(page, decompressed)
        if isinstance(told := header.get((7, 12)), dict):
            entries = number_of(told, 1)
            # So many cannot be in it; Arrow would make room for them.
            if entries * (1 if number_of(chunk, 1) == _FIXED_LEN_BYTE_ARRAY else 4) > decompressed:
                raise Unreadable("is damaged: a dictionary has more entries than bytes for them")
            made.dictionary = max(made.dictionary, decompressed)
            dictionary = max(dictionary, 2 * decompressed + 48 * entries)
        elif isinstance(told := header.get((5, 12)) or header.get((8, 12)), dict):
            rows = number_of(told, 1)
            encoding = number_of(told, 2 if header.get((5, 12)) else 4)
            values += rows
            made.rows.append(rows)
            made.sizes.append(decompressed)
            if encoding not in _CODED:
                made.plain += decompressed
            if encoding == _DELTA_BYTE_ARRAY:
                made.spread = max(made.spread, decompressed)
            if encoding in (_DELTA_LENGTH_BYTE_ARRAY, _DELTA_BYTE_ARRAY):  # the lengths are kept besides
                page = max(page, decompressed + 8 * rows)
            if len(made.rows) > _PAGES:
                raise Unreadable(f"has more than {_PAGES:,} pages of one column in a row group")
    made.held = page + dictionary
    return made


_DELTA_LENGTH_BYTE_ARRAY, _DELTA_BYTE_ARRAY = 6, 7
_CODED = (2, 8)
_FIXED_LEN_BYTE_ARRAY = 7


def header_at(stream: BinaryIO, at: int, end: int) -> tuple[Struct, int]:
    """The header of a page, and where it ends."""
    size = 128
    while True:
        stream.seek(at)
        data = stream.read(min(size, end - at))
        try:
            found, used = struct_at(data, 0, 0)
            return found, at + used
        except IndexError:
            if len(data) < size or size > _HEADER:
                raise Unreadable("is damaged: the header of a page does not end") from None
            size *= 8

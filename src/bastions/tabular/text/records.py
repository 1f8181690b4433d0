"""The fast reader: CSV in UTF-8 as text cells, many rows at once, and as strict as the reader for any dialect.

A piece of the file is taken apart by its delimiters, quotes and line ends alone, in numpy: whether every record has
its number of cells, whether every quote opens or closes a cell, where each record begins. Only what is proved to be
well-formed is given to polars, and what polars made of it is held to the proof: as many rows as there are records, and
not a byte of content more or less. Nothing rests on how lenient that parser is. Records that are not well-formed are
cut out, and `general`, the reader for any dialect, says of each what is wrong with it. RFC 4180; one-byte delimiters.

An unclosed quote costs one row, not all until the next quote: where the records of a piece do not come out even, every
physical line with an odd number of quotes either makes a record with the lines up to the next such line, or is faulty
by itself, and reading goes on with the line after it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import polars as pl

from bastions.tabular.descriptor.dialect import Dialect
from bastions.tabular.fields import dangers
from bastions.tabular.limits import Limits
from bastions.tabular.text import bits, general, pieces
from bastions.tabular.text.bits import Bytes, Ints
from bastions.tabular.text.block import Block, RowFault
from bastions.tabular.text.encodings import Source
from bastions.tabular.text.pieces import NEWLINE, RETURN, Piece, find, is_utf8

_PIECE = 8_000_000
"""Bytes that are looked at together: what is made of them stays near the processor, in memory that is used again."""

_SAMPLE = 262_144


def blocks(stream: Source, dialect: Dialect, width: int, limits: Limits, line: int) -> Iterator[Block]:
    """The rows of a file in a plain dialect.

    Args:
        stream: Bytes in UTF-8, at the first row.
        dialect: One that is `plain`.
        width: Number of columns.
        limits: What is read at most.
        line: The physical line at which the stream stands.

    Yields:
        Blocks in the order of the file, of some megabytes each; every record is a row of one or has a fault.
    """
    rest, ended, size = b"", False, _PIECE
    while rest or not ended:
        wanted = max(size - len(rest), _SAMPLE)
        more = b"" if ended else _fill(stream, wanted)
        ended = len(more) < wanted
        # To the last line end, so that nearly always all of it can be dealt with and need not be copied again.
        cut = 0 if ended else more.rfind(b"\n") + 1
        data = b"".join((rest, memoryview(more)[: cut or None]))
        rest = more[cut:] if cut else b""
        if not data:
            break
        piece = _take(data, dialect, width, limits, line, ended and not rest)
        if piece.used:
            text = _text(piece, dialect, width, limits)
            yield Block(text, piece.starts + line, piece.faults, piece.look)
            line += piece.lines
            rest, size = data[piece.used :] + rest, _PIECE
        elif len(data) > limits.row:
            hint = "--max-row BYTES raises the limit."
            fault = RowFault(line, 0, "row-limit", f"is longer than {limits.row:,} bytes", hint=hint)
            yield Block(_frame(b"", dialect, width), np.empty(0, np.int64), (fault,))
            line, rest = line + 1, _after_line(data + rest, stream)
        else:  # a record that is longer than the piece
            rest, size = data + rest, 2 * max(size, len(data))


def _fill(stream: Source, size: int) -> bytes:
    """`size` bytes, or all that are left; a decoder may give less at a time."""
    found = stream.read(size)
    parts = [found]
    while found and (size := size - len(found)):
        found = stream.read(size)
        parts.append(found)
    return b"".join(parts)


def _after_line(data: bytes, stream: Source) -> bytes:
    """What follows the line that `data` and then the stream stand in, which is not kept."""
    while (end := data.find(b"\n")) < 0:
        data = stream.read(_SAMPLE)
        if not data:
            return b""
    return data[end + 1 :]


def _take(data: bytes, dialect: Dialect, width: int, limits: Limits, line: int, ended: bool) -> Piece:
    whole = not ended or data.endswith(b"\n")
    if not whole:
        data += b"\n"
    cells = np.frombuffer(data, np.uint8)
    # A carriage return that ends a file is not one before a line end.
    if whole or not data.endswith(b"\r\n"):
        piece = _whole(data, cells, dialect, width, limits)
        if piece:
            return piece
    return pieces.sorted_out(data, cells, dialect, width, limits, line, ended, whole)


def _text(piece: Piece, dialect: Dialect, width: int, limits: Limits) -> pl.DataFrame:
    """The cells of the well-formed records."""
    text = _frame(piece.good, dialect, width)
    if text.height == len(piece.starts):
        held = sum(text.select(pl.all().str.len_bytes().sum()).row(0)) if text.height else 0
        if held == piece.content:
            return text
    # Seen only where a piece begins with what polars takes for a byte-order mark and drops; wherever the parser and the
    # proof do not agree, the reader that reads each record by itself has the last word.
    made = list(general.blocks(io.BytesIO(piece.good), dialect, width, limits, 1, rows=len(piece.starts) + 1))
    if len(piece.starts) != sum(block.text.height for block in made):
        raise RuntimeError("the two readers of CSV do not agree on a piece of a file")
    return pl.concat(block.text for block in made)


def _frame(good: bytes, dialect: Dialect, width: int) -> pl.DataFrame:
    schema = {str(i): pl.String() for i in range(width)}
    if not good:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(
        good,
        has_header=False,
        schema=schema,
        separator=dialect.delimiter,
        quote_char=dialect.quote,
        empty_string_is_null=False,
    )


def _whole(data: bytes, cells: Bytes, dialect: Dialect, width: int, limits: Limits) -> Piece | None:
    """The records of a piece in which nothing is wrong; None where something is, or may be."""
    if b"\0" in data:
        return None
    lines = find(cells, (NEWLINE,))
    ends, marks = lines, None
    parting = bits.of(cells, ord(dialect.delimiter))
    if dialect.quote.encode() in data:
        marks = _Quotes(cells, dialect.quote, parting)
        parting = parting & ~marks.inside
        ends = lines[~bits.at(marks.inside, lines)]
    if not len(ends):
        return None
    used = int(ends[-1]) + 1
    starts = np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1))
    if (np.diff(bits.upto(parting, ends), prepend=0) != width - 1).any():
        return None
    good = data[:used]
    returns = good.count(b"\r") if b"\r" in good else 0
    returned = cells[ends - 1] == RETURN if returns else np.zeros(1, np.bool_)
    at_ends = int(np.count_nonzero(returned))
    if returns > at_ends and (marks is None or marks.outside(RETURN, used) > at_ends):
        return None  # one that ends no line
    lengths = ends - starts
    if lengths.max() > min(limits.cell, limits.row) or not is_utf8(good):
        return None
    # Perhaps blank: nothing but delimiters and quotes.
    content = lengths - returned - (width - 1)
    if content.min() <= 2 * width and not (content - (marks.number(starts, ends) if marks else 0)).all():
        return None
    held = used - len(ends) * width - at_ends
    if marks:
        if not marks.well(used, returns > 0):
            return None
        held -= marks.taken()
    number = int(np.searchsorted(lines, used))
    begin = np.arange(number, dtype=np.int64) if number == len(ends) else np.searchsorted(lines, starts)
    return Piece(used, number, good, begin, held, dangers.may_hold(good, pieces.before(dialect), number + at_ends))


class _Quotes:
    """The quotes of a piece, and what lies within them."""

    def __init__(self, cells: Bytes, quote: str, parting: bits.Words):
        self._cells = cells
        self._quotes = bits.of(cells, ord(quote))
        self._parting = parting | bits.of(cells, NEWLINE)
        self.inside = bits.within(self._quotes)

    def well(self, used: int, returns: bool) -> bool:
        """Whether each quote before a place opens a cell, closes one, or is one of two within a cell.

        A carriage return after a closing quote is taken for one before a line end: whoever asks has looked for others.
        """
        if used < len(self._cells):
            self._quotes = bits.first(self._quotes, used)
        beside = self._parting | self._quotes
        left, right = bits.after(beside), bits.before(beside)
        left[0] |= np.uint64(1)
        if returns:
            right |= bits.before(bits.of(self._cells, RETURN))
        opening, closing = self._quotes & self.inside, self._quotes & ~self.inside
        return not ((opening & ~left) | (closing & ~right)).any()

    def taken(self) -> int:
        """How many of the quotes are no content, which are all but one of two within a cell."""
        return bits.count(self._quotes & (self.inside | ~bits.before(self._quotes)))

    def number(self, starts: Ints, ends: Ints) -> Ints:
        """How many quotes stand in each record."""
        return bits.upto(self._quotes, ends) - bits.upto(self._quotes, starts)

    def outside(self, byte: int, used: int) -> int:
        """How many of a byte stand before a place and not within quotes."""
        return bits.count(bits.first(bits.of(self._cells, byte) & ~self.inside, used))

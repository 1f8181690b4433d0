"""Pieces of a file in which something is wrong: which records can be used, and which are to be reported.

See `records`. The rules are those of `general`, which reads a record by itself and says what is wrong with it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from bastions.tabular.descriptor.dialect import Dialect
from bastions.tabular.fields import dangers
from bastions.tabular.limits import Limits
from bastions.tabular.text import general
from bastions.tabular.text.bits import Bits, Bytes, Ints
from bastions.tabular.text.block import RowFault

NEWLINE, RETURN = 10, 13

_LINES = 1 << 16
"""Lines that are dealt with at once: a piece of blank lines has as many as bytes, and each costs much more than one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What was made of the beginning of a piece of a file.

    Attributes:
        used: Bytes that were dealt with; the rest is to be looked at again with more of the file.
        lines: Physical lines among them.
        good: The bytes of the well-formed records.
        starts: For each of these the number of physical lines before it in the piece.
        content: The bytes of content in them: without delimiters, line ends and quotes that are none.
        look: Whether some of these records may hold what is dangerous.
        faults: What is wrong with the other records.
    """

    used: int
    lines: int
    good: bytes
    starts: Ints
    content: int
    look: bool
    faults: tuple[RowFault, ...] = ()


def find(cells: Bytes, wanted: tuple[int, ...]) -> Ints:
    """Where any of some bytes stand, in order."""
    found = []
    for step in range(0, len(cells), 1 << 20):  # in parts that stay in the processor's cache
        part = cells[step : step + (1 << 20)]
        mask = part == wanted[0]
        for byte in wanted[1:]:
            mask |= part == byte
        places = np.flatnonzero(mask)
        places += step
        found.append(places)
    return np.concatenate(found) if found else np.empty(0, np.int64)


def before(dialect: Dialect) -> bytes:
    """The bytes that can stand before a cell of a plain dialect."""
    return f"{dialect.delimiter}{dialect.quote}\n".encode()


def is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8; without making a text of them."""
    if data.isascii():
        return True
    offsets = pa.py_buffer(np.array([0, len(data)], np.int64))
    try:
        pa.Array.from_buffers(pa.large_string(), 1, [None, offsets, pa.py_buffer(data)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def sorted_out(
    data: bytes, cells: Bytes, dialect: Dialect, width: int, limits: Limits, line: int, ended: bool, whole: bool
) -> Piece:
    """The well-formed records at the beginning of a piece, and what is wrong with the others.

    Args:
        data: The piece, from the beginning of a record; the last line of a file has a line end.
        cells: The same as numbers.
        dialect: A plain one.
        width: Cells that a record has.
        limits: What is read at most.
        line: The physical line at which the piece begins.
        ended: Whether the file ends with the piece.
        whole: Whether that line end stands in the file.

    Returns:
        At least one line dealt with, if the piece has one and `limits.row` bytes.
    """
    newlines = find(cells, (NEWLINE,))
    if len(newlines) > _LINES:
        upto = int(newlines[_LINES - 1]) + 1
        # Without quotes further on, what is known of them holds for the first lines, too: a quote may be unclosed.
        more = data.find(dialect.quote.encode(), upto) >= 0
        size, over = (upto, False) if more else (len(data), ended)
        piece = _sorted_out(
            data[:upto], cells[:upto], newlines[:_LINES], dialect, width, limits, line, size, over, whole=True
        )
        if piece.used or not more:
            return piece
    return _sorted_out(data, cells, newlines, dialect, width, limits, line, len(data), ended, whole)


def _sorted_out(
    data: bytes,
    cells: Bytes,
    newlines: Ints,
    dialect: Dialect,
    width: int,
    limits: Limits,
    line: int,
    size: int,
    ended: bool,
    whole: bool,
) -> Piece:
    """The same of the first lines of a piece, of which `size` bytes are known to close no quote that they do not."""
    begins = np.concatenate((np.zeros(1, np.int64), newlines[:-1] + 1)) if len(newlines) else newlines
    told = _tell(data, cells, newlines, begins, dialect, whole)
    if not whole:
        told.suspect[-1] = True
    joined, cut = _join(told, newlines, begins, size, width, limits, ended)
    first = np.arange(cut, dtype=np.int64)
    last = first.copy()
    if len(joined):
        last[joined[:, 0]] = joined[:, 1]
        steps = np.zeros(cut + 1, np.int64)
        np.add.at(steps, joined[:, 0] + 1, 1)
        np.add.at(steps, joined[:, 1] + 1, -1)
        first = first[np.cumsum(steps[:cut]) == 0]
        last = last[first]
    start, end = begins[first], newlines[last]
    well, blank = _well(told, cells, first, last, start, end, width, limits)
    suspects = np.flatnonzero(~well)
    faults: list[RowFault] = []
    numbers = (first[suspects] + line).tolist()
    for i, number, empty in zip(suspects.tolist(), numbers, blank[suspects].tolist(), strict=True):
        if empty:
            faults.append(general.blank(number))
            continue
        record = data[start[i] : end[i] + (whole or end[i] + 1 < len(data))]
        found = _judge(record, dialect, width, limits, number)
        faults += found
        well[i] = not found
    good, content = _gather(data, cells, start[well], end[well], dialect)
    used = int(end[-1]) + 1 if len(end) else 0
    return Piece(used, cut, good, first[well], content, dangers.may_hold(good, before(dialect)), tuple(faults))


@dataclass(frozen=True, slots=True)
class _Lines:
    """Of each physical line, seen from outside quotes (0) and from inside a quoted cell (1): its delimiters that part
    cells, and its quotes that neither open nor close one; whether it has an odd number of quotes; whether something
    else in it is to be looked at.
    """

    delimiters: tuple[Ints, Ints]
    strays: tuple[Ints, Ints]
    quotes: Ints
    suspect: Bits


def _tell(data: bytes, cells: Bytes, newlines: Ints, begins: Ints, dialect: Dialect, whole: bool) -> _Lines:
    number = len(newlines)
    delimiter = ord(dialect.delimiter)
    quote = ord(dialect.quote)
    until = int(newlines[-1]) + 1 if number else 0
    cells = cells[:until]
    parting = find(cells, (delimiter,))
    bounds = np.searchsorted(parting, newlines)
    counts = np.diff(bounds, prepend=0)
    outside, inside = counts.copy(), np.zeros(number, np.int64)
    strays = (np.zeros(number, np.int64), np.zeros(number, np.int64))
    quotes = find(cells, (quote,))
    upto = np.searchsorted(quotes, newlines)
    held = np.diff(upto, prepend=0)
    before = upto - held
    if len(quotes):
        of = np.repeat(np.arange(number), counts)
        quoted = held[of] > 0
        of = of[quoted]
        within = ((np.searchsorted(quotes, parting[quoted]) - before[of]) & 1).astype(np.bool_)
        inside = np.bincount(of[within], minlength=number)
        outside -= inside
        strays = _strays(cells, quotes, np.repeat(np.arange(number), held), before, delimiter, number, whole)
    suspect = np.zeros(number, np.bool_)
    for places in (np.flatnonzero(cells == 0), _lone_returns(data, cells), _undecodable(data, newlines, begins)):
        suspect[np.searchsorted(newlines, places)] = True
    return _Lines((outside, inside), strays, held, suspect)


def _strays(
    cells: Bytes, quotes: Ints, of: Ints, before: Ints, delimiter: int, number: int, whole: bool
) -> tuple[Ints, Ints]:
    """For each line how many quotes stand where none may, seen from outside quotes and from inside."""
    odd = ((np.arange(len(quotes)) - before[of]) & 1).astype(np.bool_)
    left = cells[quotes - 1]
    if quotes[0] == 0:
        left[0] = NEWLINE
    right = cells[quotes + 1]
    quote = cells[quotes[0]]
    ending = right == RETURN
    ending[ending] = cells[quotes[ending] + 2] == NEWLINE
    if not whole and quotes[-1] == len(cells) - 3:
        ending[-1] = False  # the carriage return ends the file, and no line
    opens = (left == delimiter) | (left == NEWLINE) | (left == quote)
    closes = (right == delimiter) | (right == NEWLINE) | (right == quote) | ending
    wrong = (np.where(odd, ~closes, ~opens), np.where(odd, ~opens, ~closes))
    return (np.bincount(of[wrong[0]], minlength=number), np.bincount(of[wrong[1]], minlength=number))


def _lone_returns(data: bytes, cells: Bytes) -> Ints:
    if b"\r" not in data:
        return np.empty(0, np.int64)
    returns = find(cells, (RETURN,))
    lone: Ints = returns[cells[returns + 1] != NEWLINE]
    return lone


def _undecodable(data: bytes, newlines: Ints, begins: Ints) -> Ints:
    """A place in each line that is not UTF-8."""
    found: list[int] = []
    blocks = [(0, len(newlines))]
    while blocks:
        low, high = blocks.pop()
        if low >= high or is_utf8(data[begins[low] : newlines[high - 1] + 1]):
            continue
        if high - low == 1:
            found.append(int(begins[low]))
        else:
            middle = (low + high) // 2
            blocks += [(low, middle), (middle, high)]
    return np.array(sorted(found), np.int64)


def _join(
    told: _Lines, newlines: Ints, begins: Ints, size: int, width: int, limits: Limits, ended: bool
) -> tuple[Ints, int]:
    """The records of several lines, as their first and last lines, and how many lines can be dealt with."""
    odd = np.flatnonzero(told.quotes & 1)
    if not len(odd):
        return np.empty((0, 2), np.int64), len(newlines)
    one, two = odd[:-1], odd[1:]
    fits = newlines[two] - begins[one] <= limits.row
    for seen, wanted in ((told.delimiters, width - 1), (told.strays, 0)):
        inner = np.cumsum(seen[1])
        fits &= seen[0][one] + inner[two] - inner[one] == wanted
    joined: list[tuple[int, int]] = []
    i = 0
    while i < len(odd):
        if i + 1 < len(odd):
            if fits[i]:
                joined.append((int(odd[i]), int(odd[i + 1])))
                i += 1
        elif not ended and size - begins[odd[i]] <= limits.row:
            return np.array(joined, np.int64).reshape(-1, 2), int(odd[i])  # more of the file may close the quote
        i += 1
    return np.array(joined, np.int64).reshape(-1, 2), len(newlines)


def _well(
    told: _Lines, cells: Bytes, first: Ints, last: Ints, start: Ints, end: Ints, width: int, limits: Limits
) -> tuple[Bits, Bits]:
    """Which records are surely well-formed; those of several lines are as far as delimiters and quotes go.

    And which of the others are surely blank: delimiters and nothing else.
    """
    single = first == last
    outside, strays = told.delimiters[0][first], told.strays[0][first]
    well: Bits = ~single | ((outside == width - 1) & (strays == 0) & (told.quotes[first] & 1 == 0))
    suspects = np.concatenate((np.zeros(1, np.int64), np.cumsum(told.suspect)))
    clear = suspects[last + 1] == suspects[first]
    well &= clear
    lengths = end - start
    well &= lengths <= min(limits.row, limits.cell)
    # Perhaps blank: nothing but delimiters, quotes and a carriage return.
    content = lengths - ((lengths > 0) & (cells[end - 1] == RETURN))
    well &= ~(single & (content - told.quotes[first] == width - 1))
    blank: Bits = single & clear & (content == outside) & (told.quotes[first] == 0) & (lengths <= limits.row)
    return well, blank


def _judge(record: bytes, dialect: Dialect, width: int, limits: Limits, line: int) -> list[RowFault]:
    """What is wrong with a record by itself."""
    found = general.records(io.BytesIO(record), dialect, width, limits, line, line)
    return [fault for one in found for fault in one.faults]


def _gather(data: bytes, cells: Bytes, start: Ints, end: Ints, dialect: Dialect) -> tuple[bytes, int]:
    """The bytes of the well-formed records, and how much content they hold."""
    if not len(start):
        return b"", 0
    breaks = np.flatnonzero(start[1:] != end[:-1] + 1)
    lows = np.concatenate((start[:1], start[breaks + 1]))
    highs = np.concatenate((end[breaks], end[-1:])) + 1
    view = memoryview(data)
    good = b"".join([view[low:high] for low, high in zip(lows.tolist(), highs.tolist(), strict=True)])
    return good, _content(np.frombuffer(good, np.uint8), dialect)


def _content(cells: Bytes, dialect: Dialect) -> int:
    """The bytes of content in well-formed records."""
    delimiter = ord(dialect.delimiter)
    quote = ord(dialect.quote)
    places = find(cells, (delimiter, NEWLINE, quote))
    quoting = cells[places] == quote
    within = (np.cumsum(quoting, dtype=np.uint8) & 1).view(np.bool_)
    parting = places[~(quoting | within)]
    opening, closing = places[quoting & within], places[quoting & ~within]
    after = cells[closing + 1]
    lasts = parting[cells[parting] == NEWLINE]
    returns = int(np.count_nonzero(cells[lasts - 1] == RETURN))
    return len(cells) - len(parting) - returns - len(opening) - int(np.count_nonzero(after != quote))

"""What is fuzzed in the byte-level readers: one input, made to a dialect, limits and a file, read in several ways.

The first bytes of an input say how it is read, the rest is the file; see `Case.of`. `check` returns quietly or raises
`AssertionError`; any other exception that comes out of it is a fault of a reader too. It knows nothing of the fuzzer:
`bench/fuzz.py` calls it, and so does the test that reads the kept inputs again.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bastions.schema import Field, Table
from bastions.tabular.descriptor import dialect as dialects
from bastions.tabular.descriptor.dialect import Dialect
from bastions.tabular.fields import dangers
from bastions.tabular.limits import Limits
from bastions.tabular.text import encodings, general, header, pieces, records
from bastions.tabular.text.block import Block, RowFault

HEAD = 6
"""Bytes at the beginning of an input that are not of the file."""

_SIGNS = ",;\t|'\"\\ :a\r\n\0é\u2028"
_TERMINATORS = (None, "\n", "\r\n", "\r", "|", "\r\r", "ab")
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16", "cp1252", "iso2022_jp", "shift_jis", "utf-32")
_SIZES = ((8_000_000, 262_144, 1 << 16), (16, 16, 1 << 16), (64, 16, 3), (7, 1, 2))
_LIMITS = (Limits(), Limits(row=24), Limits(cell=5), Limits(row=60, cell=20, columns=3))

Read = tuple[list[tuple[int, tuple[Any, ...]]], list[RowFault], str]


@dataclass(frozen=True, slots=True)
class Case:
    """An input, made sense of.

    Attributes:
        dialect: How the file is written; None where the bytes give none that is supported.
        width: Cells of a row.
        limits: What is read at most.
        sizes: Bytes of a piece, of a sample, and lines that are dealt with at once, in the fast reader.
        step: Bytes that the stream hands out at a time, at most.
        encoding: Of the file.
        data: The file.
    """

    dialect: Dialect | None
    width: int
    limits: Limits
    sizes: tuple[int, int, int]
    step: int
    encoding: str
    data: bytes

    @staticmethod
    def of(given: bytes) -> Case:
        """The case that some bytes stand for; all bytes stand for one."""
        head = given[:HEAD].ljust(HEAD, b"\0")
        shape, sizes, signs, flags, ends, encoding = head
        descriptor: dict[str, Any] = {"delimiter": ",", "quoteChar": '"'}
        if signs & 15:
            descriptor["delimiter"] = _SIGNS[(signs & 15) - 1]
        if signs >> 4:
            descriptor["quoteChar"] = _SIGNS[(signs >> 4) - 1]
        if flags & 1:
            descriptor["escapeChar"] = _SIGNS[(flags >> 1) & 7]
        descriptor["doubleQuote"] = not flags & 16
        descriptor["skipInitialSpace"] = bool(flags & 32)
        if flags & 64:
            descriptor["commentChar"] = "#"
        if flags & 128:
            descriptor["nullSequence"] = "\\N"
        descriptor["lineTerminator"] = _TERMINATORS[ends % len(_TERMINATORS)]
        if ends & 32:
            descriptor["commentRows"] = [2, 4]
        descriptor["headerRows"] = [[1], [1, 2], [2], [1, 3]][ends >> 6]
        try:
            dialect: Dialect | None = dialects.read(descriptor, "csv")
        except dialects.DialectError:
            dialect = None
        return Case(
            dialect,
            1 + (shape & 3),
            _LIMITS[(shape >> 2) & 3],
            _SIZES[sizes & 3],
            (1 << 20, 1, 3, 17)[(sizes >> 2) & 3],
            _ENCODINGS[encoding & 7],
            given[HEAD:],
        )


class Dribble:
    """A stream that hands out at most `step` bytes at a time, as a decoder or an archive may."""

    def __init__(self, data: bytes, step: int):
        self._data, self._step = io.BytesIO(data), step

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        return self._data.read(min(size, self._step))


@contextmanager
def _sized(sizes: tuple[int, int, int]) -> Iterator[None]:
    """The fast reader with small pieces, so that a small file lies across their borders."""
    before = records._PIECE, records._SAMPLE, pieces._LINES
    records._PIECE, records._SAMPLE, pieces._LINES = sizes
    try:
        yield
    finally:
        records._PIECE, records._SAMPLE, pieces._LINES = before


class _Trusting:
    """In place of `general` in the fast reader, which turns to it where the parser and the proof do not agree."""

    @staticmethod
    def blocks(stream: io.BytesIO, *given: Any, **named: Any) -> Iterator[Block]:
        """Only for a piece that begins with a byte-order mark, which polars takes away wherever it stands."""
        piece = stream.getvalue()
        assert piece.startswith(codecs.BOM_UTF8), "polars made something else of a piece than was proved of it"
        return general.blocks(stream, *given, **named)


def _gathered(blocks: Iterator[Block], width: int) -> Read:
    """Rows, faults and the fault of the encoding that ended them; a block that hides what is dangerous is a fault."""
    rows: list[tuple[int, tuple[Any, ...]]] = []
    faults: list[RowFault] = []
    table = Table("t", "", "", "package", tuple(Field(str(i), "string", "") for i in range(width)), ())
    try:
        for block in blocks:
            assert block.text.width == width
            assert len(block.lines) == block.text.height
            assert not any(block.text.null_count().row(0)), "a cell is null"
            assert block.look or not list(dangers.find(table, block.text)), "a danger is not looked for"
            rows += [(int(line), row) for line, row in zip(block.lines, block.text.rows(), strict=True)]
            faults += block.faults
    except encodings.EncodingFault as fault:
        # Whether the beginning of a row that cannot be read to its end is too long depends on how much of it came.
        while faults and faults[-1].rule == "row-limit" and faults[-1].line == fault.line:
            faults.pop()
        return rows, faults, f"{fault.line}: {fault.message}"
    return rows, faults, ""


def _plainly(case: Case, dialect: Dialect) -> None:
    """Both readers make the same of the file, whatever the pieces that they read it in."""
    slow = _gathered(general.blocks(io.BytesIO(case.data), dialect, case.width, case.limits, 2), case.width)
    reader: Any = records
    true = reader.general
    with _sized(case.sizes):
        reader.general = _Trusting
        try:
            stream = Dribble(case.data, case.step)
            fast = _gathered(records.blocks(stream, dialect, case.width, case.limits, 2), case.width)
        finally:
            reader.general = true
    assert fast == slow, f"the readers differ:\n{fast}\n{slow}"


def _generally(case: Case, dialect: Dialect) -> None:
    """The reader for any dialect makes the same of the file, however it is handed out."""
    found = []
    for stream in (io.BytesIO(case.data), Dribble(case.data, case.step)):
        blocks = general.blocks(stream, dialect, case.width, case.limits, 2, rows=3)
        found.append(_gathered(blocks, case.width))
    assert found[0] == found[1], f"the way of reading matters:\n{found[0]}\n{found[1]}"


def _from_the_top(case: Case, dialect: Dialect) -> None:
    """Encoding, header and rows as a package's file is read; every line told lies in the file."""
    found = []
    for stream in (io.BytesIO(case.data), Dribble(case.data, case.step)):
        try:
            text = encodings.utf8(stream, case.encoding)
        except encodings.EncodingFault as fault:
            found.append(str(fault))
            continue
        head = header.read(text, dialect, case.limits)
        # Of a header that cannot be used only what is wrong matters; its hint is guessed from what was read so far.
        made: tuple[Any, ...] = tuple((fault.line, fault.column, fault.rule) for fault in head.faults)
        rows: Read = ([], [], "")
        if not head.faults:
            made = (head.labels, head.line, head.width, head.at, head.row)
            width = head.width or 1
            blocks = general.blocks(head.rest, dialect, width, case.limits, head.line, row=head.row)
            rows = _gathered(blocks, width)
            last = 1 + case.data.count(b"\n") + case.data.count(b"\r")
            assert all(0 < fault.line <= last for fault in rows[1]), "a line that the file does not have"
        found.append(f"{made} {rows}")
    assert found[0] == found[1], f"the way of reading matters:\n{found[0]}\n{found[1]}"


def check(given: bytes) -> None:
    """Reads one input in every way.

    Raises:
        AssertionError: Where two ways do not agree.
        Exception: Any other that a reader lets through; none is allowed to.
    """
    case = Case.of(given)
    if case.dialect is None:
        return
    if case.dialect.plain:
        _plainly(case, case.dialect)
    _generally(case, case.dialect)
    _from_the_top(case, case.dialect)

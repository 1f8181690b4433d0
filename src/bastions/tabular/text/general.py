"""The strict reader for any declared dialect, one record at a time; what it says of a record is what is true of it.

A **physical line** ends where an editor ends it: at LF or CRLF; at a lone CR only where the dialect says that CR ends
rows. **Rows** end at LF or CRLF, also mixed, where the dialect names no terminator or one of these two; else at the
declared text alone, and then line ends inside rows are text like other text.

A cell is quoted if its first character is the quote (spaces before it do not count under `skipInitialSpace`). It ends
at the next quote that is neither doubled nor escaped, and then the cell is over. Any other quote is a fault. A row that
ends within quotes, or in an escape character, goes on in the next lines up to the first that leaves nothing open. If
the whole is a well-formed record of the right width, it is the record; else the first line alone is reported, and
reading goes on with the next line: an unclosed quote costs one row.

A record has one fault, the first of: too long, not UTF-8 (each such line), its quoting, a character that may not be
there, blank, its width, the length of a cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from bastions.tabular.limits import Limits
from bastions.tabular.text.block import Block, RowFault
from bastions.tabular.text.encodings import EncodingFault, Source
from bastions.tabular.text.lines import CHUNK, Lines, joined_up, segments
from bastions.tabular.text.splitting import Split, Syntax, split, syntax_of, text_of

if TYPE_CHECKING:
    from bastions.tabular.descriptor.dialect import Dialect

_PART = 4_000_000
_MOST = 256_000_000
"""About how many bytes of rows are held as Python texts, and how many a batch may have."""

_SHOWN = 1_000
"""Characters of a cell that a fault shows at most."""


class Record(NamedTuple):
    """One row of a file.

    Attributes:
        number: Of the row in the file, from 1; comments are counted too.
        line: The physical line on which it begins.
        cells: What it holds, up to one more than wanted; not to be used where there are faults.
        width: How many cells it has.
        faults: What is wrong with it.
        size: Its bytes.
        after: The physical line at which the next row begins.
        offset: The bytes of the stream up to its end.
    """

    number: int
    line: int
    cells: list[str]
    width: int
    faults: tuple[RowFault, ...]
    size: int
    after: int
    offset: int


def blocks(
    stream: Source,
    dialect: Dialect,
    width: int,
    limits: Limits,
    line: int,
    *,
    rows: int = 262_144,
    row: int | None = None,
) -> Iterator[Block]:
    """The rows of a file in batches, and what is wrong with those that cannot be used.

    Args:
        stream: Bytes in UTF-8, at the first row; may give less than asked for at a time.
        dialect: How the file is written; its header rows do not matter.
        width: Cells of a row.
        limits: What is read at most.
        line: The physical line at which the stream stands.
        rows: Rows, and faults, of a batch at most; where they are large, it has fewer.
        row: The number of the first row in the file, for `commentRows`; `line` where the header has no line end in it.

    Yields:
        Batches in the order of the file.

    Raises:
        EncodingFault: By the stream, after the batch of what stands before it.
    """
    parts: list[pl.DataFrame] = []
    held: list[list[str]] = []
    lines: list[int] = []
    faults: list[RowFault] = []
    size = weight = 0
    failure = None
    source = records(stream, dialect, width, limits, line, line if row is None else row)
    while failure is None:
        try:
            record = next(source, None)
        except EncodingFault as fault:
            failure, record = fault, None
        if record is None:
            break
        if record.faults:
            faults += record.faults
        else:
            held.append(record.cells)
            lines.append(record.line)
            size += record.size
            if size > _PART or len(held) * width > _PART // 8:
                weight += size + 16 * len(held) * width
                parts.append(_frame(held, width))
                held, size = [], 0
        if len(lines) >= rows or len(faults) >= rows or weight > _MOST:
            yield _block(parts, held, width, lines, faults)
            parts, held, lines, faults, size, weight = [], [], [], [], 0, 0
    if lines or faults:
        yield _block(parts, held, width, lines, faults)
    if failure is not None:
        raise failure


def _block(
    parts: list[pl.DataFrame], held: list[list[str]], width: int, lines: list[int], faults: list[RowFault]
) -> Block:
    frames = [*parts, _frame(held, width)] if held or not parts else parts
    text = frames[0] if len(frames) == 1 else pl.concat(frames, rechunk=True)
    return Block(text, np.array(lines, np.int64), tuple(faults))


def _frame(rows: list[list[str]], width: int) -> pl.DataFrame:
    if not rows:
        return _empty(width)
    columns = zip(*rows, strict=True)
    return pl.DataFrame([pl.Series(str(i), cells, dtype=pl.String) for i, cells in enumerate(columns)])


@lru_cache(maxsize=8)
def _empty(width: int) -> pl.DataFrame:
    return pl.DataFrame(schema={str(i): pl.String() for i in range(width)})


def records(
    stream: Source,
    dialect: Dialect,
    width: int | None,
    limits: Limits,
    line: int,
    row: int,
    chunk: int = CHUNK,
) -> Iterator[Record]:
    """Every row of a stream that is no comment; see `blocks`. Without `width` rows of any width are well-formed.

    A comment is a line: what stands in it is not looked at, its quotes neither.
    """
    syntax = syntax_of(dialect)
    source = Lines(segments(stream, syntax, limits.row, line, chunk))
    comments, comment = frozenset(dialect.comment_rows), (dialect.comment_char or "").encode()
    most = (limits.columns if width is None else width) + 1
    number = row - 1
    broken = False  # the line before ended in an escape character, and no record was found that begins there
    while (first := source.pull()) is not None:
        if first.fault:
            raise first.fault
        number += 1
        if number in comments or (comment and first.raw.startswith(comment)):
            continue
        if first.long:
            yield Record(number, first.line, [], 0, (_too_long(first.line, limits),), 0, first.after, first.offset)
            continue
        raw, last, found = first.raw, first, None
        quoted = bool(syntax.sign and syntax.sign in raw) or bool(syntax.escape)
        odd, dangling = syntax.leaves(raw) if quoted else (False, False)
        # Of many lines that end in an escape character only the first is joined with the others: in linear time.
        if (odd or dangling) and not broken and (joined := joined_up(first, odd, source, syntax, limits.row)):
            found = split(text_of(joined[0]), syntax, most)
            if found.fault is None and found.width == (width or found.width):
                (raw, last), dangling = joined, False
            else:
                source.push(joined[0][len(first.raw + first.end) :] + joined[1].end, first, syntax, limits.row)
                found = None
        broken = dangling
        found = found or split(text_of(raw), syntax, most)
        usable = found.width == width and not (found.fault or found.foreign or found.blank)
        sure = usable and len(raw) <= limits.cell and raw.isascii()
        faults = () if sure else _faults(raw, found, first.line, width, limits, syntax)
        yield Record(number, first.line, found.cells, found.width, faults, len(raw), last.after, last.offset)


def _faults(
    raw: bytes, found: Split, line: int, width: int | None, limits: Limits, syntax: Syntax
) -> tuple[RowFault, ...]:
    """What is wrong with a record; nothing if it can be used."""
    if not raw.isascii() and (undecodable := tuple(_undecodable(raw, line, syntax))):
        return undecodable
    if found.fault:
        rule, column, message = found.fault
        return (RowFault(line, column, rule, message, hint=_how(syntax)),)
    if found.foreign:
        cell = found.cells[found.foreign - 1] if found.foreign <= len(found.cells) else ""
        if "\0" in cell or not syntax.foreign:
            what, hint = "holds NUL", "Delete the character; perhaps the file is not text, or is damaged."
        elif syntax.foreign == "\r":
            what = "holds a carriage return outside quotes"
            hint = 'Rows end with LF or CRLF; where they end with CR alone, declare "lineTerminator": "\\r".'
        else:
            what = "holds a newline outside quotes"
            hint = 'The dialect says that rows end with CR alone ("lineTerminator").'
        return (RowFault(line, found.foreign, "forbidden-character", what, _shown(cell), hint),)
    if found.blank:
        return (blank(line),)
    if width is not None and found.width != width:
        cells = f"the row has {found.width:,} cell{'' if found.width == 1 else 's'} instead of {width:,}"
        if found.width < width:
            return (RowFault(line, found.width + 1, "missing-cell", cells),)
        return (RowFault(line, width + 1, "extra-cell", cells, _shown(found.cells[width]), _how(syntax)),)
    if len(raw) > limits.cell:
        for column, cell in enumerate(found.cells, 1):
            if (size := len(cell.encode())) > limits.cell:
                what = f"has {size:,} bytes, more than the limit of {limits.cell:,}"
                hint = "--max-cell BYTES raises the limit."
                return (RowFault(line, column, "cell-limit", what, _shown(cell), hint),)
    return ()


def blank(line: int) -> RowFault:
    """What is said of a row without content."""
    return RowFault(line, 0, "blank-row", "the row is blank", hint="Delete the line.")


def _too_long(line: int, limits: Limits) -> RowFault:
    hint = "--max-row BYTES raises the limit."
    return RowFault(line, 0, "row-limit", f"is longer than {limits.row:,} bytes", hint=hint)


def _undecodable(raw: bytes, line: int, syntax: Syntax) -> Iterator[RowFault]:
    """Each physical line of a record that is not UTF-8, with its first bad byte."""
    ends = b"\r" if syntax.mark == b"\r" else b"\n"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        for number, part in enumerate(raw.split(ends), line):
            try:
                part.decode("utf-8")
            except UnicodeDecodeError as error:
                before = len(part[: error.start].decode("utf-8"))
                yield RowFault(
                    number,
                    0,
                    "encoding-error",
                    f"byte 0x{part[error.start]:02x} after {before:,} characters is not UTF-8",
                    hint="The file is perhaps latin-1 or Windows-1252: save it as UTF-8, or declare its encoding.",
                )


def _how(syntax: Syntax) -> str:
    within = f"{syntax.quote}{syntax.quote}" if syntax.literal.fullmatch(syntax.quote * 2) else ""
    within = within or (f"{syntax.escape}{syntax.quote}" if syntax.escape else "")
    rule = f"A cell with a delimiter, quote or line end is written {syntax.quote}…{syntax.quote}"
    return f"{rule}, and a quote within it {within}." if within else f"{rule}; the dialect knows no quote within it."


def _shown(cell: str) -> str:
    return cell if len(cell) <= _SHOWN else f"{cell[:_SHOWN]}…"

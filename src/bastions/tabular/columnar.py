"""Parquet as typed columns: which of its types can be which of Table Schema's, and the cells as values of those.

A column that is text in the file is read as text cells are. Whole numbers are numbers too, and days no instants;
nothing else is converted.

A few bytes of Parquet can stand for any amount of memory: pages are compressed, a dictionary says a text once for all
rows, other encodings say only how a text differs from the one before. So the headers of the pages are read first, which
say how much a part of the file takes at most, and by that it is decided how many rows are read at once, or none. Texts
of dictionaries are measured before they are written out, and are written out in frames of some 64 MB. What is not
bounded is time: a small file can hold many rows.
"""

from __future__ import annotations

import io
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from bastions.dialects import TYPES
from bastions.schema import Field
from bastions.tabular.limits import Limits
from bastions.tabular.text.block import Block, RowFault

ROWS = 262_144
"""Rows that are read at once at most."""
_CELLS = 4_000_000
"""Cells that are read at once, about, at most."""
_BYTES = 64_000_000
"""Bytes of text of a frame, about, at most."""
_HELD = 64
"""So many times the limit of a row the pages that are open at once may take, one of each column."""
_SHOWN = 200
"""Bytes of a text that are shown."""
_PAGES = 1_000_000
"""Pages of a column in one row group."""
_HEADER = 16_000_000
"""Bytes of the header of a page, as Arrow has it."""

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Struct = dict[tuple[int, int], Any]
"""A struct of Thrift: its values by their numbers and kinds; 5 and 6 are whole numbers, 9 a list, 12 a struct."""


class Unreadable(ValueError):
    """A file that is no Parquet, or cannot be read; the message is for people.

    Attributes:
        rule: The rule that it breaks.
        hint: What to do.
    """

    def __init__(self, message: str, rule: str = "source-error", hint: str = ""):
        super().__init__(message)
        self.rule = rule
        self.hint = hint or "Write it again with a program that writes Parquet."


_FAILURES = (pa.ArrowException, OSError, MemoryError, UnicodeDecodeError)
"""What Arrow raises at a damaged file; a Unicode error where a name is no UTF-8."""
_REFUSALS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, pa.ArrowException)
"""What polars raises at what it does not take; a panic is no `Exception`."""


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
                if not (expected := _number(group, 3, 6)):
                    continue
                rows, coded = self._rows(group, size)
                file = _file(self.stream, self.file.metadata, coded)
                begin = first
                for batch in file.iter_batches(rows, row_groups=[number]):
                    yield from self._made(batch, first)
                    first += batch.num_rows
                if first - begin != expected:
                    raise Unreadable(f"is damaged at or after row {first:,}: rows are missing")
        except _FAILURES as error:
            raise Unreadable(f"is damaged at or after row {first:,}: {_first_line(error)}") from None

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
            pages = _pages(self.stream, chunk, size)
            if not _number(group, 3, 6) == _number(chunk, 5, 6) == sum(pages.rows):
                raise Unreadable("is damaged: its columns have not as many values as it says that it has rows")
            if pages.dictionary and _text(_value_type(self.types[number])):
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
            column = _bare(given)
            columns.append(column)
            if _text(_value_type(column.type)):
                sizes = _sizes(column)
                widths += sizes
                bad = sizes > self.limits.cell
                for row in np.flatnonzero(bad & ~left_out).tolist():
                    what = f"has {sizes[row]:,} bytes, more than the limit of {self.limits.cell:,}"
                    hint = "--max-cell BYTES raises the limit."
                    text = _bytes(column, row, _SHOWN).decode(errors="replace")
                    faults.append(RowFault(first + row, number, "cell-limit", what, text, hint))
                undecodable = _undecodable(column)
                found = np.flatnonzero(undecodable & ~bad & ~left_out).tolist()
                faults += [_not_utf8(first + row, number, _bytes(column, row)) for row in found]
                bad |= undecodable
            else:
                bad = _beyond(column)
                found = np.flatnonzero(bad & ~left_out).tolist()
                faults += [_no_day(first + row, number, column[row]) for row in found]
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
    footer = _footer(stream, limits)
    try:
        groups = tuple(_struct(footer, 0, 0)[0].get((4, 9), ()))
    except IndexError:
        raise Unreadable("is damaged: its footer does not end") from None
    try:
        file = _file(stream)
        schema = file.schema_arrow
        names = tuple(schema.names)
    except _FAILURES as error:
        raise Unreadable(f"is no Parquet file that can be read: {_first_line(error)}") from None
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


def _footer(stream: BinaryIO, limits: Limits) -> bytes:
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


# -- pages -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Pages:
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


def _pages(stream: BinaryIO, chunk: Struct, size: int) -> _Pages:
    """Looks at the headers of all pages of a column in a row group.

    Raises:
        Unreadable: Where they cannot be right.
    """
    made = _Pages()
    at, wanted = _number(chunk, 9, 6), _number(chunk, 5, 6)
    if 0 < chunk.get((11, 6), 0) < at:
        at = chunk[11, 6]
    end = at + _number(chunk, 7, 6)
    if not 4 <= at <= end <= size:
        raise Unreadable("is damaged: a column lies beyond the end of the file")
    values = page = dictionary = 0
    while values < wanted and at < end:
        header, at = _header(stream, at, end)
        decompressed, compressed = _number(header, 2), _number(header, 3)
        at += compressed
        if at > end:
            raise Unreadable("is damaged: a page lies beyond the end of its column")
        page = max(page, decompressed)
        if isinstance(told := header.get((7, 12)), dict):
            entries = _number(told, 1)
            # So many cannot be in it; Arrow would make room for them.
            if entries * (1 if _number(chunk, 1) == _FIXED_LEN_BYTE_ARRAY else 4) > decompressed:
                raise Unreadable("is damaged: a dictionary has more entries than bytes for them")
            made.dictionary = max(made.dictionary, decompressed)
            dictionary = max(dictionary, 2 * decompressed + 48 * entries)
        elif isinstance(told := header.get((5, 12)) or header.get((8, 12)), dict):
            rows = _number(told, 1)
            encoding = _number(told, 2 if header.get((5, 12)) else 4)
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


def _number(struct: Struct, name: int, kind: int = 5) -> int:
    found = struct.get((name, kind))
    if not isinstance(found, int) or not 0 <= found < 1 << (31 if kind == 5 else 62):
        raise Unreadable("is damaged: a header in it cannot be read")
    return found


def _header(stream: BinaryIO, at: int, end: int) -> tuple[Struct, int]:
    """The header of a page, and where it ends."""
    size = 128
    while True:
        stream.seek(at)
        data = stream.read(min(size, end - at))
        try:
            found, used = _struct(data, 0, 0)
            return found, at + used
        except IndexError:
            if len(data) < size or size > _HEADER:
                raise Unreadable("is damaged: the header of a page does not end") from None
            size *= 8


def _struct(data: bytes, at: int, depth: int) -> tuple[Struct, int]:
    """A struct of Thrift's compact protocol: its numbers, structs and lists, and where it ends.

    Raises:
        IndexError: Where it does not end.
        Unreadable: Where it is none, or holds what nothing in Parquet does.
    """
    made: Struct = {}
    name = 0
    while kind := data[at]:
        at += 1
        if kind >> 4:
            name += kind >> 4
        else:
            name, at = _varint(data, at)
            name = (name >> 1) ^ -(name & 1)
        kind &= 15
        if kind not in (1, 2):
            found, at = _value(data, at, kind, depth)
            if found is not None:
                made[name, kind] = found
    return made, at + 1


def _value(data: bytes, at: int, kind: int, depth: int) -> tuple[Any, int]:
    if kind in (4, 5, 6):
        value, at = _varint(data, at)
        return (value >> 1) ^ -(value & 1), at
    if kind == 12 and depth < 16:
        return _struct(data, at, depth + 1)
    if kind == 8:
        length, at = _varint(data, at)
        return None, at + length
    if kind in (9, 10) and depth < 16:
        size, inner = data[at] >> 4, data[at] & 15
        at += 1
        if size == 15:
            size, at = _varint(data, at)
        made = []
        for _ in range(size):
            found, at = _value(data, at, inner, depth + 1)
            data[at - 1]  # raises where it does not end
            if inner == 12:
                made.append(found)
        return made, at
    if kind in (1, 2, 3, 7):
        return None, at + (8 if kind == 7 else 1)
    raise Unreadable("is damaged: a header in it cannot be read")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 64:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
    raise Unreadable("is damaged: a header in it cannot be read")


# -- cells -----------------------------------------------------------------------------------------------------------


def _bare(column: pa.Array) -> pa.Array:
    """A column without its time zone: the instants are those of UTC. Views, which Arrow cannot filter, as text."""
    if pa.types.is_timestamp(column.type):
        return column.view(pa.timestamp(column.type.unit))
    return column.cast(pa.large_string()) if pa.types.is_string_view(column.type) else column


def _value_type(type_: pa.DataType) -> pa.DataType:
    return type_.value_type if pa.types.is_dictionary(type_) else type_


def _sizes(column: pa.Array) -> Ints:
    """The bytes of each text; 0 of null."""
    if pa.types.is_dictionary(column.type):
        if not len(column.dictionary):
            return np.zeros(len(column), np.int64)
        return np.where(_present(column), _sizes(column.dictionary)[_indices(column)], 0)
    if not len(column):
        return np.zeros(0, np.int64)
    offsets, _ = _parts(column)
    return np.where(_present(column), np.diff(offsets), 0)


def _parts(column: pa.Array) -> tuple[Ints, pa.Buffer | None]:
    """Where each of some texts begins and ends, and their bytes."""
    column = column.cast(_BINARY[column.type.id])
    whole = np.int64 if pa.types.is_large_binary(column.type) else np.int32
    _, offsets, data = column.buffers()
    made = np.frombuffer(offsets, whole)[column.offset : column.offset + len(column) + 1]
    return made.astype(np.int64), data


_BINARY = {
    pa.string().id: pa.binary(),
    pa.large_string().id: pa.large_binary(),
}


def _present(column: pa.Array) -> Bools:
    made: Bools = column.is_valid().to_numpy(zero_copy_only=False)
    return made


def _indices(column: pa.DictionaryArray) -> Ints:
    made: Ints = column.indices.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    if made.min(initial=0) < 0 or made.max(initial=0) >= max(1, len(column.dictionary)):
        raise pa.ArrowInvalid("an index is in no dictionary")
    return made


def _bytes(column: pa.Array, row: int, most: int | None = None) -> bytes:
    """The text in a row, or its beginning."""
    if pa.types.is_dictionary(column.type):
        return _bytes(column.dictionary, column.indices[row].as_py(), most)
    (begin, end), data = _parts(column.slice(row, 1))  # not by a scalar, which copies the text
    return bytes(memoryview(data)[begin : end if most is None else min(end, begin + most)]) if data else b""


def _undecodable(column: pa.Array) -> Bools:
    """Which texts are no UTF-8."""
    made = np.zeros(len(column), np.bool_)
    if pa.types.is_dictionary(column.type):
        bad = _undecodable(column.dictionary)
        return _present(column) & bad[_indices(column)] if bad.any() else made
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        present = _present(column)
        for row in range(len(column)):
            made[row] = present[row] and not _is_utf8(_bytes(column, row))
        if not made.any():
            raise  # it is wrong in another way
    return made


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _not_utf8(line: int, column: int, text: bytes) -> RowFault:
    what = "is not UTF-8"
    try:
        text.decode()
    except UnicodeDecodeError as error:
        before = len(text[: error.start].decode())
        what = f"byte 0x{text[error.start]:02x} after {before:,} characters is not UTF-8"
    shown = text[:_SHOWN].decode(errors="backslashreplace")
    return RowFault(line, column, "encoding-error", what, shown, "Text of Parquet is UTF-8: write the file again.")


_UNITS = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_DAY = 86_400
_YEARS = (-719_162, 2_932_897)
"""The days from 1970 on which the year 1 begins and the year 9999 has ended."""


def _beyond(column: pa.Array) -> Bools:
    """Which days are not in the years 1 to 9999, which times not in a day."""
    type_ = column.type
    if pa.types.is_date32(type_):
        first, last, whole = *_YEARS, pa.int32()
    elif pa.types.is_date64(type_):
        first, last, whole = _YEARS[0] * _DAY * 1_000, _YEARS[1] * _DAY * 1_000, pa.int64()
    elif pa.types.is_timestamp(type_):
        if type_.unit == "ns":
            return np.zeros(len(column), np.bool_)
        first, last, whole = *(day * _DAY * _UNITS[type_.unit] for day in _YEARS), pa.int64()
    elif pa.types.is_time(type_):
        whole = pa.int32() if pa.types.is_time32(type_) else pa.int64()
        first, last = 0, _DAY * _UNITS[type_.unit]
    else:
        return np.zeros(len(column), np.bool_)
    numbers = column.view(whole).fill_null(0).to_numpy(zero_copy_only=False)
    made: Bools = (numbers < first) | (numbers >= last)
    return made


def _no_day(line: int, column: int, cell: pa.Scalar) -> RowFault:
    if pa.types.is_time(cell.type):
        what, shown = "is no time of a day", f"{cell.value} {cell.type.unit}"
    else:
        unit: Any = getattr(cell.type, "unit", "D" if pa.types.is_date32(cell.type) else "ms")
        what, shown = "is not in the years 1 to 9999", str(np.datetime64(cell.value, unit))
    return RowFault(line, column, "type-error", what, shown)


def _frame(columns: list[pa.Array], first: int) -> pl.DataFrame:
    try:
        made = {}
        for number, given in enumerate(columns):
            column = given.dictionary_decode() if isinstance(given, pa.DictionaryArray) else given
            cells = pl.from_arrow(column)
            assert isinstance(cells, pl.Series)
            made[str(number)] = cells.cast(pl.String) if cells.dtype == pl.Null else cells
        return pl.DataFrame(made)
    except _REFUSALS as error:
        raise Unreadable(f"cannot be read at or after row {first:,}: {_first_line(error)}") from None


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0][:300]


def unfit(column: Field, type_: pa.DataType) -> str | None:
    """Why a column of the file cannot be one of the schema; None where it can."""
    type_ = _value_type(type_)
    fits = pa.types.is_null(type_) or _text(type_) or any(test(type_) for test in _FITS.get(column.type, ()))
    if fits and pa.types.is_timestamp(type_) and type_.tz and not _zone(type_.tz):
        return f'is in the time zone "{type_.tz[:100]}", which does not exist'
    if fits:
        return None
    if pa.types.is_decimal(type_) and column.type == "number":
        return f"is stored as {type_}; decimals are read of at most 128 bits"
    return f"is stored as {type_}, which is no {column.type} of Table Schema"


def _zone(name: str) -> bool:
    some = pl.Series([0]).cast(pl.Datetime("us", "UTC"))
    try:
        some.dt.convert_time_zone(name)
    except _REFUSALS:
        return False
    return True


def _text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_))


_FITS = {
    "integer": (pa.types.is_integer,),
    "number": (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal128),
    "boolean": (pa.types.is_boolean,),
    "date": (pa.types.is_date,),
    "datetime": (pa.types.is_timestamp,),
    "time": (pa.types.is_time,),
    "year": (pa.types.is_integer,),
}


def field_type(type_: pa.DataType) -> str:
    """The type of a column that no schema describes."""
    type_ = _value_type(type_)
    if pa.types.is_decimal(type_):
        return "number"
    known = ("boolean", "integer", "number", "date", "datetime", "time")
    return next((name for name in known if any(test(type_) for test in _FITS[name])), "any")


def conform(column: Field, cells: pl.Series) -> pl.Series:
    """The cells of a fitting column as values of the schema's type; null where one is out of its range.

    An instant finer than a microsecond is no value.

    Raises:
        Unreadable: Where polars does not take what is in them.
    """
    try:
        made = cells.cast(TYPES[column.type].polars, strict=False)
        if cells.dtype == pl.Null:
            return made
        if column.type in ("date", "time", "datetime"):
            return made.set(made.cast(cells.dtype, strict=False).ne_missing(cells), None)
        return made.set(made == 0, None) if column.type == "year" else made
    except _REFUSALS as error:
        raise Unreadable(f'cannot be read in the column "{column.name}": {_first_line(error)}') from None


def inexact(cells: pl.Series, typed: pl.Series) -> pl.Series:
    """Which numbers a double does not keep."""
    if cells.dtype.is_float() or cells.dtype == pl.Null:
        return pl.repeat(False, len(cells), dtype=pl.Boolean, eager=True)
    return typed.cast(cells.dtype, strict=False).ne_missing(cells)

"""Cells that Parquet can hold and that are no values: texts too long or no UTF-8, days and times that do not exist."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bastions.tabular.text.block import RowFault

SHOWN = 200
"""Bytes of a text that are shown."""


Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def bare(column: pa.Array) -> pa.Array:
    """A column without its time zone: the instants are those of UTC. Views, which Arrow cannot filter, as text."""
    if pa.types.is_timestamp(column.type):
        return column.view(pa.timestamp(column.type.unit))
    return column.cast(pa.large_string()) if pa.types.is_string_view(column.type) else column


def sizes_of(column: pa.Array) -> Ints:
    """The bytes of each text; 0 of null."""
    if pa.types.is_dictionary(column.type):
        if not len(column.dictionary):
            return np.zeros(len(column), np.int64)
        return np.where(_present(column), sizes_of(column.dictionary)[_indices(column)], 0)
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


def bytes_of(column: pa.Array, row: int, most: int | None = None) -> bytes:
    """The text in a row, or its beginning."""
    if pa.types.is_dictionary(column.type):
        return bytes_of(column.dictionary, column.indices[row].as_py(), most)
    (begin, end), data = _parts(column.slice(row, 1))  # not by a scalar, which copies the text
    return bytes(memoryview(data)[begin : end if most is None else min(end, begin + most)]) if data else b""


def undecodable_in(column: pa.Array) -> Bools:
    """Which texts are no UTF-8."""
    made = np.zeros(len(column), np.bool_)
    if pa.types.is_dictionary(column.type):
        bad = undecodable_in(column.dictionary)
        return _present(column) & bad[_indices(column)] if bad.any() else made
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        present = _present(column)
        for row in range(len(column)):
            made[row] = present[row] and not _is_utf8(bytes_of(column, row))
        if not made.any():
            raise  # it is wrong in another way
    return made


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def not_utf8(line: int, column: int, text: bytes) -> RowFault:
    """What is said of a text that is no UTF-8."""
    what = "is not UTF-8"
    try:
        text.decode()
    except UnicodeDecodeError as error:
        before = len(text[: error.start].decode())
        what = f"byte 0x{text[error.start]:02x} after {before:,} characters is not UTF-8"
    shown = text[:SHOWN].decode(errors="backslashreplace")
    return RowFault(line, column, "encoding-error", what, shown, "Text of Parquet is UTF-8: write the file again.")


_UNITS = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_DAY = 86_400
_YEARS = (-719_162, 2_932_897)
"""The days from 1970 on which the year 1 begins and the year 9999 has ended."""


def beyond(column: pa.Array) -> Bools:
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


def no_day(line: int, column: int, cell: pa.Scalar) -> RowFault:
    """What is said of a day or time that does not exist."""
    if pa.types.is_time(cell.type):
        what, shown = "is no time of a day", f"{cell.value} {cell.type.unit}"
    else:
        unit: Any = getattr(cell.type, "unit", "D" if pa.types.is_date32(cell.type) else "ms")
        what, shown = "is not in the years 1 to 9999", str(np.datetime64(cell.value, unit))
    return RowFault(line, column, "type-error", what, shown)

"""Which types of Parquet can be which of Table Schema's, and the cells of a column as values of those.

A column that is text in the file is read as text cells are. Whole numbers are numbers too, and days no instants;
nothing else is converted.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from bastions.dialects import TYPES
from bastions.schema import Field
from bastions.tabular.parquet.unreadable import REFUSALS, Unreadable, first_line


def value_type(type_: pa.DataType) -> pa.DataType:
    """The type of the cells, also where they stand in a dictionary."""
    return type_.value_type if pa.types.is_dictionary(type_) else type_


def is_text(type_: pa.DataType) -> bool:
    """Whether cells of the type are text."""
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_))


def unfit(column: Field, type_: pa.DataType) -> str | None:
    """Why a column of the file cannot be one of the schema; None where it can."""
    type_ = value_type(type_)
    fits = pa.types.is_null(type_) or is_text(type_) or any(test(type_) for test in _FITS.get(column.type, ()))
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
    except REFUSALS:
        return False
    return True


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
    type_ = value_type(type_)
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
    except REFUSALS as error:
        raise Unreadable(f'cannot be read in the column "{column.name}": {first_line(error)}') from None


def inexact(cells: pl.Series, typed: pl.Series) -> pl.Series:
    """Which numbers a double does not keep."""
    if cells.dtype.is_float() or cells.dtype == pl.Null:
        return pl.repeat(False, len(cells), dtype=pl.Boolean, eager=True)
    return typed.cast(cells.dtype, strict=False).ne_missing(cells)

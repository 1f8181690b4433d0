"""A table as the embedded engine keeps it: a Parquet file of key columns, what was seen in passing, and SQL over it."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from bastions.dialects import quoted
from bastions.publish.errors import naming

LONGEST = 1_000
"""Characters of a text that answers hold at most."""


@dataclass(slots=True)
class Kept:
    """What is known of a loaded table.

    Attributes:
        names: The name in the file of each column that was kept. Those of other people may differ in case alone.
        rising: The last value of each column that has strictly risen so far, which is therefore without duplicates.
    """

    path: Path
    rows: int = 0
    names: dict[str, str] = field(default_factory=dict)
    types: dict[str, pa.DataType] = field(default_factory=dict)
    nulls: dict[str, int] = field(default_factory=dict)
    rising: dict[str, pl.Series | None] = field(default_factory=dict)

    def begin(self, schema: pa.Schema, columns: Collection[str] | None) -> None:
        """Chooses the columns to keep."""
        kept = [name for name in schema.names if columns is None or name in columns]
        self.names = {name: f"c{number}" for number, name in enumerate(kept)}
        self.types = {name: schema.field(name).type for name in kept}
        self.nulls = dict.fromkeys(kept, 0)
        self.rising = dict.fromkeys(kept)

    def look(self, batch: pa.RecordBatch) -> None:
        """Counts what can be counted at no cost while the batch is at hand."""
        self.rows += batch.num_rows
        for name in self.names:
            self.nulls[name] += batch.column(name).null_count
        for name, last in list(self.rising.items()):
            values = pl.Series(values=batch.column(name)).drop_nulls()
            if not values.len():
                continue
            rises = bool((values.head(-1) < values.slice(1)).all()) and (
                last is None or bool((last < values.head(1)).all())
            )
            if rises:
                # A copy: a slice of texts would hold the memory of its batch.
                text = values.dtype == pl.String
                self.rising[name] = pl.Series([values[-1]], dtype=pl.String) if text else values.tail(1)
            else:
                del self.rising[name]

    def select(self, columns: Sequence[str], given: bool = True) -> str:
        """A query for `row` and the values `k0`, `k1`, … of columns, by default where all of them are given."""
        values = [f"{self.names[name]} AS k{number}" for number, name in enumerate(columns)]
        source = f"read_parquet({quoted(str(self.path))}, file_row_number = true, hive_partitioning = false)"
        where = " AND ".join(f"{self.names[name]} IS NOT NULL" for name in columns) if given else "true"
        return f"SELECT {', '.join(['file_row_number AS row', *values])} FROM {source} WHERE {where}"

    def spelled(self, columns: Sequence[str]) -> str:
        """Expressions for the values as text."""
        return ", ".join(f'{_spelled(f"k{i}", self.types[name])} AS "{i}"' for i, name in enumerate(columns))


class Own:
    """The file that DuckDB reads: kept columns under plain names, quick to write rather than small."""

    def __init__(self, kept: Kept, first: pa.RecordBatch) -> None:
        self._columns = list(kept.names)
        self._schema = pa.schema([(name, kept.types[column]) for column, name in kept.names.items()])
        repeating = [name for column, name in kept.names.items() if _repeats(first.column(column))]
        self._path = kept.path
        with naming(self._path):
            self._writer = pq.ParquetWriter(
                self._path,
                self._schema,
                compression="lz4",
                use_dictionary=repeating or False,
                write_statistics=False,
                store_schema=False,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            with naming(self._path):
                self._writer.close()
        else:  # the file is of no use; an exception of closing it would hide the first
            with contextlib.suppress(OSError):
                self._writer.close()

    def write(self, batch: pa.RecordBatch) -> None:
        """Writes the kept columns of a batch."""
        columns = [batch.column(name) for name in self._columns]
        with naming(self._path):
            self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=self._schema))


def _repeats(values: pa.Array) -> bool:
    """Whether a dictionary pays for a column, by the first of its values; building one for a key costs much."""
    some = pl.Series(values=values.slice(0, 4_096))
    return some.dtype != pl.Boolean and some.n_unique() * 2 < some.len()


def kind(type_: pa.DataType) -> str:
    """What values of a type can equal: values of the same kind."""
    if pa.types.is_integer(type_) or pa.types.is_floating(type_):
        return "number"
    if pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_):
        return "text"
    return str(type_)


def equal(near: str, near_type: pa.DataType, far: str, far_type: pa.DataType) -> str:
    """An expression for the equality of two values of one kind; whole numbers are not rounded to compare them."""
    if pa.types.is_integer(near_type) != pa.types.is_integer(far_type):
        near, far = (
            value
            if pa.types.is_integer(type_)
            else f"CASE WHEN trunc({value}) = {value} THEN TRY_CAST({value} AS BIGINT) END"
            for value, type_ in ((near, near_type), (far, far_type))
        )
    return f"{near} = {far}"


def _spelled(value: str, type_: pa.DataType) -> str:
    """An expression for a value as text: as people write it, and no longer than anybody reads."""
    if pa.types.is_floating(type_):
        return f"regexp_replace({value}::VARCHAR, '[.]0$', '')"
    if pa.types.is_timestamp(type_):
        return f"replace({value}::VARCHAR, ' ', 'T')"
    return f"left({value}::VARCHAR, {LONGEST})"

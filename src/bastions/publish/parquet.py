"""A table as one Parquet file whose bytes follow from its rows and its schema alone.

The Arrow schema is written out (`dialects.arrow_schema`), so that a column keeps its type and nullability in every
release; rows are in the total order of the key. Descriptions and units are metadata of the Arrow fields, and the
Table Schema is one JSON value of the file, which DuckDB sees too (`parquet_kv_metadata`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from bastions import dialects
from bastions.schema import Table

LEVEL = 3
"""zstd's level: higher ones gain little and cost much; the encodings and the order of the rows matter more."""


DICTIONARY = 16 << 20
"""Bytes of a column's distinct values up to which they are written once; Arrow's own megabyte is soon full of texts."""


def write(frame: pl.DataFrame, table: Table, path: Path) -> None:
    """Writes a table.

    Args:
        frame: Its rows, typed, sorted by its primary key.
        table: The table as published.
        path: The file to make.
    """
    schema = dialects.arrow_schema(table)
    arrow = frame.select(table.names).to_arrow().cast(schema)
    repeating = [column.name for column in table.fields if repeats(table, column.name)]
    with opened(path, schema, table, repeating, table.primary_key) as writer:
        writer.write_table(arrow)


def opened(
    path: Path, schema: pa.Schema, table: Table, repeating: Sequence[str], order: Sequence[str] = ()
) -> pq.ParquetWriter:
    """A writer of the one form in which tables are published; what is written to it is one row group a call.

    Args:
        path: The file to make.
        schema: The Arrow schema of what will be written.
        table: The table, for the nature of its columns.
        repeating: The columns whose values are written once and referred to.
        order: The columns by which the rows are sorted, if they are.
    """
    sorting = pq.SortingColumn.from_ordering(schema, [(name, "ascending") for name in order]) if order else None
    others = [column.name for column in table.fields if column.name not in repeating]
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=LEVEL,
        dictionary_pagesize_limit=DICTIONARY,
        use_dictionary=list(repeating) or False,
        column_encoding={name: encoding(table, name) for name in others},
        sorting_columns=sorting,
        version="2.6",
    )


def repeats(table: Table, name: str) -> bool:
    """Whether a column's values repeat by their nature: codes, references, dates of events."""
    column = table[name]
    if column.type != "string" or table.primary_key == (name,):
        return False
    referring = {part for fk in table.foreign_keys for part in fk.fields}
    return column.codes is not None or column.edtf is not None or name in referring or name in table.primary_key


def encoding(table: Table, name: str) -> str:
    """How the values of a column that repeats little are written.

    Sorted keys share their beginnings (DELTA_BYTE_ARRAY), other texts only their lengths' size; whole numbers and days
    lie near each other; the bytes of fractions compress better apart. Every reader of the last years knows these.
    """
    kind = dialects.TYPES[table[name].type].arrow
    if kind == pa.string():
        return "DELTA_BYTE_ARRAY" if name in table.primary_key else "DELTA_LENGTH_BYTE_ARRAY"
    return {pa.float64(): "BYTE_STREAM_SPLIT", pa.bool_(): "PLAIN"}.get(kind, "DELTA_BINARY_PACKED")

"""A table as one Parquet file whose bytes follow from its rows and its schema alone.

The Arrow schema is written out (`dialects.arrow_schema`), so that a column keeps its type and nullability in every
release; rows are in the total order of the key. Descriptions and units are metadata of the Arrow fields, and the
Table Schema is one JSON value of the file, which DuckDB sees too (`parquet_kv_metadata`).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from bastions import dialects
from bastions.schema import Table

LEVEL = 3
"""zstd's level: higher ones gain little and cost much; the encodings and the order of the rows matter more."""


def write(frame: pl.DataFrame, table: Table, path: Path) -> None:
    """Writes a table.

    Args:
        frame: Its rows, typed, sorted by its primary key.
        table: The table as published.
        path: The file to make.
    """
    schema = dialects.arrow_schema(table)
    arrow = frame.select(table.names).to_arrow().cast(schema)
    dictionary = [column.name for column in table.fields if repeats(table, column.name)]
    with pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=LEVEL,
        use_dictionary=dictionary or False,
        column_encoding={
            column.name: encoding(table, column.name) for column in table.fields if column.name not in dictionary
        },
        sorting_columns=pq.SortingColumn.from_ordering(schema, [(name, "ascending") for name in table.primary_key]),
        version="2.6",
    ) as writer:
        writer.write_table(arrow)


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
    kind = table[name].type
    if kind == "string":
        return "DELTA_BYTE_ARRAY" if name in table.primary_key else "DELTA_LENGTH_BYTE_ARRAY"
    return {"number": "BYTE_STREAM_SPLIT", "boolean": "PLAIN"}.get(kind, "DELTA_BINARY_PACKED")

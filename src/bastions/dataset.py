"""The dataset in memory: the files of `data/` and `seeds/`, read and cast; no cell is lost or changed on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

import polars as pl

from bastions import dialects, edtf, files
from bastions.problems import Problem
from bastions.schema import Field, Schema, Table

PART = "_part"
"""The column of a text frame that holds the index of the file from which its row came."""


@dataclass(slots=True)
class Rows:
    """All rows of one table.

    Attributes:
        text: The cells as text, empty ones null, with `_part` and `_line`.
        typed: The same rows and columns, typed; cells that are no value of their type are null.
        bad: The cells, as (row index, column name), that a problem was reported for.
        complete: False where a file could not be read, so that a missing key proves nothing.
    """

    parts: list[files.Part]
    text: pl.DataFrame
    typed: pl.DataFrame
    bad: set[tuple[int, str]] = field(default_factory=set)
    complete: bool = True

    def place(self, row: int) -> tuple[str, int]:
        """File and physical line of a row."""
        return self.parts[int(self.text[PART][row])].path, int(self.text[files.LINE][row])


@dataclass(slots=True)
class Dataset:
    """Every table of `data/` and `seeds/`, with the problems that reading and casting found."""

    schema: Schema
    rows: dict[str, Rows]
    problems: list[Problem]

    @property
    def text(self) -> dict[str, pl.DataFrame]:
        """Each table's cells as text, in the schema's columns."""
        return {name: rows.text.select(self.schema.all_tables[name].names) for name, rows in self.rows.items()}

    @property
    def typed(self) -> dict[str, pl.DataFrame]:
        """Each table's cells typed, in the schema's columns."""
        return {name: rows.typed for name, rows in self.rows.items()}


def read(schema: Schema) -> Dataset:
    """Reads every file of every table and casts the cells; `problems` holds what is wrong with files and rows.

    Returns:
        The dataset; what could not be read or cast is null or absent there. That a cell is no value of its type is
        for the validator's second stage to say.
    """
    rows = {name: read_table(schema, name) for name in (*schema.tables, *schema.seeds)}
    return Dataset(schema, rows, [p for table in rows.values() for part in table.parts for p in part.problems])


def read_table(schema: Schema, name: str) -> Rows:
    """The rows of one table of `data/` or `seeds/`, from all its files."""
    table = schema.all_tables[name]
    return cast(table, [files.read_part(path, table, schema.root) for path in schema.parts(name)])


def cast(table: Table, parts: list[files.Part]) -> Rows:
    """The rows of all files of a table together, as text and typed; no cell is lost or changed on the way."""
    frames = [p.frame.with_columns(pl.lit(i).alias(PART)) for i, p in enumerate(parts) if p.frame is not None]
    empty = pl.DataFrame(schema={files.LINE: pl.Int64(), **dict.fromkeys(table.names, pl.String()), PART: pl.Int32()})
    text = pl.concat([empty, *frames])
    bad = set()
    reported = {(i, line) for i, p in enumerate(parts) for line, _ in p.bad}
    if reported:
        places = zip(text[PART].to_list(), text[files.LINE].to_list(), strict=True)
        for row, (part, line) in enumerate(places):
            if (part, line) in reported:
                bad |= {(row, name) for name in table.names if (line, name) in parts[part].bad}
    # A table of data/ without a file is reported as such; one of seeds/ without a file simply has no rows.
    complete = (bool(parts) or table.kind == "seed") and all(p.frame is not None and not p.lost for p in parts)
    return Rows(parts, text, typed(table, text), bad, complete)


def typed(table: Table, text: pl.DataFrame) -> pl.DataFrame:
    """The columns of a table as values; a cell that is no value of its type is null."""
    return pl.DataFrame({c.name: _cast(c, text[c.name]) for c in table.fields}, schema=dialects.polars_schema(table))


def _cast(column: Field, cells: pl.Series) -> pl.Series:
    kind = dialects.TYPES[column.type]
    if column.edtf:
        good = {cell for cell in cells.unique().to_list() if cell and _is_edtf(cell, column.edtf == "end")}
        return cells.set(cells.is_not_null() & ~cells.is_in(list(good)), None) if len(cells) else cells
    if kind.lexical is None:
        return cells
    well = cells.str.contains(f"^(?:{kind.lexical})$")
    cells = cells.set(~well.fill_null(False), None)
    if column.type == "boolean":
        return cells == "true"
    if column.type == "date":
        return cells.str.to_date("%Y-%m-%d", strict=False)
    if column.type == "time":
        return cells.str.to_time("%H:%M:%S", strict=False)
    values = cells.cast(kind.polars, strict=False)
    if column.type == "number":
        # What a double cannot hold to the last digit would come back as another number.
        exact = [a is None or b is None or Decimal(a) == Decimal(repr(b)) for a, b in zip(cells, values, strict=True)]
        return values.set(~pl.Series(exact, dtype=pl.Boolean), None)
    return values


@lru_cache(maxsize=65536)
def _is_edtf(text: str, end: bool) -> bool:
    return edtf.is_edtf(text, end=end)

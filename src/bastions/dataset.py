"""The dataset in memory: the files of `data/` and `seeds/`, read, cast and checked cell by cell."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from bastions import files
from bastions.schema import Schema
from bastions.validate.problems import Problem

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
    """Reads every file of every table: the validator's stages 1 and 2.

    Returns:
        The dataset; what could not be read or cast is null or absent there, and a problem in `problems`.
    """
    from bastions.validate import cells, layout

    problems = layout.check(schema)
    rows = {}
    for name, table in {**schema.tables, **schema.seeds}.items():
        parts = [files.read_part(path, table, schema.root) for path in schema.parts(name)]
        rows[name] = cells.cast(table, parts)
        problems += [p for part in parts for p in part.problems]
        problems += cells.check(table, rows[name])
    return Dataset(schema, rows, problems)

"""Bastions: an open, claim-level record of the war against the Islamic State.

The public interface, for use from Python:

    load(root)             the schema of a dataset: every table, column and code list
    read(table, root)      one table as a typed polars frame, checked
    validate(root)         every problem of a dataset
    build(root, out)       a release
    connect(root)          a DuckDB connection with every table, view and macro
    pandera_schema(table)  the pandera schema of a table

Imports are made when a function is called, so that `bastions --help` needs none of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import pandera.polars
    import polars

    from bastions.publish import Release
    from bastions.schema import Schema
    from bastions.validation import Report

__all__ = ["build", "connect", "load", "pandera_schema", "read", "validate"]


class Invalid(ValueError):
    """The dataset has errors; `report` lists them."""

    def __init__(self, report: Report):
        from bastions import problems

        self.report = report
        super().__init__(problems.render(report, "text"))


def load(root: Path | str = ".") -> Schema:
    """The schema of the dataset in `root`; see `bastions.loader.load`."""
    from bastions import loader

    return loader.load(root)


def read(table: str, root: Path | str = ".") -> polars.DataFrame:
    """One table of `data/`, typed, in the schema's columns.

    Raises:
        KeyError: If there is no such table.
        Invalid: If a file or cell of the table has an error.
    """
    from bastions import dataset, loader
    from bastions.problems import Report, ordered
    from bastions.validation import cells

    loaded = loader.load(root)
    if table not in loaded.tables:
        raise KeyError(f"there is no table {table!r}; tables are {', '.join(loaded.tables)}")
    rows = dataset.read_table(loaded, table)
    problems = [p for part in rows.parts for p in part.problems] + cells.check_table(loaded.tables[table], rows)
    if found := ordered(p for p in problems if p.severity == "error"):
        raise Invalid(Report(found, {table: rows.text.height}))
    return rows.typed


def validate(root: Path | str = ".", *, reference: bool = False) -> Report:
    """Every problem of the dataset in `root`; see `bastions.validation.validate`."""
    from bastions.validation import validate as run

    return run(root, reference=reference)


def build(root: Path | str = ".", out: Path | str = "build") -> Release:
    """Publishes a release of the dataset in `root`; see `bastions.publish.build`."""
    from bastions import publish

    return publish.build(Path(root), Path(out))


def connect(root: Path | str = ".") -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in memory with every table, view and macro of the release, made from `data/`."""
    from bastions import dataset, loader, relations

    loaded = loader.load(root)
    return relations.connect(loaded, relations.published(dataset.read(loaded)), sealed=False)


def pandera_schema(table: str, root: Path | str = ".") -> pandera.polars.DataFrameSchema:
    """The pandera schema of a table, for eager polars frames; see `bastions.dialects.pandera_schema`."""
    from bastions import dialects, loader

    return dialects.pandera_schema(loader.load(root).all_tables[table])

"""Bastions: an open, claim-level record of the war against the Islamic State.

The public interface, for use from Python:

    load(root)             the schema of a dataset: every table, column and code list
    read(table, root)      one table as a typed polars frame, checked
    validate(path)         every problem of a dataset, or of any Data Package
    build(path, out)       a release of either
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


def validate(path: Path | str = ".", *, reference: bool = False) -> Report:
    """Every problem of a dataset with `schemas/`, or of any Data Package.

    Args:
        path: The folder of the dataset; or the folder of a Data Package, or its descriptor.
        reference: Whether frictionless-py is asked for a second opinion, which only a dataset is.

    Raises:
        FileNotFoundError: If there is nothing of that name.
        ValueError: If a second opinion is wanted of a Data Package.

    See `bastions.validation.validate` and `bastions.tabular.run.validate`, which takes limits and tells as it finds.
    """
    if not is_package(path):
        from bastions.validation import validate as run

        return run(path, reference=reference)
    if reference:
        raise ValueError("a second opinion is of a dataset with schemas/; run frictionless on a Data Package itself")
    from bastions.tabular import run as tabular

    return tabular.validate(path)


def build(path: Path | str = ".", out: Path | str | None = None) -> Release:
    """Publishes a release of a dataset with `schemas/`, or of any Data Package.

    Args:
        path: As of `validate`.
        out: The folder of the release; `build` in that of the dataset or package where it is None.

    See `bastions.publish.build` and `bastions.tabular.run.build`.
    """
    if is_package(path):
        from bastions.tabular import run

        return run.build(path, out)
    from bastions import publish

    return publish.build(path, Path(path) / "build" if out is None else out)


def is_package(path: Path | str) -> bool:
    """Whether a path is that of a Data Package, its descriptor or its folder, and not of a dataset with `schemas/`.

    Raises:
        FileNotFoundError: If there is nothing of that name.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"{path}: there is nothing of that name")
    if not path.is_dir():
        if path.suffix.lower() != ".json":
            raise FileNotFoundError(f"{path}: is no descriptor; give the folder of a package or its datapackage.json")
        return True
    if (path / "schemas" / "package.yaml").is_file():
        return False
    if not (path / "datapackage.json").exists():
        raise FileNotFoundError(f"{path}: holds neither a datapackage.json nor schemas/package.yaml")
    return True


def connect(root: Path | str = ".") -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in memory with every table, view and macro of the release, made from `data/`."""
    from bastions import dataset, loader, relations

    loaded = loader.load(root)
    return relations.connect(loaded, relations.published(dataset.read(loaded)), sealed=False)


def pandera_schema(table: str, root: Path | str = ".") -> pandera.polars.DataFrameSchema:
    """The pandera schema of a table, for eager polars frames; see `bastions.dialects.pandera_schema`."""
    from bastions import dialects, loader

    return dialects.pandera_schema(loader.load(root).all_tables[table])

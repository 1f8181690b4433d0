"""`datapackage.json` of the release: Data Package v2, with bytes, digests and row counts.

https://datapackage.org/standard/data-package/. CSV resources are tables with their schema. Parquet resources name the
file and its digest alone: readers of Parquet have the schema in the file, and a Frictionless reader that took them for
tables would stumble over empty whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from bastions import descriptor, dialects
from bastions.publish import metadata
from bastions.schema import Schema, Table


def package(schema: Schema, folder: Path, frames: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """The descriptor of a release.

    Args:
        schema: The schema.
        folder: Where `csv/` and `parquet/` have been written.
        frames: The tables, for their row counts and for the list of sources.
    """
    facts = schema.package
    tables = [schema.all_tables[name].published() for name in sorted(frames)]
    found: dict[str, Any] = {
        "$schema": descriptor.PROFILE,
        **{key: facts[key] for key in ("name", "title", "description", "version", "homepage") if key in facts},
        "keywords": facts.get("keywords", []),
        "licenses": facts["licenses"],
        "contributors": facts["contributors"],
    }
    if sources := _sources(frames["sources"]):
        found["sources"] = sources
    found["resources"] = [_csv(table, folder, frames[table.name].height) for table in tables] + [
        _parquet(table, folder) for table in tables
    ]
    return found


def _sources(frame: pl.DataFrame) -> list[dict[str, str]]:
    rows = frame.select("title", "version", "url").iter_rows(named=True)
    return [
        {key: row[name] for key, name in (("title", "title"), ("version", "version"), ("path", "url")) if row[name]}
        for row in rows
    ]


def _csv(table: Table, folder: Path, rows: int) -> dict[str, Any]:
    path = f"csv/{table.name}.csv"
    return {
        "name": table.name,
        "type": "table",
        "title": table.title,
        "description": table.description,
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **_bytes(folder / path),
        "rows": rows,
        "dialect": descriptor.DIALECT,
        "schema": dialects.table_schema(table),
    }


def _parquet(table: Table, folder: Path) -> dict[str, Any]:
    path = f"parquet/{table.name}.parquet"
    return {
        "name": f"{table.name}_parquet",
        "title": f"{table.title} (Parquet)",
        "description": f"The rows of the resource {table.name}, typed.",
        "path": path,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        **_bytes(folder / path),
    }


def _bytes(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "hash": f"sha256:{metadata.digest(path)}"}

"""Tables that grow batch by batch, as Parquet or CSV, typed and ordered as the schema says."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import polars as pl
import pyarrow.parquet as pq

from bastions import descriptor, dialects
from bastions.publish import metadata, parquet
from bastions.schema import Schema

FORMS = ("parquet", "csv")


class Writer:
    """The tables of one source, written as they come.

    Args:
        folder: Where to write; it is there and empty.
        schema: The tables.
        source_id: The source; names the parts of CSV.
        form: `parquet` (one file a table) or `csv` (parts of a dataset folder).

    Raises:
        ValueError: For another form.
    """

    def __init__(self, folder: Path, schema: Schema, source_id: str, form: str):
        if form not in FORMS:
            raise ValueError(f"there is no form {form!r}; there are {', '.join(FORMS)}")
        self.folder, self.schema, self.source_id, self.form = folder, schema, source_id, form
        self.rows: dict[str, int] = {}
        self._parquet: dict[str, Any] = {}
        self._csv: dict[str, IO[bytes]] = {}

    def put(self, name: str, rows: pl.DataFrame) -> None:
        """Adds rows of text to a table; columns that they lack are empty."""
        table = self.schema.tables[name]
        typed = dialects.polars_schema(table)
        frame = rows.select(
            (pl.col(column) if column in rows.columns else pl.lit(None, pl.String)).cast(kind).alias(column)
            for column, kind in typed.items()
        )
        self.rows[name] = self.rows.get(name, 0) + frame.height
        if self.form == "csv":
            self._append(name, rows, list(typed))
            return
        arrow = dialects.arrow_schema(table)
        if name not in self._parquet:
            path = self._path(f"parquet/{name}.parquet")
            repeated = [column for column in typed if parquet.repeats(table, column)]
            self._parquet[name] = pq.ParquetWriter(
                path, arrow, compression="zstd", compression_level=parquet.LEVEL, use_dictionary=repeated or False
            )
        self._parquet[name].write_table(frame.to_arrow().cast(arrow))

    def _append(self, name: str, rows: pl.DataFrame, columns: list[str]) -> None:
        first = name not in self._csv
        if first:
            self._csv[name] = self._path(f"data/{name}/{self.source_id}.csv").open("wb")
        frame = rows.select(
            pl.col(column) if column in rows.columns else pl.lit(None, pl.String).alias(column) for column in columns
        )
        frame.write_csv(self._csv[name], include_header=first)

    def _path(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def close(self) -> dict[str, int]:
        """Closes every file and describes them; gives the number of rows of each table."""
        for writer in (*self._parquet.values(), *self._csv.values()):
            writer.close()
        if self._parquet:
            names = sorted(self._parquet)
            views = "".join(f"CREATE VIEW {n} AS FROM read_parquet('parquet/{n}.parquet');\n" for n in names)
            (self.folder / "views.sql").write_text(views, "utf-8")
            (self.folder / "datapackage.json").write_text(metadata.as_json(self._package(names)), "utf-8")
        return dict(sorted(self.rows.items()))

    def _package(self, names: list[str]) -> dict[str, Any]:
        return {
            "$schema": descriptor.PROFILE,
            "name": self.source_id,
            "title": "UCDP Georeferenced Event Dataset in the tables of Bastions",
            "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
            "resources": [
                {
                    "name": name,
                    "path": f"parquet/{name}.parquet",
                    "format": "parquet",
                    "mediatype": "application/vnd.apache.parquet",
                    "bytes": (self.folder / f"parquet/{name}.parquet").stat().st_size,
                    "hash": f"sha256:{metadata.digest(self.folder / f'parquet/{name}.parquet')}",
                    "rows": self.rows[name],
                    "schema": dialects.table_schema(self.schema.tables[name]),
                }
                for name in names
            ],
        }

    def files(self) -> list[str]:
        """Every file below the folder, in order."""
        return sorted(p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*") if p.is_file())

"""Tables that grow batch by batch: as Parquet, or as a dataset of its own in CSV that `bastions validate` takes."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from bastions import descriptor, dialects, loader
from bastions.curate.job import Row
from bastions.files import MAX_FILE, to_csv
from bastions.publish import metadata, parquet
from bastions.schema import Schema, Table

FORMS = ("parquet", "csv")


class Writer:
    """The tables of one source, written as they come.

    Parquet is streamed. CSV is for a part of a release: rows stand in order of their keys and a file has at most
    `MAX_FILE` bytes, which the validator reads, so that the rows are held until the end.

    Args:
        folder: Where to write; it is there and empty.
        schema: The tables.
        source_id: The source; names the parts of CSV.
        form: `parquet` (one file a table) or `csv` (a dataset folder).

    Attributes:
        rows: Table to number of rows so far.
        too_large: Tables of CSV that come to more than `MAX_FILE` bytes.

    Raises:
        ValueError: For another form.
    """

    def __init__(self, folder: Path, schema: Schema, source_id: str, form: str):
        if form not in FORMS:
            raise ValueError(f"there is no form {form!r}; there are {', '.join(FORMS)}")
        self.folder, self.schema, self.source_id, self.form = folder, schema, source_id, form
        self.rows: dict[str, int] = {}
        self.too_large: list[str] = []
        self._parquet: dict[str, Any] = {}
        self._csv: dict[str, list[pl.DataFrame]] = defaultdict(list)
        self._size: dict[str, int] = defaultdict(int)

    def put(self, name: str, rows: pl.DataFrame) -> None:
        """Adds rows of text to a table; columns that they lack are empty."""
        table = self.schema.tables[name]
        self.rows[name] = self.rows.get(name, 0) + rows.height
        if self.form == "csv":
            self._keep(table, rows)
            return
        typed = dialects.polars_schema(table)
        frame = rows.select(
            (pl.col(column) if column in rows.columns else pl.lit(None, pl.String)).cast(kind).alias(column)
            for column, kind in typed.items()
        )
        arrow = dialects.arrow_schema(table)
        if name not in self._parquet:
            path = self._path(f"parquet/{name}.parquet")
            repeated = [column for column in typed if parquet.repeats(table, column)]
            self._parquet[name] = pq.ParquetWriter(
                path, arrow, compression="zstd", compression_level=parquet.LEVEL, use_dictionary=repeated or False
            )
        self._parquet[name].write_table(frame.to_arrow().cast(arrow))

    def _keep(self, table: Table, rows: pl.DataFrame) -> None:
        """Holds rows for the end, unless their letters alone are more than a file may have."""
        name = table.name
        self._size[name] += sum(rows.select(pl.all().cast(pl.String).str.len_bytes().sum()).row(0, named=False))
        if self._size[name] > MAX_FILE:
            if name not in self.too_large:
                self.too_large.append(name)
            self._csv.pop(name, None)
            return
        self._csv[name].append(
            rows.select(
                pl.col(column).cast(pl.String) if column in rows.columns else pl.lit(None, pl.String).alias(column)
                for column in table.names
            )
        )

    def _path(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def close(self, waivers: Sequence[Row] = ()) -> dict[str, int]:
        """Closes every file and describes them; gives the number of rows of each table.

        Args:
            waivers: Rows of `waivers` for the dataset that CSV makes; a release in Parquet has none.
        """
        for writer in self._parquet.values():
            writer.close()
        if self._parquet:
            names = sorted(self._parquet)
            head = "-- Run it in this folder (duckdb -init views.sql): paths are relative to where DuckDB is started.\n"
            views = "".join(f"CREATE VIEW {n} AS FROM read_parquet('parquet/{n}.parquet');\n" for n in names)
            (self.folder / "views.sql").write_text(head + views, "utf-8")
            (self.folder / "datapackage.json").write_text(metadata.as_json(self._package(names)), "utf-8")
        if self._csv and not self.too_large:
            self._dataset(waivers)
        return dict(sorted(self.rows.items()))

    def _dataset(self, waivers: Sequence[Row]) -> None:
        """The folder of a dataset: the tables, the schemas that it is judged by, and its description."""
        schemas = self.folder / "schemas"
        shutil.copytree(self.schema.root / "schemas", schemas, ignore=shutil.ignore_patterns("waivers*.csv"))
        (self.folder / "seeds").mkdir()
        for name, table in self.schema.tables.items():
            self._path(f"data/{name}/hand.csv").write_text(to_csv(_empty(table), table), "utf-8")
            if name in self._csv:
                text = to_csv(pl.concat(self._csv.pop(name)), table)
                self._path(f"data/{name}/{self.source_id}.csv").write_bytes(text.encode())
                if len(text.encode()) > MAX_FILE:
                    self.too_large.append(name)
        waiver = self.schema.seeds["waivers"]
        (schemas / "rules" / "waivers.csv").write_text(to_csv(_empty(waiver), waiver), "utf-8")
        if waivers:
            given = pl.DataFrame(list(waivers), schema=_empty(waiver).schema)
            given = given.with_columns(pl.all().replace("", None))
            (schemas / "rules" / f"waivers-{self.source_id}.csv").write_text(to_csv(given, waiver), "utf-8")
        package = descriptor.package(loader.load(self.folder))
        (self.folder / "datapackage.json").write_text(descriptor.text(package), "utf-8")

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
                    "schema": dialects.table_schema(self._alone(name, names)),
                }
                for name in names
            ],
        }

    def _alone(self, name: str, names: Sequence[str]) -> Table:
        """A table without its references to what is not written here."""
        table = self.schema.tables[name]
        return replace(table, foreign_keys=tuple(fk for fk in table.foreign_keys if fk.table in names))

    def files(self) -> list[str]:
        """Every file below the folder, in order."""
        return sorted(p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*") if p.is_file())


def _empty(table: Table) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(table.names, pl.String()))

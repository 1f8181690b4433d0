"""The release of a package: its tables as typed Parquet and as one database, its other files as they are.

Rows stay in the order of the package's files. Every file but the database and its digest has the same bytes whenever
the package and the libraries are the same.

A table's file is `parquet/<name>.parquet`. Of a name of any text, its letters and digits of every script, `-`, `_` and
`.` stay, each run of anything else becomes `-`, and names that would differ in case alone are numbered. A file that is
no table, or has no schema, is copied byte by byte to its own path, or below `files/` where the release itself uses it.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from bastions import dialects
from bastions.publish import Release, metadata, parquet
from bastions.publish.errors import naming
from bastions.schema import Table
from bastions.tabular.release import describing, planning

if TYPE_CHECKING:
    from bastions.tabular.descriptor.package import Package

ROWS, HELD = 262_144, 96_000_000
"""Rows of a row group, and about how many bytes of them are held until it is written: wide tables have fewer rows."""
WHOLE = 1 << 30
"""Bytes of Arrow data that are converted at once: an Arrow column of texts holds 2 GB at most."""
FILES, CODEBOOK, BUILD, DESCRIPTOR = "files", "codebook.md", "BUILD.json", "datapackage.json"
LONGEST = 100
"""Bytes of a file's name that are taken from a name."""


class Writer:
    """Writes the batches of a table as one Parquet file; the bytes do not depend on how the rows are cut in batches.

    Every column may be empty as far as Parquet is told, since a table is written while it is being checked; what is
    required stands in the descriptor and in the database. A column that no batch has is empty.
    """

    def __init__(self, table: Table, path: Path):
        """Makes the file; its folder must be there."""
        schema = dialects.arrow_schema(describing.released(table))
        self.schema = pa.schema([field.with_nullable(True) for field in schema], metadata=schema.metadata)
        self.path = path
        self.rows = 0
        self._held: list[pa.Table] = []
        self._waiting = 0
        # By the schema alone, so that it does not depend on how the rows are cut in batches.
        width = sum(32 if field.type == pa.string() else 8 for field in self.schema)
        self._group = min(ROWS, max(16_384, HELD // max(width, 1)))
        keys = {names[0] for names in dialects.unique_keys(table) if len(names) == 1}
        repeating = [f.name for f in self.schema if f.type == pa.string() and f.name not in keys]
        with naming(path):
            self._file = parquet.opened(path, self.schema, table, repeating)

    def write(self, batch: pa.RecordBatch) -> None:
        """Adds rows.

        Raises:
            ValueError: If the batch has a column that the table has not.
            OSError: If the disk is full or the like, with the name of the file.
        """
        if extra := [name for name in batch.schema.names if name not in self.schema.names]:
            raise ValueError(f"{self.path.name}: the table has no column {extra[0]}")
        self.rows += batch.num_rows
        for part in _convertible(batch):
            typed = self._typed(part)
            while self._waiting + typed.num_rows >= self._group:
                cut = self._group - self._waiting
                self._held.append(typed.slice(0, cut))
                self._flush()
                typed = typed.slice(cut)
            if typed.num_rows:
                self._held.append(typed)
                self._waiting += typed.num_rows

    def _typed(self, batch: pa.RecordBatch) -> pa.Table:
        columns = [
            batch.column(field.name).cast(field.type)
            if field.name in batch.schema.names
            else pa.nulls(batch.num_rows, field.type)
            for field in self.schema
        ]
        return pa.Table.from_arrays(columns, schema=self.schema)

    def _flush(self) -> None:
        group = pa.concat_tables(self._held)
        self._held, self._waiting = [], 0
        with naming(self.path):
            self._file.write_table(group, row_group_size=self._group)

    def close(self) -> None:
        """Writes what is left and ends the file."""
        if self._held:
            self._flush()
        with naming(self.path):
            self._file.close()

    def discard(self) -> None:
        """Ends writing and deletes the file."""
        self._held = []
        try:
            self._file.close()
        except OSError:
            pass
        finally:
            self.path.unlink(missing_ok=True)

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None:
            self.discard()
            return
        try:
            self.close()
        except BaseException:
            self.discard()
            raise


def _convertible(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """A batch in parts that Arrow can convert: the texts of one column are 2 GB at most."""
    if batch.get_total_buffer_size() <= WHOLE or batch.nbytes <= WHOLE or batch.num_rows < 2:
        yield batch
        return
    half = batch.num_rows // 2
    yield from _convertible(batch.slice(0, half))
    yield from _convertible(batch.slice(half))


def file_names(names: Iterable[str]) -> dict[str, str]:
    """For names of any text, names of files without ending, safe everywhere and different in more than case."""
    return planning.apart({name: file_name(name) for name in names}, "-")


def file_name(text: str, otherwise: str = "table") -> str:
    """A text as the name of a file: letters and digits of any script, `-`, `_` and `.`; never hidden."""
    composed = unicodedata.normalize("NFC", text)
    safe = "".join(c if c in "-_." or unicodedata.category(c)[0] in "LMN" else "-" for c in composed)
    short = re.sub(r"[-.]{2,}", "-", safe).encode()[:LONGEST].decode(errors="ignore")
    return short.strip("-.") or otherwise


def parquet_paths(package: Package) -> dict[str, str]:
    """Of each resource that is read as a table, the path of its Parquet file in the release."""
    made = file_names(resource.name for resource in package.resources if resource.form)
    return {name: f"parquet/{file}.parquet" for name, file in made.items()}


def _tables(package: Package) -> dict[str, Table]:
    """The tables that are read; the schema of a file of another form says nothing that was checked."""
    return {r.name: r.table for r in package.resources if r.table and r.form}


def database_name(package: Package) -> str:
    """The name of the release's database."""
    name = package.descriptor.get("name")
    return file_name(name if isinstance(name, str) else "", "package") + ".duckdb"


def write(package: Package, stage: Path, *, database: bool = True, memory: str = planning.MEMORY) -> Release:
    """Writes everything of a release but the Parquet files, which stand in the folder already.

    Args:
        package: A package without errors.
        stage: The folder, with a file at each of `parquet_paths`.
        database: Whether to make the database.
        memory: What DuckDB may take, as it writes it (`1GB`).

    Returns:
        The release; its folder is `stage`.

    Raises:
        OSError: If the disk is full or the like, with the name of a file.
        CannotPublish: The same, of the database.
        PathRefused: If a file that is to be copied has become a link or the like.
    """
    tables = _tables(package)
    paths = {name: path for name, path in parquet_paths(package).items() if name in tables}
    base = database_name(package) if database else None
    copied = _copy(package, stage, {f"{base}{ending}" for ending in ("", ".sha256", ".tmp", ".wal")})
    rows = {}
    for name, path in paths.items():
        with naming(stage / path):
            rows[name] = pq.read_metadata(stage / path).num_rows
    loaded = planning.Loaded({}, ())
    if base:
        files = {name: stage / path for name, path in paths.items()}
        from bastions.tabular.release import loading  # with DuckDB, which takes a while

        loaded = loading.write(tables, files, rows, stage / base, memory)

    digests: dict[str, str] = {}

    def put(name: str, text: str) -> None:
        with naming(stage / name):
            (stage / name).write_bytes(text.encode("utf-8"))

    def digest(name: str) -> str:
        if name not in digests:
            digests[name] = metadata.digest(stage / name)
        return digests[name]

    listed = {name: describing.File(path, (stage / path).stat().st_size, digest(path)) for name, path in paths.items()}
    others = {path: describing.File(new, (stage / new).stat().st_size, digest(new)) for path, new in copied.items()}
    described = describing.descriptor(package, listed, others)
    put(DESCRIPTOR, metadata.as_json(described))
    put(CODEBOOK, describing.codebook(package, listed, base))
    put(BUILD, metadata.as_json(describing.build_json(package, paths, rows, base, loaded)))
    stable = sorted({*paths.values(), *copied.values(), DESCRIPTOR, CODEBOOK, BUILD})
    put(metadata.SUMS, "".join(f"{digest(name)}  {name}\n" for name in stable))
    if base:
        put(f"{base}.sha256", metadata.sums(stage, [base]))
    version = described.get("version")
    return Release(
        stage,
        version if isinstance(version, str) else "",
        rows,
        (),
        tuple(sorted([*stable, metadata.SUMS, *((base, f"{base}.sha256") if base else ())])),
        (*(str(key) for key in loaded.left_out), *_renamed(loaded.names)),
    )


def _renamed(names: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What the database calls otherwise, since it would mix names up."""
    for name, made in names.items():
        if made["name"] != name:
            yield f"{name} is called {made['name']} in the database"
        for column, there in made["columns"].items():
            yield f"{name}: the column {column} is called {there} in the database"


def _copy(package: Package, stage: Path, taken: set[str]) -> Mapping[str, str]:
    """Copies the files that are no tables; gives the path of each in the release."""
    from bastions.tabular.descriptor.paths import open_inside

    own = {"parquet", "csv", FILES, CODEBOOK, BUILD, DESCRIPTOR, metadata.SUMS, *taken}
    own = {name.casefold() for name in own}
    found: dict[str, str] = {}
    for resource in package.resources:
        if resource.table and resource.form:
            continue
        for path in resource.paths:
            if path in found:
                continue
            new = f"{FILES}/{path}" if path.split("/", 1)[0].casefold() in own else path
            with naming(stage / new), open_inside(package.root, path, archives=not resource.form) as source:
                (stage / new).parent.mkdir(parents=True, exist_ok=True)
                with (stage / new).open("wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
            found[path] = new
    return found

"""The tables of a package as one DuckDB file, with as many of its keys as DuckDB can hold (see `planning`).

The data have been found valid, so that a key that DuckDB refuses is left out, and told of, rather than the release
refused. Enumerations and bounds are not repeated as CHECK: nobody writes to a release.

DuckDB compares names without case and knows no empty ones; names that it would mix up are numbered, and told of.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from bastions import dialects
from bastions.publish.database import BLOCK_SIZE, STORAGE
from bastions.publish.errors import CannotPublish, naming
from bastions.schema import ForeignKey, Table
from bastions.tabular.release.planning import MEMORY, LeftOut, Loaded, all_keys, apart, foreign, heaviest, plan

SMALL = 16_000_000
"""Up to so many cells in all, blocks are of the least size, since every key takes one at least."""
DEEPEST = 32
"""Levels of a table that refers to itself at most, each of which is a reading of its file."""


class _Refused(Exception):
    """DuckDB refuses keys."""

    def __init__(self, reason: str, keys: Sequence[LeftOut]):
        super().__init__(reason)
        self.keys = keys


def write(
    tables: Mapping[str, Table], files: Mapping[str, Path], rows: Mapping[str, int], path: Path, memory: str = MEMORY
) -> Loaded:
    """Makes the database.

    Args:
        tables: The tables, by name.
        files: The Parquet file of each, as `publish.writer` writes it.
        rows: Rows of each.
        path: The file to make.
        memory: What DuckDB may take (`1GB`).

    Raises:
        CannotPublish: If the disk is full, or the memory too small for the tables without any key.
    """
    refused: list[LeftOut] = []
    while True:
        made, left_out = plan(tables, rows, refused)
        path.unlink(missing_ok=True)
        try:
            with naming(path):
                _load(made, files, rows, path, memory)
        except (_Refused, CannotPublish) as error:
            known = {key.identity() for key in refused}
            # For want of memory the keys that take most of it go, one table after the other.
            keys = error.keys if isinstance(error, _Refused) else heaviest(made, rows) if _no_memory(error) else []
            new = [key for key in keys if key.identity() not in known]
            if new:
                refused += new
            elif isinstance(error, _Refused) or _no_memory(error):
                hint = "" if isinstance(error, _Refused) else "; it needs more memory, or leave it out"
                raise CannotPublish(f"{path} could not be made: {error}{hint}") from error
            else:
                raise
        else:
            return Loaded(_differing(tables), tuple(left_out))


def _no_memory(error: CannotPublish) -> bool:
    """Whether it was memory that DuckDB lacked; it says so in many ways, and then what to do about the limit."""
    told = str(error.__cause__)
    return ("Out of Memory" in told or "memory_limit" in told) and "No space left" not in told


# --------------------------------------------------------------------------------------------------------------------
# Names


def _numbered(names: Iterable[str], otherwise: str) -> dict[str, str]:
    """Names that DuckDB keeps apart."""
    wanted = {name: name.replace("\0", "").encode("utf-8", "replace").decode() or otherwise for name in names}
    return apart(wanted, "_")


def _named(table: Table, columns: Mapping[str, Mapping[str, str]], names: Mapping[str, str]) -> Table:
    """A table under the names of the database."""
    own = columns[table.name]

    def key(fields: Iterable[str], of: Mapping[str, str] = own) -> tuple[str, ...]:
        return tuple(of[name] for name in fields)

    return replace(
        table,
        name=names[table.name],
        fields=tuple(replace(field, name=own[field.name]) for field in table.fields),
        primary_key=key(table.primary_key),
        unique_keys=tuple(key(fields) for fields in table.unique_keys),
        foreign_keys=tuple(
            ForeignKey(key(fk.fields), names[fk.table], key(fk.target_fields, columns[fk.table]))
            for fk in table.foreign_keys
        ),
    )


def _all_names(tables: Mapping[str, Table]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    return _numbered(tables, "table"), {name: _numbered(table.names, "column") for name, table in tables.items()}


def _differing(tables: Mapping[str, Table]) -> dict[str, dict[str, Any]]:
    names, columns = _all_names(tables)
    found: dict[str, dict[str, Any]] = {}
    for name in tables:
        others = {old: new for old, new in columns[name].items() if old != new}
        if others or names[name] != name:
            found[name] = {"name": names[name], "columns": others}
    return found


# --------------------------------------------------------------------------------------------------------------------
# Loading


def _load(
    tables: Mapping[str, Table], files: Mapping[str, Path], rows: Mapping[str, int], path: Path, memory: str
) -> None:
    names, columns = _all_names(tables)
    named = {name: _named(table, columns, names) for name, table in tables.items()}
    spill = path.with_name(f"{path.name}.tmp")
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "threads": 2,  # whether the indexes fit into the memory shall not depend on the machine
        "temp_directory": str(spill),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    cells = sum(rows[name] * len(table.fields) for name, table in tables.items())
    size = f", BLOCK_SIZE {BLOCK_SIZE}" if cells <= SMALL else ""
    try:
        with duckdb.connect(config=settings) as connection:
            connection.execute(f"ATTACH {_text(path)} AS release (STORAGE_VERSION '{STORAGE}'{size})")
            connection.execute("USE release")
            for name, table in tables.items():
                _fill(connection, table, named[name], files[name])
            # One transaction, since every statement outside of one is written to the disk by itself.
            connection.execute("BEGIN")
            for table in named.values():
                for comment in dialects.duckdb_comments(table):
                    if not comment.endswith(" IS ''"):
                        connection.execute(comment)
            connection.execute("COMMIT")
            connection.execute("USE memory")
            connection.execute("CHECKPOINT release")
            connection.execute("DETACH release")
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def _fill(connection: duckdb.DuckDBPyConnection, table: Table, named: Table, file: Path) -> None:
    """Makes a table and loads its rows.

    Raises:
        _Refused: If DuckDB refuses its keys.
    """
    own = [fk for fk in table.foreign_keys if fk.table == table.name]
    levels = _levels(connection, table, own, file) if own else 1
    target = f"release.main.{dialects.identifier(named.name)}"
    try:
        connection.execute(dialects.duckdb_table(named))
        for level in range(levels):
            rows = f"SELECT * FROM {_rows(file)}"
            if own:
                rows = (
                    f"SELECT * EXCLUDE (row_) FROM {_numbered_rows(table, file)} "
                    f"WHERE coalesce((SELECT level FROM temp.placed_ WHERE row = row_), 0) = {level}"
                )
            connection.execute(f"INSERT INTO {target} {rows}")
    except (duckdb.IntegrityError, duckdb.BinderException, duckdb.CatalogException) as error:
        reason = f"DuckDB refuses it: {str(error).splitlines()[0]}"
        raise _Refused(reason, all_keys(table, reason)) from error
    if own:
        connection.execute("DROP TABLE temp.placed_")


def _levels(connection: duckdb.DuckDBPyConnection, table: Table, own: Sequence[ForeignKey], file: Path) -> int:
    """How many levels a table has that refers to itself; `temp.placed_` has the level of each row but those of 0.

    DuckDB checks a key into the same table against what was there before the statement, so that each level refers to
    those before it.

    Raises:
        _Refused: If there are keys by which rows refer to each other in a circle, or in too long a line.
    """
    kept: list[ForeignKey] = []
    refused = []
    levels = 1
    for fk in own:
        found = _place(connection, table, [*kept, fk], file)
        if isinstance(found, str):
            refused.append(foreign(table.name, fk, found))
        else:
            levels = found
            kept.append(fk)
    if refused:
        raise _Refused("", refused)
    return levels


def _place(connection: duckdb.DuckDBPyConnection, table: Table, keys: Sequence[ForeignKey], file: Path) -> int | str:
    """The number of levels, or why there are none."""
    used = sorted({table.names.index(name) for fk in keys for name in (*fk.fields, *fk.target_fields)})
    number = {name: n for n, name in enumerate(table.names)}
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE keys_ AS SELECT row_ AS row, {', '.join(f'c{n}' for n in used)} "
        f"FROM {_numbered_rows(table, file)}"
    )
    joins = [
        "SELECT child.row AS row, parent.row AS parent FROM temp.keys_ child JOIN temp.keys_ parent ON "
        + " AND ".join(
            f"child.c{number[here]} = parent.c{number[there]}"
            for here, there in zip(fk.fields, fk.target_fields, strict=True)
        )
        for fk in keys
    ]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE edges_0 AS {' UNION ALL '.join(joins)}")
    connection.execute("CREATE OR REPLACE TEMP TABLE placed_ (row BIGINT, level INTEGER)")
    left, level, reason = _count(connection, "temp.edges_0"), 0, ""
    while left and not reason:
        # A row waits as long as one that it refers to waits.
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE edges_{level + 1} AS SELECT * FROM temp.edges_{level} "
            f"WHERE parent IN (SELECT row FROM temp.edges_{level})"
        )
        connection.execute(
            f"INSERT INTO temp.placed_ SELECT DISTINCT row, {level + 1} FROM temp.edges_{level} "
            f"WHERE row NOT IN (SELECT row FROM temp.edges_{level + 1})"
        )
        connection.execute(f"DROP TABLE temp.edges_{level}")
        level += 1
        still = _count(connection, f"temp.edges_{level}")
        if still == left:
            reason = "rows of the table refer to each other in a circle, or one to itself"
        elif level >= DEEPEST and still:
            reason = f"rows of the table refer to each other in lines of more than {DEEPEST}"
        left = still
    connection.execute(f"DROP TABLE temp.edges_{level}")
    connection.execute("DROP TABLE temp.keys_")
    return reason or level + 1


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def _rows(path: Path) -> str:
    """The rows of a Parquet file, whose path may hold characters that `read_parquet` takes for a pattern."""
    return f"read_parquet({''.join(f'[{c}]' if c in '*?[' else c for c in _text(path))}, hive_partitioning = false)"


def _text(path: Path) -> str:
    return dialects.quoted(str(path.absolute()))


def _numbered_rows(table: Table, path: Path) -> str:
    """The same, in the order of the file, with columns `c0`, `c1`, … and the number of the row, `row_`."""
    aliases = ", ".join([*(f"c{n}" for n in range(len(table.fields))), "row_"])
    return f"(SELECT *, row_number() OVER () FROM {_rows(path)}) AS t({aliases})"

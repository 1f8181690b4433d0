"""`bastions.duckdb`: the release as one file, with keys, comments, views and macros.

Its storage version is v1.0.0, so that old clients and the browser open it. Real tables, since views with relative paths
would resolve against the reader's folder. Its bytes differ from run to run (DuckDB puts a random id into it), so that
its digest stands in a file of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import polars as pl

from bastions import dialects, views
from bastions.publish.errors import CircleError
from bastions.schema import Schema, Table

STORAGE = "v1.0.0"
BLOCK_SIZE = 16384
"""The least that DuckDB allows. Every key has an index of at least one block, so that blocks of the usual 256 kB make a
file of 20 MB out of any handful of rows. DuckDB 1.1.3 and later and duckdb-wasm 1.32.0 read it (tried)."""


def write(schema: Schema, frames: Mapping[str, pl.DataFrame], path: Path) -> list[views.View]:
    """Writes the database.

    Args:
        schema: The schema.
        frames: The tables as `relations.published` gives them, in load order.
        path: The file to make.

    Returns:
        The views and macros, in an order in which they can be created.

    Raises:
        CircleError: If a table's rows refer to each other in a circle.
        views.ViewError: If a view does not compile, or its comments and columns differ.
        duckdb.ConstraintException: If the rows break a key; validation comes before this.
    """
    with duckdb.connect() as connection:
        file = dialects.quoted(str(path))
        connection.execute(f"ATTACH {file} AS release (STORAGE_VERSION '{STORAGE}', BLOCK_SIZE {BLOCK_SIZE})")
        connection.execute("USE release")
        for name, frame in frames.items():
            table = schema.all_tables[name].published()
            connection.execute(dialects.duckdb_table(table))
            for level in levels(table, frame):
                connection.register("level_", level.select(table.names))
                connection.execute(f'INSERT INTO "{name}" SELECT * FROM level_')
                connection.unregister("level_")
        made = views.define(connection, views.load(schema))
        comments = [c for name in frames for c in dialects.duckdb_comments(schema.all_tables[name].published())]
        comments += [c for view in made for c in view.comments()]
        # One transaction, since every statement outside of one is written to the disk by itself.
        connection.execute("BEGIN")
        for comment in comments:
            connection.execute(comment)
        connection.execute("COMMIT")
        connection.execute("USE memory")
        connection.execute("CHECKPOINT release")
        connection.execute("DETACH release")
    return made


def levels(table: Table, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The rows of a table such that each part refers only to parts before it.

    DuckDB checks a key into the same table against what was there before the statement, so a table that refers to
    itself is loaded one level at a time.

    Args:
        table: The table.
        frame: All its rows.

    Yields:
        The parts; one, where the table does not refer to itself.

    Raises:
        CircleError: If rows refer to each other in a circle, or one to itself.
    """
    selves = [fk.fields for fk in table.foreign_keys if fk.table == table.name]
    if not selves:
        yield frame
        return
    left, loaded = frame, set[object]()
    while left.height:
        ready = [
            all(value is None or value in loaded for value in parents)
            for parents in left.select([name for (name,) in selves]).iter_rows()
        ]
        part = left.filter(pl.Series(ready, dtype=pl.Boolean))
        if not part.height:
            keys = ", ".join(str(key) for key in left[table.key].head(5).to_list())
            raise CircleError(f"{table.name}: these rows stand in or under a circle of references: {keys}")
        yield part
        loaded.update(part[table.key].to_list())
        left = left.filter(~pl.Series(ready, dtype=pl.Boolean))

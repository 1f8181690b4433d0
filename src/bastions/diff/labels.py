"""Names for rows, so that a reader need not know ids: those of the view `record_names`, or what a row is about."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

import duckdb
import polars as pl

from bastions import dialects, views
from bastions.diff.model import Names, Side
from bastions.schema import Schema, SchemaError

VIEW = "record_names"
_OWN = ("name", "title", "label")
"""Columns that name a row, where the view cannot be used."""


def of(old: Side, new: Side) -> dict[tuple[str, str], str]:
    """The names of the records of both sides; of one that has changed its name, the new one."""
    any_schema = new.schema or old.schema or new.naming or old.naming
    return _names(old, old.schema or any_schema) | _names(new, new.schema or any_schema)


def _names(side: Side, schema: Schema | None) -> dict[tuple[str, str], str]:
    found = _by_columns(side)
    if schema is not None:
        # Of tables or views of another time the columns have to do.
        with contextlib.suppress(SchemaError, duckdb.Error, OSError, pl.exceptions.PolarsError):
            found |= _by_view(side, schema)
    return found


def _by_columns(side: Side) -> dict[tuple[str, str], str]:
    found = dict[tuple[str, str], str]()
    for name, sheet in side.sheets.items():
        column = next((c for c in _OWN if c in sheet.types), None)
        key = sheet.key or tuple(list(sheet.types)[:1])
        if column is None or len(key) != 1:
            continue
        pairs = zip(sheet.frame.get_column(key[0]).to_list(), sheet.frame.get_column(column).to_list(), strict=True)
        found |= {(name, key): label for key, label in pairs if key and label}
    return found


def _by_view(side: Side, schema: Schema) -> dict[tuple[str, str], str]:
    """The view over the tables as text: it joins and concatenates, and computes with nothing."""
    every = views.load(schema)
    needed = [view for view in views.needed(every, [VIEW]) if view.name != "cells"]
    words = frozenset().union(*(view.words() for view in needed))
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        for name, table in schema.all_tables.items():
            if name not in words:
                continue
            if name == "codes":
                frame = _codes(schema)
            elif name in side.sheets:
                frame = side.sheets[name].frame
            else:
                frame = pl.DataFrame(schema=dict.fromkeys(table.names, pl.String()))
            missing = [column for column in table.names if column not in frame.columns]
            connection.register("frame_", frame.with_columns(pl.lit(None, pl.String).alias(c) for c in missing))
            connection.execute(f"CREATE TABLE {dialects.identifier(name)} AS SELECT * FROM frame_")
            connection.unregister("frame_")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        views.define(connection, needed, check=False)
        rows = connection.execute(
            f"SELECT subject_table, subject_id, label FROM {VIEW} WHERE label IS NOT NULL AND subject_id IS NOT NULL"
        ).fetchall()
    return {(table, key): label for table, key, label in rows}


def _codes(schema: Schema) -> pl.DataFrame:
    rows = [
        (codes.name, c.code, c.label, c.definition)
        for codes in schema.code_lists.values()
        for c in codes.codes.values()
    ]
    names = (
        schema.all_tables["codes"].names
        if "codes" in schema.all_tables
        else ("code_list", "code", "label", "definition")
    )
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String()), orient="row")


def row(
    table: str,
    key: str,
    cells: Mapping[str, str | None],
    refers: Mapping[str, str],
    pairs: Mapping[str, str],
    names: Names,
) -> str:
    """The name of a row: its own, or that of the record that it is about, with the column; else what it refers to."""
    if own := names.get((table, key)):
        return own
    about = [referred(column, cells, refers, pairs, names) for column in pairs]
    about = [name for name in about if name]
    if about:
        column = cells.get("field")
        return f"{about[0]}, {column}" if column else about[0]
    others = [referred(column, cells, refers, pairs, names) for column in refers]
    return " and ".join([name for name in others if name][:2])


def referred(
    column: str,
    cells: Mapping[str, str | None],
    refers: Mapping[str, str],
    pairs: Mapping[str, str],
    names: Names,
) -> str:
    """The name of the record to which a cell refers; empty where it refers to none, or to one without a name."""
    value = cells.get(column)
    if not value:
        return ""
    target = refers.get(column) or cells.get(pairs.get(column, "")) or ""
    return names.get((target, value), "")

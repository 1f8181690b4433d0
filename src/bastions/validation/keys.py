"""Stage 3: primary keys, and references, as set operations in SQL; all offenders, not the first."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import polars as pl

from bastions.dataset import Dataset, Rows
from bastions.problems import Problem
from bastions.schema import ForeignKey, Table
from bastions.validation.cells import Fault, claimed, place

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

GUESSES = 50
"""For how many different missing keys of one kind the nearest is looked for: more than so many are no typing errors."""


def check(dataset: Dataset) -> list[Problem]:
    """Every key that stands twice and every reference to nothing; marks the cells in the dataset."""
    import duckdb

    schema = dataset.schema
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    for name, rows in dataset.rows.items():
        con.register(name, rows.typed.with_row_index("_row").to_arrow())
    pairs = " UNION ALL ".join(
        f"SELECT '{name}' AS subject_table, {table.key} AS subject_id FROM \"{name}\" WHERE {table.key} IS NOT NULL"
        for name, table in schema.subjects.items()
    )
    con.execute(f"CREATE TABLE records AS {pairs}")
    problems = []
    unknown = _unknown(dataset)
    for name, rows in dataset.rows.items():
        table = schema.all_tables[name]
        found = _twice(con, table, rows)
        for fk in table.foreign_keys:
            if not unknown & _targets(dataset, fk):
                found += _dangling(con, table, fk, rows)
        rows.bad |= {(f.row, f.field) for f in found}
        problems += [place(table, rows, fault) for fault in found]
    return problems + _claimed_references(con, dataset, unknown)


def _unknown(dataset: Dataset) -> set[str]:
    """The tables of which a key could not be read or was reported: a missing key proves nothing of them."""
    tables = dataset.schema.all_tables
    return {
        name
        for name, rows in dataset.rows.items()
        if not rows.complete or any(column == tables[name].key for _, column in rows.bad)
    }


def _targets(dataset: Dataset, fk: ForeignKey) -> set[str]:
    return set(dataset.schema.subjects) if fk.table == "records" else {fk.table}


def _twice(con: DuckDBPyConnection, table: Table, rows: Rows) -> list[Fault]:
    found = con.execute(
        f"""SELECT _row, min(_row) OVER (PARTITION BY {table.key}) AS first FROM "{table.name}"
        WHERE {table.key} IS NOT NULL QUALIFY first < _row ORDER BY _row"""
    ).fetchall()
    faults = []
    for row, first in found:
        file, line = rows.place(first)
        message = f"stands twice; the first is in {file}, line {line}"
        faults.append(Fault(row, table.key, "primary-key", message, "Give the row a key of its own, or delete it."))
    return faults


def _dangling(con: DuckDBPyConnection, table: Table, fk: ForeignKey, rows: Rows) -> list[Fault]:
    given = " OR ".join(f"t.{name} IS NOT NULL" for name in fk.fields)
    same = " AND ".join(f"k.{far} = t.{near}" for near, far in zip(fk.fields, fk.target_fields, strict=True))
    found = con.execute(
        f"""SELECT _row, {", ".join(f"t.{name}" for name in fk.fields)} FROM "{table.name}" t WHERE ({given})
        AND NOT EXISTS (SELECT 1 FROM "{fk.table}" k WHERE {same}) ORDER BY _row"""
    ).fetchall()
    last = fk.fields[-1]
    faults = []
    told: dict[tuple[object, ...], tuple[str, str]] = {}
    for row, *values in found:
        if any((row, name) in rows.bad for name in fk.fields):
            continue
        empty = [name for name, value in zip(fk.fields, values, strict=True) if value is None]
        if empty:
            message = f"is given without {' and '.join(empty)}; the pair is both or neither"
            filled = next(name for name, value in zip(fk.fields, values, strict=True) if value is not None)
            faults.append(Fault(row, filled, "foreign-key", message, f"Fill {empty[0]}, or empty {filled}."))
            continue
        if tuple(values) not in told:
            target = values[0] if fk.table == "records" else fk.table
            told[tuple(values)] = _no_such(con, str(target), fk, values, guess=len(told) < GUESSES)
        faults.append(Fault(row, last, "foreign-key", *told[tuple(values)]))
    return faults


def _no_such(
    con: DuckDBPyConnection, target: str, fk: ForeignKey, values: list[object], guess: bool
) -> tuple[str, str]:
    """Message and hint for a reference to nothing, with the nearest key where a guess is wanted."""
    key = fk.target_fields[-1]
    where = "WHERE subject_table = ?" if fk.table == "records" else ""
    chosen = f'FROM "{fk.table}" {where}'
    if not con.execute(f"SELECT 1 {chosen} LIMIT 1", [target] if where else []).fetchone():
        return f"is not a key of {target}, which can be a subject only where it has rows", ""
    keys = con.execute(f"SELECT {key} {chosen}", [target] if where else []).fetchall() if guess else []
    near = get_close_matches(str(values[-1]), [str(k) for (k,) in keys], 1, 0.6)
    meant = f"Did you mean {near[0]}? " if near else ""
    return f"is not a key of {target}", f"{meant}Add the row to data/{target}/hand.csv first, if it is new."


def _claimed_references(con: DuckDBPyConnection, dataset: Dataset, unknown: set[str]) -> list[Problem]:
    """A value claimed for a column that refers to a table is a key of that table."""
    claims = dataset.rows["claims"]
    problems: list[Problem] = []
    for table, column, frame in claimed(dataset.schema, claims):
        for fk in table.foreign_keys:
            if fk.fields != (column.name,) or unknown & _targets(dataset, fk):
                continue
            keys = con.execute(f'SELECT {fk.target_fields[0]} FROM "{fk.table}"').fetchall()
            dangling = frame.filter(~pl.col("value_text").is_in([key for (key,) in keys]))
            for row, value in dangling.select("_row", "value_text").iter_rows():
                if (row, "value_text") not in claims.bad:
                    claims.bad.add((row, "value_text"))
                    message, hint = _no_such(con, fk.table, fk, [value], guess=len(problems) < GUESSES)
                    fault = Fault(row, "value_text", "foreign-key", f"{message} (claimed for {column.name})", hint)
                    problems.append(place(dataset.schema.tables["claims"], claims, fault))
    return problems

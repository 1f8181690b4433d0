"""Primary keys, unique keys and references of a package, asked of an engine; every offender, told as it is found.

Keys are those of SQL, as the specification says: a primary key has a value in every part, a unique key with an empty
part is not compared, and a reference with an empty part refers to nothing. A cell that was reported before is not
reported as empty, and what refers to a table that could not be read whole is not judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bastions.dialects import unique_keys
from bastions.problems import Problem, problem
from bastions.schema import ForeignKey, Table
from bastions.tabular.tables.engine import Engine
from bastions.tabular.tables.places import Places

_UNIQUE = {
    "primary-key": "Give the row a key of its own, or delete it.",
    "unique-error": "Give the row a value of its own.",
}


def columns(tables: Mapping[str, Table]) -> dict[str, tuple[str, ...]]:
    """The columns of each table that `check` asks about, in the table's order: what an engine has to keep."""
    wanted: dict[str, set[str]] = {name: set() for name in tables}
    for name, table in tables.items():
        for fields in unique_keys(table):
            wanted[name].update(fields)
        for key in table.foreign_keys:
            wanted[name].update(key.fields)
            wanted.get(key.table or name, set()).update(key.target_fields)
    return {name: tuple(field for field in table.names if field in wanted[name]) for name, table in tables.items()}


def check(
    package_tables: Mapping[str, Table], engine: Engine, places: Mapping[str, Places], unread: Collection[str]
) -> Iterator[Problem]:
    """Every key that is empty or stands twice and every reference to nothing, table by table.

    Args:
        package_tables: The tables by name.
        engine: Holds the rows that could be read, at least with `columns` of each table.
        places: Where the rows stand, and which cells of these columns were reported.
        unread: The tables of which rows are missing in the engine: a missing key proves nothing there.
    """
    for name, table in package_tables.items():
        if engine.rows(name):
            yield from _empty(name, table, engine, places[name])
            yield from _twice(name, table, engine, places[name])
            for key in table.foreign_keys:
                target = key.table or name  # version 1 of the specification writes "" for the table itself
                if target in package_tables and target not in unread:
                    yield from _dangling(name, table, key, target, package_tables[target], engine, places[name])


def _empty(name: str, table: Table, engine: Engine, places: Places) -> Iterator[Problem]:
    """Rows without a part of their primary key; what is `required` by itself is a matter of the cell."""
    parts = [part for part in table.primary_key if not table[part].constraints.required]
    if len(table.primary_key) == 1:
        message = "is empty, but is the primary key"
    else:
        message = f"is empty, but part of the primary key ({', '.join(table.primary_key)})"
    for batch in engine.nulls(name, parts):
        rows, fields = _numbers(batch, "row"), batch.column("column").to_pylist()
        known = {part: places.bad(part, rows) for part in set(fields)}
        files, lines = places.places(rows)
        for at, (field, file, line) in enumerate(zip(fields, files, lines.tolist(), strict=True)):
            if not known[field][at]:
                yield problem(
                    "primary-key",
                    file,
                    message,
                    line=line,
                    column=_column(table, places, (field,)),
                    field=field,
                    hint="A primary key has a value in every part: fill the cell, or delete the row.",
                )


def _twice(name: str, table: Table, engine: Engine, places: Places) -> Iterator[Problem]:
    """Rows with the key of an earlier row."""
    proven: list[set[str]] = []  # what holds a key without duplicates is a key without duplicates
    for key in unique_keys(table):
        rule = "primary-key" if key == table.primary_key else "unique-error"
        if any(fields <= set(key) for fields in proven):
            continue
        found = False
        field, column = ", ".join(key), _column(table, places, key)
        for batch in engine.duplicates(name, key):
            found = True
            first_files, first_lines = places.places(_numbers(batch, "first"))
            firsts = zip(first_files, first_lines.tolist(), strict=True)
            for (file, line, value), (first_file, first_line) in zip(
                _told(batch, len(key), places), firsts, strict=True
            ):
                yield problem(
                    rule,
                    file,
                    f"stands twice; the first is in {first_file}, {places.counted} {first_line}",
                    line=line,
                    column=column,
                    field=field,
                    value=value,
                    hint=_UNIQUE[rule],
                )
        if not found:
            proven.append(set(key))


def _dangling(
    name: str, table: Table, key: ForeignKey, target: str, other: Table, engine: Engine, places: Places
) -> Iterator[Problem]:
    """Rows that refer to nothing."""
    field, column = ", ".join(key.fields), _column(table, places, key.fields)
    message = f"is not in {', '.join(key.target_fields)} of {'this table' if target == name else target}"
    kinds = [
        (f"{near} ({table[near].type})", f"{far} ({other[far].type})")
        for near, far in zip(key.fields, key.target_fields, strict=True)
        if table[near].type != other[far].type
    ]
    hint = f"Correct the value, or add the row that it refers to to {target}."
    if kinds:
        differing = "; ".join(f"{near} refers to {far}" for near, far in kinds)
        hint += f" Values of different types are not equal, other than numbers: {differing}."
    for batch in engine.orphans(name, key.fields, target, key.target_fields):
        for file, line, value in _told(batch, len(key.fields), places):
            yield problem("foreign-key", file, message, line=line, column=column, field=field, value=value, hint=hint)


def _told(batch: pa.RecordBatch, parts: int, places: Places) -> Iterator[tuple[str, int, str]]:
    """File, line and value of each row of an answer; the parts of a value are separated by a comma."""
    files, lines = places.places(_numbers(batch, "row"))
    values = [batch.column(str(part)).to_pylist() for part in range(parts)]
    texts = values[0] if parts == 1 else (", ".join(value) for value in zip(*values, strict=True))
    return zip(files, lines.tolist(), texts, strict=True)


def _numbers(batch: pa.RecordBatch, name: str) -> npt.NDArray[np.int64]:
    return np.asarray(batch.column(name).to_numpy(zero_copy_only=False), dtype=np.int64)


def _column(table: Table, places: Places, fields: tuple[str, ...]) -> int:
    """The number of the cell, where it is one."""
    if len(fields) > 1:
        return 0
    return places.columns.get(fields[0]) or table.names.index(fields[0]) + 1

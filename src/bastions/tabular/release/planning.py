"""Which keys of a package the release's database can have, and in which order its tables can be loaded.

DuckDB demands more of keys than Table Schema: the target of a foreign key must be a key whose types are the same, and
tables that refer to each other in a circle cannot be made. Each key is an index that must fit into memory, so that
large tables keep only some. What is left out is told of, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bastions import dialects
from bastions.dialects import unique_keys
from bastions.schema import Field, ForeignKey, Table

ENTRIES = 6_000_000
"""Entries of all indexes of one table at most. Measured: some 100 bytes each for texts, and as much again at the end of
loading, all of which must fit into `MEMORY`."""

MEMORY = "1GB"
"""What DuckDB may take to make a database."""
PRIMARY, UNIQUE, FOREIGN = "primary key", "unique key", "foreign key"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A key that the database lacks; `target` and its fields are those of a foreign key. Names are the package's."""

    table: str
    kind: str
    fields: tuple[str, ...]
    target: str = ""
    target_fields: tuple[str, ...] = ()
    reason: str = ""

    def identity(self) -> tuple[object, ...]:
        """What tells a key from others, in whatever order its fields are named."""
        pairs = (
            zip(self.fields, self.target_fields, strict=True) if self.target else ((name, "") for name in self.fields)
        )
        return self.table, self.kind, self.target, frozenset(pairs)

    def as_json(self) -> dict[str, Any]:
        """As `BUILD.json` has it."""
        found: dict[str, Any] = {"table": self.table, "kind": self.kind, "fields": list(self.fields)}
        if self.target:
            found["reference"] = {"resource": self.target, "fields": list(self.target_fields)}
        return {**found, "reason": self.reason}

    def __str__(self) -> str:
        to = f" to {self.target} ({', '.join(self.target_fields)})" if self.target else ""
        return f"{self.table}: the {self.kind} ({', '.join(self.fields)}){to} is not in the database: {self.reason}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was done to make a database.

    Attributes:
        names: Of each table whose name or columns are called otherwise in the database, by its name in the package,
            the `name` and the `columns` there, by the names in the package.
        left_out: The keys that the database lacks.
    """

    names: Mapping[str, Mapping[str, Any]]
    left_out: tuple[LeftOut, ...]


def apart(wanted: Mapping[str, str], sign: str) -> dict[str, str]:
    """Names that differ in more than case: those that would not are numbered, behind a sign.

    Args:
        wanted: What each name would best be called.
        sign: What stands before the number.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name, made in wanted.items():
        number, best = 1, made
        while made.casefold() in taken:
            number += 1
            made = f"{best}{sign}{number}"
        taken.add(made.casefold())
        found[name] = made
    return found


def plan(
    tables: Mapping[str, Table], rows: Mapping[str, int], refused: Iterable[LeftOut] = ()
) -> tuple[dict[str, Table], list[LeftOut]]:
    """The tables with the keys that the database will have, in an order in which they can be loaded.

    Args:
        tables: The tables, by name.
        rows: Rows of each.
        refused: Keys that DuckDB has refused.

    Returns:
        The tables, and the keys left out, with the reason of each.
    """
    why = {key.identity(): key.reason for key in refused}
    left_out: list[LeftOut] = []
    kept: dict[str, list[tuple[str, ...]]] = {}
    room: dict[str, int] = {}
    for name, table in tables.items():
        room[name] = ENTRIES // max(rows[name], 1)
        kept[name] = []
        for key in unique_keys(table):
            out = LeftOut(name, PRIMARY if key == table.primary_key else UNIQUE, key)
            reason = why.get(out.identity()) or (_too_large(rows[name]) if room[name] <= 0 else "")
            if reason:
                left_out.append(replace(out, reason=reason))
            else:
                kept[name].append(key)
                room[name] -= 1
    referring: dict[str, list[ForeignKey]] = {name: [] for name in tables}
    for name, table in tables.items():
        for original in table.foreign_keys:
            fk = replace(original, table=original.table or name)
            out = foreign(name, fk)
            reason = why.get(out.identity()) or _refusal(name, fk, tables, kept, referring)
            if not reason and room[name] <= 0:
                reason = _too_large(rows[name])
            if reason:
                left_out.append(replace(out, reason=reason))
            else:
                referring[name].append(_as_key(fk, kept[fk.table]))
                room[name] -= 1
    made = {name: _with(tables[name], kept[name], referring[name]) for name in _order(referring)}
    return made, left_out


def _too_large(rows: int) -> str:
    return f"the table has {rows:,} rows, and the indexes of all its keys would not fit into memory"


def _refusal(
    name: str,
    fk: ForeignKey,
    tables: Mapping[str, Table],
    kept: Mapping[str, Sequence[tuple[str, ...]]],
    referring: Mapping[str, Sequence[ForeignKey]],
) -> str:
    """Why DuckDB would refuse a foreign key, as far as the schema tells; empty where it would not."""
    target = tables.get(fk.table)
    if target is None:
        return f"there is no table {fk.table} in the database"
    if sorted(fk.target_fields) not in map(sorted, kept[fk.table]):
        return f"({', '.join(fk.target_fields)}) is no primary key or unique key of {fk.table} in the database"
    for here, there in zip(fk.fields, fk.target_fields, strict=True):
        types = [dialects.TYPES[column.type] for column in (tables[name][here], target[there])]
        if types[0].duckdb != types[1].duckdb:
            return f"{here} is {types[0].duckdb}, and {there} of {fk.table} is {types[1].duckdb}"
    if fk.table != name and _reaches(fk.table, name, referring):
        return f"{fk.table} refers to {name}, directly or through others, so that neither could be loaded first"
    return ""


def _as_key(fk: ForeignKey, keys: Iterable[tuple[str, ...]]) -> ForeignKey:
    """A foreign key with its fields in the order of the key that it refers to, as DuckDB wants them."""
    here = dict(zip(fk.target_fields, fk.fields, strict=True))
    target = next(key for key in keys if sorted(key) == sorted(fk.target_fields))
    return replace(fk, fields=tuple(here[name] for name in target), target_fields=target)


def _reaches(start: str, end: str, referring: Mapping[str, Sequence[ForeignKey]]) -> bool:
    seen, left = {start}, [start]
    while left:
        new = {fk.table for fk in referring[left.pop()]} - seen
        seen |= new
        left += new
    return end in seen


def _order(referring: Mapping[str, Sequence[ForeignKey]]) -> Iterator[str]:
    """The tables, each after those that it refers to, otherwise in their order."""
    done: set[str] = set()
    for first in referring:
        stack = [first]
        while stack:
            name = stack[-1]
            waiting = [fk.table for fk in referring[name] if fk.table not in done and fk.table != name]
            if waiting:
                stack.append(waiting[0])
                continue
            stack.pop()
            if name not in done:
                done.add(name)
                yield name


def _with(table: Table, keys: Sequence[tuple[str, ...]], foreign: Sequence[ForeignKey]) -> Table:
    """A table with some of its keys; what else it says of uniqueness is among them."""
    fields = tuple(_loose(field, required=field.name in table.primary_key) for field in table.fields)
    primary = table.primary_key if table.primary_key in keys else ()
    others = tuple(key for key in keys if key != primary)
    return replace(table, fields=fields, primary_key=primary, unique_keys=others, foreign_keys=tuple(foreign))


def _loose(field: Field, required: bool) -> Field:
    limits = field.constraints
    return replace(field, constraints=replace(limits, unique=False, required=limits.required or required))


def foreign(table: str, fk: ForeignKey, reason: str = "") -> LeftOut:
    """A foreign key of a table as one that is left out."""
    return LeftOut(table, FOREIGN, fk.fields, fk.table, fk.target_fields, reason)


def all_keys(table: Table, reason: str) -> list[LeftOut]:
    """What to leave out of a table whose keys are refused: its foreign keys, or where it has none all others."""
    if table.foreign_keys:
        return [foreign(table.name, fk, reason) for fk in table.foreign_keys]
    keys = unique_keys(table)
    return [LeftOut(table.name, PRIMARY if key == table.primary_key else UNIQUE, key, reason=reason) for key in keys]


def heaviest(tables: Mapping[str, Table], rows: Mapping[str, int]) -> list[LeftOut]:
    """The keys of the table whose indexes have the most entries: its foreign keys, or else all others."""
    weights = {name: rows[name] * len([*unique_keys(t), *t.foreign_keys]) for name, t in tables.items()}
    names = [name for name in sorted(weights, key=lambda name: -weights[name]) if weights[name]]
    return all_keys(tables[names[0]], "its index does not fit into the memory given") if names else []

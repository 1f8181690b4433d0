"""A rule at its edges: the relations of the tiny dataset, a few cells changed, and what the rule then finds.

A counterexample shows what a rule is for, through the whole validator. An edge is smaller: it changes the relations
that the rule's SELECT reads, and says what the SELECT gives. The edges of a rule are in `edges/<rule>.yaml`, a list of

    - shows: A change of the rule that this tells from the rule (bench/rule_mutants.py), or in words what it is for
      on: example            # its counterexample is applied first; without, the valid dataset is as it is
      copy: {claims: {orvessa-story-0027-too: orvessa-story-0027}}       # a new row, like one that is there
      rows: {claims: [{claim_id: orvessa-story-0027, value: 400}]}       # as in a counterexample; "" empties
      remove: {claim_links: [command-denies-deaths]}
      finds: [orvessa-story-0027 value]                                  # record and field of each finding
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from conftest import TESTS, load_yaml, rederive, schema_in

from bastions import dataset, edtf, relations, resolve, views
from bastions.schema import Schema
from bastions.validation import rules

Change = Mapping[str, Any]
"""`remove`, `copy` and `rows`, by table; applied in this order."""

REMADE = {"quantities", "claim_dates", *resolve.MADE}
"""Tables that rest on others: a rule that reads them wants them made anew where others were changed."""


class World:
    """The relations of a dataset, as rules see them, which can be changed and put back.

    Attributes:
        schema: The schema.
        connection: DuckDB with the relations.
    """

    def __init__(self, root: Path):
        """Reads the dataset in `root`."""
        self.schema: Schema = schema_in(root)
        data = dataset.read(self.schema)
        extra = {name: data.typed[name] for name in self.schema.seeds}
        self.connection = relations.connect(self.schema, {**relations.given(data), **extra}, with_views=False)
        self.connection.execute("SET threads = 1")  # tables of a few rows: more would only wait for each other
        relations.derive(self.connection, data)
        self._views = views.load(self.schema)
        wanted = views.needed(self._views, [rule.sql for rule in all_rules().values()])
        views.define(self.connection, wanted, check=False)

    def find(self, sql: str) -> list[str]:
        """What a rule's SELECT gives: `record_id field` of each finding, sorted.

        Raises:
            duckdb.Error: If it does not run.
        """
        cursor = self.connection.execute(sql)
        at = {column[0]: number for number, column in enumerate(cursor.description or ())}
        wanted = [at[name] for name in ("record_table", "record_id", "field") if name in at]
        return sorted(" ".join(str(row[number] or "") for number in wanted).strip() for row in cursor.fetchall())

    def reads(self, sql: str) -> frozenset[str]:
        """The names that a SELECT mentions, those of relations and columns, and those in the views that it reads."""
        return frozenset[str]().union(*map(views.words, [sql, *(v.select for v in views.needed(self._views, [sql]))]))

    @contextmanager
    def changed(self, *changes: Change, remake: bool) -> Iterator[None]:
        """The relations with changes, which are gone afterwards.

        Args:
            changes: Applied one after the other.
            remake: Whether the tables that rest on claims are made anew, which takes half a second.
        """
        self.connection.execute("BEGIN")
        try:
            for change in changes:
                self._apply(change)
            if remake:
                rederive(self.connection, self.schema)
            yield
        finally:
            self.connection.execute("ROLLBACK")

    def _apply(self, change: Change) -> None:
        for name, keys in change.get("remove", {}).items():
            key = self.schema.all_tables[name].key
            self.connection.execute(f'DELETE FROM "{name}" WHERE "{key}" IN (SELECT unnest(?))', [list(keys)])
            self.connection.execute(
                "DELETE FROM records WHERE subject_table = ? AND subject_id IN (SELECT unnest(?))", [name, list(keys)]
            )
        for name, keys in change.get("copy", {}).items():
            for new, old in keys.items():
                self._put(name, {**self.row(name, old), self.schema.all_tables[name].key: new})
        for name, rows in change.get("rows", {}).items():
            for row in rows:
                self._put(name, row)

    def row(self, name: str, key: str) -> dict[str, str]:
        """The cells of a row that are not empty, as text; none where there is no such row."""
        table = self.schema.all_tables[name]
        listed = ", ".join(f'CAST("{column}" AS VARCHAR)' for column in table.names)
        cursor = self.connection.execute(f'SELECT {listed} FROM "{name}" WHERE "{table.key}" = ?', [key])
        return {column: cell for column, cell in zip(table.names, cursor.fetchone() or (), strict=False) if cell}

    def _put(self, name: str, row: Mapping[str, str]) -> None:
        table = self.schema.all_tables[name]
        cells: dict[str, Any] = {column: cell or None for column, cell in row.items()}
        for column in table.fields:
            if column.edtf and column.name in cells:
                days = edtf.bounds(cells[column.name]) if cells[column.name] else (None, None)
                cells |= {f"{column.name}_earliest": days[0], f"{column.name}_latest": days[1]}
        key = cells.pop(table.key)
        if not self.connection.execute(f'SELECT 1 FROM "{name}" WHERE "{table.key}" = ?', [key]).fetchone():
            self.connection.execute(f'INSERT INTO "{name}" ("{table.key}") VALUES (?)', [key])
            if name in self.schema.subjects:
                self.connection.execute("INSERT INTO records VALUES (?, ?)", [name, key])
        if cells:
            sets = ", ".join(f'"{column}" = ?' for column in cells)
            self.connection.execute(f'UPDATE "{name}" SET {sets} WHERE "{table.key}" = ?', [*cells.values(), key])


@cache
def all_rules() -> dict[str, rules.Rule]:
    """The rules of the real schemas by name."""
    return {rule.name: rule for rule in rules.load(schema_in(TESTS.parent))[0]}


@cache
def example(rule: str) -> Change:
    """The counterexample of a rule."""
    found: Change = load_yaml(TESTS / "counterexamples" / f"{rule}.yaml")
    return found


def edges(rule: str) -> list[dict[str, Any]]:
    """The edges of a rule."""
    path = TESTS / "edges" / f"{rule}.yaml"
    return load_yaml(path) if path.is_file() else []

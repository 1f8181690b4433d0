"""What the dataset holds, as the conversation needs it: records by table and key, ids that are taken, ledger lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bastions import dataset, loader
from bastions.problems import Problem, ordered, problem
from bastions.schema import Field, Schema, Table

Row = Mapping[str, str]
"""The cells of a row as text; an empty cell is an empty text."""

EVIDENCE = ("claims", "utterances", "claim_links", "tombstones", "ledger")
RELEASED = Path("releases", "ids.parquet")
"""Every id that was ever released, where there was a release."""


class Unusable(ValueError):
    """Rows that the conversation needs could not be read.

    Attributes:
        problems: What is wrong with their files.
    """

    def __init__(self, problems: tuple[Problem, ...]):
        self.problems = problems
        super().__init__("some tables could not be read")


@dataclass(frozen=True)
class Holdings:
    """The tables that claims are made of and about.

    Attributes:
        schema: The schema.
        tables: The rows of each table, by key.
        released: Pairs of table and id that a release held.
    """

    schema: Schema
    tables: Mapping[str, Mapping[str, Row]]
    released: frozenset[tuple[str, str]] = frozenset()

    def name_of(self, table: str, key: str) -> str:
        """The name of a record, or its key where it has none."""
        row = self.tables.get(table, {}).get(key)
        return (row and (row.get("name") or row.get("title"))) or key

    def refers_to(self, table: Table, column: str, row: Row) -> str:
        """The table whose key a column holds, in this row; empty where it holds none."""
        for fk in table.foreign_keys:
            if fk.fields[-1] == column:
                return row.get(fk.fields[0], "") if fk.table == "records" else fk.table
        return ""

    def label(self, table: str, key: str) -> str:
        """What a record is, in a few words: its name, or its cells with names in place of keys."""
        row = self.tables[table][key]
        if named := row.get("name") or row.get("title"):
            return named
        columns = self.schema.all_tables[table]
        told = []
        for column in columns.fields:
            cell = row.get(column.name, "")
            if not cell or column.name in (columns.key, "subject_table", "related_table", "note", "description"):
                continue
            target = self.refers_to(columns, column.name, row)
            told.append(self.name_of(target, cell) if target else cell)
        return ", ".join(told)

    def of_source(self, table: str, source_id: str) -> dict[str, Row]:
        """The rows of one source, by key."""
        return {key: row for key, row in self.tables[table].items() if row["source_id"] == source_id}

    def line_of(self, source_id: str, start: int, end: int) -> Row | None:
        """The line of the source's ledger that holds a span."""
        for row in self.of_source("ledger", source_id).values():
            if (span := span_of(row)) and span[0] <= start and end <= span[1]:
                return row
        return None

    @cached_property
    def _gone(self) -> set[tuple[str, str]]:
        rows = self.tables["tombstones"].values()
        return {(row["subject_table"], row["subject_id"]) for row in rows} | self.released

    def taken(self, table: str, prefix: str) -> set[str]:
        """The ids of a table with this prefix that were ever used: rows, tombstones, releases and what ledgers name."""
        ids = {*self.tables[table], *(key for of, key in self._gone if of == table)}
        if table == "claims":
            ids |= {key for row in self.tables["ledger"].values() for key in row["claim_ids"].split()}
        return {key for key in ids if key.startswith(prefix)}

    def next_claim(self, source_id: str) -> str:
        """The next free id of a claim, `<source_id>-NNNN`, one above the highest that was ever used.

        Raises:
            ValueError: If all four digits are used up.
        """
        number = _highest(self.taken("claims", f"{source_id}-"), f"{source_id}-", "[0-9]{4}")[0] + 1
        if number > 9999:
            raise ValueError(f"{source_id} has a claim 9999; there is no further number of four digits")
        return f"{source_id}-{number:04d}"

    def next_utterance(self, source_id: str) -> str:
        """The next free id of an utterance, numbered as the source's others are, `<source_id>-uNN` without any."""
        number, width = _highest(self.taken("utterances", f"{source_id}-u"), f"{source_id}-u", "[0-9]+")
        return f"{source_id}-u{number + 1:0{width or 2}d}"


def _highest(ids: set[str], prefix: str, digits: str) -> tuple[int, int]:
    """The highest number after a prefix and how many digits the shortest has; noughts where there is none."""
    found = [m[1] for key in ids if (m := re.fullmatch(f"{re.escape(prefix)}({digits})", key))]
    return max(map(int, found), default=0), min(map(len, found), default=0)


def span_of(row: Row) -> tuple[int, int] | None:
    """The offsets of a row; None where it has none, or cells that are none, which `bastions validate` reports."""
    start, end = row["start_char"], row["end_char"]
    if not (re.fullmatch("[0-9]{1,9}", start) and re.fullmatch("[0-9]{1,9}", end)):
        return None
    return int(start), int(end)


def columns_of(table: Table) -> list[Field]:
    """The columns of a record that can be claimed: those that need a claim first; no part of the key."""
    own = [column for column in table.fields if column.name != table.key]
    return sorted(own, key=lambda column: not column.claim_required)


def load(root: Path) -> Holdings:
    """Reads the tables that the conversation needs.

    Args:
        root: The folder of the dataset.

    Raises:
        Unusable: If a file of them has an error, so that ids or rows might be missing.
        bastions.schema.SchemaError: If `schemas/` cannot be read.
        FileNotFoundError: If there is no dataset in `root`.
    """
    schema = loader.load(root)
    tables, problems = {}, []
    for name in (*schema.subjects, *EVIDENCE):
        rows = dataset.read_table(schema, name)
        problems += [p for part in rows.parts for p in part.problems if p.severity == "error"]
        table = schema.all_tables[name]
        text = rows.text.select(table.names).fill_null("")
        tables[name] = {row[table.key]: row for row in text.rows(named=True)}
    if problems:
        raise Unusable(ordered(problems))
    return Holdings(schema, tables, _released(root / RELEASED))


def _released(path: Path) -> frozenset[tuple[str, str]]:
    if not path.is_file():
        return frozenset()
    import polars as pl

    try:
        return frozenset(pl.read_parquet(path, columns=["subject_table", "id"]).rows())
    except pl.exceptions.PolarsError as error:
        first = str(error).split("\n")[0]
        raise Unusable((problem("source-error", RELEASED.as_posix(), f"cannot be read: {first}"),)) from None

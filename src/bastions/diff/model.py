"""What a difference between two states of the dataset is made of: plain data, in the order in which it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl

    from bastions.diff.beside import FileChange, Lowered
    from bastions.diff.effect import Source
    from bastions.diff.values import Effect
    from bastions.problems import Problem
    from bastions.schema import Schema

Names = Mapping[tuple[str, str], str]
"""A name that people can read, by table and key."""

Kind = Literal["added", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of one side.

    Attributes:
        name: Its name.
        title: What people call it; empty where unknown.
        key: The columns of its primary key; empty where nothing says which they are.
        types: The type of Table Schema of each column, in order; `string` where nothing says it.
        refers: For columns that hold a key of another table, that table.
        pairs: For columns that hold a key of the table that another column names, that other column.
        frame: The cells as text, empty ones null, in the columns of `types`.
        unread: Cells that hold something which cannot be used, as (row index, column).
        whole: False where a file could not be read, so that a row which is not here may be there all the same.
    """

    name: str
    title: str
    key: tuple[str, ...]
    types: Mapping[str, str]
    refers: Mapping[str, str]
    pairs: Mapping[str, str]
    frame: pl.DataFrame
    unread: frozenset[tuple[int, str]] = frozenset()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two states that are compared. `opened` makes it; what it needs on disk is gone when that is left.

    Attributes:
        label: What it is called in reports: `HEAD (3f2a9c1)`, `release 0.1.0 (build)`, `working dataset`.
        kind: Where it comes from.
        version: The version of the data; empty where unknown.
        sheets: Its tables, without those that the release derives.
        schema: Its schema; None for a release, and where today's loader cannot read it.
        files: The digest of each file of `schemas/`, of the descriptor and citation beside it, and of what judges
            and runs (`beside.WATCHED`), by path; none for a release.
        problems: What could not be read.
        source: What its resolved values are made of.
        naming: For a release, the schema beside which it was opened, whose view names its records; None if there is
            none.
        floors: The rows that each table has at least, by `releases/lock.json`; None where there is none to be read.
    """

    label: str
    kind: Literal["ref", "release", "archive", "dataset"]
    version: str
    sheets: Mapping[str, Sheet]
    schema: Schema | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    source: Source | None = None
    naming: Schema | None = None
    floors: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell before and after, as text; None where it is or was empty. Names are of the records that it refers to."""

    column: str
    old: str | None
    new: str | None
    old_name: str = ""
    new_name: str = ""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Why a record was removed, and what takes its place.

    Attributes:
        reason: The code of the reason; empty where none is given.
        successors: The ids of what takes its place; of a record that was split there are several.
        names: The name of each of these; may be empty.
    """

    reason: str
    successors: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was added, changed or removed.

    Attributes:
        key: Its key; the parts of a compound one joined by " / ".
        name: What it is of, for people; empty where unknown.
        cells: Of a changed row the cells that differ; of any other its filled cells, in `old` or `new`.
        tombstone: Of a removed row its tombstone on the new side, if it has one.
    """

    key: str
    name: str
    cells: tuple[Cell, ...]
    tombstone: Tombstone | None = None


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """A column that one side alone has, or has under another name or type.

    Attributes:
        kind: What became of it.
        column: Its name, on the new side if it is there.
        old: Of a renamed column its old name, of a retyped one its old type; else empty.
        new: The same of the new side.
        filled: Of an added or removed column, in how many rows of its side it is filled.
    """

    kind: Literal["added", "removed", "renamed", "retyped"]
    column: str
    old: str = ""
    new: str = ""
    filled: int = 0


@dataclass(frozen=True, slots=True)
class TableDifference:
    """How one table differs.

    Attributes:
        name: The table.
        title: What people call it.
        key: The columns of its primary key, as the new side names them.
        presence: Whether the table itself is on both sides, or was added or removed.
        old_rows: Rows of the old side.
        new_rows: Rows of the new side.
        columns: Columns that differ.
        added: Rows of the new side alone, as text, in its columns.
        removed: Rows of the old side alone, as text, in its columns, renamed ones under their new name.
        changed: One row for each cell that differs: `_key`, `column`, `old`, `new`; in order of key.
        not_told: Rows that cannot be said to be added or removed, since a file of the other side cannot be read.
        refers: As `Sheet.refers`.
        pairs: As `Sheet.pairs`.
        names: The names of the rows and of what their cells refer to.
        buried: The tombstones of the table on the new side, by key.
    """

    name: str
    title: str
    key: tuple[str, ...]
    presence: Literal["both", "added", "removed"]
    old_rows: int
    new_rows: int
    columns: tuple[ColumnChange, ...]
    added: pl.DataFrame
    removed: pl.DataFrame
    changed: pl.DataFrame
    not_told: int = 0
    refers: Mapping[str, str] = field(default_factory=dict)
    pairs: Mapping[str, str] = field(default_factory=dict)
    names: Names = field(default_factory=dict)
    buried: Mapping[str, Tombstone] = field(default_factory=dict)

    @property
    def counts(self) -> dict[Kind, int]:
        """How many rows were added, changed and removed."""
        return {
            "added": self.added.height,
            "changed": self.changed["_key"].n_unique(),
            "removed": self.removed.height,
        }

    @property
    def cells_by_column(self) -> dict[str, int]:
        """How many cells differ in each column, the most first."""
        if not self.changed.height:
            return {}
        counted = self.changed.group_by("column").len().sort(["len", "column"], descending=[True, False])
        return dict(counted.iter_rows())

    def rows(self, kind: Kind, limit: int | None = None) -> Iterator[Row]:
        """The rows of a kind in order of key; only the first `limit`, if given."""
        from bastions.diff import rows

        return rows.told(self, kind, limit)


IdKind = Literal["no_tombstone", "back", "tombstone_gone", "reused"]

ID_KINDS: Mapping[IdKind, str] = {
    "no_tombstone": "was removed without a tombstone; add a row to tombstones that says why, and what takes its place",
    "back": "was removed once, as tombstones say, and is here again; give the row another id",
    "tombstone_gone": "has lost its tombstone; put the row of tombstones back",
    "reused": "seems to have been reused: all that says what the row is about has changed; give the new row its own id",
}
"""What each kind of trouble with an id means, after the id, and what to do."""


@dataclass(frozen=True, slots=True)
class IdWarning:
    """Trouble with the id of a row."""

    kind: IdKind
    table: str
    id: str
    name: str

    @property
    def message(self) -> str:
        """What is wrong, without table and id, and what to do."""
        return ID_KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two sides.

    Attributes:
        old: What the old side is called.
        new: What the new side is called.
        old_version: The version of its data; empty where unknown.
        new_version: The same of the new side.
        ids: Trouble with ids, first in every report.
        tables: The tables that differ, those of records first; tables without a difference are left out.
        effect: What becomes of the resolved values.
        files: Files that differ: those of the schema and, against a commit, those of `beside.WATCHED`.
        problems: What could not be read or compared, with the side in `Problem.file`.
        notes: What a reader has to know of the comparison.
        unjudged: Tables of which not all could be read on both sides.
        judges: What differs of that by which changes are judged: files, and `waivers`, if rows of it differ.
        lowered: Tables that may now have fewer rows.
    """

    old: str
    new: str
    old_version: str
    new_version: str
    ids: tuple[IdWarning, ...]
    tables: tuple[TableDifference, ...]
    effect: Effect
    files: tuple[FileChange, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    unjudged: tuple[str, ...] = ()
    judges: tuple[str, ...] = ()
    lowered: tuple[Lowered, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing differs: no row, no column, no table, no published value, no file."""
        return not (self.tables or self.effect.resolved or self.files or self.ids)

    @property
    def unread(self) -> bool:
        """Whether a file could not be read, so that the difference is not all there is."""
        return any(problem.severity == "error" for problem in self.problems)

    @property
    def not_told(self) -> int:
        """Rows that could not be compared, in all tables."""
        return sum(table.not_told for table in self.tables)

    @property
    def counts(self) -> dict[Kind, int]:
        """Rows added, changed and removed in all tables."""
        found: dict[Kind, int] = {"added": 0, "changed": 0, "removed": 0}
        for table in self.tables:
            for kind, number in table.counts.items():
                found[kind] += number
        return found

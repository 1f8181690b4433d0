"""What differs beside the tables: files of the schema, and of the repository that judges the change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bastions.diff.model import Kind, Side, TableDifference

WATCHED = ("releases", ".ci", ".github", "src")
"""Folders beside the dataset whose files are named where they differ."""

LOCK = "releases/lock.json"
WAIVERS = "waivers"

JUDGES = ("releases/", "schemas/rules/", ".ci/", ".github/", "src/")
"""The folders of what judges a change, or runs what does; texts for people in them do not."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file beside the tables that was added, changed or removed."""

    kind: Kind
    path: str

    @property
    def watched(self) -> bool:
        """Whether it is no file of the schema, and of the repository alone."""
        return self.path.startswith(tuple(f"{folder}/" for folder in WATCHED))


@dataclass(frozen=True, slots=True)
class Lowered:
    """A table that may now have fewer rows than `releases/lock.json` asked for; None where it asks for none."""

    table: str
    old: int
    new: int | None


def files(old: Side, new: Side) -> list[FileChange]:
    """The files that differ; those that are of a repository alone only where one side is a commit of one."""
    if not old.files or not new.files:
        return []
    found = list[FileChange]()
    for path in sorted({*old.files, *new.files}):
        if path not in old.files:
            found.append(FileChange("added", path))
        elif path not in new.files:
            found.append(FileChange("removed", path))
        elif old.files[path] != new.files[path]:
            found.append(FileChange("changed", path))
    of_commit = "ref" in (old.kind, new.kind)
    return [file for file in found if of_commit or not file.watched]


def judges(tables: Sequence[TableDifference], files: Sequence[FileChange]) -> Iterator[str]:
    """What differs of that by which changes are judged: the lock, rules, waivers, the program, and what runs it."""
    for file in files:
        if file.path.startswith(JUDGES) and not file.path.endswith(".md"):
            yield file.path
    if any(table.name == WAIVERS for table in tables):
        yield WAIVERS


def lowered(old: Side, new: Side) -> Iterator[Lowered]:
    """The tables that may have fewer rows than before, by the locks of two states of a repository."""
    if old.floors is None or new.floors is None:
        return
    for table, rows in sorted(old.floors.items()):
        now = new.floors.get(table)
        if now is None or now < rows:
            yield Lowered(table, rows, now)

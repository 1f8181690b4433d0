"""A difference laid out for people, the same for every form: sections of items, of which some are told.

Texts of which we know nothing are `Foreign`; a form escapes them. All else is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import Literal

from bastions.diff.beside import JUDGES, WAIVERS
from bastions.diff.model import ID_KINDS, Cell, Difference, Kind, Row, TableDifference, Tombstone
from bastions.diff.tell.words import EMPTY, answers, cut, focus, sentence, with_name
from bastions.diff.values import Effect, Resolved
from bastions.problems import number

_MANY, _FEW = 20, 5
MARKS: dict[Kind, str] = {"added": "+", "changed": "~", "removed": "-"}


OPENING = ("ids", "warning", "values", "said", "table")
"""The kinds of sections that stand by themselves; the others are rows of the table that was opened before."""


class Foreign(str):
    """A text that may hold anything."""

    __slots__ = ()


Said = tuple[str, ...]
"""A sentence in pieces, ours and foreign ones."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that differs: a row, or a record whose published values do.

    Attributes:
        key: Its id.
        name: Its name; may be empty.
        cells: Column, before and after; None where it has no such side.
        more: How many more cells it has.
    """

    key: str
    name: str
    cells: tuple[tuple[str, str | None, str | None], ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report.

    Attributes:
        title: Its heading, in pieces.
        kind: What its items are: `ids`, `values`, a kind of rows; `table` opens those of a table; `warning` and `said`
            have none.
        said: Sentences before them.
        items: The items that are told.
        total: How many there are.
    """

    title: Said
    kind: Literal["ids", "warning", "values", "said", "table", "added", "changed", "removed"]
    said: tuple[Said, ...] = ()
    items: tuple[Item, ...] = ()
    total: int = 0


def title(found: Difference) -> Said:
    """What is compared."""
    return (Foreign(found.old), " → ", Foreign(found.new))


def summary(found: Difference) -> Said:
    """One sentence: how much differs."""
    if found.empty:
        return ("Nothing differs" + (" in what could be read." if found.unread else "."),)
    told = [f"{number(n, 'row')} {kind}" for kind, n in found.counts.items() if n]
    if told:
        told[-1] += f", in {number(sum(any(table.counts.values()) for table in found.tables), 'table')}"
    elif shaped := sum(bool(table.columns) or table.presence != "both" for table in found.tables):
        told.append(f"no row, but {number(shaped, 'table')} differ{'' if shaped > 1 else 's'}")
    if found.not_told:
        told.append(f"{number(found.not_told, 'row')} could not be compared")
    elif found.unjudged:
        told.append(f"of {number(len(found.unjudged), 'table')} not all could be read")
    if found.effect.resolved:
        values = number(len(found.effect.resolved), "published value")
        told.append(f"{values} {'differs' if len(found.effect.resolved) == 1 else 'differ'}")
    if found.ids:
        told.append(f"trouble with {number(len(found.ids), 'id')}")
    for where, watched in (("the schema", False), ("the repository", True)):
        if n := sum(file.watched == watched for file in found.files):
            told.append(f"{number(n, 'file')} of {where} differ{'s' if n == 1 else ''}")
    if found.judges:
        told.append("the change touches what judges it")
    return (sentence("; ".join(told)),)


def sections(found: Difference, limit: int | None) -> Iterator[Section]:
    """The sections in the order in which they are told: what needs a decision first.

    Args:
        found: The difference.
        limit: As many items of each section are told; None for all.
    """
    if found.judges or found.lowered:
        yield _judges(found, limit)
    yield from _ids(found, limit)
    if found.problems or found.notes or found.unjudged:
        yield _trouble(found, limit)
    if found.effect.resolved or found.effect.note or (found.effect.policies and not found.empty):
        yield _values(found.effect, limit)
    for table in found.tables:
        yield from _table(table, limit)
    for heading, watched in (("Files of the schema", False), ("Files of the repository", True)):
        if files := [file for file in found.files if file.watched == watched]:
            said = [(f"{file.kind}: ", Foreign(file.path)) for file in files]
            yield Section((heading,), "said", tuple(_first(said, limit, "file")))


# --------------------------------------------------------------------------------------------------------------------


def _ids(found: Difference, limit: int | None) -> Iterator[Section]:
    for kind, words in ID_KINDS.items():
        mine = [warning for warning in found.ids if warning.kind == kind]
        if not mine:
            continue
        tables = ", ".join(f"{n:,} of {table}" for table, n in _counted(warning.table for warning in mine))
        items = tuple(Item(warning.id, warning.name, ((warning.table, None, None),)) for warning in mine[:limit])
        yield Section(
            (f"Warning: {number(len(mine), 'id')}",),
            "ids",
            ((f"Each {words} (", Foreign(tables), ")."),),
            items,
            len(mine),
        )


def _judges(found: Difference, limit: int | None) -> Section:
    """What the change alters of that by which it is judged."""
    said: list[Said] = []
    if found.judges:
        said.append(("These judge changes, and differ: a clean verdict may be their doing. Read them first.",))
        gone = {file.path: f", {file.kind}" for file in found.files if file.kind != "changed"}
        for folder in JUDGES:
            names = [name for name in found.judges if name.startswith(folder)]
            if len(names) > _FEW:
                said.append((f"{number(len(names), 'file')} of {folder}, listed below",))
            else:
                # What is gone judges nothing any more, and says so here and not in the list of all files alone.
                said += [(Foreign(name), gone.get(name, "")) for name in names]
        if WAIVERS in found.judges:
            said.append(("rows of ", Foreign(WAIVERS), ", told below"))
    lowered: list[Said] = [
        (
            "releases/lock.json asks for fewer rows of ", Foreign(floor.table),
            f": {floor.old:,} → {'none' if floor.new is None else f'{floor.new:,}'}.",
        )
        for floor in found.lowered
    ]  # fmt: skip
    said += _first(lowered, limit, "table")
    return Section(("Warning: this changes what judges it",), "warning", tuple(said))


def _first(said: Sequence[Said], limit: int | None, what: str) -> list[Said]:
    """The first of some sentences, and how many more there are."""
    rest = 0 if limit is None else len(said) - limit
    return list(said) if rest <= 0 else [*said[:limit], (f"And {number(rest, f'more {what}')}.",)]


def _counted(names: Iterable[str]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return list(counts.items())


def _trouble(found: Difference, limit: int | None) -> Section:
    """What could not be compared."""
    said: list[Said] = []
    if found.unjudged:
        words = "Not all could be read, so of rows that are missing there nothing is said, of these tables: "
        said.append((words, Foreign(", ".join(found.unjudged)), "."))
    problems: list[Said] = []
    for p in found.problems:
        where = p.file + (f", line {p.line}" if p.line else "")
        value = (" ", Foreign(p.value)) if p.value else ()
        problems.append((Foreign(where), ":", *value, " ", Foreign(p.message)))
    said += _first(problems, limit, "problem")
    return Section(("What could not be compared",), "said", (*said, *((Foreign(note),) for note in found.notes)))


def _values(effect: Effect, limit: int | None) -> Section:
    """Published values before and after, by record; policies that say the same of one stand together."""
    items = list[Item]()
    for (table, key, name), group in groupby(effect.resolved, lambda r: (r.table, r.id, r.name)):
        if limit is None or len(items) < limit:
            items.append(Item(f"{table} {key}", name, tuple(_agreeing(group, effect.policies))))
    total = len({(r.table, r.id) for r in effect.resolved})
    policies = Foreign(", ".join(effect.policies))
    if effect.default:
        by: Said = (" under the default policy, ", policies, ".")
    else:
        by = (f", by the {'policy' if len(effect.policies) == 1 else 'policies'} ", policies, ".")
    said: list[Said] = []
    if effect.resolved:
        said.append((f"{number(len(effect.resolved), 'value')} of {number(total, 'record')}", *by))
    elif effect.policies:
        said.append(("No published value changes", *by))
    if effect.note:
        said.append((Foreign(effect.note),))
    return Section(("Published values",), "values", tuple(said), tuple(items), total)


def _agreeing(group: Iterable[Resolved], policies: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Column, before and after, of one record, once for all policies that say so; which, where there are several."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for r in group:
        found.setdefault((r.field, *answers(r.old, r.new)), []).append(r.policy)
    for (column, old, new), those in found.items():
        every = f"all {len(policies)} policies" if len(those) == len(policies) else ", ".join(those)
        yield f"{column}, under {every}" if len(policies) > 1 else column, old, new


def _table(table: TableDifference, limit: int | None) -> Iterator[Section]:
    counts = table.counts
    told = ", ".join(f"{n:,} {kind}" for kind, n in counts.items() if n)
    if not told:
        told = f"{number(table.not_told, 'row')} could not be compared" if table.not_told else "no row differs"
    said: list[Said] = []
    if table.presence != "both":
        said.append((f"The table itself was {table.presence}.",))
    for column in table.columns:
        name = Foreign(column.column)
        if column.kind in ("added", "removed"):
            said.append(("The column ", name, f" was {column.kind}; it is filled in {number(column.filled, 'row')}."))
        elif column.kind == "renamed":
            said.append(("The column ", Foreign(column.old), " is now called ", name, "."))
        else:
            said.append(("The column ", name, " was ", Foreign(column.old), " and is ", Foreign(column.new), "."))
    if counts["changed"] > 1:
        said.append(("Changed cells: ", Foreign(_listed(table.cells_by_column)), "."))
    if table.not_told:
        words = number(table.not_told, "row")
        said.append((f"Of {words} it cannot be said whether they were added or removed: a file cannot be read.",))
    said.append((f"{number(table.old_rows, 'row')} before, {table.new_rows:,} now.",))
    yield Section((Foreign(table.name), f": {told}"), "table", tuple(said))
    for kind in MARKS:
        if total := counts[kind]:
            items = tuple(_item(row, kind, table.key) for row in table.rows(kind, limit))
            yield Section((Foreign(table.name), f", {kind}"), kind, (), items, total)


def _listed(counts: dict[str, int]) -> str:
    told = [f"{column} {n:,}" for column, n in list(counts.items())[:_MANY]]
    return ", ".join(told) + (f" and {len(counts) - _MANY} more columns" if len(counts) > _MANY else "")


def _item(row: Row, kind: Kind, key: Sequence[str]) -> Item:
    # What is in the key is told with it.
    cells = row.cells if kind == "changed" else [cell for cell in row.cells if cell.column not in key]
    shown = [_shown(cell, kind) for cell in cells[: None if kind == "changed" else _MANY]]
    more = len(cells) - len(shown)
    if row.tombstone:
        shown = [*_buried(row.tombstone), *shown]
    return Item(row.key, row.name, tuple(shown), more)


def _buried(tombstone: Tombstone) -> Iterator[tuple[str, str | None, str | None]]:
    yield "(tombstone)", tombstone.reason or "no reason given", None
    for one, name in zip_longest(tombstone.successors, tombstone.names, fillvalue=""):
        yield "(replaced by)", with_name(cut(one), name), None


def _shown(cell: Cell, kind: Kind) -> tuple[str, str | None, str | None]:
    if kind != "changed":
        old, new = (None if text is None else cut(text) for text in (cell.old, cell.new))
    else:
        old, new = (EMPTY if text is None else text for text in (cell.old, cell.new))
        old, new = focus(old, new)
    return cell.column, with_name(old, cell.old_name), with_name(new, cell.new_name)

"""A difference laid out for people, the same for every form: sections of items, of which some are told.

Texts of which we know nothing are `Foreign`; a form escapes them. All else is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from bastions.diff.model import ID_KINDS, Answer, Cell, Difference, Kind, Row, TableDifference
from bastions.problems import number

EMPTY, NO_VALUE = "(empty)", "(no value)"
"""How a cell, or a published value, that is not there is shown."""

WIDE = 160
"""As many characters of a cell are shown; of two that differ, those about the difference."""

_BEFORE = 40
_MANY = 20
MARKS: dict[Kind, str] = {"added": "+", "changed": "~", "removed": "-"}


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
        kind: What its items are: `ids`, `values`, a kind of rows, or `said` where it has none.
        said: Sentences before them.
        items: The items that are told.
        total: How many there are.
    """

    title: Said
    kind: Literal["ids", "values", "said", "added", "changed", "removed"]
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
        told[-1] += f", in {number(len(found.tables), 'table')}"
    elif found.tables:
        told.append(f"no row, but {number(len(found.tables), 'table')} differ{'' if len(found.tables) > 1 else 's'}")
    if found.effect.resolved:
        values = number(len(found.effect.resolved), "published value")
        told.append(f"{values} {'differs' if len(found.effect.resolved) == 1 else 'differ'}")
    if found.ids:
        told.append(f"trouble with {number(len(found.ids), 'id')}")
    if found.files:
        told.append(f"{number(len(found.files), 'file')} of the schema differ{'s' if len(found.files) == 1 else ''}")
    return (sentence("; ".join(told)),)


def sections(found: Difference, limit: int | None) -> Iterator[Section]:
    """The sections in the order in which they are told: what needs a decision first.

    Args:
        found: The difference.
        limit: As many items of each section are told; None for all.
    """
    yield from _ids(found, limit)
    if found.problems or found.notes:
        yield _trouble(found, limit)
    if found.effect.resolved or found.effect.note:
        yield _values(found, limit)
    for table in found.tables:
        yield from _table(table, limit)
    if found.files:
        yield _schema(found, limit)


def sentence(text: str) -> str:
    """With a large letter at its beginning and a full stop at its end."""
    return f"{text[:1].upper()}{text[1:]}."


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


def _counted(names: Iterable[str]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return list(counts.items())


def _trouble(found: Difference, limit: int | None) -> Section:
    """What could not be compared."""
    said: list[Said] = []
    for p in found.problems[:limit]:
        where = p.file + (f", line {p.line}" if p.line else "")
        value = (" ", Foreign(p.value)) if p.value else ()
        said.append((Foreign(where), ":", *value, " ", Foreign(p.message)))
    if limit is not None and len(found.problems) > limit:
        said.append((f"And {number(len(found.problems) - limit, 'more problem')}.",))
    return Section(("What could not be compared",), "said", (*said, *((Foreign(note),) for note in found.notes)))


def _values(found: Difference, limit: int | None) -> Section:
    """Published values before and after, by record."""
    effect = found.effect
    several = len(effect.policies) > 1
    items = list[Item]()
    for (table, key, name), group in groupby(effect.resolved, lambda r: (r.table, r.id, r.name)):
        cells = [
            (f"{r.field}, {r.policy}" if several else r.field, *answers(r.old, r.new))
            for r in group
        ]  # fmt: skip
        if limit is None or len(items) < limit:
            items.append(Item(f"{table} {key}", name, tuple(cells)))
    total = len({(r.table, r.id) for r in effect.resolved})
    word = "policy" if len(effect.policies) == 1 else "policies"
    policies = Foreign(", ".join(effect.policies))
    told: Said = (
        f"{number(len(effect.resolved), 'value')} of {number(total, 'record')}, by the {word} ",
        policies,
        ".",
    )
    said = ((told,) if effect.resolved else ()) + (((Foreign(effect.note),),) if effect.note else ())
    return Section(("Published values",), "values", said, tuple(items), total)


def _schema(found: Difference, limit: int | None) -> Section:
    """The files of the schema that differ."""
    said: list[Said] = [(f"{file.kind}: ", Foreign(file.path)) for file in found.files[:limit]]
    if limit is not None and len(found.files) > limit:
        said.append((f"And {len(found.files) - limit:,} more.",))
    return Section(("Files of the schema",), "said", tuple(said))


def answers(old: Answer | None, new: Answer | None) -> tuple[str, str]:
    """Two answers in words; where these are the same, with what differs."""
    a, b = ("" if answer is None else str(answer) for answer in (old, new))
    if old and new and a == b:
        a, b = f"{a} ({old.status}, {old.best_comparator})", f"{b} ({new.status}, {new.best_comparator})"
    return a or NO_VALUE, b or NO_VALUE


def _table(table: TableDifference, limit: int | None) -> Iterator[Section]:
    counts = table.counts
    told = ", ".join(f"{n:,} {kind}" for kind, n in counts.items() if n) or "no row differs"
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
    yield Section((Foreign(table.name), f": {told}"), "said", tuple(said))
    for kind in MARKS:
        if total := counts[kind]:
            items = tuple(_item(row, kind) for row in table.rows(kind, limit))
            yield Section((Foreign(table.name), f", {kind}"), kind, (), items, total)


def _listed(counts: dict[str, int]) -> str:
    told = [f"{column} {n:,}" for column, n in list(counts.items())[:_MANY]]
    return ", ".join(told) + (f" and {len(counts) - _MANY} more columns" if len(counts) > _MANY else "")


def _item(row: Row, kind: Kind) -> Item:
    cells = row.cells if kind == "changed" else [cell for cell in row.cells if row.key not in (cell.old, cell.new)]
    shown = [_shown(cell, kind) for cell in cells[: None if kind == "changed" else _MANY]]
    return Item(row.key, row.name, tuple(shown), len(cells) - len(shown))


def _shown(cell: Cell, kind: Kind) -> tuple[str, str | None, str | None]:
    if kind != "changed":
        old, new = (None if text is None else cut(text) for text in (cell.old, cell.new))
    else:
        old, new = (EMPTY if text is None else text for text in (cell.old, cell.new))
        old, new = focus(old, new)
    return cell.column, _with_name(old, cell.old_name), _with_name(new, cell.new_name)


def _with_name(text: str | None, name: str) -> str | None:
    return f"{text} ({cut(name)})" if text and name else text


def cut(text: str, width: int = WIDE) -> str:
    """A text that is not longer than `width`."""
    return text if len(text) <= width else f"{text[:width]}… ({len(text):,} characters)"


def focus(old: str, new: str, width: int = WIDE) -> tuple[str, str]:
    """Two texts cut to `width` such that where they begin to differ is seen."""
    same = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, same - _BEFORE) if max(len(old), len(new)) > width else 0
    dots = "…" if start else ""
    return cut(dots + old[start:], width), cut(dots + new[start:], width)

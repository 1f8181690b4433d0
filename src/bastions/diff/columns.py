"""The columns of a table that differ: added, removed, renamed, or of another type."""

from __future__ import annotations

from collections.abc import Mapping

from bastions.diff import keyed
from bastions.diff.keyed import Keyed
from bastions.diff.model import ColumnChange, Sheet

SAME_ENOUGH = 0.95
"""A column is taken for renamed where the cells of a new one agree with it in this share of the rows of both sides."""


def renamed(before: Keyed, after: Keyed, key: tuple[str, ...], old: Sheet, new: Sheet) -> dict[str, str]:
    """Columns of the old side whose cells are those of a column that only the new side has."""
    gone = [column for column in before.columns if column not in after.columns and column in old.types]
    come = [column for column in after.columns if column not in before.columns]
    if not gone or not come or len(gone) * len(come) > 400:
        return {}
    _, _, both = keyed.apart(before, after, key)
    found, taken = dict[str, str](), set[str]()
    for column in gone:
        a = both.get_column(f"c{before.columns.index(column)}")
        best = (SAME_ENOUGH, "")
        for other in come:
            i = after.columns.index(other)
            b = both.get_column(f"c{i}_new" if f"c{i}" in before.frame.columns else f"c{i}")
            filled = a.is_not_null() | b.is_not_null()
            if other in taken or old.types[column] != new.types[other] or not filled.sum():
                continue
            share = float((a.eq_missing(b) & filled).sum()) / float(filled.sum())
            if share >= best[0] and (not best[1] or share > best[0]):
                best = (share, other)
        if best[1]:
            found[column] = best[1]
            taken.add(best[1])
    return found


def differing(before: Keyed, after: Keyed, renamed: Mapping[str, str], old: Sheet, new: Sheet) -> list[ColumnChange]:
    """The columns that differ, those of the new side first, in its order; `renamed` as `renamed` gives it."""
    was = {now: then for then, now in renamed.items()}
    found = list[ColumnChange]()
    for i, column in enumerate(after.columns):
        if column in was:
            found.append(ColumnChange("renamed", column, was[column], column))
        elif column not in before.columns:
            filled = after.frame.height - after.frame.get_column(f"c{i}").null_count()
            found.append(ColumnChange("added", column, filled=filled))
        elif old.types[column] != new.types[column] and old.key and new.key:
            found.append(ColumnChange("retyped", column, old.types[column], new.types[column]))
    for i, column in enumerate(before.columns):
        if column not in after.columns:
            filled = before.frame.height - before.frame.get_column(f"c{i}").null_count()
            found.append(ColumnChange("removed", column, filled=filled))
    return found

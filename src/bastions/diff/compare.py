"""Compares two sides, table by table and by key; typed, so that how a value is written makes no difference."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

import polars as pl

from bastions.diff import beside, columns, effect, ids, keyed, labels, rows
from bastions.diff.keyed import KEY, Keyed
from bastions.diff.model import Difference, Sheet, Side, TableDifference
from bastions.problems import Problem, problem

_CHANGED = {KEY: pl.String(), "column": pl.String(), "old": pl.String(), "new": pl.String()}


def between(old: Side, new: Side, policy: str | None = None) -> Difference:
    """The difference between two sides; see `bastions.diff.between`."""
    problems = [replace(p, file=f"{side.label}: {p.file}") for side in (old, new) for p in side.problems]
    notes = list[str]()
    names = labels.of(old, new)
    tables, buried = list[TableDifference](), ids.tombstones(new)
    for name in _order(old, new, notes):
        found, faults = _table(old.sheets.get(name), new.sheets.get(name), old, new)
        problems += faults
        if found is not None:
            named = ChainMap(rows.names_of(found, new, names), names)
            tables.append(replace(found, names=named, buried=buried.get(name, {})))
    files = beside.files(old, new)
    lowered = beside.lowered(old, new)
    return Difference(
        old.label,
        new.label,
        old.version,
        new.version,
        tuple(ids.warnings(old, new, tables, names)),
        tuple(tables),
        effect.of(old, new, policy, bool(tables or files), names),
        tuple(files),
        tuple(problems),
        tuple(notes),
        tuple(dict.fromkeys(name for side in (old, new) for name, sheet in side.sheets.items() if not sheet.whole)),
        tuple(beside.judges(tables, files)),
        tuple(lowered),
    )


def _order(old: Side, new: Side, notes: list[str]) -> list[str]:
    """The tables to compare, those of records first; what one side cannot have is left out, and said."""
    published = "release" in (old.kind, new.kind) or "archive" in (old.kind, new.kind)
    seeds = {name for side in (old, new) if side.schema for name in side.schema.seeds}
    headers_alone = {side.kind for side in (old, new)} <= {"ref", "dataset"} and None in (old.schema, new.schema)
    left_out = seeds if published or headers_alone else set()
    if left_out:
        notes.append(f"Not compared, since one side has none: {', '.join(sorted(left_out))}.")
    order = dict[str, None]()
    for side in (new, old):
        if side.schema:
            order |= dict.fromkeys([*side.schema.tables, *side.schema.seeds])
    order |= dict.fromkeys(sorted({*old.sheets, *new.sheets}))
    return [name for name in order if name not in left_out and (name in old.sheets or name in new.sheets)]


# --------------------------------------------------------------------------------------------------------------------
# One table


def _table(
    old: Sheet | None, new: Sheet | None, old_side: Side, new_side: Side
) -> tuple[TableDifference | None, list[Problem]]:
    """How a table differs, or None where it does not; and what could not be compared."""
    one = new or old
    assert one is not None
    key = _key(old, new)
    if not key:
        return None, [problem("no-key", one.name, "has no column that both sides have as key; it was not compared")]
    before, after = keyed.of(old, key, old_side), keyed.of(new, key, new_side)
    problems = before.problems + after.problems
    renamed = dict[str, str]()
    if old and new:
        of_key = zip(old.key, key, strict=False)
        renamed = {a: b for a, b in of_key if a != b and a in old.types and b not in old.types}
        before = keyed.renamed(before, renamed)
        renamed |= (more := columns.renamed(before, after, key, old, new))
        before = keyed.renamed(before, more)
    shape = columns.differing(before, after, renamed, old, new) if old and new else []
    added, removed, both = keyed.apart(before, after, key)
    changed = _changed(both, before, after, key, old, new, renamed) if old and new else pl.DataFrame(schema=_CHANGED)
    not_told = 0
    if old is not None and not old.whole:
        not_told, added = added.height, added.clear()
    if new is not None and not new.whole:
        not_told, removed = not_told + removed.height, removed.clear()
    presence = "both" if old and new else "added" if new else "removed"
    found = TableDifference(
        one.name,
        one.title or (old.title if old else ""),
        key,
        presence,  # type: ignore[arg-type]
        before.frame.height,
        after.frame.height,
        tuple(shape),
        _named(added, after.columns),
        _named(removed, before.columns),
        changed,
        not_told,
        {**(old.refers if old else {}), **one.refers},
        {**(old.pairs if old else {}), **one.pairs},
    )
    differs = presence != "both" or shape or added.height or removed.height or changed.height or not_told
    return (found if differs else None), problems


def _key(old: Sheet | None, new: Sheet | None) -> tuple[str, ...]:
    """The columns of the key, as the new side names them; the first common column where nothing says it."""
    if new is None or old is None:
        one = new or old
        assert one is not None
        return one.key or tuple(list(one.types)[:1])
    if new.key:
        return new.key if len(new.key) == len(old.key) or set(new.key) <= old.types.keys() else ()
    if old.key and set(old.key) <= new.types.keys():
        return old.key
    first = next(iter(new.types), "")
    return (first,) if first in old.types else ()


def _pairs(before: Keyed, after: Keyed) -> list[tuple[str, str, str]]:
    """The columns of both sides: name, where it stands in the joined frame on the old side and on the new."""
    return [
        (column, f"c{before.columns.index(column)}", f"c{i}_new" if f"c{i}" in before.frame.columns else f"c{i}")
        for i, column in enumerate(after.columns)
        if column in before.columns
    ]


def _changed(
    both: pl.DataFrame,
    before: Keyed,
    after: Keyed,
    key: tuple[str, ...],
    old: Sheet,
    new: Sheet,
    renamed: Mapping[str, str],
) -> pl.DataFrame:
    """The cells of common rows that differ, by key and in the order of the columns."""
    was = {now: then for then, now in renamed.items()}
    pieces = list[pl.DataFrame]()
    for column, a, b in _pairs(before, after):
        if column in key:
            continue
        found = both.lazy().filter(pl.col(a).ne_missing(pl.col(b)))
        told = (pl.lit(column).alias("column"), pl.col(a).alias("old"), pl.col(b).alias("new"))
        cells = found.select(KEY, *told, "_row", "_row_new").collect()
        if not cells.height:
            continue
        then = was.get(column, column)
        types = {old.types[then], new.types[column]}
        unread = {row for row, name in old.unread if name == then}, {row for row, name in new.unread if name == column}
        if types & {"number", "integer", "boolean"} or any(unread):
            keep = [
                row not in unread[0] and row_new not in unread[1] and not _same(x, y, types)
                for _, _, x, y, row, row_new in cells.iter_rows()
            ]
            cells = cells.filter(pl.Series(keep, dtype=pl.Boolean))
        pieces.append(cells.drop("_row", "_row_new"))
    if not pieces:
        return pl.DataFrame(schema=_CHANGED)
    order = {column: i for i, column in enumerate(after.columns)}
    found_all = pl.concat(pieces)
    places = pl.Series("_place", [order[column] for column in found_all["column"]], pl.Int64)
    return found_all.with_columns(places).sort(KEY, "_place").drop("_place")


def _same(a: str | None, b: str | None, types: set[str]) -> bool:
    """Whether two different texts are the same value of a column of these types."""
    if a is None or b is None:
        return False
    if "boolean" in types and a.lower() == b.lower():
        return True
    if not types & {"number", "integer"} or len(a) > 400 or len(b) > 400:
        return False
    try:
        return Decimal(a) == Decimal(b)
    except InvalidOperation:
        return False


def _named(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """The frame with `_key` and its columns under their own names."""
    cells = [frame.get_column(f"c{i}").alias(column) for i, column in enumerate(columns)]
    return pl.DataFrame([frame.get_column(KEY), *cells])

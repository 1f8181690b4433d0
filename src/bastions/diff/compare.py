"""Compares two sides, table by table and by key; typed, so that how a value is written makes no difference."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

import polars as pl

from bastions.diff import effect, ids, labels
from bastions.diff.model import (
    Cell,
    ColumnChange,
    Difference,
    FileChange,
    Kind,
    Names,
    Row,
    Sheet,
    Side,
    TableDifference,
)
from bastions.problems import Problem, number, problem

KEY = "_key"
SAME_ENOUGH = 0.95
"""A column is taken for renamed where the cells of a new one agree with it in this share of the rows of both sides."""

_CHANGED = {KEY: pl.String(), "column": pl.String(), "old": pl.String(), "new": pl.String()}


def between(old: Side, new: Side, policy: str | None = None) -> Difference:
    """The difference between two sides; see `bastions.diff.between`."""
    problems = [replace(p, file=f"{side.label}: {p.file}") for side in (old, new) for p in side.problems]
    notes = list[str]()
    names = labels.of(old, new)
    tables = list[TableDifference]()
    for name in _order(old, new, notes):
        found, faults = _table(old.sheets.get(name), new.sheets.get(name), old, new)
        problems += faults
        if found is not None:
            tables.append(replace(found, names=ChainMap(_names_of_rows(found, new, names), names)))
    files = _files(old, new)
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


def _files(old: Side, new: Side) -> list[FileChange]:
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
    return found


# --------------------------------------------------------------------------------------------------------------------
# One table


@dataclass(frozen=True, slots=True)
class _Keyed:
    """The rows of a sheet that have a key, each key once, and its columns under names that no file chooses."""

    frame: pl.DataFrame
    columns: tuple[str, ...]
    problems: list[Problem]


def _table(
    old: Sheet | None, new: Sheet | None, old_side: Side, new_side: Side
) -> tuple[TableDifference | None, list[Problem]]:
    """How a table differs, or None where it does not; and what could not be compared."""
    one = new or old
    assert one is not None
    key = _key(old, new)
    if not key:
        return None, [problem("no-key", one.name, "has no column that both sides have as key; it was not compared")]
    before, after = _keyed(old, key, old_side), _keyed(new, key, new_side)
    problems = before.problems + after.problems
    renamed = dict[str, str]()
    if old and new:
        of_key = zip(old.key, key, strict=False)
        renamed = {a: b for a, b in of_key if a != b and a in old.types and b not in old.types}
        before = _rename(before, renamed)
        renamed |= (more := _renamed(before, after, key, old, new))
        before = _rename(before, more)
    columns = _columns(before, after, renamed, old, new) if old and new else []
    added, removed, both = _apart(before, after, key)
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
        tuple(columns),
        _named(added, after.columns),
        _named(removed, before.columns),
        changed,
        not_told,
        {**(old.refers if old else {}), **one.refers},
        {**(old.pairs if old else {}), **one.pairs},
    )
    differs = presence != "both" or columns or added.height or removed.height or changed.height or not_told
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


def _keyed(sheet: Sheet | None, key: tuple[str, ...], side: Side) -> _Keyed:
    if sheet is None:
        return _Keyed(pl.DataFrame(schema={KEY: pl.String(), "_row": pl.Int64()}), (), [])
    own = key if set(key) <= sheet.types.keys() else sheet.key
    columns = tuple(sheet.types)
    cells = [
        sheet.frame.get_column(c).alias(f"c{i}") if c in sheet.frame.columns
        else pl.Series(f"c{i}", [None] * sheet.frame.height, pl.String)
        for i, c in enumerate(columns)
    ]  # fmt: skip
    frame = pl.DataFrame(cells).with_row_index("_row")
    parts = [pl.col(f"c{columns.index(part)}") for part in own]
    # Null where a part is; two compound keys are one where their parts are, since no cell holds a newline.
    whole = pl.concat_str(parts, separator="\n", ignore_nulls=False) if parts else pl.lit(None, pl.String)
    frame = frame.with_columns(whole.alias(KEY))
    has = frame.filter(pl.col(KEY).is_not_null())
    once = has.unique(KEY, keep="first", maintain_order=True)
    problems = [
        problem("primary-key", f"{side.label}: {sheet.name}", f"{number(n, 'row')} {words}", severity="warning")
        for n, words in (
            (frame.height - has.height, "without a key; not compared"),
            (has.height - once.height, "with the key of another; of each key the first row was compared"),
        )
        if n
    ]  # fmt: skip
    return _Keyed(once, columns, problems)


def _rename(keyed: _Keyed, renamed: Mapping[str, str]) -> _Keyed:
    return replace(keyed, columns=tuple(renamed.get(column, column) for column in keyed.columns))


def _apart(before: _Keyed, after: _Keyed, key: tuple[str, ...]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The rows of the new side alone, those of the old side alone, and those of both beside each other."""
    added = after.frame.join(before.frame.select(KEY), on=KEY, how="anti").sort(KEY)
    removed = before.frame.join(after.frame.select(KEY), on=KEY, how="anti").sort(KEY)
    return added, removed, before.frame.join(after.frame, on=KEY, how="inner", suffix="_new")


def _pairs(before: _Keyed, after: _Keyed) -> list[tuple[str, str, str]]:
    """The columns of both sides: name, where it stands in the joined frame on the old side and on the new."""
    return [
        (column, f"c{before.columns.index(column)}", f"c{i}_new" if f"c{i}" in before.frame.columns else f"c{i}")
        for i, column in enumerate(after.columns)
        if column in before.columns
    ]


def _changed(
    both: pl.DataFrame,
    before: _Keyed,
    after: _Keyed,
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


# --------------------------------------------------------------------------------------------------------------------
# Columns


def _renamed(before: _Keyed, after: _Keyed, key: tuple[str, ...], old: Sheet, new: Sheet) -> dict[str, str]:
    """Columns of the old side whose cells are those of a column that only the new side has."""
    gone = [column for column in before.columns if column not in after.columns and column in old.types]
    come = [column for column in after.columns if column not in before.columns]
    if not gone or not come or len(gone) * len(come) > 400:
        return {}
    _, _, both = _apart(before, after, key)
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


def _columns(before: _Keyed, after: _Keyed, renamed: Mapping[str, str], old: Sheet, new: Sheet) -> list[ColumnChange]:
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


# --------------------------------------------------------------------------------------------------------------------
# Rows, with names


def rows(table: TableDifference, kind: Kind, limit: int | None) -> Iterator[Row]:
    """The rows of a kind in order of key; see `TableDifference.rows`."""
    if kind == "changed":
        keys = table.changed.select(pl.col(KEY).unique(maintain_order=True))
        wanted = table.changed.join(keys.head(limit) if limit is not None else keys, on=KEY, how="semi")
        for (key,), group in wanted.group_by(KEY, maintain_order=True):
            yield Row(
                shown(str(key)),
                table.names.get((table.name, str(key)), ""),
                tuple(
                    Cell(column, a, b, _refers(table, column, a, str(key)), _refers(table, column, b, str(key)))
                    for _, column, a, b in group.iter_rows()
                ),
            )
        return
    frame = table.added if kind == "added" else table.removed
    names = frame.columns[1:]
    for key, *cells in (frame.head(limit) if limit is not None else frame).iter_rows():
        filled = dict(zip(names, cells, strict=True))
        told = [
            Cell(column, None, value, "", labels.referred(column, filled, table.refers, table.pairs, table.names))
            for column, value in filled.items()
            if value is not None
        ]
        if kind == "removed":
            told = [Cell(cell.column, cell.new, None, cell.new_name) for cell in told]
        yield Row(shown(key), labels.row(table.name, key, filled, table.refers, table.pairs, table.names), tuple(told))


def shown(key: str) -> str:
    """A key for people: the parts of a compound one joined by " / "."""
    return key.replace("\n", " / ")


def _refers(table: TableDifference, column: str, value: str | None, key: str) -> str:
    """The name of what a changed cell refers to; the table of a pair stands in another cell, kept with the names."""
    if value is None:
        return ""
    target = table.refers.get(column) or table.names.get((f"{table.name}.{column}", key), "")
    return table.names.get((target, value), "")


def _names_of_rows(found: TableDifference, new: Side, names: Names) -> dict[tuple[str, str], str]:
    """Names of changed rows that have none of their own, and the tables that their pairs refer to.

    Only the cells that differ are kept of a changed row; what it is about stands in the others.
    """
    keys = set(found.changed[KEY].to_list())
    sheet = new.sheets.get(found.name)
    if not keys or sheet is None:
        return {}
    made = dict[tuple[str, str], str]()
    columns = [c for c in sheet.types if c in {*found.key, "field", *sheet.refers, *sheet.pairs, *sheet.pairs.values()}]
    for cells in _rows_of(sheet, columns, found.key, keys):
        key = "\n".join(str(cells[part]) for part in found.key)
        if name := labels.row(found.name, key, cells, found.refers, found.pairs, names):
            made.setdefault((found.name, key), name)
        for column, by in sheet.pairs.items():
            made.setdefault((f"{found.name}.{column}", key), cells.get(by) or "")
    return made


def _rows_of(
    sheet: Sheet, columns: Iterable[str], key: tuple[str, ...], keys: set[str]
) -> Iterator[dict[str, str | None]]:
    names = [column for column in columns if column in sheet.frame.columns]
    if not set(key) <= set(names):
        return
    for cells in zip(*(sheet.frame.get_column(column).to_list() for column in names), strict=True):
        row = dict(zip(names, cells, strict=True))
        if "\n".join(str(row[part]) for part in key) in keys:
            yield row

"""The rows that differ, with the names of what they are about and of what their cells refer to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import polars as pl

from bastions.diff import keyed, labels
from bastions.diff.keyed import KEY
from bastions.diff.model import Cell, Kind, Names, Row, Sheet, Side, TableDifference, Tombstone


def told(table: TableDifference, kind: Kind, limit: int | None) -> Iterator[Row]:
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
        name = labels.row(table.name, key, filled, table.refers, table.pairs, table.names)
        yield Row(shown(key), name, tuple(told), _tombstone(table, key) if kind == "removed" else None)


def _tombstone(table: TableDifference, key: str) -> Tombstone | None:
    found = table.buried.get(key)
    return found and replace(found, names=tuple(table.names.get((table.name, one), "") for one in found.successors))


def shown(key: str) -> str:
    """A key for people: the parts of a compound one joined by " / "."""
    return key.replace("\n", " / ")


def _refers(table: TableDifference, column: str, value: str | None, key: str) -> str:
    """The name of what a changed cell refers to; the table of a pair stands in another cell, kept with the names."""
    if value is None:
        return ""
    target = table.refers.get(column) or table.names.get((f"{table.name}.{column}", key), "")
    return table.names.get((target, value), "")


def names_of(found: TableDifference, new: Side, names: Names) -> dict[tuple[str, str], str]:
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
        key = keyed.joined([str(cells[part]) for part in found.key])
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
        if keyed.joined([str(row[part]) for part in key]) in keys:
            yield row

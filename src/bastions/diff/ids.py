"""Trouble with ids: an id is never used again, and a row that goes leaves a tombstone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

import polars as pl

from bastions.diff import labels
from bastions.diff.model import IdWarning, Names, Side, TableDifference, Tombstone

TOMBSTONES = "tombstones"

ABOUT: Mapping[str, tuple[str, ...]] = {
    "actors": ("name", "actor_type"),
    "locations": ("name", "latitude", "longitude", "parent_id", "location_type"),
    "engagements": ("name", "date_start", "location_id"),
    "strikes": ("date_start", "location_id", "engagement_id", "strike_type"),
    "figures": ("subject_id", "measure", "item"),
    "control": ("location_id", "holder_id"),
    "sources": ("title", "published", "text_sha256"),
    "participants": ("subject_id", "actor_id"),
    "names": ("subject_id", "name"),
    "identifiers": ("subject_id", "identifier"),
    "links": ("subject_id", "related_id"),
    "utterances": ("actor_id", "span_sha256", "start_char"),
    "claims": ("subject_id", "span_sha256", "locator"),
    "claim_links": ("claim_id", "related_claim_id"),
    "coverage": ("subject_id", "source_id", "identifier"),
}
"""The columns that say what a row is about. Where all that are filled change at once, its id was likely reused."""

_WORDS = ("name", "title")
_ALIKE = 0.5
"""Names of which this share agrees are spellings of one name."""


def warnings(old: Side, new: Side, tables: Sequence[TableDifference], names: Names) -> Iterator[IdWarning]:
    """Every trouble with an id, in the order of the tables."""
    buried, was_buried = _buried(new), _buried(old)
    for table in tables:
        if table.name not in ABOUT:
            continue
        removed = table.removed
        for key, *cells in removed.iter_rows():
            if (table.name, key) not in buried:
                filled = dict(zip(removed.columns[1:], cells, strict=True))
                name = labels.row(table.name, key, filled, table.refers, table.pairs, names)
                yield IdWarning("no_tombstone", table.name, key, name)
        for key in _reused(table, old):
            yield IdWarning("reused", table.name, key, table.names.get((table.name, key), ""))
    for name, key in sorted(buried | was_buried):
        label = names.get((name, key), "")
        if _has(new, name, key):
            yield IdWarning("back", name, key, label)
        elif (name, key) not in buried and TOMBSTONES in new.sheets and new.sheets[TOMBSTONES].whole:
            yield IdWarning("tombstone_gone", name, key, label)


def tombstones(side: Side) -> dict[str, dict[str, Tombstone]]:
    """The tombstones of a side, by table and key."""
    sheet = side.sheets.get(TOMBSTONES)
    columns = ("subject_table", "subject_id", "reason", "successor_id")
    if sheet is None or not set(columns[:2]) <= set(sheet.frame.columns):
        return {}
    frame = sheet.frame
    cells = [frame.get_column(c).to_list() if c in frame.columns else [None] * frame.height for c in columns]
    found: dict[str, dict[str, Tombstone]] = {}
    for table, key, reason, successor in zip(*cells, strict=True):
        if table and key:
            mine = found.setdefault(table, {})
            before = mine[key] if key in mine else Tombstone(reason or "")
            mine[key] = Tombstone(before.reason, (*before.successors, successor) if successor else before.successors)
    return found


def _buried(side: Side) -> set[tuple[str, str]]:
    return {(table, key) for table, keys in tombstones(side).items() for key in keys}


def _has(side: Side, table: str, key: str) -> bool:
    sheet = side.sheets.get(table)
    column = (sheet.key or tuple(sheet.types)[:1]) if sheet else ()
    return sheet is not None and len(column) == 1 and key in sheet.frame.get_column(column[0])


def _reused(table: TableDifference, old: Side) -> list[str]:
    """The rows of which all that says what they are about has changed."""
    sheet = old.sheets.get(table.name)
    about = [column for column in ABOUT[table.name] if sheet is not None and column in sheet.frame.columns]
    own = (sheet.key or table.key) if sheet else ()
    if sheet is None or not about or len(own) != 1 or own[0] not in sheet.frame.columns:
        return []
    told = table.changed.filter(pl.col("column").is_in(about))
    moved: dict[str, dict[str, tuple[str | None, str | None]]] = {}
    for key, column, a, b in told.iter_rows():
        moved.setdefault(key, {})[column] = (a, b)
    suspects = {key for key, cells in moved.items() if any(a and b for a, b in cells.values())}
    if not suspects:
        return []
    rows = sheet.frame.filter(pl.col(own[0]).is_in(list(suspects))).select(own[0], *about)
    found = dict[str, None]()
    for key, *cells in rows.iter_rows():
        filled = {column for column, cell in zip(about, cells, strict=True) if cell}
        if filled and all(_other(column, *moved[key].get(column, (None, None))) for column in filled):
            found[key] = None
    return sorted(found)


def _other(column: str, a: str | None, b: str | None) -> bool:
    """Whether a cell now speaks of something else; another spelling of a name does not."""
    if a is None or a == b:
        return False
    if column in _WORDS and b is not None:
        return SequenceMatcher(None, a[:500].lower(), b[:500].lower(), autojunk=False).ratio() < _ALIKE
    return True

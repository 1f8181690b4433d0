"""The whole difference as JSON; docs/diff.md tells its shape, and `format` changes when that does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from bastions.diff.model import Cell, Difference, Row, TableDifference
from bastions.diff.values import Answer, Resolved

FORMAT = "bastions-diff/1"


def pieces(found: Difference) -> Iterator[str]:
    """The text, piece by piece, so that a large difference need not be in memory as text; see `tell.json`."""
    head = {
        "format": FORMAT,
        "old": {"label": found.old, "version": found.old_version},
        "new": {"label": found.new, "version": found.new_version},
        "empty": found.empty,
        "unread": found.unread,
        "counts": found.counts,
        "ids": [
            {"kind": w.kind, "table": w.table, "id": w.id, "name": w.name, "message": w.message} for w in found.ids
        ],
        "problems": [asdict(problem) for problem in found.problems],
        "notes": list(found.notes),
        "unjudged": list(found.unjudged),
        "files": [asdict(file) for file in found.files],
        "judges": list(found.judges),
        "lowered": [asdict(floor) for floor in found.lowered],
    }
    yield json.dumps(head)[:-1]
    yield f', "values": {{"policies": {json.dumps(found.effect.policies)}, "note": {json.dumps(found.effect.note)}'
    yield f', "count": {len(found.effect.resolved)}, "changes": ['
    yield from _listed(map(_resolved, found.effect.resolved))
    yield ']}, "tables": ['
    for i, table in enumerate(found.tables):
        yield ", " if i else ""
        yield from _table(table)
    yield "]}\n"


def _listed(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    before = ""
    for item in items:
        yield before + json.dumps(item)
        before = ",\n"


def _table(table: TableDifference) -> Iterator[str]:
    head = {
        "name": table.name,
        "title": table.title,
        "key": list(table.key),
        "presence": table.presence,
        "rows": {"old": table.old_rows, "new": table.new_rows},
        "counts": table.counts,
        "not_told": table.not_told,
        "columns": [asdict(column) for column in table.columns],
        "cells_by_column": table.cells_by_column,
    }
    yield json.dumps(head)[:-1]
    for kind in table.counts:
        yield f', "{kind}": ['
        yield from _listed(_row(row, kind) for row in table.rows(kind))
        yield "]"
    yield "}"


def _row(row: Row, kind: str) -> dict[str, Any]:
    if kind == "changed":
        return {"key": row.key, "name": row.name, "cells": [_cell(cell) for cell in row.cells]}
    cells = {cell.column: cell.new if kind == "added" else cell.old for cell in row.cells}
    found: dict[str, Any] = {"key": row.key, "name": row.name, "cells": cells}
    if row.tombstone:
        found["tombstone"] = asdict(row.tombstone)
    return found


def _cell(cell: Cell) -> dict[str, Any]:
    return asdict(cell)


def _resolved(value: Resolved) -> dict[str, Any]:
    return {
        "policy": value.policy,
        "table": value.table,
        "id": value.id,
        "field": value.field,
        "name": value.name,
        "old": _answer(value.old),
        "new": _answer(value.new),
    }


def _answer(answer: Answer | None) -> dict[str, Any] | None:
    return None if answer is None else {**asdict(answer), "text": str(answer)}

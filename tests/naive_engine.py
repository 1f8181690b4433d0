"""A second engine, of lists and dictionaries: slow, obvious, and a stranger to Parquet and SQL.

What gives the same answers over it and over `Embedded` depends on `Engine` alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

import pyarrow as pa

from bastions.tabular.tables.engine import Check

Key = tuple[Any, ...]


class Naive:
    """See `bastions.tabular.tables.engine.Engine`."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, list[Any]]] = {}
        self._rows: dict[str, int] = {}

    def load(self, table: str, batches: Iterator[pa.RecordBatch], check: Check) -> Iterator[pa.Table]:
        values: dict[str, list[Any]] = {}
        rows = 0
        for batch in batches:
            rows += batch.num_rows
            for name in batch.schema.names:
                values.setdefault(name, []).extend(batch.column(name).to_pylist())
            yield check(batch)
        self._tables[table], self._rows[table] = values, rows

    def duplicates(self, table: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        first: dict[Key, int] = {}
        found = []
        for row, values in self._tuples(table, columns):
            earlier = first.setdefault(_key(values), row)
            if earlier != row:
                found.append({"row": row, "first": earlier, **_texts(values)})
        yield from _batches(found, "row", "first")

    def nulls(self, table: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        held = self._tables[table]
        columns = [name for name in columns if name in held]
        found = [
            {"row": row, "column": name}
            for row in range(self._rows[table])
            for name in columns
            if held[name][row] is None
        ]
        yield from _batches(found, "row")

    def orphans(
        self, table: str, columns: Sequence[str], target: str, target_columns: Sequence[str]
    ) -> Iterator[pa.RecordBatch]:
        if self._rows[target] and not set(target_columns) <= set(self._tables[target]):
            return
        keys = {_key(values) for _, values in self._tuples(target, target_columns)}
        found = [
            {"row": row, **_texts(values)} for row, values in self._tuples(table, columns) if _key(values) not in keys
        ]
        yield from _batches(found, "row")

    def rows(self, table: str) -> int:
        return self._rows.get(table, 0)

    def _tuples(self, table: str, columns: Sequence[str]) -> Iterator[tuple[int, Key]]:
        """The rows with a value in every column; none where a column is missing."""
        held = self._tables[table]
        if set(columns) <= set(held):
            for row, values in enumerate(zip(*(held[name] for name in columns), strict=True)):
                if None not in values:
                    yield row, values


def _key(values: Key) -> Key:
    """What equal tuples have in common: Python takes True for 1, and a NaN for another one."""
    return tuple(
        (type(value), value)
        if not isinstance(value, int | float) or isinstance(value, bool)
        else ("number", "nan" if math.isnan(value) else value)
        for value in values
    )


def _texts(values: Key) -> dict[str, str]:
    return {str(number): _text(value) for number, value in enumerate(values)}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, date | time | datetime):
        text = value.isoformat()
        return text.rstrip("0") if "." in text else text
    return str(value)[:1_000]


def _batches(found: list[dict[str, Any]], *numbers: str) -> Iterator[pa.RecordBatch]:
    """Answers in several batches, since nobody may count on one."""
    for start in range(0, len(found), 7):
        some = found[start : start + 7]
        yield pa.record_batch(
            {
                name: pa.array([row[name] for row in some], pa.int64() if name in numbers else pa.string())
                for name in some[0]
            }
        )

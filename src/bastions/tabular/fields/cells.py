"""The constraints that each cell alone can break, on typed columns: a pure function of an Arrow batch.

A look over the whole batch by polars, all constraints in one go, finds the columns and rows that may be at fault;
these go to pandera, whose schema (`dialects.pandera_schema`) is the judge. A clean batch, the usual case, costs no more
than the look, and pandera is not even imported. What polars cannot judge is judged beside it, over the distinct values:
what the text of a duration, list or JSON means (`meanings`), JSON Schemas, and patterns that need a guard.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import polars as pl
import pyarrow as pa

from bastions import dialects, patterns
from bastions.schema import Field, Table
from bastions.tabular.fields import guarded, meanings
from bastions.tabular.limits import Limits

FAULTS = pa.schema([("row", pa.int64()), ("field", pa.string()), ("constraint", pa.string())])
"""Which cell of a batch breaks which constraint; row -1 where a constraint of the column could not be judged."""

LIMIT = "pattern-limit"
SLICE = 1_000_000
"""Bytes of text that a heavy pattern is given at once; between two of them it can be stopped."""
KNOWN, SHORT = 300, 100
"""Verdicts that a guarded constraint keeps from batch to batch, and the characters of such a value at most: a process
is begun for new values only, and many pay for it with what each is allowed."""

_ORDER = ("required", dialects.NAN, *dialects.CONSTRAINTS, LIMIT)
_FOUND = {"row": pl.Int64, "field": pl.Int64, "constraint": pl.Int64}
_USUAL = Limits()
Bad = Callable[[pl.Series, guarded.Budget], "pl.Series | None"]
"""Judges the cells of a column within a budget: which are bad, as Booleans; None if there was not time."""


def checker(table: Table, limits: Limits, budget: guarded.Budget | None = None) -> Callable[[pa.RecordBatch], pa.Table]:
    """The check of a table's cells.

    Args:
        table: Whose columns the batches hold, typed as `dialects.TYPES` says; some may be absent.
        limits: How long patterns and JSON Schemas may take where they need a guard, if no budget is given.
        budget: The same for several tables together. A column for which it does not suffice is reported once and then
            left out.

    Returns:
        A function from a batch to `FAULTS`: at most one fault a cell, by row and then by column.
    """
    # Columns go by their number: to polars, and to pandera, some names are patterns or mean something else.
    columns = {column.name: (i, _plain(replace(column, name=str(i)))) for i, column in enumerate(table.fields)}
    slow = {column.name: judges for column in table.fields if (judges := _slow(column))}
    told: set[tuple[str, str]] = set()
    budget = budget or guarded.Budget(limits.pattern)

    def check(batch: pa.RecordBatch) -> pa.Table:
        present = [name for name in batch.schema.names if name in columns]
        numbered = tuple(column for name, (_, column) in columns.items() if name in present and _judged(column))
        needed = [name for name in present if _judged(columns[name][1]) or name in slow]
        frame = pl.DataFrame([_series(batch, name, columns[name][1]) for name in needed])
        found = _native(numbered, frame)
        for name in needed:
            for constraint, bad in slow.get(name, {}).items():
                cells = frame[str(columns[name][0])]
                if (name, constraint) in told or cells.null_count() == cells.len():
                    continue
                given = f"{constraint} {dialects.limit(table[name], constraint)}"
                rows = None if given in budget.over else bad(cells, budget)
                if rows is None:
                    told.add((name, constraint))
                    budget.over.add(given)
                found.append(
                    _rows([-1] if rows is None else rows.arg_true(), columns[name][0], constraint, rows is None)
                )
        return _table(found, table.names)

    return check


def _plain(column: Field) -> Field:
    """A column without the pattern that is judged elsewhere."""
    limits = column.constraints
    if limits.pattern is not None and _watched(limits.pattern):
        return replace(column, constraints=replace(limits, pattern=None))
    return column


def _watched(pattern: str) -> bool:
    made = patterns.compile(pattern)
    return made.rust is None or made.heavy


def _judged(column: Field) -> bool:
    """Whether polars has anything to judge in a column."""
    return column.constraints.required or bool(dialects.native(column))


def _series(batch: pa.RecordBatch, name: str, column: Field) -> pl.Series:
    series = pl.Series(str(column.name), batch.column(name))
    if series.dtype != dialects.TYPES[column.type].polars:
        raise TypeError(
            f"column {name!r} is {series.dtype}, and a {column.type} is {dialects.TYPES[column.type].polars}"
        )
    return series


def _native(columns: tuple[Field, ...], frame: pl.DataFrame) -> list[pl.DataFrame]:
    """What pandera finds, in frames of `_FOUND`."""
    if not columns or not frame.height:
        return []
    looks = frame.select(_look(column).alias(column.name) for column in columns)
    suspects = tuple(column for column in columns if not looks[column.name].all())
    if not suspects:
        return []
    names = [column.name for column in suspects]
    rows = (~looks.select(pl.all_horizontal(names)).to_series()).arg_true()
    return [judged(suspects, frame.select(names)[rows], rows)]


def _look(column: Field) -> pl.Expr:
    """Whether a cell keeps every constraint that polars can judge; never null."""
    cell = pl.col(column.name)
    good = [expression.fill_null(True) for expression in dialects.good(column, cell).values()]
    return pl.all_horizontal(*good, *([cell.is_not_null()] if column.constraints.required else []))


def judged(columns: tuple[Field, ...], frame: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    """What pandera says of rows.

    Args:
        columns: The columns, named by their numbers.
        frame: Rows of these columns.
        rows: The number of each in its batch.

    Returns:
        Faults as numbers: row, column, and place of the constraint in `_ORDER`.
    """
    from pandera.errors import SchemaErrors

    try:
        dialects.pandera_schema(Table("", "", "", "", columns, ())).validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases: pl.DataFrame = errors.failure_cases
        if cases["index"].null_count():
            # Not about a cell: the columns are not what they are said to be.
            raise TypeError(f"pandera cannot check these columns: {errors}") from errors
    else:
        return pl.DataFrame(schema=_FOUND)
    places = {name: i for i, name in enumerate(_ORDER)} | {"not_nullable": 0}
    return cases.select(
        row=rows.cast(pl.Int64).gather(cases["index"]),
        field=pl.col("column").cast(pl.Int64),
        constraint=pl.col("check").replace_strict(places, return_dtype=pl.Int64),
    )


def _rows(rows: pl.Series | Sequence[int], field: int, constraint: str, over: bool) -> pl.DataFrame:
    place = _ORDER.index(LIMIT if over else constraint)
    return pl.DataFrame({"row": rows}, schema={"row": pl.Int64}).with_columns(
        field=pl.lit(field, pl.Int64), constraint=pl.lit(place, pl.Int64)
    )


def _table(found: Sequence[pl.DataFrame], names: Sequence[str]) -> pa.Table:
    if not any(frame.height for frame in found):
        return FAULTS.empty_table()
    faults = (
        pl.concat(found).sort("row", "field", "constraint").unique(["row", "field"], keep="first", maintain_order=True)
    )
    fields = pa.array(names, pa.string()).take(faults["field"].to_arrow())
    constraints = pa.array(_ORDER, pa.string()).take(faults["constraint"].to_arrow())
    return pa.Table.from_arrays([faults["row"].to_arrow(), fields, constraints], schema=FAULTS)


def message(field: Field, constraint: str, limits: Limits = _USUAL) -> tuple[str, str]:
    """What a person reads of a broken constraint.

    Args:
        field: The column.
        constraint: The constraint, as `FAULTS` names it.
        limits: With which it was checked.

    Returns:
        Message and hint.
    """
    told = {
        "required": "is required",
        dialects.NAN: "is NaN, which keeps no bound",
        "minimum": "is less than {}",
        "maximum": "is more than {}",
        "exclusiveMinimum": "is not more than {}",
        "exclusiveMaximum": "is not less than {}",
        "minLength": "has fewer than {} {}",
        "maxLength": "has more than {} {}",
        "pattern": "does not match {}",
        "enum": "is not one of {}",
        "categories": "is not among the categories {}",
        "jsonSchema": "does not keep to the JSON Schema of the column",
    }
    if constraint == LIMIT:
        what = "pattern" if field.constraints.jsonSchema is None else "JSON Schema"
        hint = "Simplify it, without look-ahead, look-behind or references back to groups, or raise the limit with"
        took = f"takes more than {limits.pattern:g} seconds, with those before it, or too much memory"
        return f"could not be checked: its {what} {took}", f"{hint} --pattern-seconds N."
    limit = dialects.limit(field, constraint) if constraint in dialects.CONSTRAINTS else None
    items = "characters" if field.type in dialects.CONSTRAINTS["minLength"].types else "items"
    return told[constraint].format(_shown(field, limit), items), field.description


def _shown(field: Field, limit: object) -> str:
    """A limit as the descriptor would write it, cut where there is no end of it."""
    if not isinstance(limit, tuple):
        text = str(dialects.written(field, limit))
        return text if len(text) <= 200 else text[:200] + "…"
    shown = ", ".join(_shown(field, item) for item in limit[:10])
    return shown + (f" and {len(limit) - 10:,} more" if len(limit) > 10 else "")


# -- beside pandera ---------------------------------------------------------------------------------------------------


def _slow(column: Field) -> dict[str, Bad]:
    """What polars cannot judge of a column, by constraint."""
    limits = column.constraints
    found: dict[str, Bad] = {}
    for name, constraint in dialects.CONSTRAINTS.items():
        if dialects.limit(column, name) is None or column.type in constraint.types:
            continue
        if name == "jsonSchema" and column.type in ("object", "array"):
            found[name] = _guarded({"jsonSchema": limits.jsonSchema})
        elif good := meanings.good(column, name):
            found[name] = _by_value(good)
    if limits.pattern is not None and column.type in dialects.CONSTRAINTS["pattern"].types and _watched(limits.pattern):
        made = patterns.compile(limits.pattern)
        found["pattern"] = _guarded({"pattern": made.python}) if made.rust is None else _sliced(made.rust)
    return found


def _by_value(good: Callable[[str], bool]) -> Bad:
    def bad(cells: pl.Series, budget: guarded.Budget) -> pl.Series:
        distinct = cells.drop_nulls().unique()
        wrong = distinct.filter(pl.Series([not good(value) for value in distinct], dtype=pl.Boolean))
        return cells.is_in(wrong.implode())

    return bad


def _guarded(job: dict[str, object]) -> Bad:
    kept: dict[str, bool] = {}

    def bad(cells: pl.Series, budget: guarded.Budget) -> pl.Series | None:
        distinct = cells.drop_nulls().unique(maintain_order=True)
        new = [value for value in distinct if value not in kept]
        with budget.spending(len(new)) as seconds:
            verdicts = guarded.judge(job, new, seconds)
        if verdicts is None:
            return None
        good = kept | dict(zip(new, verdicts, strict=True))
        kept.update((value, good[value]) for value in new[: KNOWN - len(kept)] if len(value) <= SHORT)
        wrong = pl.Series([not good[value] for value in distinct], dtype=pl.Boolean)
        return cells.is_in(distinct.filter(wrong).implode())

    return bad


def _sliced(rust: str) -> Bad:
    def bad(cells: pl.Series, budget: guarded.Budget) -> pl.Series | None:
        with budget.spending(cells.len()) as seconds:
            return sliced(cells, time.monotonic() + seconds)

    def sliced(cells: pl.Series, until: float) -> pl.Series | None:
        # Every row counts as a byte at least, so that there is an end to the rows of a slice.
        ends = (cells.str.len_bytes().fill_null(0).cast(pl.Int64) + 1).cum_sum()
        found, start = [pl.Series([], dtype=pl.Boolean)], 0
        while start < cells.len():
            if time.monotonic() > until:
                return None
            end = max(start + 1, int(ends.search_sorted((ends[start - 1] if start else 0) + SLICE, "right")))
            found.append(~cells[start:end].str.contains(rust))
            start = end
        return pl.concat(found)

    return bad

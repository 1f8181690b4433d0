"""A package examined: every resource read, its cells checked, its keys compared; what is wrong is told as it is found.

Three things go on at once, so that both cores are busy and memory is bounded. One thread reads the next piece of a file
and makes typed columns of it (`reading`); this one checks the batch before it (`cells`) and tells what is wrong; a
third writes the batch before that (`engine`). Each hands on one batch, so that no more than four are in memory. When
all tables are read, their keys are compared (`keys`).
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bastions.problems import Problem, problem
from bastions.schema import Table
from bastions.tabular.ahead import ahead
from bastions.tabular.limits import Limits

if TYPE_CHECKING:
    from bastions.tabular.batches import Batch
    from bastions.tabular.descriptor.package import Package, Resource
    from bastions.tabular.fields.guarded import Budget
    from bastions.tabular.reading import Reading
    from bastions.tabular.tables.engine import Engine, OpenWriter
    from bastions.tabular.tables.places import Places

Sink = Callable[[Problem], None]
Progress = Callable[[str, int], None]
MakeEngine = Callable[
    [Path, "Mapping[str, tuple[str, ...]]", "OpenWriter | None"], "contextlib.AbstractContextManager[Engine]"
]


@dataclass(frozen=True, slots=True)
class Examined:
    """What was looked at.

    Attributes:
        package: With its tables as the files have them.
        rows: Rows of each table, those that were reported and left out included.
        waiting: Foreign keys that were not judged, since a table that they refer to could not be read whole.
        files: Files that are no tables.
        unread: Resources and parts that could not be read, or not to their end.
    """

    package: Package
    rows: dict[str, int]
    waiting: int
    files: int
    unread: tuple[str, ...]


def examine(
    package: Package,
    folder: Path,
    tell: Sink,
    limits: Limits,
    progress: Progress | None = None,
    make_engine: MakeEngine | None = None,
    open_writer: Callable[[str, Table], Any] | None = None,
) -> Examined:
    """Reads every resource of a package and tells everything that is wrong with it.

    Args:
        package: The package.
        folder: An empty folder for temporary files.
        tell: Takes each problem, table by table, and within a table batch by batch; its keys come last.
        limits: What is read at most.
        progress: Is told the table and the number of rows after each batch; 0 rows at the beginning of another stage.
        make_engine: See `run.validate`.
        open_writer: Opens what the typed batches of a table go to, besides.
    """
    from bastions.tabular.fields import guarded
    from bastions.tabular.tables import keys

    given = package.tables
    state = _State(folder, tell, limits, progress, keys.columns(given))
    state.budget = guarded.Budget(limits.pattern)
    state.targets = frozenset(
        (key.table or name, column)
        for name, table in given.items()
        for key in table.foreign_keys
        for column in key.target_fields
    )
    make = make_engine or _embedded

    def opened(name: str, schema: pa.Schema) -> Any:
        return open_writer(name, state.tables[name]) if open_writer else None

    resources = []
    with make(folder, state.columns, opened if open_writer else None) as engine:
        for resource in package.resources:
            if resource.form:
                resources.append(replace(resource, table=_table(package, resource, engine, state)))
            else:
                _file(package, resource, state)
                resources.append(resource)
        if progress:
            progress("keys", 0)
        unsure = {*package.unread, *state.incomplete}
        for found in keys.check(state.tables, engine, state.places, unsure):
            tell(found)
        waiting = sum(
            (key.table or name) in unsure for name, table in state.tables.items() for key in table.foreign_keys
        )
    files = sum(len(resource.paths) for resource in resources if not resource.form)
    unread = (*sorted(package.unread), *state.unread)
    return Examined(replace(package, resources=tuple(resources)), state.rows, waiting, files, unread)


@dataclass(slots=True)
class _State:
    """What a run knows of all tables so far.

    Attributes:
        columns: The columns of each table that its keys ask about.
        tables: The tables that were read, as their files have them.
        incomplete: Those of which a record, or a cell that others may refer to, could not be used.
        unread: Parts that could not be read, or not to their end.
        targets: The columns that foreign keys refer to, with their tables.
        budget: The time for all patterns that take the slow path.
    """

    folder: Path
    tell: Sink
    limits: Limits
    progress: Progress | None
    columns: Mapping[str, tuple[str, ...]]
    tables: dict[str, Table] = field(default_factory=dict)
    places: dict[str, Places] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)
    targets: frozenset[tuple[str, str]] = frozenset()
    budget: Budget | None = None


def _embedded(folder: Path, columns: Mapping[str, tuple[str, ...]], open_writer: OpenWriter | None) -> Any:
    from bastions.tabular.tables.engine import Embedded

    return Embedded(folder, columns=columns, open_writer=open_writer)


def _file(package: Package, resource: Resource, state: _State) -> None:
    """A resource that is no table: whether it is there, and as large and with the digest as it is said to be."""
    from bastions.tabular.reading import Reading

    for batch in Reading(package, resource, state.limits).batches():
        for found in batch.problems:
            state.tell(found)


def _table(package: Package, resource: Resource, engine: Engine, state: _State) -> Table | None:
    """Reads a table into the engine and checks its cells; the table as its files have it, if it could be read."""
    from bastions.tabular.fields import cells
    from bastions.tabular.reading import Reading

    name, reading = resource.name, Reading(package, resource, state.limits)
    waiting: deque[Batch] = deque()
    checkers: list[Callable[[pa.RecordBatch], pa.Table]] = []
    state.rows[name] = 0

    def typed() -> Iterator[pa.RecordBatch]:
        with contextlib.closing(ahead(reading.batches())) as batches:
            for batch in batches:
                state.rows[name] += batch.lost
                if len(batch.lines):
                    _begin(reading, state)
                    waiting.append(batch)
                    yield _arrow(batch)
                else:
                    for found in batch.problems:
                        state.tell(found)
        if reading.table and name not in state.tables:
            _begin(reading, state)
            waiting.append(_empty(reading.table))
            yield _arrow(waiting[0])

    def check(batch: pa.RecordBatch) -> pa.Table:
        if not checkers:
            checkers.append(cells.checker(state.tables[name], state.limits, state.budget))
        return checkers[0](batch)

    over: set[str] = set()
    for faults in engine.load(name, typed(), check):
        batch = waiting.popleft()
        places: Places = state.places[name]
        problems = [*batch.problems, *_broken(faults, batch, reading, state, over)]
        for found in sorted(problems, key=lambda p: (p.line, p.column)):
            state.tell(found)
        for column in state.columns.get(name, ()):
            if rows := batch.bad.get(column):
                places.mark(column, places.rows + np.array(sorted(rows), np.int64))
                if (name, column) in state.targets:
                    state.incomplete.add(name)
        places.add(batch.file, batch.lines)
        state.rows[name] += len(batch.lines)
        if state.progress:
            state.progress(name, len(batch.lines))
        del batch, faults, problems  # the text of its cells is not needed while the next batch is waited for
    if not reading.complete or not reading.table:
        state.incomplete.add(name)
    state.unread += reading.unread
    return reading.table


def _begin(reading: Reading, state: _State) -> None:
    """Takes notice of a table, once its first header was read."""
    from bastions.tabular.tables.places import Places

    name = reading.resource.name
    if name in state.tables or reading.table is None:
        return
    state.tables[name] = reading.table
    state.places[name] = Places(state.folder, reading.numbers, "row" if reading.resource.form == "parquet" else "line")


def _broken(faults: pa.Table, batch: Batch, reading: Reading, state: _State, over: set[str]) -> Iterator[Problem]:
    """The cells that break a constraint, as problems; cells that are reported already are left out."""
    from bastions.tabular.batches import shown
    from bastions.tabular.fields import cells

    if not faults.num_rows or reading.table is None:
        return
    known = {name: set(rows) for name, rows in batch.bad.items()}
    told: dict[tuple[str, str], tuple[str, str]] = {}
    for row, name, constraint in zip(*(column.to_pylist() for column in faults.columns), strict=True):
        if (name, constraint) not in told:
            told[name, constraint] = cells.message(reading.table[name], constraint, state.limits)
        message, hint = told[name, constraint]
        number = reading.numbers[name]
        if row < 0:
            if name not in over:
                over.add(name)
                yield problem(constraint, batch.file, message, column=number, field=name, hint=hint)
        elif row not in known.get(name, ()):
            cell = batch.text[name][row]
            value = "" if cell is None else shown(cell)
            line = int(batch.lines[row])
            yield problem(
                "constraint-error", batch.file, message, line=line, column=number, field=name, value=value, hint=hint
            )


def _arrow(batch: Batch) -> pa.RecordBatch:
    import polars as pl

    (made,) = batch.typed.rechunk().to_arrow(compat_level=pl.CompatLevel.newest()).to_batches() or [None]
    if made is None:
        made = pa.RecordBatch.from_pylist([], batch.typed.to_arrow(compat_level=pl.CompatLevel.newest()).schema)
    return made


def _empty(table: Table) -> Batch:
    import polars as pl

    from bastions import dialects
    from bastions.tabular.batches import Batch

    frame = pl.DataFrame(schema=dialects.polars_schema(table))
    return Batch("", np.empty(0, np.int64), frame, frame, [])

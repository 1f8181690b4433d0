"""What keeps typed batches and answers questions about whole tables: the seam between the checks and a machine.

Everything from typed columns on is either a pure function of an Arrow batch (`Check`) or one of three set operations
(`duplicates`, `nulls`, `orphans`); whoever does these for `Engine` can run a validation. `Embedded` does them on this
machine: batches go to Parquet files in a temporary folder, and DuckDB answers in bounded memory, spilling to the same
folder and allowed to open nothing else.

Equal means equal as values: 1 and 1.0 are, text and numbers never; zero has no sign, and NaN equals itself.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

import pyarrow as pa

from bastions.dialects import quoted
from bastions.tabular.tables.kept import Kept, Own, equal, kind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Check = Callable[[pa.RecordBatch], pa.Table]
"""A pure function of a batch; see `cells.checker`."""

_ANSWER = 65_536  # rows of a batch of an answer


class Engine(Protocol):
    """Keeps tables and answers questions about them.

    Rows are numbered from 0 over all batches of a table. A tuple with a null in any part equals nothing and refers to
    nothing. A column that a table was loaded without is not judged: questions that name it have no answers. `KeyError`
    is raised for a table that was not loaded.
    """

    def load(self, table: str, batches: Iterator[pa.RecordBatch], check: Check) -> Iterator[pa.Table]:
        """Keeps batches of one schema as a table and yields what `check` says of each, in order.

        The table can be asked about once the iterator is exhausted; one that is given up was never loaded.
        """
        ...

    def duplicates(self, table: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The rows whose values equal those of an earlier row, by row.

        Columns: `row` and `first`, the first row with these values (int64); the values as text, named "0", "1", ….
        """
        ...

    def nulls(self, table: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Each null in the columns, by row and the given order: `row` (int64) and `column` (string)."""
        ...

    def orphans(
        self, table: str, columns: Sequence[str], target: str, target_columns: Sequence[str]
    ) -> Iterator[pa.RecordBatch]:
        """The rows whose values stand in no row of `target`, by row: `row`, and the values as in `duplicates`.

        Values of different types are never equal, but whole numbers and fractions are compared as numbers.
        """
        ...

    def rows(self, table: str) -> int:
        """How many rows a table has; 0 for one that was not loaded."""
        ...


class Writer(AbstractContextManager[Any], Protocol):
    """What batches are written to, in order; leaving its context ends the file, or gives it up at an exception."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Writes a batch."""
        ...


OpenWriter = Callable[[str, pa.Schema], Writer]
"""Opens what the whole batches of a table go to: its name and the schema of its batches are given."""


class Embedded:
    """The engine of one machine: Parquet files and DuckDB.

    Args:
        folder: An existing, private folder for its files; see `scratch`.
        columns: The columns of each table that questions will name; all where it is None.
        open_writer: Opens what each table's whole batches are written to besides, in the thread that keeps them. An
            exception of its `write` ends the load.
        memory: What DuckDB may take before it spills.
        threads: How many threads DuckDB runs.
    """

    def __init__(
        self,
        folder: Path,
        *,
        columns: Mapping[str, Collection[str]] | None = None,
        open_writer: OpenWriter | None = None,
        memory: str = "400MB",
        threads: int = 2,
    ) -> None:
        self._folder = folder.resolve()
        self._columns = columns
        self._open_writer = open_writer
        self._config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "threads": threads,
            "preserve_insertion_order": False,
            "temp_directory": str(self._folder / "spill"),
            "python_enable_replacements": False,
        }
        self._tables: dict[str, Kept] = {}
        self._numbers = itertools.count()
        self._connection: DuckDBPyConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends DuckDB; the files stay, since the folder is the caller's."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def load(self, table: str, batches: Iterator[pa.RecordBatch], check: Check) -> Iterator[pa.Table]:
        """See `Engine.load`; while a batch is checked and the next one is made, it is written in another thread."""
        if table in self._tables:
            raise ValueError(f"{table} is loaded already")
        kept = Kept(self._folder / f"{next(self._numbers):04}.parquet")
        writers: list[Writer] = []
        with contextlib.ExitStack() as stack:
            # Left in reverse order: the thread ends, then the writers close.
            closing = stack.enter_context(contextlib.ExitStack())
            pool = stack.enter_context(ThreadPoolExecutor(1))
            for number, batch in enumerate(batches):
                if not number:
                    writers = self._open(table, kept, batch, closing)
                written = pool.submit(_keep, kept, batch, writers)
                yield check(batch)
                written.result()  # before the next is taken: memory is bounded, and a full disk is told at once
        self._tables[table] = kept

    def _open(self, table: str, kept: Kept, batch: pa.RecordBatch, closing: contextlib.ExitStack) -> list[Writer]:
        kept.begin(batch.schema, None if self._columns is None else self._columns.get(table, ()))
        writers: list[Writer] = []
        if kept.names:
            writers.append(Own(kept, batch))
        if self._open_writer:
            writers.append(self._open_writer(table, batch.schema))
        for writer in writers:
            closing.enter_context(writer)
        return writers

    def duplicates(self, table: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """See `Engine.duplicates`; ascending keys cost nothing, and others are counted before they are compared."""
        kept = self._tables[table]
        if not set(columns) <= set(kept.names) or not kept.rising.keys().isdisjoint(columns):
            return
        keys = ", ".join(f"k{i}" for i in range(len(columns)))
        count = f"SELECT count(*), count(DISTINCT hash({keys})) FROM ({kept.select(columns)})"
        for answer in self._ask(count):
            if answer.column(0)[0].as_py() == answer.column(1)[0].as_py():
                return
        # Equal values have equal hashes, so only rows with a common hash, which are few, are compared as they are.
        same = " AND ".join(f"t.k{i} = f.k{i}" for i in range(len(columns)))
        yield from self._ask(
            f"""WITH t AS NOT MATERIALIZED ({kept.select(columns)}),
            h AS (SELECT hash({keys}) AS hash FROM t GROUP BY 1 HAVING count(*) > 1),
            f AS (SELECT {keys}, min(row) AS first FROM t SEMI JOIN h ON hash({keys}) = h.hash GROUP BY {keys}),
            d AS (SELECT t.*, first FROM t JOIN f ON {same} WHERE row > first)
            SELECT row, first, {kept.spelled(columns)} FROM d ORDER BY row"""
        )

    def nulls(self, table: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """See `Engine.nulls`."""
        kept = self._tables[table]
        columns = [name for name in columns if kept.nulls.get(name)]
        if not columns:
            return
        asked = " UNION ALL ".join(
            f"SELECT row, {number} AS number FROM ({kept.select([name], given=False)}) WHERE k0 IS NULL"
            for number, name in enumerate(columns)
        )
        names = pa.array(columns, pa.string())
        for batch in self._ask(f"{asked} ORDER BY row, number"):
            yield pa.record_batch({"row": batch.column(0), "column": names.take(batch.column(1))})

    def orphans(
        self, table: str, columns: Sequence[str], target: str, target_columns: Sequence[str]
    ) -> Iterator[pa.RecordBatch]:
        """See `Engine.orphans`."""
        kept, other = self._tables[table], self._tables[target]
        if not set(columns) <= set(kept.names) or (other.rows and not set(target_columns) <= set(other.names)):
            return
        asked = f"SELECT row, {kept.spelled(columns)} FROM ({kept.select(columns)}) t"
        if other.rows:
            pairs = zip(columns, target_columns, strict=True)
            types = [(kept.types[near], other.types[far]) for near, far in pairs]
            if all(kind(near) == kind(far) for near, far in types):
                same = " AND ".join(equal(f"t.k{i}", near, f"u.k{i}", far) for i, (near, far) in enumerate(types))
                asked += f" ANTI JOIN ({other.select(target_columns)}) u ON {same}"
        yield from self._ask(f"{asked} ORDER BY row")

    def rows(self, table: str) -> int:
        """See `Engine.rows`."""
        return self._tables[table].rows if table in self._tables else 0

    def _ask(self, query: str) -> Iterator[pa.RecordBatch]:
        with _failures(), self._connect().cursor() as cursor:
            yield from cursor.sql(query).to_arrow_reader(_ANSWER)

    def _connect(self) -> DuckDBPyConnection:
        if not self._connection:
            import duckdb

            self._connection = duckdb.connect(config=self._config)
            self._connection.execute(f"SET allowed_directories = [{quoted(str(self._folder))}]")
            self._connection.execute("SET enable_external_access = false")
            self._connection.execute("SET lock_configuration = true")
        return self._connection


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    """DuckDB's word for a full disk or too little memory is an `OSError` here, as everywhere else."""
    import duckdb

    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        # The first line says it; the rest is advice on settings that nobody can reach.
        raise OSError(f"keys could not be compared: {str(error).splitlines()[0]}") from error


def _keep(kept: Kept, batch: pa.RecordBatch, writers: Sequence[Writer]) -> None:
    kept.look(batch)
    for writer in writers:
        writer.write(batch)

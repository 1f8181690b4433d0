"""Where the rows of a table stand: from the number of a row over all parts to its file and physical line.

Lines follow each other nearly always, so that a batch is a few runs of which the beginnings are kept; a batch with many
cells of several lines goes to a file of the run's temporary folder. Either way memory stays small for any number of
rows. The cells of key columns that were reported are remembered too, so that nothing is reported twice.
"""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]

RUNS = 4_096
"""How many runs of a batch are kept in memory at most: some 20 MB for 100 million rows."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Rows `first` and on, of one file.

    Attributes:
        starts: The rows, from 0 in the batch, at which lines stop to follow each other.
        lines: The lines of these rows.
        saved: The file that holds the lines of all rows instead.
    """

    first: int
    file: str
    starts: Rows
    lines: Rows
    saved: Path | None

    def of(self, rows: Rows) -> Rows:
        """The lines of rows of this batch, counted in the batch."""
        if self.saved:
            return np.asarray(np.load(self.saved, mmap_mode="r")[rows], dtype=np.int64)
        run = np.searchsorted(self.starts, rows, side="right") - 1
        return self.lines[run] + (rows - self.starts[run])


@dataclass(frozen=True, slots=True)
class _Marks:
    """Rows `first` to `last` of which some are marked: their numbers from `first`, or where `dense`, a bit a row."""

    first: int
    last: int
    dense: bool
    marked: npt.NDArray[np.uint32] | npt.NDArray[np.uint8]

    def of(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Which of rows between `first` and `last` are marked."""
        offsets = rows - self.first
        if self.dense:
            bits = self.marked[offsets >> 3] >> (offsets & 7)
            return np.asarray(bits & 1, dtype=np.bool_)
        return np.isin(offsets, self.marked)


class Places:
    """The places of the rows of one table, filled batch by batch.

    Args:
        folder: Where batches that do not follow a pattern are kept; it outlives this object.
        columns: The number of each column's cell in its row, from 1, where the file has another order than the schema.
        counted: What the numbers of the file count, for people: a "line", or in Parquet a "row".
    """

    def __init__(self, folder: Path, columns: Mapping[str, int] | None = None, counted: str = "line") -> None:
        self.columns = dict(columns or {})
        self.counted = counted
        self.rows = 0
        self._folder = folder
        self._batches: list[_Batch] = []
        self._firsts: list[int] = []
        self._marks: dict[str, list[_Marks]] = {}

    def add(self, file: str, lines: Rows) -> None:
        """The next rows: their file, relative to the package, and the physical line on which each begins."""
        if not len(lines):
            return
        starts = np.concatenate(([0], np.flatnonzero(np.diff(lines) != 1) + 1)).astype(np.int64)
        if len(starts) > RUNS:
            nothing = np.empty(0, np.int64)
            batch = _Batch(self.rows, file, nothing, nothing, self._save(lines))
        else:
            batch = _Batch(self.rows, file, starts, lines[starts].astype(np.int64), None)
        self._batches.append(batch)
        self._firsts.append(self.rows)
        self.rows += len(lines)

    def _save(self, lines: Rows) -> Path:
        small = int(lines.max()) < 2**32
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix="lines-", suffix=".npy", delete=False) as file:
            np.save(file, lines.astype(np.uint32) if small else lines)
        return Path(file.name)

    def place(self, row: int) -> tuple[str, int]:
        """The file and the physical line of a row; `IndexError` where there is none of that number."""
        files, lines = self.places(np.array([row], np.int64))
        return files[0], int(lines[0])

    def places(self, rows: Rows) -> tuple[list[str], Rows]:
        """The files and the physical lines of rows, in their order; `IndexError` where there is none."""
        if len(rows) and (int(rows.min()) < 0 or int(rows.max()) >= self.rows):
            raise IndexError(f"there are {self.rows} rows")
        lines = np.empty(len(rows), np.int64)
        files = [""] * len(rows)
        number = np.searchsorted(self._firsts, rows, side="right") - 1
        order = np.argsort(number, kind="stable")
        cuts = np.flatnonzero(np.diff(number[order])) + 1
        for here in np.split(order, cuts) if len(rows) else []:
            batch = self._batches[number[here[0]]]
            lines[here] = batch.of(rows[here] - batch.first)
            for index in here.tolist():
                files[index] = batch.file
        return files, lines

    def mark(self, field: str, rows: Rows) -> None:
        """Cells of a column that were reported: the rows of one batch, ascending and later than those marked before."""
        if not len(rows):
            return
        first, last = int(rows[0]), int(rows[-1])
        if len(rows) * 32 > last - first:
            flags = np.zeros(last - first + 1, np.bool_)
            flags[rows - first] = True
            marks = _Marks(first, last, True, np.packbits(flags, bitorder="little"))
        else:
            marks = _Marks(first, last, False, (rows - first).astype(np.uint32))
        self._marks.setdefault(field, []).append(marks)

    def bad(self, field: str, rows: Rows) -> npt.NDArray[np.bool_]:
        """Of rows in ascending order, which have a cell in this column that was reported."""
        found = np.zeros(len(rows), np.bool_)
        marks = self._marks.get(field, [])
        if not marks or not len(rows):
            return found
        earliest = max(0, bisect_right(marks, int(rows[0]), key=lambda some: some.first) - 1)
        for some in marks[earliest:]:
            start, stop = np.searchsorted(rows, (some.first, some.last + 1))
            if start == len(rows):
                break
            found[start:stop] |= some.of(rows[start:stop])
        return found

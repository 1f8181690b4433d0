"""A Parquet file of a release: whether it can be of one, and whether it holds the cells of the CSV file beside it.

A release that comes from anywhere may hold anything, and small files of Parquet can stand for any amount of memory. So
its types are held against those that a release writes before a cell is read, and its rows are read in bounded memory,
as the validator reads them (`bastions.tabular.parquet`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from bastions import dialects, schema
from bastions.problems import Problem, number, problem
from bastions.tabular.limits import Limits
from bastions.tabular.parquet import opening
from bastions.tabular.parquet.unreadable import FAILURES, REFUSALS, Unreadable, first_line

HINT = "The release contradicts itself; tell its publisher."
LIMITS = Limits(cell=16_000_000, row=16_000_000, columns=10_000)
"""Named limits of a Parquet file; at once it may take 64 times the limit of a row in memory."""
TEXT = 1_000_000_000
"""Named limit of a CSV file, in bytes; `diff` has the same."""
BYTES, RATIO = 4_000_000_000, 500
"""Named limit of what the Parquet files of a release hold unpacked, 8 bytes a cell besides: so many bytes, or so many
times their own size, whichever is more. A small release takes some ten seconds at most."""

WRITTEN = frozenset(kind.arrow for kind in dialects.TYPES.values())
"""The types of Arrow that a release writes."""
BESIDE = frozenset(dialects.TYPES[name].arrow for name in schema.TYPES)
"""Those of tables that are there as CSV too."""
_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
"""With which files begin that polars would unpack without being asked to."""


@dataclass(slots=True)
class Budget:
    """What may be read of the Parquet files of a release, in bytes.

    Attributes:
        limit: In all.
        left: Still.
    """

    limit: int
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.limit


def budget(folder: Path, names: Iterable[str]) -> Budget:
    """What may be read of the Parquet files of a release, by their sizes."""
    return Budget(max(BYTES, RATIO * sum((folder / name).stat().st_size for name in names)))


def check(path: Path, name: str, rows: object, text: tuple[Path, str] | None, budget: Budget) -> Iterator[Problem]:
    """What is wrong with a Parquet file.

    Args:
        path: The file.
        name: What it is called in the release.
        rows: How many rows BUILD.json says that it has.
        text: The CSV file that holds the same, and what that is called; None where there is none.
        budget: What may still be read; it is spent.
    """
    try:
        with path.open("rb") as stream:
            file = opening.opened(stream, LIMITS)
            yield from _check(file, name, rows, text, budget)
    except Unreadable as error:
        yield problem(error.rule, name, str(error), hint=HINT)
    except (*FAILURES, *REFUSALS) as error:
        yield problem("source-error", name, f"cannot be read: {first_line(error)}", hint=HINT)


def _check(
    file: opening.Opened, name: str, rows: object, text: tuple[Path, str] | None, budget: Budget
) -> Iterator[Problem]:
    known = WRITTEN if text is None else BESIDE
    if odd := [at for at, kind in enumerate(file.types) if kind not in known]:
        where = "" if text is None else " beside CSV"
        message = f"is stored as {str(file.types[odd[0]])[:200]}, which no release writes{where}"
        yield problem("type-error", name, message, field=file.names[odd[0]], hint=HINT)
        return
    height = file.file.metadata.num_rows
    if type(rows) is not int or height != rows:
        yield problem("row-count", name, f"has {height:,} rows, and BUILD.json says {told(rows)}", hint=HINT)
    cells: pl.DataFrame | None = None
    if text is not None:
        read = _cells(*text)
        if isinstance(read, Problem):
            yield read
            return
        cells = read
        if cells.columns != list(file.names):
            yield problem("incorrect-label", name, f"has other columns than {text[1]}", hint=HINT)
            return
        if cells.height != height:
            yield problem("row-count", name, f"has {height:,} rows, and {text[1]} {cells.height:,}", hint=HINT)
            return
    seen, differing = 0, set[str]()
    for block in file.blocks():
        if block.faults:
            fault = block.faults[0]
            label = file.names[fault.column - 1] if fault.column else ""
            message = f"row {fault.line:,} {fault.message}"
            yield problem(fault.rule, name, message, field=label, value=fault.value, hint=HINT)
            return
        frame = block.text
        budget.left -= int(frame.estimated_size()) + 8 * frame.height * frame.width
        if budget.left < 0:
            message = f"holds more than the limit of all tables, {budget.limit:,} bytes"
            yield problem("file-limit", name, message, hint=HINT)
            return
        if cells is not None and text is not None:
            for found in _differences(cells.slice(seen, frame.height), frame, seen, differing):
                message = f"has another value than {name}"
                column, row, value = found
                yield problem("type-error", text[1], message, line=row + 2, field=column, value=value, hint=HINT)
        seen += frame.height
    if seen != height:
        message = f"says that it has {number(height, 'row')}, and holds {seen:,}"
        yield problem("row-count", name, message, hint=HINT)


def _cells(path: Path, name: str) -> pl.DataFrame | Problem:
    """A CSV file as text, what is empty null."""
    if path.stat().st_size > TEXT:
        return problem("file-limit", name, f"has more than {TEXT:,} bytes, the limit", hint=HINT)
    with path.open("rb") as stream:
        if stream.read(4).startswith(_PACKED):
            return problem("source-error", name, "is compressed, and no CSV", hint=HINT)
    try:
        return pl.read_csv(path, infer_schema=False, has_header=True, glob=False)
    except (*REFUSALS, ValueError) as error:
        message = f"cannot be read: {first_line(error) or type(error).__name__}"
        return problem("source-error", name, message, hint=HINT)


def _differences(
    cells: pl.DataFrame, frame: pl.DataFrame, before: int, known: set[str]
) -> Iterator[tuple[str, int, str]]:
    """The first difference of each column: its name, the number of the row from 0, and the text of the cell.

    Args:
        cells: Rows of the CSV file.
        frame: The same rows of the Parquet file, its columns named by their numbers.
        before: How many rows stand before them.
        known: The columns that differ in an earlier row; those found are added.
    """
    for at, name in enumerate(cells.columns):
        if name in known:
            continue
        text, values = cells[name], frame[str(at)]
        # What is no value of the type becomes null, and is none all the same: only an empty cell may be null.
        differ = _typed(text, values.dtype).ne_missing(values) | (text.is_null() != values.is_null())
        if differ.any():
            row = differ.arg_true()[0]
            known.add(name)
            yield name, before + row, str(text[row] or "")


def _typed(cells: pl.Series, kind: pl.DataType) -> pl.Series:
    """The cells of a CSV file as values; null what is no value."""
    if kind == pl.Boolean:
        known = {"true": True, "false": False}
        return cells.replace_strict(known, default=None, return_dtype=pl.Boolean)
    if kind == pl.Date:
        return cells.str.to_date("%Y-%m-%d", strict=False)
    if kind == pl.Time:
        return cells.str.to_time("%H:%M:%S", strict=False)
    return cells.cast(kind, strict=False)


def told(value: object) -> str:
    """A value of a JSON file in a message; not what holds others, which may be of any depth and size."""
    plain = value is None or isinstance(value, str | int | float)
    return repr(value)[:200] if plain else "a list" if isinstance(value, list) else "an object"

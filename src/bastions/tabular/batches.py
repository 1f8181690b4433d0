"""Typed batches of a resource: a block of text or of Parquet as one, and small ones joined.

Each batch keeps its text as long as it is at hand, so that a cell that is found faulty later can be told as it stands
in the file, which is not read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from bastions.problems import Problem, problem
from bastions.schema import Field
from bastions.tabular.fields import values
from bastions.tabular.parquet import kinds
from bastions.tabular.text.block import Block

ROWS = 250_000
"""Rows of a batch, where they are not too wide: smaller ones cost more, larger ones only memory."""
CELLS, PROBLEMS = 8_000_000, 32_768
"""Cells and problems of a batch, about, at most."""
BYTES = 160_000_000
"""Bytes that blocks take together, at most; one that takes more is a batch of its own."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one part, typed.

    Attributes:
        file: The part.
        lines: The physical line on which each row begins; of Parquet the number of the row in the file.
        text: The cells as they stand in the file, missing ones null, in the columns of `typed`.
        typed: The rows; a cell that is no value of its type is null.
        problems: What is wrong with rows and single cells so far, in the order of the file.
        bad: Of each column the rows whose cell was reported.
        lost: How many records were reported and left out.
    """

    file: str
    lines: npt.NDArray[np.int64]
    text: pl.DataFrame
    typed: pl.DataFrame
    problems: list[Problem]
    bad: dict[str, list[int]] = field(default_factory=dict)
    lost: int = 0


class Made:
    """What is made of a block, column by column."""

    def __init__(self, block: Block, path: str, numbers: dict[str, int]):
        self.block, self.path, self.numbers = block, path, numbers
        self.text: dict[str, pl.Series] = {}
        self.typed: dict[str, pl.Series] = {}
        self.found: list[tuple[int, int, Problem]] = []
        self.bad: dict[str, list[int]] = {}

    def take(self, column: Field, cells: pl.Series, typed: pl.Series) -> None:
        """A column; cells that are no values of its type are told."""
        self.text[column.name], self.typed[column.name] = cells, typed
        if typed.null_count() > cells.null_count():
            rows = (cells.is_not_null() & typed.is_null()).arg_true().to_list()
            self.bad[column.name] = rows
            message = f"is not {values.hint(column)}"
            for row in rows:
                self.add(row, column, "type-error", message, column.description)
        if column.type == "number":
            text = cells.dtype == pl.String
            inexact = values.inexact(column, cells, typed) if text else kinds.inexact(cells, typed)
            for row in inexact.arg_true().to_list():
                message = "has more digits than a number of 64 bits keeps"
                self.add(row, column, "inexact-number", message, "Give the column the type string.", "warning")

    def add(self, row: int, column: Field, rule: str, message: str, hint: str, severity: str = "error") -> None:
        """A problem of one cell."""
        line, number = int(self.block.lines[row]), self.numbers[column.name]
        made = problem(
            rule,
            self.path,
            message,
            line=line,
            column=number,
            field=column.name,
            value=shown(self.text[column.name][row]),
            hint=hint,
            severity=severity,
        )
        self.found.append((line, number, made))


def shown(value: object) -> str:
    """The cell as a problem shows it: its beginning, where it is long."""
    return str(value)[:1_000]


def without_missing(cells: pl.Series, column: Field, null: str | None) -> pl.Series:
    """The cells, null where they stand for no value."""
    missing = [*column.missing, *([null] if null is not None else [])]
    if not missing:
        return cells
    none = cells == missing[0] if len(missing) == 1 else cells.is_in(missing)
    return cells.set(none, None) if none.any() else cells


def gathered(blocks: Iterator[Batch]) -> Iterator[Batch]:
    """Blocks joined to batches of `ROWS` rows, where they are not too wide; each of one file."""
    held: list[Batch] = []
    rows = cells = problems = size = 0
    for block in blocks:
        taken = block.text.estimated_size() + block.typed.estimated_size()
        whole = not len(block.lines) or (held and held[0].file != block.file) or size + taken > BYTES
        if held and whole:
            yield _joined(held)
            held, rows, cells, problems, size = [], 0, 0, 0, 0
        if not len(block.lines):
            yield block
            continue
        held.append(block)
        rows += len(block.lines)
        cells += len(block.lines) * block.typed.width
        problems += len(block.problems)
        size += int(taken)
        if rows >= ROWS or cells >= CELLS or problems >= PROBLEMS:
            yield _joined(held)
            held, rows, cells, problems, size = [], 0, 0, 0, 0
    if held:
        yield _joined(held)


def _joined(held: list[Batch]) -> Batch:
    if len(held) == 1:
        return held[0]
    bad: dict[str, list[int]] = {}
    first = 0
    for batch in held:
        for name, rows in batch.bad.items():
            bad.setdefault(name, []).extend(first + row for row in rows)
        first += len(batch.lines)
    return Batch(
        held[0].file,
        np.concatenate([batch.lines for batch in held]),
        pl.concat((batch.text for batch in held), rechunk=False),
        pl.concat((batch.typed for batch in held), rechunk=False),
        [found for batch in held for found in batch.problems],
        bad,
        sum(batch.lost for batch in held),
    )

"""What the readers hand on: a batch of rows as text, with the physical line on which each begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of one file, in its order.

    Attributes:
        text: The cells as they stand in the file, quotes taken off: one String column a label, in the file's order
            and named "0", "1", …; no nulls (an empty cell is "").
        lines: The physical line, from 1, on which each row begins; int64, as many as rows.
        faults: What is wrong with rows that cannot be used; these rows are not in `text`.
        look: False where no cell can hold what is dangerous (see `dangers`), so that none need be looked at.
    """

    text: pl.DataFrame
    lines: npt.NDArray[np.int64]
    faults: tuple[RowFault, ...] = ()
    look: bool = True


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row, or a place in it, as far as the bytes tell.

    Attributes:
        line: Physical line, from 1.
        column: Number of the cell, from 1; 0 where the fault is of the row.
        rule: `extra-cell`, `missing-cell`, `blank-row`, `unclosed-quote`, `stray-quote`, `encoding-error`,
            `row-limit`, `cell-limit`, `forbidden-character`, …
        value: The offending text, or empty.
    """

    line: int
    column: int
    rule: str
    message: str
    value: str = ""
    hint: str = ""
    severity: str = "error"

"""What is allowed in a cell and yet dangerous: characters that nobody sees, beginnings that a spreadsheet would run.

RFC 4180 and Table Schema allow both, so in other people's packages these are warnings (see `files` for this
repository's own rule, which refuses them).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from bastions.schema import Table
from bastions.unseen import CONTROLS, INVISIBLE, JOINERS, SHAPED

# Joiners are looked for where they do nothing: at an end of the cell, or beside a character that they cannot join.
# Spaces of other kinds, variation selectors and the fillers of old Korean are common in texts and harmless.
_UNSEEN = f"[{CONTROLS}{INVISIBLE}]|^[{JOINERS}]|[{JOINERS}]$|[^{SHAPED}][{JOINERS}]|[{JOINERS}][^{SHAPED}]"
_FORMULA = r"^[=+@\t\r＝＋＠]"
_NUMBER = r"^[+]?[0-9.,\s%]+$"


_PART = 1 << 20  # bytes that stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Danger:
    """One dangerous cell: its row in the frame, its field, and what is dangerous."""

    row: int
    field: str
    rule: str
    message: str
    hint: str


def may_hold(data: bytes, before: bytes, line_ends: int | None = None) -> bool:
    """Whether text in these bytes, in UTF-8, can hold what `find` looks for; False is certain.

    Args:
        data: The bytes of whole rows.
        before: The bytes that can stand before a cell: delimiter, quote, line end.
        line_ends: How many of them are line feeds, or carriage returns at the end of a row, if that is known.
    """
    cells = np.frombuffer(data, np.uint8)
    if any(sign in data for sign in (b"\t", b"\x7f")):
        return True
    # A carriage return begins a formula too, and cannot be told from one that ends a row unless these were counted.
    for sign in b"=+@" if line_ends is not None else b"=+@\r":
        if sign in data:
            places = np.flatnonzero(cells == sign)
            if not places[0] or np.isin(cells[places - 1], list(before)).any():
                return True
    if not data.isascii() and any(_leads(cells, lead) for lead in _UNSEEN_BYTES if lead in data):
        return True
    if line_ends is None:
        line_ends = data.count(b"\n") + data.count(b"\r")
    parts = (cells[start : start + _PART] for start in range(0, len(cells), _PART))
    return sum(int(np.count_nonzero(part < 32)) for part in parts) > line_ends


# The characters of `_UNSEEN` and `_FORMULA` beyond ASCII in UTF-8: after each first byte, the ranges of the two next.
_UNSEEN_BYTES = {
    0xC2: [((0x80, 0x9F), (0, 0xFF)), ((0xAD, 0xAD), (0, 0xFF))],
    0xCD: [((0x8F, 0x8F), (0, 0xFF))],
    0xD8: [((0x9C, 0x9C), (0, 0xFF))],
    0xE1: [((0x9E, 0x9E), (0xB4, 0xB5)), ((0xA0, 0xA0), (0x8E, 0x8E))],
    0xE2: [((0x80, 0x80), (0x8B, 0x8F)), ((0x80, 0x80), (0xA8, 0xAE)), ((0x81, 0x81), (0xA0, 0xAF))],
    0xE3: [((0x85, 0x85), (0xA4, 0xA4))],
    0xEF: [
        ((0xBB, 0xBB), (0xBF, 0xBF)),
        ((0xBE, 0xBE), (0xA0, 0xA0)),
        ((0xBF, 0xBF), (0xB0, 0xBF)),
        ((0xBC, 0xBC), (0x8B, 0xA0)),
    ],
    0xF0: [((0x9B, 0x9B), (0xB2, 0xB2)), ((0x9D, 0x9D), (0x85, 0x85))],
    0xF3: [((0xA0, 0xA0), (0x80, 0xBF))],
}


def _leads(cells: npt.NDArray[np.uint8], lead: int) -> bool:
    """Whether a byte begins one of these characters somewhere."""
    places = np.flatnonzero(cells == lead)
    places = places[places < len(cells) - 2]  # a row ends after its last character
    one, two = cells[places + 1], cells[places + 2]
    return any(
        bool(((one >= a) & (one <= b) & (two >= c) & (two <= d)).any()) for (a, b), (c, d) in _UNSEEN_BYTES[lead]
    )


def find(table: Table, text: pl.DataFrame) -> Iterator[Danger]:
    """The dangerous cells of a frame of text; numbers and the like, which are refused otherwise, are left out.

    Args:
        table: Whose columns the frame has, some or all.
        text: Cells as text; nulls are no cells.
    """
    for column in table.fields:
        if column.type not in ("string", "any") or column.name not in text.columns:
            continue
        cells = text[column.name]
        for row in cells.str.contains(_UNSEEN).arg_true().to_list():
            message = "holds a character that nobody sees"
            yield Danger(row, column.name, "unseen-character", message, "It is allowed; best delete it.")
        run = cells.str.contains(_FORMULA)
        if run.any():
            for row in (run & ~cells.str.contains(_NUMBER)).arg_true().to_list():
                message = "begins like a formula, which a spreadsheet would run"
                yield Danger(row, column.name, "formula-cell", message, "It is allowed; whoever opens it be warned.")

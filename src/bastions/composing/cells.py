"""A single cell, judged at once by the same checks that `bastions validate` runs on it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from bastions.composing.talk import Unfit
from bastions.dataset import typed
from bastions.schema import Field, Table
from bastions.validation.cells import faults


def fit(table: Table, column: Field, text: str) -> str:
    """The text, if it is a value of the column.

    Args:
        table: A table that has the column.
        column: Its type, codes and constraints.
        text: A cell; an empty one is judged too.

    Raises:
        Unfit: If it is none, with what would be one.
    """
    if column.type == "string" and text[:1] in ("=", "+", "@", "-", "＝", "＋", "＠", "－"):
        raise Unfit(f'"{text}" begins like a formula, which a spreadsheet would run; begin with a letter or digit.')
    single = replace(table, fields=(column,), primary_key=(column.name,))
    frame = pl.DataFrame({column.name: [text or None]}, schema={column.name: pl.String()})
    for fault in faults(single, frame, typed(single, frame), set()):
        raise Unfit(f'"{text}" {fault.message}. {fault.hint}'.strip())
    return text

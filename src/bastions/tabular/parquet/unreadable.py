"""What a Parquet file says that cannot be read, and what the libraries raise there."""

from __future__ import annotations

import polars as pl
import pyarrow as pa


class Unreadable(ValueError):
    """A file that is no Parquet, or cannot be read; the message is for people.

    Attributes:
        rule: The rule that it breaks.
        hint: What to do.
    """

    def __init__(self, message: str, rule: str = "source-error", hint: str = ""):
        super().__init__(message)
        self.rule = rule
        self.hint = hint or "Write it again with a program that writes Parquet."


FAILURES = (pa.ArrowException, OSError, MemoryError, UnicodeDecodeError)
"""What Arrow raises at a damaged file; a Unicode error where a name is no UTF-8."""
REFUSALS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, pa.ArrowException)
"""What polars raises at what it does not take; a panic is no `Exception`."""


def first_line(error: BaseException) -> str:
    """The beginning of what a library says."""
    return str(error).partition("\n")[0][:300]

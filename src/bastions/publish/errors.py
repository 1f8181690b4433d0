"""Why nothing was published."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bastions.validation import Report


class Refused(ValueError):
    """The dataset has errors, so nothing was written; `report` lists them."""

    def __init__(self, report: Report):
        from bastions import problems

        self.report = report
        super().__init__(problems.summary(report))


class CannotPublish(RuntimeError):
    """The dataset may be right, but no release can be made of it here and now; the message is for people."""


class Busy(CannotPublish):
    """Another build is writing to the same folder."""


class NotARelease(CannotPublish):
    """The folder to be replaced holds what no release put there."""


class CircleError(CannotPublish):
    """Rows of one table refer to each other in a circle, so that none can be loaded before the other."""


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Sees to it that what fails while `path` is written says so.

    What the system says of a full disk while a file is being written, and what pyarrow and DuckDB say, names no file.

    Raises:
        OSError: With the name of the file, for one that has none.
        CannotPublish: If DuckDB cannot read or write its files, or runs out of memory.
    """
    try:
        yield
    except OSError as error:
        if error.filename is not None:
            raise
        raise OSError(error.errno or 0, error.strerror or str(error), str(path)) from error
    except Exception as error:
        duckdb = sys.modules.get("duckdb")
        if duckdb is None or not isinstance(error, duckdb.OperationalError | duckdb.FatalException):
            raise
        raise CannotPublish(f"{path} could not be written: {str(error).splitlines()[0]}") from error

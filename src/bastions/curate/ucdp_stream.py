"""A delimited file of UCDP as a stream of text frames: a CSV file or one in a zip, whatever its size.

Read strictly: what is no CSV with commas in UTF-8, or has other columns, is a problem that says so, and no row is
skipped without one. Only the columns that are asked for are kept.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv

from bastions.curate.ucdp_release import header
from bastions.problems import Problem, problem

BLOCK = 16 << 20
"""Bytes of the file that are read at once."""

MAX_HEAD = 1 << 20
"""Named limit: bytes in which the header has to end."""


@dataclass(slots=True)
class Source:
    """A file that is being read.

    Attributes:
        path: The CSV file, or a zip with one CSV file in it.
        problems: What was wrong so far.
    """

    path: Path
    problems: list[Problem] = field(default_factory=list)

    def frames(self) -> Iterator[pl.DataFrame]:
        """Batches of rows as text, empty cells null; it ends at the first batch that has an error.

        Raises:
            OSError: If the file cannot be read.
        """
        with ExitStack() as stack:
            opened = _open(self.path, stack)
            if isinstance(opened, Problem):
                self.problems.append(opened)
                return
            head, self.problems = _head(opened, self.path.name)
            if head is None:
                return
            yield from self._batches(head, opened)

    def _batches(self, head: _Head, stream: IO[bytes]) -> Iterator[pl.DataFrame]:
        file = self.path.name
        refused: list[Problem] = []

        def refuse(row: Any) -> str:
            rule = "extra-cell" if row.actual_columns > row.expected_columns else "missing-cell"
            text = f"has {row.actual_columns} cells, {row.expected_columns} were expected"
            if len(refused) < 20:
                refused.append(problem(rule, file, text, line=row.number or 0))
            return "skip"

        try:
            reader = pa_csv.open_csv(
                pa.PythonFile(_Joined(head.data, stream), mode="r"),
                pa_csv.ReadOptions(use_threads=False, block_size=BLOCK),
                pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=refuse),
                pa_csv.ConvertOptions(
                    include_columns=head.read,
                    column_types=dict.fromkeys(head.names, pa.string()),
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            )
            for batch in reader:
                if refused:
                    break
                yield pl.DataFrame(pl.from_arrow(pa.Table.from_batches([batch])))
        except pa.ArrowInvalid as error:
            self.problems.append(_unread(error, file))
        except (zipfile.BadZipFile, EOFError, zlib.error) as error:
            self.problems.append(problem("source-error", file, f"is a damaged zip: {error}"))
        self.problems += refused


def _open(path: Path, stack: ExitStack) -> IO[bytes] | Problem:
    if not zipfile.is_zipfile(path):
        opened = stack.enter_context(path.open("rb"))
        begins = opened.read(4)
        opened.seek(0)
        if begins == b"PK\x03\x04":
            text = "is a damaged zip: its list of contents is missing, as in a file that was not fetched whole"
            return problem("source-error", path.name, text, hint="Get the file anew from UCDP.")
        return opened
    archive = stack.enter_context(zipfile.ZipFile(path))
    names = [name for name in archive.namelist() if name.lower().endswith(".csv") and "__MACOSX" not in name]
    if len(names) != 1:
        found = f"holds {len(names)} CSV files" + (f": {', '.join(names[:5])}" if names else "")
        return problem("source-error", path.name, f"{found}; one is needed")
    return stack.enter_context(archive.open(names[0]))


@dataclass(frozen=True, slots=True)
class _Head:
    """The beginning of a file: its bytes, its columns, those that are read."""

    data: bytes
    names: list[str]
    read: list[str]


def _head(stream: IO[bytes], file: str) -> tuple[_Head | None, list[Problem]]:
    """The header of a file; nothing where it is no CSV file of GED."""
    data = stream.read(MAX_HEAD)
    text = data.decode("utf-8-sig", errors="replace")
    line = re.split("[\r\n]", text, maxsplit=1)[0]
    if not line.strip():
        return None, [problem("source-error", file, "is empty")]
    if "\n" not in text and "\r" in text:
        hint = "Get the file anew, with LF or CRLF."
        return None, [problem("line-ends", file, "has line ends of CR alone", line=1, hint=hint)]
    if b"\0" in data:
        return None, [problem("encoding-error", file, "holds NUL bytes: it is no CSV file in UTF-8", line=1)]
    names = next(csv.reader([line]))
    if len(names) == 1:
        for sign, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if line.count(sign) > 1:
                text = f"its cells are parted by {word}, commas were expected"
                hint = "UCDP publishes commas and decimal points; a file saved by a spreadsheet may have lost both."
                return None, [problem("incorrect-label", file, text, line=1, hint=hint)]
    read, problems = header(names, file)
    if any(p.severity == "error" for p in problems):
        return None, problems
    return _Head(data, names, read), problems


def _unread(error: Exception, file: str) -> Problem:
    text = " ".join(str(error).split())
    if "UTF" in text:
        return problem("encoding-error", file, "is not UTF-8 throughout", hint="Get the file anew from UCDP.")
    return problem("source-error", file, f"cannot be read as CSV: {text[:200]}")


class _Joined(io.RawIOBase):
    """A beginning that was read already, and the rest of its stream."""

    def __init__(self, head: bytes, rest: IO[bytes]):
        self._head, self._rest = io.BytesIO(head), rest

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes."""
        return self._head.read(size) or self._rest.read(size)

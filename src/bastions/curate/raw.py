"""Raw files of others: bytes that are what they were, and rows that know their line."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bastions.problems import Problem, problem

MAX_RAW = 2_000_000_000
"""Named limit: bytes of a raw file that is read into memory."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True, slots=True)
class RawFile:
    """One raw file as `source.yaml` describes it: its name below the folder, its size and its digest."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class RawRow:
    """One record of a raw file.

    Attributes:
        line: The physical line on which it begins, from 1.
        cells: Column name to text, letter by letter.
        flags: What corrections say of the row without changing it.
    """

    line: int
    cells: dict[str, str]
    flags: tuple[str, ...] = ()

    def __getitem__(self, column: str) -> str:
        """The text of a column."""
        return self.cells[column]


def read_bytes(folder: Path, file: RawFile) -> bytes | Problem:
    """The bytes of a raw file, or why they are not those that were curated before.

    Args:
        folder: The folder of the source's raw files.
        file: Which file, with the size and SHA-256 that it has to have.
    """
    path = folder / file.name
    try:
        if not path.is_file():
            return problem(
                "raw-missing", str(path), "is not there", hint="Get it as `obtained` in the source's source.yaml says."
            )
        if path.stat().st_size > MAX_RAW:
            return problem("raw-too-large", str(path), f"has more than {MAX_RAW:,} bytes")
        data = path.read_bytes()
    except OSError as error:
        return problem("raw-missing", str(path), f"cannot be read: {error.strerror or error}")
    digest = hashlib.sha256(data).hexdigest()
    if (len(data), digest) != (file.bytes, file.sha256):
        return problem(
            "raw-changed",
            str(path),
            f"is another file: {file.bytes:,} bytes with SHA-256 {file.sha256[:16]}… were expected, "
            f"these are {len(data):,} with {digest[:16]}…",
            hint="Read what changed, then write its digest into source.yaml; never curate what nobody looked at.",
        )
    return data


def read_csv(
    data: bytes, file: str, columns: Sequence[str], *, delimiter: str = ",", bom: bool = False
) -> tuple[list[RawRow], list[Problem]]:
    """The rows of a delimited raw file, read strictly; RFC 4180 with the given delimiter.

    Args:
        data: The bytes.
        file: What problems call the file.
        columns: The header that it has to have, in order.
        delimiter: What stands between cells.
        bom: Whether the file begins with a byte-order mark.

    Returns:
        The rows, and what is wrong; where anything is, the rows are not to be used.
    """
    try:
        text = data.decode("utf-8-sig" if bom else "utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return [], [problem("encoding-error", file, f"byte {error.start:,} is not UTF-8", line=line)]
    if text.startswith("\ufeff"):
        return [], [problem("encoding-error", file, "begins with a byte-order mark that was not expected", line=1)]
    if not text.strip():
        return [], [problem("source-error", file, "is empty")]
    if "\n" not in text and "\r" in text:
        return [], [
            problem("line-ends", file, "has line ends of CR alone", line=1, hint="Get the file anew, with LF or CRLF.")
        ]
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        return [], [
            problem("forbidden-character", file, f"holds the control character U+{ord(control[0]):04X}", line=line)
        ]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records = _records(reader)
    rows: list[RawRow] = []
    found: list[Problem] = []
    try:
        _, header = next(records)
        if found := _header(header, columns, delimiter, file):
            return [], found
        for line, cells in records:
            if not cells:
                found.append(problem("blank-row", file, "is an empty line", line=line))
            elif len(cells) != len(columns):
                message = f"has {len(cells)} cells, {len(columns)} were expected"
                rule = "extra-cell" if len(cells) > len(columns) else "missing-cell"
                found.append(problem(rule, file, message, line=line))
            else:
                rows.append(RawRow(line, dict(zip(columns, cells, strict=True))))
    except csv.Error as error:
        found.append(problem("source-error", file, f"cannot be read as CSV: {error}", line=reader.line_num))
    return rows, found


def _records(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    line = 1
    for cells in reader:
        yield line, cells
        line = reader.line_num + 1  # type: ignore[attr-defined]


def _header(header: Sequence[str], columns: Sequence[str], delimiter: str, file: str) -> list[Problem]:
    """What is wrong with a header: columns missing, unknown, twice or in another order."""
    if list(header) == list(columns):
        return []
    if len(header) == 1:
        other = [word for sign, word in DELIMITERS.items() if sign != delimiter and header[0].count(sign) > 1]
        if other:
            message = f"its cells are parted by {other[0]}, {DELIMITERS[delimiter]} were expected"
            return [problem("incorrect-label", file, message, line=1, hint="Is it the file of another source?")]
    found = [
        problem("missing-label", file, f'has no column "{name}"', line=1, field=name)
        for name in columns
        if name not in header
    ]
    for place, name in enumerate(header, 1):
        if name not in columns:
            found.append(
                problem("extra-label", file, "is a column that was not expected", line=1, column=place, value=name)
            )
        elif name in header[: place - 1]:
            found.append(
                problem("duplicate-label", file, "stands twice in the header", line=1, column=place, value=name)
            )
    if not found:
        place = next(i for i, pair in enumerate(zip(header, columns, strict=True)) if pair[0] != pair[1])
        message = f'its columns stand in another order: "{header[place]}" where "{columns[place]}" was expected'
        found.append(problem("incorrect-label", file, message, line=1, column=place + 1))
    return found

"""The only reader and the only writer of this repository's CSV files.

The reader is strict and works on bytes: what a lenient parser would mend, guess or swallow is a problem with its line
and column. Since no cell holds a newline, the record on line n is row n - 1. RFC 4180, comma, double quote, UTF-8.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import polars as pl

from bastions import unseen
from bastions.problems import Problem, problem
from bastions.schema import Table

MAX_FILE, MAX_ROW, MAX_CELL = 50_000_000, 64_000, 10_000
"""Named limits of this repository: bytes of a file, characters of a row and of a cell."""

LINE = "_line"
"""The column of a text frame that holds the physical line of its row."""

# All that nobody sees, joiners and selectors too; tab and carriage return; two more signs that stand for no character;
# and spaces that are not the space.
_FORBIDDEN = re.compile(
    f"[{unseen.CONTROLS}\t\r{unseen.INVISIBLE}{unseen.JOINERS}{unseen.SELECTORS}{unseen.JAMO}\ufffc\ufffd\U0001fffe\U0001ffff"
    "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]"
)
_FORMULA = re.compile(r"\s*[=+@＝＋－＠\-]")
_NUMBER = re.compile(r"-[0-9]+([.][0-9]+)?")
# A line that none of this touches needs no look at its single cells.
_SUSPECT = re.compile(rf"{_FORBIDDEN.pattern}|(?:^|,)\"?(?:\s|[=+@＝＋－＠\-])|\s\"?(?:,|$)")
# The same for a column of cells at once, with the newline.
_FAULTY, _LEADING = rf"{_FORBIDDEN.pattern}|\n|^\s|\s$", r"^[=+@＝＋－＠\-]"
_CELL = re.compile(r'"((?:[^"]|"")*)"(?=,|\Z)|([^",]*)(?=,|\Z)')


@dataclass(slots=True)
class Part:
    """One file of a table, as read.

    Attributes:
        path: Relative to the root, with forward slashes.
        frame: The cells as text (empty ones null) in the table's columns, and `_line`; None where the file or its
            header could not be used, so that nothing is known of its rows.
        problems: What is wrong with the file.
        bad: The cells, as (line, column name), that were reported and set to null.
        lost: Whether the key of some row could not be read.
        loose: The cells of rows that could not be used, as texts of which nobody knows the column.
    """

    path: str
    frame: pl.DataFrame | None = None
    problems: list[Problem] = field(default_factory=list)
    bad: set[tuple[int, str]] = field(default_factory=set)
    lost: bool = False
    loose: set[str] = field(default_factory=set)

    def add(self, rule: str, message: str, **more: object) -> None:
        """Adds a problem of this file."""
        self.problems.append(problem(rule, self.path, message, **more))  # type: ignore[arg-type]


def read_bytes(path: Path, root: Path) -> bytes:
    """The bytes of a regular file inside `root`, without following a link out of it and without waiting on a pipe.

    Raises:
        OSError: With a message for people, where it is not such a file, is too large or cannot be read.
    """
    try:
        inside = path.resolve().is_relative_to(root.resolve())
    except RuntimeError:  # a link to itself
        inside = False
    if not inside:
        raise OSError("leads out of the folder of the dataset")
    mode = path.lstat().st_mode
    if not stat.S_ISREG(mode):
        raise OSError("is not a regular file")
    size = path.stat().st_size
    if size > MAX_FILE:
        raise OSError(f"has {size:,} bytes, more than the limit of {MAX_FILE:,}")
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as stream:
        return stream.read()


def read_part(path: Path, table: Table, root: Path, add: Sequence[str] = ()) -> Part:
    """Reads one file of a table, strictly.

    Args:
        path: The file, below `root`.
        table: What its header and rows have to be.
        root: The folder of the dataset.
        add: Columns that the file lacks and that are read as empty; only `fmt` adds columns.

    Returns:
        The cells and every problem of the file as a file; never raises for what the file holds.
    """
    part = Part(path.relative_to(root).as_posix())
    try:
        data = read_bytes(path, root)
    except OSError as error:
        reason = error.strerror.lower() if error.strerror else str(error)
        part.add("source-error", f"cannot be read: {reason}", hint="Put a regular, readable file there.")
        return part
    text = _decode(data, part)
    if text is None:
        return part
    if not part.problems and not add:
        part.frame = _in_canonical_form(text, table)
        if part.frame is not None:
            return part
    lines = text.split("\n")
    ended = lines[-1] == ""
    if ended:
        lines.pop()
    crlf = any(line.endswith("\r") for line in lines)
    lines = [line.removesuffix("\r") for line in lines]
    if add:
        lines = [",".join([lines[0], *add]), *(line + "," * len(add) if line.strip() else line for line in lines[1:])]
    positions = _header(lines[0], table, part)
    if positions is None:
        return part
    rows = list(_rows(lines, table, positions, part))
    columns = {name: [row[i + 1] for row in rows] for i, name in enumerate(table.names)}
    part.frame = pl.DataFrame(
        {LINE: [row[0] for row in rows], **columns},
        schema={LINE: pl.Int64(), **dict.fromkeys(table.names, pl.String())},
    )
    if not any(p.severity == "error" for p in part.problems):
        _style(text, crlf, ended, table, part)
    return part


def _in_canonical_form(text: str, table: Table) -> pl.DataFrame | None:
    """The rows of a file that is as this module writes it and holds no cell to be looked at; else None.

    Nearly all files are such, and many times as fast to read so. Nothing rests on how lenient the parser is: what it
    read, written again, is the file letter by letter. Any other file is read line by line, to say what is wrong where.
    """
    if not unicodedata.is_normalized("NFC", text):
        return None
    try:
        frame = pl.read_csv(text.encode("utf-8"), infer_schema=False)
    except pl.exceptions.PolarsError:
        return None
    if not frame.height or frame.columns != list(table.names) or frame[table.key].null_count():
        return None
    for column in table.fields:
        cells = frame[column.name]
        if cells.str.contains(_FAULTY).any() or (column.type == "string" and cells.str.contains(_LEADING).any()):
            return None
    # With quotes written twice, and two about a cell: a row shorter than the limit of a cell reaches no limit.
    longest = frame.select((2 * pl.sum_horizontal(pl.all().str.len_chars()) + 3 * len(table.names)).max()).item()
    if longest > MAX_CELL or to_csv(frame, table) != text:
        return None
    return frame.select(pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias(LINE), *table.names)


def _decode(data: bytes, part: Part) -> str | None:
    if not data:
        part.add("source-error", "is empty", hint="Even a table without rows has its header. Run `make fmt`.")
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:400].count(0) > len(data[:400]) // 4:
        part.add("encoding-error", "is UTF-16 or UTF-32", line=1, hint="Save it as UTF-8 without a byte-order mark.")
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        part.add(
            "encoding-error",
            "starts with a byte-order mark",
            line=1,
            hint="`make fmt` takes it away; most editors call the right form UTF-8, spreadsheets write the other.",
        )
        data = data[3:]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        for number, line in enumerate(data.split(b"\n"), 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                before = line[: error.start].decode("utf-8")
                part.add(
                    "encoding-error",
                    f"byte 0x{line[error.start]:02x} after {len(before)} characters is not UTF-8",
                    line=number,
                    hint="The file is perhaps latin-1 or Windows-1252; save it as UTF-8.",
                )
        return None


def _split(line: str) -> tuple[list[str], str | None]:
    """The cells of a line, and what is wrong with its quoting, if anything."""
    if '"' not in line:
        return line.split(","), None
    cells: list[str] = []
    position = 0
    while match := _CELL.match(line, position):
        quoted, plain = match.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        position = match.end()
        if position == len(line):
            return cells, None
        position += 1
    if line[position : position + 1] == '"' and not re.match(r'"(?:[^"]|"")*"', line[position:]):
        return cells, "unclosed-quote"
    return cells, "stray-quote"


def _header(line: str, table: Table, part: Part) -> list[int] | None:
    """For each column of the table its place in the file; None where the header cannot be used."""
    if len(line) > MAX_ROW:
        part.add("row-limit", f"the header has {len(line):,} characters, more than the limit of {MAX_ROW:,}", line=1)
        return None
    labels, fault = _split(line)
    if fault:
        part.add(fault, "the header's quotes are not closed", line=1, hint=f"Expected: {','.join(table.names)}")
        return None
    expected = list(table.names)
    if labels == expected:
        return list(range(len(labels)))
    expected_hint = f"The header of {table.name} is: {','.join(expected)}"
    if not set(labels) & set(expected):
        signs = {";": "semicolons", "\t": "tabs", "\r": "carriage returns instead of line ends"}
        guess = next((f"; it has {words}" for sign, words in signs.items() if sign in line), "; perhaps it is missing")
        part.add(
            "incorrect-label", f"the first line is not the header of {table.name}{guess}", line=1, hint=expected_hint
        )
        return None
    seen: set[str] = set()
    usable = True
    missing = [name for name in expected if name not in labels]
    for place, label in enumerate(labels, 1):
        at = {"line": 1, "column": place, "value": label}
        if not label.strip():
            part.add("blank-label", f"column {place} has no name", line=1, column=place, hint=expected_hint)
        elif label in seen:
            part.add("duplicate-label", "stands twice in the header", **at, hint=expected_hint)
        elif label not in expected:
            near = get_close_matches(label.strip().lower(), missing, 1, 0.6)
            here = expected[place - 1] if place <= len(expected) else None
            meant = near[0] if near else here if here in missing and len(labels) == len(expected) else None
            if meant:
                missing.remove(meant)
                part.add(
                    "incorrect-label", f"is not the name of a column; {meant} was expected", **at, hint=expected_hint
                )
            else:
                part.add("extra-label", f"is not a column of {table.name}", **at, hint=expected_hint)
        else:
            seen.add(label)
            continue
        usable = False
        seen.add(label)
    for name in missing:
        usable = False
        part.add("missing-label", f"the column {name} is missing", line=1, field=name, hint=expected_hint)
    if not usable:
        return None
    place = next(i for i, (a, b) in enumerate(zip(labels, expected, strict=True)) if a != b)
    part.add(
        "incorrect-label",
        f"stands where {expected[place]} was expected: the columns are in another order",
        line=1,
        column=place + 1,
        value=labels[place],
        hint=f"`make fmt` puts them in order. {expected_hint}",
    )
    return [labels.index(name) for name in expected]


def _rows(lines: list[str], table: Table, positions: list[int], part: Part) -> Iterator[list[object]]:
    """Each record as its line and its cells in the table's order, empty and unusable cells as None."""
    width = len(positions)
    nfc = all(unicodedata.is_normalized("NFC", line) for line in lines)
    straight = positions == list(range(width))
    number = 1
    while number < len(lines):
        line = lines[number]
        number += 1
        if not line.strip(" ,"):
            part.add("blank-row", "the row is blank", line=number, hint="Delete the line.")
            continue
        if len(line) > MAX_ROW:
            part.add("row-limit", f"has {len(line):,} characters, more than the limit of {MAX_ROW:,}", line=number)
            yield from _key_alone(line[:MAX_ROW].split(","), table, positions, number, part)
            continue
        first = number
        cells, fault = _split(line)
        if fault == "unclosed-quote":
            joined = _joined(lines, number - 1, width)
            if joined:
                cells, number = joined
                fault = None
        if fault:
            here = positions.index(len(cells)) if len(cells) in positions else 0
            words = (
                "a quote opens the cell and never closes" if fault == "unclosed-quote" else "a quote inside the cell"
            )
            part.add(
                fault,
                words,
                line=first,
                column=len(cells) + 1,
                field=table.names[here],
                hint='A cell with a comma or quote is written "…", and a quote within it "".',
            )
            yield from _key_alone(cells, table, positions, first, part)
            continue
        suspect = not nfc or number > first or len(line) > MAX_CELL or _SUSPECT.search(line) is not None
        if len(cells) != width:
            _ragged(cells, table, positions, first, part)
            yield from _key_alone(cells, table, positions, first, part)
            continue
        if suspect:
            cells = [cell if _cell(cell, i, table, positions, first, part) else "" for i, cell in enumerate(cells)]
        if straight:
            yield [first, *(cell or None for cell in cells)]
        else:
            yield [first, *(cells[i] or None for i in positions)]


def _key_alone(cells: list[str], table: Table, positions: list[int], line: int, part: Part) -> Iterator[list[object]]:
    """Of a row that was reported and cannot be used, its key, so that references to it are not reported too."""
    place = positions[table.names.index(table.key)]
    key = cells[place] if place < len(cells) and _cell(cells[place], place, table, positions, line, part) else ""
    part.bad |= {(line, name) for name in table.names}
    part.loose.update(word for cell in cells for word in re.split(r"[;\t|]", cell))
    part.lost |= not key
    yield [line, *(key or None if name == table.key else None for name in table.names)]


def _joined(lines: list[str], start: int, width: int) -> tuple[list[str], int] | None:
    """The record that begins on line index `start` with a quoted newline, and the index after it, if it is one."""
    text = lines[start]
    for index in range(start + 1, min(len(lines), start + 100)):
        text += "\n" + lines[index]
        if len(text) > MAX_ROW:
            return None
        cells, fault = _split(text)
        if fault is None:
            return (cells, index + 1) if len(cells) == width else None
        if fault == "stray-quote":
            return None
    return None


def _ragged(cells: list[str], table: Table, positions: list[int], line: int, part: Part) -> None:
    width = len(positions)
    more = "A comma inside a text needs quotes around the cell." if len(cells) > width else ""
    counted = f"the row has {len(cells)} cells, the header {width}"
    if len(cells) > width:
        part.add("extra-cell", counted, line=line, column=width + 1, value=cells[width], hint=more)
    else:
        part.add("missing-cell", counted, line=line, column=len(cells) + 1, field=table.names[len(cells)])


def _cell(cell: str, place: int, table: Table, positions: list[int], line: int, part: Part) -> bool:
    """Whether a cell's characters can be used; reports the first fault of it."""
    if not cell:
        return True
    name = table.names[positions.index(place)]
    at = {"line": line, "column": place + 1, "field": name, "value": cell}
    if "\n" in cell:
        part.add("newline-in-cell", "holds a newline", **at, hint="Write it on one line.")
    elif found := _FORBIDDEN.search(cell):
        c = found.group()
        what = "a space that is not the plain one" if unicodedata.category(c) == "Zs" else "a character nobody sees"
        named = unicodedata.name(c, "control character")
        part.add(
            "forbidden-character", f"holds {what}, U+{ord(c):04X} {named}", **at, hint="Delete it or retype the text."
        )
    elif not unicodedata.is_normalized("NFC", cell):
        part.add(
            "not-nfc",
            "is not in Unicode's composed form (NFC)",
            **at,
            hint="Retype the accented letters as one character.",
        )
    elif cell != cell.strip():
        part.add("surrounding-space", "begins or ends with a space", **at, hint="Delete the space.")
    elif _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) and table[name].type == "string":
        part.add(
            "formula-cell",
            "begins like a formula, which a spreadsheet would run",
            **at,
            hint="Begin with a letter or digit.",
        )
    elif len(cell) > MAX_CELL:
        part.add("cell-limit", f"has {len(cell):,} characters, more than the limit of {MAX_CELL:,}", **at)
    else:
        return True
    part.bad.add((line, name))
    return False


def _style(text: str, crlf: bool, ended: bool, table: Table, part: Part) -> None:
    """House style: what `fmt` would change is one warning a file that names it."""
    assert part.frame is not None
    if part.frame[table.key].null_count():
        return  # a row without a key, which the cells stage reports, has no place in the order
    wanted = to_csv(part.frame, table)
    if text == wanted:
        return
    found = []
    if crlf:
        found.append("line ends")
    if not ended:
        found.append("no newline at the end")
    keys = part.frame[table.key]
    line = 0
    if not keys.is_sorted():
        unsorted = (keys < keys.shift(1)).arg_true()
        line = int(part.frame[LINE][int(unsorted[0])]) if len(unsorted) else 0
        found.append("order of the rows")
    plain = text.replace("\r\n", "\n") if crlf else text
    if sorted(plain.rstrip("\n").split("\n")) != sorted(wanted.rstrip("\n").split("\n")):
        found.append("quoting")
    part.add(
        "canonical-form",
        f"is not in canonical form: {', '.join(found)}",
        line=line,
        severity="warning",
        hint="Run `make fmt`; it changes no value.",
    )


def to_csv(frame: pl.DataFrame, table: Table) -> str:
    """A text frame as canonical CSV: schema column order, rows by key, minimal quotes, LF.

    Args:
        frame: At least the columns of the table, as text, empty cells null.
        table: Whose columns and key to use.
    """
    chosen = frame.select(table.names)
    if chosen.height:
        chosen = chosen.sort(*table.primary_key, maintain_order=True, nulls_last=True)
    return chosen.write_csv(quote_style="necessary", line_terminator="\n", null_value="")

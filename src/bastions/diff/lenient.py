"""Reads a CSV file of this repository that the strict reader refuses, by its own header: an older or a broken one."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bastions import files
from bastions.problems import number


@dataclass(frozen=True, slots=True)
class Read:
    """A CSV file as its first line has it: the rows that could be read, as text, and the lines of those that not."""

    frame: pl.DataFrame
    broken: tuple[int, ...]

    def left_out(self) -> str:
        """What is not compared, for people; empty where all is."""
        if not self.broken:
            return ""
        lines = number(len(self.broken), "line")
        return f"{lines} with a broken quote left out, the first of them line {self.broken[0]}"


def read(path: Path, root: Path) -> Read | None:
    """A CSV file as its first line has it; None where it is none at all.

    Bytes that are no UTF-8 are replaced, cells beyond the header are dropped, and missing ones are empty. Each line is
    a row, since no cell of this repository holds a newline: a quote that never closes costs its own line, and does not
    swallow those that follow.
    """
    try:
        text = files.read_bytes(path, root).decode("utf-8-sig", "replace")
    except OSError:
        return None
    header, *lines = re.split("\r\n|\n|\r", text)
    names = _line(header)
    if not names or not all(names) or len(set(names)) < len(names) or "\0" in text:
        return None
    width, filled, broken = len(names), list[list[str | None]](), list[int]()
    for place, line in enumerate(lines, 2):
        row = _line(line)
        if row is None:
            broken.append(place)
        elif any(row):
            filled.append([cell or None for cell in (row + [""] * width)[:width]])
    return Read(pl.DataFrame(filled, schema=dict.fromkeys(names, pl.String()), orient="row"), tuple(broken))


def _line(line: str) -> list[str] | None:
    """The cells of a line; None where a quote of it never closes, or closes within a cell."""
    if '"' not in line:
        return line.split(",") if line else []
    try:
        return next(csv.reader([line], strict=True))
    except (csv.Error, StopIteration):
        return None

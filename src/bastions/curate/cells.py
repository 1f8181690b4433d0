"""Cells of raw rows that every importer reads alike: a value, or a problem that says where it stands and what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bastions.curate.geometry import Point
from bastions.curate.raw import RawRow
from bastions.problems import Problem, problem

_NUMBER = re.compile(r"-?[0-9]{1,3}(\.[0-9]+)?")


def fault(row: RawRow, file: str, name: str, message: str, *, rule: str = "type-error", hint: str = "") -> Problem:
    """What is wrong with one cell, with its line, column and text.

    Args:
        row: The row.
        file: What problems call the file.
        name: The column.
        message: What was expected.
        rule: The kind of the fault.
        hint: What to do.
    """
    column = list(row.cells).index(name) + 1
    return problem(rule, file, message, line=row.line, column=column, field=name, value=row[name], hint=hint)


def read_point(row: RawRow, file: str, latitude: str, longitude: str) -> tuple[Point | None, list[Problem]]:
    """The point that two columns give in decimal degrees (as 36.3), or what is wrong with them.

    Args:
        row: The row.
        file: What problems call the file.
        latitude: The column of the latitude.
        longitude: The column of the longitude.
    """
    found = []
    for name, limit in ((latitude, 90), (longitude, 180)):
        if not _NUMBER.fullmatch(row[name]) or abs(float(row[name])) > limit:
            found.append(fault(row, file, name, f"is no number of degrees from -{limit} to {limit}, as 36.3"))
    return (None, found) if found else ((float(row[latitude]), float(row[longitude])), [])


def faulty_points(rows: Iterable[RawRow], file: str, latitude: str, longitude: str) -> list[Problem]:
    """What is wrong with the points of all rows of a file."""
    return [found for row in rows for found in read_point(row, file, latitude, longitude)[1]]

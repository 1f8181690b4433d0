"""Cells on their way from CSV to Parquet and back: none may be lost or changed, no row may go or come."""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq


@dataclass(frozen=True, slots=True)
class Compared:
    """What was compared: tables, rows and cells, and a line for each of the first differences of a table."""

    tables: int
    rows: int
    cells: int
    wrong: list[str]

    def __str__(self) -> str:
        return f"{self.cells:,} cells of {self.rows:,} rows in {self.tables} tables"


def as_text(value: Any) -> str:
    """A typed value as the text that this repository writes for it; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        plain = format(Decimal(repr(value)), "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value)


def parquet_rows(file: Path) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file, in its order."""
    for batch in pq.ParquetFile(file).iter_batches(50_000):
        yield from batch.to_pylist()


def csv_rows(file: Path) -> tuple[list[str], list[list[str]]]:
    """The names of the columns of a CSV file, and its rows, as the reader of Python's own library has them."""
    with file.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    return header, rows


def of_release(release: Path) -> Compared:
    """The CSV files of a dataset's release beside its Parquet files: the same rows in the same order, cell by cell."""
    tables = rows = cells = 0
    wrong = []
    for file in sorted((release / "csv").glob("*.csv")):
        header, there = csv_rows(file)
        here = [
            [as_text(row[name]) for name in header] for row in parquet_rows(release / f"parquet/{file.stem}.parquet")
        ]
        tables, rows, cells = tables + 1, rows + len(there), cells + len(there) * len(header)
        if len(here) != len(there):
            wrong.append(f"{file.stem}: {len(there)} rows in CSV, {len(here)} in Parquet")
        differing = ((a, b) for a, b in zip(there, here, strict=False) if a != b)
        wrong += [f"{file.stem}: {a} and {b}" for (a, b), _ in zip(differing, range(3), strict=False)]
    return Compared(tables, rows, cells, wrong)


def of_source(root: Path, release: Path) -> Compared:
    """The files in `data/` of a dataset beside its release: the same rows and cells, whatever their order."""
    tables = rows = cells = 0
    wrong = []
    for folder in sorted((root / "data").iterdir()):
        if not folder.is_dir():
            continue
        given: list[tuple[str, ...]] = []
        header: list[str] = []
        for part in sorted(folder.glob("*.csv")):
            header, found = csv_rows(part)
            given += map(tuple, found)
        made = [
            tuple(as_text(row[name]) for name in header)
            for row in parquet_rows(release / f"parquet/{folder.name}.parquet")
        ]
        tables, rows, cells = tables + 1, rows + len(given), cells + len(given) * len(header)
        if len(given) != len(made):
            wrong.append(f"{folder.name}: {len(given)} rows in data/, {len(made)} in Parquet")
        lost, new = set(given) - set(made), set(made) - set(given)
        wrong += [f"{folder.name}: lost {row}" for row in sorted(lost)[:3]]
        wrong += [f"{folder.name}: nobody gave {row}" for row in sorted(new)[:3]]
    return Compared(tables, rows, cells, wrong)


# --------------------------------------------------------------------------------------------------------------------
# A package with every type

Chance = random.Random
LETTERS = "aäß漢ﷺ😀 ,;\"'|\t\\/%#{}é1"


def _text(by: Chance) -> str:
    inside = "".join(by.choice(LETTERS) for _ in range(by.randrange(12)))
    return f"x{inside}z"


def _day(by: Chance) -> dt.date:
    return dt.date.fromordinal(by.randrange(1, dt.date.max.toordinal() + 1))


def _time(by: Chance) -> dt.time:
    return dt.time(by.randrange(24), by.randrange(60), by.randrange(60))


def _json(by: Chance, kind: str) -> str:
    value = {_text(by): by.choice([None, True, 1.5, _text(by), [1, {}]]) for _ in range(by.randrange(3))}
    return json.dumps(value if kind == "object" else list(value.items()), ensure_ascii=by.random() < 0.5)


def _decimal(by: Chance) -> str:
    digits = str(by.randrange(1, 10 ** by.randrange(1, 15)))
    at = by.randrange(len(digits) + 1)
    number = f"{digits[:at].lstrip('0') or '0'}.{digits[at:]}".rstrip("0").rstrip(".")
    return by.choice(["", "-"]) + number if number != "0" else "0"


MADE: dict[str, Callable[[Chance], str]] = {
    "string": _text,
    "integer": lambda by: str(by.choice([-(2**63), 2**63 - 1, 0, by.randrange(-(10**9), 10**9)])),
    "number": _decimal,
    "boolean": lambda by: by.choice(["true", "false"]),
    "date": lambda by: _day(by).isoformat(),
    "time": lambda by: _time(by).isoformat(),
    "datetime": lambda by: dt.datetime.combine(_day(by), _time(by)).isoformat(),
    "year": lambda by: f"{by.randrange(1000, 10000)}",
    "yearmonth": lambda by: f"{by.randrange(1000, 10000)}-{by.randrange(1, 13):02}",
    "duration": lambda by: f"P{by.randrange(99)}Y{by.randrange(12)}M{by.randrange(31)}DT{by.randrange(24)}H",
    "object": lambda by: _json(by, "object"),
    "array": lambda by: _json(by, "array"),
    "list": lambda by: ",".join(f"i{by.randrange(99)}" for _ in range(1 + by.randrange(4))),
    "geopoint": lambda by: f"{by.randrange(-179, 180)}.25{by.choice([',', ', '])}{by.randrange(-89, 90)}.5",
    "geojson": lambda by: json.dumps(
        {"type": "Point", "coordinates": [by.randrange(-180, 181), by.randrange(-90, 91)]}
    ),
    "any": _text,
}
"""Of each type of Table Schema a cell by chance, in the form that comes back letter by letter."""


def every_type(folder: Path, rows: int, seed: int) -> list[list[str]]:
    """Makes a package of one table with a column of each type, one cell in five empty; gives its cells."""
    by = random.Random(seed)
    made = [[f"k{n}", *(make(by) if by.random() < 0.8 else "" for make in MADE.values())] for n in range(rows)]
    write_types(folder, made)
    return made


def write_types(folder: Path, rows: list[list[str]]) -> None:
    """The package with these cells."""
    folder.mkdir(parents=True)
    fields = [{"name": "key", "type": "string"}, *({"name": f"a {kind}", "type": kind} for kind in MADE)]
    resource = {"name": "every", "path": "every.csv", "schema": {"fields": fields, "primaryKey": ["key"]}}
    (folder / "datapackage.json").write_text(json.dumps({"name": "every", "resources": [resource]}), "utf-8")
    with (folder / "every.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([[field["name"] for field in fields], *rows])


def of_types(release: Path) -> list[list[str]]:
    """The cells of the table as its release has them."""
    return [[as_text(value) for value in row.values()] for row in parquet_rows(release / "parquet" / "every.parquet")]

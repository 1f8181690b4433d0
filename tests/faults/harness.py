"""The fault bench: ways to break a package, each seeded with its line and column known, and what is made of them.

A way is a function that takes a private copy of a package, breaks it, and says what has to be found where:

    @fault("cell")
    def decimal_comma(p: Package) -> Expected:
        '''A number is written with a decimal comma.'''
        spot = p.spot("number")
        p.set(spot, "1,5")
        return p.at(spot, "type-error")

The function's docstring says the way in one sentence. It is run on each package in `packages`; `p.spot` raises
`NotHere` where a package has nothing of the kind, and the way is then left out there. A harmless variation is the same
without an expectation:

    @harmless()
    def quoted_cell(p: Package) -> None:
        '''A cell stands in quotes that it does not need.'''

The three packages are described in README.md. Rows are counted from 1 in the data rows of a file; `p.line` turns
that into the physical line, `p.at` into an `Expected`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

OURS, GENERIC_1, GENERIC_2 = "ours", "generic-1", "generic-2"
ALL = (OURS, GENERIC_1, GENERIC_2)
GENERIC = (GENERIC_1, GENERIC_2)


class NotHere(Exception):
    """A package has nothing of the kind that a way of breaking needs: the way is left out there."""


class Spot(NamedTuple):
    """A cell: table, data row of the file from 1, column by name, and which file of the table, from 1."""

    table: str
    row: int
    column: str
    part: int = 1


@dataclass(frozen=True)
class Expected:
    """What has to be found.

    Attributes:
        rule: The rule, or a tuple of rules any of which is right.
        file: Relative to the root of the package, with forward slashes.
        line: Physical line from 1; 0 where the fault is of the file as a whole.
        column: Number of the cell in its row from 1; 0 where it is of the row, and any column will do.
        severity: `error`, or `warning` where a warning is what the documentation promises.
        pointer: Of a fault of a descriptor, the JSON pointer to it, which has no line: its cell, so to say.
    """

    rule: str | tuple[str, ...]
    file: str
    line: int = 0
    column: int = 0
    severity: str = "error"
    pointer: str = ""

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that are right."""
        return (self.rule,) if isinstance(self.rule, str) else self.rule


@dataclass(frozen=True)
class Layout:
    """How the files of one table are written.

    Attributes:
        paths: Its files, relative to the root.
        columns: Its columns in order.
        delimiter: Between cells.
        quote: Around cells that need it.
        newline: At the end of rows.
        encoding: Of its text.
        header: How many lines stand above the first data row in each file.
        resource: Name of its resource in `datapackage.json`; empty where there is no descriptor to edit.
    """

    paths: tuple[str, ...]
    columns: tuple[str, ...]
    delimiter: str = ","
    quote: str = '"'
    newline: str = "\n"
    encoding: str = "utf-8"
    header: int = 1
    resource: str = ""

    def split(self, line: str) -> list[str]:
        """The cells of a row, quotes taken off."""
        cells, cell, inside, i = [], "", False, 0
        while i < len(line):
            c = line[i]
            if c == self.quote and inside and line[i + 1 : i + 2] == self.quote:
                cell += c
                i += 1
            elif c == self.quote:
                inside = not inside
            elif c == self.delimiter and not inside:
                cells.append(cell)
                cell = ""
            else:
                cell += c
            i += 1
        return [*cells, cell]

    def join(self, cells: Sequence[str]) -> str:
        """A row, with quotes only about the cells that need them."""
        return self.delimiter.join(self.quoted(cell) for cell in cells)

    def quoted(self, cell: str) -> str:
        """A cell as it is written: in quotes where it holds a delimiter, a quote or a line end."""
        if any(sign in cell for sign in (self.delimiter, self.quote, "\n", "\r")):
            return self.quote + cell.replace(self.quote, self.quote * 2) + self.quote
        return cell


@dataclass
class Package:
    """A private copy of one of the packages, to be broken.

    Attributes:
        name: `ours`, `generic-1` or `generic-2`.
        root: Its folder.
        tables: How each of its CSV tables is written, by name.
        spots: Cells by role; see `spots.py`.
    """

    name: str
    root: Path
    tables: Mapping[str, Layout]
    spots: Mapping[str, Spot]

    # Where things are.

    def spot(self, role: str) -> Spot:
        """The cell with a role.

        Raises:
            NotHere: If this package has none.
        """
        if role not in self.spots:
            raise NotHere(f"{self.name} has no cell that is {role}")
        return self.spots[role]

    def layout(self, table: str) -> Layout:
        """How a table is written; `NotHere` where there is no such CSV table."""
        if table not in self.tables:
            raise NotHere(f"{self.name} has no table {table}")
        return self.tables[table]

    def file(self, table: str, part: int = 1) -> str:
        """The file of a table, relative to the root."""
        return self.layout(table).paths[part - 1]

    def table(self, table: str, part: int = 1) -> Path:
        """The path of the CSV file of a table."""
        return self.root / self.file(table, part)

    def column(self, table: str, column: str) -> int:
        """The number of a column, from 1."""
        return self.layout(table).columns.index(column) + 1

    def line(self, table: str, row: int, part: int = 1) -> int:
        """The physical line, from 1, on which a data row of a file begins; row 0 is the last line of the header."""
        if row < 1:
            return self.layout(table).header + row
        return self._rows(table, part)[row - 1][0]

    def at(self, spot: Spot, rule: str | tuple[str, ...], *, severity: str = "error", column: bool = True) -> Expected:
        """What is expected at a cell; of its row where `column` is false."""
        where = self.line(spot.table, spot.row, spot.part)
        number = self.column(spot.table, spot.column) if column else 0
        return Expected(rule, self.file(spot.table, spot.part), where, number, severity)

    def find(self, table: str, key: str, part: int = 1) -> int:
        """The data row of which the first cell is `key`."""
        return next(row for row in range(1, self.count(table, part) + 1) if self.row(table, row, part)[0] == key)

    def of(self, table: str, key: str, column: str) -> Spot:
        """The cell in the row of which the first cell is `key`; `NotHere` where there is no such table."""
        self.layout(table)
        return Spot(table, self.find(table, key), column)

    # Cells and rows of CSV files. Everything but what is asked for stays as it is, byte for byte.

    def cell(self, spot: Spot) -> str:
        """What stands in a cell."""
        return self.row(spot.table, spot.row, spot.part)[self.column(spot.table, spot.column) - 1]

    def row(self, table: str, row: int, part: int = 1) -> list[str]:
        """The cells of a data row."""
        return self.layout(table).split(self.text_of_row(table, row, part))

    def count(self, table: str, part: int = 1) -> int:
        """How many data rows a file has."""
        return len(self._rows(table, part))

    def text_of_row(self, table: str, row: int, part: int = 1) -> str:
        """A data row as it stands in the file, without its line end."""
        return self._rows(table, part)[row - 1][1]

    def set(self, spot: Spot, text: str) -> None:
        """Writes a cell, with quotes where it needs them."""
        self.set_raw(spot, self.layout(spot.table).quoted(text))

    def set_raw(self, spot: Spot, text: str) -> None:
        """Writes a cell letter by letter as given, so that `text` may hold broken quotes or delimiters."""
        layout = self.layout(spot.table)
        cells = [layout.quoted(cell) for cell in self.row(spot.table, spot.row, spot.part)]
        cells[self.column(spot.table, spot.column) - 1] = text
        self.set_row(spot.table, spot.row, layout.delimiter.join(cells), spot.part)

    def set_row(self, table: str, row: int, text: str, part: int = 1) -> None:
        """Writes a data row letter by letter; `text` without the line end, and it may be several lines."""
        rows = [one for _, one in self._rows(table, part)]
        rows[row - 1] = text
        self._save(table, rows, part)

    def insert_row(self, table: str, row: int, text: str, part: int = 1) -> None:
        """Puts a row in front of the data row `row`; behind the last where `row` is one more than there are."""
        rows = [one for _, one in self._rows(table, part)]
        rows.insert(row - 1, text)
        self._save(table, rows, part)

    def delete_row(self, table: str, row: int, part: int = 1) -> None:
        """Takes a data row away."""
        rows = [one for _, one in self._rows(table, part)]
        del rows[row - 1]
        self._save(table, rows, part)

    def header(self, table: str, part: int = 1) -> list[str]:
        """The labels of a file."""
        layout = self._headed(table)
        return layout.split(self._lines(table, part)[layout.header - 1])

    def set_header(self, table: str, labels: Sequence[str] | str, part: int = 1) -> None:
        """Writes the header row of a file, from labels or letter by letter."""
        layout = self._headed(table)
        lines = self._lines(table, part)
        lines[layout.header - 1] = labels if isinstance(labels, str) else layout.join(labels)
        self.write(self.table(table, part), layout.newline.join(lines).encode(layout.encoding, "surrogateescape"))

    # Bytes.

    def raw(self, path: Path | str) -> bytes:
        """The bytes of a file of the package."""
        return (self.root / path).read_bytes()

    def write(self, path: Path | str, data: bytes, *, digests: bool = True) -> None:
        """Writes a file of the package. Its `bytes` and `hash` in the descriptor are kept right unless told not to."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() or target.is_symlink():
            target.unlink()
        target.write_bytes(data)
        if digests and self.name != OURS and target.name != "datapackage.json":
            self.settle_digests()

    def replace(self, path: Path | str, old: bytes | str, new: bytes | str) -> None:
        """Replaces one stretch of a file, which has to stand there once."""
        old, new = (x.encode() if isinstance(x, str) else x for x in (old, new))
        data = self.raw(path)
        assert data.count(old) == 1, f"{old!r} stands {data.count(old)} times in {path}"
        self.write(path, data.replace(old, new))

    # The descriptor. Of `ours` it is generated from schemas/, so that a change is of the file alone.

    def descriptor(self) -> dict[str, Any]:
        """`datapackage.json`, to be edited and given to `save_descriptor`."""
        found: dict[str, Any] = json.loads(self.raw("datapackage.json"))
        return found

    def save_descriptor(self, descriptor: Any) -> None:
        """Writes `datapackage.json`."""
        self.write("datapackage.json", (json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n").encode())

    def resource(self, descriptor: dict[str, Any], table: str) -> dict[str, Any]:
        """The resource of a table, inside a descriptor as `descriptor` gave it; edit it in place."""
        name = self.layout(table).resource if table in self.tables else table
        for resource in descriptor["resources"]:
            if resource["name"] == name:
                found: dict[str, Any] = resource
                return found
        raise NotHere(f"{self.name} has no resource {name}")

    def field(self, descriptor: dict[str, Any], spot: Spot) -> dict[str, Any]:
        """The field of a cell's column inside a descriptor, where its schema stands in it; edit it in place."""
        schema = self.resource(descriptor, spot.table).get("schema")
        if not isinstance(schema, dict):
            raise NotHere(f"the schema of {spot.table} is in a file of its own")
        found: dict[str, Any] = next(one for one in schema["fields"] if one["name"] == spot.column)
        return found

    def settle_digests(self) -> None:
        """Makes `bytes` and `hash` in the descriptor those of the files, where they are given."""
        descriptor = self.descriptor()
        before = json.dumps(descriptor)
        for resource in descriptor.get("resources", []):
            paths = resource.get("path", [])
            files = [self.root / path for path in ([paths] if isinstance(paths, str) else paths)]
            if not ("bytes" in resource or "hash" in resource) or not all(file.is_file() for file in files):
                continue
            data = b"".join(file.read_bytes() for file in files)
            if "bytes" in resource:
                resource["bytes"] = len(data)
            if "hash" in resource:
                algorithm, colon, _ = resource["hash"].rpartition(":")
                resource["hash"] = algorithm + colon + hashlib.new(algorithm or "md5", data).hexdigest()
        if json.dumps(descriptor) != before:
            self.save_descriptor(descriptor)

    # Parquet.

    def parquet(self, resource: str) -> Any:
        """The `pyarrow.Table` of a Parquet resource; `NotHere` where there is none of the name."""
        import pyarrow.parquet as pq

        return pq.read_table(self.root / self._parquet_file(resource))

    def save_parquet(self, resource: str, table: Any) -> None:
        """Writes the Parquet file of a resource."""
        import pyarrow.parquet as pq

        path = self.root / self._parquet_file(resource)
        pq.write_table(table, path)
        self.settle_digests()

    def _parquet_file(self, resource: str) -> str:
        if self.name == OURS:
            raise NotHere(f"{self.name} has no Parquet")
        path = str(self.resource(self.descriptor(), resource)["path"])
        if not path.endswith(".parquet"):
            raise NotHere(f"{resource} is not Parquet")
        return path

    # Inside.

    def _headed(self, table: str) -> Layout:
        layout = self.layout(table)
        if not layout.header:
            raise NotHere(f"{table} has no header")
        return layout

    def _lines(self, table: str, part: int) -> list[str]:
        """The physical lines of a file, the last one empty where it ends with a line end."""
        layout = self.layout(table)
        return self.raw(self.file(table, part)).decode(layout.encoding, "surrogateescape").split(layout.newline)

    def _rows(self, table: str, part: int) -> list[tuple[int, str]]:
        """Each data row: the physical line on which it begins, and its text."""
        layout = self.layout(table)
        rows: list[tuple[int, str]] = []
        open_row = False
        for number, line in enumerate(self._lines(table, part), 1):
            if number <= layout.header:
                continue
            if open_row:
                rows[-1] = (rows[-1][0], rows[-1][1] + layout.newline + line)
            else:
                rows.append((number, line))
            open_row = rows[-1][1].count(layout.quote) % 2 == 1
        if rows and rows[-1][1] == "":
            rows.pop()
        return rows

    def _save(self, table: str, rows: list[str], part: int) -> None:
        layout = self.layout(table)
        lines = [*self._lines(table, part)[: layout.header], *rows, ""]
        self.write(self.table(table, part), layout.newline.join(lines).encode(layout.encoding, "surrogateescape"))


Seeding = Callable[[Package], Expected | Sequence[Expected]]
Varying = Callable[[Package], None]


@dataclass(frozen=True)
class Way:
    """A way to break a package, or (`seed` then returns nothing that is looked at) to vary it without harm.

    Attributes:
        name: Its name, that of the function.
        family: Which kind of fault it is; `harmless` of a variation.
        packages: Where it is tried.
        seed: Does it.
        said: What it is, in a sentence.
        allowed: Of a variation of `ours`: rules whose warning the documentation promises for it.
        author: Which module it stands in.
    """

    name: str
    family: str
    packages: tuple[str, ...]
    seed: Callable[[Package], Any]
    said: str
    author: str
    allowed: tuple[str, ...] = ()


FAULTS: dict[str, Way] = {}
"""Every way to break a package, by module and name; filled by `fault`."""

HARMLESS: dict[str, Way] = {}
"""Every harmless variation, by module and name; filled by `harmless`."""


def fault(family: str, packages: tuple[str, ...] = ALL) -> Callable[[Seeding], Seeding]:
    """Registers a way to break a package.

    Args:
        family: cell, key, reference, row_shape, header, encoding, unicode, semantics, units, spans, descriptor, drift,
            paths or resources.
        packages: Where it is tried.
    """

    def register(seed: Seeding) -> Seeding:
        _add(FAULTS, seed, family, packages, ())
        return seed

    return register


def harmless(packages: tuple[str, ...] = ALL, allowed: tuple[str, ...] = ()) -> Callable[[Varying], Varying]:
    """Registers a variation on which nothing may be found.

    Args:
        packages: Where it is tried.
        allowed: Rules of warnings that are documented for it in `ours`: `("canonical-form",)` for what `fmt` mends.
    """

    def register(seed: Varying) -> Varying:
        _add(HARMLESS, seed, "harmless", packages, allowed)
        return seed

    return register


def _add(
    where: dict[str, Way],
    seed: Callable[[Package], Any],
    family: str,
    packages: tuple[str, ...],
    allowed: tuple[str, ...],
) -> None:
    name = seed.__name__
    said = " ".join((seed.__doc__ or "").split())
    assert said, f"{name} has no docstring that says what it does"
    author = seed.__module__.rpartition(".")[2]
    assert f"{author}.{name}" not in where, f"{name} stands twice in {author}"
    where[f"{author}.{name}"] = Way(name, family, packages, seed, said, author, allowed)

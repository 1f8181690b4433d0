"""A resource as typed batches: its parts, their headers, text cells, typed columns; with the problems of these."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import polars as pl

from bastions.problems import Problem, problem
from bastions.schema import Field, Table
from bastions.tabular.ahead import ahead
from bastions.tabular.batches import Batch, Made, gathered, shown, without_missing
from bastions.tabular.descriptor import paths
from bastions.tabular.fields import dangers, values
from bastions.tabular.limits import Limits
from bastions.tabular.parquet import kinds, opening
from bastions.tabular.parquet.unreadable import Unreadable
from bastions.tabular.text import encodings, general, header, labels, records
from bastions.tabular.text.block import Block, RowFault

if TYPE_CHECKING:
    from bastions.tabular.descriptor.package import Package, Resource


@dataclass(slots=True)
class Reading:
    """A resource that is being read.

    Attributes:
        table: Its columns as the files have them; None until a first header could be used.
        numbers: Of each column its number in the files, from 1.
        complete: Whether every record of every part could be used so far.
        unread: The parts that could not be read, or not to their end.
    """

    package: Package
    resource: Resource
    limits: Limits
    table: Table | None = None
    numbers: dict[str, int] = field(default_factory=dict)
    complete: bool = True
    unread: list[str] = field(default_factory=list)
    _labels: tuple[str, ...] | None = None
    _width: int = 0

    def batches(self) -> Iterator[Batch]:
        """The rows, with all problems of reading them; one of a part as a whole comes in a batch without rows.

        `table` is known before the first batch that has rows.
        """
        return gathered(self._blocks())

    def _blocks(self) -> Iterator[Batch]:
        resource = self.resource
        digest = hashlib.new(resource.hash[0], usedforsecurity=False) if resource.hash else None
        size = 0
        for path in resource.paths:
            counted = None
            try:
                with paths.open_inside(self.package.root, path, archives=not resource.form) as stream:
                    counted = _Counted(stream, digest, self.limits.file)
                    if resource.form == "csv":
                        yield from self._csv(counted, path)
                    elif resource.form == "parquet":
                        yield from self._parquet(stream, path)
                    size += counted.whole()
            except paths.PathRefused as error:
                yield self._broken(error.rule, path, str(error), hint=error.hint)
            except encodings.EncodingFault as error:
                yield self._broken("encoding-error", path, error.message, line=error.line, hint=error.hint)
            except _FileLimit as error:
                yield self._broken("file-limit", path, str(error), hint="--max-file BYTES raises the limit.")
            except Unreadable as error:
                yield self._broken(error.rule, path, str(error), hint=error.hint)
            except OSError as error:
                yield self._broken("source-error", path, f"cannot be read: {(error.strerror or str(error)).lower()}")
        if not self.unread:
            if self.table is None and self.complete and resource.form == "csv" and resource.table:
                # No header and no rows: a table all the same, in which a reference finds nothing.
                self._named(resource.table.names)
            yield from self._of_size(size, digest)

    def _broken(self, rule: str, path: str, message: str, **more: Any) -> Batch:
        self._give_up(path)
        return self._empty(path, [problem(rule, path, message, **more)])

    def _give_up(self, path: str) -> None:
        self.complete = False
        self.unread.append(path)

    def _empty(self, path: str, problems: list[Problem]) -> Batch:
        return Batch(path, np.empty(0, np.int64), pl.DataFrame(), pl.DataFrame(), problems)

    def _of_size(self, size: int, digest: hashlib._Hash | None) -> Iterator[Batch]:
        """Whether the files are as large, and have the digest, as the descriptor says."""
        resource = self.resource
        path = resource.paths[0] if resource.paths else ""
        hint = "The file is not the one that was described: get it again, or mend the descriptor."
        if resource.bytes is not None and resource.bytes != size:
            text = f"has {size:,} bytes, not the {resource.bytes:,} of the descriptor"
            yield self._empty(path, [problem("byte-count", path, text, hint=hint)])
        if resource.hash and digest and digest.hexdigest() != resource.hash[1]:
            text = f"has the {resource.hash[0]} digest {digest.hexdigest()}, not that of the descriptor"
            yield self._empty(path, [problem("hash-count", path, text, value=resource.hash[1], hint=hint)])

    # -- CSV ---------------------------------------------------------------------------------------------------------

    def _csv(self, stream: _Counted, path: str) -> Iterator[Batch]:
        resource = self.resource
        text = encodings.utf8(stream, resource.encoding)
        head = header.read(text, resource.dialect, self.limits)
        if not resource.dialect.header and self._width:
            head = replace(head, width=self._width)  # as in the first part; a row that has another is told by itself
        problems = [_of_row(fault, path) for fault in head.faults]
        if text.bom:
            hint = "It is read past; best save the file without."
            problems.append(
                problem("byte-order-mark", path, "begins with a byte-order mark", line=1, hint=hint, severity="warning")
            )
        if not _errors(problems):
            problems += [_of_row(fault, path) for fault in self._matched(head)]
        usable = not _errors(problems)
        if not usable:
            self._give_up(path)
        if problems:
            yield self._empty(path, problems)
        if usable:
            # Without a header and a usable row that says the width, the rows are told to be faulty all the same.
            width = head.width or self._width or (len(resource.table.fields) if resource.table else 1)
            if resource.dialect.plain:
                blocks = records.blocks(head.rest, resource.dialect, width, self.limits, head.line)
            else:
                blocks = general.blocks(head.rest, resource.dialect, width, self.limits, head.line, row=head.row)
            with contextlib.closing(ahead(blocks)) as made:
                for block in made:
                    if self._labels is None and len(block.lines):
                        self._matched(replace(head, width=width))
                    yield self._batch(block, path) if self.table else self._faulty(block, path)

    # -- Parquet -----------------------------------------------------------------------------------------------------

    def _parquet(self, stream: BinaryIO, path: str) -> Iterator[Batch]:
        opened = opening.opened(stream, self.limits)
        head = header.Header(opened.names, 1, [], stream, len(opened.names))
        found = [kinds.field_type(type_) for type_ in opened.types]
        problems = [replace(_of_row(fault, path), line=0) for fault in self._matched(head, found)]
        if not _errors(problems) and self.table:
            problems += [
                problem("type-error", path, message, column=self.numbers[column.name], field=column.name, hint=hint)
                for column in self.table.fields
                if (message := kinds.unfit(column, opened.types[self.numbers[column.name] - 1]))
                for hint in ["Write the column in the type of the schema, or mend the schema."]
            ]
        usable = not _errors(problems)
        if not usable:
            self._give_up(path)
        if problems:
            yield self._empty(path, problems)
        if usable:
            for block in opened.blocks():
                yield self._batch(block, path)

    # -- both --------------------------------------------------------------------------------------------------------

    def _matched(self, head: header.Header, types: Sequence[str] = ()) -> list[RowFault]:
        """Compares a header with the schema, or that of a later part with the first one.

        Args:
            head: The header.
            types: Of columns that the schema lacks; text where there are none.
        """
        if self._labels is not None:
            return _unlike(head, self._labels, self._width)
        resource = self.resource
        if resource.form == "parquet" or resource.dialect.header:
            case = resource.dialect.case_sensitive
            names, faults = labels.match(
                head.labels, resource.table, resource.matching, case_sensitive=case, line=head.at
            )
        elif head.width:
            names, faults = labels.by_position(head.width, resource.table, resource.matching, line=head.at)
        else:  # no rows: the next part may have some
            return []
        if not any(fault.severity == "error" for fault in faults):
            self._labels, self._width = head.labels, head.width
            self._named([name or head.labels[i] for i, name in enumerate(names)], types)
        return faults

    def _named(self, names: Sequence[str], types: Sequence[str] = ()) -> None:
        """Takes notice of what the columns are."""
        self.numbers = {name: i for i, name in enumerate(names, 1)}
        found = dict(zip(names, types, strict=True)) if types else dict.fromkeys(names, "any")
        self.table = _effective(self.resource, found)

    def _faulty(self, block: Block, path: str) -> Batch:
        """What is wrong with rows of which none could be used, so that the columns are not known yet."""
        self.complete = False
        batch = self._empty(path, [_of_row(fault, path) for fault in block.faults])
        return replace(batch, lost=_lost(block))

    def _batch(self, block: Block, path: str) -> Batch:
        assert self.table is not None
        made = Made(block, path, self.numbers)
        for column in self.table.fields:
            cells = block.text[str(self.numbers[column.name] - 1)].alias(column.name)
            if cells.dtype == pl.String:
                cells = without_missing(cells, column, self.resource.dialect.null_sequence)
                made.take(column, cells, values.read(column, cells))
            else:
                made.take(column, cells, kinds.conform(column, cells))
        frame = pl.DataFrame(made.text)
        if block.look:
            for danger in dangers.find(self.table, frame):
                column = self.table[danger.field]
                made.add(danger.row, column, danger.rule, danger.message, danger.hint, "warning")
        for fault in block.faults:
            made.found.append((fault.line, fault.column, _of_row(fault, path)))
        lost = _lost(block)
        self.complete &= not lost
        problems = [p for _, _, p in sorted(made.found, key=lambda some: some[:2])]
        return Batch(path, block.lines, frame, pl.DataFrame(made.typed), problems, made.bad, lost)


def _lost(block: Block) -> int:
    """How many records of a block cannot be used."""
    return len({fault.line for fault in block.faults if fault.severity == "error"})


def _unlike(head: header.Header, labels: tuple[str, ...], width: int) -> list[RowFault]:
    """How the header of a later part differs from that of the first: parts of one table are alike."""
    hint = f"Each part begins with the header of the first: {', '.join(labels)[:500]}" if labels else ""
    for number, (here, wanted) in enumerate(zip(head.labels, labels, strict=False), 1):
        if here != wanted:
            return [
                RowFault(head.at, number, "incorrect-label", f'is not "{wanted}", as in the first part', here, hint)
            ]
    counted = f"has {head.width:,} columns, the first part {width:,}"
    if labels and head.width > width:
        what = f"is not a column of the first part; the header {counted}"
        return [RowFault(head.at, width + 1, "extra-label", what, head.labels[width], hint)]
    if labels and head.width < width:
        what = f'the column "{labels[head.width]}" of the first part is missing; the header {counted}'
        return [RowFault(head.at, 0, "missing-label", what, hint=hint)]
    return []


def _effective(resource: Resource, found: Mapping[str, str]) -> Table:
    """The table as its files have it: without the columns that they lack, with those that the schema lacks.

    Args:
        resource: The resource.
        found: The columns of its files, with the type of those that the schema lacks.
    """
    given = resource.table or Table(resource.name, "", "", "package", (), ())
    known = {column.name for column in given.fields}
    present = [column for column in given.fields if column.name in found]
    more = [Field(name, kind, "") for name, kind in found.items() if name not in known]
    return replace(given, fields=(*present, *more))


def _of_row(fault: RowFault, path: str) -> Problem:
    return problem(
        fault.rule,
        path,
        fault.message,
        line=fault.line,
        column=fault.column,
        value=shown(fault.value),
        hint=fault.hint,
        severity=fault.severity,
    )


def _errors(problems: list[Problem]) -> bool:
    return any(p.severity == "error" for p in problems)


class _FileLimit(ValueError):
    """A file is larger than is read."""


class _Counted:
    """A file that counts, limits and digests what is read of it."""

    def __init__(self, stream: BinaryIO, digest: hashlib._Hash | None, limit: int | None):
        self._stream, self._digest, self._limit = stream, digest, limit
        self._size = 0

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`."""
        data = self._stream.read(size)
        self._size += len(data)
        if self._limit is not None and self._size > self._limit:
            raise _FileLimit(f"has more than {self._limit:,} bytes")
        if self._digest:
            self._digest.update(data)
        return data

    def whole(self) -> int:
        """The size of the file; reads what is left of it, or all of it, where its digest is wanted."""
        size = os.fstat(self._stream.fileno()).st_size
        if self._limit is not None and size > self._limit:
            raise _FileLimit(f"has {size:,} bytes, more than {self._limit:,}")
        if self._digest:
            if not self._size:
                self._stream.seek(0)
            while self.read(1 << 20):
                pass
        return size

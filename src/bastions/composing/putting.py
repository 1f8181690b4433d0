"""From answers to files: which files change and how, the verdict on the dataset with them, and the writing."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import polars as pl

from bastions import files, fmt
from bastions.composing.holdings import Row, Unusable
from bastions.fmt import Change
from bastions.problems import Problem, ordered
from bastions.schema import Schema, Table

COPIED = ("data", "schemas", "seeds", "releases")
"""The folders that the validator reads."""


class Changed(OSError):
    """A file is not as it was when the rows were judged."""


def plan(schema: Schema, added: Mapping[str, Row], sentence_id: str, claim_id: str) -> list[Change]:
    """What the files of a dataset become.

    Args:
        schema: The schema; it knows the folder.
        added: At most one row for each table of `data/`, appended to its `hand.csv`.
        sentence_id: The line of a ledger that the claim joins; empty where the source has no ledger.
        claim_id: The claim.

    Raises:
        Unusable: If a file that is to be changed has an error.
    """
    changes = []
    for name, row in added.items():
        table = schema.tables[name]
        path = schema.root / "data" / name / "hand.csv"
        changes.append(_changed(path, table, schema.root, [*_rows(path, table, schema.root), row]))
    if sentence_id:
        table = schema.seeds["ledger"]
        for path in schema.parts("ledger"):
            lines = _rows(path, table, schema.root)
            joined = [join(line, claim_id) if line[table.key] == sentence_id else line for line in lines]
            if joined != lines:
                changes.append(_changed(path, table, schema.root, joined))
    return changes


def join(line: Row, claim_id: str) -> Row:
    """A line of a ledger with one claim more; it then needs no reason for having none."""
    return {**line, "claim_ids": f"{line['claim_ids']} {claim_id}".strip(), "no_claim_reason": ""}


def _rows(path: Path, table: Table, root: Path) -> list[Row]:
    part = files.read_part(path, table, root)
    faults = [p for p in part.problems if p.severity == "error"]
    if part.frame is None or faults:
        raise Unusable(ordered(faults))
    return list(part.frame.select(table.names).fill_null("").rows(named=True))


def _changed(path: Path, table: Table, root: Path, rows: Sequence[Row]) -> Change:
    cells = {name: [row.get(name) or None for row in rows] for name in table.names}
    frame = pl.DataFrame(cells, schema=dict.fromkeys(table.names, pl.String()))
    return Change(path, path.read_bytes(), files.to_csv(frame, table))


class Judge:
    """The verdict on a dataset with changes, by what they bring; the whole validator runs on a copy.

    Args:
        root: The folder of the dataset.
    """

    def __init__(self, root: Path):
        self.root = root

    @cached_property
    def _known(self) -> Counter[tuple[str, ...]]:
        """The problems of the dataset as it is; looked for only where the copy has problems at all."""
        from bastions.validation import validate

        return Counter(map(_same, validate(self.root).problems))

    def new(self, changes: Sequence[Change]) -> tuple[Problem, ...]:
        """The problems that the dataset would have with these changes and does not have without them."""
        from bastions.validation import validate

        with tempfile.TemporaryDirectory(prefix="bastions-new-") as folder:
            stage = Path(folder)
            for name in COPIED:
                if (self.root / name).is_dir():
                    shutil.copytree(self.root / name, stage / name)
            if (self.root / "datapackage.json").is_file():
                shutil.copy(self.root / "datapackage.json", stage)
            fmt.write([replace(change, path=stage / change.path.relative_to(self.root)) for change in changes])
            after = validate(stage).problems
        known = self._known.copy() if after else Counter()
        new = []
        for found in after:
            known[_same(found)] -= 1
            if known[_same(found)] < 0:
                new.append(found)
        return tuple(new)


def _same(p: Problem) -> tuple[str, ...]:
    """What makes two problems one, wherever their rows stand."""
    return (p.file, p.rule, p.severity, p.field, p.record_id, p.value, p.message)


def put(changes: Sequence[Change]) -> None:
    """Writes all files or none.

    Raises:
        Changed: If one of them was changed by somebody since it was read; nothing is written then.
        OSError: If one cannot be written; then every file is as it was.
    """
    for change in changes:
        if (change.path.read_bytes() if change.path.is_file() else None) != change.old:
            raise Changed(f"{change.path} was changed meanwhile")
    fmt.write(changes)

"""What an importer is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bastions.curate.raw import RawRow
from bastions.problems import Problem, problem

if TYPE_CHECKING:
    import polars as pl

    from bastions.schema import Schema

ACTIONS = ("drop", "override", "flag")


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision on a raw row; an entry of `seeds/<source_id>/corrections.yaml`.

    Attributes:
        action: `drop` the row, `override` one cell, or `flag` the row, which changes nothing.
        where: Column name to text, or `line` to a number: which row; exactly one has to fit.
        expect: Column name to the text that the row is expected to hold, so that the correction fails once the
            source has changed.
        column: For an override, the column.
        value: For an override, the text that takes the place of the expected one.
        reason: Why, for people.
        decided_by: Who decided, a code of `codes/coder`.
        file: The raw file, where the source has several; empty where it has one.
    """

    action: str
    where: Mapping[str, str]
    expect: Mapping[str, str]
    reason: str
    decided_by: str
    column: str = ""
    value: str = ""
    file: str = ""

    def meets(self, row: RawRow) -> bool:
        """Whether `where` means this row."""
        return all(
            str(row.line) == text if name == "line" else row.cells.get(name) == text
            for name, text in self.where.items()
        )


@dataclass(frozen=True, slots=True)
class Corrections:
    """The corrections of one source."""

    path: str
    entries: Sequence[Correction] = ()

    def apply(self, rows: Iterable[RawRow], file: str = "") -> tuple[list[RawRow], list[Problem]]:
        """The rows as corrected, and what is wrong with the corrections.

        Args:
            rows: The raw rows of one file.
            file: Its name, where the source has several files.

        Returns:
            The rows in their order, less those that are dropped; and a problem for each correction that meets no row
            or several, or whose row no longer holds what was expected.
        """
        out = list(rows)
        found = []
        dropped = set()
        for number, entry in enumerate(self.entries, 1):
            if entry.file not in ("", file):
                continue
            places = [i for i, row in enumerate(out) if entry.meets(row)]
            if len(places) != 1:
                what = "meets no row" if not places else f"meets {len(places)} rows"
                found.append(self._problem(number, entry, f"{what}, where it has to meet one"))
                continue
            row = out[places[0]]
            wrong = {name: text for name, text in entry.expect.items() if row.cells.get(name) != text}
            if wrong:
                name, text = next(iter(wrong.items()))
                held = row.cells.get(name)
                now = "there is no such column" if held is None else f'line {row.line} holds "{held}"'
                found.append(self._problem(number, entry, f'expects {name} to be "{text}", but {now}'))
            elif entry.action == "drop":
                dropped.add(places[0])
            elif entry.action == "flag":
                out[places[0]] = RawRow(row.line, row.cells, (*row.flags, entry.reason))
            else:
                out[places[0]] = RawRow(row.line, {**row.cells, entry.column: entry.value}, row.flags)
        return [row for i, row in enumerate(out) if i not in dropped], found

    def _problem(self, number: int, entry: Correction, message: str) -> Problem:
        where = ", ".join(f"{name} {text}" for name, text in entry.where.items())
        hint = "The source has changed: read it anew, then mend or remove the correction."
        return problem("correction-unfit", self.path, f"correction {number} ({where}) {message}", hint=hint)


@dataclass(frozen=True, slots=True)
class Job:
    """What an importer works with.

    Attributes:
        source_id: The source; also the name of every file that is made.
        raw: File name to bytes, checked against their digests.
        settings: The `settings` of source.yaml.
        tables: Every table of `data/` as text (empty cells null): the hand-curated rows and those of the sources that
            it `needs`.
        before: The source's own rows of every table, as they stand in `data/` from an earlier run, so that what has
            an id keeps it.
        decisions: The source's own decision files (`places`, …) as text, by name of their table.
        corrections: Its corrections.
        codes: The schema of the dataset, with every code list.
    """

    source_id: str
    raw: Mapping[str, bytes]
    settings: Mapping[str, Any]
    tables: Mapping[str, pl.DataFrame]
    before: Mapping[str, pl.DataFrame]
    decisions: Mapping[str, pl.DataFrame]
    corrections: Corrections
    codes: Schema


Row = Mapping[str, str]
"""A row that an importer makes: column name to text in canonical form; what is absent or empty is not stated."""


DATASET: Mapping[str, str] = MappingProxyType(
    {
        "polarity": "affirmed",
        "event_status": "realized",
        "factuality": "CT+",
        "claim_type": "dataset",
        "value_origin": "reported",
    }
)
"""What the claims of datasets have alike: a cell states, as a fact, what is."""


def claim(source_id: str, what: str, subject: tuple[str, str], locator: str, **given: str) -> Row:
    """A claim of a dataset in its own voice; that the subject exists, where nothing else is given.

    Args:
        source_id: The dataset.
        what: What ends the key of the claim: the row of the dataset and what of it is meant.
        subject: Table and key of the record that it is about.
        locator: Where in the raw file it stands.
        given: Further columns, and others in the place of `DATASET`.
    """
    fixed = {
        "claim_id": f"{source_id}-{what}",
        "source_id": source_id,
        "locator": locator,
        "subject_table": subject[0],
        "subject_id": subject[1],
        "field": "exists",
    }
    return {**fixed, **DATASET, **given}


@dataclass(slots=True)
class Made:
    """What an importer makes of a source.

    Attributes:
        tables: Table to rows; written to `data/<table>/<source_id>.csv`.
        decisions: Decision table (`places`, …) to rows; written to `seeds/<source_id>/<table>.csv`.
        waivers: Rows of `schemas/rules/waivers-<source_id>.csv`.
        problems: What is wrong; with an error among them nothing is written.
        counts: What a person should see of the run, by name.
    """

    tables: dict[str, list[Row]] = field(default_factory=dict)
    decisions: dict[str, list[Row]] = field(default_factory=dict)
    waivers: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

"""The validator: files, cells, keys, rules; one module a stage, every problem in one run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bastions.problems import Problem, Report, ordered, problem

if TYPE_CHECKING:
    from bastions.dataset import Dataset
    from bastions.releasing.base import Base

__all__ = ["Examination", "Problem", "Report", "examine", "validate"]


@dataclass(frozen=True, slots=True)
class Examination:
    """A verdict, and the dataset that it is on; None where `schemas/` cannot be read."""

    report: Report
    dataset: Dataset | None


def validate(root: Path | str = ".", *, reference: bool = False, before: Base | None = None) -> Report:
    """Everything that is wrong with the dataset in `root`.

    Args:
        root: The folder that holds `schemas/` and `data/`.
        reference: Whether frictionless-py is asked for a second opinion on every file and table.
        before: What a commit knows of releases (`bastions.releasing.base.at`), to be judged by that and not by what
            stands in `root`.

    Returns:
        The report; nothing is raised for what the dataset or its schemas hold.

    Raises:
        FileNotFoundError: If there is no dataset in `root`.
    """
    return examine(root, reference=reference, before=before).report


def examine(root: Path | str = ".", *, reference: bool = False, before: Base | None = None) -> Examination:
    """As `validate`, together with the dataset as it was read, for those who go on with it."""
    from bastions import dataset, loader, schema
    from bastions.validation import cells, keys, layout, package, released, rules

    try:
        loaded = loader.load(Path(root))
    except schema.SchemaError as error:
        return Examination(Report(ordered(_schema_problems(error)), {}), None)
    data = dataset.read(loaded)
    problems = [*layout.check(loaded), *data.problems, *cells.check(data), *keys.check(data)]
    known = released.check(data, before)
    problems += known.problems
    try:
        outcome = rules.check(data, known.shrunk)
    except schema.SchemaError as error:
        outcome = rules.Outcome([*_schema_problems(error), *known.shrunk({})], 0, 0, 0, 0)
    problems += [*outcome.problems, *package.check(loaded)]
    if reference:
        from bastions.validation import reference as outside

        unread = {part.path for rows in data.rows.values() for part in rows.parts if part.frame is None}
        problems += outside.check(loaded, unread)
    rows = {name: data.rows[name].text.height for name in loaded.tables}
    report = Report(ordered(problems), rows, outcome.run, outcome.waiting, outcome.held, outcome.waived)
    return Examination(report, data)


def _schema_problems(error: Exception) -> list[Problem]:
    problems = []
    for fault in getattr(error, "faults", [str(error)]):
        file, _, rest = fault.partition(": ")
        key, _, message = rest.partition(": ")
        problems.append(problem("schema-error", file, message or key, value=key if message else ""))
    return problems

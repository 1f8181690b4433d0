"""The validator: files, cells, keys, rules; one module a stage, every problem in one run."""

from __future__ import annotations

from pathlib import Path

from bastions.validate.problems import Problem, Report, ordered, problem

__all__ = ["Problem", "Report", "validate"]


def validate(root: Path | str = ".", *, reference: bool = False) -> Report:
    """Everything that is wrong with the dataset in `root`.

    Args:
        root: The folder that holds `schemas/` and `data/`.
        reference: Whether frictionless-py is asked for a second opinion on every file and table.

    Returns:
        The report; nothing is raised for what the dataset or its schemas hold.

    Raises:
        FileNotFoundError: If there is no dataset in `root`.
    """
    from bastions import dataset, schema
    from bastions.validate import cells, keys, package, rules

    root = Path(root)
    try:
        loaded = schema.load(root)
    except schema.SchemaError as error:
        return Report(ordered(_schema_problems(error)), {})
    data = dataset.read(loaded)
    problems = [*data.problems, *cells.check_claimed(loaded, data.rows["claims"]), *keys.check(data)]
    outcome = rules.check(data)
    problems += [*outcome.problems, *package.check(loaded)]
    if reference:
        from bastions.validate import reference as outside

        problems += outside.check(loaded)
    rows = {name: data.rows[name].text.height for name in loaded.tables}
    return Report(ordered(problems), rows, outcome.run, outcome.waiting, outcome.held, outcome.waived)


def _schema_problems(error: Exception) -> list[Problem]:
    problems = []
    for fault in getattr(error, "faults", [str(error)]):
        file, _, rest = fault.partition(": ")
        key, _, message = rest.partition(": ")
        problems.append(problem("schema-error", file, message or key, value=key if message else ""))
    return problems

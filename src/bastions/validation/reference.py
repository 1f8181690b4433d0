"""The outside opinion: frictionless-py on every file alone (header, cells) and on the whole package (keys).

Dialect and encoding are pinned by the descriptor, since frictionless would guess them. It reads only the header of a
first part, so each part is asked about alone; its row numbers are then physical lines, for no cell holds a newline.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bastions import descriptor
from bastions.problems import Problem, problem
from bastions.schema import Schema
from bastions.validation import descriptor as specification

_KEYS = ("primary-key", "foreign-key", "unique-error")


def check(schema: Schema, unread: Collection[str] = ()) -> list[Problem]:
    """Every error that frictionless finds, under its own error type with `reference/` before it.

    Args:
        schema: Of the dataset to look at.
        unread: Files that our own reader could not use and has reported. Frictionless is not shown them: it follows
            links out of the package and waits on pipes; and without them keys cannot be judged.
    """
    try:
        import frictionless  # noqa: F401
    except ImportError:
        hint = "It is in the development dependencies: `make test` installs them."
        return [problem("reference/missing", "datapackage.json", "frictionless is not installed", hint=hint)]
    whole = descriptor.package(schema)
    problems = [
        problem("reference/package-error", "datapackage.json", fault.message, value=fault.path)
        for fault in specification.check_with_frictionless(whole)
    ]
    for resource in whole["resources"]:
        paths = resource["path"] if isinstance(resource["path"], list) else [resource["path"]]
        cells_only = {key: value for key, value in resource["schema"].items() if key != "foreignKeys"}
        for path in (p for p in paths if p not in unread):
            alone = {**resource, "path": path, "schema": cells_only}
            problems += [p for p in _ask(schema, {**whole, "resources": [alone]}, path) if not p.rule.endswith(_KEYS)]
    if not unread:
        problems += [p for p in _ask(schema, whole, "datapackage.json") if p.rule.endswith(_KEYS)]
    return problems


def _ask(schema: Schema, package: dict[str, Any], file: str) -> list[Problem]:
    """What frictionless says of a descriptor and the tables that it names."""
    from frictionless import FrictionlessException, Package

    try:
        report = Package.from_descriptor(package, basepath=str(schema.root)).validate(limit_errors=1_000_000)
    except FrictionlessException as error:
        return [problem(f"reference/{e.type}", file, e.message) for e in (error.reasons or [error.error])]
    problems = [problem(f"reference/{e.type}", file, e.message) for e in report.errors]
    for task in report.tasks:
        for e in task.errors:
            place = file if file != "datapackage.json" else str(task.place)
            problems.append(
                problem(
                    f"reference/{e.type}",
                    place,
                    e.message,
                    line=getattr(e, "row_number", 0) or 0,
                    column=getattr(e, "field_number", 0) or 0,
                    field=getattr(e, "field_name", "") or "",
                    value=str(getattr(e, "cell", "") or ""),
                )
            )
    return problems

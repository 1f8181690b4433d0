"""The committed `datapackage.json`: valid against the specification, and what `fmt` would write."""

from __future__ import annotations

from bastions import descriptor
from bastions.problems import Problem, problem
from bastions.schema import Schema
from bastions.validation import descriptor as specification

FILE = "datapackage.json"


def check(schema: Schema) -> list[Problem]:
    """What is wrong with the descriptor of the dataset."""
    path = schema.root / FILE
    if not path.exists():
        return [problem("source-error", FILE, "is missing", hint="Run `make fmt`.")]
    try:
        found = specification.load_descriptor(path)
    except (ValueError, OSError) as error:
        return [problem("package-error", FILE, str(error), hint="`make fmt` writes it anew.")]
    problems = [
        problem("package-error", FILE, fault.message, value=fault.path, hint=fault.hint)
        for fault in specification.check(found)
    ]
    if not problems and found != descriptor.package(schema):
        text = "is not what schemas/ and data/ say"
        problems.append(problem("canonical-form", FILE, text, severity="warning", hint="Run `make fmt`."))
    return problems

"""How what is wrong with a descriptor is told: broken requirements and findings as problems, each once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bastions import patterns
from bastions.problems import Problem, problem
from bastions.tabular.descriptor.findings import NAME_LIMIT, Finding
from bastions.tabular.descriptor.references import Whole
from bastions.tabular.descriptor.schema_reading import MATCHES
from bastions.validation.descriptor import Fault
from bastions.validation.descriptor.faults import at, shown

PROFILES = (
    r"default|(tabular-)?data-(package|resource)|fiscal-data-package"
    r"|https?://(www\.)?datapackage\.org/profiles/[0-9.]+/[a-z]+\.json"
    r"|https?://(specs\.)?frictionlessdata\.io/schemas/(tabular-)?(data|table|csv)-(package|resource|schema|dialect)\.json"
)
"""The profiles of the specification itself; what others ask is not checked."""


def of_fault(fault: Fault, whole: Whole) -> Finding:
    """A broken requirement as a finding; of severity `none` where it is not to be told."""
    rule, severity, message, hint = "", "error", fault.message, fault.hint
    if fault.requirement in ("path.scheme", "path.qualified") and re.match(
        r"/resources/\d+/((path|url)(/\d+)?|schema|dialect)$", fault.path
    ):
        rule, hint = "scheme-error", "Nothing is fetched: put the file into the package."
    elif fault.requirement == "schema.fieldsMatch":
        value = value_at(whole.descriptor, fault.path)
        if isinstance(value, list) and len(value) == 1 and value[0] in MATCHES:
            severity = "none"  # the text of the specification wants a string, its 2.0 profile a list
    elif fault.requirement == "constraints.pattern":
        pattern = value_at(whole.descriptor, fault.path)
        if isinstance(pattern, str) and len(pattern) > patterns.LENGTH:
            rule = "pattern-limit"
        elif isinstance(pattern, str) and (wrong := patterns.fault(pattern)):
            message = f"{shown(pattern)} {wrong}"
        else:
            severity = "warning"  # Python's dialect is what most programs read
            message += ": it is no XML Schema pattern; it is run as Python's"
    return Finding(fault.path, message, hint, rule, severity, fault.requirement)


def under(faults: Iterable[Finding]) -> Mapping[str, frozenset[str]]:
    """By pointer, the requirements that are broken there or below, errors only."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for fault in faults:
        steps = fault.path.split("/") if fault.severity == "error" else []
        for n in range(len(steps)):
            found["/".join(steps[: n + 1])].add(fault.requirement)
    return {pointer: frozenset(requirements) for pointer, requirements in found.items()}


def value_at(descriptor: object, pointer: str) -> Any:
    """What stands at a JSON pointer; `None` where nothing does."""
    value: Any = descriptor
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(name)] if isinstance(value, list) else value[name]
        except (LookupError, ValueError, TypeError):
            return None
    return value


def profiles(whole: Whole) -> Iterator[Finding]:
    """A warning for each profile that is not the specification's: nothing is fetched."""
    holders: list[tuple[str, object]] = [("", whole.descriptor)]
    for i, raw in enumerate(whole.descriptor["resources"]):
        if isinstance(raw, dict):
            here = at("", "resources", i)
            holders += [(here, raw), *((at(here, name), raw.get(name)) for name in ("schema", "dialect"))]
    for here, holder in holders:
        for name in ("$schema", "profile"):
            value = holder.get(name) if isinstance(holder, dict) else None
            if isinstance(value, str) and not re.fullmatch(PROFILES, value):
                message = f"the profile {shown(value)} is not fetched; what it asks of its own is not checked"
                yield Finding(at(here, name), message, severity="warning")


def problems(found: Iterable[Finding], whole: Whole, file: str) -> list[Problem]:
    """Findings as problems, each once: a schema in a file of its own may serve several resources."""
    return list(dict.fromkeys(_problem(finding, whole, file) for finding in found if finding.severity != "none"))


def _problem(finding: Finding, whole: Whole, file: str) -> Problem:
    file, pointer = (finding.file, "") if finding.file else whole.place(file, finding.path)
    step = re.match(r"/resources/\d+(?:/(schema|dialect)(/fields/\d+)?)?", finding.path)
    rule, named = "package-error", None
    if step:
        rule = {"schema": "schema-error", "dialect": "dialect-error"}.get(step[1], "resource-error")
    if step and step[2] and step[1] == "schema":
        rule, named = "field-error", value_at(whole.descriptor, step[0] + "/name")
    return problem(
        finding.rule or rule,
        file,
        finding.message,
        line=finding.line,
        field=named if isinstance(named, str) and len(named) <= NAME_LIMIT else "",
        value=pointer,
        hint=finding.hint,
        severity=finding.severity,
    )

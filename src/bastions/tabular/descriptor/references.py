"""The schemas and dialects that a descriptor names by their path: read once each, and put in their place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bastions.problems import Problem, problem
from bastions.tabular.descriptor import paths
from bastions.tabular.descriptor.findings import Finding
from bastions.validation.descriptor import SIZE_LIMIT, DescriptorError, parse_descriptor
from bastions.validation.descriptor.faults import at

TOTAL_LIMIT = 10 * SIZE_LIMIT
"""Bytes of all schemas and dialects that the resources name, each counted as often as it is named."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A descriptor with what it names in place.

    Attributes:
        descriptor: A copy down to the properties of the resources; what lies deeper is shared.
        files: By the pointer of a schema or dialect, the file that it came from.
        found: What could not be read.
    """

    descriptor: dict[str, Any]
    files: Mapping[str, str]
    found: tuple[Finding, ...]

    def place(self, file: str, pointer: str) -> tuple[str, str]:
        """The file in which the value at a pointer stands, and its pointer there."""
        holder = re.match(r"/resources/\d+/(?:schema|dialect)", pointer)
        if holder and holder[0] in self.files:
            return self.files[holder[0]], pointer[len(holder[0]) :]
        return file, pointer


def resolve(descriptor: dict[str, Any], root: Path) -> Whole:
    """Puts each schema and dialect in the place of its path; a path that cannot be used stays, and is told."""
    listed = descriptor.get("resources")
    if not isinstance(listed, list):
        return Whole(descriptor, {}, ())
    resources = [{**raw} if isinstance(raw, dict) else raw for raw in listed]
    files: dict[str, str] = {}
    found: list[Finding] = []
    read: dict[str, tuple[dict[str, Any], int] | Finding] = {}
    total = 0
    for i, raw in enumerate(resources):
        for name in ("schema", "dialect"):
            path = raw.get(name) if isinstance(raw, dict) else None
            if not isinstance(path, str):
                continue
            here, path = at("", "resources", i, name), paths.normal(path)
            if path not in read:
                read[path] = _read(root, path)
            made = read[path]
            if isinstance(made, tuple) and total + made[1] > TOTAL_LIMIT:
                message = f"the schemas and dialects that the resources name are beyond {TOTAL_LIMIT:,} bytes"
                made = Finding("", message, "Split the package.")
            if isinstance(made, Finding):
                # Without a rule of its own it is told as a fault of the schema or of the dialect.
                found.append(replace(made, path=here))
                continue
            raw[name], files[here] = made[0], path
            total += made[1]
    return Whole({**descriptor, "resources": resources}, files, tuple(found))


def _read(root: Path, path: str) -> tuple[dict[str, Any], int] | Finding:
    """The object in a file and the size of the file, or why there is none."""
    try:
        with paths.open_inside(root, path) as stream:
            raw = stream.read(SIZE_LIMIT + 1)
        return parse_descriptor(raw), len(raw)
    except paths.PathRefused as error:
        return Finding("", str(error), error.hint, "" if error.rule == "source-error" else error.rule)
    except OSError as error:
        return Finding("", str(error), "Put the file there, or mend the path.")
    except DescriptorError as error:
        message, line = _where(error)
        return Finding("", message, "It must be one JSON object.", file=path, line=line)


def unreadable(rule: str, file: str, error: DescriptorError) -> Problem:
    """A file that is no JSON object, with the line where reading ended."""
    message, line = _where(error)
    return problem(rule, file, message, line=line)


def _where(error: DescriptorError) -> tuple[str, int]:
    """What is wrong with a file, and the line where reading it ended; 0 where that is not known."""
    where = re.fullmatch(r"(?::(\d+):(\d+))?: (.*)", str(error), re.DOTALL)
    if not where or not where[1]:
        return where[3] if where else str(error), 0
    return f"{where[3]} (at character {where[2]} of the line)", int(where[1])

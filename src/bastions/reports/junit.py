"""The form for readers of test results (Jenkins, GitLab, `junitparser` and others): JUnit XML.

There is no standard; this keeps to what readers agree on: `testsuites`, `testsuite`, `testcase` with `failure`,
`skipped` or `system-out`. A test is a rule in a file, so that a million problems are as many tests as there are rules
that were broken, each with its number and its first problems. What was read and found clean is a test that passes.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field

from bastions.problems import Problem, Report, number, summary, visible, what
from bastions.reports.where import Where

FIRST = 10
"""As many problems of a test are told."""

CASES = 2_000
"""As many tests that are not passed are told; beyond them, only those of rules that were not told before."""


@dataclass(slots=True)
class _Case:
    """A rule in a file: its first problem, what the first ones say, and how many there are."""

    first: Problem
    lines: list[str] = field(default_factory=list)
    number: int = 0


class JUnit:
    """Tells at the end: a suite for the package and one for each file with problems.

    Args:
        write: Takes the document.
        where: From where the report is read.
    """

    def __init__(self, write: Callable[[str], None], where: Where):
        self._write, self._where = write, where
        self._files: dict[str, dict[tuple[str, str], _Case]] = {}
        self._rules: set[str] = set()
        self._cases = self._left = 0

    def add(self, p: Problem) -> None:
        """Takes a problem."""
        case = self._files.get(p.file, {}).get((p.rule, p.severity))
        if case is None:
            if self._cases >= CASES and p.rule in self._rules:
                self._left += 1
                return
            self._cases += 1
            self._rules.add(p.rule)
            case = self._files.setdefault(p.file, {})[p.rule, p.severity] = _Case(p)
        case.number += 1
        if len(case.lines) < FIRST:
            place = ":".join(str(n) for n in (p.line, p.column) if n)
            hint = f". {visible(p.hint, 500)}" if p.hint else ""
            case.lines.append(f"{place}: {what(p, 500)}{hint}" if place else f"{what(p, 500)}{hint}")

    def end(self, report: Report) -> None:
        """Tells the tests."""
        root = ET.Element("testsuites", name="bastions validate")
        root.append(self._package(report))
        for file, cases in sorted(self._files.items()):
            root.append(self._file(file, cases))
        for suite in root:
            _count(suite, suite)
        _count(root, root)
        ET.indent(root, " ")
        text = ET.tostring(root, encoding="unicode")  # what XML has no character for, `visible` has escaped
        self._write(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')

    def _package(self, report: Report) -> ET.Element:
        """What is true of the package as a whole: that it is valid, and that its tables were read."""
        suite = ET.Element("testsuite", name="package")
        properties = ET.SubElement(suite, "properties")
        counts = {"errors": report.errors, "warnings": report.warnings, "problems.left.out": self._left}
        for name, count in counts.items():
            ET.SubElement(properties, "property", name=name, value=str(count))
        valid = _case(suite, "package", "valid")
        _say(valid, "failure" if report.errors else "system-out", summary(report))
        for name, rows in report.rows.items():
            _say(_case(suite, "tables", visible(name, 200)), "system-out", f"{number(rows, 'row')} read")
        for name in report.unread:
            text = "could not be read, or not to its end"
            _say(_case(suite, "files", visible(name, 200)), "failure", text, "unread")
        if report.waiting:
            text = f"{number(report.waiting, 'check')} will be made once the tables can be read"
            _say(_case(suite, "package", "all checks"), "skipped", text)
        if self._left:
            text = f"{number(self._left, 'problem')} left out; {self._where.rest()}"
            _say(_case(suite, "package", "all problems in this report"), "skipped", text)
        return suite

    def _file(self, file: str, cases: dict[tuple[str, str], _Case]) -> ET.Element:
        path = visible(self._where.path(file), 4096)
        suite = ET.Element("testsuite", name=path)
        for (rule, severity), case in sorted(cases.items()):
            element = _case(suite, path, visible(rule, 200), file=path)
            if case.first.line:
                element.set("line", str(case.first.line))
            more = case.number - len(case.lines)
            text = "\n".join([*case.lines, *([f"… and {more:,} more"] if more else [])])
            if severity == "error":
                _say(element, "failure", text, rule)
            else:  # valid all the same
                _say(element, "system-out", f"{number(case.number, 'warning')}\n{text}")
        return suite


def _case(suite: ET.Element, group: str, name: str, **more: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", {"classname": group, "name": name, "time": "0", **more})


def _say(case: ET.Element, tag: str, text: str, kind: str = "invalid") -> None:
    said = ET.SubElement(case, tag)
    if tag == "system-out":
        said.text = text
        return
    said.set("message", text.partition("\n")[0])
    if tag == "failure":
        said.set("type", visible(kind, 200))
        said.text = text


def _count(of: ET.Element, to: ET.Element) -> None:
    """Writes down how many tests an element holds, and how they ended."""
    counts = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for name, tag in counts.items():
        to.set(name, str(sum(1 for _ in of.iter(tag))))
    to.set("time", "0")

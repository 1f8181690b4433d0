"""The form for code scanning and editors: SARIF 2.1.0, the OASIS standard, with the errata of 2023.

Results are told as they are found, so that memory holds what is known of rules alone; SARIF lets `tool` stand behind
`results`. GitHub refuses a run with more than 25,000 results, and shows the 5,000 that are gravest: beyond `FULL` of a
severity the first of each kind is told, up to `RESULTS` in all, and the run says how many were left out.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import quote

from bastions.problems import Kind, Problem, Report, kind, looked_at, number, visible, what
from bastions.reports.lines import dumps, verdict
from bastions.reports.rules import RULES
from bastions.reports.where import Where

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

RESULTS = 25_000
"""As many results are told at most."""

FULL = {"error": 15_000, "warning": 5_000}
"""As many results of each severity are told whatever their kind."""


class Sarif:
    """One run, a line for each result.

    Args:
        write: Takes each line.
        where: From where the report is read.
    """

    def __init__(self, write: Callable[[str], None], where: Where):
        self._write, self._where = write, where
        self._told: Counter[str] = Counter()
        self._kinds: set[Kind] = set()
        self._rules: dict[str, tuple[int, dict[str, object]]] = {}
        self._alike: Counter[str] = Counter()
        head = {"$schema": SCHEMA, "version": "2.1.0"}
        self._write(f'{dumps(head)[:-1]}, "runs": [{{"columnKind": "unicodeCodePoints", "results": [')

    def add(self, p: Problem) -> None:
        """Tells a problem, if there is room for it."""
        before = self._told.total()
        if before >= RESULTS or (self._told[p.severity] >= FULL[p.severity] and kind(p) in self._kinds):
            return
        self._kinds.add(kind(p))
        self._told[p.severity] += 1
        self._write((", " if before else "") + dumps(self._result(p)))

    def end(self, report: Report) -> None:
        """Tells the rules and the verdict."""
        left = report.errors + report.warnings - self._told.total()
        invocation: dict[str, object] = {"executionSuccessful": True}
        if left > 0:
            text = f"{number(left, 'problem')} left out of this report; {self._where.rest()}."
            invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": message(text)}}]
        run = {
            "tool": {"driver": _driver([rule for _, rule in self._rules.values()])},
            "invocations": [invocation],
            "properties": {**verdict(report), "truncated": left > 0, "lookedAt": looked_at(report)},
        }
        self._write(f"], {dumps(run)[1:]}]}}")

    def _result(self, p: Problem) -> dict[str, object]:
        rule = visible(p.rule, 200) or "unnamed"
        if rule not in self._rules:
            self._rules[rule] = len(self._rules), _rule(rule, p)
        text = what(p) + (f". {visible(p.hint, 2000)}" if p.hint else "")
        named = {"field": p.field, "record": p.record_id, "value": p.value}
        cell = {"cell": p.column} if p.column else {}
        result: dict[str, object] = {
            "ruleId": rule,
            "ruleIndex": self._rules[rule][0],
            "level": p.severity,
            "message": {"text": message(text)},
            "locations": [{"physicalLocation": _location(p, self._where)}],
            "partialFingerprints": {"primaryLocationLineHash": self._fingerprint(p)},
        }
        if properties := {**cell, **{name: visible(text, 1000) for name, text in named.items() if text}}:
            result["properties"] = properties
        return result

    def _fingerprint(self, p: Problem) -> str:
        """The same for the same fault, wherever it stands in its file; faults that are alike are numbered."""
        parts = dumps([self._where.path(p.file), p.rule, p.field, p.record_id, p.value])
        digest = hashlib.sha256(parts.encode()).hexdigest()[:16]
        self._alike[digest] += 1
        return f"{digest}:{self._alike[digest]}"


def _driver(rules: list[dict[str, object]]) -> dict[str, object]:
    try:
        known = {"semanticVersion": version("bastions")}
    except PackageNotFoundError:  # run from a folder of sources
        known = {}
    return {"name": "bastions", **known, "rules": rules}


def _rule(name: str, p: Problem) -> dict[str, object]:
    """What is told of a rule; one of a dataset is told by its finding."""
    about, advice = RULES.get(p.rule), "The page on the validator in the documentation says what is read how."
    if about is None:
        about, advice = visible(p.message, 500), visible(p.hint, 500)
    return {
        "id": name,
        "shortDescription": {"text": message(about)},
        "fullDescription": {"text": message(about)},
        "help": {"text": message(f"{about} {advice}".strip())},
        "defaultConfiguration": {"level": p.severity},
        "properties": {"tags": ["data"], "precision": "very-high", "problem.severity": p.severity},
    }


def _location(p: Problem, where: Where) -> dict[str, object]:
    """A file, and the line as a whole: what is known of a cell is its number in the row, not its first character."""
    location: dict[str, object] = {"artifactLocation": {"uri": uri(where.path(p.file))}}
    if p.line:
        location["region"] = {"startLine": p.line, "startColumn": 1}
    return location


def uri(path: str) -> str:
    """A path as a relative reference (RFC 3986): what is no letter, digit or slash is percent-encoded.

    A name that is not UTF-8 keeps its bytes. No path gets a scheme or a host, since colons are encoded and slashes at
    the beginning dropped.
    """
    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = path.encode("utf-8", "surrogatepass")
    return quote(data.lstrip(b"/"), safe="/") or "."


def message(text: str) -> str:
    """A plain text message that says what `text` says (SARIF 3.11.5 and 3.11.6).

    Braces, which hold placeholders, are doubled. What would make a link gets a space; there is no escape for it. No
    message may be empty.
    """
    return re.sub(r"\](?=\()", r"] ", text).replace("{", "{{").replace("}", "}}") or "nothing is said of it"

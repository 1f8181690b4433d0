"""The form for GitHub Actions: workflow commands, each of which becomes an annotation at its line.

GitHub shows ten errors and ten warnings of a step and drops the others without a word, so that a choice is told, and
how many there are beside it; see "Workflow commands" and "Annotations" in its documentation.
"""

from __future__ import annotations

from collections.abc import Callable

from bastions.problems import Problem, Report, inert, number, summary, visible, what
from bastions.reports.picking import Pick
from bastions.reports.where import Where

SHOWN = 10
"""As many annotations of a step are shown of each severity."""


class GitHub:
    """Tells at the end: annotations, how many problems have none, and the verdict.

    Args:
        write: Takes each line.
        where: From where the report is read.
    """

    def __init__(self, write: Callable[[str], None], where: Where):
        self._write, self._where = write, where
        self._picks = {"error": Pick(SHOWN), "warning": Pick(SHOWN)}

    def add(self, p: Problem) -> None:
        """Takes a problem."""
        self._picks[p.severity].add(p)

    def end(self, report: Report) -> None:
        """Tells the annotations and the verdict."""
        totals = {"error": report.errors, "warning": report.warnings}
        left = []
        for severity, pick in self._picks.items():
            chosen = pick.chosen()
            for p in chosen:
                self._write(_annotation(p, self._where.path(p.file)))
            if (more := totals[severity] - len(chosen)) > 0:
                left.append(number(more, f"more {severity}"))
        if left:
            shown = f"GitHub shows {SHOWN} errors and {SHOWN} warnings of a step"
            self._write(inert(f"{' and '.join(left)} without an annotation, since {shown}; {self._where.rest()}."))
        self._write(summary(report))


def _annotation(p: Problem, path: str) -> str:
    """A workflow command; every character that could end or forge one is escaped."""
    place = f"file={_property(visible(path, 4096))}" + (f",line={p.line}" if p.line else "")
    text = what(p) + (f"\n{visible(p.hint, 2000)}" if p.hint else "")
    return f"::{p.severity} {place},title={_property(visible(p.rule))}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

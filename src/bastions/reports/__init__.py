"""How problems are told: one small module for each form, and what tells them as they are found.

| form | for whom | how much it tells |
|---|---|---|
| `text` | people at a terminal | all of a few; of many, the first of each kind (`text`) |
| `json`, `jsonl` | programs | all (`lines`) |
| `github` | annotations of GitHub Actions | ten errors and ten warnings, chosen, since no more are shown (`github`) |
| `sarif` | code scanning, editors | 25,000 results, as many as GitHub takes (`sarif`) |
| `junit` | readers of test results | a test for each file and rule, with its first problems (`junit`) |
| `markdown` | summaries of jobs, comments | how many of each rule, and a choice (`markdown`) |

Whatever is not told is counted, and the report says so. Nothing that a package holds is written as it is: what could
forge a line, a command, a tag or a link, or hide, is escaped in every form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from bastions.problems import Problem, Report
from bastions.reports import github, junit, lines, markdown, sarif, text
from bastions.reports.where import Where

Write = Callable[[str], None]
"""Takes a line of a report, without its end."""


class Form(Protocol):
    """Tells problems in one form: each as it is found, then the verdict."""

    def add(self, p: Problem) -> None:
        """Takes a problem; tells it, or keeps what will be told of it."""
        ...

    def end(self, report: Report) -> None:
        """Tells the verdict, and what was kept."""
        ...


_FORMS: Mapping[str, Callable[[Write, Where], Form]] = {
    "text": lambda write, where: text.Text(write),
    "json": lambda write, where: lines.Json(write),
    "jsonl": lambda write, where: lines.JsonLines(write),
    "github": github.GitHub,
    "sarif": sarif.Sarif,
    "junit": junit.JUnit,
    "markdown": markdown.Markdown,
}

FORMATS = tuple(_FORMS)
"""The names of the forms."""

COMPLETE = ("json", "jsonl")
"""Those that tell every problem."""

APPENDED = ("markdown",)
"""Those that go behind what a file holds, as the summary of a job wants it."""


def teller(form: str, write: Write, where: Where | None = None) -> Form:
    """What tells problems in one of `FORMATS`.

    Args:
        form: Its name.
        write: Takes each line of the report.
        where: From where it is read; from the folder of the package if it is None.

    Raises:
        KeyError: For another form.
    """
    return _FORMS[form](write, where or Where())


def render(report: Report, form: str) -> str:
    """A whole report in one of `FORMATS`.

    Raises:
        KeyError: For another form.
    """
    told: list[str] = []
    telling = teller(form, told.append)
    for p in report.problems:
        telling.add(p)
    telling.end(report)
    return "\n".join(told)

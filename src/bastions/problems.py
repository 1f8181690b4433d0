"""A problem is data: what is wrong, where, and what to do; and a report, all that was found. How they are told to
people, programs and GitHub is in `bastions.reports`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

FEW = 100
"""As many problems are told one by one in the form `text`; of more, the first of each kind."""

Kind = tuple[str, str, str, str]
"""What problems of a kind have in common: file, rule, severity, field."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault.

    Attributes:
        file: Path relative to the folder of the package, with forward slashes.
        line: Physical line, from 1; 0 where the fault is of the file as a whole.
        column: Number of the cell in its row, from 1 (Frictionless `fieldNumber`); 0 where it is of the row.
        rule: Name of the rule; Frictionless's error type where one exists.
        severity: `error` or `warning`.
        field: Name of the column, or empty.
        record_id: Key of the row, or empty.
        value: The offending text, or empty.
        message: What is wrong, without place and value.
        hint: What to do, or empty.
    """

    file: str
    line: int
    column: int
    rule: str
    severity: str
    field: str
    record_id: str
    value: str
    message: str
    hint: str


def kind(p: Problem) -> Kind:
    """The kind of a problem: what of many, one stands for."""
    return p.file, p.rule, p.severity, p.field


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on a package: its problems, in order of file and line, and what was looked at.

    Attributes:
        problems: All of them; or, of a package that was told problem by problem, some (see `Tally`).
        rows: Rows of each table that were read.
        rules: How many semantic rules were run.
        waiting: How many, or how many foreign keys, were not, since a table that they read could not be read whole.
        held: How many of their findings were held back, since they may follow from one of the problems.
        waived: How many findings `waivers.csv` silenced.
        files: How many files were looked up that are no tables.
        unread: Resources and files of tables that could not be read, or not to their end.
        numbers: How many problems there are of each kind, where `problems` does not hold all.
    """

    problems: tuple[Problem, ...]
    rows: dict[str, int]
    rules: int = 0
    waiting: int = 0
    held: int = 0
    waived: int = 0
    files: int = 0
    unread: tuple[str, ...] = ()
    numbers: Mapping[Kind, int] = field(default_factory=dict)

    @property
    def kinds(self) -> Mapping[Kind, int]:
        """How many problems there are of each kind, in the order in which they were found."""
        return self.numbers or Counter(kind(p) for p in self.problems)

    @property
    def errors(self) -> int:
        """Number of errors; a package with none is valid."""
        return sum(n for (_, _, severity, _), n in self.kinds.items() if severity == "error")

    @property
    def warnings(self) -> int:
        """Number of warnings."""
        return sum(n for (_, _, severity, _), n in self.kinds.items() if severity == "warning")


class Tally:
    """Counts problems as they are found, and keeps the first `FEW` and the first of each kind: a bounded number.

    Attributes:
        problems: Those kept, in the order in which they were found.
        numbers: How many there are of each kind.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.numbers: Counter[Kind] = Counter()

    def add(self, p: Problem) -> None:
        """Takes notice of one."""
        of = kind(p)
        self.numbers[of] += 1
        if len(self.problems) < FEW or self.numbers[of] == 1:
            self.problems.append(p)


def problem(
    rule: str,
    file: str,
    message: str,
    *,
    line: int = 0,
    column: int = 0,
    field: str = "",
    record_id: str = "",
    value: str = "",
    hint: str = "",
    severity: str = "error",
) -> Problem:
    """A `Problem`, by keyword; what is not given is empty."""
    return Problem(file, line, column, rule, severity, field, record_id, value, message, hint)


_COMMAND = re.compile(r"##(?=[A-Za-z]*\[)")
"""Anywhere in a line, `##[…]` is a command to the runners of GitHub, `##vso[…]` to those of Azure."""


def visible(text: str, limit: int = 80) -> str:
    """`text` as a terminal and the log of a runner can show it, cut at `limit`.

    Controls, bidi marks and invisible characters are escaped, and what a runner would take for a command.
    """
    shown = inert(
        "".join(
            c if c == " " or unicodedata.category(c)[0] not in "CZ" else f"\\u{{{ord(c):x}}}" for c in text[: limit + 1]
        )
    )
    if len(text) > limit:
        return f"{shown[:limit]}… ({len(text):,} characters)"
    return shown


def inert(line: str) -> str:
    """A line that no runner takes for a command: not the one that begins with `::`, nor the one with `##[`."""
    if "##" in line:
        line = _COMMAND.sub(r"#\\u{23}", line)
    if line.lstrip(" ").startswith("::"):
        line = line.replace("::", r"\u{3a}:", 1)
    return line


def render(report: Report, form: str) -> str:
    """A whole report in one of the forms; see `bastions.reports.render`."""
    from bastions import reports

    return reports.render(report, form)


def place(p: Problem) -> str:
    """Where a problem is: file, and line and cell where it has them."""
    return ":".join([visible(p.file, 200), *(str(n) for n in (p.line, p.column) if n)])


def what(p: Problem, limit: int = 2000) -> str:
    """What is wrong: column, value and message; the message is cut at `limit`."""
    named = f'"{p.field}"' in p.message  # has no column "place"
    parts = ["" if named else visible(p.field), f'"{visible(p.value)}"' if p.value else "", visible(p.message, limit)]
    return " ".join(part for part in parts if part)


def number(n: int, word: str) -> str:
    """A number of things, in words: `1 row`, `1,200 rows`."""
    return f"{n:,} {word}{'' if n == 1 else 's'}"


def verdict(report: Report) -> str:
    """`valid`, `valid, with warnings` or `invalid`."""
    return "invalid" if report.errors else "valid, with warnings" if report.warnings else "valid"


def looked_at(report: Report, shown: Callable[[str], str] = visible) -> str:
    """What was looked at, waived, held back and not read, in one line.

    Args:
        report: The report.
        shown: Makes the name of a file that was not read fit to be shown.
    """
    looked = f"{number(sum(report.rows.values()), 'row')} in {number(len(report.rows), 'table')}"
    if report.rules:
        looked += f", {number(report.rules, 'rule')}"
    if report.files:
        looked += f", {number(report.files, 'other file')}"
    if report.waived:
        looked += f", {number(report.waived, 'finding')} waived"
    if report.waiting:
        waiting = number(report.waiting, "rule" if report.rules else "foreign key")
        looked += f"; {waiting} will be judged once the tables can be read"
    if report.unread:
        more = f" and {len(report.unread) - 5:,} more" if len(report.unread) > 5 else ""
        looked += f"; not read: {', '.join(shown(name) for name in report.unread[:5])}{more}"
    if report.held:
        looked += f"; {number(report.held, 'finding')} held back that may follow from these"
    return looked


def summary(report: Report) -> str:
    """One line: the verdict and what was looked at."""
    if not report.problems:
        return f"valid: {looked_at(report)}"
    rules: Counter[str] = Counter()
    for (_, rule, _, _), n in report.kinds.items():
        rules[rule] += n
    most = ", ".join(f"{n:,} {visible(rule)}" for rule, n in rules.most_common(5)) + (", …" if len(rules) > 5 else "")
    counts = f"{number(report.errors, 'error')}, {number(report.warnings, 'warning')} ({most})"
    if not (report.rows or report.files or report.unread):  # a look at something other than a whole dataset
        return counts
    return f"{verdict(report)}: {counts}; {looked_at(report)}"


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by file, line and column, each once."""
    return tuple(sorted(set(problems)))

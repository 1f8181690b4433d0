"""A problem is data: what is wrong, where, and what to do. Rendered for people, programs and GitHub."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass

FORMATS = ("text", "json", "github")


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


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on a package: every problem, in order of file and line, and what was looked at.

    Attributes:
        rows: Rows of each table that were read.
        rules: How many semantic rules were run.
        waiting: How many were not, since a table that they read could not be read whole.
        held: How many of their findings were held back, since they may follow from one of the problems.
        waived: How many findings `waivers.csv` silenced.
    """

    problems: tuple[Problem, ...]
    rows: dict[str, int]
    rules: int = 0
    waiting: int = 0
    held: int = 0
    waived: int = 0

    @property
    def errors(self) -> int:
        """Number of errors; a package with none is valid."""
        return sum(p.severity == "error" for p in self.problems)

    @property
    def warnings(self) -> int:
        """Number of warnings."""
        return sum(p.severity == "warning" for p in self.problems)


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


def visible(text: str, limit: int = 80) -> str:
    """`text` as a terminal can show it: controls, bidi marks and invisible characters escaped, cut at `limit`."""
    shown = "".join(
        c if c == " " or unicodedata.category(c)[0] not in "CZ" else f"\\u{{{ord(c):x}}}" for c in text[: limit + 1]
    )
    if len(text) > limit:
        return f"{shown[:limit]}… ({len(text):,} characters)"
    return shown


def render(report: Report, form: str) -> str:
    """The report as `text`, `json` or `github` (workflow commands, one annotation a problem).

    Raises:
        KeyError: For another form.
    """
    return {"text": _text, "json": _json, "github": _github}[form](report)


def _where(p: Problem) -> str:
    return ":".join([visible(p.file, 200), *(str(n) for n in (p.line, p.column) if n)])


def _what(p: Problem) -> str:
    named = f'"{p.field}"' in p.message  # has no column "place"
    parts = ["" if named else p.field, f'"{visible(p.value)}"' if p.value else "", visible(p.message, 2000)]
    return " ".join(part for part in parts if part)


def _text(report: Report) -> str:
    lines = []
    for p in report.problems:
        mark = "" if p.severity == "error" else "warning: "
        lines.append(f"{_where(p)}: {mark}{_what(p)} [{p.rule}]")
        if p.hint:
            lines.append(f"    {visible(p.hint, 2000)}")
    return "\n".join([*lines, summary(report)])


def summary(report: Report) -> str:
    """One line: the verdict and what was looked at."""

    def number(n: int, word: str) -> str:
        return f"{n:,} {word}{'' if n == 1 else 's'}"

    looked = f"{number(sum(report.rows.values()), 'row')} in {number(len(report.rows), 'table')}"
    if report.rules:
        looked += f", {number(report.rules, 'rule')}"
    if report.waived:
        looked += f", {number(report.waived, 'finding')} waived"
    if report.waiting:
        looked += f"; {number(report.waiting, 'rule')} will run once the tables can be read"
    if report.held:
        looked += f"; {number(report.held, 'finding')} held back that may follow from these"
    if not report.problems:
        return f"valid: {looked}"
    kinds = Counter(p.rule for p in report.problems)
    most = ", ".join(f"{n} {rule}" for rule, n in kinds.most_common(5)) + (", …" if len(kinds) > 5 else "")
    counts = f"{number(report.errors, 'error')}, {number(report.warnings, 'warning')} ({most})"
    if not report.rows:  # a look at something other than the whole dataset
        return counts
    return f"{'invalid' if report.errors else 'valid, with warnings'}: {counts}; {looked}"


def _json(report: Report) -> str:
    return json.dumps(
        {
            "valid": report.errors == 0,
            "problems": [asdict(p) for p in report.problems],
            "counts": {"errors": report.errors, "warnings": report.warnings},
            "rows": report.rows,
            "rules": {"run": report.rules, "waiting": report.waiting, "held": report.held, "waived": report.waived},
            "truncated": False,
        },
        ensure_ascii=True,
        indent=1,
    )


def _github(report: Report) -> str:
    """Workflow commands; every character that could end or forge one is escaped."""

    def data(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def prop(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    lines = []
    for p in report.problems:
        place = f"file={prop(visible(p.file, 200))}" + (f",line={p.line}" if p.line else "")
        text = _what(p) + (f"\n{visible(p.hint, 2000)}" if p.hint else "")
        lines.append(f"::{p.severity} {place},title={prop(p.rule)}::{data(text)}")
    return "\n".join([*lines, summary(report)])


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by file, line and column, each once."""
    return tuple(sorted(set(problems)))

"""A problem is data: what is wrong, where, and what to do. Told to people, programs and GitHub, as it is found.

Nothing is capped in silence: `json`, `jsonl` and `github` tell every problem as soon as it is found; `text` tells the
first of each kind once there are many, and how many more of it there are.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace

FORMATS = ("text", "json", "jsonl", "github")

FEW = 100
"""As many problems are told one by one in `text`; of more, the first of each kind."""

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


def visible(text: str, limit: int = 80) -> str:
    """`text` as a terminal can show it: controls, bidi marks and invisible characters escaped, cut at `limit`."""
    shown = "".join(
        c if c == " " or unicodedata.category(c)[0] not in "CZ" else f"\\u{{{ord(c):x}}}" for c in text[: limit + 1]
    )
    if len(text) > limit:
        return f"{shown[:limit]}… ({len(text):,} characters)"
    return shown


def render(report: Report, form: str) -> str:
    """A whole report in one of `FORMATS`.

    Raises:
        KeyError: For another form.
    """
    lines: list[str] = []
    teller = Teller(form, lines.append)
    for p in report.problems:
        teller.add(p)
    teller.end(report)
    return "\n".join(lines)


class Teller:
    """Tells problems in one of `FORMATS`, line by line, as they are found.

    Args:
        form: `text`, for people; `json`, one object; `jsonl`, one object a line, the last one the verdict; `github`,
            workflow commands, one annotation a problem.
        write: Takes each line, without its end.
        base: The folder of the package from where the report is read, for `github`.

    Raises:
        KeyError: For another form.
    """

    def __init__(self, form: str, write: Callable[[str], None], base: str = ""):
        self._write = write
        self._base = base if form == "github" else ""
        self._line, self._end = _FORMS[form]
        self._before = '{"problems": [' if form == "json" else ""

    def add(self, p: Problem) -> None:
        """Tells a problem; in `text` they are told at the end."""
        if self._line is not None:
            p = replace(p, file=f"{self._base}/{p.file}") if self._base else p
            self._write(self._before + self._line(p))
            self._before = ", " if self._before else ""

    def end(self, report: Report) -> None:
        """Tells the verdict."""
        self._write((self._before if self._before.startswith("{") else "") + self._end(report))


def _where(p: Problem) -> str:
    return ":".join([visible(p.file, 200), *(str(n) for n in (p.line, p.column) if n)])


def _what(p: Problem) -> str:
    named = f'"{p.field}"' in p.message  # has no column "place"
    parts = ["" if named else visible(p.field), f'"{visible(p.value)}"' if p.value else "", visible(p.message, 2000)]
    return " ".join(part for part in parts if part)


def _text(report: Report) -> str:
    lines = []
    numbers = report.kinds
    many = sum(numbers.values()) > FEW
    told: set[Kind] = set()
    for p in report.problems:
        if many and kind(p) in told:
            continue
        told.add(kind(p))
        mark = "" if p.severity == "error" else "warning: "
        lines.append(f"{_where(p)}: {mark}{_what(p)} [{p.rule}]")
        if p.hint:
            lines.append(f"    {visible(p.hint, 2000)}")
        if many and numbers[kind(p)] > 1:
            lines.append(f"    … and {numbers[kind(p)] - 1:,} more of this kind in this file")
    if many:
        lines.append("Of each kind the first is shown; bastions validate --format jsonl tells all.")
    return "\n".join([*lines, summary(report)])


def summary(report: Report) -> str:
    """One line: the verdict and what was looked at."""

    def number(n: int, word: str) -> str:
        return f"{n:,} {word}{'' if n == 1 else 's'}"

    looked = f"{number(sum(report.rows.values()), 'row')} in {number(len(report.rows), 'table')}"
    if report.rules:
        looked += f", {number(report.rules, 'rule')}"
    if report.files:
        looked += f", {number(report.files, 'other file')}"
    if report.waived:
        looked += f", {number(report.waived, 'finding')} waived"
    if report.waiting:
        what = number(report.waiting, "rule" if report.rules else "foreign key")
        looked += f"; {what} will be judged once the tables can be read"
    if report.unread:
        more = f" and {len(report.unread) - 5:,} more" if len(report.unread) > 5 else ""
        looked += f"; not read: {', '.join(visible(name) for name in report.unread[:5])}{more}"
    if report.held:
        looked += f"; {number(report.held, 'finding')} held back that may follow from these"
    if not report.problems:
        return f"valid: {looked}"
    rules: Counter[str] = Counter()
    for (_, rule, _, _), n in report.kinds.items():
        rules[rule] += n
    most = ", ".join(f"{n:,} {rule}" for rule, n in rules.most_common(5)) + (", …" if len(rules) > 5 else "")
    counts = f"{number(report.errors, 'error')}, {number(report.warnings, 'warning')} ({most})"
    if not (report.rows or report.files or report.unread):  # a look at something other than a whole dataset
        return counts
    return f"{'invalid' if report.errors else 'valid, with warnings'}: {counts}; {looked}"


def _verdict(report: Report) -> dict[str, object]:
    return {
        "valid": report.errors == 0,
        "counts": {"errors": report.errors, "warnings": report.warnings},
        "rows": report.rows,
        "files": report.files,
        "unread": list(report.unread),
        "rules": {"run": report.rules, "waiting": report.waiting, "held": report.held, "waived": report.waived},
        "truncated": False,
    }


def _github(p: Problem) -> str:
    """A workflow command; every character that could end or forge one is escaped."""

    def data(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def prop(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    place = f"file={prop(visible(p.file, 200))}" + (f",line={p.line}" if p.line else "")
    text = _what(p) + (f"\n{visible(p.hint, 2000)}" if p.hint else "")
    return f"::{p.severity} {place},title={prop(p.rule)}::{data(text)}"


_FORMS: Mapping[str, tuple[Callable[[Problem], str] | None, Callable[[Report], str]]] = {
    "text": (None, _text),
    "json": (lambda p: json.dumps(asdict(p)), lambda report: "], " + json.dumps(_verdict(report))[1:]),
    "jsonl": (lambda p: json.dumps(asdict(p)), lambda report: json.dumps(_verdict(report))),
    "github": (_github, summary),
}


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by file, line and column, each once."""
    return tuple(sorted(set(problems)))

"""The form for summaries of jobs and comments on pull requests: GitHub Flavored Markdown.

Every text that is not ours stands in a code span, where GitHub makes neither tags nor links, mentions, references to
issues, images or formulas of it. Escapes would not do: a character reference is resolved before mentions are looked
for, and an address is a link without any mark.

A comment holds 65,536 characters, a summary 1 MiB: a report stays below `ROOM`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from bastions.problems import Problem, Report, looked_at, number, place, verdict, visible, what
from bastions.reports.picking import Pick
from bastions.reports.where import Where

PICKED = 30
"""As many problems are told."""

RULES = 50
"""As many rules have a row in the table."""

ROOM = 60_000
"""As many bytes a report has at most; the rest of what a comment holds is for what others write around it."""


class Markdown:
    """Tells at the end: the verdict, how many problems of each rule there are, and a choice of them.

    Args:
        write: Takes the text.
        where: From where the report is read.
    """

    def __init__(self, write: Callable[[str], None], where: Where):
        self._write, self._where = write, where
        self._pick = Pick(PICKED)
        self._firsts: dict[tuple[str, str], Problem] = {}

    def add(self, p: Problem) -> None:
        """Takes a problem."""
        self._pick.add(p)
        if len(self._firsts) < RULES:
            self._firsts.setdefault((p.rule, p.severity), p)

    def end(self, report: Report) -> None:
        """Tells the report."""
        lines = [f"### bastions validate: {verdict(report)}", ""]
        total = report.errors + report.warnings
        counts = f"{number(report.errors, 'error')}, {number(report.warnings, 'warning')}; " if total else ""
        lines += [f"{counts}{looked_at(report, lambda name: code(visible(name, 200)))}.", ""]
        if total:
            lines += [*self._table(report), ""]
            lines += self._problems(total, ROOM - size(lines))
        self._write("\n".join(lines))

    def _table(self, report: Report) -> list[str]:
        numbers: Counter[tuple[str, str]] = Counter()
        for (_, rule, severity, _), n in report.kinds.items():
            numbers[rule, severity] += n
        rows: list[str] = []
        for (rule, severity), n in sorted(numbers.items(), key=lambda item: (item[0][1], -item[1], item[0][0])):
            first = self._firsts.get((rule, severity))
            row = f"| {cell(rule)} | {severity} | {n:,} | {cell(self._place(first)) if first else ''} |"
            if len(rows) == RULES or size(rows) + size([row]) > ROOM // 3:
                break
            rows.append(row)
        rest = ["", f"And {number(len(numbers) - len(rows), 'more rule')}."] if len(numbers) > len(rows) else []
        return ["| rule | severity | problems | first |", "|---|---|---:|---|", *rows, *rest]

    def _problems(self, total: int, room: int) -> list[str]:
        items: list[str] = []
        for p in self._pick.chosen():
            mark = "**error**" if p.severity == "error" else "warning"
            item = f"- {mark} {code(self._place(p))} {code(what(p, 300))} ({code(visible(p.rule))})"
            item += f"\n  {code(visible(p.hint, 300))}" if p.hint else ""
            if size(items) + size([item]) > room - 1_000:  # which is for what is said about the rest
                break
            items.append(item)
        if len(items) < total:
            rest = self._where.rest(lambda name: code(visible(name, 200)))
            items += ["", f"{len(items):,} of {number(total, 'problem')}, chosen so that no rule is hidden; {rest}."]
        return items

    def _place(self, p: Problem) -> str:
        return f"{self._where.base and visible(self._where.base, 200) + '/'}{place(p)}"


def size(lines: list[str]) -> int:
    """The bytes of lines, with their ends."""
    return sum(len(line.encode()) + 1 for line in lines)


def code(text: str) -> str:
    """A text as a code span; what is invisible in it is escaped.

    The marks around it are one more than any row of them in the text. Long rows are escaped: readers give up on marks
    beyond some length, and what is between them would be Markdown.
    """
    text = visible(text, 10_000)
    longest = max(map(len, re.findall("`+", text)), default=0)
    if longest > 3:
        text, longest = text.replace("`", r"\u{60}"), 0
    marks = "`" * (longest + 1)
    pad = " " if not text.strip(" ") or text[0] in "` " or text[-1] in "` " else ""
    return f"{marks}{pad}{text or ' '}{pad}{marks}"


def cell(text: str) -> str:
    """A code span in a table, whose columns end at a bar even there; of an empty text nothing."""
    return code(text.replace("|", r"\u{7c}")) if text else ""

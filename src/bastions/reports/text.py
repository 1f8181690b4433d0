"""The form for people: a line for each problem, with its hint below, and the verdict last."""

from __future__ import annotations

from collections.abc import Callable

from bastions.problems import FEW, Kind, Problem, Report, inert, kind, place, summary, visible, what


class Text:
    """Tells at the end; of many problems the first of each kind, and how many more of it there are.

    Args:
        write: Takes the text.
    """

    def __init__(self, write: Callable[[str], None]):
        self._write = write

    def add(self, p: Problem) -> None:
        """Does nothing: the report holds what is told."""

    def end(self, report: Report) -> None:
        """Tells the problems and the verdict."""
        lines = []
        numbers = report.kinds
        many = sum(numbers.values()) > FEW
        told: set[Kind] = set()
        for p in report.problems:
            of = kind(p)
            if many and of in told:
                continue
            told.add(of)
            mark = "" if p.severity == "error" else "warning: "
            lines.append(inert(f"{place(p)}: {mark}{what(p)} [{visible(p.rule)}]"))
            if p.hint:
                lines.append(f"    {visible(p.hint, 2000)}")
            if many and numbers[of] > 1:
                lines.append(f"    … and {numbers[of] - 1:,} more of this kind in this file")
        if many:
            lines.append("Of each kind the first is shown; bastions validate --format jsonl tells all.")
        self._write("\n".join([*lines, summary(report)]))

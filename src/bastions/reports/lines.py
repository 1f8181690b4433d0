"""The forms for programs: JSON, every problem as soon as it is found, and the verdict last."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict

from bastions.problems import Problem, Report

_LONE = re.compile("[\ud800-\udfff]")
_COMMAND = re.compile(r"##(?=[A-Za-z]*\[)")


def dumps(value: object) -> str:
    r"""A value as JSON in ASCII that every reader takes, and that no runner takes for a command.

    A lone surrogate, as a name may hold, is no character: strict readers refuse what holds one. It is written out, like
    `\u{d800}`. `##[`, which runners look for in every line of a log, is written with an escape that means the same.
    """
    text = json.dumps(value)
    if "\\ud" in text:
        text = json.dumps(_whole(value))
    return _COMMAND.sub(r"#\\u0023", text) if "##" in text else text


def _whole(value: object) -> object:
    if isinstance(value, str):
        return _LONE.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", value)
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(item) for item in value]
    return value


def verdict(report: Report) -> dict[str, object]:
    """What is told of a report beside its problems."""
    return {
        "valid": report.errors == 0,
        "counts": {"errors": report.errors, "warnings": report.warnings},
        "rows": report.rows,
        "files": report.files,
        "unread": list(report.unread),
        "rules": {"run": report.rules, "waiting": report.waiting, "held": report.held, "waived": report.waived},
        "truncated": False,
    }


class JsonLines:
    """One object a line; the last one is the verdict.

    Args:
        write: Takes each line.
    """

    def __init__(self, write: Callable[[str], None]):
        self._write = write

    def add(self, p: Problem) -> None:
        """Tells a problem."""
        self._write(dumps(asdict(p)))

    def end(self, report: Report) -> None:
        """Tells the verdict."""
        self._write(dumps(verdict(report)))


class Json:
    """One object with the problems and the verdict; a line for each problem.

    Args:
        write: Takes each line.
    """

    def __init__(self, write: Callable[[str], None]):
        self._write, self._before = write, '{"problems": ['

    def add(self, p: Problem) -> None:
        """Tells a problem."""
        self._write(self._before + dumps(asdict(p)))
        self._before = ", "

    def end(self, report: Report) -> None:
        """Tells the verdict."""
        opened = self._before if self._before.startswith("{") else ""
        self._write(f"{opened}], {dumps(verdict(report))[1:]}")

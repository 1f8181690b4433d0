"""Which tests judge a change of the code: those that run its lines, for `code_mutants.py`."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from code_changes import Change


@dataclass
class Measured:
    """What a test file's tests take (seconds), and the tests that run each line of each file.

    `imported` are lines that run outside of any test: at an import or in a process that a test starts; `starting` are
    the tests that start processes.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[int, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    imported: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    starting: set[str] = field(default_factory=set)

    def add(self, found: dict[str, Any]) -> None:
        """Adds what `measure` wrote of one test file."""
        self.seconds |= found["seconds"]
        self.starting |= set(found["starting"])
        for path, lines in found["lines"].items():
            for line, contexts in lines.items():
                for context in contexts:
                    test, _, phase = context.rpartition("|")
                    if not test:
                        self.imported[path].add(int(line))
                    # What the first user of a shared fixture sets up is for all of its users.
                    users = found["sharing"].get(test, ()) if phase == "setup" else ()
                    self.lines[path][int(line)] |= {one for one in (test, *users) if one in self.seconds}

    def of(self, change: Change, mentions: Mentions) -> list[str]:
        """The tests that judge a change, the fastest first, those of one file together where they are alike."""
        lines = self.lines[change.path]
        tests = set().union(*(lines[line] for line in change.lines))
        if change.names:
            tests |= set().union(*(self.lines[path][line] for path, line in mentions.of(change.names)))
        if self.imported[change.path] & set(change.lines) and not change.names:
            tests |= self.starting
        return sorted(tests, key=lambda test: (_pace(self.seconds[test]), test.split("::")[0], self.seconds[test]))


def _pace(seconds: float) -> int:
    return next(at for at, limit in enumerate((0.03, 0.3, 2, float("inf"))) if seconds < limit)


class Mentions:
    """Where names are used in functions of the judged code; also by way of other names outside of functions."""

    def __init__(self, sources: dict[str, bytes]) -> None:
        self.used: dict[str, set[tuple[str, int]]] = defaultdict(set)
        self.passed: dict[str, set[str]] = defaultdict(set)
        for path, source in sources.items():
            for statement in ast.parse(source).body:
                self._look(statement, path)

    def _look(self, statement: ast.stmt, path: str) -> None:
        if isinstance(statement, ast.ClassDef):
            for part in statement.body:
                self._look(part, path)
            return
        within = isinstance(statement, ast.FunctionDef)
        given = {one.id for one in ast.walk(statement) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
        for one in ast.walk(statement):
            if isinstance(one, ast.Name | ast.Attribute) and isinstance(one.ctx, ast.Load):
                name = one.id if isinstance(one, ast.Name) else one.attr
                self.used[name].add((path, one.lineno))
                if not within:
                    self.passed[name] |= given

    def of(self, names: Iterable[str]) -> set[tuple[str, int]]:
        """Files and lines that use one of the names, or a name that is made of it."""
        seen: set[str] = set()
        todo = list(names)
        while todo:
            if (name := todo.pop()) not in seen:
                seen.add(name)
                todo.extend(self.passed[name])
        return set().union(*(self.used[name] for name in seen))

"""The choice of problems that stand for many, made as they are found, in bounded memory."""

from __future__ import annotations

from bastions.problems import Kind, Problem, kind


class Pick:
    """Keeps so many problems that a flood of one kind hides no other.

    First of all the first of each rule; then the first of each kind, which is a rule in a file and column; then what
    came first.

    Args:
        limit: How many are chosen at most.
    """

    def __init__(self, limit: int):
        self._limit = limit
        self._rules: set[str] = set()
        self._kinds: set[Kind] = set()
        self._ranks: tuple[list[Problem], list[Problem], list[Problem]] = ([], [], [])

    def add(self, p: Problem) -> None:
        """Takes notice of one."""
        firsts, kinds, _ = self._ranks
        rank = 2
        # A rank that is full takes no more, so that what is new need not be remembered either.
        if len(firsts) < self._limit and p.rule not in self._rules:
            self._rules.add(p.rule)
            self._kinds.add(kind(p))
            rank = 0
        elif len(kinds) < self._limit and kind(p) not in self._kinds:
            self._kinds.add(kind(p))
            rank = 1
        if len(self._ranks[rank]) < self._limit:
            self._ranks[rank].append(p)

    def chosen(self) -> list[Problem]:
        """Those chosen, in order of file and line."""
        return sorted([p for rank in self._ranks for p in rank][: self._limit])

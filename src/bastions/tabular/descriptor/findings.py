"""What is wrong with a descriptor, as it is found: each fault once, by its JSON pointer."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

NAME_LIMIT = 1_000
"""Characters of the name of a resource or field."""


def name_fault(name: str, allowed: str = "") -> str | None:
    """Why a name is not used: too long, or it holds a character that cannot be seen, other than those allowed."""
    if len(name) > NAME_LIMIT:
        return f"has {len(name):,} characters; no more than {NAME_LIMIT:,} are read"
    unseen = (c for c in name if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") and c not in allowed)
    if (found := next(unseen, None)) is not None:
        return f"holds the control or invisible character U+{ord(found):04X}"
    return None


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a part of a descriptor.

    Attributes:
        path: JSON pointer of the part.
        rule: Name of the rule; empty for that of the part.
        requirement: Of the specification, where it is one that is broken.
        file: Where it is wrong, if that is a file of its own that could not be read.
        line: There, from 1; 0 where no line is known.
    """

    path: str
    message: str
    hint: str = ""
    rule: str = ""
    severity: str = "error"
    requirement: str = ""
    file: str = ""
    line: int = 0


@dataclass(slots=True)
class Known:
    """What is already known to be wrong, and what is found beside it.

    Attributes:
        v2: Whether the descriptor is of v2.
        under: The requirements that are broken at a pointer or below it.
        json_schemas: By its text, what is wrong with each JSON Schema that was looked at.
        looked_at: Characters of these texts.
    """

    v2: bool
    under: Mapping[str, frozenset[str]]
    found: list[Finding] = field(default_factory=list)
    json_schemas: dict[str, str | None] = field(default_factory=dict)
    looked_at: int = 0

    def bad(self, path: str, *but: str) -> bool:
        """Whether something is known to be wrong at a pointer or below it, other than those requirements."""
        return bool(self.under.get(path, frozenset()) - {*but})

    def add(self, path: str, message: str, hint: str = "", rule: str = "", severity: str = "error") -> None:
        """One more finding, unless something is known to be wrong there: one fault, one problem."""
        if not self.bad(path):
            self.found.append(Finding(path, message, hint, rule, severity))

"""Version numbers of the data, and what a change asks of the next one; the rules are told in RELEASING.md."""

from __future__ import annotations

import re
from typing import Literal

Level = Literal["major", "minor", "patch"]
"""What a change is: breaking, adding, or neither; see `changes`."""

LEVELS: tuple[Level, ...] = ("patch", "minor", "major")

Version = tuple[int, int, int]

_VERSION = re.compile(r"(0|[1-9][0-9]{0,8})[.](0|[1-9][0-9]{0,8})[.](0|[1-9][0-9]{0,8})")


def parse(text: str) -> Version | None:
    """The three numbers of a version (`1.4.0`); None for anything else."""
    found = _VERSION.fullmatch(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def needed(last: Version, level: Level) -> Version:
    """The least version that may follow a release with a change of a level.

    While the first number is 0, a breaking change raises the second and any other the third, as
    https://semver.org leaves it to a project that is not at 1.0.0 yet.
    """
    first, second, third = last
    if first == 0:
        return (0, second + 1, 0) if level == "major" else (0, second, third + 1)
    return {"major": (first + 1, 0, 0), "minor": (first, second + 1, 0), "patch": (first, second, third + 1)}[level]


def text(version: Version) -> str:
    """A version as it is written."""
    return ".".join(map(str, version))

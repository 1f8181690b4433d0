"""From where a report is read: what its paths begin with, and what else tells of the same run."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bastions.problems import visible


@dataclass(frozen=True, slots=True)
class Where:
    """From where a report is read.

    Attributes:
        base: The folder of the package from where files are looked up, with forward slashes; empty if it is the same.
        all_in: Names of the files that get every problem of the same run.
        more_in: Names of the files that get more of them.
    """

    base: str = ""
    all_in: tuple[str, ...] = ()
    more_in: tuple[str, ...] = ()

    def path(self, file: str) -> str:
        """The path of a file of the package from there."""
        return f"{self.base}/{file}" if self.base else file

    def rest(self, shown: Callable[[str], str] = visible) -> str:
        """Where problems are that a report leaves out; `shown` makes a name or command fit to be shown."""
        if self.all_in:
            return f"all are in {' and '.join(map(shown, self.all_in))}"
        more = f"more are in {' and '.join(map(shown, self.more_in))}; " if self.more_in else ""
        return f"{more}{shown('bastions validate --format jsonl')} tells all"


def from_here(folder: Path) -> str:
    """The path of a folder from the working directory, links followed; empty where it is not below it.

    A checkout is where the readers of reports look files up. What is not in it they cannot find, and a path that climbs
    out of it is refused by some.
    """
    try:
        path = os.path.relpath(os.path.realpath(folder), os.path.realpath("."))
    except ValueError:  # on another drive
        return ""
    return "" if path == "." or Path(path).parts[0] == ".." else path.replace(os.sep, "/")

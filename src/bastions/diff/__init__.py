"""How two states of the dataset differ: rows by key, columns, ids, and what becomes of the published values.

A state is a `Side`: a git commit, the folder or archive of a release, or the working dataset.

    with diff.opened("dist/bastions-0.1.0.tar.gz") as old, diff.opened() as new:
        found = diff.between(old, new)
    print(diff.tell.markdown(found))

`sides` opens them, `lenient` reads files that the strict reader refuses, `compare` tells tables apart (`keyed` rows,
`columns`, `rows` with names), `ids` looks at keys, `beside` at other files, `effect` at resolved values, and `tell`
writes the difference as text, Markdown, HTML or JSON.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from bastions.diff import tell
from bastions.diff.beside import FileChange, Lowered
from bastions.diff.model import (
    ID_KINDS,
    Cell,
    ColumnChange,
    Difference,
    IdWarning,
    Row,
    Sheet,
    Side,
    TableDifference,
    Tombstone,
)
from bastions.diff.values import Answer, Effect, Resolved

__all__ = [
    "ID_KINDS",
    "Answer",
    "CannotOpen",
    "Cell",
    "ColumnChange",
    "Difference",
    "Effect",
    "FileChange",
    "IdWarning",
    "Lowered",
    "Resolved",
    "Row",
    "Sheet",
    "Side",
    "TableDifference",
    "Tombstone",
    "between",
    "opened",
    "tell",
]


class CannotOpen(ValueError):
    """A side cannot be opened at all; the message is for people and says what to do."""


def opened(what: str | Path | None = None, root: Path | str = ".") -> AbstractContextManager[Side]:
    """Opens a side; temporary files, if it needs any, are there until the context is left.

    Args:
        what: A folder or archive of a release, a folder of a dataset, or what git resolves to a commit of the
            repository that holds `root`; None is the working dataset in `root`. What exists as a path is one.
        root: The folder of the working dataset.

    Returns:
        A context manager that gives the side.

    Raises:
        CannotOpen: On entering, if there is no such thing, or git or the archive cannot be read.
    """
    from bastions.diff import sides

    return sides.opened(what, Path(root))


def between(old: Side, new: Side, policy: str | None = None) -> Difference:
    """The difference between two sides.

    Args:
        old: What was.
        new: What is.
        policy: The policy whose published values are compared, or `all`; without one the default policy.

    Returns:
        The difference; what could not be read or compared is in its `problems` and `notes`.

    Raises:
        CannotOpen: If neither side has the policy.
    """
    from bastions.diff import compare

    return compare.between(old, new, policy)

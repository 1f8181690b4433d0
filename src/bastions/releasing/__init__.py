"""Releases: what a version promises, what becomes a release, and how anyone proves one.

`lock` holds the public contract of the last release and `changes` tells what a schema changes of it; `known` remembers
every id and every release, and `base` reads that from a commit; `making` makes a release, `archive` its archive,
`changelog` the words beside it; `proving` holds every byte of a release against its digest. What a version number means
is told in RELEASING.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bastions.releasing.making import Made
    from bastions.releasing.proving import Proof

__all__ = ["CannotRelease", "release", "verify", "write_lock"]


class CannotRelease(ValueError):
    """No release can be made of what there is; the message is for people and says what to do."""


def release(
    root: Path | str = ".",
    out: Path | str = "dist",
    previous: Path | str | None = None,
    day: str | None = None,
) -> Made:
    """Makes the release of a dataset, and writes down in `releases/` what is known of it.

    Args:
        root: The folder of the dataset.
        out: The folder for the archive and what goes beside it; made, or replaced if it holds an older release.
        previous: The release before: its folder, its archive, or a git ref; by default the tag of the last one.
        day: The day of the release, `YYYY-MM-DD`; by default that of the heading of `CHANGELOG.md`.

    Returns:
        What was made.

    Raises:
        CannotRelease: If version, day, previous release or what is known of releases forbid it; nothing was changed.
        Refused: If validation finds an error.
        CannotPublish: If another process is writing to `out`, or `out` holds files that no release put there.
        SchemaError: If `schemas/` cannot be read.
        FileNotFoundError: If there is no dataset in `root`.
    """
    from bastions.releasing import making

    return making.release(Path(root), Path(out), previous, day)


def write_lock(root: Path | str = ".") -> Path:
    """Writes the lock of a version that is not released yet; its path.

    Raises:
        CannotRelease: If the version is released, so that its lock stands for ever.
        Refused: If validation finds an error other than those of the lock.
        SchemaError: If `schemas/` cannot be read.
        FileNotFoundError: If there is no dataset in `root`.
    """
    from bastions.releasing import making

    return making.write_lock(Path(root))


def verify(path: Path | str) -> Proof:
    """Holds every byte of a release against its digests.

    Args:
        path: The folder of a release, an archive, or a folder that holds archives and their SHA256SUMS.

    Returns:
        What was looked at, and everything that is wrong.

    Raises:
        FileNotFoundError: If there is nothing of the kind.
        OSError: If it cannot be read.
    """
    from bastions.releasing import proving

    return proving.verify(Path(path))

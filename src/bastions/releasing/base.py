"""What a commit knows of releases, so that a change need not be judged by what it says of them itself.

A pull request brings its own `releases/`, and could ask less of itself there than the branch that it is for. Here that
of the branch is read from git, as `diff` reads commits: no checkout, no hook, no filter.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bastions.problems import number, visible
from bastions.releasing import known, lock, versions
from bastions.releasing.known import Known, KnownError


@dataclass(frozen=True, slots=True)
class Base:
    """The `releases/` of a commit.

    Attributes:
        label: The commit, for people.
        known: What it says; nothing where it has no such folder, or one that cannot be read.
        fault: Why it cannot be read; None where it can.
    """

    label: str
    known: Known
    fault: KnownError | None = None


def at(ref: str, root: Path) -> Base:
    """The `releases/` of a commit.

    Args:
        ref: What git resolves to a commit: a branch, tag, hash, `HEAD^1`.
        root: The folder of the dataset, in a repository; the commit is read from the same folder of it.

    Raises:
        CannotOpen: If git is missing, `root` is in no repository, or there is no such commit.
    """
    from bastions.diff import git

    name = git.commit(ref, root, paths=False)
    label = name[:12] if name.startswith(ref) else f"{visible(ref, 100)} ({name[:12]})"
    with tempfile.TemporaryDirectory(prefix="bastions-releases-") as folder:
        odd = git.extract(name, root, Path(folder), (known.FOLDER,))
        # What else lies there is read by nobody, here as in `known.read`.
        odd = [fault for fault in odd if fault.file in (known.FOLDER, lock.FILE, known.BEFORE, known.IDS, known.INDEX)]
        try:
            if odd:  # what is left out would be taken for what is not there
                raise KnownError(odd[0].file, odd[0].message)
            return Base(label, known.read(Path(folder)))
        except KnownError as error:
            return Base(label, Known(None, None, known.no_ids(), {}), error)


def same(own: Known, base: Known) -> bool:
    """Whether two folders say the same; the locks have the digests of the ids."""
    return (own.lock, own.before, own.index) == (base.lock, base.before, base.index)


def unlike(own: Known, base: Known) -> tuple[str, str] | None:
    """What nobody but `bastions release` could have done to what a commit knows, and did not.

    Before the first release the lock may be written anew. After it, only a release changes anything: it adds a line and
    ids, says since when others are gone, and puts the lock of the release before aside.

    Args:
        own: What is known now; it has a lock.
        base: What the commit knows, otherwise than `own`; it has a lock too.

    Returns:
        A file and what is wrong with it; None where all of it is as a release leaves it.
    """
    assert own.lock is not None and base.lock is not None, "both have a lock"
    if not base.lock.released:
        return None
    for version, row in base.index.items():
        if own.index.get(version) != row:
            what = "has no longer its line of" if version not in own.index else "has another line for"
            return known.INDEX, f"{what} {version}"
    new = own.index.keys() - base.index.keys()
    if not new:
        file = lock.FILE if own.lock != base.lock else known.BEFORE
        return file, "differs from that of the base, and no release was made"
    last = versions.parse(base.lock.version) or ()
    if early := [version for version in new if (versions.parse(version) or ()) < last]:
        return known.INDEX, f"has {early[0]} as a new release, and {base.lock.version} was made already"
    if len(new) == 1 and own.before != base.lock:
        return known.BEFORE, f"is not the lock of {base.lock.version}"
    kept = ["subject_table", "id", "first_version"]
    if lost := base.ids.join(own.ids, kept, "anti").height:
        return known.IDS, f"has lost {number(lost, 'id')}"
    gone = base.ids.filter(pl.col("removed_in").is_not_null())
    if lost := gone.join(own.ids, list(known.ID_COLUMNS), "anti").height:
        return known.IDS, f"has another removed_in for {number(lost, 'id')}"
    return None

"""A temporary folder for one run, which the next run removes if this one is killed.

Its name says whose it is (`bastions-<user>-<process>-<random>`), and a file `lock` in it is locked for as long as the
run lasts. The lock is the kernel's (`flock`), so that it ends with the process however that ends: a folder whose lock
is free is what a dead process left. The folder of temporary files is everybody's, so a name in it proves nothing:
links are never followed, and what is not a private folder of this user is never touched.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bastions.publish.errors import naming

_LOCK = "lock"
_TRIES = 100


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A new, private, empty folder (but for its lock) in the system's temporary folder; it is gone after the block.

    Folders that killed runs of this user left there are removed first.

    Yields:
        The folder.

    Raises:
        OSError: If no folder can be made.
    """
    base = _base().resolve()
    _sweep(base)
    made, lock = _make(base)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(lock)


def _base() -> Path:
    """The system's folder of temporary files, the first that may be written to, as `tempfile` chooses it.

    `tempfile.gettempdir` tries by writing a file, which stays there if the run is killed in that moment.
    """
    if tempfile.tempdir:
        return Path(os.fsdecode(tempfile.tempdir))
    given = [os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")]
    for name in (*given, "/tmp", "/var/tmp", "/usr/tmp"):
        if name and Path(name).is_dir() and os.access(name, os.W_OK | os.X_OK):
            return Path(name)
    return Path(tempfile.gettempdir())


def _prefix() -> str:
    return f"bastions-{os.geteuid()}-"


def _make(base: Path) -> tuple[Path, int]:
    """The folder and the descriptor that holds its lock."""
    for _ in range(_TRIES):
        folder, lock = Path(tempfile.mkdtemp(prefix=f"{_prefix()}{os.getpid()}-", dir=base)), -1
        try:
            with contextlib.suppress(FileExistsError, FileNotFoundError):
                # Either is a run that sweeps: it came between, took the folder for a dead one's and removes it.
                lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
                # Two files of one name are told apart: the one that was locked may have been swept away meanwhile.
                with naming(folder):
                    if _locked(lock) and _stands(folder / _LOCK, lock):
                        return folder, lock
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        if lock >= 0:
            os.close(lock)
    raise OSError(f"no temporary folder can be kept in {base}")


def _locked(descriptor: int) -> bool:
    """Takes the lock of an open file; whether nobody else had it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _stands(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _sweep(base: Path) -> None:
    """Removes the folders of this user whose lock is free."""
    ours = re.compile(re.escape(_prefix()) + "[0-9]+-[a-z0-9_]+")
    with contextlib.suppress(OSError):  # a temporary folder that may be written to but not listed
        for path in base.iterdir():
            if ours.fullmatch(path.name):
                # One that vanishes meanwhile, or cannot be removed, must not keep a run from starting.
                with contextlib.suppress(OSError):
                    _remove_if_dead(path)


def _remove_if_dead(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        found = os.fstat(folder)
        if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) != 0o700:
            return
        # A folder without a lock file is half made or half removed: making the file here settles it, since whoever
        # makes the folder insists on making the file.
        lock = os.open(
            _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600, dir_fd=folder
        )
        try:
            if _locked(lock) and os.path.samestat(path.lstat(), found):
                shutil.rmtree(path)
        finally:
            os.close(lock)
    finally:
        os.close(folder)

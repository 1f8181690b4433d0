"""Putting a finished folder in the place of another, so that whoever looks finds the old one or the new one.

A plain rename cannot do it, since it refuses a target that is not empty. The kernel can swap two names in one step
(`renameat2` with RENAME_EXCHANGE on Linux, `renamex_np` with RENAME_SWAP on macOS); where neither is to be had, on old
kernels and some network file systems, two renames are made, and what a crash between them leaves is put right by the
next build.

Beside the folder `build` stand, while a build runs, `.build-stage-<number>` (what is being written), `.build-lock`, and
`.build-old` (only without an exchange). The lock is the kernel's (`flock`): it ends with the process that holds it,
however that ends, so that the lock file of a dead process stands in nobody's way. What a dead process left of the
others is deleted by the next build, which knows by the lock that nobody is using it.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bastions.publish.errors import Busy, NotARelease

_AT_FDCWD, _RENAME_EXCHANGE, _RENAME_SWAP = -100, 2, 2
_UNSUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EXDEV}


@contextlib.contextmanager
def replacing(target: Path, may_go: Callable[[Path], set[str]], keep: tuple[str, ...] = ()) -> Iterator[Path]:
    """A new, empty folder that takes the place of `target` when the block ends without an exception.

    Args:
        target: The folder to make or to replace; a symbolic link to a folder is followed.
        may_go: Says of a folder which of its names a release made, so that they may be deleted with it.
        keep: Files of `target` that are carried over.

    Yields:
        The folder to write into, on the file system of `target`.

    Raises:
        Busy: If another process holds the lock of `target`.
        NotARelease: If `target` is no folder, or holds anything but what is kept and what a release made.
    """
    target = Path(os.path.realpath(target))
    if not target.name:
        raise NotARelease(f"{target} is no folder that can be replaced")
    target.parent.mkdir(parents=True, exist_ok=True)
    with _locked(target):
        _clean(target)
        _check(target, may_go, keep)
        stage = target.with_name(f".{target.name}-stage-{os.getpid()}")
        try:
            stage.mkdir()
            yield stage
            # Only now: somebody may have put a file there meanwhile, or edited one that stays.
            _check(target, may_go, keep)
            for name in keep:
                if (target / name).is_file():
                    shutil.copy2(target / name, stage / name)
            if target.exists():
                shutil.copymode(target, stage)
            sync(stage)
            _put(stage, target)
        finally:
            # The stage, if something failed, or by the exchange the old folder.
            shutil.rmtree(stage, ignore_errors=True)


@contextlib.contextmanager
def _locked(target: Path) -> Iterator[None]:
    try:
        import fcntl
    except ImportError:  # not a POSIX system: two builds at once are the user's own affair
        yield
        return
    path = target.with_name(f".{target.name}-lock")
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held it may have deleted it between the two lines above; then it locks nothing.
            if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
                break
        except OSError as error:
            os.close(descriptor)
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise
            raise Busy(f"another build is writing to {target}; wait for it to end") from None
        os.close(descriptor)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _clean(target: Path) -> None:
    """Undoes what a process left behind that died while it held the lock."""
    old = target.with_name(f".{target.name}-old")
    if old.exists():
        if target.exists():
            shutil.rmtree(old)
        else:
            old.rename(target)
    for stage in target.parent.glob(f".{_glob(target.name)}-stage-*"):
        shutil.rmtree(stage)


def _glob(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _check(target: Path, may_go: Callable[[Path], set[str]], keep: tuple[str, ...]) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise NotARelease(f"{target} is not a folder")
    known = may_go(target) | set(keep)
    foreign = sorted(
        path.relative_to(target).as_posix()
        for path in target.rglob("*")
        if (path.is_symlink() or not path.is_dir()) and path.relative_to(target).as_posix() not in known
    )
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise NotARelease(
            f"{target} holds {foreign[0]}{more}, which no release put there; move it away, or name another"
        )


def sync(folder: Path) -> None:
    """Sees to it that every file and folder below `folder`, and it itself, is on the disk and not only on its way."""
    for where, _, names in os.walk(folder, topdown=False):
        for name in names:
            _sync(Path(where) / name)
        _sync(Path(where))


def _sync(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        if os.name == "nt":  # a folder cannot be opened there
            return
        raise
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put(stage: Path, target: Path) -> None:
    if not target.exists():
        stage.rename(target)
    elif not exchange(stage, target):
        old = target.with_name(f".{target.name}-old")
        target.rename(old)
        stage.rename(target)
        _sync(target.parent)
        shutil.rmtree(old)
    _sync(target.parent)


def exchange(one: Path, other: Path) -> bool:
    """Swaps two names in one step.

    Returns:
        False if system or file system cannot; then nothing was changed.

    Raises:
        OSError: If it can and did not.
    """
    names = os.fsencode(one), os.fsencode(other)
    libc = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "linux" and hasattr(libc, "renameat2"):
        failed = libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    elif sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        failed = libc.renamex_np(*names, _RENAME_SWAP)
    else:
        return False
    if failed:
        code = ctypes.get_errno()
        if code in _UNSUPPORTED:
            return False
        raise OSError(code, os.strerror(code), str(one), None, str(other))
    return True

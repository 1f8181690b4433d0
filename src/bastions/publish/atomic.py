"""Putting a finished folder in the place of another, so that whoever looks finds the old one or the new one.

A plain rename cannot do it, since it refuses a target that is not empty. The kernel can swap two names in one step
(`renameat2` with RENAME_EXCHANGE on Linux, `renamex_np` with RENAME_SWAP on macOS); where neither is to be had, on old
kernels and some network file systems, two renames are made, and what a crash between them leaves is put right by the
next build.

Beside the folder `build` stand, while a build runs, `.build-stage-<number>` (what is being written), `.build-lock`, and
`.build-old` (only without an exchange). The lock is the kernel's (`flock`): it ends with the process that holds it,
however that ends, so that the lock file of a dead process stands in nobody's way. What a dead process left of the
others is deleted by the next build, which knows by the lock that nobody is using it.

That all this holds is tried by killing builds, and by letting calls fail, at every call that they make
(`tests/test_injection.py`).
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

from bastions.publish.errors import Busy, NotARelease, naming

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
        OSError: With the name of a file, if something fails; `target` is as it was, unless the message says that the
            new one is in place.
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
            if _stands(path, descriptor):
                break
        except BlockingIOError:
            os.close(descriptor)
            raise Busy(f"another build is writing to {target}; wait for it to end") from None
        except OSError as error:
            os.close(descriptor)
            raise OSError(error.errno or 0, error.strerror or "cannot be locked", str(path)) from error
        os.close(descriptor)
    try:
        yield
    finally:
        # A lock file that stays, since it cannot be deleted, stands in nobody's way.
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(descriptor)


def _stands(path: Path, descriptor: int) -> bool:
    """Whether an open file is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _clean(target: Path) -> None:
    """Undoes what a process left behind that died while it held the lock."""
    old = target.with_name(f".{target.name}-old")
    if old.exists():
        if target.exists():
            shutil.rmtree(old)
        else:
            old.rename(target)
    with os.scandir(target.parent) as entries:
        stages = [entry.path for entry in entries if entry.name.startswith(f".{target.name}-stage-")]
    for stage in stages:
        shutil.rmtree(stage)


def _check(target: Path, may_go: Callable[[Path], set[str]], keep: tuple[str, ...]) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise NotARelease(f"{target} is not a folder")
    known = may_go(target) | set(keep)
    foreign = sorted(name for name in _files(target) if name not in known)
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise NotARelease(
            f"{target} holds {foreign[0]}{more}, which no release put there; move it away, or name another"
        )


def _files(folder: Path) -> Iterator[str]:
    """The paths of all that is no folder, links among them.

    Raises:
        OSError: If a folder cannot be listed: `rglob` would take it for an empty one, and what it holds would be
            deleted unseen. Or if a folder may not be written to: somebody wants it to stay, and what is put in its
            place could not be followed by deleting it.
    """
    for where, folders, names in os.walk(folder, onerror=_raise):
        if not os.access(where, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "is to be replaced, and may not be written to", where)
        for name in names + [name for name in folders if (Path(where) / name).is_symlink()]:
            yield (Path(where) / name).relative_to(folder).as_posix()


def _raise(error: OSError) -> None:
    raise error


def sync(folder: Path) -> None:
    """Sees to it that every file and folder below `folder`, and it itself, is on the disk and not only on its way.

    Raises:
        OSError: With the name of the file for which it failed.
    """
    for where, _, names in os.walk(folder, topdown=False, onerror=_raise):
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
        with naming(path):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put(stage: Path, target: Path) -> None:
    old = target.with_name(f".{target.name}-old")
    if not target.exists():
        stage.rename(target)
    elif not exchange(stage, target):
        target.rename(old)
        try:
            stage.rename(target)
        except BaseException:
            old.rename(target)
            raise
    try:
        _sync(target.parent)
        if old.exists():
            shutil.rmtree(old)
    except OSError as error:
        # It cannot be taken back: readers have it already.
        told = f"{error.strerror or error}; the new release is in place, but may be lost if the machine fails now"
        raise OSError(error.errno or 0, told, error.filename or str(target.parent)) from error


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

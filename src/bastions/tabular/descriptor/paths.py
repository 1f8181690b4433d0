"""The files of a package: opened inside its folder only, never through a link, never waiting on a pipe.

What a path says is judged first (`refusal`), then each folder on the way is opened from the one before, so that
nothing that changes between looking and opening can lead out. Needs a POSIX system (`openat`, `O_NOFOLLOW`).
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import BinaryIO

ARCHIVES = (
    ".gz", ".gzip", ".tgz", ".zip", ".zipx", ".bz2", ".tbz2", ".tbz", ".xz", ".txz", ".lzma", ".lz", ".lz4", ".lzo",
    ".zst", ".zstd", ".br", ".sz", ".z", ".tar", ".7z", ".rar",
)  # fmt: skip
"""Endings of compressed files and archives, which are not unpacked: a small one can hold more than any disk."""

LENGTH_LIMIT = 4_096
"""Characters of a path."""


class PathRefused(ValueError):
    """A path that is not opened.

    Attributes:
        hint: What to do.
        rule: `scheme-error` for addresses, `compression-error` for archives, else `source-error`.
    """

    def __init__(self, message: str, hint: str = "", rule: str = "source-error"):
        self.hint = hint
        self.rule = rule
        super().__init__(message)


def refusal(path: str, *, archives: bool = False) -> PathRefused | None:
    """Why a path is not opened, as far as its text alone tells; `None` for one that may be. Nothing is looked up.

    Args:
        path: As a descriptor gives it.
        archives: Whether archives may be opened, as bytes.
    """
    inside = "Give the path of a file in the folder of the descriptor, relative to it, with `/` between folders."
    if not path:
        return PathRefused("the path is empty", inside)
    if re.search(r"[\0-\x1f\x7f\ud800-\udfff]", path):
        return PathRefused("the path holds a character that no path should have", "Rename the file.")
    if len(path) > LENGTH_LIMIT:
        return PathRefused(f"the path has {len(path):,} characters; no more than {LENGTH_LIMIT:,} are read", inside)
    if path.startswith("//") or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", path):
        fetch = "Nothing is fetched. Download the file into the package and give its path."
        return PathRefused("the path is an address, not a file of the package", fetch, "scheme-error")
    if path.startswith("/"):
        return PathRefused("the path is absolute", inside)
    if "\\" in path:
        return PathRefused("the path has a backslash", inside)
    for part in path.split("/"):
        if part == "..":
            return PathRefused("the path leads out of the folder of the descriptor", inside)
        if part in ("", "."):
            return PathRefused(f"the path has {'an empty' if not part else 'a needless'} part", inside)
        if part.startswith("."):
            return PathRefused("the path is hidden: a part of it begins with a dot", "Rename it.")
        if part.startswith("~"):
            return PathRefused("a part of the path begins with `~`, which is no folder of the package", "Rename it.")
    if not archives and path.lower().endswith(ARCHIVES):
        unpack = "Archives are not unpacked: unpack it into the package and give the path of what was in it."
        return PathRefused("the path is that of a compressed file", unpack, "compression-error")
    return None


def normal(path: str) -> str:
    """A path without what has no meaning: `./` and doubled slashes. What `refusal` refuses stays refused."""
    if path.startswith("/") or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", path):
        return path
    parts = path.split("/")
    kept = [part for part in parts[:-1] if part not in ("", ".")]
    return "/".join([*kept, parts[-1]])


def open_inside(root: Path, path: str, *, archives: bool = False) -> BinaryIO:
    """Opens a regular file inside a folder, for reading; no link below the folder is followed.

    Args:
        root: The folder; it may itself be reached through a link.
        path: Relative to it, as a descriptor gives it.
        archives: Whether archives may be opened, as bytes: for files of which only size and digest are checked.

    Raises:
        PathRefused: If the path leads elsewhere, through a link, or to what is not a regular file.
        OSError: If there is no such file or it cannot be read; the message is for people.
    """
    if refused := refusal(path, archives=archives):
        raise refused
    *folders, name = path.split("/")
    try:
        here = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise _said(error, str(root)) from None
    try:
        for i, folder in enumerate(folders):
            so_far = "/".join(folders[: i + 1])
            _look(here, folder, so_far, stat.S_ISDIR, "a folder")
            try:
                inner = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=here)
            except OSError as error:
                raise _said(error, so_far) from None
            os.close(here)
            here = inner
        # Opening a device can itself do something, so a look comes first; a pipe put there since does not block.
        _look(here, name, path, stat.S_ISREG, "a regular file")
        try:
            return _regular(
                os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=here), path
            )
        except OSError as error:
            raise _said(error, path) from None
    finally:
        os.close(here)


def open_given(path: Path) -> BinaryIO:
    """Opens a file that the user names: links are followed, a pipe or device is refused without waiting.

    Raises:
        PathRefused: If it is not a regular file.
        OSError: If there is no such file or it cannot be read; the message is for people.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise PathRefused(f"{path} is not a regular file")
        return _regular(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), path)
    except OSError as error:
        raise _said(error, str(path)) from None
    except ValueError as error:  # a NUL in the path
        raise error if isinstance(error, PathRefused) else PathRefused(f"{path!s:.200} is no path") from None


def _look(folder: int, name: str, path: str, wanted: object, what: str) -> None:
    """Refuses what is a link or not of the kind that is wanted."""
    try:
        mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    except OSError as error:
        raise _said(error, path) from None
    if stat.S_ISLNK(mode):
        raise PathRefused(f"{path} is a link", "Put the file itself there: links are not followed.")
    if not callable(wanted) or not wanted(mode):
        raise PathRefused(f"{path} is not {what}")


def _regular(descriptor: int, path: object) -> BinaryIO:
    """The open file; closed again where it is not a regular one after all."""
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise PathRefused(f"{path} is not a regular file")
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _said(error: OSError, path: str) -> OSError:
    """The error with a message for people, of its own class; `strerror` is the same without the path."""
    path = path if len(path) <= 200 else path[:200] + "…"
    if isinstance(error, FileNotFoundError):
        made: OSError = FileNotFoundError(f"{path}: there is no such file")
        made.strerror = "there is no such file"
    else:
        made = type(error)(f"{path}: cannot be read: {error.strerror or error}")
        made.strerror = error.strerror
    return made

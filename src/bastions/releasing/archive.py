"""A release as one file, `<name>-<version>.tar.gz`, whose bytes follow from its files alone; and reading one back.

The tar format is that of POSIX.1-1988 (ustar): files in order of name below one folder, each with the same owner, mode
and day. It is compressed by pyarrow, whose version requirements.lock fixes, and not by the zlib that happens to be
there; the gzip header (RFC 1952) holds no name, time or system.
"""

from __future__ import annotations

import hashlib
import shutil
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

import pyarrow as pa

from bastions.publish.errors import naming

ENDING = ".tar.gz"
DAY = 315532800
"""The time of every file: 1 January 1980, since some programs frown at 1970."""
HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
"""The gzip header: no flags, no time, most compression, system unknown."""

MEMBERS, BYTES = 10_000, 20_000_000_000
"""Named limits of an archive that is read: how many files, and how many bytes of them."""


class Damaged(ValueError):
    """An archive cannot be read to its end, or holds what no release does; the message is for people."""


def write(folder: Path, names: Iterable[str], path: Path, top: str) -> None:
    """Writes an archive.

    Args:
        folder: Where the files are.
        names: The files, relative to it, with forward slashes.
        path: The archive to make.
        top: The folder of the archive below which the files stand.
    """
    with naming(path):
        with pa.CompressedOutputStream(pa.OSFile(str(path), "wb"), "gzip") as stream:
            _tar(folder, names, stream, top)
        with path.open("r+b") as written:
            written.write(HEADER)


def _tar(folder: Path, names: Iterable[str], stream: Any, top: str) -> None:
    with tarfile.open(mode="w|", fileobj=cast("IO[bytes]", stream), format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(names):
            entry = tarfile.TarInfo(f"{top}/{name}")
            entry.mode, entry.mtime = 0o644, DAY
            with (folder / name).open("rb") as source:
                entry.size = source.seek(0, 2)
                source.seek(0)
                tar.addfile(entry, source)


class _Hash:
    """A file that only takes the digest of what is written to it."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.sha256.update(data)
        return len(data)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was in an archive.

    Attributes:
        top: The folder below which its files stood.
        canonical: Whether it is, byte by byte before compression, as `write` makes it.
    """

    top: str
    canonical: bool


def unpack(path: Path, folder: Path) -> Unpacked:
    """Writes the files of an archive below a folder, and nothing outside of it.

    Args:
        path: The archive.
        folder: An empty folder, in which the archive's top folder is made.

    Raises:
        Damaged: If it is damaged, or holds anything but files below one folder.
        OSError: If it cannot be read, or the files not be written.
    """
    with path.open("rb") as raw:
        header = raw.read(len(HEADER))
        raw.seek(0)
        if header[:3] != HEADER[:3]:
            raise Damaged("is no gzip file")
        try:
            top, digest = _extract(raw, folder)
        except (tarfile.TarError, pa.ArrowException, EOFError) as error:
            raise Damaged(f"cannot be read to its end: {_first_line(error)}") from None
        except OSError as error:
            if error.errno is not None:
                raise
            raise Damaged(f"cannot be read to its end: {_first_line(error)}") from None
    names = [p.relative_to(folder / top).as_posix() for p in (folder / top).rglob("*") if p.is_file()]
    again = _Hash()
    try:
        _tar(folder / top, names, again, top)
    except ValueError:  # a name that ustar cannot hold
        return Unpacked(top, False)
    return Unpacked(top, header == HEADER and again.sha256.hexdigest() == digest)


class _Reader:
    """What is in a gzip file, with its digest and up to a limit."""

    def __init__(self, stream: Any):
        self._stream, self.sha256, self._left = stream, hashlib.sha256(), BYTES

    def read(self, size: int) -> bytes:
        data = cast("bytes", self._stream.read(size))
        self._left -= len(data)
        if self._left < 0:
            raise Damaged(f"holds more than {BYTES:,} bytes, the limit")
        self.sha256.update(data)
        return data


def _extract(raw: IO[bytes], folder: Path) -> tuple[str, str]:
    tops: set[str] = set()
    seen: set[str] = set()
    with pa.CompressedInputStream(pa.PythonFile(raw, "r"), "gzip") as stream:
        reader = _Reader(stream)
        with tarfile.open(mode="r|", fileobj=cast("IO[bytes]", reader)) as tar:
            for entry in tar:
                if entry.isdir():
                    continue
                top = _checked(entry, seen)
                tops.add(top)
                if len(tops) > 1:
                    raise Damaged(f"holds more than one folder: {', '.join(sorted(tops))}")
                source = tar.extractfile(entry)
                assert source is not None, "it is a file"
                target = folder / entry.name
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("xb") as written:
                    shutil.copyfileobj(source, written, 1 << 20)
        while reader.read(1 << 20):  # what comes after the end of the tar is part of the digest
            pass
    if not tops:
        raise Damaged("holds no file")
    return tops.pop(), reader.sha256.hexdigest()


def _checked(entry: tarfile.TarInfo, seen: set[str]) -> str:
    """The top folder of a member that may be written."""
    name = PurePosixPath(entry.name)
    if not entry.isreg():
        raise Damaged(f"holds {entry.name!r}, which is no plain file")
    if not safe(entry.name) or len(name.parts) < 2:
        raise Damaged(f"holds {entry.name!r}, which is no file below one folder")
    if entry.name.casefold() in seen:
        raise Damaged(f"holds {entry.name!r} twice")
    if len(seen) >= MEMBERS:
        raise Damaged(f"holds more than {MEMBERS:,} files, the limit")
    seen.add(entry.name.casefold())
    return name.parts[0]


def safe(name: str) -> bool:
    """Whether a path stays below the folder to which it is relative, and is written in one way only."""
    parts = name.split("/")
    odd = any(c in name for c in '\\:*?"<>|') or any(ord(c) < 32 or ord(c) == 127 for c in name)
    return not odd and all(part and part not in (".", "..") and not part.startswith(" ") for part in parts)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__

"""A release as one file, `<name>-<version>.tar.gz`, whose bytes follow from its files alone; and reading one back.

The tar format is that of POSIX.1-1988 (ustar): files in order of name below one folder, each with the same owner, mode
and day. It is compressed by pyarrow, whose version requirements.lock fixes, and not by the zlib that happens to be
there; the gzip header (RFC 1952) holds no name, time or system.
"""

from __future__ import annotations

import hashlib
import shutil
import tarfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

import pyarrow as pa

from bastions.problems import visible
from bastions.publish.errors import naming

ENDING = ".tar.gz"
DAY = 315532800
"""The time of every file: 1 January 1980, since some programs frown at 1970."""
HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
"""The gzip header: no flags, no time, most compression, system unknown."""

MEMBERS, BYTES = 10_000, 4_000_000_000
"""Named limits of an archive, read or made: how many members, and how many bytes of them; `diff` has the same."""
RATIO, FREE = 100, 100_000_000
"""Named limit of how much an archive holds: so many times its own size, or so many bytes, whichever is more.

Releases are packed to a third or a tenth; only what says the same again and again is packed to a hundredth.
"""
ROOM = 1_100_000
"""Named limit of what stands before, between and after the files: headers, and zeros to the end of a megabyte."""
NAME, DEPTH = 255, 100
"""Named limits of a path: bytes of each part, as most file systems have it, and how many parts."""


class Damaged(ValueError):
    """An archive cannot be read to its end, or holds what no release does; the message is for people."""


class TooLarge(ValueError):
    """What is to be packed is more than whoever gets the archive would read; the message is for people."""


def write(folder: Path, names: Collection[str], path: Path, top: str) -> None:
    """Writes an archive, if it would be read again.

    Args:
        folder: Where the files are.
        names: The files, relative to it, with forward slashes.
        path: The archive to make.
        top: The folder of the archive below which the files stand.

    Raises:
        TooLarge: If it would hold more than the named limits; nothing was written.
    """
    if len(names) > MEMBERS:
        raise TooLarge(f"would hold {len(names):,} files, more than the limit of {MEMBERS:,}; nobody could verify it")
    # Each file with its header, in whole blocks, and the end of the tar in a whole record.
    blocks = sum(1 + -(-(folder / name).stat().st_size // tarfile.BLOCKSIZE) for name in names) + 2
    size = -(-blocks * tarfile.BLOCKSIZE // tarfile.RECORDSIZE) * tarfile.RECORDSIZE
    if size > BYTES:
        raise TooLarge(f"would hold {size:,} bytes, more than the limit of {BYTES:,}; nobody could verify it")
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
        Damaged: If it is damaged, holds anything but files below one folder, or more than the named limits.
        OSError: If it cannot be read, or the files not be written; it names the archive.
    """
    with path.open("rb") as raw:
        header = raw.read(len(HEADER))
        size = raw.seek(0, 2)
        raw.seek(0)
        if header[:3] != HEADER[:3]:
            raise Damaged("is no gzip file")
        try:
            names, digest = _extract(raw, folder, size)
        except Damaged:
            raise
        except (tarfile.TarError, pa.ArrowException, EOFError, ValueError, OverflowError) as error:
            # tarfile takes the numbers of sparse files for granted.
            raise Damaged(f"cannot be read to its end: {_first_line(error)}") from None
        except OSError as error:
            if error.errno is not None:
                raise OSError(error.errno, f"{error.strerror}, while it was unpacked", str(path)) from None
            raise Damaged(f"cannot be read to its end: {_first_line(error)}") from None
    top = names[0].partition("/")[0]
    again = _Hash()
    try:
        _tar(folder / top, [name.partition("/")[2] for name in names], again, top)
    except ValueError:  # a name that ustar cannot hold
        return Unpacked(top, False)
    return Unpacked(top, header == HEADER and again.sha256.hexdigest() == digest)


class _Reader:
    """What is in a gzip file, with its digest and up to limits."""

    def __init__(self, stream: Any, size: int):
        """Reads a stream that unpacks a file of `size` bytes."""
        self._stream, self.sha256, self._read = stream, hashlib.sha256(), 0
        self._most = max(FREE, RATIO * size)
        self._stop: int | None = None

    def limit(self, size: int | None) -> None:
        """How much may be read from here on until the next call; None for all that the archive may hold."""
        self._stop = None if size is None else self._read + size

    def read(self, size: int) -> bytes:
        data = cast("bytes", self._stream.read(size))
        self._read += len(data)
        if self._read > BYTES:
            raise Damaged(f"holds more than {BYTES:,} bytes, the limit")
        if self._read > self._most:
            raise Damaged(f"holds more than {self._most:,} bytes, {RATIO} times its size: no release packs so well")
        if self._stop is not None and self._read > self._stop:
            raise Damaged(f"holds more than {ROOM:,} bytes that are of no file, the limit")
        self.sha256.update(data)
        return data


def _extract(raw: IO[bytes], folder: Path, size: int) -> tuple[list[str], str]:
    """Writes the files; gives their names, and the digest of the tar."""
    names = _Names()
    with pa.CompressedInputStream(pa.PythonFile(raw, "r"), "gzip") as stream:
        reader = _Reader(stream, size)
        reader.limit(ROOM)
        with tarfile.open(mode="r|", fileobj=cast("IO[bytes]", reader)) as tar:
            while (entry := tar.next()) is not None:
                tar.members = []  # type: ignore[attr-defined]  # it would keep every header
                if sum(len(key) + len(value) for key, value in tar.pax_headers.items()) > ROOM:
                    raise Damaged(f"holds more than {ROOM:,} bytes that are of no file, the limit")
                names.add(entry)
                if not entry.isdir():
                    reader.limit(None)
                    source = tar.extractfile(entry)
                    assert source is not None, "it is a file"
                    target = folder / entry.name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with target.open("xb") as written:
                        shutil.copyfileobj(source, written, 1 << 20)
                reader.limit(ROOM)
            rest = cast("Any", tar).fileobj  # of the block in which the end is, and what follows it
            while piece := rest.read(1 << 16):
                if any(piece):
                    raise Damaged("holds something after its end")
    if not names.files:
        raise Damaged("holds no file")
    return names.files, reader.sha256.hexdigest()


class _Names:
    """The names in an archive, each of which may be written.

    Attributes:
        files: The files so far.
    """

    def __init__(self) -> None:
        self.files: list[str] = []
        self._seen: dict[str, bool] = {}
        """Names without regard to case, and whether each is a folder."""
        self._number = 0

    def add(self, entry: tarfile.TarInfo) -> None:
        """Takes notice of a member.

        Raises:
            Damaged: If no release holds it.
        """
        shown, name = visible(entry.name, 200), entry.name.casefold()
        self._number += 1
        if self._number > MEMBERS:
            raise Damaged(f"holds more than {MEMBERS:,} files, the limit")
        if entry.isdir():
            return
        if entry.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or entry.issparse():
            raise Damaged(f'holds "{shown}", which is no plain file')
        if not safe(entry.name) or "/" not in name:
            raise Damaged(f'holds "{shown}", which is no file below one folder')
        if self.files and (tops := {_top(entry.name), _top(self.files[0])}) and len(tops) > 1:
            raise Damaged(f"holds more than one folder: {', '.join(visible(top, 200) for top in sorted(tops))}")
        folders = [parent.as_posix() for parent in PurePosixPath(name).parents][:-1]
        if self._seen.get(name) is False:
            raise Damaged(f'holds "{shown}" twice')
        if name in self._seen or any(self._seen.get(parent) is False for parent in folders):
            raise Damaged(f'holds "{shown}", which, or a folder of which, is a file and a folder')
        self._seen |= {**dict.fromkeys(folders, True), name: False}
        self.files.append(entry.name)


def _top(name: str) -> str:
    return name.partition("/")[0]


def safe(name: str) -> bool:
    """Whether a path stays below the folder to which it is relative, is written in one way only, and not too long."""
    parts = name.split("/")
    odd = any(c in name for c in '\\:*?"<>|') or any(ord(c) < 32 or ord(c) == 127 for c in name)
    if odd or len(parts) > DEPTH or any("\ud800" <= c <= "\udfff" for c in name):
        return False
    if any(len(part.encode()) > NAME for part in parts):
        return False
    return all(part and part not in (".", "..") and not part.startswith(" ") for part in parts)


def _first_line(error: Exception) -> str:
    return visible(str(error).splitlines()[0], 200) if str(error) else type(error).__name__

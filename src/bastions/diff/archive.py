"""Unpacks what a comparison needs of a release archive: its CSV files and what it says of itself.

The archive may come from anywhere: names that lead out, links, devices, sparse files, and sizes beyond the limits are
refused, also where a compressed file is small and what it holds is not.
"""

from __future__ import annotations

import gzip
import re
import tarfile
import zlib
from pathlib import Path

from bastions.diff import CannotOpen
from bastions.problems import visible

MAX_FILE, MAX_BYTES, MAX_MEMBERS = 1_000_000_000, 4_000_000_000, 10_000
"""Named limits of an archive, unpacked: bytes of a file, bytes of all, number of files."""

_WANTED = re.compile(r"[^/]+/(csv/[a-z][a-z0-9_]*[.]csv|datapackage[.]json|BUILD[.]json)")
_HEADER = 10_000_000
_PIECE = 1_000_000


class _Bounded(gzip.GzipFile):
    """A gzip stream of which no single read is large: tarfile reads a header of any size into memory."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= _HEADER:
            raise tarfile.ReadError("a header is too large")
        return super().read(size)


def extract(path: Path, into: Path) -> None:
    """Writes `csv/*.csv`, `datapackage.json` and `BUILD.json` of an archive into a folder.

    Args:
        path: A file as `bastions release` makes it: `bastions-<version>.tar.gz`.
        into: An empty folder.

    Raises:
        CannotOpen: If it is no such archive, is damaged, or is larger than the named limits.
    """
    name = visible(str(path), 300)
    try:
        with _Bounded(path, "rb") as stream, tarfile.open(fileobj=stream, mode="r:") as archive:
            _unpack(archive, into, name)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError, OverflowError) as error:
        if isinstance(error, CannotOpen):
            raise
        raise CannotOpen(f"{name}: is not a release archive (.tar.gz) that can be read: {_why(error)}") from None


def _unpack(archive: tarfile.TarFile, into: Path, name: str) -> None:
    total = number = 0
    tops = set[str]()
    while (member := archive.next()) is not None:
        archive.members = []  # type: ignore[attr-defined]  # it would keep every header
        number += 1
        total += member.size
        if number > MAX_MEMBERS or total > MAX_BYTES or member.size > MAX_FILE:
            raise CannotOpen(f"{name}: holds more than the limit of {MAX_MEMBERS:,} files or {MAX_BYTES:,} bytes")
        wanted = _WANTED.fullmatch(member.name)
        if wanted is None:
            continue
        if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or member.issparse():
            raise CannotOpen(f"{name}: {visible(member.name)} is not a plain file; this is no archive of a release")
        tarfile.data_filter(member, str(into))
        tops.add(member.name.partition("/")[0])
        target = into / wanted[1]
        if target.exists() or len(tops) > 1:
            raise CannotOpen(f"{name}: holds more than one release, or a file twice")
        target.parent.mkdir(exist_ok=True)
        source = archive.extractfile(member)
        if source is None:
            raise CannotOpen(f"{name}: {visible(member.name)} cannot be read")
        with target.open("wb") as file:
            while piece := source.read(_PIECE):
                file.write(piece)
    if not tops:
        raise CannotOpen(f"{name}: holds no release: no <name>/csv/*.csv, no <name>/datapackage.json")


def _why(error: Exception) -> str:
    return visible(" ".join(str(error).split()) or type(error).__name__, 200)

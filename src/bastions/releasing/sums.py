"""A list of digests as `sha256sum` reads it, held to the one form in which a release writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from bastions.problems import Problem, problem
from bastions.publish import metadata
from bastions.releasing import archive

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


@dataclass(slots=True)
class Sums:
    """A list of digests: the digest of each file, and what is wrong with the list."""

    file: str
    digests: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def parse(file: str, data: bytes) -> Sums:
    """Reads a list: lines of 64 small hexadecimal digits, two spaces, a path; in order of path, each once."""
    found = Sums(file)

    def add(message: str, line: int, value: str = "") -> None:
        hint = "Fetch the release again: this is not the list that was published."
        found.problems.append(problem("source-error", file, message, line=line, value=value, hint=hint))

    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        add("is not UTF-8", data[: error.start].count(b"\n") + 1)
        return found
    if not text.endswith("\n"):
        add("does not end with a newline: it was cut, or is empty", text.count("\n") + 1)
    last = ""
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else [], 1):
        parts = _LINE.fullmatch(line)
        if parts is None:
            add("is not a SHA-256 in small letters, two spaces and a path", number, line)
        elif not archive.safe(parts[2]):
            add("names what is not below the folder of the release", number, parts[2])
        elif parts[2] in found.digests:
            add("stands there twice", number, parts[2])
        elif parts[2] < last:
            add("does not stand in order", number, parts[2])
        else:
            found.digests[parts[2]] = parts[1]
            last = parts[2]
    return found


def compare(folder: Path, sums: Sums, missing: bool = True) -> Iterator[Problem]:
    """What is wrong with the files of a list: absent ones, and those that have another digest.

    Args:
        folder: Where the files are; what is there is known to be plain files.
        sums: The list.
        missing: Whether a file that is not there is a fault.
    """
    for name, digest in sums.digests.items():
        path = folder / name
        if not path.is_file() or path.is_symlink():
            if missing:
                yield problem("source-error", name, f"is missing, and {sums.file} lists it", hint=_AGAIN)
        elif metadata.digest(path) != digest:
            yield problem("hash-count", name, f"is not the file whose digest {sums.file} has", hint=_AGAIN)


_AGAIN = "Fetch the release again: this file was changed or damaged."


def strangers(folder: Path, known: set[str]) -> Iterator[Problem]:
    """What of a folder nothing vouches for: files, folders that hold none of the files, links, pipes.

    Args:
        folder: The folder.
        known: Its files, relative to it.
    """
    folders = {parent.as_posix() for name in known for parent in PurePosixPath(name).parents}
    waiting = [folder]
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            name = path.relative_to(folder).as_posix()
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                kind = "a symbolic link" if path.is_symlink() else "no plain file"
                yield problem("unexpected-file", name, f"is {kind}; a release has none", hint="Delete it.")
            elif path.is_dir() and name in folders:
                waiting.append(path)
            elif path.is_dir():  # what is in it need not be told, and may be of any depth
                yield problem("unexpected-file", name, "is a folder that is not part of the release", hint=_AWAY)
            elif name not in known:
                yield problem("unexpected-file", name, "is not part of the release", hint=_AWAY)


_AWAY = "Move it away; nothing vouches for it."

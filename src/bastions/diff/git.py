"""Reads a commit of a git repository into a folder, without touching its checkout and without running what it says.

`git archive` and a checkout apply attributes and filters, and a filter is a program that a configuration names. Here
`git ls-tree` lists the files and `git cat-file --batch` gives their bytes as they are stored.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from bastions.diff import CannotOpen
from bastions.diff.beside import WATCHED
from bastions.problems import Problem, problem, visible

WANTED = ("data", "seeds", "schemas", "datapackage.json", "CITATION.cff", *WATCHED)
"""What is read of a commit: folders and files of the dataset, and of what judges it."""

MAX_FILES, MAX_BYTES = 20_000, 2_000_000_000
"""Named limits of a commit: files that are read, and bytes of all of them."""

SECONDS = 120
"""How long one call of git may take."""

_FILE_MODES = ("100644", "100755", "100664")


def commit(ref: str, root: Path, *, paths: bool = True) -> str:
    """The hash of the commit that a name stands for.

    Args:
        ref: What git resolves: a branch, tag, hash, `HEAD~3`.
        root: A folder inside the repository.
        paths: Whether the folder or archive of a release could have been named instead, as messages then say.

    Raises:
        CannotOpen: If git is missing, `root` is in no repository, or there is no such commit.
    """
    if "\0" in ref or "\n" in ref:
        raise CannotOpen(f"{visible(ref)}: no name that git knows can hold such characters")
    inside = _git(root, "rev-parse", "--is-inside-work-tree")
    if inside.returncode:
        raise CannotOpen(_outside(root, ref, inside.stderr, paths))
    # First the name, then its commit: of `:/words` an end like ^{commit} would be words too.
    name = ref
    for end in ("", "^{commit}"):
        found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", name + end)
        name = found.stdout.decode("ascii", "replace").strip()
    if found.returncode or not re.fullmatch("[0-9a-f]{40,64}", name):
        what = "neither a folder or archive of a release nor a commit" if paths else "no commit"
        raise CannotOpen(
            f"{visible(ref)}: {what} that git knows here; "
            "a shallow clone may lack it: git fetch origin, with --unshallow if need be"
        )
    return name


def ignored(paths: Sequence[str], root: Path) -> set[str]:
    """Those of some files below `root` that its repository ignores; none where there is no repository or no git."""
    try:
        inside = _git(root, "rev-parse", "--is-inside-work-tree")
        if inside.returncode:
            return set()
        given = b"".join(os.fsencode(path) + b"\0" for path in paths)
        found = _git(root, "check-ignore", "-z", "--stdin", given=given)
    except CannotOpen:
        return set()
    return {os.fsdecode(path) for path in found.stdout.split(b"\0") if path}


def uncommitted(names: Sequence[str], root: Path) -> list[str]:
    """Files below some folders of `root` that differ from the last commit, or are not in it; none without git.

    Args:
        names: The folders, relative to `root`.
        root: The folder of the dataset, which may be one of a repository.
    """
    try:
        found = _git(root, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", *names)
    except CannotOpen:
        return []
    return sorted(os.fsdecode(line[3:]) for line in found.stdout.split(b"\0") if line) if not found.returncode else []


def _outside(root: Path, ref: str, said: bytes, paths: bool) -> str:
    words = said.decode("utf-8", "replace")
    if "dubious ownership" in words:
        return f"{root}: git does not trust this folder, since it belongs to another user; see git help safe.directory"
    advice = "name the folder or archive of a release, or run this in a clone" if paths else "run this in a clone"
    return f"{visible(str(root))}: not in a git repository, so that {visible(ref)} cannot be looked up; {advice}"


def extract(name: str, root: Path, into: Path, wanted: Sequence[str] = WANTED) -> list[Problem]:
    """Writes the dataset of a commit into a folder.

    Args:
        name: The hash of the commit.
        root: The folder of the dataset inside the repository; a commit is read from the same folder of it.
        into: An empty folder.
        wanted: What of `WANTED` is read.

    Returns:
        What was left out, since it is no regular file.

    Raises:
        CannotOpen: If git fails, or the commit is larger than the named limits.
    """
    listed = _git(root, "ls-tree", "-r", "-l", "-z", "--end-of-options", name, *wanted)
    if listed.returncode:
        raise CannotOpen(f"git cannot list commit {name[:12]}: {_last_line(listed.stderr)}")
    entries: list[tuple[str, Path, int]] = []
    found: list[Problem] = []
    for line in listed.stdout.split(b"\0"):
        if not line:
            continue
        facts, _, path = line.partition(b"\t")
        mode, kind, oid, size = facts.decode("ascii").split()
        target = _inside(path)
        if target is None or mode not in _FILE_MODES or kind != "blob":
            told = path.decode("utf-8", "replace")
            # Beside the data it is told as a file that is not there.
            severity = "warning" if told.startswith(tuple(f"{folder}/" for folder in WATCHED)) else "error"
            words = "is not a regular file with a plain name; it was not read"
            found.append(problem("source-error", told, words, severity=severity))
            continue
        entries.append((oid, into / target, int(size)))
    if len(entries) > MAX_FILES or sum(size for _, _, size in entries) > MAX_BYTES:
        raise CannotOpen(f"commit {name[:12]} has more than {MAX_FILES:,} files or {MAX_BYTES:,} bytes of data")
    _write(entries, root)
    return found


def _inside(path: bytes) -> Path | None:
    """The path, if it is a plain one below the folder; a tree can be forged to name any other."""
    try:
        text = path.decode("utf-8")
    except UnicodeDecodeError:
        return None
    parts = PurePosixPath(text).parts
    plain = parts and parts[0] in WANTED and "/".join(parts) == text and not {"..", ".", ".git"} & set(parts)
    return Path(*parts) if plain and "\\" not in text and ":" not in text else None


def _write(entries: Sequence[tuple[str, Path, int]], root: Path) -> None:
    with tempfile.TemporaryFile() as wanted:
        # A file, not a pipe: git may have filled its own pipe before it has read ours.
        wanted.write("".join(f"{oid}\n" for oid, _, _ in entries).encode("ascii"))
        wanted.seek(0)
        with subprocess.Popen(
            _command(root, "cat-file", "--batch"),
            stdin=wanted,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        ) as process:
            assert process.stdout is not None
            try:
                for oid, target, size in entries:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(_blob(process.stdout, oid, size))
            except BaseException:
                process.kill()
                raise


def _blob(stream: IO[bytes], oid: str, size: int) -> bytes:
    header = stream.readline().decode("ascii", "replace").split()
    if header != [oid, "blob", str(size)]:
        raise CannotOpen(f"git does not give object {oid}; the repository may be damaged or a partial clone")
    data = stream.read(size)
    if len(data) != size or stream.read(1) != b"\n":
        raise CannotOpen(f"git does not give the whole of object {oid}")
    return data


def _command(root: Path, *arguments: str) -> list[str]:
    # A configuration may name a program that watches files.
    return ["git", "-C", str(root), "-c", "core.fsmonitor=false", *arguments]


def _environment() -> dict[str, str]:
    """That of this process, in English, and with nothing fetched and nobody asked."""
    settings = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
    return {**os.environ, **settings, "GIT_NO_REPLACE_OBJECTS": "1"}


def _git(root: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            _command(root, *arguments),
            capture_output=True,
            input=given,
            env=_environment(),
            timeout=SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise CannotOpen("git is not installed; install it, or name the folder or archive of a release") from None
    except subprocess.TimeoutExpired:
        raise CannotOpen(f"git {arguments[0]} took more than {SECONDS} seconds") from None


def _last_line(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return visible(lines[-1] if lines else "it does not say why", 200)

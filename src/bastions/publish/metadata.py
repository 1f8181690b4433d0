"""What a release says of itself beside its descriptor: who wrote it, what it holds, and the digest of every file."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bastions.publish.errors import naming

if TYPE_CHECKING:
    import polars as pl

    from bastions.schema import Schema
    from bastions.views import View

DATABASE, DATABASE_DIGEST, SUMS = "bastions.duckdb", "bastions.duckdb.sha256", "SHA256SUMS"
WRITERS = ("bastions", "duckdb", "edtf", "polars", "pyarrow")


_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""What JSON need not escape and a terminal or an editor obeys: controls, bidi marks, invisible characters."""


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with naming(path), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def build_json(
    schema: Schema, folder: Path, frames: Mapping[str, pl.DataFrame], views: Iterable[View]
) -> dict[str, Any]:
    """`BUILD.json`: the version of the data, the writers and their versions, rows and content digest of each table.

    The content digest is that of the table's canonical CSV: unlike the bytes of Parquet it stays the same when a
    library is renewed. There is no clock and no place in it, so that the same data give the same bytes.
    """
    return {
        "name": schema.package["name"],
        "version": schema.package["version"],
        "writers": {name: version(name) for name in WRITERS},
        "tables": {
            name: {"rows": frames[name].height, "sha256": digest(folder / "csv" / f"{name}.csv")}
            for name in sorted(frames)
        },
        "views": sorted(view.name for view in views),
    }


def as_json(value: Any) -> str:
    """A value as the text of a JSON file."""
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return _UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text)


def citation(text: str, data_version: str) -> str:
    """A CITATION.cff with the version of the data in it."""
    line = f"version: {data_version}"
    changed, n = re.subn(r"(?m)^version:.*$", line, text.replace("\r\n", "\n"))
    return changed if n else f"{changed.rstrip()}\n{line}\n"


def sums(folder: Path, names: Iterable[str]) -> str:
    """The lines of a checksum file, as `sha256sum -c` reads it."""
    return "".join(f"{digest(folder / name)}  {name}\n" for name in sorted(names))


def made_by_release(folder: Path) -> set[str]:
    """The files that a release put into a folder, by its own list of digests; none where that is no release's list.

    The database and its digest stand in no list. `BUILD.json` names a database that is not called `bastions.duckdb`.

    Raises:
        OSError: If the list or `BUILD.json` is there and cannot be read: whose files the others are is not known then,
            and not that they are nobody's.
    """
    path = folder / SUMS
    if not path.is_file():  # what is a pipe would be waited for
        return set()
    try:
        with naming(path):
            text = path.read_text("utf-8")
    except UnicodeDecodeError:
        return set()
    listed = {line[66:] for line in text.splitlines()}
    if not {"BUILD.json", "datapackage.json"} <= listed:
        return set()
    name = _named(folder)
    return listed | {SUMS} | ({name, f"{name}.sha256"} if name else set())


def database(folder: Path) -> str | None:
    """The name of a release's database, a file of the release's folder itself; None where it has none.

    The file that says so may have been edited: nothing may be read or go for its sake that is no database, or stands
    elsewhere. A name that is no plain file name, or ends otherwise, is none. Where the file cannot be read, it is the
    usual name.
    """
    try:
        return _named(folder)
    except OSError:
        return DATABASE


def _named(folder: Path) -> str | None:
    path = folder / "BUILD.json"
    try:
        with naming(path):
            # What is a pipe would be waited for.
            build = json.loads(path.read_text("utf-8")) if path.is_file() else None
    except (ValueError, RecursionError):
        return DATABASE
    name = build.get("database", DATABASE) if isinstance(build, dict) else DATABASE
    return name if isinstance(name, str) and _FILE.fullmatch(name) and len(name.encode()) <= _LONGEST else None


_FILE = re.compile(r"""(?![ .])[^\x00-\x1f\x7f/\\:*?"<>|\ud800-\udfff]+[.]duckdb""")
_LONGEST = 255 - len(".sha256")
"""Bytes of the longest name of a file, with that of its digest."""

"""Whether the files of a release agree with what it says of them: `datapackage.json`, `BUILD.json`, CSV and Parquet.

The digests of `SHA256SUMS` prove that nothing was changed since it was written; this proves that it was written of one
dataset. It is looked at where the digests are right, and of files whose digest is right.

Two kinds of release are known. That of a dataset has every table twice, `csv/<table>.csv` and
`parquet/<table>.parquet`, and BUILD.json the digest of each CSV file. That of another package has tables as Parquet
alone, and the paths of these in BUILD.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bastions.problems import Problem, problem
from bastions.publish import metadata
from bastions.releasing import packed
from bastions.releasing.packed import HINT as _HINT
from bastions.releasing.packed import told

DESCRIPTOR, BUILD = "datapackage.json", "BUILD.json"
MOST = 50_000_000
"""Named limit of these files, in bytes."""


def load(folder: Path, name: str) -> dict[str, Any] | Problem:
    """A JSON file that holds an object; a problem, where it does not."""
    path = folder / name
    try:
        if path.is_symlink() or not path.is_file():  # what is a pipe would be waited for
            return problem("package-error", name, "is missing, or no plain file", hint=_HINT)
        if path.stat().st_size > MOST:
            return problem("package-error", name, f"has more than {MOST:,} bytes, the limit", hint=_HINT)
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        return problem("package-error", name, f"cannot be read: {error}", hint=_HINT)
    if not isinstance(found, dict):
        return problem("package-error", name, "holds no JSON object", hint=_HINT)
    return found


def check(folder: Path, listed: set[str]) -> Iterator[Problem]:
    """What contradicts itself.

    Args:
        folder: The folder of a release, each file of which is what its digest says.
        listed: The files that SHA256SUMS lists.
    """
    descriptor, build = load(folder, DESCRIPTOR), load(folder, BUILD)
    for found in (descriptor, build):
        if isinstance(found, Problem):
            yield found
    if isinstance(descriptor, Problem) or isinstance(build, Problem):
        return
    for name in ("name", "version"):
        here, there = build.get(name), descriptor.get(name)
        if not isinstance(here, str | None) or not isinstance(there, str | None):
            yield problem("package-error", BUILD, f"or {DESCRIPTOR} has no text as its {name}", field=name, hint=_HINT)
        elif here != there:
            message = f"says {told(here)}, and {DESCRIPTOR} {told(there)}"
            yield problem("package-error", BUILD, message, field=name, hint=_HINT)
    rows = dict[str, Any]()
    resources = descriptor.get("resources")
    if resources is not None and not isinstance(resources, list):
        yield _wrong(DESCRIPTOR, "resources", "is no list")
    for resource in resources if isinstance(resources, list) else ():
        if not isinstance(resource, dict):
            yield _wrong(DESCRIPTOR, "resources", f"holds {told(resource)}, which is no resource")
            continue
        yield from _resource(folder, resource, listed)
        path = resource.get("path")
        rows |= dict.fromkeys([path] if isinstance(path, str) else _texts(path), resource.get("rows"))
    yield from _tables(folder, build, rows, listed)


def _wrong(file: str, name: str, message: str) -> Problem:
    return problem("package-error", file, message, field=name, hint=_HINT)


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _resource(folder: Path, resource: Mapping[str, Any], listed: set[str]) -> Iterator[Problem]:
    """The size and digest that the descriptor has of a file."""
    given = resource.get("path")
    if given is None:
        if "data" not in resource:
            yield _wrong(DESCRIPTOR, "resources", "holds a resource with neither path nor data")
        return
    paths = given if isinstance(given, list) else [given]
    if not paths or len(_texts(paths)) < len(paths):
        yield _wrong(DESCRIPTOR, "path", "is neither a path nor a list of paths")
        return
    for path in paths:
        if path not in listed:
            yield problem("package-error", DESCRIPTOR, "is no file of the release", value=path, hint=_HINT)
        elif not isinstance(given, list):
            size, digest = (folder / path).stat().st_size, metadata.digest(folder / path)
            if "bytes" in resource and resource["bytes"] != size:
                message = f"has {size:,} bytes, and {DESCRIPTOR} says {told(resource['bytes'])}"
                yield problem("byte-count", path, message, hint=_HINT)
            if "hash" in resource and resource["hash"] != f"sha256:{digest}":
                yield problem("hash-count", path, f"has another digest than {DESCRIPTOR} says", hint=_HINT)


# --------------------------------------------------------------------------------------------------------------------
# Tables


def _tables(folder: Path, build: Mapping[str, Any], rows: Mapping[str, Any], listed: set[str]) -> Iterator[Problem]:
    """The tables of BUILD.json, and the files that should be of one and are not."""
    tables = build.get("tables")
    if not isinstance(tables, dict):
        yield _wrong(BUILD, "tables", "is no object with the tables of the release")
        return
    named = set[str]()
    budget = packed.budget(folder, (name for name in listed if name.endswith(".parquet")))
    for name, entry in tables.items():
        text, path = f"csv/{name}.csv", f"parquet/{name}.parquet"
        if not isinstance(entry, dict):
            yield _wrong(BUILD, name, f"is {told(entry)}, and no table")
            continue
        path = entry.get("path", path)
        if not isinstance(path, str) or path not in listed:
            yield problem("package-error", BUILD, "has no Parquet file in the release", value=name, hint=_HINT)
            named.add(text)
            continue
        named |= {text, path}
        beside = "sha256" in entry or "path" not in entry or text in listed
        if not beside:  # the release of another package has no CSV files
            yield from packed.check(folder / path, path, entry.get("rows"), None, budget)
        elif text not in listed:
            yield problem("package-error", BUILD, "has no CSV file in the release", value=name, hint=_HINT)
        else:
            yield from _text(folder, text, entry, rows)
            yield from packed.check(folder / path, path, entry.get("rows"), (folder / text, text), budget)
    for name in sorted(listed - named):
        if name.startswith(("parquet/", "csv/")):
            yield problem("package-error", name, f"is no table of {BUILD}", hint=_HINT)


def _text(folder: Path, text: str, entry: Mapping[str, Any], rows: Mapping[str, Any]) -> Iterator[Problem]:
    """The digest and the rows that are said of a CSV file."""
    if not isinstance(entry.get("sha256"), str):
        yield problem("hash-count", text, f"has no digest in {BUILD}", hint=_HINT)
    elif metadata.digest(folder / text) != entry["sha256"]:
        yield problem("hash-count", text, f"has another digest than {BUILD} says", hint=_HINT)
    here, there = rows.get(text), entry.get("rows")
    if type(here) is not int or here != there:
        message = f"says that {text} has {told(here)} rows, and {BUILD} {told(there)}"
        yield problem("row-count", DESCRIPTOR, message, hint=_HINT)

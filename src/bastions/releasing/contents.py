"""Whether the files of a release agree with what it says of them: `datapackage.json`, `BUILD.json`, CSV and Parquet.

The digests of `SHA256SUMS` prove that nothing was changed since it was written; this proves that it was written of one
dataset. It is looked at where the digests are right, and of files whose digest is right.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from bastions.problems import Problem, problem
from bastions.publish import metadata

DESCRIPTOR, BUILD = "datapackage.json", "BUILD.json"
_HINT = "The release contradicts itself; tell its publisher."


def load(folder: Path, name: str) -> dict[str, Any] | Problem:
    """A JSON file that holds an object; a problem, where it does not."""
    try:
        found = json.loads((folder / name).read_text("utf-8"))
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
        if descriptor.get(name) != build.get(name):
            message = f"says {build.get(name)!r}, and {DESCRIPTOR} {descriptor.get(name)!r}"
            yield problem("package-error", BUILD, message, field=name, hint=_HINT)
    rows = dict[str, Any]()
    for resource in _objects(descriptor.get("resources")):
        yield from _resource(folder, resource, listed)
        rows[str(resource.get("path"))] = resource.get("rows")
    tables = build.get("tables")
    for name, entry in tables.items() if isinstance(tables, dict) else ():
        if isinstance(entry, dict):
            yield from _table(folder, str(name), entry, rows, listed)


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _resource(folder: Path, resource: Mapping[str, Any], listed: set[str]) -> Iterator[Problem]:
    """The size and digest that the descriptor has of a file."""
    paths = resource.get("path")
    for path in paths if isinstance(paths, list) else [paths]:
        if path is None:  # data in the descriptor itself
            continue
        if path not in listed:
            yield problem("package-error", DESCRIPTOR, "is no file of the release", value=str(path), hint=_HINT)
        elif not isinstance(paths, list):
            size, digest = (folder / path).stat().st_size, metadata.digest(folder / path)
            if "bytes" in resource and resource["bytes"] != size:
                message = f"has {size:,} bytes, and {DESCRIPTOR} says {resource['bytes']}"
                yield problem("byte-count", path, message, hint=_HINT)
            if "hash" in resource and resource["hash"] != f"sha256:{digest}":
                yield problem("hash-count", path, f"has another digest than {DESCRIPTOR} says", hint=_HINT)


def _table(
    folder: Path, name: str, entry: Mapping[str, Any], rows: Mapping[str, Any], listed: set[str]
) -> Iterator[Problem]:
    """The rows and the digest that BUILD.json has of a table, and whether CSV and Parquet hold the same."""
    text = f"csv/{name}.csv"
    packed = entry.get("path", f"parquet/{name}.parquet")
    if packed not in listed:
        yield problem("package-error", BUILD, "has no Parquet file in the release", value=name, hint=_HINT)
        return
    try:
        frame = pl.DataFrame(pq.read_table(folder / packed))
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError) as error:
        message = f"cannot be read: {(str(error) or type(error).__name__).splitlines()[0]}"
        yield problem("source-error", packed, message, hint=_HINT)
        return
    if frame.height != entry.get("rows"):
        message = f"has {frame.height:,} rows, and {BUILD} says {entry.get('rows')}"
        yield problem("row-count", packed, message, hint=_HINT)
    if "sha256" not in entry:  # the release of another package has no CSV files
        return
    if text not in listed:
        yield problem("package-error", BUILD, "has no CSV file in the release", value=name, hint=_HINT)
        return
    if metadata.digest(folder / text) != entry["sha256"]:
        yield problem("hash-count", text, f"has another digest than {BUILD} says", hint=_HINT)
    if rows.get(text) != entry.get("rows"):
        message = f"says that {text} has {rows.get(text)} rows, and {BUILD} {entry.get('rows')}"
        yield problem("row-count", DESCRIPTOR, message, hint=_HINT)
    yield from _same(folder / text, text, frame, packed)


def _same(path: Path, text: str, frame: pl.DataFrame, packed: str) -> Iterator[Problem]:
    """Whether a CSV and a Parquet file hold the same cells."""
    try:
        cells = pl.read_csv(path, infer_schema=False, has_header=True)
    except pl.exceptions.PolarsError as error:
        message = f"cannot be read: {(str(error) or type(error).__name__).splitlines()[0]}"
        yield problem("source-error", text, message, hint=_HINT)
        return
    if cells.columns != frame.columns:
        yield problem("incorrect-label", packed, f"has other columns than {text}", hint=_HINT)
        return
    if cells.height != frame.height:
        yield problem("row-count", packed, f"has {frame.height:,} rows, and {text} {cells.height:,}", hint=_HINT)
        return
    for name in frame.columns:
        differ = _typed(cells[name], frame[name].dtype).ne_missing(frame[name])
        if differ.any():
            row = differ.arg_true()[0]
            message = f"has another value than {packed}"
            value = str(cells[name][row] or "")
            yield problem("type-error", text, message, line=row + 2, field=name, value=value, hint=_HINT)


def _typed(cells: pl.Series, kind: pl.DataType) -> pl.Series:
    """The cells of a CSV file as values; what is no value is null, and so differs."""
    if kind == pl.Boolean:
        known = {"true": True, "false": False}
        return cells.replace_strict(known, default=None, return_dtype=pl.Boolean)
    if kind == pl.Date:
        return cells.str.to_date("%Y-%m-%d", strict=False)
    if kind == pl.Time:
        return cells.str.to_time("%H:%M:%S", strict=False)
    return cells.cast(kind, strict=False)

"""The tables of one side as text: read by the schema, by a release's descriptor, or by the headers alone.

What today's strict reader refuses is read leniently as far as it goes, since a comparison has to show also what is
wrong: the problem is told, and nothing is said of cells that could not be read.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from bastions import dataset, files
from bastions.diff import CannotOpen, lenient
from bastions.diff.model import Sheet
from bastions.problems import Problem, problem
from bastions.schema import TYPES, Schema, Table

DERIVED = frozenset(
    {
        "candidates",
        "claim_dates",
        "code_attributes",
        "codes",
        "columns",
        "crosswalks",
        "policies",
        "quantities",
        "records",
        "resolution_claims",
        "resolutions",
    }
)
"""The tables that a release makes; they are shown as an effect, not as rows. A test compares them with `schemas/`."""

MAX_FILE = 1_000_000_000
"""Named limit of a CSV file of a release, in bytes."""

_NAME = re.compile("[a-z][a-z0-9_]*")


# --------------------------------------------------------------------------------------------------------------------
# A dataset with a schema


def of_dataset(data: dataset.Dataset) -> tuple[dict[str, Sheet], list[Problem]]:
    """The tables of `data/` and `seeds/`, and what could not be read of them."""
    found, problems = dict[str, Sheet](), list[Problem]()
    for name, rows in data.rows.items():
        table = data.schema.all_tables[name]
        frame = rows.text.select(table.names)
        whole = rows.complete
        types = {column.name: column.type for column in table.fields}
        for part in rows.parts:
            faults = [p for p in part.problems if p.severity == "error"]
            if not faults:
                continue
            rescued = None
            if part.frame is None:
                rescued = lenient.read(data.schema.root / part.path, data.schema.root)
            problems.append(_of_part(part, faults, rescued))
            if rescued is not None and set(table.primary_key) <= set(rescued.frame.columns):
                frame = pl.concat([frame, rescued.frame], how="diagonal")
                types |= {column: "string" for column in rescued.frame.columns if column not in types}
        if not whole:
            whole = bool(rows.parts) and frame.height > 0 and all(_kept(p, data.schema, table) for p in rows.parts)
        unread = frozenset((row, column) for row, column in rows.bad)
        found[name] = Sheet(name, table.title, table.primary_key, types, *_references(table), frame, unread, whole)
    return found, problems


def _kept(part: files.Part, schema: Schema, table: Table) -> bool:
    """Whether every key of a file is known."""
    if part.frame is not None:
        return not part.lost
    rescued = lenient.read(schema.root / part.path, schema.root)
    return rescued is not None and not rescued.broken and set(table.primary_key) <= set(rescued.frame.columns)


def _of_part(part: files.Part, faults: Sequence[Problem], rescued: lenient.Read | None) -> Problem:
    """What is wrong with a file, in one problem: an error where it could not be read as its schema says."""
    first, more = faults[0], len(faults) - 1
    others = f", and {more:,} more fault{'s' if more > 1 else ''}" if more else ""
    if part.frame is not None:
        left = "what it touches is not compared; bastions validate tells all"
        severity = "warning"
    elif rescued is not None:
        without = f", {said}" if (said := rescued.left_out()) else ""
        left, severity = f"the file was compared by its header alone{without}; bastions validate tells all", "error"
    else:
        left, severity = "the file could not be compared; bastions validate tells all", "error"
    told = f"{first.message}{others}: {left}"
    return problem(
        first.rule, part.path, told, line=first.line, column=first.column, value=first.value, severity=severity
    )


def _references(table: Table) -> tuple[dict[str, str], dict[str, str]]:
    refers = {fk.fields[0]: fk.table for fk in table.foreign_keys if len(fk.fields) == 1}
    pairs = {key: by for by, key in (("subject_table", "subject_id"), ("related_table", "related_id")) if key in table}
    return refers, {key: by for key, by in pairs.items() if by in table}


# --------------------------------------------------------------------------------------------------------------------
# Files whose schema cannot be read


def of_headers(root: Path) -> tuple[dict[str, Sheet], list[Problem]]:
    """The tables of `data/`, each column as text and no key known."""
    found, problems = dict[str, Sheet](), list[Problem]()
    for folder in sorted(path for path in (root / "data").glob("*") if path.is_dir() and _NAME.fullmatch(path.name)):
        frames, whole = list[pl.DataFrame](), True
        for path in sorted(folder.glob("*.csv")):
            read, file = lenient.read(path, root), path.relative_to(root).as_posix()
            if read is None:
                whole = False
                problems.append(problem("source-error", file, "could not be read as CSV, and not be compared"))
                continue
            if read.broken:
                whole = False
                said = f"was compared with {read.left_out()}"
                problems.append(problem("unclosed-quote", file, said, line=read.broken[0]))
            frames.append(read.frame)
        if not frames:
            continue
        frame = pl.concat(frames, how="diagonal")
        names = dict.fromkeys(frame.columns, "string")
        pairs = {"subject_id": "subject_table", "related_id": "related_table"}
        pairs = {key: by for key, by in pairs.items() if key in names and by in names}
        found[folder.name] = Sheet(folder.name, "", (), names, {}, pairs, frame, whole=whole)
    return found, problems


# --------------------------------------------------------------------------------------------------------------------
# A release


def of_release(folder: Path) -> tuple[dict[str, Sheet], str, list[Problem]]:
    """The tables of a release save the derived ones, the version of its data, and what could not be read."""
    facts, problems = _json(folder / "datapackage.json")
    build, more = _json(folder / "BUILD.json") if not facts else ({}, [])
    problems += more
    described: dict[str, Any] = {}
    resources = facts.get("resources")
    for item in resources if isinstance(resources, list) else ():
        if isinstance(item, dict) and isinstance(item.get("schema"), dict) and isinstance(item.get("name"), str):
            described[item["name"]] = item
    found = dict[str, Sheet]()
    for path in sorted((folder / "csv").glob("*.csv")):
        if path.stem in DERIVED or not _NAME.fullmatch(path.stem):
            continue
        frame = cells(path)
        if frame is None:
            problems.append(problem("source-error", f"csv/{path.name}", "cannot be read as CSV"))
        else:
            found[path.stem] = _described(path.stem, described.get(path.stem, {}), frame)
    version = facts.get("version") or build.get("version")
    return found, version if isinstance(version, str) else "", problems


def cells(path: Path) -> pl.DataFrame | None:
    """A CSV file of a release as text, empty cells null; None where it cannot be read."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_FILE:
            return None
        with path.open("rb") as stream:
            header = next(csv.reader([stream.readline(1_000_000).decode("utf-8")]), [])
        frame = pl.read_csv(path, infer_schema=False)
    except (OSError, ValueError, csv.Error, pl.exceptions.PolarsError):
        return None
    if frame.columns != header:
        return None
    return frame.with_columns(pl.when(pl.all().str.len_bytes() > 0).then(pl.all()))


def _described(name: str, about: Mapping[str, Any], frame: pl.DataFrame) -> Sheet:
    """A table of a release by its entry in the descriptor, without the columns that the release adds to dates."""
    schema = about.get("schema", {})
    types, dates = dict[str, str](), set[str]()
    for item in _list(name, schema, "fields"):
        if isinstance(item, dict) and isinstance(item.get("name"), str):
            given = item.get("type")
            types[item["name"]] = given if isinstance(given, str) and given in TYPES else "string"
            if item.get("edtf"):
                dates.add(item["name"])
    made = {f"{column}_{end}" for column in dates for end in ("earliest", "latest")}
    names = [column for column in frame.columns if column not in made]
    key = schema.get("primaryKey")
    key = [key] if isinstance(key, str) else _list(name, schema, "primaryKey")
    if not all(isinstance(part, str) for part in key):
        raise _malformed(name, "primaryKey", "is no list of names")
    refers, pairs = dict[str, str](), dict[str, str]()
    for item in _list(name, schema, "foreignKeys"):
        fields, target = _foreign(item)
        if len(fields) == 1:
            refers[fields[0]] = target or name
        elif len(fields) == 2:
            pairs[fields[1]] = fields[0]
    known = {column: types.get(column, "string") for column in names}
    return Sheet(
        name,
        title if isinstance(title := about.get("title"), str) else "",
        tuple(key) if all(part in known for part in key) else (),
        known,
        {column: table for column, table in refers.items() if column in known},
        {column: by for column, by in pairs.items() if column in known and by in known},
        pl.DataFrame([frame.get_column(column) for column in names]),  # select would take ^…$ for a pattern
    )


def _list(name: str, schema: Mapping[str, Any], what: str) -> list[Any]:
    """A list of a table's schema; empty where there is none."""
    found = schema.get(what)
    if found is not None and not isinstance(found, list):
        raise _malformed(name, what, "is no list")
    return found or []


def _malformed(name: str, what: str, message: str) -> CannotOpen:
    return CannotOpen(f"datapackage.json: {what} of the table {name} {message}; tell the publisher of the release")


def _foreign(item: Any) -> tuple[list[str], str]:
    """The columns of an entry of `foreignKeys`, and the table that they refer to; none where it is malformed."""
    fields = item.get("fields") if isinstance(item, dict) else None
    fields = [fields] if isinstance(fields, str) else fields
    if not isinstance(fields, list) or not all(isinstance(field, str) for field in fields):
        return [], ""
    reference = item.get("reference")
    target = reference.get("resource", "") if isinstance(reference, dict) else ""
    return fields, target if isinstance(target, str) else ""


def _json(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    try:
        found = json.loads(path.read_text("utf-8")) if path.stat().st_size < 50_000_000 else None
    except FileNotFoundError:
        return {}, [
            problem("source-error", path.name, "is missing, so that keys and types are those of the other side")
        ]
    except (OSError, ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found, []
    return {}, [problem("source-error", path.name, "cannot be read as JSON")]

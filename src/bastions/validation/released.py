"""What was released stays: the public contract, the ids, and nearly all rows; read from `releases/`.

A breaking change of the schema needs a version that says so (`schema-lock`), an id that was released stays or has a
tombstone (`id-removed`) and does not come back for something else (`id-reused`), and no table loses more than one row
in fifty unless a waiver says why (`table-shrinks`). Where there is no `releases/`, nothing is said. RELEASING.md has
the rules.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from bastions.dataset import Dataset
from bastions.problems import Problem, problem
from bastions.releasing import changes, known, lock, versions
from bastions.releasing.changes import Change
from bastions.schema import Schema, SchemaError
from bastions.validation.rules import SHRINKS

LEAST = 98
"""Of a hundred rows of the last release a table has at least so many, unless a waiver says why."""

PACKAGE = "schemas/package.yaml"


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found.

    Attributes:
        problems: What no waiver silences.
        shrunk: Gives what a waiver can silence, for the rows of each derived table.
    """

    problems: list[Problem] = field(default_factory=list)
    shrunk: Callable[[Mapping[str, int]], list[Problem]] = lambda rows: []


def check(dataset: Dataset) -> Findings:
    """Holds a dataset against what is known of releases."""
    schema = dataset.schema
    try:
        found = known.read(schema.root)
    except known.KnownError as error:
        hint = "Only `bastions release` writes there; take the file from the main branch."
        return Findings([problem("release-error", error.file, str(error), hint=hint)])
    locked = found.lock
    if locked is None:
        return Findings()
    problems = [*_version(locked, schema), *_ids(dataset, found.ids)]
    return Findings(problems, lambda derived: list(_shrunk(dataset, locked, found.ids, derived)))


# --------------------------------------------------------------------------------------------------------------------
# The contract


def _version(locked: lock.Lock, schema: Schema) -> Iterator[Problem]:
    """What of the schema asks for a higher version than `package.yaml` has."""
    text = str(schema.package["version"])
    version, last = versions.parse(text), versions.parse(locked.version)
    assert last is not None, "the lock was read"
    line = _line(schema, PACKAGE, r"version *:")
    if version is None:
        hint = "Write three numbers, as RELEASING.md tells."
        message = "is no version like 1.4.0"
        yield problem("schema-lock", PACKAGE, message, line=line, field="version", value=text, hint=hint)
        return
    if version < last:
        message = f"is lower than {locked.version}, the version of {lock.FILE}"
        hint = "Versions only rise; put it back."
        yield problem("schema-lock", PACKAGE, message, line=line, field="version", value=text, hint=hint)
        return
    try:
        made = changes.compare(locked, schema)
    except SchemaError:  # a view that cannot be read, which the rules report
        return
    for change in made:
        needed = versions.needed(last, change.level)
        # An addition to what is not out yet, and other words, are told by nobody but `release`.
        silent = change.level == "patch" or (change.level == "minor" and not locked.released)
        if version < needed and not silent:
            yield _broken(change, locked, needed, text, schema)


def _broken(change: Change, locked: lock.Lock, needed: versions.Version, version: str, schema: Schema) -> Problem:
    file, line = _place(change, schema)
    # A problem is told after the name of its column.
    name = change.name if change.kind == "column" else ""
    what = f"of {change.of} {change.what}" if name else str(change)
    raised = f"raise `version` in {PACKAGE} from {version} to {versions.text(needed)}"
    if change.level == "minor":
        message = f"{what}: an addition to what {locked.version} has"
        hint = f"With the next release it needs a version of its own: {raised}."
    elif locked.released:
        message = f"{what}: this breaks what others built on {locked.version}"
        hint = f"Put it back; or, if it has to be, {raised}, and say in CHANGELOG.md what users have to change."
    else:
        message = f"{what}: this breaks what {locked.version} is to promise, by {lock.FILE}"
        hint = (
            f"Put it back; or, if it is meant, run `bastions release --lock-only`: {locked.version} is not released "
            "yet, so its promise may still change, in front of a reviewer."
        )
    severity = "error" if change.level == "major" else "warning"
    return problem(
        "schema-lock", file, message, line=line, field=name, record_id=change.of, hint=hint, severity=severity
    )


def _place(change: Change, schema: Schema) -> tuple[str, int]:
    """The file and line in which a change was likely made; line 0 where what changed is not there any more."""
    name = re.escape(re.sub("_(earliest|latest)$", "", change.name) if change.kind == "column" else change.name)
    if change.kind in ("table", "column"):
        file = f"schemas/{change.of}.yaml"
        return file, _line(schema, file, rf"\s*- *\{{? *(name|use): *{name}\b") if name else 0
    if change.kind in ("code list", "code"):
        file = f"schemas/codes/{change.of}.yaml"
        return file, _line(schema, file, rf" +['\"]?{name}['\"]? *:") if name else 0
    if change.kind in ("view", "view column"):
        file = f"schemas/views/{change.of}.sql"
        return file, _line(schema, file, rf"-- {name}:") if name else 0
    return f"schemas/policies/{change.of}.sql", 0


def _line(schema: Schema, file: str, pattern: str) -> int:
    path = schema.root / file
    if not path.is_file():
        return 0
    lines = path.read_text("utf-8", "replace").splitlines()
    return next((number for number, text in enumerate(lines, 1) if re.match(pattern, text)), 0)


# --------------------------------------------------------------------------------------------------------------------
# Ids and rows


def _ids(dataset: Dataset, ids: pl.DataFrame) -> Iterator[Problem]:
    """Ids that were released and are gone without a tombstone, or are back though they were removed."""
    sure = [name for name in known.tables(dataset.schema) if _keys_are_whole(dataset, name)]
    ids = ids.filter(pl.col("subject_table").is_in(sure))
    if not ids.height or not _keys_are_whole(dataset, "tombstones"):
        return
    pair = ["subject_table", "id"]
    now, tombs = known.alive(dataset, sure), known.tombs(dataset)
    gone = ids.join(now, pair, "anti").join(tombs, pair, "anti").sort(pair)
    back = ids.filter(pl.col("removed_in").is_not_null()).join(now, pair, "semi").join(tombs, pair, "anti").sort(pair)
    near = {name: sorted(now.filter(pl.col("subject_table") == name)["id"]) for name in set(gone["subject_table"])}
    for table, key, first, removed in gone.iter_rows():
        since = f"has been there since {first}" if removed is None else f"was there from {first} to before {removed}"
        lost = "is gone" if removed is None else "has lost its tombstone"
        yield problem(
            "id-removed",
            _file(dataset, table, key, near[table]),
            f"{lost}, an id of {table} that {since}",
            field=dataset.schema.all_tables[table].key,
            record_id=key,
            value=key,
            hint="An id that was released stays: put the row back as it was named; or add a row to "
            "data/tombstones/hand.csv that says in which version it is gone, why, and what takes its place.",
        )
    for table, key, first, removed in back.iter_rows():
        rows, column = dataset.rows[table], dataset.schema.all_tables[table].key
        file, line = rows.place(rows.text[column].to_list().index(key))
        yield problem(
            "id-reused",
            file,
            f"is back, an id of {table} that was there from {first} to before {removed}",
            line=line,
            column=dataset.schema.all_tables[table].names.index(column) + 1,
            field=column,
            record_id=key,
            value=key,
            hint="An id is not used again: give the row a new one, and put the tombstone of the old one back.",
        )


def _keys_are_whole(dataset: Dataset, name: str) -> bool:
    """Whether every key of a table could be read; if not, a key that is missing proves nothing."""
    if name not in dataset.rows:
        return False
    rows, columns = dataset.rows[name], {dataset.schema.all_tables[name].key}
    if name == "tombstones":
        columns = {"subject_table", "subject_id"}
    unread = any(column in columns for _, column in rows.bad)
    return rows.complete and not unread and not any(rows.text[column].null_count() for column in columns)


def _file(dataset: Dataset, table: str, key: str, keys: list[str]) -> str:
    """The file in which a row likely stood: that of the key next to its own in order."""
    rows, column = dataset.rows[table], dataset.schema.all_tables[table].key
    if not keys:
        return f"data/{table}/hand.csv"
    near = keys[min(bisect.bisect_left(keys, key), len(keys) - 1)]
    return rows.place(rows.text[column].index_of(near) or 0)[0]


def _shrunk(dataset: Dataset, locked: lock.Lock, ids: pl.DataFrame, derived: Mapping[str, int]) -> Iterator[Problem]:
    """Tables that have lost more rows than is likely meant; those that went with a tombstone are meant."""
    pair = ["subject_table", "id"]
    buried = ids.filter(pl.col("removed_in").is_not_null())
    fresh = known.tombs(dataset).join(buried, pair, "anti")
    excused = {str(table): n for table, n in fresh.group_by("subject_table").len().iter_rows()}
    rows = {name: dataset.rows[name].text.height for name in dataset.schema.tables if dataset.rows[name].complete}
    found = _less(locked.rows, rows, excused)
    # What is made of a table that shrank shrinks with it: one fault, one problem.
    found = found or _less(locked.rows, derived, {})
    of = locked.version if locked.released else f"{lock.FILE}, the floor for {locked.version},"
    for name in found:
        was, now = locked.rows[name], {**rows, **derived}[name]
        again = "" if locked.released else " Or run `bastions release --lock-only`, since nothing is released yet."
        yield problem(
            SHRINKS,
            f"data/{name}/hand.csv" if name in rows else f"schemas/{name}.yaml",
            f"has {now:,} row{'' if now == 1 else 's'}, and {of} had {was:,}: more than {100 - LEAST} % are gone",
            record_id=name,
            hint="Put them back; or, if they are meant to go, say why in a row of schemas/rules/waivers.csv with the "
            f"rule {SHRINKS} and the record_id {name}.{again}",
        )


def _less(locked: Mapping[str, int], rows: Mapping[str, int], excused: Mapping[str, int]) -> list[str]:
    return [n for n, was in locked.items() if n in rows and (rows[n] + excused.get(n, 0)) * 100 < was * LEAST]

"""What was released stays: the public contract, the ids, and nearly all rows; read from `releases/`.

A breaking change of the schema needs a version that says so (`schema-lock`), an id that was released stays or has a
tombstone (`id-removed`) and does not come back for something else (`id-reused`), and no table loses more than one row
in fifty unless a waiver says why (`table-shrinks`). A tombstone names a version in which the record can have gone
(`removed-in`). A dataset with a `CHANGELOG.md` is one that is released, and has a `releases/lock.json`; where there is
neither, nothing is said. A change is held against the `releases/` of the commit that it is for, if that is named, so
that it cannot ask less of itself. RELEASING.md has the rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from bastions.dataset import Dataset
from bastions.problems import Problem, number, problem
from bastions.releasing import base as releases
from bastions.releasing import changes, known, lock, versions
from bastions.releasing.base import Base
from bastions.releasing.changes import Change
from bastions.schema import Schema, SchemaError
from bastions.validation import tombs
from bastions.validation.rules import SHRINKS

LEAST = 98
"""Of a hundred rows of the last release a table has at least so many, unless a waiver says why."""

TAKE_BACK = f"Take {known.FOLDER}/ from the main branch: git checkout --no-overlay origin/main -- {known.FOLDER}."

PACKAGE, CHANGELOG = "schemas/package.yaml", "CHANGELOG.md"


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found.

    Attributes:
        problems: What no waiver silences.
        shrunk: Gives what a waiver can silence, for the rows of each derived table.
    """

    problems: list[Problem] = field(default_factory=list)
    shrunk: Callable[[Mapping[str, int]], list[Problem]] = lambda rows: []


def check(dataset: Dataset, before: Base | None = None) -> Findings:
    """Holds a dataset against what is known of releases.

    Args:
        dataset: The dataset, with its own `releases/`.
        before: What the commit knows that a change is for. Then that judges; and what stands here has to be as in that
            commit, or as `bastions release` makes it from that.
    """
    own, problems = _own(dataset.schema, before)
    if before is None or (locked := before.known.lock) is None:
        found = judged(dataset, own) if own is not None else Findings()
        return Findings([*problems, *found.problems], found.shrunk)
    base = before.known
    if own is None or own.lock is None:
        found = judged(dataset, base)
    elif releases.same(own, base):
        return judged(dataset, own)
    elif wrong := releases.unlike(own, base):
        file, what = wrong
        hint = f"Only `bastions release` writes there. {TAKE_BACK}"
        message = f"{what}; so this is judged by that of {before.label}"
        problems.append(problem("release-error", file, message, hint=hint))
        found = judged(dataset, base)
    else:
        found = _both(judged(dataset, own), judged(dataset, base), released=locked.released)
        shrunk = {p.record_id for p in found.problems if p.rule == SHRINKS}
        problems += [p for p in _asks_less(dataset, own, base, before.label) if p.record_id not in shrunk]
    return Findings([*problems, *found.problems], found.shrunk)


def _own(schema: Schema, before: Base | None) -> tuple[known.Known | None, list[Problem]]:
    """What the dataset itself says of releases, None where that cannot be read; and what is wrong with it."""
    problems = list[Problem]()
    if before is not None and before.fault is not None:
        fault = before.fault
        message = f"in {before.label} {fault}; so this is judged by the {known.FOLDER}/ that stands here"
        hint = "Mend it on the main branch first; until then nothing holds what changes there."
        problems.append(problem("release-error", fault.file, message, hint=hint))
    try:
        own = known.read(schema.root)
    except known.KnownError as error:
        hint = f"Only `bastions release` writes there. {TAKE_BACK}"
        return None, [*problems, problem("release-error", error.file, str(error), hint=hint)]
    # Else all that the lock asks for would fall silent with the folder.
    why = hint = ""
    if own.lock is None and before is not None and before.known.lock is not None:
        why, hint = f"{before.label} has it; so this is judged by that one", TAKE_BACK
    elif own.lock is None and (schema.root / CHANGELOG).is_file():
        why = f"{CHANGELOG} tells of a dataset that is released"
        hint = f"{TAKE_BACK} Before a first release, `bastions release --lock-only` writes it."
    if why:
        problems.append(problem("release-error", lock.FILE, f"is missing, and {why}", hint=hint))
    return own, problems


def judged(dataset: Dataset, found: known.Known) -> Findings:
    """Holds a dataset against one `releases/`."""
    locked, stones = found.lock, tombs.check(dataset, found)
    if locked is None:
        return Findings(stones)
    problems = [*_version(locked, dataset.schema), *stones]
    return Findings(problems, lambda derived: list(_shrunk(dataset, locked, found.ids, derived)))


def _both(own: Findings, base: Findings, *, released: bool) -> Findings:
    """What a change finds that may write `releases/` anew: a release, or before the first one its lock alone.

    What the lock of the change no longer asks for is not an error then, or no lock could be written on purpose; but it
    is told. A release excuses rows alone; what it breaks and removes it has to say itself, as any change.
    """
    mine = {_key(p) for p in [*own.problems, *own.shrunk({})]}
    milder = {SHRINKS} if released else {SHRINKS, "schema-lock"}
    more = [p for p in [*base.problems, *base.shrunk({})] if _key(p) not in mine]
    return Findings([*own.problems, *(_mild(p) if p.rule in milder else p for p in more)], own.shrunk)


def _asks_less(dataset: Dataset, own: known.Known, base: known.Known, label: str) -> Iterator[Problem]:
    """What `releases/` itself no longer asks for, though what stands here would still satisfy it.

    Else one change could ask for less, and the next one do it, and neither would be told.
    """
    assert own.lock is not None and base.lock is not None, "both have a lock"
    hint = f"Who merges this agrees to it. {TAKE_BACK}"
    for name, was in sorted(base.lock.rows.items()):
        if (now := own.lock.rows.get(name, 0)) * 100 < was * LEAST:
            message = f"asks for {number(now, 'row')} of {name}, and in {label} for {was:,}"
            yield problem("release-error", lock.FILE, message, record_id=name, hint=hint, severity="warning")
    try:
        made = changes.compare(base.lock, dataset.schema)
    except SchemaError:  # a view that cannot be read, which the rules report
        made = []
    raised = versions.parse(own.lock.version) or (0, 0, 0)
    needed = versions.needed(versions.parse(base.lock.version) or (0, 0, 0), "major")
    for change in changes.between(base.lock.contract, own.lock.contract):
        if change.level == "major" and change not in made:
            severe = "error" if base.lock.released and raised < needed else "warning"
            message = f"promises less than in {label}: {change}"
            yield problem("release-error", lock.FILE, message, hint=hint, severity=severe)
    if own.lock.released and (lost := known.alive(dataset).join(own.ids, ["subject_table", "id"], "anti").height):
        yield problem("release-error", known.IDS, f"lacks {number(lost, 'id')} of what stands here", hint=TAKE_BACK)


def _key(p: Problem) -> tuple[str, str, str, str]:
    return p.rule, p.record_id, p.field, "" if p.rule == SHRINKS else p.message


def _mild(p: Problem) -> Problem:
    message = f"{p.message}; by the {lock.FILE} of this change it may be so"
    hint = f"Who merges this agrees to it. Else put back what is missing. {TAKE_BACK}"
    return replace(p, message=message, hint=hint, severity="warning")


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
# Rows


def _shrunk(dataset: Dataset, locked: lock.Lock, ids: pl.DataFrame, derived: Mapping[str, int]) -> Iterator[Problem]:
    """Tables that have lost more rows than is likely meant; those that went with a tombstone are meant."""
    fresh, most = known.tombs(dataset), dataset.rows["tombstones"].text.height
    if locked.released:
        fresh = known.of(fresh, ids.filter(pl.col("removed_in").is_null()))
    else:  # no ids are known yet: as many as there are more of than the lock has
        most -= locked.rows.get("tombstones", 0)
    counts = fresh.group_by("subject_table").len().iter_rows()
    excused = {str(table): min(n, most) for table, n in counts if most > 0}
    rows = {name: dataset.rows[name].text.height for name in dataset.schema.tables if dataset.rows[name].complete}
    found = _less(locked.rows, rows, excused)
    # What is made of a table that shrank shrinks with it: one fault, one problem, and none where all is excused.
    if not found and not excused and all(n >= locked.rows.get(name, 0) for name, n in rows.items()):
        found = _less(locked.rows, derived, {})
    schema = dataset.schema
    of = locked.version if locked.released else f"{lock.FILE}, the floor for {locked.version},"
    for name in found:
        was, now = locked.rows[name], {**rows, **derived}[name]
        stone = "add a tombstone of each to data/tombstones/hand.csv, or " if name in known.tables(schema) else ""
        floor = " As nothing is released yet, a maintainer can lower the floor too: `bastions release --lock-only`."
        yield problem(
            SHRINKS,
            f"data/{name}/hand.csv" if name in rows else f"schemas/{name}.yaml",
            f"{name} has {number(now, 'row')}, and {of} had {was:,}: more than {100 - LEAST} % are gone",
            record_id=name,
            hint=f"Put them back; or, if they are meant to go, {stone}say why in a row of schemas/rules/waivers.csv "
            f"with the rule {SHRINKS} and the record_id {name}.{'' if locked.released else floor}",
        )


def _less(locked: Mapping[str, int], rows: Mapping[str, int], excused: Mapping[str, int]) -> list[str]:
    return [n for n, was in locked.items() if n in rows and (rows[n] + excused.get(n, 0)) * 100 < was * LEAST]

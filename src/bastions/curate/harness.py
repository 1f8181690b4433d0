"""From raw files to parts of `data/`: digests, then importers, then the whole validator, then one rename a file.

Nothing is written unless everything that was made is valid; `check` makes everything anew and compares.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import TypeVar

import polars as pl

from bastions import dataset, files, fmt, loader
from bastions.curate import plans, raw
from bastions.curate.job import Job, Made, Row
from bastions.curate.plans import Plan
from bastions.fmt import Change
from bastions.problems import Problem, problem
from bastions.schema import Schema, Table
from bastions.validation import cells

T = TypeVar("T")
Progress = Callable[[Sequence[T]], Iterable[T]]
"""Wraps what is gone through, so that a person sees how far it is; see `tqdm`."""

INPUTS = "BASTIONS_INPUTS"
"""The environment variable that names the folder of raw files."""


class Misuse(ValueError):
    """A run that cannot begin: an unknown source, no folder of raw files."""


@dataclass(slots=True)
class Outcome:
    """What a run of `curate` came to.

    Attributes:
        sources: The sources that were curated, in order.
        changes: The files that differ from what was made, or that nothing makes any more.
        problems: What is wrong; with an error among them nothing was written.
        counts: Source to the counts that its importer names, rows of each table included.
    """

    sources: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """Number of errors among the problems."""
        return sum(p.severity == "error" for p in self.problems)


def inputs(given: Path | None = None) -> Path:
    """The folder of raw files: the one that is given, or that BASTIONS_INPUTS names.

    Raises:
        Misuse: If there is none.
    """
    if given is None and not os.environ.get(INPUTS):
        raise Misuse(f"no folder of raw files: give --from FOLDER or set {INPUTS}")
    folder = given or Path(os.environ[INPUTS])
    if not folder.is_dir():
        raise Misuse(f"{folder}: there is no such folder of raw files")
    return folder


def curate(
    root: Path, folder: Path, sources: Sequence[str] = (), *, check: bool = False, progress: Progress[Plan] = iter
) -> Outcome:
    """Makes the script-curated parts of a dataset from raw files.

    Args:
        root: The folder of the dataset.
        folder: The folder of raw files; each source has one in it.
        sources: Which sources; all where none is named. What these need is taken as it stands in `data/`.
        check: Whether to compare alone and write nothing.
        progress: Wraps the sources that are gone through.

    Returns:
        What was made, changed and found. Nothing was written if it holds an error.

    Raises:
        Misuse: For a source that no script curates.
        SchemaError: If `schemas/` cannot be read.
    """
    schema = loader.load(root)
    known, found = plans.load(root)
    outcome = Outcome(problems=found)
    if outcome.errors:
        return outcome
    for name in sources:
        if name not in known:
            raise Misuse(f'no script curates "{name}"; those curated are {", ".join(known)}')
    chosen = [plan for plan in known.values() if not sources or plan.source_id in sources]
    tables = _Tables(schema)
    outcome.problems += tables.unread({plan.source_id for plan in chosen})
    if outcome.problems:
        return outcome
    for plan in progress(chosen):
        made = _make(plan, folder, tables, _needed(plan, known))
        outcome.sources.append(plan.source_id)
        outcome.counts[plan.source_id] = {name: len(rows) for name, rows in made.tables.items()} | made.counts
        outcome.problems += [*made.problems, *_forgotten(schema, plan, made, tables)]
        if any(p.severity == "error" for p in outcome.problems):
            return outcome
        try:
            texts, unfit = _texts(schema, plan, made)
        except KeyError as error:
            outcome.problems.append(_defect(plan, error))
            return outcome
        outcome.problems += unfit
        outcome.changes += _changes(schema, plan, texts)
        tables.put(plan.source_id, made)
    if any(p.severity == "error" for p in outcome.problems) or not outcome.changes:
        return outcome
    problems, generated = _judge(root, outcome.changes)
    outcome.problems += problems
    if not any(p.severity == "error" for p in problems):
        outcome.changes += generated
        if not check:
            fmt.write(outcome.changes)
    return outcome


class _Tables:
    """Every table as text, with the source of each row: what stands in `data/`, replaced by what was just made."""

    def __init__(self, schema: Schema):
        self.schema = schema
        self.parts: dict[str, dict[str, pl.DataFrame]] = {}
        self._problems: list[tuple[str, Problem]] = []
        for name in (*schema.tables, *schema.seeds):
            read = dataset.read_table(schema, name)
            found = [p for part in read.parts for p in part.problems] + cells.check_table(schema.all_tables[name], read)
            self._problems += [(name, p) for p in found if p.severity == "error"]
            for index, part in enumerate(read.parts):
                rows = read.text.filter(pl.col(dataset.PART) == index).select(schema.all_tables[name].names)
                self.parts.setdefault(name, {})[self._source(name, part.path)] = rows

    def unread(self, chosen: Collection[str]) -> list[Problem]:
        """What is wrong with the files that a run reads: rows could be missed, decisions of persons among them.

        Args:
            chosen: The sources that are made anew, whose parts of `data/` are not read but replaced.
        """
        seeds = self.schema.seeds
        return [p for name, p in self._problems if name in seeds or self._source(name, p.file) not in chosen]

    def _source(self, table: str, path: str) -> str:
        """Who made a file: the name of a part of `data/`, the folder of a decision file."""
        where = Path(path)
        return where.parent.name if self.schema.all_tables[table].kind == "seed" else where.stem

    def of(self, table: str, sources: Iterable[str]) -> pl.DataFrame:
        """The rows of a table that stand in the parts of these sources."""
        columns = self.schema.all_tables[table].names
        frames = [rows for source, rows in self.parts.get(table, {}).items() if source in set(sources)]
        return pl.concat([pl.DataFrame(schema=dict.fromkeys(columns, pl.String())), *frames])

    def put(self, source: str, made: Made) -> None:
        """Puts what was made in the place of what this source had."""
        for name in self.schema.tables:
            self.parts.setdefault(name, {})[source] = frame(self.schema.tables[name], made.tables.get(name, []))


def _needed(plan: Plan, known: Mapping[str, Plan]) -> set[str]:
    """What a source needs, and what that needs in turn."""
    found: set[str] = set()
    todo = list(plan.needs)
    while todo:
        if (source := todo.pop()) not in found:
            found.add(source)
            todo += known[source].needs
    return found


def _make(plan: Plan, folder: Path, tables: _Tables, needed: set[str]) -> Made:
    data: dict[str, bytes] = {}
    problems = []
    for file in plan.files:
        read = raw.read_bytes(folder / plan.folder, file)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            data[file.name] = read
    schema = tables.schema
    known = schema.code_lists["coder"].codes
    problems += [
        problem(
            "source-yaml",
            plan.corrections.path,
            f"correction {number} is decided by nobody of the code list coder",
            value=entry.decided_by,
        )
        for number, entry in enumerate(plan.corrections.entries, 1)
        if entry.decided_by not in known
    ]
    if problems:
        return Made(problems=problems)
    job = Job(
        source_id=plan.source_id,
        raw=data,
        settings=plan.settings,
        tables={name: tables.of(name, {"hand", *needed}) for name in schema.tables},
        before={name: tables.of(name, {plan.source_id}) for name in schema.tables},
        decisions={name: tables.of(name, {plan.source_id}) for name in schema.seeds},
        corrections=plan.corrections,
        codes=schema,
    )
    try:
        made: Made = import_module(f"bastions.curate.{plan.importer}").curate(job)
    except Exception as error:
        return Made(problems=[_defect(plan, error)])
    return made


def _defect(plan: Plan, error: Exception) -> Problem:
    """An importer that stumbles is a fault of its settings or of the importer; whoever runs it is told where."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else plan.importer
    message = f"the importer {plan.importer} stopped at {where}: {type(error).__name__}: {error}"
    hint = "Look at `settings` in source.yaml; if these are right, the importer has a defect: please report it."
    return problem("importer-error", f"seeds/{plan.source_id}/source.yaml", message, hint=hint)


def _forgotten(schema: Schema, plan: Plan, made: Made, tables: _Tables) -> list[Problem]:
    """The decisions of persons that stand in a decision file and that what was made would no longer hold."""
    coders = schema.code_lists["coder"].codes
    persons = [code for code, entry in coders.items() if entry.attributes["kind"] == "curator"]
    found = []
    for name, rows in made.decisions.items():
        table = schema.seeds[name]
        if "decided_by" not in table.names:
            continue
        kept = {row.get(table.key) for row in rows}
        before = tables.of(name, {plan.source_id}).filter(pl.col("decided_by").is_in(persons))
        found += [
            problem(
                "decision-lost",
                f"seeds/{plan.source_id}/{name}.csv",
                "is the decision of a person, and nothing in the source asks for it any more",
                record_id=key,
                value=key,
                hint="Delete the row if it is no longer needed; else mend its name, so that it is found.",
            )
            for key in before[table.key].to_list()
            if key not in kept
        ]
    return found


def frame(table: Table, rows: Iterable[Row]) -> pl.DataFrame:
    """Rows as a text frame in the columns of a table; what is absent or empty is null.

    Raises:
        KeyError: If a row has a column that the table has not.
    """
    known = set(table.names)
    columns: dict[str, list[str | None]] = {name: [] for name in table.names}
    for row in rows:
        if unknown := set(row) - known:
            raise KeyError(f"{table.name} has no column {', '.join(sorted(unknown))}")
        for name, texts in columns.items():
            texts.append(row.get(name) or None)
    return pl.DataFrame(columns, schema=dict.fromkeys(table.names, pl.String()))


def _texts(schema: Schema, plan: Plan, made: Made) -> tuple[dict[str, str], list[Problem]]:
    """The files that a source makes, as path to canonical text, and what is wrong with the numbers of their rows."""
    texts = {}
    problems = []
    where = f"seeds/{plan.source_id}/source.yaml"
    for name, rows in made.tables.items():
        low, high = plan.rows.get(name, (0, 0))
        if not low <= len(rows) <= high:
            said = f"between {low:,} and {high:,} are expected" if name in plan.rows else "source.yaml expects none"
            hint = "If the number is right, change `rows` there and say why."
            problems.append(problem("row-count", where, f"{name}: {len(rows):,} rows were made, {said}", hint=hint))
        if rows:
            texts[f"data/{name}/{plan.source_id}.csv"] = files.to_csv(
                frame(schema.tables[name], rows), schema.tables[name]
            )
    for name, (low, _) in plan.rows.items():
        if low and name not in made.tables:
            problems.append(problem("row-count", where, f"{name}: no rows were made, at least {low:,} are expected"))
    for name, rows in made.decisions.items():
        table = schema.seeds[name]
        texts[f"seeds/{plan.source_id}/{name}.csv"] = files.to_csv(frame(table, rows), table)
    if made.waivers:
        table = schema.seeds["waivers"]
        texts[f"schemas/rules/waivers-{plan.source_id}.csv"] = files.to_csv(frame(table, made.waivers), table)
    return texts, problems


def _changes(schema: Schema, plan: Plan, texts: Mapping[str, str]) -> list[Change]:
    """What differs between the files of a source and what was made of it; a file that nothing makes is removed."""
    root = schema.root
    changes = []
    for name, text in texts.items():
        path = root / name
        old = path.read_bytes() if path.is_file() else None
        if old != text.encode():
            changes.append(Change(path, old, text))
    stale = [*root.glob(f"data/*/{plan.source_id}.csv"), root / f"schemas/rules/waivers-{plan.source_id}.csv"]
    return changes + [
        Change(path, path.read_bytes(), None)
        for path in stale
        if path.is_file() and path.relative_to(root).as_posix() not in texts
    ]


def _judge(root: Path, changes: Sequence[Change]) -> tuple[list[Problem], list[Change]]:
    """The verdict of the whole validator on the dataset as it would be, and what `fmt` would then make anew."""
    from bastions.validation import validate

    with tempfile.TemporaryDirectory(prefix="bastions-curate-") as folder:
        stage = Path(folder)
        for name in ("data", "schemas", "seeds"):
            shutil.copytree(root / name, stage / name)
        fmt.write([replace(change, path=stage / change.path.relative_to(root)) for change in changes])
        generated = [
            Change(root / name, (root / name).read_bytes() if (root / name).is_file() else None, text)
            for name, text in fmt.generated(loader.load(stage)).items()
        ]
        fmt.write([replace(change, path=stage / change.path.relative_to(root)) for change in generated])
        problems = list(validate(stage).problems)
    return problems, [change for change in generated if change.old != (change.new or "").encode()]

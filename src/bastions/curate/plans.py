"""`seeds/<source_id>/source.yaml` and `corrections.yaml` of the sources that a script curates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bastions import strict_yaml
from bastions.curate.job import ACTIONS, Correction, Corrections
from bastions.curate.raw import RawFile
from bastions.problems import Problem, problem

_PROSE = ("obtained", "extracted", "questions", "faults")
_KEYS = ("source_id", "importer", "raw", "needs", "rows", "settings", *_PROSE)


@dataclass(frozen=True, slots=True)
class Plan:
    """How one source is curated.

    Attributes:
        source_id: The source, the name of its folder in `seeds/`.
        importer: The module in `bastions.curate` that reads it.
        folder: The folder of its raw files, below that which `--from` or BASTIONS_INPUTS names.
        files: The raw files, each with size and digest.
        needs: The sources whose rows it reads, so that they are curated before it.
        rows: Table to the least and greatest number of rows that it may make.
        settings: What the importer is told beside.
        corrections: Decisions on single raw rows.
    """

    source_id: str
    importer: str
    folder: str
    files: tuple[RawFile, ...]
    needs: tuple[str, ...]
    rows: Mapping[str, tuple[int, int]]
    settings: Mapping[str, Any]
    corrections: Corrections


def load(root: Path) -> tuple[dict[str, Plan], list[Problem]]:
    """Every script-curated source of a dataset, each after those that it needs, and what is wrong with its files."""
    plans: dict[str, Plan] = {}
    found: list[Problem] = []
    for path in sorted(root.glob("seeds/*/source.yaml")):
        name = path.relative_to(root).as_posix()
        try:
            raw = strict_yaml.read(path)
            if isinstance(raw, dict) and "importer" in raw:
                plans[path.parent.name] = _plan(raw, path.parent, root)
        except (strict_yaml.NotRead, _Unfit) as error:
            line = getattr(error, "line", 0)
            found.append(problem("source-yaml", getattr(error, "file", name), " ".join(str(error).split()), line=line))
    found += [
        problem("source-yaml", f"seeds/{plan.source_id}/source.yaml", f'needs "{other}", which no script curates')
        for plan in plans.values()
        for other in plan.needs
        if other not in plans
    ]
    try:
        order = list(TopologicalSorter({p.source_id: p.needs for p in plans.values()}).static_order())
    except CycleError as error:
        return {}, [
            *found,
            problem("source-yaml", "seeds", f"sources need each other in a circle: {' → '.join(error.args[1])}"),
        ]
    return {source: plans[source] for source in order if source in plans}, found


class _Unfit(ValueError):
    """A file that does not say what it has to; `file` is its path below the root, `line` 0 where none is known."""

    def __init__(self, file: str, message: str, line: int = 0):
        super().__init__(message)
        self.file, self.line = file, line


def _plan(raw: dict[str, Any], folder: Path, root: Path) -> Plan:
    file = (folder / "source.yaml").relative_to(root).as_posix()

    def need(good: bool, message: str) -> None:
        if not good:
            raise _Unfit(file, message)

    unknown = sorted(set(map(str, raw)) - set(_KEYS))
    need(not unknown, f"unknown keys: {', '.join(unknown)}; known are {', '.join(_KEYS)}")
    need(raw.get("source_id") == folder.name, f"source_id is not the name of its folder, {folder.name}")
    need(
        isinstance(raw["importer"], str)
        and raw["importer"].isidentifier()
        and find_spec(f"bastions.curate.{raw['importer']}") is not None,
        f'there is no importer "{raw["importer"]}" in bastions.curate',
    )
    files = raw.get("raw", {"folder": "", "files": []})
    need(isinstance(files, dict) and set(files) == {"folder", "files"}, "raw has to hold folder and files")
    listed = files["files"]
    need(
        isinstance(listed, list)
        and all(isinstance(f, dict) and set(f) == {"name", "bytes", "sha256"} for f in listed)
        and all(type(f["bytes"]) is int and re.fullmatch("[0-9a-f]{64}", str(f["sha256"])) for f in listed),
        "each of raw.files has to hold name, bytes (a number) and sha256 (64 hexadecimal digits)",
    )
    needs = raw.get("needs", [])
    need(isinstance(needs, list) and all(isinstance(n, str) for n in needs), "needs has to be a list of sources")
    rows = raw.get("rows") or {}
    need(
        isinstance(rows, dict)
        and bool(rows)
        and all(
            isinstance(pair, list) and len(pair) == 2 and all(type(n) is int for n in pair) and 0 <= pair[0] <= pair[1]
            for pair in rows.values()
        ),
        "rows has to give the floor and ceiling of every table that is made: {claims: [900, 1100]}",
    )
    settings = raw.get("settings", {})
    need(isinstance(settings, dict), "settings has to be a mapping")
    return Plan(
        source_id=folder.name,
        importer=raw["importer"],
        folder=str(files["folder"]),
        files=tuple(RawFile(str(f["name"]), int(f["bytes"]), str(f["sha256"])) for f in listed),
        needs=tuple(needs),
        rows={table: (low, high) for table, (low, high) in rows.items()},
        settings=settings,
        corrections=_corrections(folder / "corrections.yaml", root),
    )


def _corrections(path: Path, root: Path) -> Corrections:
    file = path.relative_to(root).as_posix()
    if not path.is_file():
        return Corrections(file)
    try:
        raw = strict_yaml.read(path) or []
    except strict_yaml.NotRead as error:
        raise _Unfit(file, str(error), error.line) from None
    if not isinstance(raw, list):
        raise _Unfit(file, "has to be a list of corrections")
    return Corrections(file, tuple(_correction(number, entry, file) for number, entry in enumerate(raw, 1)))


def _correction(number: int, entry: Any, file: str) -> Correction:
    known = ("action", "where", "expect", "reason", "decided_by", "column", "value", "file")

    def need(good: bool, message: str) -> None:
        if not good:
            raise _Unfit(file, f"correction {number} {message}")

    need(isinstance(entry, dict) and set(entry) <= set(known), f"may hold only {', '.join(known)}")
    need(
        {"action", "where", "expect", "reason", "decided_by"} <= set(entry),
        "lacks action, where, expect, reason or decided_by",
    )
    need(entry["action"] in ACTIONS, f"has an action other than {', '.join(ACTIONS)}")
    for key in ("where", "expect"):
        need(isinstance(entry[key], dict) and bool(entry[key]), f"has to give {key} as column: text")
    override = entry["action"] == "override"
    need(override == ("column" in entry) == ("value" in entry), "has column and value if, and only if, it overrides")
    need(not override or entry["column"] in entry["expect"], "has to expect the text that it overrides")

    def texts(pairs: Mapping[Any, Any]) -> dict[str, str]:
        return {str(name): "" if text is None else str(text) for name, text in pairs.items()}

    return Correction(
        action=entry["action"],
        where=texts(entry["where"]),
        expect=texts(entry["expect"]),
        reason=str(entry["reason"]),
        decided_by=str(entry["decided_by"]),
        column=str(entry.get("column", "")),
        value="" if entry.get("value") is None else str(entry["value"]),
        file=str(entry.get("file", "")),
    )

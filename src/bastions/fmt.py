"""`bastions fmt`: the one form in which every file is kept. It changes how values are written, never a value."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bastions import codebook, descriptor, files
from bastions.problems import Problem
from bastions.schema import Schema, Table

_MENDED = ("canonical-form", "encoding-error", "incorrect-label")


@dataclass(frozen=True, slots=True)
class Change:
    """A file that is not as it should be: its bytes as they are, its text as it should be; None is absence."""

    path: Path
    old: bytes | None
    new: str | None

    def diff(self, root: Path, limit: int = 40) -> str:
        """What would change, as a unified diff of at most `limit` lines; says how many more there are."""
        name = self.path.relative_to(root).as_posix()
        before = "" if self.old is None else self.old.decode("utf-8", "backslashreplace")
        # Line ends and the byte-order mark are shown, since they may be all that differs.
        marked = before.replace("\r", "\\r").replace("\ufeff", "\\ufeff")
        if before and not before.endswith("\n"):
            marked += "\\ no newline at the end\n"
        lines = list(
            difflib.unified_diff(
                marked.splitlines(), (self.new or "").splitlines(), name, f"{name} (canonical)", n=1, lineterm=""
            )
        )
        more = [f"… and {len(lines) - limit} more lines"] if len(lines) > limit else []
        return "\n".join(lines[:limit] + more)


def write(changes: Sequence[Change]) -> None:
    """Puts every change in place, or none: all new files are written beside the old ones, then renamed one by one.

    Args:
        changes: What to write and remove.

    Raises:
        OSError: If a file cannot be written or put in place; then every file is as it was.
    """
    beside = {change: change.path.with_name(f".{change.path.name}.{os.getpid()}") for change in changes}
    done: list[Change] = []
    try:
        for change, path in beside.items():
            if change.new is not None:
                change.path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(change.new, "utf-8", newline="")
        for change, path in beside.items():
            if change.new is None:
                change.path.unlink()
            else:
                path.replace(change.path)
            done.append(change)
    except BaseException:  # an interrupt too leaves nothing half done
        for change in done:
            if change.old is None:
                change.path.unlink()
            else:
                change.path.write_bytes(change.old)
        raise
    finally:
        for path in beside.values():
            path.unlink(missing_ok=True)


def plan(schema: Schema) -> tuple[list[Change], list[Problem]]:
    """What `fmt` would change in a dataset.

    Returns:
        The changes, and the problems of files that it leaves alone, since it cannot be sure to keep every value.
    """
    changes: list[Change] = []
    problems: list[Problem] = []
    for name, table in {**schema.tables, **schema.seeds}.items():
        paths = schema.parts(name)
        if table.kind != "seed" and (hand := schema.root / "data" / name / "hand.csv") not in paths:
            changes.append(Change(hand, None, ",".join(table.names) + "\n"))
        for path in paths:
            found = _part(path, table, schema.root)
            if isinstance(found, Change):
                changes.append(found)
            else:
                problems += found
    for where, text in generated(schema).items():
        path = schema.root / where
        old = path.read_bytes() if path.exists() else None
        if old != text.encode():
            changes.append(Change(path, old, text))
    return changes, problems


def generated(schema: Schema) -> dict[str, str]:
    """The files that are made of `schemas/` and the names of the files in `data/` alone: path to text."""
    return {
        "datapackage.json": descriptor.text(descriptor.package(schema)),
        "schemas/README.md": codebook.render(schema),
    }


def _part(path: Path, table: Table, root: Path) -> Change | list[Problem]:
    part = files.read_part(path, table, root)
    if part.frame is None and all(p.rule in ("missing-label", *_MENDED) for p in part.problems):
        # A column that the schema gained: every other label is known, so that an empty column can be added.
        missing = [p.field for p in part.problems if p.rule == "missing-label"]
        part = files.read_part(path, table, root, add=missing)
    kept = [p for p in part.problems if p.rule not in _MENDED]
    if part.frame is None or kept:
        return kept or part.problems
    old = path.read_bytes()
    new = files.to_csv(part.frame, table)
    return Change(path, old, new) if old != new.encode() else []

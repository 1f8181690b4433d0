"""Before stage 1: every table has its files, and every file a table that it belongs to."""

from __future__ import annotations

from pathlib import Path

from bastions.problems import Problem, problem
from bastions.schema import Schema

IGNORED = ("README.md", ".gitkeep", ".DS_Store")


def check(schema: Schema) -> list[Problem]:
    """What is missing from or unexpected in `data/` and `seeds/`."""
    problems = []
    for name in schema.tables:
        path = schema.root / "data" / name / "hand.csv"
        if not path.exists():
            problems.append(
                problem("source-error", path.relative_to(schema.root).as_posix(), "is missing", hint="Run `make fmt`.")
            )
    for path in _walk(schema.root / "data"):
        where = path.relative_to(schema.root)
        folder, *rest = where.parts[1:]
        if path.name in IGNORED:
            continue
        if folder not in schema.tables or len(rest) != 1 or path.suffix != ".csv":
            known = f"data/<table>/hand.csv, where the table is one of {', '.join(schema.tables)}"
            problems.append(
                problem("unexpected-file", where.as_posix(), "belongs to no table", hint=f"Expected: {known}.")
            )
    for path in _walk(schema.root / "seeds"):
        if path.suffix == ".csv" and path.stem not in schema.seeds:
            file = path.relative_to(schema.root).as_posix()
            known = ", ".join(f"{name}.csv" for name in schema.seeds)
            problems.append(problem("unexpected-file", file, "belongs to no table", hint=f"Expected: {known}."))
    return problems


def _walk(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if not path.is_dir()) if folder.is_dir() else []

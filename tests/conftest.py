"""The tiny dataset that tests run on, and how a counterexample is applied to it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from bastions import files, schema

ROOT = Path(__file__).parents[1]
TESTS = Path(__file__).parent


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """The folder of a copy of `valid/` under the real schemas and rules, without their waivers."""
    return copy_tiny(tmp_path)


def copy_tiny(root: Path) -> Path:
    """Puts the tiny dataset into `root`, and returns it."""
    shutil.copytree(TESTS / "valid", root, dirs_exist_ok=True)
    shutil.copytree(ROOT / "schemas", root / "schemas", dirs_exist_ok=True)
    waivers = root / "schemas" / "rules" / "waivers.csv"
    header, *_ = waivers.read_text("utf-8").splitlines()
    waivers.write_text(header + "\n", "utf-8")
    return root


def load_yaml(path: Path) -> Any:
    """A counterexample; every scalar is text, as in the cells of a CSV file."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 (builds nothing but text)


def patch(root: Path, example: Mapping[str, Any]) -> None:
    """Applies `rows` and `remove` of a counterexample to the dataset in `root`.

    A row whose key exists has its cells replaced, and empties those that it gives as ""; any other row is added. The
    files stay in canonical form, so that nothing but the example's own fault can be found in them.
    """
    loaded = schema.load(root)
    changes: Mapping[str, list[dict[str, str]]] = example.get("rows", {})
    removed: Mapping[str, list[str]] = example.get("remove", {})
    for name in {**changes, **removed}:
        table = loaded.all_tables[name]
        (path,) = loaded.parts(name)
        frame = files.read_part(path, table, root).frame
        assert frame is not None
        rows = {row[table.key]: row for row in frame.select(table.names).to_dicts()}
        for key in removed.get(name, ()):
            del rows[key]
        for cells in changes.get(name, ()):
            key = cells[table.key]
            unknown = cells.keys() - set(table.names)
            assert not unknown, f"{name} has no column {unknown}"
            row = rows.setdefault(key, dict.fromkeys(table.names))
            row.update({column: cell or None for column, cell in cells.items()})
        patched = pl.DataFrame(list(rows.values()), schema=dict.fromkeys(table.names, pl.String()))
        path.write_text(files.to_csv(patched, table), "utf-8", newline="")

"""What is true of the repository: generated files are fresh, folders explain themselves, nothing names a machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bastions import fmt
from bastions.loader import load

ROOT = Path(__file__).parents[1]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: the tracked files cannot be listed")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def test_fmt_is_a_no_op() -> None:
    changes, problems = fmt.plan(load(ROOT))
    assert problems == []
    assert [change.diff(ROOT) for change in changes] == [], "run: make fmt"


def test_every_table_and_column_is_described() -> None:
    schema = load(ROOT)
    assert [t.name for t in schema.all_tables.values() if not t.description.endswith(".")] == []
    every = [(table, column) for table in schema.all_tables.values() for column in table.fields]
    assert [f"{table.name}.{column.name}" for table, column in every if len(column.description) < 15] == []


@pytest.mark.parametrize(
    "folder",
    [
        "build",
        "data",
        "docs",
        "releases",
        "schemas",
        "schemas/codes",
        "schemas/rules",
        "schemas/views",
        "seeds",
        "src",
        "tests",
    ],
)
def test_every_folder_opens_with_a_sentence(folder: str) -> None:
    lines = (ROOT / folder / "README.md").read_text("utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert len(lines[2]) > 40


def test_only_the_readme_of_build_is_in_git() -> None:
    assert [p.name for p in tracked() if p.relative_to(ROOT).parts[0] == "build"] == ["README.md"]


def test_no_registry_address_and_no_path_of_a_machine() -> None:
    # Put together from parts, so that this file holds none of what it looks for.
    addresses = [
        "index" + "-url",
        "extra" + "-index",
        "registry" + "=",
        "pypi" + r"\.org/simple",
        "files" + r"\.pythonhosted",
    ]
    folders = ["/" + name + "/" for name in ("home", "root", "work", "farm")]
    wrong = re.compile("|".join([*addresses, *(rf"(?<![A-Za-z0-9_.]){folder}" for folder in folders)]))
    for path in tracked():
        if (
            path.suffix in {".lock", ".toml", ".yml", ".yaml", ".md", ".py", ".sql", ".csv", ".json", ""}
            and path.is_file()
        ):
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                assert not wrong.search(line), f"{path.relative_to(ROOT)}:{number}"


def test_lock_holds_hashes_and_the_build_back_end() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    names = re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE)
    assert {"hatchling", "editables", "duckdb", "frictionless"} <= set(names)
    entries = re.split(r"\n(?=[a-z0-9-]+==)", lock.strip())
    assert [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []

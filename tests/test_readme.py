"""The README's examples are run: every command, query and Python line, and what it prints is what stands there.

To renew the printed results after a change: `BASTIONS_UPDATE=1 .venv/bin/pytest tests/test_readme.py`.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pages
import pytest

from bastions.cli import main

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


def block(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_queries_print_what_the_readme_shows(real_release: Path) -> None:
    assert len(pages.examples(README.read_text("utf-8"))) >= 3
    pages.check(README, real_release)


def test_sql_of_the_readme(real_release: Path) -> None:
    sql = block("sql").replace("build/bastions.duckdb", str(real_release / "bastions.duckdb"))
    rows = duckdb.connect().execute(sql).fetchall()
    assert ("Deir ez-Zor", "Government of Syria") in {row[:2] for row in rows}


def test_python_of_the_readme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    exec(compile(block("python"), "README.md", "exec"), names)
    assert names["problems"] == ()
    assert len(names["strikes"]) > 0  # type: ignore[arg-type]


def test_the_finding_that_the_readme_shows(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = re.search(r"```text\n(data/strikes/hand.csv:.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert shown is not None
    (tiny / "data/strikes/hand.csv").write_bytes((ROOT / "data/strikes/hand.csv").read_bytes())
    path = ROOT / "data/strikes/hand.csv"
    lines = path.read_text("utf-8").splitlines()
    cells = lines[3].split(",")
    cells[4] = "2017-13-03"
    (tiny / "data/strikes/hand.csv").write_text("\n".join([*lines[:3], ",".join(cells), *lines[4:]]) + "\n")
    main(["validate", str(tiny)])
    assert shown[1].rstrip() in capsys.readouterr().out


def test_make_targets_and_files_that_the_documents_name_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for document in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / document).read_text("utf-8")
        for target in re.findall(r"(?:`|^)make (\w+)", text, re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{document}: make {target}"
        for link in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (ROOT / link).exists(), f"{document}: {link}"

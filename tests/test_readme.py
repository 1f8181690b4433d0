"""The README's examples are run: every command, query and Python line, and what it prints is what stands there.

To renew the printed results after a change: `BASTIONS_UPDATE=1 .venv/bin/pytest tests/test_readme.py`.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import duckdb
import pages
import pytest

from bastions.cli import main

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


STATIONS = "station,height_m\nA,12\nB,340\n"
DAYS = "station;day;mm\nA;02/11/2017;0,4\nB;2017-11-03;2,5\nC;03/11/2017;-1\n"
MENDED = "station;day;mm\nA;02/11/2017;0,4\nB;03/11/2017;2,5\nA;03/11/2017;NA\n"


def blocks(kind: str, heading: str = "") -> list[str]:
    """The blocks of a kind, of the whole page or of the section under a heading."""
    text = README.read_text("utf-8")
    if heading:
        _, _, text = text.partition(f"\n## {heading}\n")
        text = text.partition("\n## ")[0]
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def block(kind: str) -> str:
    """The one block of a kind."""
    (found,) = blocks(kind)
    return found


@pytest.fixture
def rain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package of "For your own data", with the faults that the page shows; its parent is the current folder."""
    folder = tmp_path / "rain"
    folder.mkdir()
    (descriptor,) = blocks("json", "For your own data")
    (folder / "datapackage.json").write_text(descriptor, "utf-8")
    (folder / "stations.csv").write_text(STATIONS, "utf-8")
    (folder / "days.csv").write_text(DAYS, "utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def test_queries_print_what_the_readme_shows(real_release: Path) -> None:
    assert len(pages.examples(README.read_text("utf-8"))) >= 3
    pages.check(README, real_release)


def test_sql_of_the_readme(real_release: Path) -> None:
    sql = block("sql").replace("build/bastions.duckdb", str(real_release / "bastions.duckdb"))
    rows = duckdb.connect().execute(sql).fetchall()
    assert ("Deir ez-Zor", "Government of Syria") in {row[:2] for row in rows}


def test_python_of_the_readme(rain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    exec(compile(block("python").replace('"rain"', repr(str(rain))), "README.md", "exec"), names)
    assert names["problems"] == ()
    assert len(names["strikes"]) > 0
    assert {fault.rule for fault in names["faults"]} == {"type-error", "constraint-error", "foreign-key"}


def test_the_faults_of_ones_own_data(rain: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown, _ = blocks("text", "For your own data")
    assert main(["validate", "rain"]) == 1
    assert capsys.readouterr().out == shown


def test_the_release_of_ones_own_data(
    rain: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands of the page, once the data are mended, print what the page shows."""
    monkeypatch.setenv("COLUMNS", str(pages.WIDTH))
    (rain / "days.csv").write_text(MENDED, "utf-8")
    (commands,) = blocks("sh", "For your own data")
    _, shown = blocks("text", "For your own data")
    for command in re.findall(r"^bastions .*?(?=^bastions |\Z)", commands, re.DOTALL | re.MULTILINE):
        assert main(shlex.split(command)[1:]) == 0, capsys.readouterr().err
    assert capsys.readouterr().out == shown


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

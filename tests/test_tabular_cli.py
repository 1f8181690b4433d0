"""The commands on other people's packages: forms of output, exit codes, limits, and what is misuse."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

import bastions
from bastions.cli import main
from bastions.cli.common import LIMITS
from bastions.tabular.limits import Limits

SCHEMA = {"fields": [{"name": "mill", "constraints": {"unique": True}}, {"name": "sacks", "type": "integer"}]}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    root = tmp_path / "package"
    root.mkdir()
    resource = {"name": "mills", "path": "mills.csv", "schema": SCHEMA}
    (root / "datapackage.json").write_text(json.dumps({"name": "mills", "resources": [resource]}))
    (root / "mills.csv").write_text("mill,sacks\nold,40\nnew,90\n")
    return root


@pytest.fixture
def broken(package: Path) -> Path:
    rows = "".join(f"m{n},x\n" for n in range(150))
    (package / "mills.csv").write_text(f"mill,sacks\n{rows}m0,\n")
    return package


def test_valid(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(package)]) == 0
    assert capsys.readouterr().out == "valid: 2 rows in 1 table\n"
    assert main(["--root", str(package), "validate"]) == 0
    assert main(["validate", str(package / "datapackage.json")]) == 0


def test_text_shows_the_first_of_each_kind(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(broken)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        'mills.csv:2:2: sacks "x" is not a whole number of at most 64 bits, such as 1234 [type-error]',
        "    … and 149 more of this kind in this file",
        'mills.csv:152:1: mill "m0" stands twice; the first is in mills.csv, line 2 [unique-error]',
        "    Give the row a value of its own.",
        "Of each kind the first is shown; bastions validate --format jsonl tells all.",
        "invalid: 151 errors, 0 warnings (150 type-error, 1 unique-error); 151 rows in 1 table",
    ]


def test_json_lines_tell_all(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(broken), "--format", "jsonl"]) == 1
    *problems, verdict = map(json.loads, capsys.readouterr().out.splitlines())
    assert [p["line"] for p in problems] == list(range(2, 153))
    assert verdict["valid"] is False
    assert verdict["counts"] == {"errors": 151, "warnings": 0}
    assert verdict["rows"] == {"mills": 151}


def test_json_and_github(broken: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["validate", str(broken), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert len(found["problems"]) == found["counts"]["errors"] == 151
    monkeypatch.chdir(broken.parent)
    assert main(["validate", str(broken), "--format", "github"]) == 1
    lines = capsys.readouterr().out.splitlines()
    # GitHub looks for the file from where the command was run.
    assert lines[0].startswith("::error file=package/mills.csv,line=2,title=type-error::")
    assert lines[9].startswith("::error file=package/mills.csv,line=152,title=unique-error::")
    assert lines[10].startswith("141 more errors without an annotation")
    assert len(lines) == 12


def test_build_and_what_stops_it(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", str(package)]) == 0
    out = package / "build"
    assert capsys.readouterr().out == f"{out}: release of 2 rows in 1 table\n"
    assert {p.name for p in out.iterdir()} >= {"parquet", "datapackage.json", "mills.duckdb", "SHA256SUMS"}
    assert main(["build", str(package), "--no-database"]) == 0
    assert not (out / "mills.duckdb").exists()
    (package / "mills.csv").write_text("mill,sacks\nold,x\n")
    capsys.readouterr()
    assert main(["build", str(package)]) == 1
    told = capsys.readouterr()
    assert "[type-error]" in told.out
    assert "nothing was published" in told.err
    assert (out / "parquet/mills.parquet").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["validate", "nowhere"],
        ["validate", "{package}", "--reference"],
        ["validate", "{package}", "--max-cell", "0"],
        ["validate", "{package}", "--max-cell", "many"],
        ["validate", "{tiny}", "--max-cell", "5"],
        ["build", "{tiny}", "--no-database"],
    ],
)
def test_misuse(arguments: list[str], package: Path, tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = [text.format(package=package, tiny=tiny) for text in arguments]
    try:
        assert main(given) == 2
    except SystemExit as left:
        assert left.code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_every_limit_has_an_option(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert {name for name, _, _ in LIMITS.values()} == set(Limits.__slots__)
    assert main(["validate", str(package), "--max-columns", "1"]) == 1
    assert "--max-columns" in capsys.readouterr().out


def test_from_python(package: Path, tiny: Path) -> None:
    assert not bastions.validate(package).problems
    assert bastions.validate(tiny).rows.keys() > {"actors"}
    assert bastions.build(package, package / "out").rows == {"mills": 2}
    with pytest.raises(ValueError, match="second opinion"):
        bastions.validate(package, reference=True)


def test_progress_on_a_terminal_only(package: Path) -> None:
    """Shown once it takes longer than two seconds; here from the beginning."""
    script = (
        "import sys, bastions.cli, tqdm\n"
        "true = tqdm.tqdm\n"
        "tqdm.tqdm = lambda **named: true(**{**named, 'delay': 0, 'leave': True, 'mininterval': 0})\n"
        f"sys.exit(bastions.cli.main(['validate', {str(package)!r}]))"
    )
    master, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    done = subprocess.run([sys.executable, "-c", script], stderr=terminal, stdout=subprocess.PIPE, check=True)
    os.close(terminal)
    told = os.read(master, 10_000).decode()
    os.close(master)
    assert "mills" in told and "rows/s" in told
    assert done.stdout == b"valid: 2 rows in 1 table\n"
    piped = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert piped.stderr == b""


def piped(command: str) -> subprocess.CompletedProcess[str]:
    """Runs a command of a pipe in bash, and exits with its code."""
    whole = f"{sys.executable} -m bastions.cli {command}"
    return subprocess.run(["bash", "-c", whole], capture_output=True, text=True, check=False)


def test_a_reader_that_leaves_early_does_not_make_it_valid(broken: Path) -> None:
    """`validate … | head` exited with 0, which says that all is well."""
    rows = "".join(f"m{n},x\n" for n in range(5_000))
    (broken / "mills.csv").write_text(f"mill,sacks\n{rows}")
    done = piped(f"validate {broken} --format jsonl | head -c 1; exit ${{PIPESTATUS[0]}}")
    assert (done.returncode, done.stderr) == (1, "")


def test_closed_streams_are_no_traceback(package: Path, broken: Path) -> None:
    """Started without a standard output, the command ended in an AttributeError, after a build that had succeeded."""
    assert (piped(f"validate {broken} >&-").returncode, piped(f"validate {broken} >&- 2>&-").returncode) == (1, 1)
    (broken / "mills.csv").write_text("mill,sacks\nold,1\n")
    done = piped(f"build {package} >&-")
    assert (done.returncode, done.stderr) == (0, "")
    assert piped("validate nowhere 2>/dev/full").returncode == 2


def test_names_cannot_forge_a_line(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The name of a field was printed as it is: control characters, and a line that GitHub takes for a command."""
    field = {"name": "id\n::error file=x::mine", "type": "integer"}
    resource = {"name": "mills", "path": "mills.csv", "schema": {"fields": [field]}}
    (package / "datapackage.json").write_text(json.dumps({"name": "mills", "resources": [resource]}))
    (package / "mills.csv").write_text('"id\n::error file=x::mine"\nx\n')
    for form in ("text", "github"):
        assert main(["validate", str(package), "--format", form]) == 1
        told = capsys.readouterr().out
        assert not any(line.startswith("::error file=x") for line in told.splitlines())

"""The command line: exit codes 0, 1 and 2 only, results on standard output, and never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bastions.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = main([str(a) for a in arguments])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


VERBS = ("validate", "build", "query", "fmt", "cite", "verify", "new", "diff", "release")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([verb, "--help"])
    assert end.value.code == 0
    assert len(capsys.readouterr().out) > 100


def test_help_imports_nothing_slow() -> None:
    """`--help` answers at once because no engine is imported for it."""
    code = "import sys; from bastions.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    code += "print([m for m in ('duckdb', 'polars', 'pyarrow', 'pandera', 'yaml', 'frictionless') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_misuse_is_2() -> None:
    for arguments in ([], ["walidate"], ["validate", "--format", "xml"], ["query"]):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == 2


@pytest.mark.parametrize("option", [("--side", "234"), ("--form", "csv"), ("--form", "parquet")])
def test_what_shapes_a_conversion_needs_one(option: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """`--side` and `--form` without `--out` were ignored, and every source was curated."""
    code, out, err = run(capsys, "curate", *option)
    assert (code, out) == (2, "")
    assert "--side and --form go with --out" in err


def test_no_dataset_is_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verbs: list[list[str | Path]] = [["validate", tmp_path], ["build", tmp_path], ["--root", tmp_path, "fmt"]]
    for verb in verbs:
        code, _, err = run(capsys, *verb)
        assert code == 2
        assert "schemas/package.yaml" in err


def test_validate(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "validate", tiny)
    assert (code, out.split(":")[0]) == (0, "valid")
    path = tiny / "data/strikes/hand.csv"
    path.write_text(path.read_text().replace("2019-03-04,", "2019-13-04,", 1))
    code, out, _ = run(capsys, "validate", tiny)
    assert code == 1
    assert 'data/strikes/hand.csv:2:5: date_start "2019-13-04" is not a date [type-error]' in out
    code, out, _ = run(capsys, "validate", tiny, "--format", "json")
    told = json.loads(out)
    assert (code, told["valid"], told["counts"]["errors"]) == (1, False, 1)
    code, out, _ = run(capsys, "validate", tiny, "--format", "github")
    assert out.startswith("::error file=data/strikes/hand.csv,line=2,title=type-error::")


def test_a_warning_alone_is_valid(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tiny / "data/strikes/hand.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    code, out, _ = run(capsys, "validate", tiny)
    assert code == 0
    assert "warning: is not in canonical form: line ends [canonical-form]" in out


def test_fmt_check_names_the_command(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--root", tiny, "fmt")[0] == 0
    assert run(capsys, "--root", tiny, "fmt", "--check") == (0, "", "")
    path = tiny / "data/strikes/hand.csv"
    spoilt = path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(spoilt)
    code, out, err = run(capsys, "--root", tiny, "fmt", "--check")
    assert code == 1
    assert "\\r" in out
    assert "run: make fmt" in err
    assert path.read_bytes() == spoilt, "--check changes nothing"


def test_cite(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "cite", "--text", tiny / "text.txt", "about 30 bombs")
    header, row = out.splitlines()
    start, end, digest = row.split(",")
    assert (code, header) == (0, "start_char,end_char,span_sha256")
    assert int(end) - int(start) == len("about 30 bombs")
    assert len(digest) == 64
    assert "[about 30 bombs]" in err
    code, out, err = run(capsys, "cite", "--text", tiny / "text.txt", "about 31 bombs")
    assert (code, out) == (1, "")
    assert "about 30 bombs" in err, "the nearest words are shown"


def test_cite_an_occurrence(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    every = run(capsys, "cite", "--text", tiny / "text.txt", "Orvessa")[1].splitlines()[1:]
    assert len(every) > 2
    second = run(capsys, "cite", "--text", tiny / "text.txt", "Orvessa", "--occurrence", "2")[1].splitlines()[1:]
    assert second == every[1:2]


def test_verify(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--root", tiny, "verify", "--text", tiny / "text.txt")
    assert code == 0, out
    text = (tiny / "text.txt").read_text()
    copied = tiny / "copied.txt"
    copied.write_bytes(text.replace(" ", "  ").replace("\n\n", "\r\n \r\n\r\n").encode())
    assert run(capsys, "--root", tiny, "verify", "--text", copied)[0] == 0
    copied.write_text(text.replace("30 bombs", "31 bombs"))
    code, out, _ = run(capsys, "--root", tiny, "verify", "--text", copied)
    assert code == 1
    assert "changed" in out
    copied.write_text("Something else altogether.\n")
    assert run(capsys, "--root", tiny, "verify", "--text", copied)[0] == 2


def test_build_and_query(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--root", tiny, "query", "SELECT 1")
    assert code in (1, 2)
    assert "bastions build" in err
    assert run(capsys, "build", tiny)[0] == 0
    sql = "SELECT actor_id FROM actors ORDER BY 1 LIMIT 1"
    code, out, _ = run(capsys, "--root", tiny, "query", sql, "--format", "csv")
    assert (code, out.split()) == (0, ["actor_id", "dalby-courier"])
    code, _, err = run(capsys, "--root", tiny, "query", "SELECT nothing FROM nowhere")
    assert code == 1
    assert "nowhere" in err


def test_build_refuses_errors(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tiny / "data/strikes/hand.csv"
    path.write_text(path.read_text().replace("2019-03-04,", "2019-13-04,", 1))
    code, out, err = run(capsys, "build", tiny)
    assert code == 1
    assert "is not a date" in out
    assert "nothing was published" in err
    assert not (tiny / "build/bastions.duckdb").exists()


def test_a_closed_pipe_is_no_error(tiny: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m bastions.cli validate {tiny} | head -c 1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


def test_verify_does_not_prove_what_it_could_not_read(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With an unreadable claims file `verify` said that all spans were proved: those of the other tables."""
    (tiny / "data/claims/hand.csv").write_text("junk\n")
    code, out, err = run(capsys, "--root", tiny, "verify", "--text", tiny / "text.txt")
    assert code == 2
    assert "data/claims/hand.csv:1" in out
    assert "nothing was verified" in err


def test_output_that_cannot_show_a_letter(tiny: Path) -> None:
    path = tiny / "data/actors/hand.csv"
    path.write_text(path.read_text().replace(",medium,", ",médium,", 1))
    command = [sys.executable, "-m", "bastions.cli", "validate", str(tiny)]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (1, "")
    assert "m\\xe9dium" in done.stdout

"""The harness that curates: digests, corrections, floors and ceilings, all or nothing, and what it says of bad input.

The importer here is a small one of the tests' own, over a raw file of names; each real importer has a test file.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from bastions import cli
from bastions.curate import harness, raw
from bastions.curate.job import Job, Made
from bastions.problems import Problem

RAW = b"place,spelling\ncalder,Kaldr\ncalder,Caldera\nnorhaven,Nordhavn\n"
COLUMNS = ("place", "spelling")


def _importer(job: Job) -> Made:
    """Each row of the raw file becomes a name of a place and the claim that carries it."""
    rows, problems = raw.read_csv(job.raw["names.csv"], "names.csv", COLUMNS)
    rows, unfit = job.corrections.apply(rows)
    made = Made(problems=[*problems, *unfit], counts={"flagged": sum(bool(row.flags) for row in rows)})
    made.tables = {"names": [], "claims": []}
    for row in rows:
        key = f"{job.source_id}-l{row.line}"
        made.tables["names"].append(
            {
                "name_id": key,
                "subject_table": "locations",
                "subject_id": row["place"],
                "name": row["spelling"],
                "script": "Latn",
                "name_type": "spelling",
            }
        )
        made.tables["claims"].append(
            {
                "claim_id": key,
                "source_id": job.source_id,
                "locator": f"line={row.line}",
                "subject_table": "names",
                "subject_id": key,
                "field": "exists",
                "covers": "name",
                "polarity": "affirmed",
                "event_status": "realized",
                "factuality": "CT+",
                "claim_type": "dataset",
                "value_origin": "reported",
                "statement": "The register spells the place so.",
            }
        )
    return made


@pytest.fixture
def importer() -> Iterator[Callable[[Callable[[Job], Made]], None]]:
    """Puts a function in the place of the tests' importer."""
    name = "bastions.curate.names_of_marn"
    module = ModuleType(name)
    module.__spec__ = ModuleSpec(name, None)
    module.curate = _importer  # type: ignore[attr-defined]
    sys.modules[name] = module
    yield lambda run: setattr(module, "curate", run)
    del sys.modules[name]


@pytest.fixture
def folder(tiny: Path, tmp_path_factory: pytest.TempPathFactory, importer: object) -> Path:
    """The folder of raw files; the tiny dataset gains a source that a script curates."""
    inputs = tmp_path_factory.mktemp("inputs")
    put(tiny, inputs, RAW)
    return inputs


def put(tiny: Path, inputs: Path, data: bytes, **more: Any) -> None:
    """Writes a raw file, and the source.yaml that fits it but for `more`."""
    (inputs / "marn").mkdir(exist_ok=True)
    (inputs / "marn" / "names.csv").write_bytes(data)
    file = {"name": "names.csv", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    plan = {
        "source_id": "marn-register",
        "importer": "names_of_marn",
        "raw": {"folder": "marn", "files": [file]},
        "rows": {"names": [1, 9], "claims": [1, 9]},
        "obtained": "Made for the tests.",
        **more,
    }
    (tiny / "seeds" / "marn-register" / "source.yaml").write_text(yaml.safe_dump(plan), "utf-8")


def correct(tiny: Path, *entries: dict[str, Any]) -> None:
    common = {"reason": "A slip of the register.", "decided_by": "curator-1"}
    text = yaml.safe_dump([{**common, **entry} for entry in entries])
    (tiny / "seeds" / "marn-register" / "corrections.yaml").write_text(text, "utf-8")


def everything(tiny: Path) -> dict[str, bytes]:
    """All files of the dataset, to see whether anything was written."""
    return {p.relative_to(tiny).as_posix(): p.read_bytes() for p in sorted(tiny.rglob("*")) if p.is_file()}


def refused(tiny: Path, folder: Path) -> list[Problem]:
    """The errors of a run, which has to leave every file as it was."""
    before = everything(tiny)
    outcome = harness.curate(tiny, folder)
    assert outcome.errors
    assert everything(tiny) == before
    return outcome.problems


def test_rows_are_made_once(tiny: Path, folder: Path) -> None:
    outcome = harness.curate(tiny, folder)
    assert outcome.problems == []
    assert outcome.counts == {"marn-register": {"names": 3, "claims": 3, "flagged": 0}}
    part = tiny / "data" / "names" / "marn-register.csv"
    assert part.read_text("utf-8").splitlines()[1] == ("marn-register-l2,locations,calder,Kaldr,,Latn,spelling")
    again = harness.curate(tiny, folder)
    assert again.changes == []


def test_check_compares_and_writes_nothing(tiny: Path, folder: Path) -> None:
    before = everything(tiny)
    assert len(harness.curate(tiny, folder, check=True).changes) == 3
    assert everything(tiny) == before
    harness.curate(tiny, folder)
    part = tiny / "data" / "names" / "marn-register.csv"
    part.write_text(part.read_text("utf-8").replace("Kaldr", "Kalder"), "utf-8")
    (change,) = harness.curate(tiny, folder, check=True).changes
    assert "+marn-register-l2,locations,calder,Kaldr" in change.diff(tiny)


def test_what_is_no_longer_made_is_removed(
    tiny: Path, folder: Path, importer: Callable[[Callable[[Job], Made]], None]
) -> None:
    harness.curate(tiny, folder)
    importer(lambda job: Made())
    put(tiny, folder, RAW, rows={"names": [0, 0]})
    outcome = harness.curate(tiny, folder)
    assert outcome.errors == 0
    assert sorted(change.path.parent.name for change in outcome.changes if change.new is None) == ["claims", "names"]
    assert not (tiny / "data" / "names" / "marn-register.csv").exists()


def test_another_digest(tiny: Path, folder: Path) -> None:
    (folder / "marn" / "names.csv").write_bytes(RAW.replace(b"Kaldr", b"Kaldx"))
    (found,) = refused(tiny, folder)
    assert found.rule == "raw-changed"
    assert "is another file" in found.message


def test_no_raw_file(tiny: Path, folder: Path) -> None:
    (folder / "marn" / "names.csv").unlink()
    (found,) = refused(tiny, folder)
    assert (found.rule, found.message) == ("raw-missing", "is not there")


@pytest.mark.parametrize(
    ("data", "rule", "message"),
    [
        (b"place\ncalder\n", "missing-label", 'has no column "spelling"'),
        (b"place,spelling,x\na,b,c\n", "extra-label", "is a column that was not expected"),
        (b"place,name\na,b\n", "missing-label", 'has no column "spelling"'),
        (b"spelling,place\na,b\n", "incorrect-label", "another order"),
        (b"place,spelling,place\na,b,c\n", "duplicate-label", "stands twice"),
        (b"place,spelling\rcalder,Kaldr\r", "line-ends", "CR alone"),
        (b"place;spelling;x\n1,5;2,5;b\n", "incorrect-label", "parted by semicolons, commas were expected"),
        (b"place,spelling\ncalder\n", "missing-cell", "has 1 cells, 2 were expected"),
        (b"place,spelling\ncalder,a,b\n", "extra-cell", "has 3 cells, 2 were expected"),
        (b"place,spelling\n\ncalder,a\n", "blank-row", "empty line"),
        (b'place,spelling\ncalder,"a\n', "source-error", "cannot be read as CSV"),
        (b"place,spelling\ncalder,\xff\n", "encoding-error", "is not UTF-8"),
        (b"\xef\xbb\xbfplace,spelling\ncalder,a\n", "encoding-error", "byte-order mark"),
        (b"place,spelling\ncalder,a\x00b\n", "forbidden-character", "control character U+0000"),
        (b"", "source-error", "is empty"),
    ],
)
def test_a_raw_file_of_another_form(tiny: Path, folder: Path, data: bytes, rule: str, message: str) -> None:
    put(tiny, folder, data)
    found = refused(tiny, folder)
    assert found[0].rule == rule
    assert message in found[0].message


def test_rows_know_their_line() -> None:
    rows, problems = raw.read_csv(b'a,b\r\n1,"x\ny"\r\n2,z\r\n', "f", ("a", "b"))
    assert problems == []
    assert [(row.line, row["b"]) for row in rows] == [(2, "x\ny"), (4, "z")]


def test_corrections(tiny: Path, folder: Path) -> None:
    correct(
        tiny,
        {"action": "drop", "where": {"line": 2}, "expect": {"spelling": "Kaldr"}},
        {
            "action": "override",
            "where": {"spelling": "Caldera"},
            "expect": {"spelling": "Caldera"},
            "column": "spelling",
            "value": "Kalder",
        },
        {"action": "flag", "where": {"place": "norhaven"}, "expect": {"spelling": "Nordhavn"}},
    )
    outcome = harness.curate(tiny, folder)
    assert outcome.problems == []
    assert outcome.counts["marn-register"] == {"names": 2, "claims": 2, "flagged": 1}
    text = (tiny / "data" / "names" / "marn-register.csv").read_text("utf-8")
    assert "Kalder" in text
    assert "Kaldr" not in text


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"where": {"line": 2}, "expect": {"spelling": "Kaldre"}}, 'expects spelling to be "Kaldre", but line 2 holds'),
        ({"where": {"line": 9}, "expect": {"spelling": "Kaldr"}}, "meets no row"),
        ({"where": {"place": "calder"}, "expect": {"spelling": "Kaldr"}}, "meets 2 rows"),
        ({"where": {"line": 2}, "expect": {"speling": "Kaldr"}}, "there is no such column"),
    ],
)
def test_a_correction_that_no_longer_fits(tiny: Path, folder: Path, entry: dict[str, Any], message: str) -> None:
    correct(tiny, {"action": "drop", **entry})
    (found,) = refused(tiny, folder)
    assert found.rule == "correction-unfit"
    assert found.file == "seeds/marn-register/corrections.yaml"
    assert message in found.message


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"action": "mend", "where": {"line": 2}, "expect": {"place": "a"}}, "other than drop, override, flag"),
        ({"action": "override", "where": {"line": 2}, "expect": {"place": "a"}}, "column and value"),
        (
            {"action": "override", "where": {"line": 2}, "expect": {"place": "a"}, "column": "spelling", "value": "b"},
            "has to expect the text that it overrides",
        ),
        ({"action": "drop", "where": {}, "expect": {"place": "a"}}, "has to give where"),
        ({"action": "drop", "where": {"line": 2}}, "lacks action, where, expect"),
        ({"action": "drop", "where": {"line": 2}, "expect": {"place": "a"}, "why": "b"}, "may hold only"),
    ],
)
def test_a_correction_that_says_too_little(tiny: Path, folder: Path, entry: dict[str, Any], message: str) -> None:
    correct(tiny, entry)
    (found,) = refused(tiny, folder)
    assert found.rule == "source-yaml"
    assert message in found.message


@pytest.mark.parametrize("bounds", [[4, 9], [0, 2]])
def test_numbers_outside_floor_and_ceiling(tiny: Path, folder: Path, bounds: list[int]) -> None:
    put(tiny, folder, RAW, rows={"names": bounds, "claims": [1, 9]})
    (found,) = refused(tiny, folder)
    assert found.rule == "row-count"
    assert f"names: 3 rows were made, between {bounds[0]} and {bounds[1]} are expected" in found.message


def test_a_table_that_nobody_expects(tiny: Path, folder: Path) -> None:
    put(tiny, folder, RAW, rows={"names": [1, 9], "links": [1, 9]})
    messages = [found.message for found in refused(tiny, folder)]
    assert messages == [
        "claims: 3 rows were made, source.yaml expects none",
        "links: no rows were made, at least 1 are expected",
    ]


def test_what_the_validator_refuses_is_not_written(tiny: Path, folder: Path) -> None:
    put(tiny, folder, RAW.replace(b"norhaven,", b"nowhere,"))
    found = refused(tiny, folder)
    assert [p.rule for p in found if p.severity == "error"] == ["foreign-key"]
    assert found[0].file == "data/names/marn-register.csv"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"importer": "no_such"}, 'there is no importer "no_such"'),
        ({"importer": "../raw"}, "there is no importer"),
        ({"extra": 1}, "unknown keys: extra"),
        ({"source_id": "other"}, "not the name of its folder"),
        ({"rows": {}}, "floor and ceiling"),
        ({"rows": {"names": [3, 1]}}, "floor and ceiling"),
        ({"raw": {"files": []}}, "raw has to hold folder and files"),
        ({"raw": {"folder": "marn", "files": [{"name": "x"}]}}, "name, bytes (a number) and sha256"),
        ({"needs": ["nobody"]}, 'needs "nobody", which no script curates'),
        ({"needs": ["marn-register"]}, "in a circle"),
        ({"settings": []}, "settings has to be a mapping"),
        (
            {"raw": {"folder": "marn", "files": [{"name": "x", "bytes": "many", "sha256": "0" * 64}]}},
            "bytes (a number)",
        ),
        ({"importer": "raw"}, "has no attribute 'curate'"),
    ],
)
def test_a_source_yaml_that_cannot_be_followed(tiny: Path, folder: Path, more: dict[str, Any], message: str) -> None:
    put(tiny, folder, RAW, **more)
    (found,) = refused(tiny, folder)
    assert found.rule in ("source-yaml", "importer-error")
    assert message in found.message


def test_yaml_that_cannot_be_read(tiny: Path, folder: Path) -> None:
    (tiny / "seeds" / "marn-register" / "source.yaml").write_text("importer: [", "utf-8")
    (found,) = refused(tiny, folder)
    assert found.rule == "source-yaml"


PLACE = "marn-register-calder,marn-register,Kaldr,,calder,,curator,,{},read off the register's map"
PLACES = "place_id,source_id,name,context,location_id,candidates,place_method,score,decided_by,note\n"


def decide(tiny: Path, text: str) -> None:
    (tiny / "seeds" / "marn-register" / "places.csv").write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (PLACES.replace("place_id", "place", 1) + PLACE.format("curator-1") + "\n", "incorrect-label"),
        (PLACES + PLACE.format("curator1") + "\n", "constraint-error"),
        (PLACES + PLACE.format("curator-1") + ", and seen\n", "extra-cell"),
        (PLACES.replace(",", ";") + PLACE.format("curator-1").replace(",", ";") + "\n", "incorrect-label"),
    ],
)
def test_decisions_that_cannot_be_read_stop_the_run(tiny: Path, folder: Path, text: str, rule: str) -> None:
    """A broken places.csv was read as empty: the run ended well, and the decisions of persons were overwritten."""
    decide(tiny, text)
    assert rule in {p.rule for p in refused(tiny, folder)}


def test_a_persons_decision_is_never_dropped(
    tiny: Path, folder: Path, importer: Callable[[Callable[[Job], Made]], None]
) -> None:
    """An importer that no longer asks for a name would have deleted what a person had decided of it."""
    decide(tiny, PLACES + PLACE.format("curator-1") + "\n")

    def forgetful(job: Job) -> Made:
        made = _importer(job)
        made.decisions = {"places": []}
        return made

    importer(forgetful)
    (found,) = refused(tiny, folder)
    assert (found.rule, found.value) == ("decision-lost", "marn-register-calder")


def test_an_importer_that_stumbles_is_a_finding(
    tiny: Path, folder: Path, importer: Callable[[Callable[[Job], Made]], None]
) -> None:
    def stumbling(job: Job) -> Made:
        return Made(counts={"n": job.settings["nothing"]})

    importer(stumbling)
    (found,) = refused(tiny, folder)
    assert found.rule == "importer-error"
    assert "KeyError: 'nothing'" in found.message


def test_a_row_with_an_unknown_column_is_a_finding(
    tiny: Path, folder: Path, importer: Callable[[Callable[[Job], Made]], None]
) -> None:
    importer(lambda job: Made(tables={"names": [{"nam": "x"}]}))
    (found,) = refused(tiny, folder)
    assert "names has no column nam" in found.message


def test_a_correction_by_nobody(tiny: Path, folder: Path) -> None:
    correct(tiny, {"action": "flag", "where": {"line": 2}, "expect": {"spelling": "Kaldr"}, "decided_by": "me"})
    (found,) = refused(tiny, folder)
    assert found.value == "me"


def test_a_file_that_cannot_be_put_in_place(tiny: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one folder closed, the files before it were written and those behind it not; now all are taken back."""
    place = Path.replace

    def closed(path: Path, target: Path) -> Path:
        if target.parent.name == "claims" and target.parent.parent.parent == tiny:
            raise PermissionError(1, "Operation not permitted", str(target))
        return place(path, target)

    monkeypatch.setattr(Path, "replace", closed)
    before = everything(tiny)
    with pytest.raises(PermissionError):
        harness.curate(tiny, folder)
    assert everything(tiny) == before


def test_check_judges_too(tiny: Path, folder: Path) -> None:
    """`--check` showed a diff and advised a run that the validator would have refused."""
    put(tiny, folder, RAW.replace(b"norhaven,", b"nowhere,"))
    outcome = harness.curate(tiny, folder, check=True)
    assert "foreign-key" in {p.rule for p in outcome.problems}


def test_the_command(
    tiny: Path, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    base = ["--root", str(tiny), "curate"]
    monkeypatch.delenv("BASTIONS_INPUTS", raising=False)
    assert cli.main(base) == 2
    assert "give --from FOLDER or set BASTIONS_INPUTS" in capsys.readouterr().err
    assert cli.main([*base, "--from", str(folder / "none")]) == 2
    assert cli.main([*base, "--from", str(folder), "no-such"]) == 2
    assert 'no script curates "no-such"; those curated are marn-register' in capsys.readouterr().err
    assert cli.main([*base, "--from", str(folder), "--check"]) == 1
    assert "3 files are not what the raw files give" in capsys.readouterr().err
    monkeypatch.setenv("BASTIONS_INPUTS", str(folder))
    assert cli.main([*base, "marn-register"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "marn-register: 3 names, 3 claims, 0 flagged",
        "wrote data/names/marn-register.csv",
        "wrote data/claims/marn-register.csv",
        "changed datapackage.json",
    ]
    assert cli.main([*base, "--check"]) == 0
    (folder / "marn" / "names.csv").unlink()
    assert cli.main(base) == 1
    said = capsys.readouterr()
    assert "is not there [raw-missing]" in said.out
    assert "nothing was written" in said.err

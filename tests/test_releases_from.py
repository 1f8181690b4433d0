"""A change is held against the `releases/` of the commit that it is for: those that it brings excuse nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from conftest import patch, schema_in

from bastions import dataset, diff
from bastions.cli import main
from bastions.problems import Problem
from bastions.releasing import base, known, lock
from bastions.validation import released, validate
from bastions.validation.rules import SHRINKS

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed: apt-get install git")

NOBODY = {"actor_id": "zz-nobody", "name": "Nobody at all", "actor_type": "organisation", "bloc": "uninvolved"}
KNOWN = {
    "identifier_id": "zz-nobody-ucdp", "subject_table": "actors", "subject_id": "zz-nobody", "scheme": "ucdp-actor",
    "identifier": "990999", "match": "exact",
}  # fmt: skip
"""An actor to which nothing but its identifier refers."""


def git(root: Path, *words: str) -> str:
    who = {f"GIT_{kind}_{what}": "t@example.org" for kind in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        ["git", *words], cwd=root, env={**os.environ, **who, **nobody}, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def commit(root: Path) -> None:
    if not (root / ".git").exists():
        git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "a change")


def locked(root: Path, version: str = "0.1.0", more: Mapping[str, int] | None = None) -> lock.Lock:
    """The lock of a dataset as it stands, with `more` rows of some tables than it has."""
    schema = schema_in(root)
    data, contract = dataset.read(schema), lock.contract(schema)
    rows = {name: data.rows[name].text.height if name in data.rows else 0 for name in contract["tables"]}
    return lock.Lock(version, True, {name: n + (more or {}).get(name, 0) for name, n in rows.items()}, contract)


def write(root: Path, this: lock.Lock, before: known.Known | None = None) -> None:
    """Writes `releases/` as a release of the dataset as it stands does, after what is known `before`."""
    ids = known.merged(
        before.ids if before else known.no_ids(), known.alive(dataset.read(schema_in(root))), this.version
    )
    row = known.Released(this.version, "2026-12-01", f"bastions-{this.version}.tar.gz", "0" * 64, 7)
    index = {**(before.index if before else {}), this.version: row}
    known.write(root, this, before.lock if before else None, ids, index)


def write_floor(root: Path, more: Mapping[str, int] | None = None) -> None:
    """Writes `releases/` as `release --lock-only` does, for a dataset with `more` rows."""
    known.write(root, replace(locked(root, more=more), released=False), None, known.no_ids(), {})


@pytest.fixture
def released_once(tiny: Path) -> Path:
    """The tiny dataset and an actor more, released as 0.1.0 and committed; it may have a row less than it has."""
    patch(tiny, {"rows": {"actors": [NOBODY], "identifiers": [KNOWN]}})
    write(tiny, locked(tiny, more={"actors": -1, "identifiers": -1}))
    commit(tiny)
    return tiny


def remove(root: Path) -> None:
    patch(root, {"remove": {"actors": ["zz-nobody"], "identifiers": ["zz-nobody-ucdp"]}})


def found(root: Path, ref: str = "HEAD") -> list[Problem]:
    findings = released.check(dataset.read(schema_in(root)), base.at(ref, root))
    return [*findings.problems, *findings.shrunk({})]


def told(faults: list[Problem]) -> set[tuple[str, str, str]]:
    return {(p.rule, p.severity, p.record_id or p.file) for p in faults}


GONE = {("id-removed", "error", "zz-nobody"), ("id-removed", "error", "zz-nobody-ucdp")}


def test_what_a_commit_knows_judges_as_what_stands_here_does(released_once: Path) -> None:
    assert found(released_once) == []
    remove(released_once)
    assert told(found(released_once)) == GONE
    assert found(released_once) == released.check(dataset.read(schema_in(released_once))).problems


def test_a_row_that_is_removed_with_its_trace_in_releases_is_found(released_once: Path) -> None:
    """A change that wrote `releases/` anew after it had removed a row was called valid."""
    remove(released_once)
    write(released_once, locked(released_once))
    assert released.check(dataset.read(schema_in(released_once))).problems == []
    faults = found(released_once)
    assert told(faults) == {*GONE, ("release-error", "error", "releases/lock.json")}
    (wrong,) = [p for p in faults if p.rule == "release-error"]
    assert wrong.message.startswith("differs from that of the base, and no release was made; so this is judged by")
    assert "git checkout --no-overlay origin/main -- releases" in wrong.hint


def test_releases_that_are_removed_are_found(released_once: Path) -> None:
    """Where there was no CHANGELOG.md, or it went along, a change could remove what it was judged by."""
    remove(released_once)
    shutil.rmtree(released_once / "releases")
    assert released.check(dataset.read(schema_in(released_once))).problems == []
    faults = found(released_once)
    assert told(faults) == {*GONE, ("release-error", "error", "releases/lock.json")}
    (missing,) = [p for p in faults if p.rule == "release-error"]
    assert missing.message.startswith("is missing, and HEAD (")
    assert "--lock-only" not in missing.hint


def test_damage_to_releases_hides_nothing_that_a_commit_knows(released_once: Path) -> None:
    remove(released_once)
    (released_once / "releases" / "lock.json").write_text("{}", "utf-8")
    assert told(found(released_once)) == {*GONE, ("release-error", "error", "releases/lock.json")}


def test_a_floor_of_a_release_is_not_lowered(tiny: Path) -> None:
    write(tiny, locked(tiny, more={"claims": 5}))
    commit(tiny)
    write(tiny, locked(tiny))
    assert told(found(tiny)) == {
        (SHRINKS, "error", "claims"),
        ("release-error", "error", "releases/lock.json"),
    }


def test_before_the_first_release_a_lock_that_asks_for_less_is_a_warning(tiny: Path) -> None:
    """`bastions release --lock-only` is how such a change says that it means it."""
    write_floor(tiny, {"claims": 5})
    commit(tiny)
    assert told(found(tiny)) == {(SHRINKS, "error", "claims")}
    write_floor(tiny)
    (milder,) = found(tiny)
    assert (milder.rule, milder.severity, milder.record_id) == (SHRINKS, "warning", "claims")
    assert milder.message.endswith("; by the releases/lock.json of this change it may be so")
    assert milder.hint.startswith("Who merges this agrees to it.")


def test_a_lock_written_anew_excuses_nothing_that_it_asks_for_itself(tiny: Path) -> None:
    write_floor(tiny, {"claims": 5})
    commit(tiny)
    write_floor(tiny, {"claims": 4})
    assert told(found(tiny)) == {(SHRINKS, "error", "claims")}


def test_before_the_first_release_the_contract_may_be_written_anew(tiny: Path) -> None:
    first = locked(tiny)
    contract = {**first.contract, "codes": {**first.contract["codes"], "colour": {"red": "0"}}}
    known.write(tiny, replace(first, released=False, contract=contract), None, known.no_ids(), {})
    commit(tiny)
    (lost,) = found(tiny)
    assert (lost.rule, lost.severity) == ("schema-lock", "error")
    write_floor(tiny)
    (milder,) = found(tiny)
    assert (milder.rule, milder.severity) == ("schema-lock", "warning")


def test_a_release_is_what_may_change_releases(released_once: Path) -> None:
    before = known.read(released_once)
    write(released_once, locked(released_once, "0.1.1"), before)
    assert found(released_once) == [p for p in found(released_once) if p.rule != "release-error"]
    assert not [p for p in found(released_once) if p.severity == "error" and p.field != "version"]


def test_a_release_excuses_rows_and_no_ids(tiny: Path) -> None:
    patch(tiny, {"rows": {"actors": [NOBODY], "identifiers": [KNOWN]}})
    write(tiny, locked(tiny, more={"claims": 5}))
    commit(tiny)
    before = known.read(tiny)
    remove(tiny)
    path = tiny / "schemas/package.yaml"
    path.write_text(path.read_text("utf-8").replace("version: 0.1.0", "version: 0.2.0"), "utf-8")
    write(tiny, locked(tiny, "0.2.0"), before)
    faults = told(found(tiny))
    assert (SHRINKS, "warning", "claims") in faults
    assert faults >= GONE
    assert "release-error" not in {rule for rule, _, _ in faults}


def _ids(frame: Callable[[pl.DataFrame], pl.DataFrame]) -> Callable[[known.Known], known.Known]:
    return lambda k: replace(k, ids=frame(k.ids))


@pytest.mark.parametrize(
    ("change", "file", "words"),
    [
        (lambda k: replace(k, index={"0.2.0": k.index["0.2.0"]}), known.INDEX, "has no longer its line of 0.1.0"),
        (
            lambda k: replace(k, index={**k.index, "0.1.0": replace(k.index["0.1.0"], sha256="1" * 64)}),
            known.INDEX,
            "has another line for 0.1.0",
        ),
        (
            lambda k: replace(k, index={**k.index, "0.0.9": replace(k.index["0.1.0"], version="0.0.9")}),
            known.INDEX,
            "has 0.0.9 as a new release, and 0.1.0 was made already",
        ),
        (lambda k: replace(k, before=None), known.BEFORE, "is not the lock of 0.1.0"),
        (_ids(lambda ids: ids.filter(pl.col("id") != "zz-nobody")), known.IDS, "has lost 1 id"),
        (
            _ids(lambda ids: ids.with_columns(first_version=pl.lit("0.2.0"))),
            known.IDS,
            "has lost",
        ),
        (
            _ids(lambda ids: ids.with_columns(removed_in=pl.lit(None, pl.String))),
            known.IDS,
            "has another removed_in for 2 ids",
        ),
    ],
)
def test_what_no_release_does_is_named(
    released_once: Path, change: Callable[[known.Known], known.Known], file: str, words: str
) -> None:
    first = known.read(released_once)
    remove(released_once)
    gone = pl.when(pl.col("id").str.starts_with("zz-")).then(pl.lit("0.1.0")).alias("removed_in")
    first = replace(first, ids=first.ids.with_columns(gone))
    last = replace(first.index["0.1.0"], version="0.2.0")
    ids = known.merged(first.ids, known.alive(dataset.read(schema_in(released_once))), "0.2.0")
    assert first.lock is not None
    second = known.Known(replace(first.lock, version="0.2.0"), first.lock, ids, {**first.index, "0.2.0": last})
    assert base.unlike(second, first) is None
    wrong = base.unlike(change(second), first)
    assert wrong is not None
    assert (wrong[0], wrong[1][: len(words)]) == (file, words)


def test_a_commit_without_releases_holds_nothing(tiny: Path) -> None:
    commit(tiny)
    assert base.at("HEAD", tiny).known.lock is None
    write(tiny, locked(tiny))
    assert found(tiny) == []
    shutil.rmtree(tiny / "releases")
    assert found(tiny) == []


@pytest.mark.parametrize("how", ["noise", "link"])
def test_releases_of_a_commit_that_cannot_be_read_are_told(released_once: Path, how: str) -> None:
    path = released_once / "releases" / "lock.json"
    whole = path.read_bytes()
    path.unlink()
    if how == "link":
        path.symlink_to("/etc/hostname")
    else:
        path.write_bytes(b"\xff")
    commit(released_once)
    path.unlink()
    path.write_bytes(whole)
    (fault,) = found(released_once)
    assert (fault.rule, fault.severity, fault.file) == ("release-error", "error", "releases/lock.json")
    assert "so this is judged by the releases/ that stands here" in fault.message


def test_no_filter_and_no_hook_runs_and_the_checkout_is_left_alone(released_once: Path) -> None:
    (released_once / ".gitattributes").write_text("releases/** filter=evil text eol=crlf\n", "utf-8")
    git(released_once, "config", "core.hooksPath", "hooks")
    (released_once / "hooks").mkdir()
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        (released_once / "hooks" / hook).write_text("#!/bin/sh\ntouch ran\n", "utf-8")
        (released_once / "hooks" / hook).chmod(0o755)
    git(released_once, "config", "filter.evil.smudge", "touch ran; cat")
    git(released_once, "config", "core.fsmonitor", "touch ran")
    before = {p: p.stat().st_mtime_ns for p in released_once.rglob("*")}
    assert found(released_once, "main") == []
    assert {p: p.stat().st_mtime_ns for p in released_once.rglob("*")} == before


def test_a_waiver_of_the_change_excuses_what_the_commit_asks_for(tiny: Path) -> None:
    write(tiny, locked(tiny, more={"claims": 5}))
    commit(tiny)
    waivers = tiny / "schemas/rules/waivers.csv"
    waivers.write_text(waivers.read_text("utf-8") + f"w-1,{SHRINKS},claims,,Two were told twice.,curator-1\n", "utf-8")
    report = validate(tiny, before=base.at("HEAD", tiny))
    assert (report.problems, report.waived) == ((), 1)


# The command


def test_the_command_judges_by_a_commit(released_once: Path, capsys: pytest.CaptureFixture[str]) -> None:
    remove(released_once)
    shutil.rmtree(released_once / "releases")
    assert main(["--root", str(released_once), "validate"]) == 0
    capsys.readouterr()
    assert main(["--root", str(released_once), "validate", "--releases-from", "main"]) == 1
    out = capsys.readouterr().out
    assert "id-removed" in out and "zz-nobody" in out


@pytest.mark.parametrize("ref", ["no-such-branch", "0" * 40, "--all", "", "a\nb", "HEAD:releases"])
def test_a_commit_that_is_not_there_is_misuse(
    released_once: Path, capsys: pytest.CaptureFixture[str], ref: str
) -> None:
    assert main(["--root", str(released_once), "validate", f"--releases-from={ref}", "--also", "json=r.json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("bastions: --releases-from ")
    assert "git knows" in err
    assert "archive" not in err, "no release can be named here"
    assert not Path("r.json").exists()


def test_outside_of_a_repository_it_says_so(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tiny.parent))
    assert main(["--root", str(tiny), "validate", "--releases-from", "main"]) == 2
    err = capsys.readouterr().err
    assert "not in a git repository, so that main cannot be looked up; run this in a clone" in err


def test_without_git_it_says_so(released_once: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(diff.CannotOpen, match="git is not installed"):
        base.at("main", released_once)


def test_of_a_package_nothing_is_known_of_releases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "datapackage.json").write_text('{"resources": []}', "utf-8")
    assert main(["validate", str(tmp_path), "--releases-from", "main"]) == 2
    assert "--releases-from is of a dataset with schemas/" in capsys.readouterr().err


def test_a_lock_that_asks_for_less_is_told_before_anything_is_taken(tiny: Path) -> None:
    """A change of the lock alone was valid; the next one could remove what nothing asked for any more."""
    write_floor(tiny)
    commit(tiny)
    assert found(tiny) == []
    this = locked(tiny)
    less = {**this.contract, "codes": dict(list(this.contract["codes"].items())[1:])}
    weak = replace(this, released=False, rows=dict.fromkeys(this.rows, 0), contract=less)
    known.write(tiny, weak, None, known.no_ids(), {})
    faults = found(tiny)
    assert {(p.rule, p.severity, p.file) for p in faults} == {("release-error", "warning", "releases/lock.json")}
    assert any("asks for 0 rows of actors, and in HEAD" in p.message for p in faults)
    assert any("promises less than in HEAD" in p.message and "code list" in p.message for p in faults)


def test_a_made_up_release_that_asks_for_nothing_is_told(released_once: Path) -> None:
    """A line of a release that nobody made, with counts of nought, was valid, and let everything go afterwards."""
    was = known.read(released_once)
    this = locked(released_once, "0.1.1")
    less = {**this.contract, "codes": dict(list(this.contract["codes"].items())[1:])}
    write(released_once, replace(this, rows=dict.fromkeys(this.rows, 0), contract=less), was)
    errors = {p.message for p in found(released_once) if p.rule == "release-error" and p.severity == "error"}
    assert any("promises less" in message for message in errors)
    warned = {p.message for p in found(released_once) if p.rule == "release-error" and p.severity == "warning"}
    assert any("asks for 0 rows of actors" in message for message in warned)


def test_a_release_that_forgets_ids_is_told(released_once: Path) -> None:
    was = known.read(released_once)
    patch(released_once, {"rows": {"actors": [{**NOBODY, "actor_id": "zz-new", "name": "Somebody"}]}})
    this = locked(released_once, "0.1.1")
    ids = was.ids
    row = known.Released("0.1.1", "2026-12-02", "bastions-0.1.1.tar.gz", "0" * 64, 7)
    known.write(released_once, this, was.lock, ids, {**was.index, "0.1.1": row})
    assert any("lacks 1 id of what stands here" in p.message and p.severity == "error" for p in found(released_once))


def test_an_odd_file_beside_what_is_read_does_not_let_the_base_go(released_once: Path) -> None:
    """Any link below `releases/` of the base made a change be judged by its own."""
    (released_once / "releases" / "note").symlink_to("lock.json")
    commit(released_once)
    assert base.at("HEAD", released_once).fault is None
    remove(released_once)
    assert told(found(released_once)) == GONE


def test_a_folder_that_is_a_link_is_not_read(released_once: Path) -> None:
    (released_once / "releases").rename(released_once / "elsewhere")
    (released_once / "releases").symlink_to("elsewhere")
    with pytest.raises(known.KnownError, match="is a link, and no folder"):
        known.read(released_once)
    commit(released_once)
    assert base.at("HEAD", released_once).fault is not None

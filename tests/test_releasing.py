"""Releases: the archive, what is written down of it, the changelog, and the proof of every byte."""

from __future__ import annotations

import errno
import functools
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import ROOT, patch

from bastions import diff, releasing
from bastions.cli import main
from bastions.publish import NotARelease, Refused, metadata
from bastions.query import QueryError, query
from bastions.releasing import CannotRelease, archive, changelog, known, lock, making, proving, sums
from bastions.releasing.making import Made
from bastions.tabular import run

LOG = "# Changelog\n\n## 0.2.0, not yet released\n\n## 0.1.1, 2027-01-31\n\n## 0.1.0, 2026-12-01\n"
NEW = {"actor_id": "zz-nobody", "name": "Nobody at all", "actor_type": "organisation", "bloc": "uninvolved"}
KNOWN = {
    "identifier_id": "zz-nobody-ucdp", "subject_table": "actors", "subject_id": "zz-nobody", "scheme": "ucdp-actor",
    "identifier": "990999", "match": "exact",
}  # fmt: skip
"""By which it may be there."""


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def raise_version(root: Path, old: str, new: str) -> None:
    for path in (root / "schemas/package.yaml", root / "datapackage.json"):
        text = path.read_text("utf-8")
        path.write_text(text.replace(f"version: {old}", f"version: {new}").replace(f'"{old}"', f'"{new}"'), "utf-8")


@dataclass(frozen=True)
class Two:
    """The tiny dataset after two releases; not to be changed."""

    root: Path
    first: Made
    second: Made
    known: dict[str, bytes]
    """`releases/` after the first."""


@pytest.fixture(scope="module")
def two(tiny_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Two:
    base = tmp_path_factory.mktemp("two")
    root = base / "dataset"
    shutil.copytree(tiny_once, root)
    (root / "CHANGELOG.md").write_text(LOG, "utf-8")
    with pytest.raises(Refused):
        releasing.release(root, base / "first")  # what the version promises is written down first, for a reviewer
    releasing.write_lock(root)
    first = releasing.release(root, base / "first")
    after = contents(root / "releases")
    patch(root, {"rows": {"actors": [NEW], "identifiers": [KNOWN]}})
    raise_version(root, "0.1.0", "0.1.1")
    second = releasing.release(root, base / "second", base / "first" / first.release.archive)
    return Two(root, first, second, after)


@pytest.fixture
def dataset(two: Two, tmp_path: Path) -> Path:
    """A private copy of the dataset after its two releases."""
    shutil.copytree(two.root, tmp_path / "dataset")
    return tmp_path / "dataset"


# --------------------------------------------------------------------------------------------------------------------
# Making


def test_release_is_an_archive_a_database_a_changelog_and_their_digests(two: Two) -> None:
    assert set(contents(two.first.folder)) == {
        "bastions-0.1.0.tar.gz", "bastions-0.1.0.duckdb", "CHANGELOG-0.1.0.md", "SHA256SUMS",
    }  # fmt: skip
    listed = (two.first.folder / "SHA256SUMS").read_text().splitlines()
    assert [line[66:] for line in listed] == ["CHANGELOG-0.1.0.md", "bastions-0.1.0.duckdb", "bastions-0.1.0.tar.gz"]
    assert not [p for p in two.first.folder.parent.iterdir() if p.name.startswith(".")], "nothing is left beside it"


def test_archive_holds_the_release_without_its_database_and_says_nothing_of_who_made_it(two: Two) -> None:
    path = two.first.folder / two.first.release.archive
    assert path.read_bytes()[:10] == archive.HEADER
    with tarfile.open(path) as tar:
        entries = tar.getmembers()
    assert [e.name for e in entries] == sorted(e.name for e in entries)
    assert {e.name.partition("/")[0] for e in entries} == {"bastions-0.1.0"}
    names = {e.name.partition("/")[2] for e in entries}
    assert {"BUILD.json", "SHA256SUMS", "datapackage.json", "views.sql", "csv/claims.csv"} <= names
    assert not [name for name in names if "duckdb" in name]
    assert {(e.mode, e.uid, e.gid, e.uname, e.gname, e.mtime, e.isreg()) for e in entries} == {
        (0o644, 0, 0, "", "", archive.DAY, True)
    }


def test_second_run_makes_the_same_bytes(two: Two, dataset: Path, tmp_path: Path) -> None:
    """All but the database and the list that has its digest; what is known of releases stays as it is too."""
    before = contents(dataset / "releases")
    again = releasing.release(dataset, tmp_path / "dist", two.first.folder / two.first.release.archive, "2030-01-01")
    assert again.again
    assert again.release == two.second.release, "the day of a release that was made is not another one"
    for name in ("bastions-0.1.1.tar.gz", "CHANGELOG-0.1.1.md"):
        assert (tmp_path / "dist" / name).read_bytes() == (two.second.folder / name).read_bytes()
    assert contents(dataset / "releases") == before


def test_release_of_what_is_not_committed_is_told_on_standard_error(
    dataset: Path, tmp_path: Path, two: Two, capsys: pytest.CaptureFixture[str]
) -> None:
    """A release was made of a tree that no tag has, without a word."""
    if not shutil.which("git"):
        pytest.skip("git is not installed: what is not committed cannot be known")
    run = ["--root", str(dataset), "release", "--out", str(tmp_path / "dist")]
    run += ["--previous", str(two.first.folder / two.first.release.archive)]
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    for words in (("init", "-q"), ("add", "-A"), (*who, "commit", "-qm", "begin")):
        subprocess.run(["git", "-C", str(dataset), *words], check=True)
    (dataset / "notes.txt").write_text("no part of a release")
    assert main(run) == 0
    assert capsys.readouterr().err == ""
    path = dataset / "schemas/package.yaml"
    path.write_text(path.read_text("utf-8") + "# A comment changes no byte of a release.\n", "utf-8")
    (dataset / "seeds/new.txt").write_text("new")
    assert main(run) == 0
    told = capsys.readouterr()
    assert "the same bytes as before" in told.out
    assert told.err.startswith(
        "note: this was made of files that are not committed: schemas/package.yaml, seeds/new.txt;"
    )


def test_what_is_known_of_releases(two: Two) -> None:
    rows = (two.root / "releases/index.csv").read_text().splitlines()
    assert rows[0] == "version,date,archive,sha256,rows"
    first, second = two.first.release, two.second.release
    assert rows[1:] == [
        f"0.1.0,2026-12-01,bastions-0.1.0.tar.gz,{metadata.digest(two.first.folder / first.archive)},{first.rows}",
        f"0.1.1,2027-01-31,bastions-0.1.1.tar.gz,{metadata.digest(two.second.folder / second.archive)},{second.rows}",
    ]
    here = known.read(two.root)
    assert here.lock is not None and here.before is not None
    assert (here.lock.version, here.lock.released, here.before.version) == ("0.1.1", True, "0.1.0")
    assert here.lock.rows["actors"] == here.before.rows["actors"] + 1
    assert lock.text(here.before).encode() == two.known["lock.json"]
    assert here.ids.filter(here.ids["first_version"] == "0.1.1").rows() == [
        ("actors", NEW["actor_id"], "0.1.1", None),
        ("identifiers", KNOWN["identifier_id"], "0.1.1", None),
    ]


def test_changelog_tells_what_changed(two: Two) -> None:
    first = (two.first.folder / "CHANGELOG-0.1.0.md").read_text("utf-8")
    assert first.startswith("# Bastions 0.1.0, 2026-12-01\n\nThe first release. ")
    second = (two.second.folder / "CHANGELOG-0.1.1.md").read_text("utf-8")
    assert second.startswith("# Bastions 0.1.1, 2027-01-31\n\nThe changes since 0.1.0. ")
    actors = known.read(two.root).lock
    assert actors is not None
    assert f"| actors | {actors.rows['actors'] - 1} | {actors.rows['actors']} |" in second
    assert NEW["actor_id"] in second
    assert NEW["name"] in second


def test_day_is_that_of_the_changelog_or_given(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text(LOG, "utf-8")
    assert changelog.day(tmp_path, "0.1.0") == "2026-12-01"
    with pytest.raises(CannotRelease, match=r"heads 0[.]2[.]0 with 'not yet released'"):
        changelog.day(tmp_path, "0.2.0")
    with pytest.raises(CannotRelease, match=r"has no heading for 0[.]1"):
        changelog.day(tmp_path, "0.1")


# --------------------------------------------------------------------------------------------------------------------
# Refusing


def unchanged(dataset: Path, out: Path, call: Callable[[], object], match: str) -> None:
    """A release is refused, and nothing is changed by trying."""
    before = contents(dataset)
    with pytest.raises((CannotRelease, Refused, NotARelease), match=match):
        call()
    assert contents(dataset) == before
    assert not out.exists() or contents(out)


def test_refuses_a_released_version_with_other_bytes(two: Two, dataset: Path, tmp_path: Path) -> None:
    patch(dataset, {"rows": {"actors": [{**NEW, "name": "Somebody"}]}})
    old = two.first.folder / two.first.release.archive
    out = tmp_path / "dist"
    unchanged(dataset, out, lambda: releasing.release(dataset, out, old), "was released on 2027-01-31 with other bytes")


def test_refuses_a_version_that_was_not_raised(two: Two, dataset: Path, tmp_path: Path) -> None:
    """Without `releases/` the previous release alone says that the version was there already."""
    shutil.rmtree(dataset / "releases")
    patch(dataset, {"rows": {"actors": [{**NEW, "name": "Somebody"}]}})
    old, out = two.second.folder / two.second.release.archive, tmp_path / "dist"
    unchanged(dataset, out, lambda: releasing.release(dataset, out, old), "the release before is 0.1.1 as well")
    raise_version(dataset, "0.1.1", "0.0.9")
    later = "--previous is 0.1.1, which is later than 0.0.9"
    unchanged(dataset, out, lambda: releasing.release(dataset, out, old, "2027-02-01"), later)


def test_refuses_a_version_below_one_that_was_released(dataset: Path, tmp_path: Path) -> None:
    raise_version(dataset, "0.1.1", "0.1.0")
    out = tmp_path / "dist"
    unchanged(dataset, out, lambda: releasing.release(dataset, out), "0.1.1 is released already")


def test_refuses_another_release_as_the_one_before(two: Two, dataset: Path, tmp_path: Path) -> None:
    raise_version(dataset, "0.1.1", "0.1.2")
    out, old = tmp_path / "dist", two.first.folder / two.first.release.archive
    wrong = "is not the archive of 0.1.1"
    unchanged(dataset, out, lambda: releasing.release(dataset, out, old, "2027-02-01"), wrong)
    none = "name the folder or archive of that release with --previous"
    unchanged(dataset, out, lambda: releasing.release(dataset, out, None, "2027-02-01"), none)
    unchanged(dataset, out, lambda: releasing.release(dataset, out, old, "1 Feb"), "is no day")


def test_refuses_a_breaking_change_without_its_version(two: Two, dataset: Path, tmp_path: Path) -> None:
    raise_version(dataset, "0.1.1", "0.1.2")
    view = dataset / "schemas/views/one_side.sql"
    view.rename(view.with_name("other_side.sql"))
    text = view.with_name("other_side.sql").read_text("utf-8")
    view.with_name("other_side.sql").write_text(text.replace("one_side", "other_side"), "utf-8")
    for path in (dataset / "schemas").rglob("*.sql"):
        path.write_text(path.read_text("utf-8").replace("one_side", "other_side"), "utf-8")
    out, old = tmp_path / "dist", two.second.folder / two.second.release.archive
    unchanged(dataset, out, lambda: releasing.release(dataset, out, old, "2027-02-01"), "schema-lock")


def test_refuses_a_folder_that_holds_something_else(two: Two, dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "thesis.doc").write_text("all of it")
    old = two.first.folder / two.first.release.archive
    out = tmp_path / "dist"
    unchanged(dataset, out, lambda: releasing.release(dataset, out, old), "holds thesis.doc")


def test_lock_of_what_is_not_released_is_written_on_purpose(tiny: Path) -> None:
    path = releasing.write_lock(tiny)
    first = lock.parse(path.read_bytes())
    assert (first.version, first.released, first.ids) == ("0.1.0", False, None)
    assert first.rows["resolutions"] > 0, "the derived tables have a floor too"
    assert [p.name for p in path.parent.iterdir()] == ["lock.json"]
    data = path.read_bytes()
    assert releasing.write_lock(tiny).read_bytes() == data
    path.write_bytes(b"broken")
    assert releasing.write_lock(tiny).read_bytes() == data, "a broken lock is no reason not to write it anew"


def test_lock_of_a_release_stands(dataset: Path) -> None:
    before = contents(dataset)
    with pytest.raises(CannotRelease, match="there are releases"):
        releasing.write_lock(dataset)
    assert contents(dataset) == before


# --------------------------------------------------------------------------------------------------------------------
# Proving: what is whole


def test_what_was_made_is_proved(two: Two, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (two.second.folder, two.second.folder / two.second.release.archive):
        assert main(["verify", "--release", str(path)]) == 0
        out = capsys.readouterr().out
        assert out.splitlines()[-1].startswith(f"proved: {path}: bastions 0.1.1, ")
    assert main(["verify", "--release", str(path), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["proved"], told["release"], told["problems"]) == (True, "bastions 0.1.1", [])


def unpack(two: Two, folder: Path) -> Path:
    """The folder of the release, with its database, as `build` makes it."""
    archive.unpack(two.first.folder / two.first.release.archive, folder)
    release = folder / "bastions-0.1.0"
    shutil.copy(two.first.folder / "bastions-0.1.0.duckdb", release / "bastions.duckdb")
    (release / "bastions.duckdb.sha256").write_text(metadata.sums(release, ["bastions.duckdb"]))
    return release


@pytest.fixture
def whole(two: Two, tmp_path: Path) -> Path:
    """The folder of a release that is whole."""
    folder = unpack(two, tmp_path / "unpacked")
    assert proving.verify(folder).problems == ()
    return folder


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """The release of another package, with a file that is no table."""
    package = tmp_path / "package"
    package.mkdir()
    fields = [{"name": "id", "type": "integer"}, {"name": "word", "type": "string"}]
    resources = [
        {"name": "words", "path": "words.csv", "schema": {"fields": fields, "primaryKey": ["id"]}},
        {"name": "notes", "path": "notes.txt"},
    ]
    descriptor = {"name": "words", "version": "3.0.0", "resources": resources}
    (package / "datapackage.json").write_text(json.dumps(descriptor))
    (package / "words.csv").write_text("id,word\n1,one\n2,two\n")
    (package / "notes.txt").write_text("Of no use.\n")
    return run.build(package).folder


def test_release_of_another_package_is_proved_too(foreign: Path) -> None:
    proof = proving.verify(foreign)
    assert (proof.problems, proof.notes, proof.name) == ((), [], "words 3.0.0")
    assert proof.files == len(contents(foreign))
    (foreign / "words.duckdb").unlink()
    (foreign / "words.duckdb.sha256").unlink()
    proof = proving.verify(foreign)
    assert (proof.problems, proof.notes) == ((), ["words.duckdb is not here; an archive leaves it out"])


def test_readme_of_the_folder_is_told_not_vouched_for(whole: Path) -> None:
    (whole / "README.md").write_text("# build/\n")
    proof = proving.verify(whole)
    assert proof.problems == ()
    assert proof.notes == ["README.md is not part of the release; nothing vouches for it"]


def test_no_release_is_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (tmp_path, tmp_path / "nothing"):
        assert main(["verify", "--release", str(path)]) == 2
    assert main(["verify", "--release", str(tmp_path), "--source", "x"]) == 2
    assert "Traceback" not in capsys.readouterr().err


# --------------------------------------------------------------------------------------------------------------------
# Proving: what is damaged


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """Digests are taken once for each file, but for the one that is named: the others do not change."""
    plain = metadata.digest
    cached = functools.cache(plain)
    named: list[Path] = []
    monkeypatch.setattr(metadata, "digest", lambda path: plain(path) if path in named else cached(path))
    yield named.append
    cached.cache_clear()


def damage(path: Path, offsets: range | list[int]) -> Iterator[str]:
    """Each single byte of a file flipped, and the file cut before it."""
    data = path.read_bytes()
    for at in offsets:
        path.write_bytes(data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :])
        yield f"{path.name}: byte {at} flipped"
        path.write_bytes(data[:at])
        yield f"{path.name}: cut at {at}"
    path.write_bytes(data)


def spread(path: Path, number: int) -> list[int]:
    """The first and last bytes of a file, and some between."""
    size = path.stat().st_size
    return sorted({0, 1, size // 2, size - 2, size - 1, *range(0, size, max(1, size // number))} & set(range(size)))


def test_every_flipped_or_cut_byte_of_the_small_files_is_found(foreign: Path, quick: Callable[[Path], None]) -> None:
    for name in ("SHA256SUMS", "words.duckdb.sha256", "BUILD.json", "notes.txt"):
        path = foreign / name
        quick(path)
        missed = [what for what in damage(path, range(path.stat().st_size)) if not proving.verify(foreign).problems]
        assert missed == []
    assert proving.verify(foreign).problems == ()


def test_flipped_and_cut_bytes_of_every_file_are_found(whole: Path, quick: Callable[[Path], None]) -> None:
    for path in sorted(p for p in whole.rglob("*") if p.is_file()):
        quick(path)
        missed = [what for what in damage(path, spread(path, 2)) if not proving.verify(whole).problems]
        assert missed == []


def test_every_line_of_the_list_is_needed(whole: Path, quick: Callable[[Path], None]) -> None:
    path = whole / "SHA256SUMS"
    lines = path.read_bytes().splitlines(keepends=True)
    for at in range(len(lines)):
        path.write_bytes(b"".join(lines[:at] + lines[at + 1 :]))
        assert proving.verify(whole).problems, f"without line {at + 1}"
        path.write_bytes(b"".join(lines[: at + 1] + lines[at:]))
        assert proving.verify(whole).problems, f"with line {at + 1} twice"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{'A' * 64}  a\n", "is not a SHA-256 in small letters"),
        (f"{'a' * 64} *a\n", "is not a SHA-256 in small letters"),
        (f"{'a' * 63}  a\n", "is not a SHA-256 in small letters"),
        (f"{'a' * 64}  a\r\n", "names what is not below"),
        (f"{'a' * 64}  a", "does not end with a newline"),
        ("", "does not end with a newline"),
        (f"{'a' * 64}  b\n{'a' * 64}  a\n", "does not stand in order"),
        (f"{'a' * 64}  b\n{'a' * 64}  b\n", "stands there twice"),
        (f"{'a' * 64}  a\n\n", "is not a SHA-256"),
        *(
            (f"{'a' * 64}  {p}\n", "names what is not below")
            for p in ("../a", "/a", "a/../b", "./a", "a//b", "a\\b", "c:a")
        ),
    ],
)
def test_list_of_digests_has_one_form(text: str, message: str) -> None:
    (fault,) = sums.parse("SHA256SUMS", text.encode()).problems
    assert fault.message.startswith(message)


def test_strangers_and_links_are_found(whole: Path) -> None:
    (whole / "csv" / "more.csv").write_text("a\n")
    (whole / "link").symlink_to("BUILD.json")
    found = {(p.rule, p.file) for p in proving.verify(whole).problems}
    assert found == {("unexpected-file", "csv/more.csv"), ("unexpected-file", "link")}


def test_file_that_is_a_link_to_the_right_bytes_is_found(whole: Path, tmp_path: Path) -> None:
    (whole / "views.sql").rename(tmp_path / "elsewhere")
    (whole / "views.sql").symlink_to(tmp_path / "elsewhere")
    assert {p.rule for p in proving.verify(whole).problems} == {"source-error", "unexpected-file"}


def test_database_without_its_digest_and_the_other_way_round_is_found(whole: Path) -> None:
    kept = (whole / "bastions.duckdb.sha256").read_bytes()
    (whole / "bastions.duckdb.sha256").unlink()
    assert [p.file for p in proving.verify(whole).problems] == ["bastions.duckdb.sha256"]
    (whole / "bastions.duckdb.sha256").write_bytes(kept)
    (whole / "bastions.duckdb").unlink()
    assert [p.file for p in proving.verify(whole).problems] == ["bastions.duckdb"]


def resigned(folder: Path, name: str, change: Callable[[str], str]) -> list[str]:
    """What is found after a file was changed and the list of digests made anew: a release that contradicts itself."""
    path = folder / name
    old, listed = path.read_text("utf-8"), (folder / "SHA256SUMS").read_text()
    new = change(old)
    assert new != old
    path.write_text(new, "utf-8")
    names = [line[66:] for line in listed.splitlines()]
    (folder / "SHA256SUMS").write_text(metadata.sums(folder, names))
    found = [f"{p.rule} {p.file}:{p.line} {p.message}" for p in proving.verify(folder).problems]
    path.write_text(old, "utf-8")
    (folder / "SHA256SUMS").write_text(listed)
    return found


def test_release_that_contradicts_itself_is_found(whole: Path) -> None:
    """Digests alone would be right: somebody has made them anew."""
    cell = resigned(whole, "csv/actors.csv", lambda text: text.replace("Dalby", "Selby", 1))
    assert [fault.split()[0] for fault in cell] == ["hash-count", "hash-count", "type-error"]
    assert any("has another value than parquet/actors.parquet" in fault for fault in cell)
    row = resigned(whole, "csv/actors.csv", lambda text: text[: text[:-1].rindex("\n") + 1])
    assert any("row-count parquet/actors.parquet" in fault for fault in row)
    name = resigned(whole, "BUILD.json", lambda text: text.replace('"0.1.0"', '"0.1.1"', 1))
    assert name == ["package-error BUILD.json:0 says '0.1.1', and datapackage.json '0.1.0'"]
    size = resigned(whole, "datapackage.json", lambda text: text.replace('"bytes": ', '"bytes": 1', 1))
    assert [fault.split()[0] for fault in size] == ["byte-count"]
    rows = resigned(whole, "datapackage.json", lambda text: text.replace('"rows": ', '"rows": 1', 1))
    assert [fault.split()[0] for fault in rows] == ["row-count"]
    for broken in ("[]", "{", "[" * 50_000):
        (fault,) = resigned(whole, "BUILD.json", functools.partial(lambda new, _: new, broken))
        assert fault.startswith("package-error BUILD.json:0 ")


# --------------------------------------------------------------------------------------------------------------------
# Proving: archives


@pytest.fixture
def offered(two: Two, tmp_path: Path) -> Path:
    """A private copy of the folder that `release` made."""
    return Path(shutil.copytree(two.first.folder, tmp_path / "dist"))


def test_flipped_and_cut_bytes_of_what_is_offered_are_found(offered: Path) -> None:
    for path in sorted(offered.iterdir()):
        if path.name == "SHA256SUMS":
            assert [w for w in damage(path, range(path.stat().st_size)) if not proving.verify(offered).problems] == []
        else:
            assert [w for w in damage(path, spread(path, 8)) if not proving.verify(offered).problems] == []
    path = offered / "bastions-0.1.0.tar.gz"
    assert [w for w in damage(path, spread(path, 20)) if not proving.verify(path).problems] == []


def test_archive_alone_is_proved_by_what_is_in_it_and_says_so(offered: Path) -> None:
    (offered / "SHA256SUMS").unlink()
    path = offered / "bastions-0.1.0.tar.gz"
    proof = proving.verify(path)
    assert proof.problems == ()
    assert metadata.digest(path) in proof.notes[0]
    data = path.read_bytes()
    header = [w for w in damage(path, list(range(10))) if not proving.verify(path).problems]
    assert header == []
    # A day and an owner inside are of no file, and change its bytes all the same.
    plain = bytearray(gzip.decompress(data))
    plain[108:116] = b"0001750\0"
    total = sum(plain[:148]) + 8 * 32 + sum(plain[156:512])
    plain[148:156] = f"{total:06o}\0 ".encode()
    path.write_bytes(archive.HEADER + gzip.compress(bytes(plain), 9)[10:])
    (fault,) = proving.verify(path).problems
    assert "has been changed around its files" in fault.message


def test_archive_of_a_package_that_other_programs_packed_is_proved(foreign: Path, tmp_path: Path) -> None:
    path = tmp_path / "words.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        tar.add(foreign, "words-3.0.0")
    proof = proving.verify(path)
    assert proof.problems == ()
    assert any("was packed by another program" in note for note in proof.notes)


def tar(path: Path, *entries: tuple[str, bytes | str]) -> Path:
    """An archive of files, and of links to what is text."""
    with tarfile.open(path, "w:gz") as made:
        for name, content in entries:
            entry = tarfile.TarInfo(name)
            if isinstance(content, str):
                entry.type, entry.linkname = tarfile.SYMTYPE, content
                made.addfile(entry)
            else:
                entry.size = len(content)
                made.addfile(entry, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    "entries",
    [
        [("../evil", b"x")],
        [("/tmp/evil", b"x")],
        [("a/../../evil", b"x")],
        [("a/link", "/etc/passwd")],
        [("a/b", b"x"), ("c/b", b"x")],
        [("a/b", b"x"), ("a/B", b"x")],
        [("evil", b"x")],
        [],
    ],
)
def test_archive_with_what_no_release_holds_is_damaged(tmp_path: Path, entries: list[tuple[str, bytes | str]]) -> None:
    (tmp_path / "in").mkdir()
    proof = proving.verify(tar(tmp_path / "in" / "x.tar.gz", *entries))
    assert [p.rule for p in proof.problems] == ["source-error"]
    assert [p.name for p in tmp_path.iterdir()] == ["in"]


def test_limits_of_archives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tar(tmp_path / "x.tar.gz", *((f"a/{n}", b"0" * 1000) for n in range(20)))
    monkeypatch.setattr(archive, "MEMBERS", 10)
    assert "more than 10 files" in proving.verify(path).problems[0].message
    monkeypatch.setattr(archive, "MEMBERS", 100)
    monkeypatch.setattr(archive, "BYTES", 15_000)
    assert "more than 15,000 bytes" in proving.verify(path).problems[0].message


@pytest.mark.parametrize(("limit", "most", "words"), [("MEMBERS", 1, "2 files"), ("BYTES", 10_239, "10,240 bytes")])
def test_no_archive_is_made_that_nobody_could_verify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, words: str
) -> None:
    """`release` made what `verify` then refused."""
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"0" * 1000)
    path = tmp_path / "x.tar.gz"
    monkeypatch.setattr(archive, limit, most)
    with pytest.raises(archive.TooLarge, match=f"would hold {words}, more than the limit of {most:,}"):
        archive.write(tmp_path, ["a", "b"], path, "top")
    assert not path.exists()
    monkeypatch.setattr(archive, limit, most + 1)
    archive.write(tmp_path, ["a", "b"], path, "top")
    assert archive.unpack(path, tmp_path / "out").canonical


def test_a_release_that_is_too_large_is_refused_and_nothing_is_written(
    two: Two, dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(dataset / "releases")
    previous = str(two.second.folder / two.second.release.archive)
    monkeypatch.setattr(archive, "BYTES", 100_000)
    raise_version(dataset, "0.1.1", "0.2.0")
    args = ["release", "--out", str(tmp_path / "dist"), "--previous", previous, "--date", "2027-02-01"]
    assert main(["--root", str(dataset), *args]) == 2
    err = capsys.readouterr().err
    assert err.startswith("bastions: nothing was released: bastions-0.2.0.tar.gz would hold ")
    assert "bytes, more than the limit of 100,000" in err
    assert not (tmp_path / "dist").exists()
    assert contents(dataset / "releases") == before


@pytest.mark.parametrize("what", [making.made_by_release, metadata.made_by_release])
@pytest.mark.parametrize("name", ["SHA256SUMS", "BUILD.json"])
def test_a_list_that_cannot_be_read_is_told_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: Callable[[Path], set[str]], name: str
) -> None:
    """The files of a release were said to be nobody's, and to be moved away, where its own list could not be read."""
    zeros = "0" * 64
    text = f"{zeros}  bastions-0.1.0.tar.gz\n" if what is making.made_by_release else ""
    text = text or f"{zeros}  BUILD.json\n{zeros}  datapackage.json\n"
    (tmp_path / "SHA256SUMS").write_text(text)
    (tmp_path / "BUILD.json").write_text("{}")
    whole = what(tmp_path)
    assert whole
    read = Path.read_text

    def failing(path: Path, *more: Any, **given: Any) -> str:
        if path.name == name:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return read(path, *more, **given)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_text", failing)
        if what is making.made_by_release and name == "BUILD.json":  # it has none
            assert what(tmp_path) == whole
        else:
            with pytest.raises(OSError, match=name):
                what(tmp_path)
    (tmp_path / "SHA256SUMS").unlink()
    assert what(tmp_path) == set(), "no release"
    os.mkfifo(tmp_path / "SHA256SUMS")
    assert what(tmp_path) == set(), "and what is a pipe is not waited for"


def test_bytes_of_an_archive_follow_from_its_files(tmp_path: Path) -> None:
    """A digest that is written down here tells of a library or a Python that packs otherwise."""
    (tmp_path / "b").write_bytes(b"two\n" * 1000)
    (tmp_path / "a").write_bytes(b"one\n")
    (tmp_path / "a").chmod(0o600)
    archive.write(tmp_path, ["b", "a"], tmp_path / "x.tar.gz", "top")
    data = (tmp_path / "x.tar.gz").read_bytes()
    assert hashlib.sha256(gzip.decompress(data)).hexdigest() == TAR
    (tmp_path / "out").mkdir()
    assert archive.unpack(tmp_path / "x.tar.gz", tmp_path / "out") == archive.Unpacked("top", True)


TAR = "e69823cd1f42f093d44b3307b318f8ec4c3665c1f96ed71dd0d3ccdf5706360d"


# --------------------------------------------------------------------------------------------------------------------
# As of a release


def test_table_as_of_a_release(two: Two, tmp_path: Path) -> None:
    for made in (two.first, two.second):
        archive.unpack(made.folder / made.release.archive, tmp_path)
    count = "SELECT count(*) FROM as_of_release('actors', '0.1.0')"
    new = """
        SELECT n.actor_id FROM as_of_release('actors', '0.1.1') AS n
        ANTI JOIN as_of_release('actors', '0.1.0') AS o USING (actor_id)
    """
    before = known.read(two.root).before
    assert before is not None
    with duckdb.connect(two.second.folder / "bastions-0.1.1.duckdb", read_only=True) as db:
        db.execute(f"SET VARIABLE releases = '{tmp_path}'")
        assert db.execute(count).fetchall() == [(before.rows["actors"],)]
        assert db.execute(new).fetchall() == [(NEW["actor_id"],)]
        columns = [row[0] for row in db.execute("DESCRIBE FROM as_of_release('actors', '0.1.0')").fetchall()]
        assert columns[:2] == ["actor_id", "name"]
    with duckdb.connect() as db:
        db.execute(f"SET VARIABLE base = '{tmp_path / 'bastions-0.1.1'}'")
        db.execute((tmp_path / "bastions-0.1.1" / "views.sql").read_text("utf-8"))
        assert db.execute(new).fetchall() == [(NEW["actor_id"],)], "releases beside the one in base are found"


def past(two: Two, folder: Path) -> Path:
    """The releases as archives are unpacked, and a release to ask."""
    for made in (two.first, two.second):
        archive.unpack(made.folder / made.release.archive, folder / "past")
    asked = folder / "past" / "bastions-0.1.1"
    shutil.copy(two.second.folder / "bastions-0.1.1.duckdb", asked / metadata.DATABASE)
    return asked


def test_query_reads_past_releases_where_it_is_given_their_folder(
    two: Two, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`as_of_release` ended in a Permission Error that did not say why."""
    asked = past(two, tmp_path)
    sql = "SELECT count(*) AS n FROM as_of_release('actors', '0.1.0')"
    before = known.read(two.root).before
    assert before is not None
    assert query(sql, asked, "csv", releases=tmp_path / "past") == f"n\n{before.rows['actors']}"
    assert main(["query", sql, "--release", str(asked), "--releases", str(tmp_path / "past"), "--format", "csv"]) == 0
    assert capsys.readouterr().out == f"n\n{before.rows['actors']}\n"
    with pytest.raises(QueryError, match=r"(?s)Permission Error.*a query has access to none but those of --releases"):
        query(sql, asked)
    with pytest.raises(QueryError, match="there is no release in"):
        query(sql, asked, releases=tmp_path / "nowhere")


@pytest.mark.parametrize(
    "sql",
    [
        "COPY actors TO '{parquet}' (FORMAT parquet, USE_TMP_FILE false)",
        "EXPLAIN ANALYZE COPY actors TO '{parquet}' (FORMAT parquet, USE_TMP_FILE false)",
        "SET VARIABLE x = 1; COPY actors TO '{parquet}' (FORMAT parquet, USE_TMP_FILE false)",
        "PREPARE p AS COPY actors TO '{parquet}' (FORMAT parquet, USE_TMP_FILE false)",
        "COPY actors TO '{folder}/new.csv'",
        "EXPORT DATABASE '{folder}/all'",
        "ATTACH '{folder}/new.duckdb' AS n",
        "FROM read_text('{folder}/secret.txt')",
        "FROM read_text('{folder}/bastions-0.1.0/parquet/../../secret.txt')",
        "FROM read_text('{folder}/bastions-0.1.0/BUILD.json')",
        "FROM read_parquet('{folder}/linked/parquet/actors.parquet')",
        "FROM glob('{folder}/*')",
        "FROM read_text('/etc/hostname')",
        "SET allowed_directories = ['/']",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ],
)
def test_query_writes_to_no_past_release_and_reads_its_tables_alone(two: Two, tmp_path: Path, sql: str) -> None:
    """To DuckDB, leave to read a file is leave to write it."""
    asked, folder = past(two, tmp_path), tmp_path / "past"
    (folder / "secret.txt").write_text("secret")
    (folder / "linked" / "parquet").mkdir(parents=True)
    (tmp_path / "else.parquet").write_bytes((folder / "bastions-0.1.0/parquet/actors.parquet").read_bytes())
    (folder / "linked" / "parquet" / "actors.parquet").symlink_to(tmp_path / "else.parquet")
    before = contents(tmp_path)
    with pytest.raises(QueryError):
        query(sql.format(folder=folder, parquet=folder / "bastions-0.1.0/parquet/actors.parquet"), asked, "csv", folder)
    assert contents(tmp_path) == before


def test_versions_are_compared_as_numbers_in_the_page_of_the_folder() -> None:
    """As text, 0.10.0 comes before 0.9.0: the query of the page left out what went later."""
    page = (ROOT / "releases/README.md").read_text("utf-8")
    (sql,) = re.findall(r"(?s)(SELECT subject_table.*?;)", page)
    with duckdb.connect() as db:
        columns = ("subject_table", "subject_id", "reason", "successor_id", "removed_in")
        db.execute(f"CREATE TABLE tombstones ({', '.join(f'{name} TEXT' for name in columns)})")
        for version in ("0.0.9", "0.1.0", "0.1.1", "0.9.0", "0.10.0", "10.0.0"):
            db.execute("INSERT INTO tombstones VALUES ('actors', ?, 'error', NULL, ?)", [version, version])
        ask = sql.partition(";")[0].replace("[0, 1, 0]", "[0, 9, 0]")
        assert {row[1] for row in db.execute(sql).fetchall()} == {"0.1.1", "0.9.0", "0.10.0", "10.0.0"}
        assert {row[1] for row in db.execute(ask).fetchall()} == {"0.10.0", "10.0.0"}


def test_diff_reads_the_archives(two: Two) -> None:
    with (
        diff.opened(two.first.folder / two.first.release.archive) as old,
        diff.opened(two.second.folder / two.second.release.archive) as new,
    ):
        assert (old.version, new.version) == ("0.1.0", "0.1.1")

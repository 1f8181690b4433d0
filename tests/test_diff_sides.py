"""The sides of a comparison are opened safely: commits of any repository, and archives from anywhere."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import patch

from bastions import diff, publish
from bastions.diff import archive, git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed: apt-get install git")

CLAIM = "orvessa-story-0021"


def run(root: Path, *arguments: str, **more: str) -> str:
    who = {f"GIT_{kind}_{what}": "t@example.org" for kind in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        ["git", *arguments], cwd=root, env={**os.environ, **who, **nobody, **more}, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def commit(root: Path, text: str = "a change") -> str:
    run(root, "add", "--all")
    run(root, "commit", "--quiet", "--message", text)
    return run(root, "rev-parse", "HEAD")


@pytest.fixture
def repository(tiny: Path) -> Path:
    """The tiny dataset, committed."""
    run(tiny, "init", "--quiet", "--initial-branch", "main")
    commit(tiny)
    return tiny


def between(root: Path, old: str | Path | None, new: str | Path | None = None) -> diff.Difference:
    with diff.opened(old, root) as one, diff.opened(new, root) as other:
        return diff.between(one, other)


def state(root: Path) -> dict[str, bytes]:
    """Every file of a checkout and of its repository."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


# --------------------------------------------------------------------------------------------------------------------
# Commits


def test_the_working_dataset_is_compared_with_a_commit(repository: Path) -> None:
    patch(repository, {"rows": {"claims": [{"claim_id": CLAIM, "value": "3"}]}})
    found = between(repository, "HEAD")
    assert [t.name for t in found.tables] == ["claims"]
    assert [(r.id, str(r.old), str(r.new)) for r in found.effect.resolved] == [("raid-aircraft", "2", "3")]
    assert found.old.startswith("HEAD (")
    assert found.new == "working dataset"


@pytest.mark.parametrize("ref", ["main", "HEAD~1", "v1", ":/a change", "main^{commit}"])
def test_whatever_git_resolves_is_a_side(repository: Path, ref: str) -> None:
    run(repository, "tag", "-a", "v1", "-m", "one")
    (repository / "CITATION.cff").write_text("title: new\n", "utf-8")
    commit(repository, "another")
    assert between(repository, ref, "HEAD").unread is False


def test_two_commits_are_compared_and_the_checkout_is_left_alone(repository: Path) -> None:
    patch(repository, {"remove": {"names": ["calder-1"]}})
    commit(repository)
    (repository / "data/names/hand.csv").write_text("half of an edit", "utf-8")
    before = state(repository)
    found = between(repository, "HEAD~1", "HEAD")
    assert found.counts == {"added": 0, "changed": 0, "removed": 1}
    assert state(repository) == before


def test_a_dataset_in_a_folder_of_a_repository_is_found(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    top = tmp_path_factory.mktemp("top")
    run(top, "init", "--quiet")
    shutil.copytree(tiny, top / "deep" / "dataset")
    commit(top)
    assert between(top / "deep" / "dataset", "HEAD").empty


def test_a_commit_without_a_dataset_is_an_empty_side(repository: Path) -> None:
    run(repository, "checkout", "--quiet", "--orphan", "empty")
    run(repository, "rm", "-r", "--quiet", "--cached", ".")
    run(repository, "commit", "--quiet", "--allow-empty", "-m", "nothing")
    found = between(repository, "empty")
    assert all(t.presence == "added" for t in found.tables if t.name != "waivers")
    assert found.ids == ()


def test_files_that_judge_a_change_are_named_first(repository: Path) -> None:
    for name in ("src/judge.py", ".ci/check", ".github/workflows/data.yml", "releases/lock.json", "releases/README.md"):
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_text('{"rows": {"names": 10, "claims": 5, "gone": 3}}', "utf-8")
    (repository / ".gitignore").write_text("*.log\n", "utf-8")
    commit(repository)
    assert between(repository, "HEAD").empty
    (repository / "src/judge.py").write_text("pass", "utf-8")
    (repository / "src/own.log").write_text("ignored", "utf-8")
    (repository / "src/__pycache__").mkdir()
    (repository / "src/__pycache__/judge.cpython-311.pyc").write_bytes(b"made")
    (repository / ".ci/check").unlink()
    (repository / ".github/new.yml").write_text("new", "utf-8")
    (repository / "releases/README.md").write_text("words", "utf-8")
    (repository / "releases/lock.json").write_text('{"rows": {"names": 9, "claims": 6}}', "utf-8")
    with (repository / "schemas/rules/waivers.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("quiet,names__listed_twice,calder-1,,A reason.,\n")
    found = between(repository, "HEAD")
    assert {(file.kind, file.path) for file in found.files} == {
        ("changed", "src/judge.py"), ("removed", ".ci/check"), ("added", ".github/new.yml"),
        ("changed", "releases/README.md"), ("changed", "releases/lock.json"),
    }  # fmt: skip
    assert set(found.judges) == {"src/judge.py", ".ci/check", ".github/new.yml", "releases/lock.json", "waivers"}
    assert found.lowered == (diff.Lowered("gone", 3, None), diff.Lowered("names", 10, 9))
    text = diff.tell.text(found)
    assert text.index("Warning: this changes what judges it") < text.index("Published values")
    assert "asks for fewer rows of names: 10 → 9." in text
    assert "asks for fewer rows of gone: 3 → none." in text
    told = text[text.index("Warning: this changes what judges it") : text.index("Published values")]
    assert ".ci/check, removed" in told, "it was named as what only differs"
    assert ".github/new.yml, added" in told
    assert "src/judge.py\n" in told
    assert "  + quiet" in text


def test_a_lock_that_cannot_be_read_lowers_nothing_and_is_named(repository: Path) -> None:
    (repository / "releases").mkdir()
    (repository / "releases/lock.json").write_text('{"rows": {"names": 10}}', "utf-8")
    commit(repository)
    (repository / "releases/lock.json").write_text('{"rows": [', "utf-8")
    found = between(repository, "HEAD")
    assert (found.lowered, found.judges) == ((), ("releases/lock.json",))


def test_files_beside_two_folders_are_not_compared(tiny: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(tiny, tmp_path / "other"))
    (other / "src").mkdir()
    (other / "src/judge.py").write_text("pass", "utf-8")
    assert between(tiny, other).empty


def test_attributes_and_filters_of_the_repository_are_not_applied(repository: Path) -> None:
    """`git archive` would leave out what is marked so, and would run a filter, which is a program."""
    ran = repository.parent / f"{repository.name}-ran"
    (repository / ".gitattributes").write_text(
        "data/names/hand.csv export-ignore\ndata/actors/hand.csv filter=evil\ndata/** ident text eol=crlf\n", "utf-8"
    )
    run(repository, "config", "filter.evil.smudge", f"touch {ran}; cat")
    run(repository, "config", "filter.evil.process", f"touch {ran}")
    run(repository, "config", "core.fsmonitor", f"touch {ran}")
    run(repository, "-c", "core.fsmonitor=false", "-c", "filter.evil.process=", "add", ".gitattributes")
    run(repository, "-c", "core.fsmonitor=false", "commit", "--quiet", "-m", "attributes")
    ran.unlink(missing_ok=True)
    assert between(repository, "HEAD").empty
    assert not ran.exists()


def test_links_and_forged_paths_of_a_commit_are_left_out(repository: Path) -> None:
    (repository / "data/names/link.csv").symlink_to("/etc/passwd")
    commit(repository)
    (repository / "data/names/link.csv").unlink()
    found = between(repository, "HEAD")
    assert ["link.csv" in p.file for p in found.problems] == [True]
    assert found.unread


@pytest.mark.parametrize(
    "path", [b"../x", b"data/../../x", b"/etc/x", b"data/.git/x", b"data\\x", b"C:x", b"data/./x", b"other/x", b"\xff"]
)
def test_a_path_that_leads_anywhere_else_is_not_written(path: bytes) -> None:
    assert git._inside(path) is None


@pytest.mark.parametrize(
    "ref", ["no-such-branch", "--upload-pack=touch x", "-h", "HEAD:data", "", "a\nb", "$(id)", "^"]
)
def test_an_unknown_ref_is_refused_with_advice(repository: Path, ref: str) -> None:
    before = state(repository)
    with pytest.raises(diff.CannotOpen, match=r"neither a folder|no name that git|without a dataset"):
        between(repository, ref or "@{nothing}")
    assert state(repository) == before


def test_outside_of_a_repository_it_says_so(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tiny.parent))
    with pytest.raises(diff.CannotOpen, match="not in a git repository"):
        between(tiny, "HEAD")


def test_without_git_it_says_so(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(diff.CannotOpen, match="git is not installed"):
        between(tiny, "HEAD")


def test_a_folder_that_is_nothing_is_refused_with_advice(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tiny.parent))
    with pytest.raises(diff.CannotOpen, match="folder without a release"):
        between(tiny, tiny / "seeds")


def test_nothing_is_left_behind(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    between(repository, "HEAD")
    with pytest.raises(diff.CannotOpen):
        between(repository, repository / "datapackage.json")
    assert list(scratch.iterdir()) == []


# --------------------------------------------------------------------------------------------------------------------
# Archives


@pytest.fixture(scope="module")
def release(tiny_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish.build(tiny_once, tmp_path_factory.mktemp("release") / "build").folder


def packed(folder: Path, path: Path) -> Path:
    with tarfile.open(path, "w:gz") as made:
        made.add(folder, "bastions-0.1.0", filter=lambda m: None if m.name.endswith(".duckdb") else m)
    return path


def test_an_archive_is_a_side(tiny: Path, release: Path, tmp_path: Path) -> None:
    path = packed(release, tmp_path / "bastions-0.1.0.tar.gz")
    assert between(tiny, path).empty
    patch(tiny, {"rows": {"claims": [{"claim_id": CLAIM, "value": "3"}]}})
    found = between(tiny, path)
    assert [(r.id, str(r.old), str(r.new)) for r in found.effect.resolved] == [("raid-aircraft", "2", "3")]
    assert found.old == "release 0.1.0 (bastions-0.1.0.tar.gz)"


def member(name: str, data: bytes = b"", **more: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in more.items():
        setattr(info, key, value)
    return info, data


def archived(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as made:
        for info, data in members:
            made.addfile(info, io.BytesIO(data))
    return path


GOOD = member("b/csv/names.csv", b"name_id\nx\n")


@pytest.mark.parametrize(
    "bad",
    [
        member("b/csv/names.csv", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        member("b/csv/names.csv", type=tarfile.LNKTYPE, linkname="b/csv/other.csv"),
        member("b/csv/names.csv", type=tarfile.FIFOTYPE),
        member("b/csv/names.csv", type=tarfile.CHRTYPE),
        member("c/csv/actors.csv", b"actor_id\n"),
        member("b/csv/names.csv", b"again\n"),
    ],
    ids=["symbolic link", "hard link", "pipe", "device", "two releases", "twice"],
)
def test_an_archive_that_no_release_made_is_refused(
    tiny: Path, tmp_path: Path, bad: tuple[tarfile.TarInfo, bytes]
) -> None:
    path = archived(tmp_path / "x.tar.gz", *([GOOD, bad] if bad[1] else [bad]))
    with pytest.raises(diff.CannotOpen, match=r"x[.]tar[.]gz"):
        between(tiny, path)


@pytest.mark.parametrize("name", ["../csv/names.csv", "/csv/names.csv", "b/../../csv/names.csv", "b/csv/../x.csv"])
def test_members_that_lead_out_are_not_written(tmp_path: Path, name: str) -> None:
    into = tmp_path / "deep" / "into"
    into.mkdir(parents=True)
    with contextlib.suppress(diff.CannotOpen):
        archive.extract(archived(tmp_path / "x.tar.gz", GOOD, member(name, b"evil\n")), into)
    written = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.csv")}
    assert written <= {"deep/into/csv/names.csv"}
    assert all(b"evil" not in p.read_bytes() for p in tmp_path.rglob("*.csv"))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: b"no archive",
        lambda data: data[: len(data) // 2],
        lambda data: data[:40] + bytes([data[40] ^ 0xFF]) + data[41:],
        lambda data: gzip.compress(b"no tar at all" * 100),
        lambda data: gzip.compress(gzip.decompress(data)[:700]),
    ],
    ids=["empty", "text", "cut", "a byte flipped", "no tar", "tar cut"],
)
def test_a_damaged_archive_is_refused(
    tiny: Path, release: Path, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    path = packed(release, tmp_path / "x.tar.gz")
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(diff.CannotOpen, match=r"x[.]tar[.]gz"):
        between(tiny, path)


def test_a_small_archive_of_something_huge_is_refused(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_FILE", 1_000_000)
    path = archived(tmp_path / "x.tar.gz", GOOD, member("b/csv/actors.csv", b"a" * 2_000_000))
    with pytest.raises(diff.CannotOpen, match="more than the limit"):
        between(tiny, path)


def test_a_header_of_any_size_is_not_read_into_memory(tiny: Path, tmp_path: Path) -> None:
    """An extended header says how long it is, and tarfile reads it whole."""
    info = tarfile.TarInfo("././@PaxHeader")
    info.type, info.size = tarfile.XHDTYPE, 2**32
    path = tmp_path / "x.tar.gz"
    path.write_bytes(gzip.compress(info.tobuf(tarfile.USTAR_FORMAT) + b"0" * 10_240))
    with pytest.raises(diff.CannotOpen, match="a header is too large"):
        between(tiny, path)

"""The workflows, forms and hooks: that they may do little, and that what they run, run here, does what it should.

Each step of a workflow is a script of `.ci/`, which is run here as there, in a repository of the tiny dataset.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from bastions import loader
from bastions.releasing import known, lock

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))

MAY_WRITE = {("comment", "comment"): {"pull-requests"}, ("release", "draft"): {"contents"}}
"""The jobs that may write, and what; neither runs anything of a pull request."""


def read(path: Path) -> dict[str, Any]:
    found = yaml.safe_load(path.read_text("utf-8"))
    assert isinstance(found, dict)
    if True in found:  # YAML 1.1 takes `on` for a truth value
        found["on"] = found.pop(True)
    return found


def steps(path: Path) -> list[tuple[str, dict[str, Any]]]:
    return [(job, step) for job, told in read(path)["jobs"].items() for step in told["steps"]]


# -- what the workflows may do -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.stem)
def test_actions_are_pinned_by_digest(path: Path) -> None:
    lines = [line for line in path.read_text("utf-8").splitlines() if "uses:" in line]
    assert all(re.search(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line) for line in lines), lines


def test_the_same_action_is_the_same_everywhere() -> None:
    pins: dict[str, set[str]] = {}
    for path in WORKFLOWS:
        for _, step in steps(path):
            if "uses" in step:
                name, digest = step["uses"].split("@")
                pins.setdefault(name, set()).add(digest)
    assert {name: found for name, found in pins.items() if len(found) > 1} == {}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.stem)
def test_nothing_may_write_but_what_is_listed(path: Path) -> None:
    told = read(path)
    assert told["permissions"] in ({"contents": "read"}, {})
    for name, job in told["jobs"].items():
        given = job.get("permissions", {})
        assert {what for what, how in given.items() if how != "read"} == MAY_WRITE.get((path.stem, name), set())
        assert job["timeout-minutes"] <= 45


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.stem)
def test_no_secret_and_no_trusted_run_of_a_strangers_change(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "secrets." not in text
    assert "pull_request_target" not in text
    told = read(path)
    if "workflow_run" in told["on"]:
        checkouts = [s for _, s in steps(path) if "checkout" in s.get("uses", "")]
        assert all("default_branch" in s["with"]["ref"] for s in checkouts)
    assert all(s["with"]["persist-credentials"] is False for _, s in steps(path) if "checkout" in s.get("uses", ""))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.stem)
def test_nothing_that_others_name_is_pasted_into_a_shell(path: Path) -> None:
    """A branch may be called `$(…)`: what an event says reaches scripts as variables of the environment only."""
    assert [step["run"] for _, step in steps(path) if "${{" in step.get("run", "")] == []


def test_what_judges_a_change_has_no_network() -> None:
    judged = [
        step["run"] for _, step in steps(ROOT / ".github/workflows/data.yml") if ".ci/review" in step.get("run", "")
    ]
    assert len(judged) == 5
    assert all(run.startswith(".ci/offline ") for run in judged)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.stem)
def test_every_step_is_a_script_of_the_repository_or_one_command(path: Path) -> None:
    for _, step in steps(path):
        if run := step.get("run"):
            assert "\n" not in run.strip()
            script = run.replace(".ci/offline ", "").split()[0]
            assert script in ("make", "gh") or os.access(ROOT / script, os.X_OK), run


# -- forms and hooks ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [p for p in FORMS if p.stem != "config"], ids=lambda p: p.stem)
def test_a_form_is_one(path: Path) -> None:
    """Keys as in GitHub's syntax for issue forms; ids once; every input says what it is."""
    told = read(path)
    assert {"name", "description", "title", "labels", "body"} == set(told)
    ids = [item["id"] for item in told["body"] if item["type"] != "markdown"]
    assert len(ids) == len(set(ids))
    for item in told["body"]:
        assert item["type"] in ("markdown", "input", "textarea", "dropdown", "checkboxes")
        assert item["attributes"].get("label") or item["attributes"].get("value")
        if item["type"] == "dropdown":
            assert len(item["attributes"]["options"]) == len(set(item["attributes"]["options"]))


def test_the_forms_offer_the_tables_and_codes_that_there_are() -> None:
    schema = loader.load(ROOT)
    for form in ("new-record", "correction"):
        (tables,) = [i for i in read(ROOT / f".github/ISSUE_TEMPLATE/{form}.yml")["body"] if i.get("id") == "table"]
        bookkeeping = {"claim_links", "coverage", "tombstones"}
        assert set(tables["attributes"]["options"]) == set(schema.tables) - bookkeeping
    for item in read(ROOT / ".github/ISSUE_TEMPLATE/new-source.yml")["body"]:
        lists = {"type": "source_type", "licence": "licence"}
        if item["id"] in lists:
            assert item["attributes"]["options"] == list(schema.code_lists[lists[item["id"]]].codes)


def test_hooks_call_what_there_is() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    own = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]["hooks"]
    for hook in [*hooks, *own]:
        assert hook.get("pass_filenames", True) == ("ruff" in hook["entry"])
        assert re.compile(hook.get("files", ""))
        words = hook["entry"].split()
        if words[0].endswith("bastions"):
            asked = subprocess.run(
                [sys.executable, "-m", "bastions.cli", *words[1:], "--help"], capture_output=True, check=False
            )
            assert asked.returncode == 0
    (shipped,) = [hook for hook in hooks if hook["id"] == "bastions-validate"]
    assert "files" not in shipped, "a schema, a part, a table of any name may be what changed"


# -- the scripts -------------------------------------------------------------------------------------------------------


@pytest.fixture
def repository(tiny: Path) -> Path:
    """The tiny dataset as a repository of one commit, with the scripts."""
    if not shutil.which("git"):
        pytest.skip("git is not installed: the scripts of .ci/ are not run")
    shutil.copytree(ROOT / ".ci", tiny / ".ci")
    (tiny / "docs").mkdir(exist_ok=True)
    run(tiny, sys.executable, "-m", "bastions.cli", "fmt")
    (tiny / "docs" / ".keep").write_text("")
    run(tiny, "git", "init", "-q", "-b", "main")
    commit(tiny)
    return tiny


def commit(repository: Path) -> None:
    """All that there is becomes the one commit."""
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    run(repository, "git", "add", "-A")
    amend = ("--amend",) if run(repository, "git", "rev-parse", "--verify", "-q", "HEAD").returncode == 0 else ()
    run(repository, "git", *who, "commit", "-q", *amend, "-m", "begin")


def run(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = folder / "bastions-here"
    if not command.exists():
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bastions.cli "$@"\n')
        command.chmod(0o755)
    environment = {**os.environ, "BASTIONS": str(command), "PYTHONPATH": os.pathsep.join(sys.path), **more}
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_validate_leaves_every_form(repository: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    done = run(repository, ".ci/review", "validate", GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 0, done.stdout + done.stderr
    path = _break(repository)
    summary.unlink()
    done = run(repository, ".ci/review", "validate", GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 1
    where = f"file={path.relative_to(repository).as_posix()},line=2"
    assert where in done.stdout
    assert "# " in summary.read_text("utf-8") or "|" in summary.read_text("utf-8")
    sarif = json.loads((repository / "review" / "problems.sarif").read_text("utf-8"))
    assert sarif["version"] == "2.1.0"
    assert sarif["runs"][0]["results"]
    assert list(ElementTree.parse(repository / "review" / "junit.xml").iter("failure"))


def _break(repository: Path) -> Path:
    """The second line of a file gets a key that is none."""
    path = sorted((repository / "data" / "actors").glob("*.csv"))[0]
    lines = path.read_text("utf-8").split("\n")
    lines[1] = "Not a key" + lines[1][lines[1].index(",") :]
    path.write_text("\n".join(lines), "utf-8")
    return path


ZEROS, ABSENT = "0" * 40, "1234567890" * 4
AS_EVER = "the commit before this push is not here"


@pytest.mark.parametrize("base", [None, "HEAD", ZEROS, ABSENT])
def test_a_change_is_held_against_the_releases_of_its_base(repository: Path, base: str | None) -> None:
    """The lock came from the change itself, which could ask less of itself there.

    What an event names and no clone has (a first push, a forced one) is said, and that nothing else holds the change.
    """
    schema = loader.load(repository)
    rows = dict.fromkeys(lock.contract(schema)["tables"], 0)
    asks = lock.Lock("0.1.0", False, {**rows, "claims": 1000}, lock.contract(schema))
    known.write(repository, asks, None, known.no_ids(), {})
    commit(repository)
    shutil.rmtree(repository / "releases")
    done = run(repository, ".ci/review", "validate", *([base] if base else []))
    held = base == "HEAD"
    assert done.returncode == (1 if held else 0), done.stdout + done.stderr
    assert ("title=table-shrinks::" in done.stdout) == held
    assert (AS_EVER in done.stdout) == (base in (ZEROS, ABSENT))


@pytest.mark.parametrize("step", ["validate", "compare"])
@pytest.mark.parametrize("base", ["HEAD^1", "no-such-branch"])
def test_a_base_that_is_named_has_to_be_there(repository: Path, step: str, base: str) -> None:
    """A repository of one commit has no HEAD^1; to go on without it would let a change judge itself."""
    done = run(repository, ".ci/review", step, base)
    assert done.returncode == 2
    assert f"{base}: " in done.stderr


@pytest.mark.parametrize("base", [ZEROS, ABSENT])
def test_nothing_is_compared_with_a_commit_that_is_not_there(repository: Path, tmp_path: Path, base: str) -> None:
    """The first push to a branch, and a forced one, failed the step that tells what changes."""
    summary = tmp_path / "summary.md"
    done = run(repository, ".ci/review", "compare", base, GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 0, done.stderr
    assert AS_EVER in (repository / "review" / "review.md").read_text("utf-8").lower()
    assert AS_EVER in summary.read_text("utf-8").lower()


def test_the_workflow_names_what_a_change_is_held_against() -> None:
    job = read(ROOT / ".github/workflows/data.yml")["jobs"]["review"]
    assert job["env"] == {"BEFORE": "${{ github.event_name == 'push' && github.event.before || 'HEAD^1' }}"}
    runs = [step["run"] for step in job["steps"] if ".ci/review" in step.get("run", "")]
    assert [run.split(".ci/review ")[1] for run in runs[:2]] == ['validate "$BEFORE"', 'compare "$BEFORE"']
    assert all("BEFORE" not in step.get("env", {}) for step in job["steps"])


def test_the_patch_makes_the_form_canonical_and_touches_nothing_by_itself(repository: Path) -> None:
    assert run(repository, ".ci/review", "patch").returncode == 0
    assert not (repository / "review" / "canonical.patch").exists()
    path = sorted((repository / "data" / "actors").glob("*.csv"))[0]
    canonical = path.read_bytes()
    other = canonical.replace(b"\n", b"\r\n")
    path.write_bytes(other)
    done = run(repository, ".ci/review", "patch")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("::warning title=canonical-form::1 file(s)")
    assert path.read_bytes() == other
    assert run(repository, ".ci/review", "patch", "--strict").returncode == 1
    applied = run(repository, "git", "apply", "review/canonical.patch")
    assert applied.returncode == 0, applied.stderr
    assert path.read_bytes() == canonical


def test_a_file_that_cannot_be_read_is_said_to_be_unjudged(repository: Path) -> None:
    """The patch was empty and the step green, although `fmt` had not run over the file."""
    path = sorted((repository / "data" / "actors").glob("*.csv"))[0]
    path.write_bytes(path.read_bytes() + b'"unclosed,')
    done = run(repository, ".ci/review", "patch")
    assert done.returncode == 0
    assert "could not be judged" in done.stdout
    assert run(repository, ".ci/review", "patch", "--strict").returncode == 1


def test_what_changes_is_told_in_three_forms(repository: Path) -> None:
    path = sorted((repository / "data" / "actors").glob("*.csv"))[0]
    lines = path.read_text("utf-8").split("\n")
    cells = lines[1].split(",")
    cells[1] = "Another name"
    lines[1] = ",".join(cells)
    path.write_text("\n".join(lines), "utf-8")
    done = run(repository, ".ci/review", "compare", "HEAD")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Another name" in (repository / "review" / "review.md").read_text("utf-8")
    assert "Another name" in (repository / "review" / "review.html").read_text("utf-8")
    assert cells[0] in json.dumps(json.loads((repository / "review" / "review.json").read_text("utf-8")))


def test_offline_has_no_network_and_keeps_the_exit_code() -> None:
    asked = subprocess.run([ROOT / ".ci/offline", "true"], capture_output=True, text=True, check=False)
    if asked.returncode == 2:
        pytest.skip("this system lets nobody make a network of its own: .ci/offline is not tried")
    code = (
        "import socket, sys\n"
        "try:\n    socket.create_connection(('127.0.0.1', 9), 2)\n"
        "except OSError as error:\n    sys.exit(3 if error.errno == 101 else 4)"
    )
    assert subprocess.run([ROOT / ".ci/offline", sys.executable, "-c", code], check=False).returncode == 3


FAKE = """#!/usr/bin/env python3
import json, os, pathlib, sys
log = pathlib.Path(os.environ["FAKE_LOG"])
words = sys.argv[1:]
body = [w[len("body=@"):] for w in words if w.startswith("body=@")]
entry = {"words": words, "body": pathlib.Path(body[0]).read_text("utf-8") if body else None}
log.write_text(log.read_text() + json.dumps(entry) + "\\n" if log.exists() else json.dumps(entry) + "\\n")
path = next(w for w in words[1:] if w.startswith("repos/"))
if path.endswith("/files"):
    print(os.environ.get("FAKE_FILES", "data/actors/hand.csv"))
elif path.endswith("/pulls"):
    print(os.environ["FAKE_NUMBER"])
elif path.endswith("/comments") and "POST" not in words:
    print(os.environ["FAKE_OLD"])
"""


@pytest.mark.parametrize(("old", "call"), [("", "POST"), ("77", "PATCH")])
def test_one_comment_is_written_or_renewed(tmp_path: Path, old: str, call: str) -> None:
    fake = tmp_path / "bin" / "gh"
    fake.parent.mkdir()
    fake.write_text(FAKE)
    fake.chmod(0o755)
    text = tmp_path / "review.md"
    text.write_text("é" * 50_000 + "\n$(touch never) `touch never`", "utf-8")
    names = {
        "REPO": "o/r",
        "HEAD_OWNER": "o",
        "HEAD_BRANCH": "$(touch never)",
        "HEAD_SHA": "0" * 40,
        "FAKE_NUMBER": "5",
        "FAKE_OLD": old,
        "FAKE_LOG": str(tmp_path / "log"),
        "PATH": f"{fake.parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = run(tmp_path, str(ROOT / ".ci/comment"), str(text), **names)
    assert done.returncode == 0, done.stderr
    calls = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert call in calls[-1]["words"]
    body = calls[-1]["body"]
    assert body.startswith("<!-- bastions: review -->\né")
    assert len(body) < 65_536
    assert "artefact" in body
    assert not list(tmp_path.rglob("never"))


def test_what_a_change_of_the_checks_wrote_is_shown_as_text(tmp_path: Path) -> None:
    """A change of `.ci/review` could have the bot say and mention what it liked."""
    fake = tmp_path / "bin" / "gh"
    fake.parent.mkdir()
    fake.write_text(FAKE)
    fake.chmod(0o755)
    (tmp_path / "review.md").write_text("All is well @everyone\n<!--\n```\n", "utf-8")
    (tmp_path / "link.md").symlink_to("/etc/hostname")
    names = {
        "REPO": "o/r",
        "HEAD_OWNER": "o",
        "HEAD_BRANCH": "b",
        "HEAD_SHA": "0" * 40,
        "FAKE_NUMBER": "5",
        "FAKE_OLD": "",
        "FAKE_FILES": "data/a.csv\n.ci/review",
        "FAKE_LOG": str(tmp_path / "log"),
        "PATH": f"{fake.parent}{os.pathsep}{os.environ['PATH']}",
    }
    for name in ("review.md", "link.md"):
        assert run(tmp_path, str(ROOT / ".ci/comment"), str(tmp_path / name), **names).returncode == 0
    bodies = [
        entry["body"] for line in (tmp_path / "log").read_text().splitlines() if (entry := json.loads(line))["body"]
    ]
    first, second = bodies
    assert "touches more than rows" in first
    assert "\n    All is well @everyone\n    <!--\n    ```\n" in first
    assert "could not be told" in second


def test_a_run_that_made_nothing_is_said_to_have_made_nothing(tmp_path: Path) -> None:
    """The comment of an older commit stood as if it were of this one."""
    fake = tmp_path / "bin" / "gh"
    fake.parent.mkdir()
    fake.write_text(FAKE)
    fake.chmod(0o755)
    names = {
        "REPO": "o/r",
        "HEAD_OWNER": "o",
        "HEAD_BRANCH": "b",
        "HEAD_SHA": "0" * 40,
        "FAKE_NUMBER": "5",
        "FAKE_OLD": "77",
        "FAKE_LOG": str(tmp_path / "log"),
        "PATH": f"{fake.parent}{os.pathsep}{os.environ['PATH']}",
    }
    assert run(tmp_path, str(ROOT / ".ci/comment"), str(tmp_path / "absent.md"), **names).returncode == 0
    assert "could not be told" in json.loads((tmp_path / "log").read_text().splitlines()[-1])["body"]


def test_a_run_without_a_pull_request_writes_nothing(tmp_path: Path) -> None:
    fake = tmp_path / "bin" / "gh"
    fake.parent.mkdir()
    fake.write_text(FAKE)
    fake.chmod(0o755)
    (tmp_path / "review.md").write_text("x")
    names = {
        "REPO": "o/r",
        "HEAD_OWNER": "o",
        "HEAD_BRANCH": "b",
        "HEAD_SHA": "0" * 40,
        "FAKE_NUMBER": "",
        "FAKE_OLD": "",
        "FAKE_LOG": str(tmp_path / "log"),
        "PATH": f"{fake.parent}{os.pathsep}{os.environ['PATH']}",
    }
    assert run(tmp_path, str(ROOT / ".ci/comment"), str(tmp_path / "review.md"), **names).returncode == 0
    assert len((tmp_path / "log").read_text().splitlines()) == 1


def test_a_release_whose_tag_is_not_its_version_is_refused(repository: Path) -> None:
    done = run(repository, ".ci/release", "v99.0.0")
    assert done.returncode == 1
    assert "the tag is v99.0.0" in done.stderr


def test_a_release_is_made_twice_with_the_same_bytes(repository: Path, tmp_path: Path) -> None:
    version = loader.load(repository).package["version"]
    (repository / "CHANGELOG.md").write_text(f"# Changelog\n\n## {version}, 2020-01-01\n", "utf-8")
    git = ("git", "-c", "user.name=t", "-c", "user.email=t@example.org")
    assert run(repository, sys.executable, "-m", "bastions.cli", "release", "--lock-only").returncode == 0
    run(repository, *git, "add", "-A")
    run(repository, *git, "commit", "-qm", "date")
    out = str(tmp_path.parent / f"{tmp_path.name}-dist")
    done = run(repository, ".ci/release", f"v{version}", out)
    assert done.returncode == 1
    assert "releases/ is not what was committed" in done.stderr
    run(repository, *git, "add", "-A")
    run(repository, *git, "commit", "-qm", "release")
    done = run(repository, ".ci/release", f"v{version}", out)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (Path(out) / f"bastions-{version}.tar.gz").is_file()


def test_offline_hands_on_what_sudo_would_drop(tmp_path: Path) -> None:
    """A Python of the runner needs LD_LIBRARY_PATH, which sudo takes away; a stand-in for sudo takes all away."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, text in {
        "unshare": '#!/bin/sh\n[ -n "$AS_ROOT" ] || exit 1\nwhile [ "$1" != -- ] && [ $# -gt 1 ]; do shift; done\n'
        '[ "$1" = -- ] && shift\nexec "$@"\n',
        "sudo": '#!/bin/sh\nshift\nexec env -i AS_ROOT=1 PATH="$PATH" "$@"\n',
        "setpriv": '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n',
    }.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    names = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "LD_LIBRARY_PATH": "/a b", "MORE": "x\ny"}
    words = [str(ROOT / ".ci/offline"), "sh", "-c", 'printf %s "$LD_LIBRARY_PATH|$MORE|$0" ', "z"]
    done = run(tmp_path, *words, **names)
    assert done.stdout == "/a b|x\ny|z", done.stderr

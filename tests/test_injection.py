"""Builds that are killed, whose calls fail, that meet full disks or each other: one whole release is there afterwards.

The shortened form of `bench/injection.py`, which hits every call of a build; see `injection/interceptor.py` for how.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bastions import cli
from bastions.publish import atomic
from bastions.tabular.tables.scratch import scratch

INJECTION = Path(__file__).parent / "injection"
sys.path.insert(0, str(INJECTION))

import boxes  # noqa: E402
import campaigns  # noqa: E402
import disks  # noqa: E402
import interceptor  # noqa: E402
import variations  # noqa: E402
from boxes import BUILD, OUT, Box  # noqa: E402
from victims import Fault, Victims  # noqa: E402

SOURCE = Path(__file__).parents[1] / "src"
CLI = [sys.executable, "-m", "bastions.cli"]


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    if reason := interceptor.unavailable():
        pytest.skip(f"NOT TESTED, killed builds and failing calls: {reason}")
    with Victims() as started:
        yield started


@pytest.fixture(scope="module")
def package(victims: Victims, tmp_path_factory: pytest.TempPathFactory) -> Box:
    return boxes.make(tmp_path_factory.mktemp("package"), victims)


@pytest.fixture
def box(package: Box) -> Box:
    """The small package, with its old release and nothing else."""
    package.reset()
    return package


@pytest.fixture(scope="module")
def tiny_box(victims: Victims, tiny_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Box:
    return boxes.make(tmp_path_factory.mktemp("dataset"), victims, tiny_once)


def survived(tally: campaigns.Tally, hits: int) -> None:
    assert not tally.wrong, "\n".join(tally.wrong)
    assert tally.hits >= hits, f"only {tally.hits} of {hits} builds were hit: {tally}"


def environment(box: Box) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(SOURCE), "TMPDIR": str(box.folder / "tmp")}


# --------------------------------------------------------------------------------------------------------------------
# Killed


def test_a_package_build_killed_at_any_kind_of_call(package: Box, victims: Victims) -> None:
    kinds = campaigns.each_kind(package, victims, 2)
    assert {"create", "fdatasync", "flock", "fsync", "mkdir", "pwrite64", "unlink", "write"} <= kinds.keys()
    assert kinds.keys() & {"rename", "renameat", "renameat2"}
    found = campaigns.Tally()
    for name, points in kinds.items():
        found.merge(campaigns.kills(package, victims, points, calls=[name]))
    survived(found, len(kinds))
    assert set(found.codes) == {-signal.SIGKILL}


def test_a_package_build_killed_where_there_is_no_release_yet(package: Box, victims: Victims) -> None:
    survived(campaigns.kills(package, victims, [1], calls=["rename"], old=False), 1)


def test_a_package_build_killed_where_two_names_cannot_be_swapped(package: Box, victims: Victims) -> None:
    """Between the two renames a reader finds nothing, which the next build puts right: known, and on no usual disk."""
    survived(campaigns.kills(package, victims, [1], calls=["rename"], no_exchange=True), 1)
    package.reset()
    victims.run(BUILD, package.folder, Fault(2, ["rename"], signal=signal.SIGKILL, always={"renameat2": errno.EINVAL}))
    assert package.state() == "none" and "site/.build-old" in package.left()
    assert victims.run(BUILD, package.folder).code == 0
    assert package.state() == "new" and not package.left()


def test_a_package_build_killed_at_random_moments(package: Box, victims: Victims) -> None:
    survived(campaigns.kills_at_random(package, victims, 3, seed=1), 3)


def test_a_dataset_build_killed_while_it_writes(tiny_box: Box, victims: Victims) -> None:
    survived(campaigns.kills(tiny_box, victims, [200], calls=["write"]), 1)


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_build_that_is_told_to_stop_says_so_and_leaves_nothing(
    box: Box, victims: Victims, by: signal.Signals
) -> None:
    for number in (2, 9):
        box.reset()
        ended = victims.run(BUILD, box.folder, Fault(number, ["create"], signal=by))
        assert (ended.code, ended.err) == (2, "bastions: interrupted\n")
        assert box.state() == "old" and box.left() == []


def test_a_process_of_its_own_is_stopped_by_sigterm(box: Box) -> None:
    with subprocess.Popen(
        [*CLI, *BUILD], cwd=box.folder, env=environment(box), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        while not list((box.folder / "site").glob(".build-stage-*")) and process.poll() is None:
            time.sleep(0.001)
        process.terminate()
        _, err = process.communicate()
    assert (process.returncode, err) == (2, "bastions: interrupted\n")
    assert box.state() == "old" and box.left() == []


def test_a_signal_that_is_ignored_or_handled_stays_so() -> None:
    """`nohup` ignores SIGHUP, and a program that calls ours may handle SIGTERM itself."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN), signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with cli._stoppable():
            os.kill(os.getpid(), signal.SIGHUP)
            os.kill(os.getpid(), signal.SIGTERM)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before[0])
        signal.signal(signal.SIGTERM, before[1])


def test_an_interrupt_before_the_verb_begins_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It was one while the arguments were read."""

    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_parser", interrupted)
    assert cli.main(["validate"]) == 2
    assert capsys.readouterr().err == "bastions: interrupted\n"


def test_signals_are_as_they_were_after_a_verb() -> None:
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    with cli._stoppable():
        assert signal.getsignal(signal.SIGTERM) != signal.SIG_DFL
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_strace_kills_and_fails_the_rename_with_the_same_outcome(box: Box) -> None:
    """Another program does it to a process of its own, lest our own interceptor deceive us."""
    strace = shutil.which("strace")
    if not strace:
        pytest.skip("NOT TESTED, a second opinion on killed builds: install strace")
    seen = []
    for what in ("signal=SIGKILL", "error=EIO"):
        box.reset()
        options = ["-f", "-qq", "-o", os.devnull, "-e", "trace=renameat2", "-e", f"inject=renameat2:{what}:when=1"]
        command = [strace, *options, *CLI, *BUILD]
        done = subprocess.run(command, cwd=box.folder, env=environment(box), capture_output=True, text=True)
        if "ptrace" in done.stderr:
            pytest.skip(f"NOT TESTED, a second opinion on killed builds: strace may not trace: {done.stderr.strip()}")
        seen.append(done)
        assert box.state() == "old", what
    killed, failed = seen
    assert killed.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
    assert failed.returncode == 2 and str(OUT.parent) in failed.stderr and "Input/output error" in failed.stderr


# --------------------------------------------------------------------------------------------------------------------
# Calls that fail


@pytest.mark.parametrize("error", campaigns.FAILURES, ids=lambda code: errno.errorcode[code])
def test_a_call_that_fails_is_told_with_a_file_and_the_old_release_stays(
    package: Box, victims: Victims, error: int
) -> None:
    calls = campaigns.FAILURES[error]
    points = campaigns.spread(campaigns.count(package, victims, calls), 6)
    survived(campaigns.failures(package, victims, error, points), 5)


def test_a_disk_that_stays_full(package: Box, victims: Victims) -> None:
    points = campaigns.spread(campaigns.count(package, victims, campaigns.DISK), 5)
    survived(campaigns.failures(package, victims, errno.ENOSPC, points, lasting=True), 4)


def test_a_call_that_fails_in_a_dataset_build(tiny_box: Box, victims: Victims) -> None:
    survived(campaigns.failures(tiny_box, victims, errno.EIO, [30], calls=["fsync"]), 1)


def test_a_file_that_cannot_be_seen_onto_the_disk_is_named(box: Box, victims: Victims) -> None:
    """It was "bastions: Input/output error": the system names no file where it fails to sync or to read one."""
    ended = victims.run(BUILD, box.folder, Fault(3, ["fsync"], error=errno.EIO))
    assert ended.code == 2 and Path(ended.hit).name in ended.err
    ended = victims.run(BUILD, box.folder, Fault(1, ["read"], error=errno.EIO))
    assert ended.hit == "read source/datapackage.json"
    assert (ended.code, ended.err) == (2, "bastions: source: Input/output error\n")


def test_what_fails_after_the_swap_says_that_the_new_release_is_in_place(box: Box, victims: Victims) -> None:
    """It read as if nothing had been published."""
    last = victims.run(BUILD, box.folder).seen["fsync"]
    box.reset()
    ended = victims.run(BUILD, box.folder, Fault(last, ["fsync"], error=errno.EIO))
    assert ended.hit == "fsync site"
    assert ended.code == 2 and "the new release is in place" in ended.err
    assert box.state() == "new" and box.left() == []


def test_a_second_rename_that_fails_is_undone(box: Box, victims: Victims) -> None:
    """Where names cannot be swapped the old release was gone until the next build, and the new one deleted."""
    fault = Fault(2, ["rename"], error=errno.EIO, always={"renameat2": errno.EINVAL})
    ended = victims.run(BUILD, box.folder, fault)
    assert ended.code == 2 and "Input/output error" in ended.err
    assert box.state() == "old" and box.left() == []


def test_a_folder_that_cannot_be_listed_is_not_taken_for_an_empty_one(box: Box, victims: Victims) -> None:
    """`rglob` passes over a folder that may not be read, and what it held would have been deleted unseen."""
    precious = box.folder / OUT / "parquet" / "thesis.txt"
    precious.write_text("x")
    for number in range(1, 40):
        ended = victims.run(BUILD, box.folder, Fault(number, ["getdents64"], error=errno.EACCES))
        assert ended.code == 2 and precious.exists(), ended
        if not ended.hit:
            break
    assert number > 5


def test_the_folder_of_temporary_files_is_not_tried_by_writing_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build killed in that moment left a file of eight letters in /tmp, which nothing ever deleted."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_get_default_tempdir", lambda: pytest.fail("it was tried"))
    with scratch() as folder:
        assert folder.parent == tmp_path.resolve()


def test_a_lock_that_its_holder_deletes_meanwhile_is_no_error(tmp_path: Path) -> None:
    """With many builds at once one of them said that the lock file was not there, instead of trying again."""
    path = tmp_path / "lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        assert atomic._stands(path, descriptor)
        path.unlink()
        assert not atomic._stands(path, descriptor)
        path.touch()
        assert not atomic._stands(path, descriptor)
    finally:
        os.close(descriptor)


# --------------------------------------------------------------------------------------------------------------------
# Full disks, and folders that may not be written to


@pytest.mark.parametrize("folder", ["site", "tmp"])
def test_small_disks_of_several_sizes(box: Box, victims: Victims, folder: str) -> None:
    """From a size on the build works; below it says which file did not fit, and the old release stays."""
    codes = []
    held = sum(path.stat().st_size for path in (box.folder / OUT).rglob("*")) if folder == "site" else 0
    try:
        for room in (4_096, 32_768, 131_072, 524_288, 4_194_304)[:: 1 if folder == "site" else 4]:
            with disks.small_disk(box.folder / folder, held * 2 + room):
                if folder == "site":
                    shutil.copytree(box.old, box.folder / OUT)
                ended = victims.run(BUILD, box.folder)
                codes.append(ended.code)
                assert box.state() == ("new" if ended.code == 0 else "old"), ended
                assert box.left() == [], ended
                if ended.code:
                    assert ended.code == 2 and "space" in ended.err and f"{folder}/" in ended.err, ended
    except disks.Unmountable as reason:
        pytest.skip(f"NOT TESTED, full disks: {reason}")
    assert codes[-1] == 0 and (2 in codes), codes


def test_a_source_that_is_read_only_is_built_and_a_release_that_is_read_only_is_refused(
    box: Box, victims: Victims
) -> None:
    try:
        with disks.read_only(box.folder / "source"):
            assert victims.run(BUILD, box.folder).code == 0
            assert box.state() == "new"
            ended = victims.run(["build", "source"], box.folder)
            assert ended.code == 2 and "source/.build-lock: Read-only file system" in ended.err
        box.reset()
        with disks.read_only(box.folder / "site"):
            ended = victims.run(BUILD, box.folder)
            assert ended.code == 2 and "site/.build-lock: Read-only file system" in ended.err
            assert box.state() == "old"
        with disks.read_only(box.folder / "tmp"):
            ended = victims.run(BUILD, box.folder)
        assert ended.code == 0 or f"{box.folder / 'tmp'}" in ended.err
        assert box.left() == []
    except disks.Unmountable as reason:
        pytest.skip(f"NOT TESTED, read-only file systems: {reason}")


def test_a_release_that_its_owner_made_read_only_is_not_replaced(box: Box) -> None:
    """It was, and the old folder, which could not be deleted, made every later build fail."""
    if reason := variations.not_root():
        pytest.skip(f"NOT TESTED, a release that may not be written to: {reason}")
    (where := Path(tempfile.mkdtemp())).chmod(0o755)
    try:
        shutil.copytree(box.folder, where / "box")
        (where / "box" / OUT / "parquet").chmod(0o555)
        for path in (where / "box", *(where / "box").rglob("*")):
            os.chown(path, variations.NOBODY, variations.NOBODY)
        for _ in range(2):
            done = subprocess.run(
                [*variations.AS_NOBODY, *CLI, *BUILD],
                cwd=where / "box",
                env={**environment(box), "TMPDIR": str(where / "box" / "tmp")},
                capture_output=True,
                text=True,
            )
            assert done.returncode == 2
            assert "build/parquet: is to be replaced, and may not be written to" in done.stderr
        assert Box(where / "box", box.old, box.releases).state() == "old"
        assert sorted(path.name for path in (where / "box" / "site").iterdir()) == ["build"]
    finally:
        shutil.rmtree(where)


# --------------------------------------------------------------------------------------------------------------------
# Several at once, and what the dead leave

AT_ONCE = textwrap.dedent("""
    import importlib, os, sys, time
    sys.path.insert(0, sys.argv[1])
    import victims
    for name in victims.MODULES:
        importlib.import_module(name)
    from bastions import cli
    start, children = time.monotonic() + 0.5, []
    for _ in range(int(sys.argv[2])):
        child = os.fork()
        if not child:
            time.sleep(max(0, start - time.monotonic()))
            code = cli.main(sys.argv[3:])
            sys.stdout.flush()
            os._exit(code)
        children.append(child)
    for child in children:
        print("code", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
""")


@pytest.mark.parametrize("number", [2, 20])
def test_builds_at_once_into_one_folder(box: Box, number: int) -> None:
    command = [sys.executable, "-c", AT_ONCE, str(INJECTION), str(number), *BUILD]
    done = subprocess.run(command, cwd=box.folder, env=environment(box), capture_output=True, text=True)
    codes = [int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("code ")]
    assert len(codes) == number and 0 in codes and set(codes) <= {0, 2}, done
    told = [line for line in done.stderr.splitlines() if line]
    busy = f"bastions: nothing was published: another build is writing to {box.folder / OUT}; wait for it to end"
    assert told == [busy] * codes.count(2)
    assert number == 2 or 2 in codes
    assert box.state() == "new" and box.left() == []


def test_what_dead_processes_left_is_cleared_up(box: Box, victims: Victims) -> None:
    site, tmp = box.folder / "site", box.folder / "tmp"
    (site / ".build-lock").write_text("4711\n")
    shutil.copytree(box.old, site / ".build-stage-4711")
    (site / ".build-stage-12").mkdir()
    shutil.copytree(box.old, site / ".build-old")
    dead = tmp / f"bastions-{os.geteuid()}-4711-abcdefgh"
    dead.mkdir(mode=0o700)
    (dead / "0000.parquet").write_text("half")
    ended = victims.run(BUILD, box.folder)
    assert (ended.code, ended.err) == (0, "")
    assert box.state() == "new" and box.left() == []


def test_the_stages_of_other_releases_are_left_alone(box: Box, victims: Victims) -> None:
    """Their names begin alike; `[` in a name is no pattern."""
    others = [".build-2-stage-1", ".buil-stage-1", "build-stage-1", ".other-stage-1", ".[b]uild-stage-1"]
    for name in others:
        (box.folder / "site" / name).mkdir()
    assert victims.run(BUILD, box.folder).code == 0
    assert box.left() == sorted(f"site/{name}" for name in others)

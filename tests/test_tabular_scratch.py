"""The temporary folder of a run: private, gone after it, and swept up by the next run where it was killed."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bastions.tabular.tables import scratch as module
from bastions.tabular.tables.scratch import scratch

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="locks of the kernel")

RUN = """
import sys
from bastions.tabular.tables.scratch import scratch
with scratch() as folder:
    (folder / "big").write_bytes(b"x" * 1000)
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's temporary folder, for this test."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder.resolve()


@contextlib.contextmanager
def running() -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Another run, in the middle of its work, and its folder."""
    with subprocess.Popen([sys.executable, "-c", RUN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        try:
            yield run, Path(run.stdout.readline().strip())
        finally:
            run.kill()


def dead(base: Path, name: str) -> Path:
    """A folder as a killed run leaves it."""
    folder = base / f"bastions-{os.geteuid()}-{name}"
    folder.mkdir(mode=0o700)
    (folder / "deep").mkdir()
    (folder / "deep" / "file").write_text("x")
    return folder


def test_a_folder_is_private_and_gone_afterwards(base: Path) -> None:
    with scratch() as folder:
        assert folder.parent == base
        assert folder.name.startswith(f"bastions-{os.geteuid()}-{os.getpid()}-")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "deep").mkdir()
        (folder / "deep" / "file").write_text("x")
        with scratch() as other:
            assert other != folder
        assert folder.is_dir()
    assert list(base.iterdir()) == []


def test_it_is_gone_after_an_exception(base: Path) -> None:
    with pytest.raises(ValueError), scratch():
        raise ValueError
    assert list(base.iterdir()) == []


def test_what_a_killed_run_left_goes_with_the_next_run(base: Path) -> None:
    with running() as (run, left):
        assert (left / "big").exists()
        run.send_signal(signal.SIGKILL)
        run.wait()
        assert (left / "big").exists()
        with scratch() as folder:
            assert not left.exists()
            assert list(base.iterdir()) == [folder]


def test_a_run_that_goes_on_keeps_its_folder(base: Path) -> None:
    with running() as (run, theirs):
        with scratch():
            assert (theirs / "big").exists()
        assert (theirs / "big").exists()
        run.communicate("")
        assert run.returncode == 0 and not theirs.exists()


def test_a_half_made_or_half_removed_folder_goes(base: Path) -> None:
    """A run may be killed between making the folder and its lock, or while it removes the folder."""
    left = dead(base, "1-abcdefgh")
    with scratch():
        assert not left.exists()


def test_links_and_folders_of_another_mode_are_left_alone(base: Path, tmp_path: Path) -> None:
    """Anybody can put any name into /tmp: a link to a folder of the user must not empty that folder."""
    precious = tmp_path / "precious"
    precious.mkdir(mode=0o700)
    (precious / "thesis").write_text("x")
    prefix = f"bastions-{os.geteuid()}-"
    (base / f"{prefix}1-aaaaaaaa").symlink_to(precious)
    (base / f"{prefix}2-bbbbbbbb").write_text("a file")
    os.mkfifo(base / f"{prefix}3-cccccccc")
    dead(base, "4-dddddddd").chmod(0o755)
    trap = dead(base, "5-eeeeeeee")
    (trap / "lock").symlink_to(precious / "thesis")
    pipe = dead(base, "6-ffffffff")
    os.mkfifo(pipe / "lock")
    dead(base, "x-other-program")
    with scratch():
        names = {path.name.removeprefix(prefix) for path in base.iterdir()}
        assert {"1-aaaaaaaa", "2-bbbbbbbb", "3-cccccccc", "4-dddddddd", "5-eeeeeeee", "x-other-program"} <= names
    assert (precious / "thesis").read_text() == "x"


def test_a_link_in_a_left_folder_is_removed_and_not_followed(base: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis").write_text("x")
    left = dead(base, "1-abcdefgh")
    (left / "link").symlink_to(precious)
    with scratch():
        assert not left.exists()
    assert (precious / "thesis").read_text() == "x"


def test_folders_of_others_are_left_alone(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may delete anything, so it is the owner that counts and not whether it can be done."""
    left = dead(base, "1-abcdefgh")
    theirs = left.rename(base / f"bastions-{os.geteuid() + 1}-1-abcdefgh")
    with scratch():
        assert (theirs / "deep" / "file").exists()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)  # the name says ours, the folder says another's
    with scratch():
        assert (theirs / "deep" / "file").exists()


def test_a_folder_swept_while_it_is_made_is_made_again(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another run that starts in the same moment sees a folder without a lock and takes it for a dead one's."""
    real = tempfile.mkdtemp
    swept: list[str] = []

    def interrupted(**of: str) -> str:
        made = real(**of)
        if len(swept) < 2:
            swept.append(made)
            module._sweep(base)
            assert not Path(made).exists()
        return made

    monkeypatch.setattr(tempfile, "mkdtemp", interrupted)
    with scratch() as folder:
        assert folder.is_dir() and str(folder) not in swept
        module._sweep(base)
        assert folder.is_dir()
    assert list(base.iterdir()) == []


def test_a_lock_swept_while_it_is_taken_is_no_lock(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock of a deleted file holds nobody off: the folder of such a lock must not be used."""
    real = module._locked
    times: list[int] = []

    def interrupted(descriptor: int) -> bool:
        times.append(1)
        if len(times) == 1:
            module._sweep(base)
        return real(descriptor)

    monkeypatch.setattr(module, "_locked", interrupted)
    with scratch() as folder:
        assert (folder / "lock").exists()
    assert list(base.iterdir()) == []


def test_a_full_or_forbidden_folder_is_an_error(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(base / "gone"))
    with pytest.raises(OSError), scratch():
        pass

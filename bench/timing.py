"""Runs a command in a process of its own and says what it took, as the operating system and `/proc` tell it.

The peak is that of the largest single process; `tree` is the largest sum over the process and its children at one
moment, seen several times a second (memory that they share counts more than once). What times must stay small itself:
Linux counts the memory of the starter, until it is replaced, to the peak of what it starts.
"""

from __future__ import annotations

import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

HERE = Path(__file__).parent
PAGE, TICK = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")

CLI = "import sys; from bastions.cli import main; sys.exit(main())"
"""The same as the command `bastions`, but always of the code beside this folder."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a process and its children had at one moment: `at` is `time.monotonic()`, `cpu` seconds so far."""

    at: float
    mb: float
    cpu: float
    processes: int


@dataclass(frozen=True, slots=True)
class Run:
    """A finished command.

    Attributes:
        code: Exit code; negative for the signal that ended it.
        seconds: Wall time of the whole process.
        cpu: Seconds of work on all cores.
        peak: Largest resident memory of one process, MB.
        tree: Largest sum over it and its children, MB; 0 where there is no `/proc`.
        processes: As many ran at once.
        began: `time.monotonic()` at its start.
        left: Processes of its session that outlived it by a second, and were ended here.
    """

    code: int
    seconds: float
    cpu: float
    peak: float
    tree: float
    processes: int
    out: str
    err: str
    began: float
    samples: tuple[Sample, ...]
    left: int = 0

    @property
    def last(self) -> str:
        """The last line of what it said on standard error: no paths of a traceback."""
        return (self.err.strip().splitlines() or ["no message"])[-1][:200]


def ours(*arguments: str | Path) -> list[str]:
    """The command `bastions` with these arguments."""
    return [sys.executable, "-c", CLI, *map(str, arguments)]


def script(name: str, *arguments: str | Path, python: str | Path = sys.executable) -> list[str]:
    """A script of this folder with these arguments."""
    return [str(python), str(HERE / name), *map(str, arguments)]


def run(
    command: Sequence[str],
    *,
    every: float = 0.1,
    more: Mapping[str, str] | None = None,
    kill_after: float | None = None,
    out: Path | None = None,
) -> Run:
    """Runs a command to its end, or to its end by SIGKILL.

    Args:
        command: The program and its arguments.
        every: Seconds between two looks at its memory.
        more: Variables of its environment, beside those of this process.
        kill_after: Seconds until it is killed.
        out: Where its standard output goes, if it may be large; else it is returned.
    """
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent / "src"), **(more or {})}
    samples: list[Sample] = []
    done = threading.Event()
    with contextlib.ExitStack() as stack:
        stdout: IO[bytes] = stack.enter_context(tempfile.TemporaryFile())
        if out:
            stdout = stack.enter_context(out.open("w+b"))
        stderr = stack.enter_context(tempfile.TemporaryFile())
        began, moment = time.perf_counter(), time.monotonic()
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, env=environment, start_new_session=True
        )
        watcher = threading.Thread(target=_watch, args=(child.pid, every, done, samples), daemon=True)
        watcher.start()
        killer = threading.Timer(kill_after or 0, os.kill, (child.pid, signal.SIGKILL))
        if kill_after is not None:
            killer.start()
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
        killer.cancel()
        done.set()
        watcher.join()
        child.returncode = os.waitstatus_to_exitcode(status)
        left = _end(child.pid)
        texts = []
        for stream in (stdout, stderr):
            stream.seek(0)
            texts.append(stream.read(1_000_000 if stream is stdout and out else -1).decode(errors="replace"))
    return Run(
        code=child.returncode,
        seconds=seconds,
        cpu=used.ru_utime + used.ru_stime,
        peak=used.ru_maxrss / (1024 if sys.platform.startswith("linux") else 2**20),
        tree=max((s.mb for s in samples), default=0.0),
        processes=max((s.processes for s in samples), default=1),
        out=texts[0],
        err=texts[1],
        began=moment,
        samples=tuple(samples),
        left=left,
    )


def _watch(pid: int, every: float, done: threading.Event, samples: list[Sample]) -> None:
    while not done.wait(every):
        found = [seen for seen in map(_look, _tree(pid)) if seen]
        if found:
            memory, cpu = sum(mb for mb, _ in found), sum(cpu for _, cpu in found)
            samples.append(Sample(time.monotonic(), memory, cpu, len(found)))


def _tree(pid: int) -> Iterable[int]:
    yield pid
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _look(pid: int) -> tuple[float, float] | None:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, IndexError, ValueError):
        return None
    return pages * PAGE / 2**20, (int(fields[11]) + int(fields[12])) / TICK


def _session(pid: int) -> list[int]:
    """Processes of the session that `pid` led."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = entry.read_text().rpartition(")")[2].split()
            if int(fields[3]) == pid and fields[0] != "Z":
                found.append(int(entry.parent.name))
    return found


def _end(pid: int) -> int:
    """Ends what outlived a process that was started here, and says how many processes that were."""
    if not Path("/proc/self").exists() or not _session(pid):
        return 0
    time.sleep(1)
    left = _session(pid)
    for one in left:
        with contextlib.suppress(OSError):
            os.kill(one, signal.SIGKILL)
    return len(left)


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Median, least and most."""
    return statistics.median(values), min(values), max(values)


def size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

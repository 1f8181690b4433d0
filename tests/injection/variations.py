"""The circumstances of a build that must not show in what it publishes: where, when, by whom, with what settings.

Each variation runs the command line as a process of its own on a copy of the source, and gives the folder of the
release. `compare` says what differs from the release of an undisturbed build: every file but the database and its
digest must have the same bytes, and the tables of the database the same rows.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import boxes

SOURCE = Path(__file__).parents[2] / "src"
NOBODY = 65534
AS_NOBODY = (
    *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
    *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
)
"""Runs a program as a user who owns nothing, and may read everything: Python may be where only root may look."""
TEXTS = {".csv", ".json", ".yaml", ".sql", ".cff"}
"""Files that git may check out with CRLF. A text that is published byte by byte is what it is."""

SHUFFLED = """
import os, random
_listdir, _scandir, _chance = os.listdir, os.scandir, random.Random(5)
def listdir(*a):
    found = sorted(_listdir(*a)); _chance.shuffle(found); return found
class scandir:
    def __init__(self, *a):
        with _scandir(*a) as entries: found = sorted(entries, key=lambda e: e.name)
        _chance.shuffle(found); self._left = iter(found)
    def __iter__(self): return self
    def __next__(self): return next(self._left)
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def close(self): pass
os.listdir, os.scandir = listdir, scandir
"""
LATER = """
import time, datetime
_shift = 40 * 365 * 86400.5
for _name in ("time", "time_ns"):
    _by = int(_shift * (10**9 if _name.endswith("ns") else 1))
    def _moved(_real=getattr(time, _name), _by=_by): return _real() + _by
    setattr(time, _name, _moved)
for _name in ("localtime", "gmtime"):
    def _moved(seconds=None, _real=getattr(time, _name)): return _real(time.time() if seconds is None else seconds)
    setattr(time, _name, _moved)
class _datetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None): return cls.fromtimestamp(time.time(), tz)
    @classmethod
    def utcnow(cls): return cls.fromtimestamp(time.time(), datetime.timezone.utc).replace(tzinfo=None)
class _date(datetime.date):
    @classmethod
    def today(cls): return cls.fromtimestamp(time.time())
datetime.datetime, datetime.date = _datetime, _date
"""


@dataclass(frozen=True, slots=True)
class Variation:
    """A circumstance.

    Attributes:
        name: What it is, in words.
        settings: Variables of the environment; None: taken away.
        bare: No other variables at all, but for the path and the sources.
        options: Options of Python.
        prepare: Is given the copy of the source and changes it.
        where: The folder of the source, below one of its own.
        elsewhere: The working directory is another folder, and every path is absolute.
        umask: Of the process.
        cores: The processors that it may use.
        user: Who runs it.
        startup: What Python runs before all else.
        no_input: Standard input is closed.
        older: A release of an older build is there.
        needs: Why it cannot be tried here; empty if it can.
        short: Tried by itself in the shortened form too, since `TOGETHER` does without it.
    """

    name: str
    settings: Mapping[str, str | None] = field(default_factory=dict)
    bare: bool = False
    options: tuple[str, ...] = ()
    prepare: Callable[[Path], None] | None = None
    where: str = "source"
    elsewhere: bool = False
    umask: int = -1
    cores: int = 0
    user: int | None = None
    startup: str = ""
    no_input: bool = False
    older: bool = False
    needs: Callable[[], str] = lambda: ""
    short: bool = False

    def __str__(self) -> str:
        return self.name


def with_crlf(source: Path) -> None:
    """As git checks texts out where `core.autocrlf` is set."""
    for path in source.rglob("*"):
        if path.suffix in TEXTS and path.is_file():
            path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def made_backwards(source: Path) -> None:
    """The files are made anew in an order by chance, so that folders list them in another."""
    files = sorted((p for p in source.rglob("*") if p.is_file()), reverse=True)
    random.Random(3).shuffle(files)
    texts = {path: path.read_bytes() for path in files}
    shutil.rmtree(source)
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


def long_ago(source: Path) -> None:
    """Files of the year 1985 that anybody may run."""
    for path in source.rglob("*"):
        if path.is_file():
            path.chmod(0o755)
        os.utime(path, (500_000_000, 500_000_000))


def read_only(source: Path) -> None:
    """Nothing may be written to. Root may all the same: `tests/test_injection.py` mounts it read-only for that."""
    for path in (*source.rglob("*"), source):
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))


def not_root() -> str:
    """Why no program can be run as another user here; empty if it can."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "only root can run a build as another user"
    try:
        seen = subprocess.run([*AS_NOBODY, sys.executable, "-c", ""], capture_output=True, text=True)
    except OSError:
        return "there is no program `setpriv` (Debian package util-linux)"
    return seen.stderr.strip()


def _no_locale(name: str) -> Callable[[], str]:
    def reason() -> str:
        with contextlib.suppress(OSError):
            listed = subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout.lower().replace("-", "")
            return "" if name.lower().replace("-", "") in listed.split() else f"the locale {name} is not installed"
        return "there is no program `locale`"

    return reason


def _one_core() -> str:
    return "" if hasattr(os, "sched_setaffinity") else "processors can be chosen on Linux alone"


ALL = (
    Variation("another time zone", {"TZ": "Pacific/Kiritimati"}),
    Variation("a time zone by a rule", {"TZ": "<-0930>9:30<-0830>,M3.2.0,M11.1.0"}),
    Variation("the locale C, no UTF-8 mode", {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    Variation("the locale POSIX", {"LC_ALL": "POSIX", "LANG": "POSIX", "LANGUAGE": "tr:de"}),
    Variation("a German locale", {"LC_ALL": "de_DE.UTF-8", "PYTHONUTF8": "0"}, needs=_no_locale("de_DE.utf8")),
    Variation("a locale that is not installed", {"LC_ALL": "xx_YY.ISO-8859-1", "LANG": "xx_YY", "PYTHONUTF8": "0"}),
    Variation("UTF-8 mode", {"PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}),
    Variation("no variables at all", bare=True, short=True),
    Variation("files for the owner alone", umask=0o077),
    Variation("files for everybody", umask=0o000, short=True),
    Variation("a hash seed", {"PYTHONHASHSEED": "1"}),
    Variation("another hash seed", {"PYTHONHASHSEED": "4294967295"}),
    Variation("one thread", {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}),
    Variation(
        "seven threads", {"POLARS_MAX_THREADS": "7", "OMP_NUM_THREADS": "7", "OPENBLAS_NUM_THREADS": "7"}, short=True
    ),
    Variation("one processor, also for DuckDB", cores=1, needs=_one_core),
    Variation("another, deeper folder", where="a/b/c/d/e/f/other"),
    Variation("a folder with spaces, quotes and other scripts", where="an other's \"[é]* دير %20 ﷽;#/source"),
    Variation("another user", user=NOBODY, needs=not_root, short=True),
    Variation("files made in another order", prepare=made_backwards),
    Variation("folders listed in an order by chance", startup=SHUFFLED),
    Variation("texts checked out with CRLF", prepare=with_crlf, short=True),
    Variation("a clock forty years ahead", startup=LATER),
    Variation("files of 1985, executable", prepare=long_ago, short=True),
    Variation("no home", {"HOME": None, "USER": None, "LOGNAME": None, "XDG_CACHE_HOME": None}),
    Variation("a home that is not there", {"HOME": "/nonexistent/home"}),
    Variation("another folder of temporary files", {"TMPDIR": "{own}/elsewhere tmp", "TMP": None, "TEMP": None}),
    Variation("another working directory", elsewhere=True, short=True),
    Variation("Python without assertions and docstrings", options=("-OO",)),
    Variation("Python in development mode", options=("-X", "dev", "-W", "ignore")),
    Variation("Python without site packages of the user", options=("-s", "-B", "-u")),
    Variation("no standard input", no_input=True),
    Variation("over an older release", older=True, short=True),
    Variation("a source that may not be written to", prepare=read_only),
)
"""Every circumstance by itself."""
TOGETHER = Variation(
    "all that can be had at once",
    {
        "TZ": "Pacific/Kiritimati", "LC_ALL": "xx_YY.ISO-8859-1", "LANG": "C", "PYTHONHASHSEED": "77", "HOME": None,
        "PYTHONUTF8": "0", "POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "TMPDIR": "{own}/elsewhere tmp",
    },
    prepare=made_backwards,
    where="an other's \"[é]* دير %20 ﷽;#/source",
    umask=0o077,
    cores=1,
    startup=SHUFFLED + LATER,
    options=("-O",),
    no_input=True,
    needs=_one_core,
)  # fmt: skip
"""What is too slow to be tried one by one in every run of the tests."""


def build(of: Variation, source: Path, own: Path, older: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Builds a copy of a source in a circumstance.

    Args:
        of: The circumstance.
        source: The folder of the package or dataset.
        own: A folder to be made, in which all of it takes place; the release is `release(own)`.
        older: A release to build over, for the circumstance that there is one.
    """
    own.mkdir()
    copy = own / of.where
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, copy)
    (own / "elsewhere tmp").mkdir()
    if of.prepare:
        of.prepare(copy)
    if of.startup:
        (own / "startup").mkdir()
        (own / "startup" / "sitecustomize.py").write_text(of.startup, "utf-8")
    if of.older:
        assert older
        shutil.copytree(older, release(own))
    if of.user is not None:
        for path in (own, *own.rglob("*")):
            os.chown(path, of.user, of.user)
    sources = os.pathsep.join([*([str(own / "startup")] if of.startup else []), str(SOURCE)])
    kept = {"PATH", "LD_LIBRARY_PATH"} if of.bare else set(os.environ)
    environment = {name: value for name, value in os.environ.items() if name in kept} | {"PYTHONPATH": sources}
    for name, value in of.settings.items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value.format(own=own)
    inside: Path | str = copy if of.elsewhere else copy.name
    out: Path | str = release(own) if of.elsewhere else os.path.relpath(release(own), copy.parent)
    prefix = AS_NOBODY if of.user is not None else ()
    command = [*prefix, sys.executable, *of.options, "-m", "bastions.cli", "build", str(inside), "--out", str(out)]

    def begin() -> None:
        if of.cores:
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: of.cores])
        if of.no_input:
            os.close(0)

    return subprocess.run(
        command,
        cwd="/" if of.elsewhere else copy.parent,
        env=environment,
        umask=of.umask,
        preexec_fn=begin if of.cores or of.no_input else None,
        capture_output=True,
        text=True,
        errors="replace",
    )


def release(own: Path) -> Path:
    """Where the release of a circumstance is."""
    return own / "published" / "build"


def compare(one: Path, other: Path) -> list[str]:
    """What differs between two releases that should be the same."""
    first, second = boxes.stable(one), boxes.stable(other)
    wrong = [f"{name} is in one alone" for name in sorted(first.keys() ^ second.keys())]
    wrong += [f"{name} differs" for name in sorted(first.keys() & second.keys()) if first[name] != second[name]]
    tables, others = boxes.contents(boxes.database(one)), boxes.contents(boxes.database(other))
    wrong += [
        f"the table {name} differs"
        for name in sorted(tables.keys() | others.keys())
        if tables.get(name) != others.get(name)
    ]
    return wrong + [fault for folder in (one, other) for fault in boxes.faults(folder)]


def tried(of: Variation, source: Path, like: Path, own: Path, older: Path) -> list[str]:
    """What is wrong with a build in a circumstance, beside a release of the same source."""
    done = build(of, source, own, older)
    if done.returncode:
        return [f"exit {done.returncode}: {(done.stderr or done.stdout)[-500:]}"]
    left = [path.name for path in (own / "published").iterdir() if path.name != "build"]
    left += [path.name for path in (own / "elsewhere tmp").iterdir()]
    return compare(like, release(own)) + [f"{name} is left" for name in left]

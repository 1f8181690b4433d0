"""Runs a coverage-guided fuzzer on the byte-level readers of CSV for a given time.

    .venv/bin/python bench/fuzz.py --seconds 3600

The fuzzer is Atheris (libFuzzer for Python). It is no dependency of the project: it is installed into an environment
of its own below `--data`, which sees the libraries of the environment that runs this, so that what is fuzzed is what
the lock says. Wheels exist for Linux on x86-64. The target is `tests/fuzz/readers_target.py`; the inputs that it
begins with are those of `tests/fuzz/corpus/`, and what it finds stays below `--data` until `--keep` brings a small
part of it, minimised, back into the repository.

An input that fails is written to `findings/`; `--replay FILE` reads it alone, with a traceback.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import importlib
import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tests" / "fuzz" / "corpus" / "readers.txt"
PIN = "atheris==3.0.0"

MEMORY = 1_000_000_000
"""Bytes that the process may take: the bar for untrusted input."""

ONE = 20
"""Seconds that one input may take; the largest has some kilobytes."""

SLICE = 600
"""Seconds after which it begins anew with what it found: instrumented, every input costs some kilobytes for good."""

FAILURES = 20
"""Inputs that may fail before it gives up."""

KEPT = 150_000
"""Bytes of the inputs that are kept in the repository."""


def environment(data: Path) -> Path:
    """The Python of the fuzzer's environment, made where it is absent."""
    folder = data / "environment"
    python, stamp = folder / "bin" / "python", folder / "pin.txt"
    if stamp.is_file() and stamp.read_text() == PIN:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", PIN]
    subprocess.run(install, check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "project.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    stamp.write_text(PIN)
    return python


def inputs() -> list[bytes]:
    """The kept inputs: a line of base64 each."""
    lines = CORPUS.read_text("ascii").splitlines() if CORPUS.is_file() else []
    return [base64.b64decode(line, validate=True) for line in lines if line]


def unpack(folder: Path) -> None:
    """Writes the kept inputs as files, which is what the fuzzer reads."""
    folder.mkdir(parents=True, exist_ok=True)
    for given in inputs():
        (folder / hashlib.sha1(given, usedforsecurity=False).hexdigest()).write_bytes(given)


def fuzz(arguments: list[str]) -> None:
    """Within the fuzzer's environment: goes on until the time is over or an input fails."""
    atheris: Any = importlib.import_module("atheris")
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "fuzz")]
    with atheris.instrument_imports(include=["bastions.tabular.text", "bastions.tabular.fields.dangers"]):
        target = importlib.import_module("readers_target")
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    # To merge, libFuzzer has a shell run its own name again.
    name = shlex.join([sys.executable, sys.argv[0], "--inside"])
    atheris.Setup([name, *arguments], target.check)
    atheris.Fuzz()


def run(python: Path, data: Path, arguments: list[str], log: Path) -> int:
    """Runs the fuzzer in a process of its own, one thread of every library, and returns its exit code."""
    # One thread, so that an hour is the same hour on every machine and memory is that of one reader.
    environment = {**os.environ, "POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(data)}
    command = [str(python), str(Path(__file__).resolve()), "--inside", *arguments]
    with log.open("ab") as out:
        return subprocess.run(command, env=environment, stdout=out, stderr=out, check=False).returncode


def options(data: Path, seconds: int, seed: int) -> list[str]:
    """What libFuzzer is told."""
    return [
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        f"-timeout={ONE}",
        f"-rss_limit_mb={MEMORY // 1_000_000}",
        "-max_len=4096",
        "-print_final_stats=1",
        f"-dict={ROOT / 'tests' / 'fuzz' / 'readers.dict'}",
        f"-artifact_prefix={data / 'findings'}/",
        str(data / "inputs"),
    ]


def executions(log: Path) -> int:
    """How many inputs a log tells of: the last count of every run in it, also while it goes on."""
    total = last = 0
    for found in re.finditer(rb"^(?:#|stat::number_of_executed_units: )(\d+)", log.read_bytes(), re.MULTILINE):
        number = int(found[1])
        total, last = (total + last, number) if number < last else (total, number)
    return total + last


def keep(python: Path, data: Path, log: Path) -> int:
    """Writes a small part of what was found, which covers the same code, into the repository."""
    small = data / "minimised"
    shutil.rmtree(small, ignore_errors=True)
    small.mkdir(parents=True)
    code = run(python, data, ["-merge=1", "-max_len=400", str(small), str(data / "inputs")], log)
    if code or not any(small.iterdir()):
        raise SystemExit(f"nothing was kept: see {log}")
    found = sorted((path.read_bytes() for path in small.iterdir()), key=lambda given: (len(given), given))
    size, lines = 0, []
    for given in found:
        line = base64.b64encode(given).decode("ascii")
        size += len(line) + 1
        if size > KEPT:
            break
        lines.append(line)
    CORPUS.write_text("".join(f"{line}\n" for line in sorted(lines)), "ascii")
    return len(lines)


def main() -> int:
    """Runs what the command line asks for."""
    if sys.argv[1:2] == ["--inside"]:
        fuzz(sys.argv[2:])
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    place = Path(os.environ.get("BASTIONS_BENCH", tempfile.gettempdir())) / "bastions-fuzz"
    parser.add_argument("--data", type=Path, default=place, metavar="DIR", help=f"where all is kept ({place})")
    parser.add_argument("--seconds", type=int, default=60, help="how long it runs (60)")
    parser.add_argument("--seed", type=int, default=0, help="0 for another one each time")
    parser.add_argument("--keep", action="store_true", help="bring the inputs found, minimised, into the repository")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="read one input, with a traceback")
    given = parser.parse_args()
    data, python = given.data.resolve(), environment(given.data.resolve())
    log = data / "log.txt"
    if given.replay:
        return subprocess.run([str(python), __file__, "--inside", str(given.replay)], check=False).returncode
    if given.keep:
        sys.stdout.write(f"{keep(python, data, data / 'merge.txt'):,} inputs kept in {CORPUS.relative_to(ROOT)}\n")
        return 0
    unpack(data / "inputs")
    (data / "findings").mkdir(exist_ok=True)
    sys.stdout.write(f"log: {log}\n")
    sys.stdout.flush()
    failures = 0
    end = time.monotonic() + given.seconds
    # The fuzzer stops at an input that fails; the rest of the time is for others.
    while (left := round(end - time.monotonic())) > 0 and failures < FAILURES:
        code = run(python, data, options(data, min(left, SLICE), given.seed), log)
        failures += code != 0
    sys.stdout.write(
        f"{executions(log):,} inputs read in all; {failures} of them failed{': see findings/' if failures else ''}\n"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

"""Mutation testing of the validator's and the publisher's code: the tests have to notice a small change at any place.

    .venv/bin/python bench/code_mutants.py                                  # 80 changes, some ten minutes
    .venv/bin/python bench/code_mutants.py --from 80 --number 200           # the next ones of the same order
    .venv/bin/python bench/code_mutants.py --only src/bastions/tabular/text/records.py:88 --every

There are some 14,000 changes (`code_changes.py`), so this tries a sample: of each line one change, of all lines as many
as it is told, in an order that only the seed decides. All happens in a copy of the checkout. A first run of each test
file under coverage says which tests run which lines; it is kept below `--data` for as long as the code and that file
stay as they are. A mutant is judged by the tests that run its lines, the fastest first, until one fails.

A survivor is a change that no test would notice: it wants a test, or a sentence in `tests/code_mutants.yaml` (file,
function, what was changed: why) that says why the code means the same, or what nobody could lose. Prints survivors and
the score by file; ends with 1 if a survivor has no sentence, or a sentence no place.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import queue
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import coverage
import yaml
from code_changes import Change, changes
from code_measured import Measured, Mentions

ROOT = Path(__file__).parents[1]
PLUGIN = Path(__file__).parent / "code_tests.py"
SENTENCES = ROOT / "tests" / "code_mutants.yaml"

JUDGED = ("tabular/**/*.py", "validation/**/*.py", "publish/**/*.py", "problems.py")
"""Below `src/bastions/`."""

TESTS = ("tabular_*", "problems", "packages", "descriptor", "publish", "rules", "reference", "no_loss", "releas*")
"""The test files that judge, without `test_`; those that take longer than `SLOW` are left out, which is said.

The counterexamples of all rules, the commands, the fault bench, the fuzzers, the injected failures and the traced
system calls are not among them: they try everything at once and take minutes.
"""

SLOW = 300
"""Seconds that a test file may take while it is measured, which makes it some three times slower."""

MEMORY = 6_000_000_000
"""Bytes that a mutant may take: one that never ends a loop must not take the machine with it."""

LIVING = ("survived", "run by no test")
"""What a mutant is that wants a test or a sentence."""

LEFT_OUT = (".git", ".venv", "build", ".mypy_cache", ".ruff_cache", ".pytest_cache", "__pycache__")


@dataclass(frozen=True)
class Verdict:
    """What became of a change: killed, hung (and so killed), surviving, explained, or run by no test."""

    change: Change
    word: str
    seconds: float = 0
    by: str = ""


class Bench:
    """The copies of the checkout, and what is known of the tests."""

    def __init__(self, data: Path, copies: int) -> None:
        self.data = data
        self.copies: queue.Queue[Path] = queue.Queue()
        for number in range(copies):
            copy = data / f"copy-{number}"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
            self.copies.put(copy)
        self.first = data / "copy-0"
        source = self.first / "src" / "bastions"
        paths = sorted(path for pattern in JUDGED for path in source.glob(pattern))
        self.sources = {path.relative_to(self.first).as_posix(): path.read_bytes() for path in paths}
        self.measured = Measured()

    @cached_property
    def mentions(self) -> Mentions:
        """Of the judged code."""
        return Mentions(self.sources)

    def changes(self) -> list[Change]:
        """Every change of the judged code."""
        return [change for path, source in self.sources.items() for change in changes(path, source)]

    def command(self, copy: Path, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        """Pytest on a copy, with few plugins, in a group of processes of its own."""
        temporary = copy.with_name(f"{copy.name}-tmp")
        shutil.rmtree(copy / ".hypothesis", ignore_errors=True)
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        path = os.pathsep.join(map(str, (copy / "src", PLUGIN.parent)))
        environment = {
            **os.environ,
            "PYTHONPATH": path,
            "TMPDIR": str(temporary),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }
        plugins = ("-p", "_hypothesis_pytestplugin", "-p", "no:cacheprovider", "-p", PLUGIN.stem)
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", *plugins, "--hypothesis-seed=0", "--tb=no", *arguments],
            cwd=copy,
            env=environment | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )

    def measure(self, file: str) -> str:
        """Takes up what a test file runs, from what is kept or by running it; returns what is wrong with it."""
        mark = hashlib.sha256(b"".join([*self.sources.values(), (self.first / file).read_bytes()])).hexdigest()[:16]
        kept = self.data / f"{Path(file).stem}-{mark}.json"
        if not kept.is_file():
            config, written = self.data / "coverage.ini", self.data / "coverage.db"
            include = "\n    ".join(f"{self.first}/{path}" for path in self.sources)
            config.write_text(f"[run]\nparallel = true\npatch = subprocess\ninclude =\n    {include}\n")
            report = (
                "-p",
                "pytest_cov.plugin",
                "--cov",
                f"--cov-config={config}",
                "--cov-context=test",
                "--cov-report=",
            )
            out = self.data / "tests.json"
            out.unlink(missing_ok=True)
            run = self.command(self.first, *report, file, COVERAGE_FILE=str(written), BASTIONS_TESTS=str(out))
            told = _ended(run, SLOW)
            if told is None or not out.is_file():
                kept.write_text(json.dumps({"slow": told is None}))
            else:
                data = coverage.CoverageData(str(written))
                data.read()
                lines = {path: data.contexts_by_lineno(str(self.first / path)) for path in self.sources}
                kept.write_text(json.dumps({**json.loads(out.read_text()), "lines": lines}))
                written.unlink()
        found = json.loads(kept.read_text())
        if "lines" not in found:
            return f"takes over {SLOW} s" if found["slow"] else "did not run"
        self.measured.add(found)
        return (
            f"{len(found['failed'])} tests do not pass without any change: {found['failed'][0]}"
            if found["failed"]
            else ""
        )

    def judge(self, number: int, change: Change) -> Verdict:
        """Runs the tests of a change."""
        tests = self.measured.of(change, self.mentions)
        if not tests:
            return Verdict(change, "run by no test")
        copy = self.copies.get()
        start = time.monotonic()
        path = copy / change.path
        was = path.stat()
        try:
            path.write_bytes(change.applied(self.sources[change.path]))
            # Compiled modules are told apart by time and size: each mutant has a time of its own.
            os.utime(path, (was.st_atime, was.st_mtime + 10 + 10 * number))
            chosen = copy.with_name(f"{copy.name}-chosen.json")
            chosen.write_text(json.dumps({test: self.measured.seconds[test] for test in tests}))
            files = sorted({test.split("::")[0] for test in tests})
            run = self.command(copy, "-x", *files, BASTIONS_CHOSEN=str(chosen))
            resource.prlimit(run.pid, resource.RLIMIT_DATA, (MEMORY, MEMORY))
            told = _ended(run, 60 + 10 * sum(self.measured.seconds[test] for test in tests))
            failed = next((line for line in (told or "").splitlines() if line.startswith(("FAILED", "ERROR"))), "")
            if run.returncode == 5:
                raise SystemExit(f"none of the tests of {change} is there: {told}")
            # A test that takes too long ends the process without a word of it: see `code_tests`.
            hung = told is None or (run.returncode == 1 and not failed)
            word = "hung" if hung else "killed" if run.returncode else "survived"
        finally:
            path.write_bytes(self.sources[change.path])
            os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
            self.copies.put(copy)
        return Verdict(change, word, time.monotonic() - start, failed.partition(" ")[2].partition(" - ")[0])


def _ended(run: subprocess.Popen[str], seconds: float) -> str | None:
    """What a run printed; None where it did not end in time and was killed with all that it started."""
    try:
        return run.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        return None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
        run.wait()


def chosen(all_of: Sequence[Change], given: argparse.Namespace) -> list[Change]:
    """The sample: those of the places asked for, one of each line unless all are, in the order of the seed."""
    of_lines: dict[tuple[str, int], list[Change]] = defaultdict(list)
    for change in sorted(all_of, key=lambda one: one.order(given.seed)):
        of_lines[change.path, change.lines.start].append(change)
    some = [one for of in of_lines.values() for one in (of if given.every else of[:1]) if _asked(one, given.only)]
    return some if given.only and given.number is None else some[given.start : given.start + (given.number or 80)]


def _asked(change: Change, only: Sequence[str]) -> bool:
    return not only or any(
        change.path.startswith(path) and (not line or int(line) in change.lines)
        for path, _, line in (one.partition(":") for one in only)
    )


def sentences() -> dict[str, dict[str, dict[str, str]]]:
    """Why survivors may live: by file, function and change."""
    return yaml.safe_load(SENTENCES.read_text("utf-8")) if SENTENCES.is_file() else {}


def without_place(why: dict[str, dict[str, dict[str, str]]], all_of: Sequence[Change]) -> Iterator[str]:
    """The sentences about changes that the code has no place for any more."""
    there = {(change.path, change.function, change.what) for change in all_of}
    for path, functions in why.items():
        for function, whats in functions.items():
            yield from (f"{path} ({function}): {what}" for what in whats if (path, function, what) not in there)


def say(text: str) -> None:
    """Prints a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Prints survivors and the score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    place = Path(os.environ.get("BASTIONS_BENCH", tempfile.gettempdir())) / "bastions-mutants"
    parser.add_argument("--data", type=Path, default=place, metavar="DIR", help=f"where copies are kept ({place})")
    parser.add_argument("--seed", type=int, default=1, help="of the order of the sample (1)")
    parser.add_argument("--number", type=int, help="how many mutants (80; with --only, all of them)")
    parser.add_argument("--from", dest="start", type=int, default=0, metavar="N", help="leave the first N out")
    parser.add_argument(
        "--only", nargs="+", default=(), metavar="PATH[:LINE]", help="files, folders, or lines of files"
    )
    parser.add_argument("--every", action="store_true", help="every change of a line, not one")
    parser.add_argument("--tests", nargs="+", default=TESTS, metavar="NAME", help="test files, without `test_`")
    parser.add_argument("--at-once", type=int, default=1, metavar="N", help="processes (1)")
    parser.add_argument("--verbose", action="store_true", help="also say what killed the others")
    given = parser.parse_args()
    start = time.monotonic()
    given.data.mkdir(parents=True, exist_ok=True)
    bench = Bench(given.data.resolve(), given.at_once)
    tests = bench.first / "tests"
    for file in [path for name in given.tests for path in sorted(tests.glob(f"test_{name}.py"))]:
        if wrong := bench.measure(file.relative_to(bench.first).as_posix()):
            say(f"left out: {file.name}: {wrong}")
    all_of, why = bench.changes(), sentences()
    sample = chosen(all_of, given)
    say(f"{len(all_of):,} changes, {len(sample)} of them tried; {len(bench.measured.seconds):,} tests")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    with ThreadPoolExecutor(given.at_once) as pool:
        for verdict in pool.map(bench.judge, range(len(sample)), sample):
            word, change = verdict.word, verdict.change
            if word in LIVING and why.get(change.path, {}).get(change.function, {}).get(change.what):
                word = "explained"
            counts[change.path][word] += 1
            if given.verbose or word in LIVING:
                say(f"{word}: {change}  [{verdict.seconds:.0f} s{verdict.by and f', {verdict.by}'}]")
    for path, words in sorted(counts.items()):
        say(f"  {path}: {', '.join(f'{number} {word}' for word, number in sorted(words.items()))}")
    total = sum(counts.values(), Counter[str]())
    say(
        f"{', '.join(f'{number:,} {word}' for word, number in sorted(total.items()))}; {time.monotonic() - start:.0f} s"
    )
    bare = [f"a sentence without a place: {one}" for one in without_place(why, all_of)]
    for line in bare:
        say(line)
    return 1 if bare or any(total[word] for word in LIVING) else 0


if __name__ == "__main__":
    sys.exit(main())

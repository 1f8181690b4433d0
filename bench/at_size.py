"""What happens to large and broken input, full disks and killed builds: prints what it saw, and whether it is right.

    .venv/bin/python bench/at_size.py                          # killed and full-disk, on small packages
    .venv/bin/python bench/at_size.py --only bad-byte          # 5 GB of text with one bad byte in the last row
    .venv/bin/python bench/at_size.py --only both-ends         # 100M rows, the first key again in the last
    .venv/bin/python bench/at_size.py --rows 100000 --only bad-byte both-ends killed full-disk

That every call of a small build can be killed or can fail is the matter of `injection.py`.

What it makes lies beside the packages of `validator.py`; the large ones are deleted afterwards. The part `full-disk`
mounts a small file system in memory, which only root may do; without, it says so and is not right.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import sys
import tempfile
from pathlib import Path

import planted
from timing import Run, ours, run, size
from validator import Bench, say

sys.path.append(str(Path(__file__).parents[1] / "tests" / "injection"))

import disks

NAMES = ("bad-byte", "both-ends", "killed", "full-disk")
LONG = ("bad-byte", "both-ends")
ROWS = {"bad-byte": 21_000_000, "both-ends": 100_000_000, "killed": 300_000, "full-disk": 300_000}
MOMENTS = 25
"""As many builds are killed."""
SHARES = (0.1, 0.3, 0.5, 0.7, 0.9, 1.2, 2.0, 4.0)
"""Of the space of the release, what its build is given; temporary files lie on the same disk."""


class Seen:
    """Prints findings as they are made, and remembers whether all were right."""

    def __init__(self) -> None:
        self.right = True

    def tell(self, what: str) -> None:
        """A fact."""
        sys.stdout.write(f"  {what}\n")
        sys.stdout.flush()

    def check(self, right: bool, what: str) -> None:
        """A fact that must hold."""
        self.right = self.right and right
        self.tell(f"{'ok   ' if right else 'WRONG'} {what}")


def digest(folder: Path) -> str:
    """One digest of the names and bytes of all files of a folder; empty where it is absent."""
    if not folder.is_dir():
        return ""
    found = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        found.update(f"{path.relative_to(folder)}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def last_row(file: Path) -> tuple[int, bytes]:
    """Where the last row of a file begins, and its bytes."""
    with file.open("rb") as stream:
        stream.seek(-min(file.stat().st_size, 10_000), os.SEEK_END)
        start, tail = stream.tell(), stream.read()
    begin = tail.rindex(b"\n", 0, len(tail) - 1) + 1
    return start + begin, tail[begin:]


def overwrite(file: Path, at: int, data: bytes) -> None:
    """Changes bytes in place."""
    with file.open("r+b") as stream:
        stream.seek(at)
        stream.write(data)


def told(seen: Seen, done: Run, scratch: Path, rule: str, line: int) -> None:
    """One finding, of this rule and on this line, and how long and how much memory it took."""
    seen.tell(f"{done.seconds:.1f} s, {done.peak:.0f} MB, exit {done.code}")
    problems = planted.problems(scratch / "findings.jsonl")
    for problem in problems[:3]:
        seen.tell(f"{problem['file']}:{problem['line']}: {problem['rule']}: {problem['message'][:120]}")
    places = [(p["rule"], p["line"]) for p in problems]
    seen.check(done.code == 1 and places == [(rule, line)], f"exactly one finding, {rule} on line {line:,}")
    seen.check("Traceback" not in done.err, "no traceback")
    seen.check(names(scratch) == ["findings.jsonl", "temporary"] and not names(scratch / "temporary"), "nothing left")


def large(bench: Bench, seen: Seen, rows: int, rule: str) -> None:
    """A large package with one fault in its last row."""
    package, scratch = bench.package("events20", "clean", rows), fresh(bench)
    file = package / "events.csv"
    at, row = last_row(file)
    with file.open("rb") as stream:
        stream.readline()
        first = stream.readline().split(b",")[0]
    # Both faults keep the length of the row, so that it is changed in place: a letter of the last key, or all of it.
    patch = b"\xff" if rule == "encoding-error" else first
    seen.tell(f"{file.stat().st_size / 1e9:.1f} GB, {rows:,} rows")
    overwrite(file, at, patch)
    try:
        done = run(
            ours("validate", package, "--format", "jsonl"),
            out=scratch / "findings.jsonl",
            more={"TMPDIR": str(scratch / "temporary")},
        )
    finally:
        overwrite(file, at, row)
    told(seen, done, scratch, rule, rows + 1)
    if rows > 1_000_000:
        shutil.rmtree(package)


def fresh(bench: Bench) -> Path:
    """An empty folder, with one for temporary files in it."""
    scratch = bench.data / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    (scratch / "temporary").mkdir(parents=True)
    return scratch


def build(package: Path, folder: Path, kill_after: float | None = None) -> Run:
    """Builds into `release` of a folder, temporary files beside it."""
    command = ours("build", package, "--out", folder / "release", "--no-database")
    return run(command, more={"TMPDIR": str(folder / "temporary")}, kill_after=kill_after)


def clean_end(seen: Seen, old: Path, was: str, folder: Path) -> None:
    """A build that nothing disturbs works, and what earlier ones left is gone."""
    done = build(old, folder)
    seen.check(done.code == 0 and digest(folder / "release") == was, "the next build works, without help")
    left = [n for n in names(folder) if n not in ("release", "temporary")] + names(folder / "temporary")
    seen.check(not left, f"nothing is left behind{': ' + ', '.join(left[:5]) if left else ''}")


def prepared(bench: Bench, seen: Seen, rows: int) -> tuple[Path, Path, str, str, Run, int]:
    """A small package and a larger one, the digests of both releases, and what the larger build takes."""
    old, new = bench.package("events20", "clean", 1_000), bench.package("events20", "clean", rows)
    scratch = fresh(bench)
    first = build(new, scratch)
    after, need = digest(scratch / "release"), size(scratch / "release")
    second = build(old, scratch)
    before = digest(scratch / "release")
    seen.check(first.code == second.code == 0 and "" not in (before, after), "two undisturbed builds work")
    seen.tell(f"the larger takes {first.seconds:.1f} s and {need / 1e6:.0f} MB")
    if first.code:
        seen.tell(first.last)
    return old, new, before, after, first, need


def killed(bench: Bench, seen: Seen, rows: int) -> None:
    """Builds over an old release, each killed at another moment."""
    old, new, before, after, whole, _ = prepared(bench, seen, rows)
    if whole.code:
        return
    scratch, chance, seconds = bench.data / "scratch", random.Random(5), whole.seconds
    ends: dict[str, int] = {}
    wrong, outlived = [], 0
    for number in range(MOMENTS):
        # Even moments over all of it, odd ones at its end, where files are put in place.
        share = chance.uniform(0.0, 1.0) if number % 2 else chance.uniform(0.9, 1.05)
        done = build(new, scratch, kill_after=share * seconds)
        seconds = min(seconds, done.seconds) if done.code == 0 else seconds
        now = digest(scratch / "release")
        end = {before: "the old release", after: "the new release"}.get(now, "something else")
        key = f"{'killed' if done.code == -9 else f'exit {done.code}'}, {end}"
        ends[key] = ends.get(key, 0) + 1
        outlived += done.left
        if end == "something else":
            wrong.append(f"{share:.2f}")
        if now != before:
            build(old, scratch)
    for key, times in sorted(ends.items()):
        seen.tell(f"{times} times: {key}")
    seen.check(any(key.startswith("killed") for key in ends), "some builds were killed")
    seen.check(
        not wrong, f"a reader sees the old release or the new{'; not after ' if wrong else ''}{', '.join(wrong)}"
    )
    seen.check(not outlived, "no process outlives the one that was killed")
    clean_end(seen, old, before, scratch)


def full_disk(bench: Bench, seen: Seen, rows: int) -> None:
    """Builds over an old release on file systems too small for the new one."""
    old, new, before, after, whole, need = prepared(bench, seen, rows)
    if whole.code:
        return
    base, codes = size(bench.data / "scratch" / "release"), set()
    for share in SHARES:
        with disks.small_disk(bench.data / "scratch" / "disk", int(base * 3 + need * share)) as disk:
            (disk / "temporary").mkdir()
            build(old, disk)
            done = build(new, disk)
            codes.add(done.code == 0)
            seen.tell(f"room for {share:.0%}: exit {done.code}: {done.last}")
            if done.code == 0:
                seen.check(digest(disk / "release") == after, "it fitted, and the release is whole")
                continue
            clear = "Traceback" not in done.err and ("space" in done.err.lower() or "quota" in done.err.lower())
            seen.check(done.code == 2 and clear, "exit 2, and the message says that the disk is full")
            seen.check(str(disk) in done.err, "the message names the file")
            seen.check(digest(disk / "release") == before, "the old release is whole")
            clean_end(seen, old, before, disk)
    seen.check(codes == {True, False}, "some builds met a full disk, and some did not")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--rows", type=int, metavar="N", help="rows of every package, for a trial")
    parser.add_argument("--data", type=Path, metavar="DIR", help="where packages are kept")
    given = parser.parse_args()
    default = os.environ.get("BASTIONS_BENCH") or Path(tempfile.gettempdir()) / "bastions-bench"
    bench = Bench(Path(given.data or default).resolve(), 1, None)
    bench.data.mkdir(parents=True, exist_ok=True)
    seen = Seen()
    for name in given.only or [n for n in NAMES if n not in LONG]:
        say(name)
        rows = given.rows or ROWS[name]
        if name in LONG:
            large(bench, seen, rows, "encoding-error" if name == "bad-byte" else "primary-key")
        else:
            try:
                (killed if name == "killed" else full_disk)(bench, seen, rows)
            except disks.Unmountable as reason:
                seen.check(False, f"NOT RUN: {reason}")
        shutil.rmtree(bench.data / "scratch", ignore_errors=True)
    return 0 if seen.right else 1


if __name__ == "__main__":
    sys.exit(main())

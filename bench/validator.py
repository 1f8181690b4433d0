"""How fast `bastions validate` and `bastions build` are on other people's packages, beside other tools.

    .venv/bin/python bench/validator.py                              # every part but those that need an hour
    .venv/bin/python bench/validator.py --only clean-1m peers        # some
    .venv/bin/python bench/validator.py --only clean-100m            # 24 GB of text, deleted afterwards
    .venv/bin/python bench/validator.py --rows 100000 --repeat 2     # a small trial of everything

Makes the data once (in `--data`, $BASTIONS_BENCH or the folder of temporary files), runs ours and the others in turn,
each in a process of its own, and writes `bench/RESULTS.md`. Figures of a part that is not run again stay, as long as
code, versions and machine are the same. It is no test, since no test may depend on a clock.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import peer_runs
import planted
import profiling
import results
from peer_runs import NotRun
from timing import Run, ours, run, script, size, spread

BYTES_A_ROW = {"events20": 260, "ged49": 1_100}
KEEP = 20_000_000
"""A package with more rows than this is deleted once it was measured."""


@dataclass(frozen=True, slots=True)
class Part:
    """Ours against the base on one package.

    Attributes:
        target: The ratio to reach; 0 for none.
        floor: The ratio above which it is not done.
        memory: MB that ours may take; 0 for no limit.
    """

    shape: str
    variant: str
    rows: int
    target: float = 0
    floor: float = 0
    memory: int = 0


SPEED = {
    "clean-1m": Part("events20", "clean", 1_000_000, 1.5, 2.0),
    "clean-10m": Part("events20", "clean", 10_000_000, 1.5, 2.0, 1_000),
    "ordered-1m": Part("events20", "ordered", 1_000_000),
    "sixteen-1m": Part("events20", "sixteen", 1_000_000, 1.7, 2.2),
    "percent-1m": Part("events20", "percent", 1_000_000, 2.5, 3.5, 1_000),
    "clean-100m": Part("events20", "clean", 100_000_000, memory=2_000),
    "ged49": Part("ged49", "clean", 400_000, 1.7, 2.2),
}
PEERS = ("pandera-pandas", "pandera-polars", "dataframely", "pointblank", "great-expectations")
NAMES = (*SPEED, "start", "frictionless", "frictionless-1m", "peers", "profile")
LONG = ("clean-100m", "frictionless-1m")
"""Only when named."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What all parts need: where the data is, how many runs, and rows if not those of the part."""

    data: Path
    repeat: int
    rows: int | None

    def package(self, shape: str, variant: str, rows: int) -> Path:
        """The folder of a package, made where it is absent.

        Raises:
            NotRun: If the disk has no room.
        """
        folder = self.data / "packages" / f"{shape}-{rows}-{variant}"
        if not folder.is_dir():
            free, need = shutil.disk_usage(self.data).free, rows * BYTES_A_ROW[shape] * 2
            if free < need:
                raise NotRun(f"needs {need / 1e9:.0f} GB of disk, there are {free / 1e9:.0f}")
            say(f"making {folder.name}")
            made = run(script("made_events.py", shape, str(rows), variant, folder))
            if made.code:
                raise NotRun(f"the data could not be made: {made.last}")
        return folder

    def forget(self, part: Part) -> None:
        """Deletes the package of a part if it is too large to keep."""
        rows = self.rows or part.rows
        if rows > KEEP:
            shutil.rmtree(self.data / "packages" / f"{part.shape}-{rows}-{part.variant}", ignore_errors=True)


def say(text: str) -> None:
    """Progress, for whoever waits."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def in_turn(commands: dict[str, Callable[[], Run]], repeat: int) -> dict[str, list[Run]]:
    """Runs each once to warm up, not counted, then all in turn, so that a slower moment of the machine meets all."""
    for command in commands.values() if repeat > 1 else ():
        command()
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(repeat):
        for name, command in commands.items():
            found[name].append(command())
            last = found[name][-1]
            say(f"  {number + 1}/{repeat} {name}: {last.seconds:.2f} s, {last.peak:.0f} MB, exit {last.code}")
    return found


def told(runs: list[Run]) -> dict[str, Any]:
    """The figures of several runs of one command."""
    return {
        "seconds": spread([r.seconds for r in runs]),
        "cpu": spread([r.cpu for r in runs])[0],
        "peak": max(r.peak for r in runs),
        "tree": max(r.tree for r in runs),
        "processes": max(r.processes for r in runs),
        "codes": sorted({r.code for r in runs}),
    }


def ratio(over: list[Run], under: list[Run]) -> tuple[float, float, float]:
    """Whole process against whole process, pair by pair."""
    return spread([a.seconds / b.seconds for a, b in zip(over, under, strict=True)])


def building(package: Path, out: Path) -> Callable[[], Run]:
    """`bastions build`, into a folder that is absent when it starts."""

    def build() -> Run:
        shutil.rmtree(out, ignore_errors=True)
        return run(ours("build", package, "--out", out, "--no-database"))

    return build


def speed(bench: Bench, name: str) -> dict[str, Any]:
    """One part of `SPEED`; the base reads the clean file, since it stops at the first bad cell."""
    part = SPEED[name]
    rows = bench.rows or part.rows
    package = bench.package(part.shape, part.variant, rows)
    bad = part.variant in ("sixteen", "percent")
    clean = bench.package(part.shape, "clean", rows) if bad else package
    scratch = bench.data / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    told_to = scratch / "findings.jsonl"
    commands = {
        "build": building(package, scratch / "release"),
        "base": lambda: run(script("base_copy.py", part.shape, clean / "events.csv", scratch / "base.parquet")),
        "validate": lambda: run(ours("validate", package, "--format", "jsonl"), out=told_to),
    }
    done = in_turn(commands, 1 if rows > KEEP else bench.repeat)
    if any(r.code for r in done["base"]):
        raise NotRun(f"the base failed: {done['base'][0].last}")
    said = [json.loads(r.out) for r in done["base"]]
    written, text = size(scratch / "release"), (package / "events.csv").stat().st_size
    of_base = (scratch / "base.parquet").stat().st_size
    wanted = planted.expected(part.variant, rows)
    wrong = planted.differences(planted.findings(told_to), wanted)
    if done["build"][-1].code != (1 if wanted else 0):
        wrong.append(f"build ends with {done['build'][-1].code}: {done['build'][-1].last}")
    shutil.rmtree(scratch)
    return {
        "rows": rows,
        "text": text,
        "build": told(done["build"]),
        "base": told(done["base"]),
        "validate": told(done["validate"]),
        "statement": spread([s["seconds"] for s in said]),
        "ratio_build": ratio(done["build"], done["base"]),
        "ratio_validate": ratio(done["validate"], done["base"]),
        "ratio_statement": spread([a.seconds / b["seconds"] for a, b in zip(done["build"], said, strict=True)]),
        "counted": "validate" if bad else "build",
        "wrong": wrong,
        "planted": wanted.total(),
        "written": (written, of_base),
    }


def start(bench: Bench) -> dict[str, Any]:
    """What a command costs before it does anything: `--help`, and a package of a few hundred rows."""
    package = bench.package("events20", "clean", 300)
    commands = {"help": lambda: run(ours("--help")), "few": lambda: run(ours("validate", package))}
    done = in_turn(commands, max(bench.repeat, 5))
    return {name: told(runs) for name, runs in done.items()}


def beside(bench: Bench, names: tuple[str, ...], rows: int) -> dict[str, Any]:
    """Ours and other libraries in turn on a clean package, after a trial of whether they check at all."""
    package, nine, sixteen = (bench.package("events20", variant, rows) for variant in ("clean", "nine", "sixteen"))
    found: dict[str, Any] = {}
    commands: dict[str, Callable[[], Run]] = {
        "build": building(package, bench.data / "scratch" / "release"),
        "validate": lambda: run(ours("validate", package)),
    }
    (bench.data / "scratch").mkdir(exist_ok=True)
    told_to = bench.data / "scratch" / "findings.jsonl"
    of_ours = []
    for folder in (nine, sixteen):
        run(ours("validate", folder, "--format", "jsonl"), out=told_to)
        of_ours.append(planted.findings(told_to).total())
    for name in names:
        try:
            python = peer_runs.environment(name, bench.data)
            found[name] = peer_runs.tried(name, python, nine, sixteen)
        except NotRun as reason:
            found[name] = {"not_run": str(reason)}
            continue
        commands[name] = partial(run, peer_runs.command(name, python, package))
    done = in_turn(commands, bench.repeat if rows < 1_000_000 or names != ("frictionless",) else 1)
    for name in names:
        if name in done:
            said = [peer_runs.verdict(r) for r in done[name]]
            found[name] |= told(done[name]) | {
                "own": spread([s["seconds"] for s in said]),
                "valid": all(s["valid"] for s in said),
                "leaves_out": said[0]["leaves_out"],
                "over_build": ratio(done[name], done["build"]),
                "over_validate": ratio(done[name], done["validate"]),
            }
    shutil.rmtree(bench.data / "scratch", ignore_errors=True)
    return {
        "rows": rows,
        "peers": found,
        "build": told(done["build"]),
        "validate": told(done["validate"]),
        "found": of_ours,
    }


def one(bench: Bench, name: str) -> dict[str, Any]:
    """Runs a part by its name."""
    if name in SPEED:
        try:
            return speed(bench, name)
        finally:
            bench.forget(SPEED[name])
    if name == "start":
        return start(bench)
    if name == "peers":
        return beside(bench, PEERS, bench.rows or 1_000_000)
    if name == "profile":
        package = bench.package("events20", "clean", bench.rows or 10_000_000)
        return profiling.profile(package, bench.data / "scratch")
    return beside(bench, ("frictionless",), bench.rows or (1_000_000 if name.endswith("1m") else 100_000))


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--rows", type=int, metavar="N", help="rows of every package, for a trial")
    parser.add_argument("--repeat", type=int, default=5, metavar="R", help="counted runs of each command (5)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="where packages and environments are kept")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the page (bench/RESULTS.md; of a trial, in --data)")
    parser.add_argument("--profile", action="store_true", help="only the part that watches the run of 10M rows")
    given = parser.parse_args()
    default = os.environ.get("BASTIONS_BENCH") or Path(tempfile.gettempdir()) / "bastions-bench"
    bench = Bench(Path(given.data or default).resolve(), given.repeat, given.rows)
    bench.data.mkdir(parents=True, exist_ok=True)
    # A trial leaves figures and page alone.
    figures = bench.data / (f"trial-{given.rows}.json" if given.rows else "results.json")
    page = given.out or (figures.with_suffix(".md") if given.rows else Path(__file__).parent / "RESULTS.md")
    kept = results.load(figures, peer_runs.PINS)
    if figures.is_file() and not kept["parts"]:
        say("earlier figures are of other code, versions or another machine, and are dropped")
    failed = 0
    for name in ["profile"] if given.profile else given.only or [n for n in NAMES if n not in LONG]:
        say(name)
        try:
            kept["parts"][name] = one(bench, name)
        except NotRun as reason:
            say(f"  not run: {reason}")
            kept["parts"][name] = {"not_run": str(reason)}
            failed = 1
        results.save(kept, figures)
        page.write_text(results.render(kept, SPEED), "utf-8")
    say(f"written: {page}")
    return failed


if __name__ == "__main__":
    sys.exit(main())

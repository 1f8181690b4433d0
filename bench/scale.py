"""How validating, building and asking scale.

    PYTHONPATH=src .venv/bin/python bench/scale.py make /tmp/scale/ds       # this repository and made-up rows
    PYTHONPATH=src .venv/bin/python bench/scale.py time /tmp/scale/ds       # validate, build, every rule and view

`make` takes `--scale 0.1` for a tenth of the made-up rows. `time` prints seconds, peak memory and the ratio to the
target; it is no test, since no test may depend on a clock.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import made_up

from bastions import dataset, loader, relations, views
from bastions.schema import Schema
from bastions.validation import rules

TARGETS = {"validate": 10.0, "build": 30.0}
"""Seconds on two cores."""

ONE, GIVE_UP = 1.0, 120.0
"""Seconds that a rule or view should take at most, and after how many a view is given up."""


def measure(folder: Path, slowest: int) -> Iterator[str]:
    """Times the commands, each in a process of its own, then every rule and view in this one."""
    out = folder.parent / f"{folder.name}-build"
    for verb, more in (("validate", []), ("build", ["--out", str(out)])):
        code = f"import sys; from bastions.cli import main; sys.exit(main({['--root', str(folder), verb, *more]!r}))"
        began = time.perf_counter()
        process = os.posix_spawn(sys.executable, [sys.executable, "-c", code], os.environ)
        _, status, used = os.wait4(process, 0)
        took, peak = time.perf_counter() - began, used.ru_maxrss / 2**20
        worked = used.ru_utime + used.ru_stime
        yield (
            f"{took:7.2f} s  {took / TARGETS[verb]:5.2f} of target  {verb}: exit {status >> 8}, "
            f"{worked:.1f} s of work on all cores, {peak:.2f} GB at most"
        )
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    yield f"{size / 1e6:7.1f} MB in the release"
    schema = loader.load(folder)
    yield from report("rule", of_rules(schema), slowest)
    yield from report("view", of_views(schema, out), slowest)


def of_rules(schema: Schema) -> Iterator[tuple[str, float]]:
    """Each rule, and the seconds that its SELECT takes."""
    data = dataset.read(schema)
    extra = {name: data.typed[name] for name in schema.seeds}
    with relations.connect(schema, {**relations.given(data), **extra}, with_views=False) as connection:
        relations.derive(connection, data)
        found = rules.load(schema)[0]
        defined = views.load(schema)
        views.define(connection, views.needed(defined, [rule.sql for rule in found]), check=False)
        for rule in found:
            began = time.perf_counter()
            connection.execute(rule.sql).fetchall()
            yield rule.name, time.perf_counter() - began


def of_views(schema: Schema, release: Path) -> Iterator[tuple[str, float]]:
    """Each view of a release, and the seconds until its last row."""
    with duckdb.connect(release / "bastions.duckdb", read_only=True) as connection:
        for view in views.load(schema):
            if view.parameters is not None:
                continue
            limit = threading.Timer(GIVE_UP, connection.interrupt)
            limit.start()
            began = time.perf_counter()
            with contextlib.suppress(duckdb.InterruptException):
                connection.sql(f'FROM "{view.name}"').to_arrow_table()
            limit.cancel()
            yield view.name, time.perf_counter() - began


def report(kind: str, timed: Iterator[tuple[str, float]], slowest: int) -> Iterator[str]:
    """All of a kind together, and the slowest of them."""
    found = sorted(timed, key=lambda pair: -pair[1])
    yield f"{sum(seconds for _, seconds in found):7.2f} s  all {len(found)} {kind}s, of which the slowest:"
    for name, seconds in found[:slowest]:
        yield f"{seconds:7.2f} s  {seconds / ONE:5.2f} of target  {kind} {name}"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["make", "time"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the rows that are made up")
    parser.add_argument("--slowest", type=int, default=12, help="how many rules and views are named")
    given = parser.parse_args()
    if given.verb == "make":
        rows = made_up.make(given.folder, given.scale)
        lines = iter([", ".join(f"{table} {n:,}" for table, n in rows.items())])
    else:
        lines = measure(given.folder, given.slowest)
    for line in lines:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

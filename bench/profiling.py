"""What one build does over time: memory and cores, seen from outside.

A profiler inside the process does not see threads, so `/proc` is looked at ten times a second.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from timing import Sample, ours, run

WIDTH = 60
BARS = " ▁▂▃▄▅▆▇█"


def profile(package: Path, scratch: Path) -> dict[str, Any]:
    """Builds once to warm up, once to watch."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    command = ours("build", package, "--out", scratch / "release", "--no-database")
    for _ in range(2):
        shutil.rmtree(scratch / "release", ignore_errors=True)
        done = run(command)
    rows = sum(1 for _ in (package / "events.csv").open("rb")) - 1
    shutil.rmtree(scratch)
    return {
        "rows": rows,
        "code": done.code,
        "error": done.last if done.code else "",
        "seconds": done.seconds,
        "cpu": done.cpu,
        "peak": done.peak,
        "memory": line([s.mb for s in done.samples]),
        "cores": line(_cores(done.samples), 2.0),
    }


def line(values: list[float], most: float = 0) -> str:
    """Values over time as one line of bars."""
    if not values:
        return ""
    top = max(most, *values) or 1.0
    count = min(WIDTH, len(values))
    parts = [values[i * len(values) // count : (i + 1) * len(values) // count] for i in range(count)]
    return "".join(BARS[round(max(part) / top * (len(BARS) - 1))] for part in parts)


def _cores(samples: tuple[Sample, ...]) -> list[float]:
    """Cores at work between two looks, over half a second: the clock of the system ticks a hundred times a second."""
    step = 5
    pairs = zip(samples, samples[step:], strict=False)
    return [(b.cpu - a.cpu) / (b.at - a.at) for a, b in pairs]

"""What the scripts share: the columns of the events, and the form of the verdict. Standard library only."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

TYPES = ["state", "nonstate", "onesided"]
CLARITIES = ["clear", "partial", "unclear"]
EVENT_ID, LOCATION_ID, ACTOR_ID, CODE = "^ev-[0-9]{9}$", "^loc-[0-9]{6}$", "^act-[0-9]{5}$", "^[A-Z]{2}[0-9]{4}$"
FIRST, LAST = (2012, 1, 1), (2020, 12, 31)
REQUIRED = (
    *("date_start", "recorded_at", "year", "type", "clarity", "location_id", "side_a_id"),
    *("latitude", "longitude", "best", "low", "high", "headline", "source"),
)
PLACES = {"latitude": (-90, 90), "longitude": (-180, 180)}

Found = dict[str, int]
"""Failures by what failed."""


def told(check: Callable[[Path], Found], leaves_out: list[str]) -> None:
    """Runs a check on the package named on the command line, from file to verdict, and prints what it found.

    A library that cannot read the file says so by an exception: that is a verdict, of one failure.
    """
    began = time.perf_counter()
    stopped = ""
    try:
        # The name of a check may hold all of its values.
        found = {name[:50]: int(number) for name, number in check(Path(sys.argv[1])).items() if number}
    except Exception as error:
        stopped = f"{type(error).__name__}: {str(error).strip().splitlines()[0][:200]}"
        found = {"not read": 1}
    verdict = {
        "seconds": time.perf_counter() - began,
        "valid": not found,
        "failures": sum(found.values()),
        "found": found,
        "stopped": stopped,
        "leaves_out": leaves_out,
    }
    sys.stdout.write(json.dumps(verdict) + "\n")

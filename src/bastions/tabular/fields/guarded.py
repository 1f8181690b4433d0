"""Judges texts in a process of its own, which is killed when its time is up: for what may backtrack without end.

That is a regular expression of Python, and a JSON Schema, which may hold such expressions. This file is also the
program that the process runs, with nothing of this package imported.
"""

from __future__ import annotations

import contextlib
import json
import math
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

CHUNK = 4_000_000
"""Characters of text that a process judges at once: bounds its memory."""
MEMORY = 512 * 1024 * 1024
"""Bytes of address space that it may have."""

ALLOWANCE = 0.000_15
"""Seconds for each value, beside the budget: a plain JSON Schema takes a third of that."""


class Budget:
    """The seconds that patterns and JSON Schemas under guard may take in a whole run, together.

    Attributes:
        seconds: How many there are.
        spent: How many were taken, beside what each value is allowed.
        over: The constraints that were not done in time, and are not tried again.
    """

    def __init__(self, seconds: float):
        self.seconds, self.spent, self.over = seconds, 0.0, set[str]()

    def left(self) -> float:
        """The seconds that are left; none or fewer once they are spent."""
        return self.seconds - self.spent

    @contextlib.contextmanager
    def spending(self, values: int) -> Iterator[float]:
        """The seconds that the judging of so many values may take; what it took is counted."""
        began, allowed = time.monotonic(), ALLOWANCE * values
        try:
            yield self.left() + allowed if self.left() > 0 else 0.0
        finally:
            self.spent += max(0.0, time.monotonic() - began - allowed)


def judge(job: Mapping[str, Any], values: Sequence[str], seconds: float) -> list[bool] | None:
    """Judges values.

    Args:
        job: `{"pattern": …}`, a regular expression of Python that has to match in full with ASCII classes; or
            `{"jsonSchema": …}`, a JSON Schema, and the values are JSON.
        values: What to judge.
        seconds: How long it may take.

    Returns:
        A verdict for each value; None if there was not time or memory enough.
    """
    until = time.monotonic() + seconds
    verdicts: list[bool] = []
    for chunk in _chunks(values):
        left = until - time.monotonic()
        if left <= 0:
            return None
        asked = json.dumps({"job": dict(job), "seconds": left, "values": chunk}).encode()
        try:
            # -I: neither the folder at work nor the environment decides what the process imports.
            done = subprocess.run(
                [sys.executable, "-I", str(Path(__file__).resolve())],
                input=asked,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=left,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
        if done.returncode or len(done.stdout) != len(chunk):
            return None
        verdicts += [byte == ord("1") for byte in done.stdout]
    return verdicts


def _chunks(values: Sequence[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    size = 0
    for value in values:
        if chunk and size + len(value) > CHUNK:
            yield chunk
            chunk, size = [], 0
        chunk.append(value)
        size += len(value) + 8
    if chunk:
        yield chunk


def _serve() -> None:
    """What the process does. It stops by itself too, should whoever started it be gone."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    asked = json.loads(sys.stdin.buffer.read())
    spent = math.ceil(asked["seconds"]) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent, spent))
    good = _judge_of(asked["job"])
    sys.stdout.write("".join("1" if good(value) else "0" for value in asked["values"]))


def _judge_of(job: Mapping[str, Any]) -> Callable[[str], bool]:
    if "pattern" in job:
        warnings.simplefilter("ignore")
        matcher = re.compile(job["pattern"], re.ASCII)
        return lambda value: matcher.fullmatch(value) is not None
    import jsonschema
    import referencing

    schema = job["jsonSchema"]
    kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    # A registry of its own, which retrieves nothing: no address is contacted.
    own: Any = {"registry": referencing.Registry()}
    validator = kind(schema, **own)
    return lambda value: bool(validator.is_valid(json.loads(value)))


if __name__ == "__main__":
    _serve()

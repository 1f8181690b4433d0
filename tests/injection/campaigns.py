"""Faults at call 1, 2, 3, … of a build until it ends without being hit, or at some of them; and what was survived."""

from __future__ import annotations

import errno
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import boxes
from boxes import BUILD, Box
from interceptor import LOOKS, OPENS, READS, WRITES
from victims import Ended, Fault, Victims

DELETES = frozenset({"rmdir", "unlink", "unlinkat"})
FAILURES: dict[int, frozenset[str]] = {
    errno.ENOSPC: WRITES - DELETES - {"chmod", "fchmod", "fchmodat", "fchmodat2", "flock", "utimensat"},
    errno.EIO: WRITES | READS,
    errno.EMFILE: OPENS | {"create"},
    errno.EACCES: (WRITES | LOOKS | OPENS | {"getdents64"}) - {"fsync", "fdatasync", "pwrite64", "write"},
}
"""Of each error the calls that are made to fail with it."""
DISK = FAILURES[errno.ENOSPC]

After = Callable[..., list[str]]


@dataclass(slots=True)
class Tally:
    """What was survived.

    Attributes:
        hits: As many runs were hit.
        calls: Of them, at each kind of call.
        codes: Their exit codes.
        wrong: A line for each that was not survived.
    """

    hits: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    codes: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, fault: Fault, ended: Ended, wrong: Sequence[str]) -> None:
        """Counts a run."""
        self.hits += 1
        self.calls[ended.hit.partition(" ")[0] if not fault.after else "any"] += 1
        self.codes[ended.code] += 1
        if wrong:
            self.wrong.append(boxes.describe(fault, ended, wrong))

    def merge(self, other: Tally) -> None:
        """Counts the runs of another tally too."""
        self.hits += other.hits
        self.calls += other.calls
        self.codes += other.codes
        self.wrong += other.wrong

    def __str__(self) -> str:
        kinds = ", ".join(f"{number} {name}" for name, number in self.calls.most_common())
        codes = ", ".join(f"{number} with {code}" for code, number in sorted(self.codes.items()))
        return f"{self.hits - len(self.wrong)} of {self.hits} survived ({kinds}; ended {codes})"


def everywhere() -> Iterator[int]:
    """1, 2, 3, …"""
    number = 0
    while True:
        number += 1
        yield number


def spread(count: int, most: int) -> list[int]:
    """At most so many numbers from 1 to `count`, evenly, the first and the last among them."""
    if count <= most:
        return list(range(1, count + 1))
    if most == 1:
        return [(count + 1) // 2]
    return sorted({round(1 + n * (count - 1) / (most - 1)) for n in range(most)})


def _at(
    box: Box, victims: Victims, fault: Callable[[int], Fault], points: Iterable[int], after: After, *, old: bool = True
) -> Tally:
    tally = Tally()
    misses = 0
    for number in points:
        box.reset(old=old)
        ended = victims.run(BUILD, box.folder, fault(number))
        if not ended.hit:
            # Calls differ a little from run to run: one run that was too short is not the end.
            misses += 1
            if misses == 3:
                break
            continue
        misses = 0
        tally.add(fault(number), ended, after(box, victims, ended, before="old" if old else "none"))
    return tally


def kills(
    box: Box,
    victims: Victims,
    points: Iterable[int] | None = None,
    *,
    calls: Iterable[str] = WRITES,
    by: int = signal.SIGKILL,
    old: bool = True,
    no_exchange: bool = False,
) -> Tally:
    """A signal at the Nth of `calls` of a build.

    Args:
        box: Where it is built.
        victims: Who builds.
        points: Each N; 1, 2, 3, … until the build ends without being hit if None.
        calls: Names of calls.
        by: The signal.
        old: Whether there is an old release.
        no_exchange: The file system cannot swap two names.
    """
    always = {"renameat2": errno.EINVAL} if no_exchange else {}

    def fault(number: int) -> Fault:
        return Fault(number, sorted(calls), signal=by, always=always)

    return _at(box, victims, fault, points or everywhere(), boxes.after_kill, old=old)


def kills_at_random(box: Box, victims: Victims, times: int, seed: int, by: int = signal.SIGKILL) -> Tally:
    """A signal at so many random moments of a build."""
    chance, tally = random.Random(seed), Tally()
    box.reset()
    seconds = victims.run(BUILD, box.folder).seconds
    while tally.hits < times:
        box.reset()
        fault = Fault(signal=by, after=chance.uniform(0.001, 1.0) * seconds)
        ended = victims.run(BUILD, box.folder, fault)
        if ended.code == 0:  # it was faster
            seconds = min(seconds, ended.seconds)
            continue
        tally.add(fault, ended, boxes.after_kill(box, victims, ended))
    return tally


def failures(
    box: Box,
    victims: Victims,
    error: int,
    points: Iterable[int] | None = None,
    *,
    calls: Iterable[str] | None = None,
    lasting: bool = False,
    old: bool = True,
    no_exchange: bool = False,
) -> Tally:
    """The Nth call of a build fails with `error`, and if `lasting` every later one, as on a disk that stays full.

    The other arguments are those of `kills`.
    """
    chosen = sorted(FAILURES[error] if calls is None else calls)
    always = {"renameat2": errno.EINVAL} if no_exchange else {}

    def fault(number: int) -> Fault:
        return Fault(number, chosen, error=error, lasting=lasting, always=always)

    return _at(box, victims, fault, points or everywhere(), boxes.after_error, old=old)


def count(box: Box, victims: Victims, calls: Iterable[str]) -> int:
    """How many of these calls an undisturbed build makes."""
    box.reset()
    return victims.run(BUILD, box.folder, Fault(calls=sorted(calls))).count


def each_kind(box: Box, victims: Victims, most: int) -> dict[str, list[int]]:
    """Of each kind of call that changes something: which of them are hit, at most so many, evenly spread."""
    box.reset()
    seen = victims.run(BUILD, box.folder).seen
    return {name: spread(number, most) for name, number in sorted(seen.items()) if name in WRITES}

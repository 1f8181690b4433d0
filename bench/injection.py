"""Kills builds and lets their calls fail, at every call: prints what was survived, and whether all was.

    .venv/bin/python bench/injection.py                            # everything, some 15 minutes on two cores
    .venv/bin/python bench/injection.py --only kills failures      # some parts; --help names them

Whatever is hit, a reader must find the old release or the new one, whole; a build that failed must say so, name a file
and end with 1 or 2; and the next build must work without help and leave nothing behind. How calls are hit is told in
`tests/injection/interceptor.py`. On a small Data Package every call of a build is hit; the tiny dataset makes too many
calls for that, so that of each kind of call some, evenly spread, are. Full disks, killed builds of a larger package and
hostile sizes are the matter of `at_size.py`.
"""

from __future__ import annotations

import argparse
import errno
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "tests" / "injection"), str(HERE.parent / "src")]

import boxes  # noqa: E402
import campaigns  # noqa: E402
import interceptor  # noqa: E402
from boxes import Box  # noqa: E402
from campaigns import Tally  # noqa: E402
from tiny import tiny_dataset  # noqa: E402
from victims import Victims  # noqa: E402

Tallies = Iterator[tuple[str, Tally]]

SOME = 12
"""Of each kind of call of the dataset, as many are hit."""
MOMENTS = 60
"""As many builds of each are killed at random moments."""
NAMES = frozenset({"rename", "fsync", "mkdir", "rmdir", "unlink", "unlinkat", "create", "flock"})
"""Calls that are hit a second time in other circumstances: all but those that write into a file."""


def package_kills(box: Box, victims: Victims) -> Tallies:
    """Kills of builds of the package."""
    yield "SIGKILL at every call that changes something", campaigns.kills(box, victims)
    yield "the same, where there is no older release", campaigns.kills(box, victims, calls=NAMES, old=False)
    yield "the same, where names cannot be swapped", campaigns.kills(box, victims, calls=NAMES, no_exchange=True)
    yield "SIGKILL at random moments", campaigns.kills_at_random(box, victims, MOMENTS, seed=7)
    yield "SIGTERM at random moments", campaigns.kills_at_random(box, victims, MOMENTS // 2, seed=8, by=signal.SIGTERM)
    yield "SIGINT at random moments", campaigns.kills_at_random(box, victims, MOMENTS // 2, seed=9, by=signal.SIGINT)


def package_failures(box: Box, victims: Victims) -> Tallies:
    """Failing calls of builds of the package."""
    for error in campaigns.FAILURES:
        yield f"{errno.errorcode[error]} at every call", campaigns.failures(box, victims, error)
    full = campaigns.failures(box, victims, errno.ENOSPC, lasting=True)
    yield "ENOSPC at every call and at all later ones", full
    plain = campaigns.failures(box, victims, errno.EIO, calls=NAMES, no_exchange=True)
    yield "EIO where names cannot be swapped", plain


def dataset_kills(box: Box, victims: Victims) -> Tallies:
    """Kills of builds of the dataset."""
    found = Tally()
    for name, points in campaigns.each_kind(box, victims, SOME).items():
        found.merge(campaigns.kills(box, victims, points, calls=[name]))
    yield f"SIGKILL at {SOME} calls of each kind", found
    yield "SIGKILL at random moments", campaigns.kills_at_random(box, victims, MOMENTS // 3, seed=7)


def dataset_failures(box: Box, victims: Victims) -> Tallies:
    """Failing calls of builds of the dataset."""
    for error, calls in campaigns.FAILURES.items():
        points = campaigns.spread(campaigns.count(box, victims, calls), 2 * SOME)
        yield f"{errno.errorcode[error]} at {2 * SOME} calls", campaigns.failures(box, victims, error, points)


PARTS: dict[str, tuple[bool, Callable[[Box, Victims], Tallies]]] = {
    "kills": (False, package_kills),
    "failures": (False, package_failures),
    "dataset-kills": (True, dataset_kills),
    "dataset-failures": (True, dataset_failures),
}
"""Each part: whether it is on the dataset, and what it does."""


def say(text: str) -> None:
    """Prints a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=", ".join(PARTS))
    given = parser.parse_args()
    if reason := interceptor.unavailable():
        say(f"NOT RUN: {reason}")
        return 1
    right, all_hits, began = True, 0, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bastions-injection-") as folder, Victims() as victims:
        where = Path(folder)
        tiny = tiny_dataset(where / "tiny")
        for name in given.only or PARTS:
            of_dataset, part = PARTS[name]
            shutil.rmtree(where / "work", ignore_errors=True)
            (where / "work").mkdir()
            box = boxes.make(where / "work", victims, tiny if of_dataset else None)
            since = time.monotonic()
            say(f"\n{name}: {'the tiny dataset' if of_dataset else 'a small Data Package'}")
            for what, tally in part(box, victims):
                say(f"  {'ok   ' if not tally.wrong and tally.hits else 'WRONG'} {what}: {tally}")
                for line in tally.wrong:
                    say(f"        {line}")
                right = right and not tally.wrong and tally.hits > 0
                all_hits += tally.hits
            say(f"  {time.monotonic() - since:.0f} s")
    say(f"\n{all_hits} builds were hit; {time.monotonic() - began:.0f} s; {'all' if right else 'NOT all'} survived")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())

"""The score of the fault bench: `python -m tests.faults`, from the root of the repository, with PYTHONPATH=src.

Every miss is told as soon as it is known. Arguments narrow the run to ways, families, packages or modules of these
names; `--others` also tells what was found beside what was expected.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from .harness import ALL, Way
from .running import HEAD, Score, Verdict, catalogue, plan, short_of_bar, verdicts


def main(arguments: Sequence[str]) -> int:
    """Runs the bench and prints its score; 1 if it is short of the bar."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("only", nargs="*", help="ways, families, packages or modules; all of them where none is named")
    parser.add_argument("--others", action="store_true", help="also tell what was found beside what was expected")
    parser.add_argument(
        "--quick", action="store_true", help="leave our rules out where an earlier stage has to find it"
    )
    parser.add_argument("--list", action="store_true", help="say the ways instead of trying them")
    given = parser.parse_args(arguments)
    faults, variations = catalogue()

    ways = [*faults.values(), *variations.values()]
    names = {*ALL, *(name for way in ways for name in (way.name, way.family, way.author))}
    if unknown := sorted(set(given.only) - names):
        parser.error(f"no way, family, package or module is named {', '.join(unknown)}; --list says what there is")

    def wanted(way: Way, package: str) -> bool:
        words = set(given.only)
        packages = words & set(ALL)
        rest = words - packages
        return (not packages or package in packages) and (not rest or bool(rest & {way.name, way.family, way.author}))

    if given.list:
        for way in ways:
            if not given.only or any(wanted(way, package) for package in way.packages):
                print(f"{way.family:<12} {way.name}: {way.said}")  # noqa: T201
        return 0
    both = [pair for pair in (*plan(faults), *plan(variations)) if wanted(*pair)]
    if not both:
        parser.error(f"no way fits all of {', '.join(given.only)}")
    found = []
    for verdict in verdicts(both, quick=given.quick):
        found.append(verdict)
        if not verdict.right or (given.others and verdict.others):
            print(verdict.text(), flush=True)  # noqa: T201
    print(summary(found))  # noqa: T201
    short = short_of_bar(found)
    print("short of the bar: " + "; ".join(short) if short else "the bar is met")  # noqa: T201
    return 1 if short else 0


def summary(found: Sequence[Verdict]) -> str:
    """The table by family."""
    faults = [v for v in found if v.expected]
    calm = [v for v in found if not v.expected]
    families = sorted({v.way.family for v in faults})
    rows = [Score([v for v in faults if v.way.family == family]).row(family) for family in families]
    ways = len({(v.way.author, v.way.name) for v in calm})
    alarms = sum(bool(v.others) for v in calm)
    said = f"harmless variations: {ways}, seeded {len(calm)}, with a finding {alarms}"
    return "\n".join([HEAD, *rows, Score(faults).row("all"), said])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Builds the same source in many circumstances and compares the releases; and takes real cells to Parquet and back.

    .venv/bin/python bench/same_bytes.py                        # everything, some 5 minutes
    .venv/bin/python bench/same_bytes.py --only package loss    # some parts; --help names them

Every published file but the database and its digest must have the same bytes, and every table of the database the same
rows. The circumstances are those of `tests/injection/variations.py`. The part `loss` builds the real data and compares
every cell of `data/`, of the CSV files and of the Parquet files; and thousands of cells of all sixteen types.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT / "tests" / "injection"), str(ROOT / "src")]

import boxes  # noqa: E402
import cells  # noqa: E402
import variations  # noqa: E402
from tiny import tiny_dataset  # noqa: E402
from variations import Variation  # noqa: E402

SEEDS, ROWS = range(10, 20), 2_000
"""Of the packages of all sixteen types."""


def say(text: str) -> None:
    """Prints a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def told(wrong: list[str], what: str) -> bool:
    """Prints whether something held."""
    say(f"  {'WRONG' if wrong else 'ok   '} {what}")
    for line in wrong[:10]:
        say(f"        {line}")
    return not wrong


def same(source: Path, where: Path) -> bool:
    """One source in every circumstance."""
    done = variations.build(Variation("plain"), source, where / "plain")
    if done.returncode:
        return told([done.stderr], "a plain build")
    like = variations.release(where / "plain")
    held, tried, skipped = 0, 0, 0
    for number, of in enumerate((*variations.ALL, variations.TOGETHER)):
        if reason := of.needs():
            skipped += 1
            say(f"  NOT TRIED {of}: {reason}")
            continue
        tried += 1
        held += told(variations.tried(of, source, like, where / str(number), like), str(of))
    say(f"  {held} of {tried} circumstances with the same bytes; {skipped} not tried")
    return held == tried


def package(where: Path) -> bool:
    """The small package."""
    boxes.package(where / "package")
    return same(where / "package", where)


def dataset(where: Path) -> bool:
    """The tiny dataset."""
    return same(tiny_dataset(where / "dataset"), where)


def loss(where: Path) -> bool:
    """The real data, and all types."""
    from bastions import publish
    from bastions.tabular import run

    release = publish.build(ROOT, where / "real").folder
    source, both = cells.of_source(ROOT, release), cells.of_release(release)
    right = told(source.wrong, f"data/ and Parquet: {source}")
    right &= told(both.wrong, f"CSV and Parquet of the release: {both}")
    wrong, number = [], 0
    for seed in SEEDS:
        given = cells.every_type(where / f"types-{seed}", ROWS, seed)
        run.build(where / f"types-{seed}", where / f"first-{seed}")
        back = cells.of_types(where / f"first-{seed}")
        wrong += [f"{one} and {other}" for one, other in zip(given, back, strict=True) if one != other]
        cells.write_types(where / f"again-{seed}", back)
        run.build(where / f"again-{seed}", where / f"second-{seed}")
        if boxes.stable(where / f"first-{seed}") != boxes.stable(where / f"second-{seed}"):
            wrong.append(f"seed {seed}: what came back does not give the same release")
        number += sum(map(len, given))
    return told(wrong, f"all sixteen types, to Parquet, back and again: {number:,} cells") and right


PARTS: dict[str, Callable[[Path], bool]] = {"package": package, "dataset": dataset, "loss": loss}


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=", ".join(PARTS))
    right = True
    for name in parser.parse_args().only or PARTS:
        say(f"\n{name}: {PARTS[name].__doc__}")
        since = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="bastions-same-") as folder:
            Path(folder).chmod(0o755)  # another user builds there too
            right &= PARTS[name](Path(folder))
        say(f"  {time.monotonic() - since:.0f} s")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())

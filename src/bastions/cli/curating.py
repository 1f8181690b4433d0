"""The verb that makes rows of raw files: `curate`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bastions.cli.common import AddVerb, refuse

if TYPE_CHECKING:
    from bastions.curate.plans import Plan


def add(verb: AddVerb) -> None:
    """Adds the verb."""
    sub = verb("curate", _curate, "make the script-curated parts of data/ from raw files")
    sub.add_argument("sources", nargs="*", metavar="SOURCE", help="ids of sources (default: all that a script curates)")
    sub.add_argument("--from", dest="raw", type=Path, metavar="RAW", help="the raw files (default: $BASTIONS_INPUTS)")
    sub.add_argument("--check", action="store_true", help="write nothing; show what would change and fail")
    sub.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="with the source ucdp-ged, and --from a release of UCDP GED (CSV or zip): the folder to make of it",
    )
    sub.add_argument("--side", metavar="ID", help="with --out: only events of this UCDP actor, as 234")
    sub.add_argument(
        "--form",
        choices=("parquet", "csv"),
        help="with --out: form of the tables (default: parquet); csv is a dataset folder for validate, for subsets",
    )


def _convert(arguments: argparse.Namespace) -> int:
    from tqdm import tqdm

    from bastions import loader, problems, schema
    from bastions.curate import ucdp_ged_world

    def bar(batches: Iterator[int]) -> Iterator[int]:
        with tqdm(unit=" events", disable=None) as shown:
            for number in batches:
                shown.update(number)
                yield number

    if arguments.sources != ["ucdp-ged"] or arguments.raw is None or arguments.check:
        return refuse("--out converts one file of one kind: bastions curate ucdp-ged --from FILE --out DIR")
    try:
        tables = loader.load(arguments.root)
        done = ucdp_ged_world.convert(
            arguments.raw,
            arguments.out,
            tables,
            side=arguments.side or "",
            form=arguments.form or "parquet",
            progress=bar,
        )
    except schema.SchemaError as error:
        return refuse(f"schemas/ cannot be read:\n{error}")
    if done.problems:
        print(problems.render(problems.Report(problems.ordered(done.problems), {}), "text"))
    if done.errors:
        return refuse("nothing was written", 1)
    for name, number in {**done.rows, **done.counts}.items():
        print(f"{number:>12,} {name}")
    print(f"{arguments.out}: {len(done.files)} files")
    return 0


def _curate(arguments: argparse.Namespace) -> int:
    if arguments.out is not None:
        return _convert(arguments)
    if arguments.side is not None or arguments.form is not None:
        return refuse("--side and --form go with --out: bastions curate ucdp-ged --from FILE --out DIR")
    from tqdm import tqdm

    from bastions import problems, schema
    from bastions.curate import harness

    def bar(plans: Sequence[Plan]) -> Iterator[Plan]:
        with tqdm(plans, unit="source", disable=None) as shown:  # None: off where nobody watches
            for plan in shown:
                shown.set_description(plan.source_id)
                yield plan

    try:
        folder = harness.inputs(arguments.raw)
        outcome = harness.curate(arguments.root, folder, arguments.sources, check=arguments.check, progress=bar)
    except harness.Misuse as error:
        return refuse(str(error))
    except schema.SchemaError as error:
        return refuse(f"schemas/ cannot be read:\n{error}")
    for source, counts in outcome.counts.items():
        print(f"{source}: " + ", ".join(f"{number:,} {name}" for name, number in counts.items()))
    if outcome.problems:
        print(problems.render(problems.Report(problems.ordered(outcome.problems), {}), "text"))
    if outcome.errors:
        return refuse("nothing was written", 1)
    for change in outcome.changes:
        name = change.path.relative_to(arguments.root).as_posix()
        what = "removed" if change.new is None else "wrote" if change.old is None else "changed"
        print(change.diff(arguments.root) if arguments.check else f"{what} {name}")
    if arguments.check and outcome.changes:
        number = len(outcome.changes)
        files = "1 file is" if number == 1 else f"{number} files are"
        return refuse(f"{files} not what the raw files give; run: bastions curate", 1)
    return 0

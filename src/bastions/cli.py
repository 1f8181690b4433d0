"""The command line: verbs, arguments and printing only.

Exit codes: 0 clean, 1 problems, 2 misuse or unreadable input.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bastions import is_package

if TYPE_CHECKING:
    from bastions.curate.plans import Plan
    from bastions.problems import Problem

Verb = Callable[[argparse.Namespace], int]


def main(argv: list[str] | None = None) -> int:
    """Runs one verb and returns the exit code."""
    _open_streams()
    arguments = _parser().parse_args(argv)
    run: Verb = arguments.run
    try:
        code = run(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # The reader (head, less) has what it wanted; Python would complain while it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(getattr(arguments, "bad", 0))
    except KeyboardInterrupt:
        return _refuse("interrupted")
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _refuse(f"{where}{error.strerror or error}")
    except Exception as error:
        if "interrupted" not in str(error).lower() or "duckdb" not in sys.modules:
            raise
        return _refuse("interrupted")  # as DuckDB says it


def _open_streams() -> None:
    """Gives the process the standard streams that it was started without, and makes them write whatever they get."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the shell
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 (for as long as the process)
        elif isinstance(stream, io.TextIOWrapper):  # a terminal that is not UTF-8 shows what it cannot write as escapes
            stream.reconfigure(errors="backslashreplace")


def _refuse(text: str, code: int = 2) -> int:
    with contextlib.suppress(OSError):  # nobody can be told; the code says it
        sys.stderr.write(f"bastions: {text}\n")
        sys.stderr.flush()
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bastions",
        description="A claim-level record of the war against the Islamic State: validate it, publish it, query it.",
    )
    parser.add_argument("--root", type=Path, default=Path(), help="folder of the dataset (default: here)")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def verb(name: str, run: Verb, text: str) -> argparse.ArgumentParser:
        sub = verbs.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        sub.set_defaults(run=run)
        return sub

    given = "a dataset with schemas/ (default: --root), or any Data Package: its folder or its datapackage.json"
    sub = verb("validate", _validate, "find every problem of the dataset, or of any Data Package")
    sub.add_argument("package", nargs="?", type=Path, metavar="PACKAGE", help=given)
    sub.add_argument(
        "--format", choices=("text", "json", "jsonl", "github"), default="text", help="how problems are told"
    )
    sub.add_argument("--reference", action="store_true", help="ask frictionless-py for a second opinion")
    _limits(sub)

    sub = verb("build", _build, "validate, then publish a release of the dataset, or of any Data Package")
    sub.add_argument("package", nargs="?", type=Path, metavar="PACKAGE", help=given)
    sub.add_argument("--out", type=Path, help="folder of the release (default: build in that of PACKAGE)")
    sub.add_argument("--no-database", action="store_true", help="of a Data Package: make no DuckDB database")
    _limits(sub)

    sub = verb("query", _query, "run SQL on the release")
    sub.add_argument("sql", help='a statement, as "FROM events LIMIT 5"; - reads it from standard input')
    sub.add_argument(
        "--format", choices=("table", "csv", "json", "markdown"), default="table", help="form of the result"
    )
    sub.add_argument("--release", type=Path, help="folder of the release (default: build)")

    sub = verb("fmt", _fmt, "bring CSV files, datapackage.json and the codebook into canonical form")
    sub.add_argument("--check", action="store_true", help="change nothing; show what would change and fail")

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

    sub = verb("cite", _cite, "find words in a text: their span and digest, to paste into claims")
    sub.add_argument("words", help="the words, as they stand in the text")
    sub.add_argument("--text", type=Path, required=True, metavar="FILE", help="the text of the source")
    sub.add_argument("--occurrence", type=int, metavar="N", help="which of several places, from 1")

    sub = verb("verify", _verify, "prove every span and digest against a text that you hold")
    sub.add_argument("--text", type=Path, required=True, metavar="FILE", help="the text of the source, from wherever")
    sub.add_argument("--source", metavar="ID", help="the source whose text it is (default: found by its sentences)")
    sub.add_argument("--format", choices=("text", "json"), default="text", help="how the result is told")
    return parser


def _limits(parser: argparse.ArgumentParser) -> None:
    """The options that raise the limits of packages that are not this repository's."""
    group = parser.add_argument_group("limits, of a Data Package")
    for option, (_, metavar, text) in LIMITS.items():
        group.add_argument(option, type=_positive, metavar=metavar, help=text)


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**63:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


LIMITS = {
    "--max-cell": ("cell", "BYTES", "of a cell (default: 1 MB)"),
    "--max-row": ("row", "BYTES", "of a row (default: 10 MB)"),
    "--max-columns": ("columns", "NUMBER", "of columns of a table (default: 2,000)"),
    "--max-problems": ("problems", "NUMBER", "of problems that are told (default: 2,000,000)"),
    "--max-file": ("file", "BYTES", "of a file (default: no limit)"),
    "--pattern-seconds": ("pattern", "SECONDS", "for all patterns that take the slow path (default: 10)"),
}
"""Each option with the limit that it sets."""


def _given(arguments: argparse.Namespace) -> dict[str, int]:
    """The limits that were given, by their names."""
    values = {name: getattr(arguments, option[2:].replace("-", "_")) for option, (name, _, _) in LIMITS.items()}
    return {name: value for name, value in values.items() if value is not None}


def _validate(arguments: argparse.Namespace) -> int:
    from bastions import problems

    path = arguments.package or arguments.root
    if is_package(path):
        return _validate_package(path, arguments)
    if refused := _not_of_dataset(arguments):
        return refused
    from bastions.validation import validate

    report = validate(path, reference=arguments.reference)
    arguments.bad = report.errors > 0
    print(problems.render(report, arguments.format))
    return 1 if report.errors else 0


def _not_of_dataset(arguments: argparse.Namespace) -> int:
    """Refuses options that a dataset with `schemas/` has no use for."""
    if _given(arguments) or getattr(arguments, "no_database", False):
        return _refuse("limits and --no-database are of a Data Package; a dataset with schemas/ has its own limits")
    return 0


def _validate_package(path: Path, arguments: argparse.Namespace) -> int:
    from bastions import problems
    from bastions.tabular import run
    from bastions.tabular.limits import Limits

    if arguments.reference:
        return _refuse("--reference is of a dataset with schemas/; run frictionless on a Data Package itself")
    folder = os.path.relpath(path if path.is_dir() else path.parent)
    teller = problems.Teller(arguments.format, print, "" if folder == "." else folder)

    def tell(found: Problem) -> None:
        arguments.bad = found.severity == "error" or getattr(arguments, "bad", False)
        teller.add(found)

    with _progress() as progress:
        report = run.validate(path, limits=Limits(**_given(arguments)), sink=tell, progress=progress)
    arguments.bad = report.errors > 0
    teller.end(report)
    return 1 if report.errors else 0


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[str, int], None]]:
    """Rows and rows per second, on a terminal, once it takes more than two seconds."""
    if not sys.stderr.isatty():
        yield lambda table, rows: None
        return
    from tqdm import tqdm

    from bastions import problems

    began, delay = time.monotonic(), 2
    with tqdm(unit=" rows", unit_scale=True, delay=delay, leave=False, dynamic_ncols=True) as shown:

        def update(stage: str, rows: int) -> None:
            late = time.monotonic() - began > delay
            shown.set_description(problems.visible(stage, 40), refresh=late and not rows)
            shown.update(rows)

        yield update


def _build(arguments: argparse.Namespace) -> int:
    from bastions import problems, publish
    from bastions.schema import SchemaError

    root = arguments.package or arguments.root
    teller = problems.Teller("text", print)
    try:
        if is_package(root):
            from bastions.tabular import run
            from bastions.tabular.limits import Limits

            with _progress() as progress:
                release = run.build(
                    root,
                    arguments.out,
                    limits=Limits(**_given(arguments)),
                    sink=teller.add,
                    progress=progress,
                    database=not arguments.no_database,
                )
        elif refused := _not_of_dataset(arguments):
            return refused
        else:
            release = publish.build(root, arguments.out or root / "build")
    except publish.Refused as refused:
        teller.end(refused.report)
        return _refuse("nothing was published: there are errors", 1)
    except publish.CannotPublish as error:
        return _refuse(f"nothing was published: {error}")
    except SchemaError as error:
        return _refuse(f"nothing was published, since these cannot be read:\n{error}", 1)
    if release.report.problems:
        teller.end(release.report)
    print(release)
    return 0


def _query(arguments: argparse.Namespace) -> int:
    from bastions import query

    sql = sys.stdin.read() if arguments.sql == "-" else arguments.sql
    try:
        print(query.query(sql, arguments.release or arguments.root / "build", arguments.format))
    except query.QueryError as error:
        return _refuse(str(error), 1)
    return 0


def _fmt(arguments: argparse.Namespace) -> int:
    from bastions import fmt, loader, problems, schema

    try:
        changes, found = fmt.plan(loader.load(arguments.root))
    except schema.SchemaError as error:
        return _refuse(f"schemas/ cannot be read:\n{error}", 1)
    if not arguments.check:
        fmt.write(changes)
    for change in changes:
        name = change.path.relative_to(arguments.root).as_posix()
        said = f"{'wrote' if change.old is None else 'changed'} {name}"
        print(change.diff(arguments.root) if arguments.check else said)
    if found:
        print(problems.render(problems.Report(problems.ordered(found), {}), "text"))
        return _refuse("files with these problems were left alone", 1)
    if arguments.check and changes:
        number = "1 file is" if len(changes) == 1 else f"{len(changes)} files are"
        return _refuse(f"{number} not in canonical form; run: make fmt", 1)
    return 0


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
        return _refuse("--out converts one file of one kind: bastions curate ucdp-ged --from FILE --out DIR")
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
        return _refuse(f"schemas/ cannot be read:\n{error}")
    if done.problems:
        print(problems.render(problems.Report(problems.ordered(done.problems), {}), "text"))
    if done.errors:
        return _refuse("nothing was written", 1)
    for name, number in {**done.rows, **done.counts}.items():
        print(f"{number:>12,} {name}")
    print(f"{arguments.out}: {len(done.files)} files")
    return 0


def _curate(arguments: argparse.Namespace) -> int:
    if arguments.out is not None:
        return _convert(arguments)
    if arguments.side is not None or arguments.form is not None:
        return _refuse("--side and --form go with --out: bastions curate ucdp-ged --from FILE --out DIR")
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
        return _refuse(str(error))
    except schema.SchemaError as error:
        return _refuse(f"schemas/ cannot be read:\n{error}")
    for source, counts in outcome.counts.items():
        print(f"{source}: " + ", ".join(f"{number:,} {name}" for name, number in counts.items()))
    if outcome.problems:
        print(problems.render(problems.Report(problems.ordered(outcome.problems), {}), "text"))
    if outcome.errors:
        return _refuse("nothing was written", 1)
    for change in outcome.changes:
        name = change.path.relative_to(arguments.root).as_posix()
        what = "removed" if change.new is None else "wrote" if change.old is None else "changed"
        print(change.diff(arguments.root) if arguments.check else f"{what} {name}")
    if arguments.check and outcome.changes:
        number = len(outcome.changes)
        files = "1 file is" if number == 1 else f"{number} files are"
        return _refuse(f"{files} not what the raw files give; run: bastions curate", 1)
    return 0


def _cite(arguments: argparse.Namespace) -> int:
    from bastions import claims

    try:
        spans = claims.cite(arguments.text.read_bytes(), arguments.words, occurrence=arguments.occurrence)
    except (claims.CiteError, claims.TextError) as error:
        return _refuse(f"{arguments.text}: {error}", 1)
    print("start_char,end_char,span_sha256")
    for number, span in enumerate(spans, 1):
        print(f"{span.start_char},{span.end_char},{span.span_sha256}")
        which = f"occurrence {number}, " if len(spans) > 1 else ""
        sys.stderr.write(f"    {which}line {span.line}: …{span.before}[{span.words}]{span.after}…\n")
    if len(spans) > 1:
        sys.stderr.write(f"The words stand {len(spans)} times; choose one with --occurrence N.\n")
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    from bastions import claims, dataset, loader, problems
    from bastions.schema import SchemaError

    try:
        data = dataset.read(loader.load(arguments.root))
    except SchemaError as error:
        return _refuse(f"schemas/ cannot be read:\n{error}")
    names = ("sources", *claims.TABLES)
    paths = {part.path for name in names for part in data.rows[name].parts}
    if unread := [p for p in data.problems if p.file in paths and p.severity == "error"]:
        print(problems.render(problems.Report(problems.ordered(unread), {}), "text"))
        return _refuse("nothing was verified: these rows could not be read")
    tables = {name: data.text[name].rows(named=True) for name in names}
    try:
        result = claims.verify(arguments.text.read_bytes(), tables, source_id=arguments.source)
    except (claims.SourceError, claims.SpanError, claims.TextError) as error:
        return _refuse(f"{arguments.text}: {error}")
    print(claims.render(result, arguments.format))
    return 1 if result.failures else 0


if __name__ == "__main__":
    sys.exit(main())

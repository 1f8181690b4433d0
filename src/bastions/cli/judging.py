"""The verbs that judge and publish: `validate`, `build` and `fmt`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bastions import is_package
from bastions.cli.common import AddVerb, also, given, limits, progress, refuse

if TYPE_CHECKING:
    from bastions.problems import Problem, Report
    from bastions.releasing.base import Base

    Tell = Callable[[Problem], None]

FORMS = ("text", "json", "jsonl", "github", "sarif", "junit", "markdown")
"""As `bastions.reports.FORMATS`, which `--help` need not wait for."""


def add(verb: AddVerb) -> None:
    """Adds the verbs."""
    package = "a dataset with schemas/ (default: --root), or any Data Package: its folder or its datapackage.json"
    sub = verb("validate", _validate, "find every problem of the dataset, or of any Data Package")
    sub.add_argument("package", nargs="?", type=Path, metavar="PACKAGE", help=package)
    sub.add_argument("--format", choices=FORMS, default="text", help="how problems are told")
    also(sub, FORMS)
    sub.add_argument("--reference", action="store_true", help="ask frictionless-py for a second opinion")
    before = "hold it against the folder releases/ of this git commit, not against the one that stands here"
    sub.add_argument("--releases-from", metavar="REF", help=before)
    limits(sub)
    sub = verb("build", _build, "validate, then publish a release of the dataset, or of any Data Package")
    sub.add_argument("package", nargs="?", type=Path, metavar="PACKAGE", help=package)
    sub.add_argument("--out", type=Path, help="folder of the release (default: build in that of PACKAGE)")
    sub.add_argument("--no-database", action="store_true", help="of a Data Package: make no DuckDB database")
    limits(sub)
    sub = verb("fmt", _fmt, "bring CSV files, datapackage.json and the codebook into canonical form")
    sub.add_argument("--check", action="store_true", help="change nothing; show what would change and fail")


def _validate(arguments: argparse.Namespace) -> int:
    from bastions.reports import files, where

    path = arguments.package or arguments.root
    package = is_package(path)
    if package and arguments.reference:
        return refuse("--reference is of a dataset with schemas/; run frictionless on a Data Package itself")
    if package and arguments.releases_from is not None:
        return refuse("--releases-from is of a dataset with schemas/; nothing is known of releases of a Data Package")
    if not package and (refused := _not_of_dataset(arguments)):
        return refused
    targets = [os.path.realpath(file) for _, file in arguments.also]
    if len(set(targets)) < len(targets):
        return refuse("--also names a file twice; each report needs one of its own")
    if taken := [target for target in targets if _is_input(target, path)]:
        return refuse(f"{os.path.relpath(taken[0])}: is a file of what is judged; a report needs one of its own")
    before = None
    if arguments.releases_from is not None:
        from bastions import diff
        from bastions.releasing import base as releases

        try:
            before = releases.at(arguments.releases_from, path)
        except diff.CannotOpen as fault:
            return refuse(f"--releases-from {fault}")
    base = where.from_here(path if path.is_dir() else path.parent)
    with files.telling(arguments.format, print, arguments.also, base) as told:
        if package:
            report = _judge_package(path, arguments, told.add)
        else:
            report = _judge_dataset(path, arguments, told.add, before)
        arguments.bad = report.errors > 0
        told.end(report)
    for error in told.failed:
        refuse(f"{error.filename}: {error.strerror}; this report was not written")
    if told.failed:
        return 2
    return 1 if report.errors else 0


def _is_input(file: str, judged: Path) -> bool:
    """Whether a file that is there is read for the verdict, so that no report may take its place."""
    if not Path(file).is_file():
        return False
    root = Path(os.path.realpath(judged if judged.is_dir() else judged.parent))
    if not is_package(judged):
        inside = Path(file).relative_to(root).parts if Path(file).is_relative_to(root) else ("",)
        return inside[0] in ("data", "seeds", "schemas", "releases", "datapackage.json")
    descriptor = root / "datapackage.json" if judged.is_dir() else Path(os.path.realpath(judged))
    if file == str(descriptor):
        return True
    try:
        text = descriptor.read_text("utf-8")
    except (OSError, UnicodeDecodeError):  # what is wrong with it is told by the validator
        return False
    return Path(file).is_relative_to(root) and Path(file).relative_to(root).as_posix() in text


def _judge_dataset(path: Path, arguments: argparse.Namespace, tell: Tell, before: Base | None) -> Report:
    from bastions.validation import validate

    report = validate(path, reference=arguments.reference, before=before)
    arguments.bad = report.errors > 0
    for found in report.problems:
        tell(found)
    return report


def _judge_package(path: Path, arguments: argparse.Namespace, tell: Tell) -> Report:
    from bastions.tabular import run
    from bastions.tabular.limits import Limits

    def take(found: Problem) -> None:
        arguments.bad = found.severity == "error" or getattr(arguments, "bad", False)
        tell(found)

    with progress() as told:
        return run.validate(path, limits=Limits(**given(arguments)), sink=take, progress=told)


def _not_of_dataset(arguments: argparse.Namespace) -> int:
    """Refuses options that a dataset with `schemas/` has no use for."""
    if given(arguments) or getattr(arguments, "no_database", False):
        return refuse("limits and --no-database are of a Data Package; a dataset with schemas/ has its own limits")
    return 0


def _build(arguments: argparse.Namespace) -> int:
    from bastions import publish, reports
    from bastions.schema import SchemaError

    root = arguments.package or arguments.root
    teller = reports.teller("text", print)
    try:
        if is_package(root):
            from bastions.tabular import run
            from bastions.tabular.limits import Limits

            with progress() as told:
                release = run.build(
                    root,
                    arguments.out,
                    limits=Limits(**given(arguments)),
                    sink=teller.add,
                    progress=told,
                    database=not arguments.no_database,
                )
        elif refused := _not_of_dataset(arguments):
            return refused
        else:
            release = publish.build(root, arguments.out or root / "build")
    except publish.Refused as refused:
        teller.end(refused.report)
        return refuse("nothing was published: there are errors", 1)
    except publish.CannotPublish as error:
        return refuse(f"nothing was published: {error}")
    except SchemaError as error:
        return refuse(f"nothing was published, since these cannot be read:\n{error}", 1)
    if release.report.problems:
        teller.end(release.report)
    print(release)
    return 0


def _fmt(arguments: argparse.Namespace) -> int:
    from bastions import fmt, loader, problems, schema

    try:
        changes, found = fmt.plan(loader.load(arguments.root))
    except schema.SchemaError as error:
        return refuse(f"schemas/ cannot be read:\n{error}", 1)
    if not arguments.check:
        fmt.write(changes)
    for change in changes:
        name = change.path.relative_to(arguments.root).as_posix()
        said = f"{'wrote' if change.old is None else 'changed'} {name}"
        print(change.diff(arguments.root) if arguments.check else said)
    if found:
        print(problems.render(problems.Report(problems.ordered(found), {}), "text"))
        return refuse("files with these problems were left alone", 1)
    if arguments.check and changes:
        number = "1 file is" if len(changes) == 1 else f"{len(changes)} files are"
        return refuse(f"{number} not in canonical form; run: make fmt", 1)
    return 0

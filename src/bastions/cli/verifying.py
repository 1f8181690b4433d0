"""The verb that proves what is said: `verify`, spans against a text, or a release against its digests."""

from __future__ import annotations

import argparse
from pathlib import Path

from bastions.cli.common import AddVerb, refuse


def add(verb: AddVerb) -> None:
    """Adds the verb."""
    sub = verb("verify", _verify, "prove every span against a text that you hold, or every byte of a release")
    what = sub.add_mutually_exclusive_group(required=True)
    what.add_argument("--text", type=Path, metavar="FILE", help="the text of a source, from wherever")
    what.add_argument("--release", type=Path, metavar="DIR|ARCHIVE", help="a release: its folder or its archive")
    sub.add_argument("--source", metavar="ID", help="the source whose text it is (default: found by its sentences)")
    sub.add_argument("--format", choices=("text", "json"), default="text", help="how the result is told")


def _verify(arguments: argparse.Namespace) -> int:
    if arguments.release is None:
        return _text(arguments)
    if arguments.source is not None:
        return refuse("--source goes with --text")
    from bastions import releasing
    from bastions.releasing import telling

    found = releasing.verify(arguments.release)
    print(telling.proof(found, arguments.format))
    return 1 if found.problems else 0


def _text(arguments: argparse.Namespace) -> int:
    from bastions import claims, dataset, loader, problems, reports
    from bastions.schema import SchemaError

    try:
        data = dataset.read(loader.load(arguments.root))
    except SchemaError as error:
        return refuse(f"schemas/ cannot be read:\n{error}")
    names = ("sources", *claims.TABLES)
    paths = {part.path for name in names for part in data.rows[name].parts}
    if unread := [p for p in data.problems if p.file in paths and p.severity == "error"]:
        print(reports.render(problems.Report(problems.ordered(unread), {}), "text"))
        return refuse("nothing was verified: these rows could not be read")
    tables = {name: data.text[name].rows(named=True) for name in names}
    try:
        result = claims.verify(claims.read(arguments.text), tables, source_id=arguments.source)
    except (claims.SourceError, claims.SpanError, claims.TextError) as error:
        return refuse(f"{arguments.text}: {error}")
    print(claims.render(result, arguments.format))
    return 1 if result.failures else 0

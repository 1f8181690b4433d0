"""The verb that proves what is said: `verify`, spans against a text."""

from __future__ import annotations

import argparse
from pathlib import Path

from bastions.cli.common import AddVerb, refuse


def add(verb: AddVerb) -> None:
    """Adds the verb."""
    sub = verb("verify", _verify, "prove every span and digest against a text that you hold")
    sub.add_argument("--text", type=Path, required=True, metavar="FILE", help="the text of the source, from wherever")
    sub.add_argument("--source", metavar="ID", help="the source whose text it is (default: found by its sentences)")
    sub.add_argument("--format", choices=("text", "json"), default="text", help="how the result is told")


def _verify(arguments: argparse.Namespace) -> int:
    from bastions import claims, dataset, loader, problems
    from bastions.schema import SchemaError

    try:
        data = dataset.read(loader.load(arguments.root))
    except SchemaError as error:
        return refuse(f"schemas/ cannot be read:\n{error}")
    names = ("sources", *claims.TABLES)
    paths = {part.path for name in names for part in data.rows[name].parts}
    if unread := [p for p in data.problems if p.file in paths and p.severity == "error"]:
        print(problems.render(problems.Report(problems.ordered(unread), {}), "text"))
        return refuse("nothing was verified: these rows could not be read")
    tables = {name: data.text[name].rows(named=True) for name in names}
    try:
        result = claims.verify(arguments.text.read_bytes(), tables, source_id=arguments.source)
    except (claims.SourceError, claims.SpanError, claims.TextError) as error:
        return refuse(f"{arguments.text}: {error}")
    print(claims.render(result, arguments.format))
    return 1 if result.failures else 0

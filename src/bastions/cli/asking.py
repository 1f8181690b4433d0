"""The verb that asks a release: `query`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bastions.cli.common import AddVerb, refuse


def add(verb: AddVerb) -> None:
    """Adds the verb."""
    sub = verb("query", _query, "run SQL on the release")
    sub.add_argument("sql", help='a statement, as "FROM events LIMIT 5"; - reads it from standard input')
    sub.add_argument(
        "--format", choices=("table", "csv", "json", "markdown"), default="table", help="form of the result"
    )
    sub.add_argument("--release", type=Path, help="folder of the release (default: build)")
    past = "folder of unpacked archives that as_of_release may read; only SELECT and SET VARIABLE run then"
    sub.add_argument("--releases", type=Path, metavar="DIR", help=past)


def _query(arguments: argparse.Namespace) -> int:
    from bastions import query

    sql = sys.stdin.read() if arguments.sql == "-" else arguments.sql
    try:
        release = arguments.release or arguments.root / "build"
        print(query.query(sql, release, arguments.format, arguments.releases))
    except query.QueryError as error:
        return refuse(str(error), 1)
    return 0

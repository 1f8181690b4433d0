"""The verb that compares: `diff`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from bastions.cli.common import AddVerb, refuse

if TYPE_CHECKING:
    from bastions.diff import Difference


def add(verb: AddVerb) -> None:
    """Adds the verb."""
    sub = verb("diff", _diff, "show what differs between two states of the dataset, row by row and value by value")
    side = "a git commit (main, HEAD~3, a tag), the folder or archive of a release, or the folder of a dataset"
    sub.add_argument("old", nargs="?", default="HEAD", metavar="OLD", help=f"{side} (default: HEAD)")
    sub.add_argument("new", nargs="?", metavar="NEW", help="the same (default: the dataset as it stands in --root)")
    sub.add_argument(
        "--format", choices=("text", "markdown", "html", "json"), default="text", help="form of the report"
    )
    sub.add_argument("--out", type=Path, metavar="FILE", help="write the report there and print one line")
    sub.add_argument(
        "--limit",
        type=_limit,
        metavar="N",
        help="rows of each kind and table that are told (default: 50, in html 1,000; json tells all)",
    )
    sub.add_argument(
        "--policy", metavar="NAME", help="policy of the published values, or all (default: the default one)"
    )
    sub.add_argument(
        "--check", action="store_true", help="exit 1 where an id was reused, or removed without a tombstone"
    )


def _limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def _diff(arguments: argparse.Namespace) -> int:
    from bastions import diff

    try:
        with diff.opened(arguments.old, arguments.root) as old, diff.opened(arguments.new, arguments.root) as new:
            found = diff.between(old, new, arguments.policy)
    except diff.CannotOpen as error:
        return refuse(str(error))
    code = 2 if found.unread else 1 if arguments.check and found.ids else 0
    arguments.bad = code
    pieces = _pieces(found, arguments)
    if arguments.out is None:
        for piece in pieces:
            sys.stdout.write(piece)
    else:
        _write(arguments.out, pieces)
        print(f"{arguments.out}: {''.join(diff.tell.outline.summary(found))}")
    if found.unread:
        return refuse("not all could be compared; the report says what could not be read")
    if code:
        return refuse("there is trouble with ids; the report begins with it", code)
    return 0


def _pieces(found: Difference, arguments: argparse.Namespace) -> Iterable[str]:
    from bastions.diff import tell

    limit = {} if arguments.limit is None else {"limit": arguments.limit}
    if arguments.format == "json":
        return tell.json(found)
    text = {"text": tell.text, "markdown": tell.markdown, "html": tell.html}[arguments.format](found, **limit)
    return [text if text.endswith("\n") else f"{text}\n"]


def _write(path: Path, pieces: Iterable[str]) -> None:
    """Writes a report; a file of that name is replaced by a whole one or stays."""
    stage = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with stage.open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
        stage.replace(path)
    finally:
        stage.unlink(missing_ok=True)

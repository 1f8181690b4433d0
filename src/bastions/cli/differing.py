"""The verb that compares: `diff`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bastions.cli.common import AddVerb, also, refuse

if TYPE_CHECKING:
    from bastions.diff import Difference

FORMS = ("text", "markdown", "html", "json")
"""As `bastions.diff.tell.FORMATS`, which `--help` need not wait for."""


def add(verb: AddVerb) -> None:
    """Adds the verb."""
    sub = verb("diff", _diff, "show what differs between two states of the dataset, row by row and value by value")
    side = "a git commit (main, HEAD~3, a tag), the folder or archive of a release, or the folder of a dataset"
    sub.add_argument("old", nargs="?", default="HEAD", metavar="OLD", help=f"{side} (default: HEAD)")
    sub.add_argument("new", nargs="?", metavar="NEW", help="the same (default: the dataset as it stands in --root)")
    sub.add_argument("--format", choices=FORMS, default="text", help="form of the report")
    sub.add_argument("--out", type=Path, metavar="FILE", help="write the report there and print one line")
    also(sub, FORMS)
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
    from bastions.diff.tell import outline
    from bastions.reports import APPENDED
    from bastions.reports.files import ReportFile

    reports = [(form, path, form in APPENDED) for form, path in arguments.also]
    if arguments.out is not None:
        reports.insert(0, (arguments.format, arguments.out, False))
    targets = [os.path.realpath(path) for _, path, _ in reports]
    if len(set(targets)) < len(targets):
        return refuse("--out and --also name a file twice; each report needs one of its own")
    with ExitStack() as stack:
        files = [(form, stack.enter_context(ReportFile(path, append))) for form, path, append in reports]
        try:
            with diff.opened(arguments.old, arguments.root) as old, diff.opened(arguments.new, arguments.root) as new:
                found = diff.between(old, new, arguments.policy)
        except diff.CannotOpen as error:
            return refuse(str(error))
        code = 2 if found.unread else 1 if arguments.check and found.ids else 0
        arguments.bad = code
        for form, file in files:
            for line in _lines(_pieces(found, form, arguments.limit)):
                file.write(line)
            file.keep()
    failed = [file.error for _, file in files if file.error]
    for fault in failed:
        refuse(f"{fault.filename}: {fault.strerror}; this report was not written")
    if arguments.out is None:
        for piece in _pieces(found, arguments.format, arguments.limit):
            sys.stdout.write(piece)
    elif files[0][1].error is None:
        print(f"{arguments.out}: {''.join(outline.summary(found))}")
    if failed:
        return 2
    if found.unread:
        return refuse("not all could be compared; the report says what could not be read")
    if code:
        return refuse("there is trouble with ids; the report tells it among the first", code)
    return 0


def _pieces(found: Difference, form: str, most: int | None) -> Iterable[str]:
    from bastions.diff import tell

    limit = {} if most is None else {"limit": most}
    if form == "json":
        return tell.json(found)
    text = {"text": tell.text, "markdown": tell.markdown, "html": tell.html}[form](found, **limit)
    return [text if text.endswith("\n") else f"{text}\n"]


def _lines(pieces: Iterable[str]) -> Iterator[str]:
    """The lines of a text that comes in pieces, without their ends."""
    rest = ""
    for piece in pieces:
        *whole, rest = (rest + piece).split("\n")
        yield from whole
    if rest:
        yield rest

"""What several verbs share: the type of a verb, how it refuses, its progress, and the limits of other packages."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

Verb = Callable[[argparse.Namespace], int]
"""Runs a verb with its arguments and returns the exit code."""


class AddVerb(Protocol):
    """Adds a verb to the command line."""

    def __call__(self, name: str, run: Verb, text: str) -> argparse.ArgumentParser:
        """Its name, what runs it, and what it does in one line; the parser takes its arguments."""
        ...


def refuse(text: str, code: int = 2) -> int:
    """Says on standard error why a verb does not do what was asked; returns the exit code."""
    with contextlib.suppress(OSError):  # nobody can be told; the code says it
        sys.stderr.write(f"bastions: {text}\n")
        sys.stderr.flush()
    return code


def also(parser: argparse.ArgumentParser, forms: Sequence[str]) -> None:
    """The option `--also FORM=FILE`, by which the same run is told in other forms too, to files."""

    def parsed(text: str) -> tuple[str, Path]:
        form, _, file = text.partition("=")
        if form not in forms or not file:
            raise argparse.ArgumentTypeError(f"{text!r} is not FORM=FILE, with one of {', '.join(forms)}")
        return form, Path(file)

    text = "tell it in this form too, to a file; markdown is added to it (repeatable)"
    parser.add_argument("--also", action="append", default=[], type=parsed, metavar="FORM=FILE", help=text)


def limits(parser: argparse.ArgumentParser) -> None:
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


def given(arguments: argparse.Namespace) -> dict[str, int]:
    """The limits that were given, by their names."""
    values = {name: getattr(arguments, option[2:].replace("-", "_")) for option, (name, _, _) in LIMITS.items()}
    return {name: value for name, value in values.items() if value is not None}


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str, int], None]]:
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

"""The command line: verbs, arguments and printing only; a module for each group of verbs.

Exit codes: 0 clean, 1 problems, 2 misuse or unreadable input.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from bastions.cli import asking, citing, composing, curating, differing, judging, releasing, verifying
from bastions.cli.common import Verb, refuse

GROUPS = (judging, asking, differing, curating, citing, composing, releasing, verifying)
"""Modules that add verbs, in the order of `--help`; they import what a verb needs when it runs."""


def main(argv: list[str] | None = None) -> int:
    """Runs one verb and returns the exit code."""
    arguments = argparse.Namespace()
    try:
        with _stoppable():
            _open_streams()
            arguments = _parser().parse_args(argv)
            run: Verb = arguments.run
            code = run(arguments)
            sys.stdout.flush()
            return code
    except BrokenPipeError:
        # The reader (head, less) has what it wanted; Python would complain while it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(getattr(arguments, "bad", 0))
    except KeyboardInterrupt:
        return refuse("interrupted")
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return refuse(f"{where}{error.strerror or error}")
    except Exception as error:
        if "interrupted" not in str(error).lower() or "duckdb" not in sys.modules:
            raise
        return refuse("interrupted")  # as DuckDB says it


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """While it lasts, a request to end (SIGTERM, SIGHUP) ends the verb as an interrupt does: it puts things in order.

    Only the first one does, so that another does not disturb that. Whoever ignores a signal, as `nohup` does, or
    handles it, goes on doing so.
    """

    def stop(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before: list[int] = []
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # Handlers are for the main thread to set: elsewhere this is a ValueError.
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            with contextlib.suppress(ValueError):
                signal.signal(number, stop)
                before.append(number)
    try:
        yield
    finally:
        for number in before:
            signal.signal(number, signal.SIG_DFL)


def _open_streams() -> None:
    """Gives the process the standard streams that it was started without, and makes them write whatever they get."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the shell
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 (for as long as the process)
        elif isinstance(stream, io.TextIOWrapper):  # a terminal that is not UTF-8 shows what it cannot write as escapes
            stream.reconfigure(errors="backslashreplace")


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

    for group in GROUPS:
        group.add(verb)
    return parser

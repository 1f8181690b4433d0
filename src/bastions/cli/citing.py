"""The verb that finds words in a text: `cite`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bastions.cli.common import AddVerb, refuse


def add(verb: AddVerb) -> None:
    """Adds the verb."""
    sub = verb("cite", _cite, "find words in a text: their span and digest, to paste into claims")
    sub.add_argument("words", help="the words, as they stand in the text")
    sub.add_argument("--text", type=Path, required=True, metavar="FILE", help="the text of the source")
    sub.add_argument("--occurrence", type=int, metavar="N", help="which of several places, from 1")


def _cite(arguments: argparse.Namespace) -> int:
    from bastions import claims
    from bastions.problems import visible

    try:
        spans = claims.cite(claims.read(arguments.text), arguments.words, occurrence=arguments.occurrence)
    except (claims.CiteError, claims.TextError) as error:
        lines = [visible(line.expandtabs(4), 10_000) for line in str(error).split("\n")]
        return refuse("\n".join([f"{arguments.text}: {lines[0]}", *lines[1:]]), 1)
    print("start_char,end_char,span_sha256")
    for number, span in enumerate(spans, 1):
        print(f"{span.start_char},{span.end_char},{span.span_sha256}")
        which = f"occurrence {number}, " if len(spans) > 1 else ""
        sys.stderr.write(
            visible(f"    {which}line {span.line}: …{span.before}[{span.words}]{span.after}…", 10_000) + "\n"
        )
    if len(spans) > 1:
        sys.stderr.write(f"The words stand {len(spans)} times; choose one with --occurrence N.\n")
    return 0

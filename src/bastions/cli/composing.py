"""The verb that adds rows in a conversation: `new claim`."""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bastions.cli.common import AddVerb, refuse


def add(verb: AddVerb) -> None:
    """Adds the verb."""
    sub = verb(
        "new", _claim, "add a claim, asked for step by step: words, record, value, voice; validated, then written"
    )
    things = sub.add_subparsers(required=True, metavar="WHAT")
    text = "a claim on words of a text that you hold"
    claim = things.add_parser("claim", help=text, description=text[0].upper() + text[1:] + "; see docs/new-claim.md.")
    claim.add_argument("--text", type=Path, required=True, metavar="FILE", help="the text of the source")
    claim.add_argument("--source", metavar="ID", help="the source, if several have this text (default: by its digest)")


def _claim(arguments: argparse.Namespace) -> int:
    from bastions import claims, composing, problems
    from bastions.schema import SchemaError

    if arguments.text.exists() and not arguments.text.is_file() and not arguments.text.is_dir():
        # A pipe would be waited for, a terminal answer to the questions, a device have no end.
        return refuse(f"{arguments.text}: is no regular file; save the text in one")
    try:
        text = claims.normalise(claims.read(arguments.text))
        held = composing.load(arguments.root)
        source = composing.source_of(text, held, arguments.source)
        dialogue = composing.Dialogue(arguments.root, held, source, text, _ask(), print)
    except (claims.TextError, composing.NotTheText) as error:
        return refuse(f"{arguments.text}: {error}", 1)
    except SchemaError as error:
        return refuse(f"schemas/ cannot be read:\n{error}", 1)
    except composing.Unusable as error:
        print(problems.render(problems.Report(error.problems, {}), "text"))
        return refuse("nothing can be added before these files can be read", 1)
    try:
        done = dialogue.run()
    except composing.Unusable as error:
        print(problems.render(problems.Report(error.problems, {}), "text"))
        return refuse("nothing was written: these files cannot be read", 1)
    except EOFError:
        return refuse("the answers ended; nothing was written")
    except KeyboardInterrupt:
        claim_id = dialogue.outcome.claim_id
        return refuse(f"interrupted; {claim_id} was written" if claim_id else "interrupted; nothing was written")
    return 0 if done.claim_id else refuse("nothing was written")


def _ask() -> Callable[[Sequence[str]], str]:
    """The other end of the conversation: a terminal, with completion where there is readline; or a pipe."""
    stream = sys.stdin
    if isinstance(stream, io.TextIOWrapper):  # what is not text is refused with the answer, and not as a traceback
        stream.reconfigure(errors="surrogateescape")
    if stream is None or not stream.isatty():
        return _piped
    offers: list[str] = []
    with contextlib.suppress(ImportError):
        import readline

        def complete(begun: str, state: int) -> str | None:
            fitting = [name for name in offers if name.startswith(begun)]
            return fitting[state] if state < len(fitting) else None

        readline.set_completer(complete)
        readline.set_completer_delims(" ,")
        libedit = "libedit" in (readline.__doc__ or "")
        readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab: complete")

    def ask(offered: Sequence[str]) -> str:
        offers[:] = offered
        return input("> ")

    return ask


def _piped(offered: Sequence[str]) -> str:
    """The next line of standard input, shown as if it had been typed."""
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line:
        raise EOFError
    print(f"> {line.rstrip()}".rstrip())
    return line

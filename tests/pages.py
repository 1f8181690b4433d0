"""The examples on the pages for readers, README.md and docs/: found, run on a release, and renewed.

An example is a fenced block of `sql`, or of `sh` that begins with `bastions query`, followed by a block of `text` with
what it prints; that may be empty in a new one. To renew them all:
`BASTIONS_UPDATE=1 .venv/bin/pytest tests/test_readme.py tests/test_docs.py`.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from bastions.cli import main

WIDTH = 120
"""Columns of the terminal on which the examples are printed."""

_BLOCK = r"(?:(?!^```).)*?"
_EXAMPLE = re.compile(
    rf"^```(?:sql\n(?P<sql>{_BLOCK})|sh\n(?P<sh>bastions query {_BLOCK}))\n```\n\n```text\n(?P<printed>{_BLOCK})```$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Example:
    """A query on a page, and what the page says that it prints."""

    sql: str
    printed: str


def examples(text: str) -> list[Example]:
    """The examples of a page, in order."""
    return [Example(_arguments(match.groupdict())[1], match["printed"]) for match in _EXAMPLE.finditer(text)]


def check(page: Path, release: Path) -> None:
    """Fails unless every example of a page prints what the page shows; with BASTIONS_UPDATE the page is renewed."""
    text = page.read_text("utf-8")
    now = _EXAMPLE.sub(lambda match: _run(match, release), text)
    if os.environ.get("BASTIONS_UPDATE") and now != text:
        page.write_text(now, "utf-8")
        text = now
    assert now == text, f"{page.name}: renew with BASTIONS_UPDATE=1"


def _arguments(example: Mapping[str, str | None]) -> list[str]:
    """The arguments of `bastions` by which an example is run, the SQL second."""
    return ["query", example["sql"]] if example["sql"] is not None else shlex.split(example["sh"] or "")[1:]


def _run(match: re.Match[str], release: Path) -> str:
    """The example with what it prints now."""
    arguments = _arguments(match.groupdict())
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), mock.patch.dict(os.environ, COLUMNS=str(WIDTH)):
        assert main([*arguments, "--release", str(release)]) == 0, arguments[1]
    start, end = match.start("printed") - match.start(), match.end("printed") - match.start()
    return match[0][:start] + printed.getvalue().rstrip() + "\n" + match[0][end:]

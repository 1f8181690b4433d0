"""The words of a source: what may stand in a cell of them, what is a copy, and what stands in quotation marks."""

from __future__ import annotations

import re
import unicodedata

from bastions.claims import CiteError, cite
from bastions.composing.talk import Unfit

RUN = 6
"""So many words in a row, alike in the text and in a statement, are a copy."""

_OPEN, _CLOSE, _EITHER = "“„«", "”»", '"'


def words(text: str) -> list[str]:
    """The words without case and punctuation; a hyphen, an apostrophe and an underscore part words."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).casefold())


def runs(text: str) -> set[tuple[str, ...]]:
    """All runs of `RUN` words of a text."""
    found = words(text)
    return {tuple(found[at : at + RUN]) for at in range(len(found) - RUN + 1)}


def copied(written: str, source: set[tuple[str, ...]]) -> list[str]:
    """The longest runs of at least `RUN` words of `written` that stand in a source too, of which `runs` are given."""
    ours = words(written)
    found: list[list[str]] = []
    last = -RUN
    for at in range(len(ours) - RUN + 1):
        if tuple(ours[at : at + RUN]) in source:
            if at == last + 1:
                found[-1].append(ours[at + RUN - 1])
            else:
                found.append(ours[at : at + RUN])
            last = at
    return [" ".join(run) for run in found]


def within(span: str, typed: str) -> str:
    """The letters of the span that are meant by what was typed, as the source writes them.

    Raises:
        Unfit: If they do not stand in the span.
    """
    try:
        return cite(span, typed)[0].words
    except CiteError as error:
        near = f' Did you mean "{error.nearest[0].words}"?' if error.nearest else ""
        raise Unfit(f'"{typed}" does not stand in the words of the claim.{near}') from None


def quotation(text: str, start: int, end: int) -> str:
    """Whether the words of a span stand in quotation marks: `all`, `some` or `none` of them.

    Only double marks count, since a single one is an apostrophe too; every paragraph begins outside.
    """
    inside, counted = False, {True: 0, False: 0}
    for place in range(text.rfind("\n", 0, start) + 1, end):
        c = text[place]
        if c in _OPEN + _CLOSE + _EITHER:
            inside = not inside if c in _EITHER else c in _OPEN
        elif c == "\n":
            inside = False
        elif place >= start and c.isalnum():
            counted[inside] += 1
    if not counted[True]:
        return "none"
    return "some" if counted[False] else "all"

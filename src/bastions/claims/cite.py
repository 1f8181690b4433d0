"""Words to spans: every place of a text where the words stand, as people type them."""

from __future__ import annotations

import difflib
import heapq
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bastions.claims.text import View, digest, folded, normalise, plain

CONTEXT = 30  # characters shown before and after words


class CiteError(ValueError):
    """The words do not stand in the text, or not as often as was asked for.

    Attributes:
        nearest: The places whose words are most like them, the best first.
    """

    def __init__(self, message: str, nearest: Sequence[Span] = ()):
        self.nearest = tuple(nearest)
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Span:
    """One place in a text.

    Attributes:
        start_char: Offset of its first character in the normalised text, in code points from 0.
        end_char: Offset just after its last.
        span_sha256: SHA-256 of its characters, lower-case hexadecimal.
        line: Line of its first character, from 1.
        before: The characters that stand before it, at most `CONTEXT`, white space folded, for display.
        words: Its characters, white space folded, for display.
        after: The characters that follow it, likewise.
    """

    start_char: int
    end_char: int
    span_sha256: str
    line: int
    before: str
    words: str
    after: str


def _span(text: str, start: int, end: int) -> Span:
    fold = re.compile(r"\s+").sub
    return Span(
        start,
        end,
        digest(text[start:end]),
        text.count("\n", 0, start) + 1,
        fold(" ", text[max(0, start - CONTEXT) : start]),
        fold(" ", text[start:end]),
        fold(" ", text[end : end + CONTEXT]),
    )


def cite(text: bytes | str, words: str, *, occurrence: int | None = None) -> list[Span]:
    """Every place of `text` where `words` stand.

    The words may be typed with other white space, quotation marks, dashes and dots than the text has; the digest is
    always of the text's own characters. Letters have to be the same, capitals too.

    Args:
        text: The document, raw or normalised.
        words: What to look for.
        occurrence: Which of several places is meant, from 1; all of them without it.

    Returns:
        The places in order; exactly one where `occurrence` is given.

    Raises:
        CiteError: If the words stand nowhere (with the nearest places), or not `occurrence` times.
        TextError: If the text cannot be read.
    """
    normal, sought = normalise(text), normalise(words)
    as_it_is, as_typed = folded(normal, 0, len(normal)), folded(sought, 0, len(sought))
    view, wanted = plain(as_it_is), plain(as_typed).text
    if not wanted:
        raise CiteError("there are no words to look for")
    places = _places(as_it_is, as_typed.text)
    places += [(a, b) for a, b in _places(view, wanted) if all(b <= c or d <= a for c, d in places)]
    found = [_span(normal, *place) for place in sorted(places)]
    if not found:
        nearest = _nearest(normal, view, wanted)
        lines = "".join(f'\n  line {near.line}: "{near.words}"' for near in nearest)
        advice = f"; the nearest are:{lines}" if nearest else " nor anything like them"
        raise CiteError(f'"{wanted}" does not stand in the text{advice}', nearest)
    if occurrence is None:
        return found
    if not 1 <= occurrence <= len(found):
        times = "once" if len(found) == 1 else f"{len(found)} times"
        raise CiteError(f'"{wanted}" stands in the text {times}; there is no occurrence {occurrence}', found)
    return [found[occurrence - 1]]


def _places(view: View, wanted: str) -> list[tuple[int, int]]:
    """Where `wanted` stands in `view`, unless it cuts a character, as an ellipsis that is written as three dots."""
    found = []
    at = view.text.find(wanted)
    while at >= 0:
        start, end = view.extent(at, len(wanted))
        after = at + len(wanted)
        if (at == 0 or view.starts[at - 1] != start) and (after == len(view.text) or view.ends[after] != end):
            found.append((start, end))
        at = view.text.find(wanted, at + 1)
    return found


COMPARED = 10_000_000
"""About how many pairs of characters are compared for the nearest places: two texts take time by their product."""

SOUGHT = 30
"""Words, from the first, that the nearest places are sought for."""


def _nearest(text: str, view: View, wanted: str, count: int = 3) -> list[Span]:
    """The stretches of about as many words that are most like `wanted`; those that share no word only if none does."""
    tokens = [m.span() for m in re.finditer(r"\S+", view.text)]
    wanted = " ".join(wanted.split()[:SOUGHT])
    size = len(wanted.split())
    sought = set(re.findall(r"\w+", wanted.lower()))
    shared = [set(re.findall(r"\w+", view.text[a:b].lower())) & sought for a, b in tokens]
    windows = [
        (-len(set().union(*shared[i : i + n])), tokens[i][0], tokens[i + n - 1][1])
        for n in {max(1, size - 1), size, size + 1}
        for i in range(len(tokens) - n + 1)
    ]
    if any(shared):
        windows = [window for window in windows if window[0]]
    scored = []
    matcher = difflib.SequenceMatcher(None, b=wanted.lower(), autojunk=False)
    for _, a, b in heapq.nsmallest(max(20, min(5000, COMPARED // len(wanted) ** 2)), windows):
        matcher.set_seq1(view.text[a:b].lower())
        if matcher.real_quick_ratio() > 0.6 and matcher.quick_ratio() > 0.6 and (ratio := matcher.ratio()) > 0.6:
            scored.append((-ratio, a, b))
    best: list[tuple[int, int]] = []
    for _, a, b in sorted(scored):
        if len(best) < count and all(b <= c or d <= a for c, d in best):
            best.append((a, b))
    return [_span(text, *view.extent(a, b - a)) for a, b in best]

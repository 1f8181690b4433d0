"""The first questions: which words carry the claim, and in which of several places."""

from __future__ import annotations

from collections.abc import Sequence

from bastions.claims import CiteError, Span, cite
from bastions.composing.draft import Desk, Draft, Step
from bastions.composing.holdings import span_of
from bastions.composing.talk import Option, Unfit

ABOUT = (
    "The shortest run of words that carries the assertion, inside one sentence, heading or caption. Quotation marks, "
    "dashes and white space may be typed otherwise than the text has them; letters have to be the same. The span and "
    "the digest are always of the text's own characters; the words themselves are not kept."
)

PUNCTUATION = ' ,.;:!?…“”„«»"()[]–—'


def told(span: Span) -> str:
    """A place in the text: its line and what stands about it."""
    return f"line {span.line}: …{span.before}[{span.words}]{span.after}…"


def find(desk: Desk, typed: str, nearest: list[Span]) -> list[Span]:
    """The places of the words that are typed, or the one of `nearest` whose number is.

    Raises:
        Unfit: If there is none; then `nearest` holds those that are listed with the message.
    """
    if nearest and typed.isascii() and typed.isdigit() and 1 <= int(typed) <= len(nearest):
        return [nearest[int(typed) - 1]]
    try:
        return cite(desk.text, typed)
    except CiteError as error:
        nearest[:] = [_trimmed(near, desk.text) for near in error.nearest]
        if not nearest:
            raise Unfit(str(error)) from None
        lines = "".join(f"\n  {number}  {told(near)}" for number, near in enumerate(nearest, 1))
        said = f'"{typed}" does not stand in the text. Take one of these by its number, or type again:'
        raise Unfit(said + lines) from None


def _trimmed(span: Span, text: str) -> Span:
    """A place without the punctuation at its ends."""
    words = span.words.strip(PUNCTUATION)
    found = [] if not words else [s for s in cite(text, words) if span.start_char <= s.start_char < span.end_char]
    return found[0] if found else span


def places(spans: Sequence[Span]) -> list[Option]:
    """Several places as a list."""
    return [Option(f"{span.start_char}-{span.end_char}", told(span)) for span in spans]


def _words(d: Draft, desk: Desk) -> bool:
    nearest: list[Span] = []

    def take(typed: str) -> list[Span]:
        found = find(desk, typed, nearest)
        fitting = [span for span in found if _in_line(span, desk)]
        if not fitting:
            raise Unfit("These words run over the end of a sentence; a claim stands inside one line of the ledger.")
        return fitting

    d.places = desk.talk.put("words", "Which words carry the claim? As they stand in the text.", take, about=ABOUT)
    if len(d.places) == 1:
        _settle(d, desk)
    return True


def _in_line(span: Span, desk: Desk) -> bool:
    source = desk.source["source_id"]
    return not desk.held.of_source("ledger", source) or bool(desk.held.line_of(source, span.start_char, span.end_char))


def _place(d: Draft, desk: Desk) -> bool:
    chosen = desk.talk.choose(
        "place", f"The words stand {len(d.places)} times. In which place?", places(d.places), about=ABOUT
    )
    d.places = [span for span in d.places if f"{span.start_char}-{span.end_char}" == chosen]
    _settle(d, desk)
    return True


def _settle(d: Draft, desk: Desk) -> None:
    """Fills what follows from the place, and shows it."""
    (span,) = d.places
    say, source = desk.talk.say, desk.source["source_id"]
    cells = {"start_char": str(span.start_char), "end_char": str(span.end_char), "span_sha256": span.span_sha256}
    d.cells |= {"source_id": source, **cells}
    d.leave("words are cited by their span", "locator")
    say(told(span), "  ")
    say(f"start_char {span.start_char}, end_char {span.end_char}, span_sha256 {span.span_sha256}", "  ")
    line = desk.held.line_of(source, span.start_char, span.end_char)
    if line is None:
        say("The source has no ledger, as only a passage of it was read.", "  ")
        return
    ids = line["claim_ids"].split()
    say(f"It stands in {line['sentence_id']}, which has yielded {len(ids) or 'no'} claim{'s'[: len(ids) != 1]}.", "  ")
    for key in ids:
        row = desk.held.tables["claims"].get(key)
        at = span_of(row) if row else None
        if row and at and at[0] < span.end_char and span.start_char < at[1]:
            about = f"{row['subject_table']} {row['subject_id']}, {row['field']}"
            say(f"{key} is about some of the same words: {about}. {row['statement']}", "    ")


STEPS = (
    Step("start_char", _words),
    Step("end_char", _place, lambda d: len(d.places) > 1),
)

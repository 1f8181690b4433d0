"""Spans and digests: what `validate` finds by itself, and what only the text proves (`bastions verify --text`)."""

from __future__ import annotations

from .common import change, warned
from .harness import OURS, Expected, Package, Spot, fault

STORY = "orvessa-story"
UNPROVED = ("changed", "absent")


def unproved(p: Package, table: str, key: str, **cells: str) -> Expected:
    """Changes a span, and expects that the text does not prove it."""
    return change(p, table, key, UNPROVED, "span_sha256", **cells)


@fault("spans", (OURS,))
def span_reversed(p: Package) -> Expected:
    """A span ends before it begins."""
    return change(p, "claims", "orvessa-story-0034", "claims__span_reversed", "end_char", end_char="1040")


@fault("spans", (OURS,))
def span_outside_text(p: Package) -> Expected:
    """A span ends behind the end of the text."""
    return change(p, "claims", "orvessa-story-0034", "claims__span_outside_text", "end_char", end_char="1101")


@fault("spans", (OURS,))
def span_without_digest(p: Package) -> Expected:
    """A span has no digest."""
    return change(p, "claims", "orvessa-story-0033", "claims__span_incomplete", "span_sha256", span_sha256="")


@fault("spans", (OURS,))
def span_over_two_sentences(p: Package) -> Expected:
    """A span begins in the sentence before."""
    return change(p, "claims", "orvessa-story-0033", "claims__in_no_ledger_line", "start_char", start_char="950")


@fault("spans", (OURS,))
def words_longer_than_span(p: Package) -> Expected:
    """The words that were kept are longer than the span in which they stand."""
    rule = "claims__raw_longer_than_span"
    return change(p, "claims", "orvessa-story-0021", rule, "value_raw", value_raw="Two aircraft of it")


@fault("spans", (OURS,))
def digest_of_half_length(p: Package) -> Expected:
    """A digest was cut off."""
    spot = p.of("claims", "orvessa-story-0021", "span_sha256")
    return change(p, "claims", "orvessa-story-0021", "constraint-error", "span_sha256", span_sha256=p.cell(spot)[:32])


@fault("spans", (OURS,))
def cue_reversed(p: Package) -> Expected:
    """The words that name a speaker end before they begin."""
    return change(p, "utterances", "orvessa-story-u2", "utterances__span_reversed", "end_char", end_char="330")


@fault("spans", (OURS,))
def cue_outside_text(p: Package) -> Expected:
    """The words that name a speaker stand behind the end of the text."""
    cells = {"start_char": "1200", "end_char": "1210"}
    return change(p, "utterances", "orvessa-story-u2", "utterances__span_outside_text", "end_char", **cells)


@fault("spans", (OURS,))
def locator_in_prose(p: Package) -> Expected:
    """A locator of a dataset is a sentence."""
    return change(p, "claims", "marn-register-0002", "claims__locator_malformed", "locator", locator="the second line")


@fault("spans", (OURS,))
def claim_on_dataset_without_place(p: Package) -> Expected:
    """A claim on a dataset does not say which row it read."""
    return change(p, "claims", "marn-register-0004", "claims__citation_missing", "locator", locator="")


@fault("spans", (OURS,))
def sentences_overlap(p: Package) -> Expected:
    """Two sentences of a ledger overlap."""
    spot = Spot("ledger", 10, "end_char")
    p.set(spot, "960")
    return Expected("ledger__lines_overlap", p.file("ledger"), p.line("ledger", 11))


@fault("spans", (OURS,))
def sentence_left_out(p: Package) -> Expected:
    """A sentence of a story is in no line of its ledger."""
    p.delete_row("ledger", 12)
    return warned(Expected("ledger__gap", p.file("ledger"), p.line("ledger", 12)))


@fault("spans", (OURS,))
def claim_in_no_ledger(p: Package) -> Expected:
    """A claim is missing from the ledger of its story."""
    p.set(Spot("ledger", 1, "claim_ids"), "")
    p.set(Spot("ledger", 1, "no_claim_reason"), "fragment")
    return p.at(p.of("claims", "orvessa-story-0001", "claim_id"), "claims__missing_from_ledger", column=False)


@fault("spans", (OURS,))
def ledger_names_no_claim(p: Package) -> Expected:
    """A line of a ledger names a claim that does not exist."""
    p.set(Spot("ledger", 1, "claim_ids"), "orvessa-story-0001 orvessa-story-0099")
    return p.at(Spot("ledger", 1, "claim_ids"), "ledger__claim_unknown")


@fault("spans", (OURS,))
def length_of_text_too_small(p: Package) -> Expected:
    """A text is said to be shorter than its spans reach."""
    p.set(p.of("sources", STORY, "text_length"), "1080")
    return p.at(p.of("claims", "orvessa-story-0034", "end_char"), "claims__span_outside_text")


@fault("spans", (OURS,))
def normalization_forgotten(p: Package) -> Expected:
    """It is not said how the text was normalised before offsets were counted."""
    rule = "sources__text_half_described"
    return change(p, "sources", STORY, rule, "text_normalization", text_normalization="")


@fault("spans", (OURS,))
def digest_of_other_words(p: Package) -> Expected:
    """The digest of a claim is of other words."""
    return unproved(
        p, "claims", "orvessa-story-0021", span_sha256=p.cell(p.of("claims", "orvessa-story-0022", "span_sha256"))
    )


@fault("spans", (OURS,))
def digest_with_two_digits_exchanged(p: Package) -> Expected:
    """Two digits of a digest have changed places."""
    old = p.cell(p.of("claims", "orvessa-story-0033", "span_sha256"))
    return unproved(p, "claims", "orvessa-story-0033", span_sha256=old[1] + old[0] + old[2:])


@fault("spans", (OURS,))
def span_shifted_by_one(p: Package) -> Expected:
    """A span begins and ends a character too late."""
    return unproved(p, "claims", "orvessa-story-0021", start_char="404", end_char="416")


@fault("spans", (OURS,))
def span_longer_by_one(p: Package) -> Expected:
    """A span ends a character too late."""
    return unproved(p, "claims", "orvessa-story-0024", end_char="665")


@fault("spans", (OURS,))
def span_in_other_sentence(p: Package) -> Expected:
    """A claim has the offsets of another sentence."""
    return unproved(p, "claims", "orvessa-story-0038", start_char="511", end_char="526")


@fault("spans", (OURS,))
def digest_of_cue_changed(p: Package) -> Expected:
    """The digest of the words that name a speaker is of other words."""
    return unproved(p, "utterances", "orvessa-story-u5", span_sha256="0" * 64)


@fault("spans", (OURS,))
def digest_of_sentence_changed(p: Package) -> Expected:
    """The digest of a sentence in the ledger is of other words."""
    return unproved(p, "ledger", "orvessa-story-s12", span_sha256="f" * 64)


@fault("spans", (OURS,))
def text_longer_than_it_is(p: Package) -> Expected:
    """A text is said to be longer than it is."""
    return change(p, "sources", STORY, UNPROVED, "text_length", text_length="1120")


@fault("spans", (OURS,))
def ledger_absent(p: Package) -> Expected:
    """A document that was read has no ledger."""
    (p.root / "seeds/orvessa-story/ledger.csv").unlink()
    return p.at(p.of("sources", "orvessa-story", "source_id"), "sources__ledger_missing", column=False)

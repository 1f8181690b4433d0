"""The questions on the voice: the source's own, an utterance that stands already, or a new one."""

from __future__ import annotations

from bastions.claims import Span
from bastions.composing.cells import fit
from bastions.composing.draft import Desk, Draft, Step
from bastions.composing.holdings import span_of
from bastions.composing.record import find
from bastions.composing.seeking import Index
from bastions.composing.talk import Option
from bastions.composing.words import find as find_words
from bastions.composing.words import places, told

OWN, NEW = "own", "new"


def _voice(d: Draft, desk: Desk) -> bool:
    source = desk.source
    start, end = int(d.cells["start_char"]), int(d.cells["end_char"])
    rows = desk.held.of_source("utterances", source["source_id"])

    line = desk.held.line_of(source["source_id"], start, end)

    def away(key: str) -> tuple[bool, int, str]:
        """Whether in another sentence, how many characters off, and the key."""
        if (at := span_of(rows[key])) is None:
            return True, len(desk.text), key
        first, last = at
        same = desk.held.line_of(source["source_id"], first, last) == line
        return not same, max(first - end, start - last, 0), key

    listed = [Option(OWN, "the source's own voice", _publisher(desk))]
    for key in sorted(rows, key=away):
        row = rows[key]
        who = desk.held.name_of("actors", row["actor_id"])
        behalf = row["on_behalf_of_id"] and f" for {desk.held.name_of('actors', row['on_behalf_of_id'])}"
        words = f"[{_words(desk, *at)}]" if (at := span_of(row)) else ""
        listed.append(Option(key, f"{who}{behalf}, {row['speech_act']}", words))
    listed.append(Option(NEW, "an utterance that is not on the list"))
    question = "Whose voice is it? The nearest utterances come first."
    chosen = desk.talk.choose("voice", question, listed, about=desk.utterances.description)
    if chosen == OWN:
        d.cells["utterance_id"] = ""
        d.leave("it is the source's own voice", "utterance_id")
    elif chosen == NEW:
        d.cells["utterance_id"] = desk.held.next_utterance(source["source_id"])
        d.utterance = {"utterance_id": d.cells["utterance_id"], "source_id": source["source_id"]}
        desk.talk.say(f"It will be {d.cells['utterance_id']}.", "  ")
    else:
        d.cells["utterance_id"] = chosen
    return True


def _publisher(desk: Desk) -> str:
    publisher = desk.source["publisher_id"]
    return desk.held.name_of("actors", publisher) if publisher else desk.source["title"]


def _words(desk: Desk, start: int, end: int) -> str:
    return " ".join(desk.text[start:end].split())


def _cue(d: Draft, desk: Desk) -> bool:
    nearest: list[Span] = []
    about = f"{desk.utterances.description} Words may be typed as for the claim."
    question = "Which words say who speaks and how?"
    d.cues = desk.talk.put("cue", question, lambda typed: find_words(desk, typed, nearest), about=about)
    if len(d.cues) == 1:
        _settle(d, desk)
    return True


def _cue_place(d: Draft, desk: Desk) -> bool:
    chosen = desk.talk.choose("cue place", f"They stand {len(d.cues)} times. In which place?", places(d.cues))
    d.cues = [span for span in d.cues if f"{span.start_char}-{span.end_char}" == chosen]
    _settle(d, desk)
    return True


def _settle(d: Draft, desk: Desk) -> None:
    (span,) = d.cues
    desk.talk.say(told(span), "  ")
    cells = {"start_char": str(span.start_char), "end_char": str(span.end_char), "span_sha256": span.span_sha256}
    d.utterance |= cells


def _actor(column: str, question: str, none: str = "") -> Step:
    def run(d: Draft, desk: Desk) -> bool:
        about = desk.utterances[column].description
        hit = find(desk, f"utterance {column}", question, Index(desk.held, ["actors"]), about=about, none=none)
        d.utterance[column] = hit.key if hit else ""
        return True

    return Step(f"utterances.{column}", run, _is_new)


def _is_new(d: Draft) -> bool:
    return bool(d.utterance)


def _code(column: str, question: str, none: str = "") -> Step:
    def run(d: Draft, desk: Desk) -> bool:
        field = desk.utterances[column]
        assert field.codes is not None
        d.utterance[column] = desk.talk.choose(
            f"utterance {column}", question, desk.codes(field), about=field.codes.description, none=none
        )
        return True

    return Step(f"utterances.{column}", run, _is_new)


def _named(d: Draft, desk: Desk) -> bool:
    listed = [Option("true", "the source names the speaker"), Option("false", "it does not")]
    about = desk.utterances["named"].description
    d.utterance["named"] = desk.talk.choose("utterance named", "Is the speaker named?", listed, about=about)
    return True


def _said(d: Draft, desk: Desk) -> bool:
    field = desk.utterances["said"]
    d.utterance["said"] = desk.talk.put(
        "utterance said",
        f"When was it said? EDTF; the source was published {desk.source['published'] or 'on a day not known'}.",
        lambda typed: fit(desk.utterances, field, typed) if typed else "",
        about=field.description,
        none="the source does not say",
    )
    return True


def _parent(d: Draft, desk: Desk) -> bool:
    rows = desk.held.of_source("utterances", desk.source["source_id"])
    if not rows:
        return False
    listed = [Option(k, f"{desk.held.name_of('actors', r['actor_id'])}, {r['speech_act']}") for k, r in rows.items()]
    d.utterance["parent_id"] = desk.talk.choose(
        "utterance parent",
        "In which utterance is it reported?",
        listed,
        about=desk.utterances["parent_id"].description,
        none="the source itself reports it",
    )
    return True


STEPS = (
    Step("utterance_id", _voice),
    Step("utterances.start_char", _cue, _is_new),
    Step("utterances.end_char", _cue_place, lambda d: len(d.cues) > 1),
    _actor("actor_id", "Who speaks? Type part of the actor's name or id."),
    _actor("on_behalf_of_id", "For whom? Type part of the actor's name or id.", "for nobody else"),
    _code("speech_act", "What does the speaker do with the words?"),
    _code("basis", "On what does the speaker's knowledge rest?", "it cannot be told"),
    Step("utterances.named", _named, _is_new),
    Step("utterances.said", _said, _is_new),
    Step("utterances.parent_id", _parent, _is_new),
)

"""The last questions: how the words put it, how the value came of them, and what they assert in our own words."""

from __future__ import annotations

from bastions.composing.cells import fit
from bastions.composing.draft import Desk, Draft, Step
from bastions.composing.talk import Option, Unfit
from bastions.composing.wording import copied, quotation, runs

USUAL = {"polarity": "affirmed", "event_status": "realized", "value_origin": "reported"}
"""What most claims are; offered with the question, and taken only by an empty answer."""

CERTAIN = {"affirmed": "CT+", "denied": "CT-"}
"""The factuality that is offered for each polarity: no reservation."""

QUOTED = {
    "all": ("direct", "the words stand in quotation marks"),
    "some": ("mixed", "some of the words stand in quotation marks"),
    "none": ("indirect", "no word of it stands in quotation marks"),
}
"""The kind of quotation that is offered for words of a speaker."""


def _code(name: str, question: str) -> Step:
    def run(d: Draft, desk: Desk) -> bool:
        column = desk.claims[name]
        assert column.codes is not None
        d.cells[name] = desk.talk.choose(
            name, question, desk.codes(column), about=column.codes.description, default=USUAL[name]
        )
        if name == "event_status" and d.cells["field"] == "exists" and d.cells["polarity"] == "affirmed":
            status = d.cells[name]
            if desk.attribute(name, status, "exists") == "no":
                said = f"What is {status} makes no record exist; a remark on the record that it concerns says it."
                desk.talk.say(said, "  ")
        return True

    return Step(name, run)


def _factuality(d: Draft, desk: Desk) -> bool:
    column, polarity = desk.claims["factuality"], d.cells["polarity"]
    assert column.codes is not None
    fitting = [o for o in desk.codes(column) if desk.attribute("factuality", o.key, "polarity") in ("", polarity)]
    question = f"How far does the speaker commit to it? Those that go with {polarity}:"
    d.cells["factuality"] = desk.talk.choose(
        f"factuality {polarity}", question, fitting, about=column.codes.description, default=CERTAIN.get(polarity, "")
    )
    return True


def _type(d: Draft, desk: Desk) -> bool:
    column = desk.claims["claim_type"]
    assert column.codes is not None
    spoken = bool(d.cells["utterance_id"])
    excluded = "none" if spoken else "required"
    fitting: list[Option] = [
        option
        for option in desk.codes(column)
        if desk.attribute("claim_type", option.key, "cited_by") == "span"
        and desk.attribute("claim_type", option.key, "utterance") != excluded
    ]
    if len(fitting) == 1:
        d.cells["claim_type"] = fitting[0].key
        desk.talk.say("")
        desk.talk.say(f"claim_type is {fitting[0].key}: {fitting[0].definition}")
        return False
    (span,) = d.places
    code, why = QUOTED[quotation(desk.text, span.start_char, span.end_char)]
    about = column.codes.description
    d.cells["claim_type"] = desk.talk.choose(
        f"claim_type {span.start_char}-{span.end_char}",
        f"Which kind of quotation is it? As far as marks tell, {why}.",
        fitting,
        about=about,
        default=code if code in [option.key for option in fitting] else "",
    )
    return True


def _statement(d: Draft, desk: Desk) -> bool:
    d.cells["statement"] = _written(desk, "statement", "What do the words assert? In one sentence of your own.")
    return True


def _note(d: Draft, desk: Desk) -> bool:
    origin = d.cells["value_origin"]
    needed = desk.attribute("value_origin", origin, "note") == "required"
    question = f"From what and how was it {origin}?" if needed else "Is there something to note?"
    d.cells["note"] = _written(desk, "note", question, "" if needed else "nothing to note")
    if not d.cells["note"]:
        d.leave("there was nothing to note", "note")
    d.leave("nobody has reviewed it; who does is not who coded it", "reviewer")
    return True


def _written(desk: Desk, name: str, question: str, none: str = "") -> str:
    column = desk.claims[name]
    warned: set[str] = set()

    def take(typed: str) -> str:
        if not typed:
            return ""
        fit(desk.claims, column, typed)
        if (taken := copied(typed, runs(desk.text))) and typed not in warned:
            warned.add(typed)
            listed = "; ".join(f'"{run}"' for run in taken)
            raise Unfit(
                f"It has the source's own words: {listed}. Put it in your own; if this is a name that cannot be put "
                "otherwise, type the same once more."
            )
        return typed

    return desk.talk.put(name, question, take, about=column.description, none=none)


STEPS = (
    _code("polarity", "Do the words affirm or deny it?"),
    _code("event_status", "Which status do the words give it?"),
    Step("factuality", _factuality),
    Step("claim_type", _type),
    _code("value_origin", "How did the value, or the record, come out of the words?"),
    Step("statement", _statement),
    Step("note", _note),
)

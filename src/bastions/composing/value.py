"""The questions on the value: of a figure with its hedge, or of a column as the column itself would be filled."""

from __future__ import annotations

from collections.abc import Callable

from bastions.composing.cells import fit
from bastions.composing.draft import Desk, Draft, Step
from bastions.composing.record import find
from bastions.composing.seeking import Index
from bastions.composing.talk import Option, Unfit
from bastions.composing.wording import within
from bastions.composing.words import PUNCTUATION

NUMBERS = {"required": ("value",), "range": ("value_min", "value_max"), "bounded": ("value", "value_min", "value_max")}
"""Which number cells a comparator takes, by its attribute `value`; of any other, none."""


def _raw(d: Draft, desk: Desk) -> bool:
    (span,) = d.places
    column = desk.claims["value_raw"]
    most = column.constraints.maxLength or len(span.words)
    offered = span.words.strip(PUNCTUATION)
    offered = offered if d.figure and len(offered) <= most else ""
    words = desk.text[span.start_char : span.end_char]

    def take(typed: str) -> str:
        return fit(desk.claims, column, within(words, typed)) if typed else ""

    question = f"The few words of the quantity, date or name, out of the span, at most {most} characters?"
    none = "" if d.figure else "there is no such"
    key = f"value_raw {span.start_char}-{span.end_char} {d.figure}"
    raw = desk.talk.put(key, question, take, about=column.description, default=offered, none=none)
    d.cells["value_raw"] = desk.talk.remembered[key] = raw
    return True


def _comparator(d: Draft, desk: Desk) -> bool:
    column = desk.claims["comparator"]
    assert column.codes is not None
    code = desk.talk.choose(
        "comparator", "How do the words hedge it?", desk.codes(column), about=column.codes.description
    )
    d.cells["comparator"] = code
    takes = NUMBERS.get(desk.attribute("comparator", code, "value"), ())
    d.leave(f"`{code}` takes none", *(name for name in ("value", "value_min", "value_max") if name not in takes))
    return True


def _takes(name: str) -> Callable[[Draft], bool]:
    return lambda d: d.figure and name not in d.left


def _number(name: str) -> Step:
    def run(d: Draft, desk: Desk) -> bool:
        column = desk.claims[name]
        figure = desk.record(d)

        def take(typed: str) -> str:
            fit(desk.claims, column, typed)
            if name == "value_max" and float(typed) < float(d.cells["value_min"]):
                raise Unfit(f'"{typed}" is less than value_min, {d.cells["value_min"]}.')
            return typed

        question = f"{name}? The number as it stands in the words, in digits; the figure's unit is {figure['unit']}."
        d.cells[name] = desk.talk.put(name, question, take, about=column.description)
        return True

    return Step(name, run, _takes(name))


def _unit(d: Draft, desk: Desk) -> bool:
    column, own = desk.claims["unit"], desk.record(d)["unit"]
    assert column.codes is not None
    codes = column.codes.codes
    kind = codes[own].attributes["dimension"] if own in codes else ""
    others = [Option(c.code, c.label, c.definition) for c in codes.values() if c.attributes["dimension"] == kind]
    others = [option for option in others if option.key != own]
    if not others or not any(d.cells.get(name) for name in NUMBERS["bounded"]):
        why = "is the only unit of what it measures" if not others else "needs no other, since there is no number"
        d.leave(f"the figure's unit, {own}, {why}", "unit")
        desk.talk.say("")
        desk.talk.say(f"unit is left empty: {d.left['unit']}.")
        return False
    d.cells["unit"] = desk.talk.choose(
        f"unit of {own}", "Do the words count in another unit?", others, about=column.description,
        none=f"the figure's, {own}",
    )  # fmt: skip
    if not d.cells["unit"]:
        d.leave(f"it is the figure's, {own}", "unit")
    return True


def _otherwise(name: str, question: str) -> Step:
    """A column that is filled only where the words say other than the figure."""

    def run(d: Draft, desk: Desk) -> bool:
        column, own = desk.claims[name], desk.record(d).get(name, "")
        none = f"the figure's, {own}" if own else "the words do not say"
        key = f"{name} of {d.cells['subject_id']}"
        if name == "scope_location_id":
            hit = find(desk, key, question, Index(desk.held, ["locations"]), about=column.description, none=none)
            cell = hit.key if hit else ""
        else:
            cell = desk.talk.put(
                key,
                question,
                lambda typed: fit(desk.claims, column, typed) if typed else "",
                about=column.description,
                none=none,
            )
        if cell and cell == own:
            desk.talk.say("That is the figure's own; it is left empty here.", "  ")
            cell = ""
        d.cells[name] = cell
        if not cell:
            d.leave(f"it is the figure's, {own}" if own else "the words do not say", name)
        return True

    return Step(name, run, lambda d: d.figure)


def _text(d: Draft, desk: Desk) -> bool:
    table = desk.held.schema.subjects[d.cells["subject_table"]]
    column, row = table[d.cells["field"]], desk.record(d)
    cell = row[column.name]
    question = f"Which {column.name} do the words give? The record {f'has {cell}' if cell else 'has none'}."
    key = f"value_text {table.name} {column.name}"
    target = desk.held.refers_to(table, column.name, row)
    if column.codes:
        about = f"{column.description} {column.codes.description}"
        d.cells["value_text"] = desk.talk.choose(key, question, desk.codes(column), about=about)
    elif target in desk.held.tables:
        index = desk.index if target == "records" else Index(desk.held, [target])
        hit = find(desk, key, question, index, about=column.description)
        assert hit is not None
        d.cells["value_text"] = hit.key
    else:
        d.cells["value_text"] = desk.talk.put(
            key, question, lambda typed: fit(table, column, typed), about=column.description
        )
    return True


STEPS = (
    Step("value_raw", _raw),
    Step("comparator", _comparator, lambda d: d.figure),
    _number("value"),
    _number("value_min"),
    _number("value_max"),
    Step("unit", _unit, lambda d: d.figure),
    _otherwise("as_of", "Does it hold for another time than the figure's? EDTF, as 2017-11-03 or 2017-11."),
    _otherwise("scope_location_id", "Does it range over another place than the figure's? Type part of its name."),
    _otherwise("baseline", "With which time do the words compare it? EDTF."),
    Step("value_text", _text, lambda d: d.on_column),
)

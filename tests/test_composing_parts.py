"""The parts of `new claim`: answers, the search for records, the words of a source, single cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import ROOT, schema_in
from hypothesis import given
from hypothesis import strategies as st

from bastions import composing
from bastions.composing import judgement, talk, value, wording
from bastions.composing.cells import fit
from bastions.composing.holdings import Holdings, columns_of
from bastions.composing.record import several
from bastions.composing.seeking import Index
from bastions.composing.talk import Option, Talk, Unfit, characters, clean, pick
from bastions.dialects import TYPES

CODES = ("approx", "eq", "CT+", "ge")


@pytest.fixture(scope="module")
def held(tiny_once: Path) -> Holdings:
    return composing.load(tiny_once)


@pytest.mark.parametrize(("answer", "name"), [("approx", "approx"), ("2", "eq"), ("ct+", "CT+"), ("GE", "ge")])
def test_one_of_a_list_is_meant_by_number_or_name(answer: str, name: str) -> None:
    assert pick(answer, CODES) == name


@pytest.mark.parametrize(
    ("answer", "words"),
    [("0", "There is no number 0"), ("5", "ends with 4"), ("aprox", "Did you mean approx?"), ("٣", "")],
)
def test_what_is_not_on_the_list_is_refused(answer: str, words: str) -> None:
    with pytest.raises(Unfit) as refused:
        pick(answer, CODES)
    assert words in str(refused.value)


def test_a_name_that_is_a_number_goes_before_the_number() -> None:
    assert pick("2", ("3", "2", "1")) == "2"


def test_several_come_in_the_order_of_the_list() -> None:
    assert several("3, approx approx", CODES) == ["approx", "CT+"]
    assert several("", CODES) == []


def test_an_answer_is_one_line_of_composed_characters() -> None:
    assert clean("  cafe\u0301\u00a0 au \tlait\n") == "caf\u00e9 au lait"
    assert characters("caf\u00e9 – “au lait”") == ""


@pytest.mark.parametrize("bad", ["\x1b[2J", "a\u202eb", "a\u200bb", "\udce9", "\ufeffa", "a\U000e0041"])
def test_what_nobody_sees_is_refused(bad: str) -> None:
    assert "nobody sees" in characters(bad)


def test_what_is_shown_cannot_steer_the_terminal() -> None:
    lines: list[str] = []
    Talk(lambda offered: "", lines.append).say("one \x1b[2J two\nthree \u202e four")
    assert lines == ["one \\u{1b}[2J two", "three \\u{202e} four"]


@given(st.text(max_size=300))
def test_no_line_is_wider_than_the_screen_and_none_is_lost(text: str) -> None:
    lines: list[str] = []
    Talk(lambda offered: "", lines.append).say(text, "  ")
    assert len(lines) >= text.count("\n") + 1
    assert all(len(line) <= talk.WIDTH and "\x1b" not in line and "\n" not in line for line in lines)


def test_nothing_is_taken_for_an_answer_that_is_needed() -> None:
    answers = iter(["", "-", "?", "x"])
    lines: list[str] = []

    def ask(offered: Sequence[str]) -> str:
        return next(answers)

    spoken = Talk(ask, lines.append)
    assert spoken.put("key", "What?", str, about="This.") == "x"
    assert [line.strip()[:19] for line in lines] == ["", "What?", "An answer is needed", "An answer is needed", "This."]


def test_a_dash_takes_nothing_instead_of_what_is_offered() -> None:
    answers = iter(["", "-"])
    spoken = Talk(lambda offered: next(answers), lambda line: None)
    listed = [Option("a"), Option("b")]
    assert spoken.choose("key", "Which?", listed, default="b", none="none of them") == "b"
    assert spoken.choose("key", "Which?", listed, default="b", none="none of them") == ""


# --------------------------------------------------------------------------------------------------------------------
# Records


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("orvessa", ("locations", "orvessa")),
        ("Tessel Bridge", ("locations", "tessel-bridge")),
        ("raid kil", ("figures", "raid-killed")),
        ("strikes raid", ("strikes", "tessel-bridge-raid")),
        ("the League’s command", ("actors", "league-command")),
        ("rivr gard", ("actors", "river-guard")),
        ("guard initiator campaign", ("participants", "marn-campaign-guard")),
    ],
)
def test_the_best_record_comes_first(held: Holdings, words: str, first: tuple[str, str]) -> None:
    hit = Index(held).search(words)[0]
    assert (hit.table, hit.key) == first


def test_a_search_can_be_of_some_tables_and_find_nothing(held: Holdings) -> None:
    assert {hit.table for hit in Index(held, ["actors"]).search("guard")} == {"actors"}
    assert Index(held).search("zzzz qqqq") == []


def test_a_label_has_names_in_place_of_keys(held: Holdings) -> None:
    assert (
        held.label("participants", "capture-of-orvessa-guard") == "Capture of Orvessa, River Guard, side_a, initiator"
    )


def test_an_id_is_one_above_the_highest_that_was_ever_used(held: Holdings) -> None:
    assert held.next_claim("orvessa-story") == "orvessa-story-0048"
    assert held.next_claim("lake-watch-bulletin") == "lake-watch-bulletin-0001"
    assert held.next_utterance("orvessa-story") == "orvessa-story-u8"
    assert held.next_utterance("lake-watch-bulletin") == "lake-watch-bulletin-u01"
    full = Holdings(held.schema, {**held.tables, "claims": {"orvessa-story-9999": {}}})
    with pytest.raises(ValueError, match="claim 9999"):
        full.next_claim("orvessa-story")


def test_columns_that_need_a_claim_come_first() -> None:
    columns = columns_of(schema_in(ROOT).tables["control"])
    assert [c.claim_required for c in columns] == sorted((c.claim_required for c in columns), reverse=True)
    assert "control_id" not in [c.name for c in columns]


# --------------------------------------------------------------------------------------------------------------------
# Words


def test_a_copy_is_what_the_project_holds_to_be_one() -> None:
    """The test over the whole project reads words the same way: it has them from here."""
    source = wording.runs("The warden's clerk counted nine carts at the mill. Nobody slept.")
    assert wording.copied("THE WARDEN'S clerk, counted Nine", source) == ["the warden s clerk counted nine"]
    assert wording.copied("counted nine carts at the mill nobody", source) == ["counted nine carts at the mill nobody"]
    assert wording.copied("Nine carts.", source) == wording.copied("", source) == []


@pytest.mark.parametrize(
    ("words", "answer"),
    [("old mill", "all"), ("the “old", "some"), ("or its yard", "none"), ("“old mill”", "all"), ("nine more", "none")],
)
def test_what_stands_in_quotation_marks(words: str, answer: str) -> None:
    text = "He left “for good\n\nNine carts left the “old mill” or its yard, and nine more."
    start = text.index(words)
    assert wording.quotation(text, start, start + len(words)) == answer


def test_straight_marks_open_and_close_by_turns() -> None:
    text = 'He said "nine carts" and "two mules" left'
    assert [wording.quotation(text, text.index(w), text.index(w) + len(w)) for w in ("nine", "and", "mules")] == [
        "all",
        "none",
        "all",
    ]


def test_the_letters_are_the_sources() -> None:
    assert wording.within("the warden’s\nclerk", "warden's clerk") == "warden’s clerk"
    with pytest.raises(Unfit, match="Did you mean"):
        wording.within("nine carts came", "nine cats")


# --------------------------------------------------------------------------------------------------------------------
# Cells and codes


@pytest.mark.parametrize(
    ("table", "column", "good", "bad"),
    [
        ("claims", "value", "6.6", "6,6"),
        ("claims", "as_of", "2017-11", "November"),
        ("claims", "polarity", "denied", "deny"),
        ("control", "held_to", "..", "…"),
        ("strikes", "time_start", "06:20:00", "6:20"),
        ("locations", "latitude", "-45.01", "-145.01"),
        ("claims", "note", "Taken from the date.", "=SUM(A1)"),
        ("claims", "statement", "They left.", ""),
    ],
)
def test_a_cell_is_judged_at_once(table: str, column: str, good: str, bad: str) -> None:
    of = schema_in(ROOT).all_tables[table]
    assert fit(of, of[column], good) == good
    with pytest.raises(Unfit):
        fit(of, of[column], bad)


def test_what_is_offered_are_codes() -> None:
    fields = schema_in(ROOT).tables["claims"]
    named = [*judgement.USUAL.items(), *(("factuality", code) for code in judgement.CERTAIN.values())]
    named += [("claim_type", code) for code, _ in judgement.QUOTED.values()]
    for column, code in named:
        codes = fields[column].codes
        assert codes is not None
        assert code in codes.codes
    polarity, factuality = fields["polarity"].codes, fields["factuality"].codes
    assert polarity is not None and factuality is not None
    assert set(judgement.CERTAIN) == set(polarity.codes)
    assert all(factuality.codes[code].attributes["polarity"] == p for p, code in judgement.CERTAIN.items())


def test_every_kind_of_comparator_has_its_numbers() -> None:
    comparator = schema_in(ROOT).code_lists["comparator"]
    kinds = {code.attributes["value"] for code in comparator.codes.values()}
    assert kinds == {*value.NUMBERS, "absent"}


def test_every_column_of_a_claim_is_asked_for_or_settled() -> None:
    """A column that the schema gains is noticed here."""
    asked = {step.name for step in composing.dialogue.STEPS}
    settled = {"claim_id", "source_id", "span_sha256", "locator", "subject_table", "reviewer"}
    assert {name for name in asked if "." not in name} | settled == set(schema_in(ROOT).tables["claims"].names)
    uttered = {name.partition(".")[2] for name in asked if "." in name}
    assert uttered | {"utterance_id", "source_id", "span_sha256"} == set(schema_in(ROOT).tables["utterances"].names)


def test_every_type_of_column_can_be_claimed() -> None:
    for table in schema_in(ROOT).subjects.values():
        assert {column.type for column in columns_of(table)} <= set(TYPES)

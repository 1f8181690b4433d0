"""`new claim`: whole conversations over the tiny dataset, each ending in files that are valid and canonical."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import TESTS, patch

from bastions import claims, composing, dataset, fmt, loader
from bastions.problems import Problem
from bastions.validation import validate

TEXT = (TESTS / "valid" / "text.txt").read_bytes()
USUAL = ("", "", "")
"""Affirmed, realized, certain: the three answers that are offered."""


@dataclass
class Session:
    """A conversation that was held: what was shown, with the answers, and what became of it."""

    outcome: composing.Outcome
    ended: bool = False
    lines: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        return " ".join(" ".join(self.lines).split())


def hold(
    root: Path,
    answers: Iterable[str],
    text: bytes = TEXT,
    source: str | None = None,
    held: composing.Holdings | None = None,
) -> Session:
    """Holds a conversation; where the answers end before it does, as a closed pipe would."""
    waiting: Iterator[str] = iter(answers)
    session = Session(composing.Outcome())

    def ask(offered: Sequence[str]) -> str:
        for answer in waiting:
            session.lines.append(f"> {answer}")
            return answer
        raise EOFError

    normal = claims.normalise(text)
    held = held or composing.load(root)
    row = composing.source_of(normal, held, source)
    try:
        session.outcome = composing.Dialogue(root, held, row, normal, ask, session.lines.append).run()
    except EOFError:
        session.ended = True
    session.left = list(waiting)
    return session


def rows(root: Path, table: str) -> dict[str, dict[str, str]]:
    schema = loader.load(root)
    frame = dataset.read_table(schema, table).text.select(schema.all_tables[table].names).fill_null("")
    return {row[schema.all_tables[table].key]: row for row in frame.rows(named=True)}


def snapshot(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def assert_valid(root: Path) -> None:
    assert validate(root).problems == ()
    changes, problems = fmt.plan(loader.load(root))
    assert ([change.path for change in changes if change.path.suffix == ".csv"], problems) == ([], [])


RECORD = ("changes hands", "capture-of-orvessa", "exists", "1, location_id")
SAID = ("inferred", "Orvessa fell to somebody else.", "The headline says to whom.")
EXISTS = (*RECORD, "", "own", *USUAL, *SAID)


def test_an_exists_claim_with_covers(tiny: Path) -> None:
    before = snapshot(tiny)
    session = hold(tiny, (*EXISTS, "write"))
    assert session.outcome.claim_id == "orvessa-story-0048"
    assert session.left == []
    written = rows(tiny, "claims")["orvessa-story-0048"]
    assert {name: cell for name, cell in written.items() if cell} == {
        "claim_id": "orvessa-story-0048",
        "source_id": "orvessa-story",
        "start_char": "65",
        "end_char": "78",
        "span_sha256": claims.digest("changes hands"),
        "subject_table": "engagements",
        "subject_id": "capture-of-orvessa",
        "field": "exists",
        "covers": "engagement_type location_id",
        "polarity": "affirmed",
        "event_status": "realized",
        "factuality": "CT+",
        "claim_type": "narrator",
        "value_origin": "inferred",
        "statement": "Orvessa fell to somebody else.",
        "note": "The headline says to whom.",
    }
    assert rows(tiny, "ledger")["orvessa-story-s02"]["claim_ids"] == "orvessa-story-0002 orvessa-story-0048"
    after = snapshot(tiny)
    assert {name for name in after if after[name] != before.get(name)} == set(session.outcome.files)
    assert session.outcome.files == ("data/claims/hand.csv", "seeds/orvessa-story/ledger.csv")
    assert_valid(tiny)


FIGURE = ("at least four people", "raid-killed", "value", "at least four", "ge", "4", "", "", "")
VALUE = (*FIGURE, "orvessa-story-u5", *USUAL, "", "", "The raid cost no fewer than four lives.", "")


def test_a_value_claim_with_its_hedge_and_the_link_that_answers_for_a_contradiction(tiny: Path) -> None:
    link = ("link", "orvessa-story-0024", "orvessa-story-0048", "restates", "", "", "The same words, cited again.")
    session = hold(tiny, (*VALUE, *link, "write"))
    assert session.outcome.claim_id == "orvessa-story-0048"
    assert "error: data/claims/hand.csv: orvessa-story-0048 field" in session.shown
    assert "contradicts orvessa-story-0026" in session.shown
    written = rows(tiny, "claims")["orvessa-story-0048"]
    cells = ("value_raw", "comparator", "value", "unit", "utterance_id", "claim_type")
    assert [written[name] for name in cells] == ["at least four", "ge", "4", "", "orvessa-story-u5", "indirect"]
    made = rows(tiny, "claim_links")["orvessa-story-0048-restates-orvessa-story-0024"]
    assert (made["decided_by"], made["note"]) == ("curator-1", "The same words, cited again.")
    assert "data/claim_links/hand.csv" in session.outcome.files
    assert_valid(tiny)


def test_a_link_may_begin_with_the_other_claim_and_be_made_anew(tiny: Path) -> None:
    link = ("link", "orvessa-story-0026", "orvessa-story-0048", "contradicts", "existence", "", "", "One raid.")
    again = ("link", "", "orvessa-story-0026", "denies", "", "", "")
    session = hold(tiny, (*VALUE, *link, *again, "write"))
    assert "What are the grounds? > An answer is needed" in session.shown.replace("  ", " ")
    assert "make the row of claim_links anew" in session.shown
    assert session.outcome.claim_id
    assert len(rows(tiny, "claim_links")) == 4
    assert "orvessa-story-0026-denies-orvessa-story-0048" in rows(tiny, "claim_links")
    assert_valid(tiny)


def test_a_contradiction_is_shown_and_can_be_corrected(tiny: Path) -> None:
    """The wrong day is an error that offers no writing; the step is asked again, with the old answer offered."""
    wrong = ("after four years", "orvessa-red-banner", "held_from", "four years", "2012", "own")
    said = ("computed", "The Banner's hold began in that year.", "Four years before the capture.")
    session = hold(tiny, (*wrong, *USUAL, *said, "write", "value_text", "2015", *([""] * 7), "write"))
    assert "claims__contradiction_without_link" in session.shown
    assert '"write" is not on the list.' in session.shown
    assert "Which held_from do the words give? The record has 2015. [2012]" in session.shown
    assert session.outcome.claim_id
    assert rows(tiny, "claims")["orvessa-story-0048"]["value_text"] == "2015"
    assert_valid(tiny)


def test_a_claim_with_a_new_utterance(tiny: Path) -> None:
    spoken = ("Town at the ferry", "residents", "1", "", "believed", "eyewitness", "false", "2019-03-05", "")
    said = (*USUAL, "", "inferred", "Orvessa fell.", "Residents are taken to say so.")
    session = hold(tiny, (*RECORD[:3], "outcome", "", "new", *spoken, *said, "write"))
    assert session.outcome.files[0] == "data/utterances/hand.csv"
    uttered = rows(tiny, "utterances")["orvessa-story-u8"]
    assert {name: cell for name, cell in uttered.items() if cell} == {
        "utterance_id": "orvessa-story-u8",
        "source_id": "orvessa-story",
        "actor_id": "orvessa-residents",
        "speech_act": "believed",
        "basis": "eyewitness",
        "named": "false",
        "said": "2019-03-05",
        "start_char": "47",
        "end_char": "64",
        "span_sha256": claims.digest("Town at the ferry"),
    }
    written = rows(tiny, "claims")["orvessa-story-0048"]
    assert (written["utterance_id"], written["claim_type"]) == ("orvessa-story-u8", "indirect")
    assert_valid(tiny)


def test_words_that_stand_more_than_once_are_a_list_with_what_stands_about_them(tiny: Path) -> None:
    session = hold(tiny, ("Tessel bridge", "3", "2"))
    assert "The words stand 2 times. In which place?" in session.shown
    assert "1 511-524 line 7: …mbs on Banner fighters at the [Tessel bridge] on Monday, the" in session.shown
    assert "There is no number 3; the list ends with 2." in session.shown
    assert "It stands in orvessa-story-s13" in session.shown


def test_words_that_stand_nowhere_bring_the_nearest_to_choose_from(tiny: Path) -> None:
    session = hold(tiny, ("at most four people", "1"))
    assert '"at most four people" does not stand in the text. Take one of these by its number' in session.shown
    assert "start_char 644, end_char 664" in session.shown  # without the comma that follows


def test_words_may_be_typed_with_other_marks(tiny: Path) -> None:
    session = hold(tiny, ("Guard's quickest operation",))
    assert claims.digest("Guard’s quickest operation") in session.shown


def test_words_of_two_sentences_are_refused_at_once(tiny: Path) -> None:
    session = hold(tiny, ("the League’s command said. The monitoring group",))
    assert "run over the end of a sentence" in session.shown
    assert "start_char" not in session.shown


def test_a_wrong_code_brings_the_nearest_and_is_asked_again(tiny: Path) -> None:
    session = hold(tiny, (*VALUE[:4], "aprox", "99", "ge", "four", "4"))
    assert '"aprox" is not on the list. Did you mean approx?' in session.shown
    assert "There is no number 99; the list ends with 17." in session.shown
    assert '"four" is not a plain decimal number' in session.shown
    assert "Does it hold for another time than the figure's?" in session.shown


def test_back_asks_the_question_before_with_its_answer_offered(tiny: Path) -> None:
    session = hold(tiny, ("<", "changes hands", "capture-of-orvessa", "exists", "<", "<", "<", "", "", "remark"))
    assert "This is the first question" in session.shown
    assert "What do the words claim of it? [exists]" in session.shown
    assert "[engagements capture-of-orvessa]" in session.shown
    assert "As they stand in the text. [changes hands]" in session.shown
    assert "Whose voice is it?" not in session.shown
    assert session.lines[-1].startswith("The few words of the quantity")  # no covers on a remark


def test_a_question_mark_shows_every_definition(tiny: Path) -> None:
    session = hold(tiny, (*VALUE[:4], "?"))
    comparator = loader.load(tiny).code_lists["comparator"]
    for code in comparator.codes.values():
        assert f"{code.code} {code.label}: {code.definition}" in session.shown


def test_the_end_of_the_answers_writes_nothing(tiny: Path) -> None:
    """After each answer in turn, as Ctrl-D would."""
    before, held = snapshot(tiny), composing.load(tiny)
    for number in range(len(EXISTS) + 1):
        assert hold(tiny, EXISTS[:number], held=held).ended
    assert snapshot(tiny) == before


def test_leaving_at_the_end_writes_nothing(tiny: Path) -> None:
    before = snapshot(tiny)
    assert hold(tiny, (*EXISTS, "leave")).outcome == composing.Outcome()
    assert snapshot(tiny) == before


def test_a_file_that_was_changed_meanwhile_is_left_alone(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tiny / "seeds" / "orvessa-story" / "ledger.csv"

    def judge(self: object, changes: Sequence[fmt.Change]) -> tuple[Problem, ...]:
        path.write_bytes(path.read_bytes() + b"\n")
        return ()

    monkeypatch.setattr("bastions.composing.putting.Judge.new", judge)
    claims_before = (tiny / "data" / "claims" / "hand.csv").read_bytes()
    with pytest.raises(OSError, match="was changed meanwhile"):
        hold(tiny, (*EXISTS, "write"))
    assert (tiny / "data" / "claims" / "hand.csv").read_bytes() == claims_before


def test_problems_that_were_there_before_are_not_told(tiny: Path) -> None:
    patch(tiny, {"rows": {"locations": [{"location_id": "calder", "latitude": "0", "longitude": "0"}]}})
    assert validate(tiny).errors
    session = hold(tiny, (*EXISTS, "write"))
    assert "They bring no problem." in session.shown
    assert session.outcome.claim_id


def test_a_line_that_had_no_claim_loses_its_reason(tiny: Path) -> None:
    said = ("exists", "", "", "own", *USUAL, "reported", "There is a ferry there.", "")
    session = hold(tiny, ("ferry", "2", "locations orvessa", *said, "write"))
    assert session.outcome.claim_id
    line = rows(tiny, "ledger")["orvessa-story-s12"]
    assert (line["claim_ids"], line["no_claim_reason"]) == ("orvessa-story-0048", "")
    assert "Its no_claim_reason, no_assertion, is taken away." in session.shown
    assert_valid(tiny)


def test_a_text_with_other_line_ends_is_the_same_text(tiny: Path) -> None:
    session = hold(tiny, (*EXISTS, "write"), TEXT.replace(b"\n", b"\r\n"))
    assert rows(tiny, "claims")[session.outcome.claim_id]["start_char"] == "65"
    assert_valid(tiny)


@pytest.mark.parametrize(
    ("text", "source", "words"),
    [
        (b"Nothing of the kind.", None, "this is the text of no source"),
        (TEXT.replace(b"about 30", b"about 40"), None, "It carries 13 of 14 lines of orvessa-story"),
        (TEXT.replace(b"about 30", b"about 40"), "orvessa-story", "this is not the text of orvessa-story"),
        (TEXT, "marn-register", "marn-register has no text_sha256"),
        (TEXT, "orvesa-story", "did you mean 'orvessa-story'?"),
    ],
)
def test_a_text_that_is_not_the_sources_is_refused(
    tiny_once: Path, text: bytes, source: str | None, words: str
) -> None:
    with pytest.raises(composing.NotTheText) as refused:
        hold(tiny_once, (), text, source)
    assert words in str(refused.value)


def test_the_text_of_another_source_is_named(tiny: Path) -> None:
    other = b"Another story.\n"
    row = {"source_id": "other-story", "source_type": "news_article", "title": "Other", "publisher_id": "dalby-courier"}
    row |= {"licence": "LicenseRef-All-Rights-Reserved", "access": "excerpt", "coded_by": "curator-1"}
    row |= {"text_sha256": claims.digest(other.decode()), "text_length": "15", "text_normalization": "nfc_lf_nbsp"}
    patch(tiny, {"rows": {"sources": [row]}})
    with pytest.raises(composing.NotTheText, match="it is the text of orvessa-story"):
        hold(tiny, (), TEXT, "other-story")
    assert "no ledger" in hold(tiny, ("story",), other).shown
    patch(tiny, {"rows": {"sources": [{"source_id": "other-story", "coded_by": ""}]}})
    with pytest.raises(composing.NotTheText, match="has no coded_by"):
        hold(tiny, (), other)


def test_a_file_that_cannot_be_read_is_told_before_any_question(tiny: Path) -> None:
    path = tiny / "data" / "utterances" / "hand.csv"
    path.write_text(path.read_text("utf-8") + '"open\n', "utf-8")
    with pytest.raises(composing.Unusable) as refused:
        hold(tiny, ())
    assert [p.file for p in refused.value.problems] == ["data/utterances/hand.csv"]


def test_a_statement_in_the_sources_words_is_warned_of_once(tiny: Path) -> None:
    words = "Its raid killed at least four people, three of them."
    session = hold(tiny, (*VALUE[:-2], words, words))
    assert 'the source\'s own words: "raid killed at least four people three of them"' in session.shown
    assert session.lines[-1].startswith("Is there something to note?")


def test_new_says_that_the_record_comes_first(tiny: Path) -> None:
    session = hold(tiny, ("changes hands", "new", "zzzz qqqq"))
    assert "A claim is about a record that stands already." in session.shown
    assert 'Nothing is called like "zzzz qqqq".' in session.shown


def test_an_answer_that_is_no_text_is_refused(tiny: Path) -> None:
    session = hold(tiny, ("caf\udce9", "chang\x07es hands"))
    assert "U+DCE9 in it is a character that nobody sees" in session.shown
    assert "U+0007" in session.shown


def test_a_released_id_is_not_used_again(tiny: Path) -> None:
    import polars as pl

    (tiny / "releases").mkdir()
    rows = {"subject_table": ["claims", "utterances"], "id": ["orvessa-story-0051", "orvessa-story-u9"]}
    pl.DataFrame(rows).write_parquet(tiny / "releases" / "ids.parquet")
    held = composing.load(tiny)
    assert held.next_claim("orvessa-story") == "orvessa-story-0052"
    assert held.next_utterance("orvessa-story") == "orvessa-story-u10"
    shutil.rmtree(tiny / "releases")
    tombstone = {"tombstone_id": "gone", "subject_table": "claims", "subject_id": "orvessa-story-0060"}
    patch(tiny, {"rows": {"tombstones": [{**tombstone, "removed_in": "0.1.0", "reason": "error"}]}})
    assert composing.load(tiny).next_claim("orvessa-story") == "orvessa-story-0061"


def test_rows_that_are_broken_already_stop_nothing(tiny: Path) -> None:
    """Cells that `validate` reports were turned into numbers and looked up as codes, with a traceback."""
    broken = {
        "ledger": [{"sentence_id": "orvessa-story-s01", "start_char": "none"}],
        "utterances": [{"utterance_id": "orvessa-story-u5", "end_char": "-1"}],
        "claims": [{"claim_id": "orvessa-story-0024", "start_char": "x"}],
        "figures": [{"figure_id": "raid-killed", "unit": "heads"}],
        "participants": [{"participant_id": "marn-campaign-guard", "subject_table": "nothing"}],
    }
    patch(tiny, {"rows": broken})
    session = hold(tiny, (*FIGURE, "own"))
    assert "Do the words affirm or deny it?" in session.shown
    participant = ("changes hands", "participants marn-campaign-guard", "subject_id", "", "marn-campaign")
    assert "Whose voice is it?" in hold(tiny, participant).shown
    with pytest.raises(composing.NotTheText, match="none could be looked for by its ledger"):
        hold(tiny, (), b"Another text.")


def test_ids_of_releases_that_cannot_be_read_are_told(tiny: Path) -> None:
    (tiny / "releases").mkdir()
    (tiny / "releases" / "ids.parquet").write_bytes(b"no Parquet")
    with pytest.raises(composing.Unusable) as refused:
        hold(tiny, ())
    assert [p.file for p in refused.value.problems] == ["releases/ids.parquet"]

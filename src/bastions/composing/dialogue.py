"""The conversation as a whole: one question after the other, back and forth, the verdict, and the writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bastions.composing import judgement, putting, record, value, voice, words
from bastions.composing.draft import Desk, Draft
from bastions.composing.holdings import Holdings, Row
from bastions.composing.linking import CONTRADICTION, SAME, contradicted, link
from bastions.composing.seeking import Index
from bastions.composing.talk import Ask, Back, Option, Talk, Tell
from bastions.fmt import Change
from bastions.problems import Problem

STEPS = (*words.STEPS, *record.STEPS, *value.STEPS, *voice.STEPS, *judgement.STEPS)
WRITE, LINK, LEAVE = "write", "link", "leave"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it.

    Attributes:
        claim_id: The claim that was written; empty where the user left.
        files: The files that were changed, relative to the dataset.
    """

    claim_id: str = ""
    files: tuple[str, ...] = ()


class Dialogue:
    """One claim, asked for step by step.

    Args:
        root: The folder of the dataset.
        held: What it holds.
        source: The row of the source.
        text: Its text, normalised.
        ask: Gives an answer.
        tell: Shows a line.

    Attributes:
        outcome: What has become of it so far.
    """

    def __init__(self, root: Path, held: Holdings, source: Row, text: str, ask: Ask, tell: Tell):
        self.root = root
        self.judge = putting.Judge(root)
        self.talk = Talk(ask, tell)
        self.desk = Desk(held, self.talk, text, source, Index(held))
        self.draft = Draft()
        self.outcome = Outcome()
        self.against: list[str] = []  # what the claim contradicts, and the others on the same
        self.asked: list[tuple[int, Draft]] = []  # the questions so far, each with the answers before it

    def run(self) -> Outcome:
        """Asks until the claim is written or the user leaves.

        Raises:
            EOFError: If the answers end before; nothing was written then.
            OSError: If a file cannot be written; every file is then as it was.
        """
        source = self.desk.source
        published = f", published {source['published']}" if source["published"] else ""
        self.talk.say(f"The text is that of {source['source_id']}: {source['title']}{published}.")
        self.talk.say(f"coded_by stands on the source: {source['coded_by']}.")
        self.talk.say(
            "? explains, < goes back, an empty answer takes what stands in [ ], Ctrl-D leaves without writing."
        )
        self._walk(0)
        while True:
            claim_id, added, sentence = self._rows()
            changes = putting.plan(self.desk.held.schema, added, sentence, claim_id)
            self._show(added, sentence, claim_id)
            self.talk.say("")
            self.talk.say("Judging the whole dataset with these rows …")
            found = self.judge.new(changes)
            if found:
                for problem in found:
                    self._tell(problem)
            else:
                self.talk.say("They bring no problem.", "  ")
            chosen = self._decide(found, claim_id)
            if chosen == WRITE:
                return self._write(changes, claim_id)
            if chosen == LEAVE:
                return self.outcome

    def _walk(self, at: int) -> None:
        """Asks from a step on to the last."""
        while at < len(STEPS):
            step = STEPS[at]
            if not step.wanted(self.draft):
                at += 1
                continue
            before = self.draft.copy()
            try:
                if step.run(self.draft, self.desk):
                    self.asked.append((at, before))
                at += 1
            except Back:
                self.draft = before
                if self.asked:
                    at, self.draft = self.asked.pop()
                else:
                    self.talk.say("This is the first question; Ctrl-D leaves.", "  ")

    def _rows(self) -> tuple[str, dict[str, Row], str]:
        """The id of the claim, the rows to append by table, and the ledger line that the claim joins."""
        source, d = self.desk.source["source_id"], self.draft
        claim_id = self.desk.held.next_claim(source)
        added: dict[str, Row] = {"utterances": d.utterance} if d.utterance else {}
        added["claims"] = {"claim_id": claim_id, **d.cells}
        if d.link:
            added["claim_links"] = d.link
        line = self.desk.held.line_of(source, int(d.cells["start_char"]), int(d.cells["end_char"]))
        return claim_id, added, line["sentence_id"] if line else ""

    def _show(self, added: dict[str, Row], sentence: str, claim_id: str) -> None:
        say, schema = self.talk.say, self.desk.held.schema
        for name, row in added.items():
            say("")
            say(f"To data/{name}/hand.csv, one row:")
            empty: dict[str, list[str]] = {}
            for column in schema.tables[name].names:
                if row.get(column):
                    say(f"{column:<18} {row[column]}", "  ")
                else:
                    reason = self.draft.left.get(column, "so answered") if name == "claims" else "so answered"
                    empty.setdefault(reason, []).append(column)
            for reason, columns in empty.items():
                say(f"left empty: {', '.join(columns)} ({reason})", "  ")
        say("")
        if sentence:
            line = self.desk.held.tables["ledger"][sentence]
            say(f"{sentence} of seeds/{self.desk.source['source_id']}/ledger.csv then has claim_ids:")
            say(putting.join(line, claim_id)["claim_ids"], "  ")
            if reason := line["no_claim_reason"]:
                say(f"Its no_claim_reason, {reason}, is taken away.", "  ")
        else:
            say("The source has no ledger, so that no line has to name the claim.")

    def _tell(self, p: Problem) -> None:
        """A problem with its place by file and key, since nobody has seen the lines yet."""
        what = " ".join(part for part in (p.record_id, p.field, p.value and f'"{p.value}"', p.message) if part)
        self.talk.say(f"{p.severity}: {p.file}: {what} [{p.rule}]", "  ")
        if p.hint:
            self.talk.say(p.hint, "    ")

    def _decide(self, found: Sequence[Problem], claim_id: str) -> str:
        """Asks what to do; goes back where that is the answer."""
        errors = [p for p in found if p.severity == "error"]
        listed = [] if errors else [Option(WRITE, "put these rows in place")]
        if against := contradicted(errors, claim_id, self.desk.held):
            self.against = against
        if against or self.draft.link:
            what = "make the row of claim_links anew" if self.draft.link else "add the row of claim_links"
            listed.append(Option(LINK, f"{what} that says how the claim relates to another"))
        listed.append(Option(LEAVE, "write nothing"))
        steps = {STEPS[at].name: place for place, (at, _) in enumerate(self.asked)}
        listed += [Option(name, f"change: {self._answer(name)}") for name in steps]
        blamed = [p.field for p in errors if p.record_id == claim_id and p.field in steps and p.rule != CONTRADICTION]
        question = "These errors have to go first. What now?" if errors else "What now?"
        self.talk.remembered.pop("end", None)
        try:
            chosen = self.talk.choose("end", question, listed, default=blamed[0] if blamed else "")
        except Back:
            chosen = next(reversed(steps))
        if chosen == LINK:
            try:
                self.draft.link = link(self.desk, claim_id, self.against)
            except Back:
                self.draft.link = {}
                self.talk.say("No link, then.", "  ")
        elif chosen in steps:
            at, self.draft = self.asked[steps[chosen]]
            del self.asked[steps[chosen] :]
            self._walk(at)
        return chosen

    def _answer(self, name: str) -> str:
        table, _, column = name.rpartition(".")
        cell = (self.draft.utterance if table else self.draft.cells).get(column, "")
        return f"{column} {cell}" if cell else f"{column} is empty"

    def _write(self, changes: list[Change], claim_id: str) -> Outcome:
        written = tuple(change.path.relative_to(self.root).as_posix() for change in changes)
        putting.put(changes)
        self.outcome = Outcome(claim_id, written)
        say = self.talk.say
        say("")
        say(f"Wrote {claim_id} into {', '.join(written)}.")
        cells = self.draft.cells
        others = [
            key
            for key, row in self.desk.held.tables["claims"].items()
            if all(row[name] == cells[name] for name in SAME) and cells["field"] not in ("exists", "remark")
        ]
        if others and not self.draft.link:
            more = f" and {len(others) - 6} more" if len(others) > 6 else ""
            say(
                f"What else: {', '.join(others[:6])}{more} say something of the same. Where a voice repeats, answers "
                "or contradicts another, a row of claim_links says so (CONTRIBUTING.md, Adding a claim link)."
            )
        say("Who reviews the claim is not who coded it; `bastions validate` judges the dataset again.")
        return self.outcome

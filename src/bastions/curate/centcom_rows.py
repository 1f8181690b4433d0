"""What one line of the strike releases becomes: a strike, its participants, a figure for each number, their claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bastions.curate.centcom_lines import Reported
from bastions.curate.job import Job, Row
from bastions.curate.places import Decision
from bastions.curate.strike_lines import Effect, Unread
from bastions.curate.strike_things import PERSONS

STRIKE_TYPES = {"airstrike": "airstrike", "strike": "unspecified"}
"""What the words call it, and the code: the releases' "strike" covers artillery too."""

PRECISION = {"district": "3", "governorate": "4", "country": "6"}
"""UCDP's step for an event near such a unit; 2 near any other place."""

_EVENTS = ("inconclusive_strikes", "ineffective_strikes")
_DAYS = "The day is that of the release or the one before; the release tells the strikes since the last one."


@dataclass(slots=True)
class Rows:
    """The rows of the tables, as they come to be.

    Attributes:
        job: For the source and its settings; see `centcom.curate`.
        tables: Table to rows.
        unread: Rows of `unread_lines`.
    """

    job: Job
    tables: dict[str, list[Row]]
    unread: list[Row] = field(default_factory=list)

    def line(self, line: Reported, place: Decision, kind: str) -> None:
        """Everything that one line yields."""
        self.strike(line, place, kind)
        self.participant(line, self.job.settings["coalition"], "side_a", "initiator")
        if line.names_target:
            self.participant(line, self.job.settings["target"], "side_b", "target")
        self.figure(line, "strikes", Effect("strikes", "", line.reading.strikes), "oir_strike")
        if isinstance(line.reading, Unread):
            self.leave(line, line.reading)
            return
        seen: Counter[tuple[str, ...]] = Counter()
        total = ""
        for number, effect in enumerate(line.reading.effects, 1):
            what = f"e{number}"
            alike = (effect.measure, effect.item, effect.owner, effect.size, effect.role)
            seen[alike] += 1
            self.figure(
                line, what, effect, "oir_target", twin=seen[alike], part_of=total if effect.role == "part" else ""
            )
            if effect.role == "total":
                total = what

    def strike(self, line: Reported, place: Decision, kind: str) -> None:
        """The strike with its place and days; where the place is not resolved, its country."""
        told = self.job.settings["told_days"].get(line.line)
        day = told.isoformat() if isinstance(told, date) else f"[{line.day_before}..{line.released}]"
        precise = {"location_relation": "near", "where_prec": PRECISION.get(kind, "2")}
        if not place.location_id:
            precise = {"location_relation": "within", "where_prec": "6"}
        elif not line.near:
            precise = {"location_relation": "at", "where_prec": PRECISION.get(kind, "1")}
        self.put(
            "strikes",
            strike_id=self.key(line),
            strike_type=STRIKE_TYPES[line.reading.kind],
            event_clarity="individual" if line.reading.strikes == 1 else "aggregate",
            date_start=day,
            date_end=day,
            location_id=place.location_id or self.job.settings["countries"][line.country],
            counting_unit="strike",
            reported_ordinal=str(line.ordinal),
            **precise,
        )
        notes = ["The release names the day in the line before." if told else _DAYS]
        if not place.location_id:
            notes.append("Of the place only the country is resolved; see places.csv of the source.")
        self.claim(
            line,
            "exists",
            ("strikes", self.key(line)),
            covers="strike_type date_start date_end location_id",
            value_origin="resolved",
            statement=f"{line.reading.kind.capitalize()} reported on {line.released}.",
            note=" ".join([*notes, *line.flags]),
        )

    def participant(self, line: Reported, actor: str, side: str, role: str) -> None:
        """An actor's part: that of the target is in the words, that of the coalition in what the list is."""
        participant = f"{self.key(line)}-{role}"
        self.put(
            "participants",
            participant_id=participant,
            subject_table="strikes",
            subject_id=self.key(line),
            actor_id=actor,
            side=side,
            role=role,
        )
        how = {"value_origin": "reported", "statement": "The Islamic State was struck."}
        if role == "initiator":
            note = "The releases list the coalition's strikes; the line names nobody who struck."
            how = {"value_origin": "inferred", "statement": "The coalition struck.", "note": note}
        self.claim(line, role, ("participants", participant), covers="actor_id role", **how)

    def figure(self, line: Reported, what: str, effect: Effect, rule: str, *, twin: int = 1, part_of: str = "") -> None:
        """A number of the line: of strikes, or of things under one verb.

        Args:
            line: The line.
            what: What tells the figure from others of the line.
            effect: What is counted.
            rule: A code of `codes/counting_rule`.
            twin: How manieth of its kind in the line, from 1: two phrases of one kind are two figures.
            part_of: The figure of the line of which it is a part.
        """
        figure = f"{self.key(line)}-{what}"
        owner = ""
        if rule == "oir_target" and effect.measure not in _EVENTS:
            target = self.job.settings["target"] if line.names_target else ""
            owner = {"coalition": self.job.settings["coalition"], "nobody": ""}.get(effect.owner, target)
        words = [effect.size, f"number {twin} of its kind in the line" if twin > 1 else ""]
        self.put(
            "figures",
            figure_id=figure,
            subject_table="strikes",
            subject_id=self.key(line),
            measure=effect.measure,
            item="" if effect.item == PERSONS else effect.item,
            affected_actor_id=owner,
            affected_group=PERSONS if effect.item == PERSONS else "",
            unit="count",
            counting_rule="oir_strike" if effect.measure in _EVENTS else rule,
            part_of_id=f"{self.key(line)}-{part_of}" if part_of else "",
            description="; ".join(filter(None, words)),
        )
        item = effect.item.replace("_", " ")
        amount = "some" if effect.quantity is None else str(effect.quantity)
        self.claim(
            line,
            what,
            ("figures", figure),
            field="value",
            comparator="some" if effect.quantity is None else "eq",
            value="" if effect.quantity is None else amount,
            statement=f"{effect.measure.replace('_', ' ').capitalize()}: {amount}{f', {item}' if item else ''}.",
        )

    def leave(self, line: Reported, reading: Unread) -> None:
        """The row of a line that was not read."""
        self.unread.append(
            {
                "unread_line_id": self.key(line),
                "source_id": self.job.source_id,
                "line": str(line.line),
                "line_sha256": line.digest,
                "unread_reason": reading.reason,
                "decided_by": self.job.settings["coder"],
            }
        )

    def made_places(self, lines: Iterable[Reported], decisions: Mapping[tuple[str, str], Decision]) -> None:
        """Each place that no gazetteer has, with a claim at the first line of the file that names it."""
        first: dict[str, Reported] = {}
        for line in lines:
            decision = decisions[line.name, line.country]
            if decision.made is not None and decision.location_id not in first:
                first[decision.location_id] = line
                self.tables.setdefault("locations", []).append(decision.made)
        for location, line in sorted(first.items()):
            how = {"covers": "name country", "statement": "There is a place of this name."}
            self.claim(line, "place", ("locations", location), **how)

    def releases(self, lines: Iterable[Reported]) -> None:
        """The releases of which the rows are taken: who spoke, for whom, when."""
        for released in sorted({line.released for line in lines}):
            self.put(
                "utterances",
                utterance_id=self.release(released),
                source_id=self.job.source_id,
                actor_id=self.job.settings["speaker"],
                on_behalf_of_id=self.job.settings["coalition"],
                speech_act="announced",
                basis="participant",
                named="true",
                said=released.isoformat(),
            )

    def release(self, released: date) -> str:
        """The id of a release's utterance."""
        return f"{self.job.source_id}-release-{released:%Y%m%d}"

    def key(self, line: Reported) -> str:
        """A line is known by its release and its place in it, which later versions of the file leave as they are."""
        return f"{self.job.source_id}-{line.released:%Y%m%d}-{line.ordinal:02}"

    def claim(self, line: Reported, what: str, subject: tuple[str, str], **given: str) -> None:
        """A claim that the release of the line makes, at the physical line of the raw file."""
        fixed = {
            "claim_id": f"{self.key(line)}-{what}",
            "source_id": self.job.source_id,
            "utterance_id": self.release(line.released),
            "locator": f"line={line.line};sha256={line.digest}",
            "subject_table": subject[0],
            "subject_id": subject[1],
            "field": "exists",
            "polarity": "affirmed",
            "event_status": "realized",
            "factuality": "CT+",
            "claim_type": "dataset",
            "value_origin": "reported",
        }
        self.put("claims", **(fixed | given))

    def put(self, table: str, **row: str) -> None:
        """Adds a row to a table."""
        self.tables.setdefault(table, []).append(row)

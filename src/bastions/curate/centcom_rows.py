"""What one line of the strike releases becomes: a strike, its participants, a figure for each number, their claims.

What a claim is said to cover is what the words of the line or the cells beside it give: kind of strike, days, place.
How exactly the place is known (`where_prec`), whether the strike is one or several (`event_clarity`) and what the
releases count (`counting_unit`) are our coding of the source, told in its source.yaml; no claim covers them.

Whose a thing was (`affected_actor_id`) is inferred, and no claim covers it either: all things of a line that names the
Islamic State anywhere are taken for its own, whether or not the phrase of the thing itself names it ("an ISIL boat and
a crane"), save those that the phrase gives to the coalition or a partner, or calls abandoned. Where the line names
nobody it is empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bastions.curate.centcom_lines import Reported
from bastions.curate.job import Row, claim
from bastions.curate.place_index import Place
from bastions.curate.places import Decision
from bastions.curate.settings import FixedRows, RawName
from bastions.curate.strike_lines import Effect, Unread
from bastions.curate.strike_things import PERSONS

STRIKE_TYPES = {"airstrike": "airstrike", "strike": "unspecified"}
"""What the words call it, and the code: the releases' "strike" covers artillery too."""

PRECISION = {
    "subdistrict": "3",
    "district": "3",
    "governorate": "4",
    "region": "5",
    "river": "5",
    "route": "5",
    "border": "5",
    "country": "6",
}
"""UCDP's step for an event in or near a place of this type, which is none that a point stands for.

It has no step for subdistricts, and the district is the finest unit that it has.
"""

_EVENTS = ("inconclusive_strikes", "ineffective_strikes")
_DAYS = "The day is that of the release or the one before; the release tells the strikes since the last one."


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of the source.

    Attributes:
        list: The scraper's file.
        coder: Handle of the script.
        speaker: Who issues the releases.
        coalition: For whom, and whose strikes they are.
        target: Whom the words call ISIL.
        countries: Name of a country in the file to its location.
        made_places: Names of places that no gazetteer has, each with the handle of the person who says so.
        told_days: Line to the day of its strikes, where the release says that.
        releases: Line to the day of its release, where the column `date` holds another.
        rows: Rows that stand as they are: the source, its actors.
    """

    list: RawName
    coder: str
    speaker: str
    coalition: str
    target: str
    countries: Mapping[str, str]
    rows: FixedRows
    made_places: Mapping[str, str] = field(default_factory=dict)
    told_days: Mapping[int, date] = field(default_factory=dict)
    releases: Mapping[int, date] = field(default_factory=dict)


def precision(place: Place | None, *, near: bool) -> str:
    """UCDP's step for a strike near or in a place; empty where none holds.

    At or near a place that is small enough to be a point, 1 and 2 have that point stand for the strike. Where nobody
    gives the place a point, neither holds, and that of the country would say less than is known.
    """
    if place is not None and place.location_type in PRECISION:
        return PRECISION[place.location_type]
    if place is None or place.point is None:
        return ""
    return "2" if near else "1"


@dataclass(slots=True)
class Rows:
    """The rows of the tables, as they come to be.

    Attributes:
        source_id: The source.
        settings: Its settings.
        tables: Table to rows.
        unread: Rows of `unread_lines`.
    """

    source_id: str
    settings: Settings
    tables: dict[str, list[Row]]
    unread: list[Row] = field(default_factory=list)

    def line(self, line: Reported, decision: Decision, place: Place | None) -> None:
        """Everything that one line yields."""
        self.strike(line, decision, place)
        self.participant(line, self.settings.coalition, "side_a", "initiator")
        if line.names_target:
            self.participant(line, self.settings.target, "side_b", "target")
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

    def strike(self, line: Reported, decision: Decision, place: Place | None) -> None:
        """The strike with its place and days; where the place is not resolved, its country."""
        told = self.settings.told_days.get(line.line)
        day = told.isoformat() if told else f"[{line.day_before}..{line.released}]"
        precise = {"location_relation": "near" if line.near else "at", "where_prec": precision(place, near=line.near)}
        if not decision.location_id:
            precise = {"location_relation": "within", "where_prec": "6"}
        self.put(
            "strikes",
            strike_id=self.key(line),
            strike_type=STRIKE_TYPES[line.reading.kind],
            event_clarity="individual" if line.reading.strikes == 1 else "aggregate",
            date_start=day,
            date_end=day,
            location_id=decision.location_id or self.settings.countries[line.country],
            counting_unit="strike",
            reported_ordinal=str(line.ordinal),
            **precise,
        )
        notes = ["The release names the day in the line before." if told else _DAYS]
        if not decision.location_id:
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
        """A number of the line: of strikes, or of things under one verb; whose the things were, see the module.

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
            target = self.settings.target if line.names_target else ""
            owner = {"coalition": self.settings.coalition, "nobody": ""}.get(effect.owner, target)
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
                "source_id": self.source_id,
                "line": str(line.line),
                "line_sha256": line.digest,
                "unread_reason": reading.reason,
                "decided_by": self.settings.coder,
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
                source_id=self.source_id,
                actor_id=self.settings.speaker,
                on_behalf_of_id=self.settings.coalition,
                speech_act="announced",
                basis="participant",
                named="true",
                said=released.isoformat(),
            )

    def release(self, released: date) -> str:
        """The id of a release's utterance."""
        return f"{self.source_id}-release-{released:%Y%m%d}"

    def key(self, line: Reported) -> str:
        """A line is known by its release and its place in it, which later versions of the file leave as they are."""
        return f"{self.source_id}-{line.key}"

    def claim(self, line: Reported, what: str, subject: tuple[str, str], **given: str) -> None:
        """A claim that the release of the line makes, at the physical line of the raw file."""
        locator = f"line={line.line};sha256={line.digest}"
        given["utterance_id"] = self.release(line.released)
        self.put("claims", **claim(self.source_id, f"{line.key}-{what}", subject, locator, **given))

    def put(self, table: str, **row: str) -> None:
        """Adds a row to a table."""
        self.tables.setdefault(table, []).append(row)

"""The Dutch ministry's list of weapon employments → strikes, one a line, each with a figure of one employment.

The smallest of the importers, and the example of the recipe in CONTRIBUTING.md: `curate` reads the raw rows, asks
where each lies, and writes down what the list says of it, with a claim for whatever can be false alone.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bastions.curate import netherlands_cells as cells
from bastions.curate import settings
from bastions.curate.cells import fault
from bastions.curate.job import Job, Made, Row, claim
from bastions.curate.netherlands_cells import COMMENT, PROVINCE, TOWN, Employment
from bastions.curate.netherlands_places import Place, Remark, settle_places
from bastions.curate.places import plain
from bastions.curate.raw import RawRow, read_csv
from bastions.curate.settings import FixedRows, RawName
from bastions.problems import Problem


@dataclass(frozen=True, slots=True)
class Settings:
    """The `settings` of source.yaml.

    Attributes:
        list: The raw file of the list; the others are polygons.
        coder: Who decides what the script decides, a code of `codes/coder`.
        initiator: Who struck, by the title of the list.
        reach_km: How near to a town a position has to be for the town cell to decide.
        near_km: How far off it may be before the two contradict each other.
        rows: Rows that stand as they are: the source, its actors.
        comments: The digest of a comment to a paraphrase of ours.
    """

    list: RawName
    coder: str
    initiator: str
    reach_km: float
    near_km: float
    rows: FixedRows
    comments: Mapping[str, str]


def curate(job: Job) -> Made:
    """What the list says, as rows."""
    chosen, problems = settings.read(job, Settings)
    if chosen is None:
        return Made(problems=problems)
    file = chosen.list
    data = job.raw[file]
    raw, problems = read_csv(data, file, cells.COLUMNS, delimiter=";")
    if problems:
        return Made(problems=problems)
    raw, problems = job.corrections.apply(raw)
    employments, faults = _employments(chosen, raw, data)
    problems += faults
    if problems:
        return Made(problems=problems)
    settled = settle_places(job, employments, file, reach_km=chosen.reach_km, near_km=chosen.near_km)
    if settled.problems:
        return Made(problems=settled.problems)
    out = _Rows(job, chosen, {name: [*rows] for name, rows in chosen.rows.items()})
    for employment in employments:
        out.strike(employment, settled.places[employment.line])
        out.initiator(employment)
        out.count(employment)
        out.remarks(employment, settled.remarks.get(employment.line))
    return Made(
        tables=out.tables,
        decisions={"places": settled.decisions},
        waivers=out.waivers,
        counts=_counts(raw, employments) | settled.counts,
    )


def _employments(chosen: Settings, raw: Iterable[RawRow], data: bytes) -> tuple[list[Employment], list[Problem]]:
    """The rows as employments, and what is wrong with their cells."""
    digests = cells.digests(data)
    found = []
    problems = []
    for row in raw:
        employment, faults = cells.read(row, chosen.list, digests[row.line - 1])
        problems += faults
        if employment is None:
            continue
        found.append(employment)
        if employment.comment and _digest(employment.comment) not in chosen.comments:
            message = f"is a comment that nobody has put into words of ours: {_digest(employment.comment)}"
            hint = "Add its digest with a paraphrase to settings.comments of source.yaml."
            problems.append(fault(row, chosen.list, COMMENT, message, rule="comment-unread", hint=hint))
    return found, problems


def _counts(raw: Iterable[RawRow], employments: Iterable[Employment]) -> dict[str, int]:
    alike = Counter(employment.digest for employment in employments)
    return {
        "lines alike to an earlier one": sum(times - 1 for times in alike.values()),
        "mission cells with stray spaces": sum(row[cells.MISSION] != row[cells.MISSION].strip() for row in raw),
        "mission cells that are empty": sum(not employment.mission for employment in employments),
        "ends past midnight": sum(e.last_day != e.first_day for e in employments),
        "points outside their grid square": sum(employment.radius is None for employment in employments),
    }


@dataclass(slots=True)
class _Rows:
    """The rows of the tables, as they come to be."""

    job: Job
    settings: Settings
    tables: dict[str, list[Row]]
    waivers: list[Row] = field(default_factory=list)

    def strike(self, employment: Employment, found: Sequence[Place]) -> None:
        """A strike with its place, and the claims on both; further places are what contradicts the first."""
        strike = self.key(employment)
        concluded = {"strike_type": "airstrike", "event_clarity": "individual", "counting_unit": "employment"}
        given = {
            "date_start": employment.first_day.isoformat(),
            "date_end": employment.last_day.isoformat(),
            "time_start": employment.begin,
            "time_end": employment.end,
            "latitude": plain(employment.latitude),
            "longitude": plain(employment.longitude),
            "mission": employment.mission,
        }
        radius = "" if employment.radius is None else str(employment.radius)
        self.put(
            "strikes",
            strike_id=strike,
            location_id=found[0].location_id,
            location_relation=found[0].relation,
            radius_m=radius,
            where_prec="1",
            **concluded,
            **given,
        )
        self.claim(
            employment,
            "exists",
            ("strikes", strike),
            covers=" ".join(name for name, text in given.items() if text),
            statement=f"Weapon employment on {given['date_start']} at {employment.begin[:5]} UTC.",
        )
        self.claim(
            employment,
            "kind",
            ("strikes", strike),
            covers=" ".join(concluded),
            value_origin="inferred",
            statement="One employment of a weapon from the air.",
            note="No cell says so: the list's title has air strikes, and a row is taken for one employment.",
        )
        for place in found:
            what = {"": "position", TOWN: "town", PROVINCE: "province"}[place.column]
            self.claim(
                employment,
                what,
                ("strikes", strike),
                place.column,
                field="location_id",
                value_raw=place.raw,
                value_text=place.location_id,
                value_origin="resolved" if place.raw else "computed",
                statement=place.words,
                note=place.note,
            )
            if place is not found[0]:
                self.put(
                    "claim_links",
                    claim_link_id=f"{strike}-{what}-contradicts",
                    claim_id=f"{strike}-{what}",
                    related_claim_id=f"{strike}-{'position' if not found[0].raw else 'town'}",
                    claim_relation="contradicts",
                    dimension="place",
                    decided_by=self.settings.coder,
                    note=f"Cells of one row that cannot all be right: {place.note}",
                )
        if any(place.column == TOWN for place in found[1:]):
            # The policy takes the smaller of two places that one voice gives.
            self.waivers.append(
                {
                    "waiver_id": f"{strike}-place",
                    "rule": "records__policy_differs",
                    "record_id": strike,
                    "column_name": "location_id",
                    "note": "The town cell names a place, and the position lies elsewhere; the record follows that.",
                    "decided_by": self.settings.coder,
                }
            )

    def initiator(self, employment: Employment) -> None:
        """Who struck, by the title of the list."""
        actor = self.settings.initiator
        participant = f"{self.key(employment)}-{actor}"
        self.put(
            "participants",
            participant_id=participant,
            subject_table="strikes",
            subject_id=self.key(employment),
            actor_id=actor,
            side="side_a",
            role="initiator",
        )
        self.claim(
            employment,
            "initiator",
            ("participants", participant),
            covers="actor_id role",
            value_origin="resolved",
            statement="The Netherlands struck.",
            note="The title of the list says whose it is; its rows name nobody.",
        )

    def count(self, employment: Employment) -> None:
        """The figure that a row is one employment."""
        figure = f"{self.key(employment)}-employments"
        self.put(
            "figures",
            figure_id=figure,
            subject_table="strikes",
            subject_id=self.key(employment),
            measure="employments",
            unit="count",
            counting_rule="nl_employment",
        )
        self.claim(
            employment,
            "employments",
            ("figures", figure),
            field="value",
            comparator="eq",
            value="1",
            value_origin="computed",
            statement="One employment.",
            note="A row of the list is one employment; rows that are alike are counted each.",
        )

    def remarks(self, employment: Employment, remark: Remark | None) -> None:
        """What no column holds: the comment in words of ours, and what the town cell says beside the place."""
        subject = ("strikes", self.key(employment))
        if employment.comment:
            said = self.settings.comments[_digest(employment.comment)]
            self.claim(employment, "comment", subject, COMMENT, field="remark", statement=said)
        if remark:
            given = {"value_origin": remark.origin, "statement": remark.words, "note": remark.note}
            self.claim(employment, remark.kind, subject, TOWN, field="remark", **given)

    def key(self, employment: Employment) -> str:
        """The list has no ids: a row is known by its physical line in the file of the given digest."""
        return f"{self.job.source_id}-l{employment.line:04}"

    def claim(
        self, employment: Employment, what: str, subject: tuple[str, str], column: str = "", **given: str
    ) -> None:
        """A claim of the list in its own voice, with the line that carries it and the column, where one is meant."""
        locator = f"line={employment.line};sha256={employment.digest}"
        where = f"{locator};column={column}" if column else locator
        self.put("claims", **claim(self.job.source_id, f"l{employment.line:04}-{what}", subject, where, **given))

    def put(self, table: str, **row: str) -> None:
        """Adds a row to a table."""
        self.tables.setdefault(table, []).append(row)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]

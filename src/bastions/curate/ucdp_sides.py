"""Which actors stand for the sides of UCDP events: by UCDP's id, by the members of a composite, or as a whole.

GED gives a side that several groups form together an id of its own and names it by listing them ("Ahrar al-Sham, HTS,
Southern Front"); the Actor Dataset has no row for it. Where every part of such a name is exactly the name of one actor,
those actors take part in the event, and the alliance is an actor of which they are members, since its dead are counted
together. Where one part is not, the alliance alone takes part. Every decision is a row of `parties`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

import polars as pl

from bastions.curate.job import Job, Row, claim
from bastions.curate.ucdp_release import CIVILIANS
from bastions.problems import Problem, problem

BY = "script-ucdp-ged"
SCHEME = "ucdp-actor"
_SEVERAL = re.compile(r", |\b(Operations Room|Coalition)\b")
"""How a name says that several act together: as a list or in a word. What it does not say is not entered."""


@dataclass(slots=True)
class Sides:
    """What the sides of a file come to.

    Attributes:
        actors: `raw_id`, `actor_id`, `whole_id`; see `ucdp_events.sides`.
        decisions: Rows of `parties`.
        tables: Rows of actors, identifiers, links and claims that the alliances need.
        problems: Sides that stand for nobody, or for two actors.
    """

    actors: pl.DataFrame
    decisions: list[Row] = field(default_factory=list)
    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    problems: list[Problem] = field(default_factory=list)


def settle(job: Job, events: pl.DataFrame, everything: pl.DataFrame) -> Sides:
    """Decides who stands for each side.

    Args:
        job: For actors, their names and ids, and the decisions of persons.
        events: The events that become rows.
        everything: All events of the file: it may name in another event what it lists here.
    """
    known = _Known(job, everything)
    sides = Sides(pl.DataFrame())
    kept = {row["identifier"]: row for row in _by_person(job)}
    entered: list[tuple[str, str, str]] = []
    for raw_id, name, letter in _named(events):
        row = kept.get(raw_id) or known.decide(raw_id, name)
        sides.decisions.append(row)
        if not row["actor_ids"]:
            text = f"side {raw_id} ({name}) stands for no actor, or for more than one"
            hint = "Decide in parties.csv, or add its id to the settings of the Actor Dataset."
            sides.problems.append(problem("actor-unresolved", _file(job), text, value=name, hint=hint))
            continue
        entered += [(raw_id, actor, row["actor_id"]) for actor in row["actor_ids"].split()]
        if row["actor_id"] == made_id(raw_id) and raw_id not in known.by_id:
            _alliance(job.source_id, sides, row, letter)
    sides.actors = pl.DataFrame(entered, ["raw_id", "actor_id", "whole_id"], orient="row", strict=True)
    return sides


def made_id(raw_id: str) -> str:
    """The key of an actor that is made from UCDP alone."""
    return f"ucdp-actor-{raw_id}"


def _file(job: Job) -> str:
    return f"seeds/{job.source_id}/parties.csv"


def _named(events: pl.DataFrame) -> list[tuple[str, str, str]]:
    """Id, name and letter of every side that is a party, the ids in order."""
    second = events.filter(pl.col("type_of_violence") != CIVILIANS)
    both = pl.concat(
        [
            events.select(pl.col("side_a_new_id").alias("raw_id"), pl.col("side_a").alias("name"), letter=pl.lit("a")),
            second.select(pl.col("side_b_new_id").alias("raw_id"), pl.col("side_b").alias("name"), letter=pl.lit("b")),
        ]
    )
    first = both.unique(["raw_id", "name"], keep="first", maintain_order=True)
    return list(first.sort(pl.col("raw_id").cast(pl.Int64), "name").iter_rows())


def _by_person(job: Job) -> list[dict[str, str]]:
    coders = job.codes.code_lists["coder"].codes
    table = job.decisions.get("parties", pl.DataFrame())
    rows = [{name: text or "" for name, text in row.items()} for row in table.iter_rows(named=True)]
    return [r for r in rows if r["decided_by"] in coders and coders[r["decided_by"]].attributes["kind"] == "curator"]


class _Known:
    """The actors that carry an id of UCDP, by id and by name."""

    def __init__(self, job: Job, everything: pl.DataFrame):
        self.source_id = job.source_id
        ids = job.tables["identifiers"].filter((pl.col("scheme") == SCHEME) & (pl.col("subject_table") == "actors"))
        self.by_id: dict[str, set[str]] = defaultdict(set)
        for actor, raw_id in ids.select("subject_id", "identifier").iter_rows():
            self.by_id[raw_id].add(actor)
        numbered = set().union(*self.by_id.values()) if self.by_id else set()
        self.by_name: dict[str, set[str]] = defaultdict(set)
        names = job.tables["names"].filter(pl.col("subject_table") == "actors").select("subject_id", "name")
        for actor, name in [*job.tables["actors"].select("actor_id", "name").iter_rows(), *names.iter_rows()]:
            if actor in numbered:
                self.by_name[name].add(actor)
        for raw_id, name, _ in _named(everything):
            if ", " not in name:
                self.by_name[name] |= self.by_id.get(raw_id, {made_id(raw_id)})

    def decide(self, raw_id: str, name: str) -> dict[str, str]:
        """The row of `parties` for a side."""
        row = {
            "party_id": f"{self.source_id}-{raw_id}",
            "source_id": self.source_id,
            "name": name,
            "identifier": raw_id,
            "decided_by": BY,
        }
        if found := self.by_id.get(raw_id):
            if len(found) > 1:
                note = f"Several actors carry this id: {', '.join(sorted(found))}."
                return row | {"actor_ids": "", "actor_id": "", "actor_method": "unresolved", "note": note}
            (actor,) = found
            return row | {"actor_ids": actor, "actor_id": actor, "actor_method": "identifier", "note": ""}
        whole = {"actor_id": made_id(raw_id)}
        parts = name.split(", ")
        found_for = {part: self.by_name.get(part, set()) for part in parts}
        if len(parts) > 1 and all(len(found) == 1 for found in found_for.values()):
            members = sorted({next(iter(found)) for found in found_for.values()})
            return row | whole | {"actor_ids": " ".join(members), "actor_method": "members", "note": ""}
        note = "The Actor Dataset has no such id, and the name is no list."
        if len(parts) > 1:
            missing = [part for part, found in found_for.items() if len(found) != 1]
            note = f"Not the name of exactly one actor: {', '.join(missing)}."
        return row | whole | {"actor_ids": whole["actor_id"], "actor_method": "whole", "note": note}


def _alliance(source_id: str, sides: Sides, row: dict[str, str], letter: str) -> None:
    """The actor of an id that only GED has, with its members where they are entered in its stead."""
    raw_id, actor, name = row["identifier"], row["actor_id"], row["name"]
    kind = "armed_coalition" if _SEVERAL.search(name) else "armed_group"
    sides.tables["actors"].append({"actor_id": actor, "name": name, "actor_type": kind})
    sides.tables["identifiers"].append(
        {
            "identifier_id": f"{actor}-{SCHEME}",
            "subject_table": "actors",
            "subject_id": actor,
            "scheme": SCHEME,
            "identifier": raw_id,
            "match": "exact",
        }
    )
    for member in row["actor_ids"].split() if row["actor_method"] != "whole" else ():
        link = f"{member}-member-of-{actor}"
        sides.tables["links"].append(
            {
                "link_id": link,
                "subject_table": "actors",
                "subject_id": member,
                "link_type": "member_of",
                "related_table": "actors",
                "related_id": actor,
                "method": "register",
            }
        )
        sides.tables["claims"].append(
            claim(
                source_id,
                f"side-{raw_id}-{member}",
                ("links", link),
                f"side_{letter}_new_id={raw_id};column=side_{letter}",
                covers="link_type",
                statement="UCDP lists it among those who form this side together.",
            )
        )

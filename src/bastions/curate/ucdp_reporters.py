"""Who told UCDP of an event: the column `source_original`, spelling by spelling, as acts of speech.

UCDP codes an event from articles and names, in free text, whoever these rest on. A person read every spelling
(`seeds/<source_id>/reporters.csv`); a spelling that nobody has read is added there unresolved.

One voice: the claim on the event names its utterance, and the chain UCDP ← reporter is whole. Several: what UCDP made
of them is its own voice; each has an utterance, an `exists` claim that says no more than that it told of the event, and
a link that the event's claim is derived from it. The numbers are UCDP's coding in any case and name no utterance.

When a report was made is known where the article is the reporter's own (its office is the reporter) and all its dates
are one day. A day that lies before the event's end cannot be that of a report of it, and 1753-01-01 is a placeholder
of UCDP: both are left out and counted.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from bastions.curate.job import Job, Row, claim
from bastions.problems import Problem, problem

BY = "script-ucdp-ged"
PLACEHOLDER = "1753-01-01"
"""The least date of the database that UCDP uses: no date."""


@dataclass(slots=True)
class Reports:
    """What the reporters of a file come to.

    Attributes:
        utterance: Event id to the utterance of its only reporter.
        decisions: Rows of `reporters`.
        tables: Rows of actors, utterances, claims and claim_links.
        problems: Actors that are named and neither in the tables nor in the settings.
        counts: By name.
    """

    utterance: dict[str, str] = field(default_factory=dict)
    decisions: list[Row] = field(default_factory=list)
    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    problems: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def settle(job: Job, events: pl.DataFrame) -> Reports:
    """The reporters of the events.

    Args:
        job: For the decisions, the actors that are there, and the settings `reporters` (actors to make: name,
            actor_type, bloc, country, description) and `basis` (actor to basis of knowledge).
        events: With `id`, `date_end`, `source_original`, `source_office` and `source_date`.
    """
    reports = Reports()
    decided = _decisions(job, events, reports)
    there = dict(job.tables["actors"].select("actor_id", "actor_type").iter_rows())
    to_make: Mapping[str, Mapping[str, str]] = job.settings.get("reporters", {})
    types = there | {actor: row["actor_type"] for actor, row in to_make.items()}
    offices = {_key(name): row["actor_ids"] for name, row in decided.items() if len(row["actor_ids"].split()) == 1}
    offices |= {_key(row["name"]): actor for actor, row in to_make.items()}
    first: dict[str, str] = {}
    wanted = events.select("id", "date_end", "source_original", "source_office", "source_date")
    for key, end, name, office, dates in wanted.iter_rows():
        told = [t for t in (dates or "").split(";") if t]
        reports.counts["placeholder dates of sources (events)"] += PLACEHOLDER in told
        if name is None:
            reports.counts["events without a named reporter"] += 1
            continue
        speakers = decided[escaped(name)]["actor_ids"].split()
        reports.counts["events with a reporter not resolved"] += not speakers
        reports.counts["events with several reporters"] += len(speakers) > 1
        for actor in speakers:
            first.setdefault(actor, key)
            said, why = _said(actor, end, (office or "").split(";"), told, offices)
            reports.counts[f"reports {why}"] += 1
            _report(reports, job, key, actor, said, named=types.get(actor) != "generic_speaker")
        if len(speakers) == 1:
            reports.utterance[key] = f"{job.source_id}-{key}-{speakers[0]}"
        elif speakers:
            _several(reports, job.source_id, key, speakers)
    for actor, key in sorted(first.items()):
        if actor in there:
            continue
        if actor not in to_make:
            text = f'names the actor "{actor}", which is neither in data/actors nor in the settings'
            reports.problems.append(problem("actor-unresolved", f"seeds/{job.source_id}/reporters.csv", text))
        else:
            _actor(reports, job.source_id, actor, to_make[actor], key)
    return reports


def escaped(name: str) -> str:
    r"""A spelling as a cell of `reporters.csv` holds it: a line break is `\n`, white space at the ends is lost."""
    return " ".join(name.replace("\\", "\\\\").replace("\n", " \\n ").split())


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _decisions(job: Job, events: pl.DataFrame, reports: Reports) -> dict[str, dict[str, str]]:
    table = job.decisions.get("reporters", pl.DataFrame())
    kept = [{name: text or "" for name, text in row.items()} for row in table.iter_rows(named=True)]
    rows = {row["name"]: row for row in kept if row["decided_by"] != BY}
    names = events.get_column("source_original").drop_nulls().unique().to_list()
    for name in sorted({escaped(name) for name in names} - set(rows)):
        rows[name] = {
            "reporter_id": f"{job.source_id}-{hashlib.sha256(name.encode()).hexdigest()[:12]}",
            "source_id": job.source_id,
            "name": name,
            "actor_ids": "",
            "actor_method": "unresolved",
            "decided_by": BY,
            "note": "Nobody has read this spelling yet.",
        }
    reports.decisions = [rows[name] for name in sorted(rows)]
    reports.counts["spellings of reporters"] = len(names)
    reports.counts["spellings of reporters not resolved"] = sum(not row["actor_ids"] for row in rows.values())
    return rows


def _said(actor: str, end: str, offices: list[str], told: list[str], known: Mapping[str, str]) -> tuple[str, str]:
    """When the reporter said it, and what became of the date."""
    if len(offices) != len(told):
        return "", "without a day (articles and dates do not match)"
    days = {day for office, day in zip(offices, told, strict=True) if known.get(_key(office)) == actor}
    if not days:
        return "", "without a day (told by another office)"
    if len(days) > 1:
        return "", "without a day (several days)"
    (day,) = days
    try:
        when = date.fromisoformat(day)
    except ValueError:
        return "", "without a day (no date)"
    if when.year < 1900:
        return "", "without a day (placeholder or slip)"
    if when < date.fromisoformat(end):
        return "", "without a day (before the event's end)"
    return day, "with a day"


def _report(reports: Reports, job: Job, key: str, actor: str, said: str, *, named: bool) -> None:
    reports.tables["utterances"].append(
        {
            "utterance_id": f"{job.source_id}-{key}-{actor}",
            "source_id": job.source_id,
            "actor_id": actor,
            "speech_act": "reported",
            "basis": job.settings.get("basis", {}).get(actor, ""),
            "named": "true" if named else "false",
            "said": said,
        }
    )


def _several(reports: Reports, source_id: str, key: str, speakers: list[str]) -> None:
    for actor in speakers:
        told = claim(
            source_id,
            f"{key}-told-{actor}",
            ("engagements", f"ucdp-ged-{key}"),
            f"id={key};column=source_original",
            utterance_id=f"{source_id}-{key}-{actor}",
            statement="UCDP names it among those who told of the event.",
        )
        reports.tables["claims"].append(told)
        reports.tables["claim_links"].append(
            {
                "claim_link_id": f"{source_id}-{key}-from-{actor}",
                "claim_id": f"{source_id}-{key}-exists",
                "related_claim_id": told["claim_id"],
                "claim_relation": "derived_from",
                "decided_by": BY,
                "note": "UCDP names it as the origin of what it coded (source_original).",
            }
        )


def _actor(reports: Reports, source_id: str, actor: str, row: Mapping[str, str], key: str) -> None:
    reports.tables["actors"].append({"actor_id": actor, **{name: str(text) for name, text in row.items()}})
    reports.tables["claims"].append(
        claim(
            source_id,
            f"reporter-{actor}",
            ("actors", actor),
            f"id={key};column=source_original",
            covers="name",
            statement="UCDP names it as the origin of reports.",
            note="UCDP gives the name alone; its type and bloc are the curator's reading.",
        )
    )

"""UCDP GED, the Syrian file beside release 19.1: every event with the Islamic State on a side.

What every event becomes is in `ucdp_events`, the same for whole releases; this module adds what a single file of a
country allows: named places of the gazetteer, actors that are known, reporters, corrections, waivers.

Settings of source.yaml: `side` (UCDP's id of the actor whose events are taken), `reporters`, `basis`.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from bastions.curate import ucdp_events, ucdp_places, ucdp_reporters, ucdp_sides
from bastions.curate.job import Job, Made, Row
from bastions.curate.raw import RawRow, read_csv
from bastions.curate.ucdp_release import COUNTRY_19, OPTIONAL, OUT_OF_ORDER, READ, faults, text_frame, told, typed
from bastions.curate.ucdp_waivers import waivers


def curate(job: Job) -> Made:
    """The rows of the events that the settings choose.

    Args:
        job: With one raw CSV file of the 41 columns of `COUNTRY_19`.

    Returns:
        Engagements with their participants, figures, identifiers and claims; actors, utterances and links that these
        need; places made from the source; the decisions on names; a waiver for each claim whose numbers UCDP published
        out of order.
    """
    file = next(name for name in job.raw if name.endswith(".csv"))
    raw, problems = read_csv(job.raw[file], file, COUNTRY_19)
    if problems:
        return Made(problems=problems)
    rows, problems = job.corrections.apply(raw, file)
    everything, found = typed(_text(rows), file, {row["id"]: row.line for row in rows})
    problems += found
    if any(p.severity == "error" for p in problems):
        return Made(problems=problems)
    # Rows that are out of order are waived one by one below; any other fault is news.
    problems += [told(*fault, file) for fault in faults(everything).items() if fault[0] != OUT_OF_ORDER]
    side = str(job.settings["side"])
    events = everything.filter((pl.col("side_a_new_id") == side) | (pl.col("side_b_new_id") == side))
    sides = ucdp_sides.settle(job, events, everything)
    reports = ucdp_reporters.settle(job, events)
    places = ucdp_places.settle(job, events)
    problems += [*sides.problems, *reports.problems]
    if any(p.severity == "error" for p in problems):
        return Made(problems=problems)
    spoken = pl.DataFrame(list(reports.utterance.items()), ["id", "utterance_id"], orient="row")
    events = events.join(places.located, "id", "left").join(spoken, "id", "left")
    sided = ucdp_events.sides(events, sides.actors)
    counted = ucdp_events.counted(events, sides.actors)
    source = job.source_id
    claims = [
        *_rows(ucdp_events.event_claims(events, source)),
        *_rows(ucdp_events.participant_claims(sided, source)),
        *_rows(ucdp_events.value_claims(counted, source)),
        *sides.tables["claims"],
        *reports.tables["claims"],
        *places.claims,
    ]
    tables: dict[str, list[Row]] = {
        "actors": [*sides.tables["actors"], *reports.tables["actors"]],
        "locations": places.locations,
        "engagements": _rows(ucdp_events.engagements(events)),
        "participants": _rows(ucdp_events.participants(sided)),
        "figures": _rows(ucdp_events.figures(counted)),
        "identifiers": [*_rows(ucdp_events.identifiers(events)), *sides.tables["identifiers"]],
        "links": sides.tables["links"],
        "utterances": reports.tables["utterances"],
        "claims": _flagged(claims, rows, source),
        "claim_links": reports.tables["claim_links"],
    }
    waived = waivers(source, counted)
    counts = {
        "events in the file": everything.height,
        "dead by the best estimate": int(events.get_column("best").sum()),
        "events with best 0": events.filter(pl.col("best") == 0).height,
        "alliances entered by their members": sum(r["actor_method"] == "members" for r in sides.decisions),
        "alliances entered as a whole": sum(r["actor_method"] == "whole" for r in sides.decisions),
        "claims with numbers out of order, waived": len(waived),
        **places.counts,
        **reports.counts,
    }
    decisions = {"parties": sides.decisions, "reporters": reports.decisions, "places": places.decisions}
    made = {name: some for name, some in tables.items() if some}
    return Made(made, decisions, [*waived, *places.waivers], problems, counts)


def _text(rows: Iterable[RawRow]) -> pl.DataFrame:
    return text_frame((row.cells for row in rows), (*READ, *(name for name in OPTIONAL if name in COUNTRY_19)))


def _rows(frame: pl.DataFrame) -> list[Row]:
    return [{name: text for name, text in row.items() if text is not None} for row in frame.iter_rows(named=True)]


def _flagged(claims: list[Row], rows: Iterable[RawRow], source_id: str) -> list[Row]:
    """The claims, those on an event that a correction flags with the reason in their note."""
    flags = {f"{source_id}-{row['id']}-exists": " ".join(row.flags) for row in rows if row.flags}
    out: list[Row] = []
    for claim in claims:
        if flag := flags.get(claim["claim_id"]):
            out.append({**claim, "note": " ".join(filter(None, (claim.get("note", ""), flag)))})
        else:
            out.append(claim)
    return out

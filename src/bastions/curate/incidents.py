"""One incident, several tellings: candidate pairs of events and strikes, each with a score that shows its parts.

A pseudo-source without raw files: it reads the rows of all datasets and the hand-curated ones and writes judgements to
`data/links/incidents.csv`. A person's judgement on a pair stands in `data/links/hand.csv`, and the pair is then left
alone. Nothing is merged. `seeds/incidents/README.md` tells what each part of the score is and how well it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from bastions.curate.happenings import happenings
from bastions.curate.incident_steps import RESULT, STEPS
from bastions.curate.job import Job, Made, Row
from bastions.schema import Schema

CODER = "script-incidents"
PARTS = ("place", "days", "actors", "types", "size", "content", "rare", "lead")
"""The parts of a score, in the order in which a note gives them; each from 0 to 100, empty if not known."""

NEAR_MISS_DAYS = 2
NEAR_MISS_FACTOR = 2
"""By how many days, and how many times the distance, a pair may miss its windows and still be drawn for labels."""


def curate(job: Job) -> Made:
    """The judgements of the script on all pairs that a person has not judged.

    Args:
        job: Without raw files; `settings` as `seeds/incidents/source.yaml` explains them.
    """
    pairs = judge(job.tables, job.codes, job.settings)
    written = pairs.filter(pl.col("relation").is_not_null() & ~pl.col("by_hand"))
    return Made(
        tables={"links": [_link(pair) for pair in written.iter_rows(named=True)]},
        counts={
            "candidate pairs": pairs.height,
            **{f"judged {name}": written.filter(relation=name).height for name in ("same", "part", "unsure")},
            "judged by a person": pairs.filter("by_hand").height,
            "undecided across tables, not written": pairs.filter(
                pl.col("relation").is_null() & (pl.col("score") >= job.settings["unsure"])
            ).height,
        },
    )


def judge(
    tables: Mapping[str, pl.DataFrame], schema: Schema, settings: Mapping[str, Any], near_misses: bool = False
) -> pl.DataFrame:
    """Every candidate pair with its score and judgement.

    Args:
        tables: The tables of `data/` as text.
        schema: With the code lists.
        settings: The settings of `seeds/incidents/source.yaml`.
        near_misses: Whether to give, beside the candidates, pairs that were kept from being one by their days or
            distance alone, and not by much; their `score` is NULL.

    Returns:
        One row a pair, sorted: both records, the first the finer one; the `PARTS`; `km` and `gap` (days) between them;
        `score` from 0 to 100; `relation` (same, part, unsure, or NULL where nothing is written); `by_hand`, whether a
        person judged the pair or a column of the data relates the two.
    """
    with happenings(tables, schema, settings) as connection:
        _parameters(connection, settings, near_misses)
        for statement in STEPS:
            connection.execute(statement)
        return pl.DataFrame(connection.sql(RESULT).to_arrow_table())


def _parameters(connection: Any, settings: Mapping[str, Any], near_misses: bool) -> None:
    """The settings as small tables and variables."""
    tables: dict[str, Iterable[tuple[Any, ...]]] = {
        "areas(location_type VARCHAR, worth INTEGER)": settings["areas"].items(),
        "gaps(gap INTEGER, worth INTEGER)": settings["gaps"].items(),
        "widths(most INTEGER, worth INTEGER)": settings["widths"].items(),
        "grains(counting_unit VARCHAR, grain INTEGER)": settings["grains"].items(),
        "fits(one VARCHAR, other VARCHAR, worth INTEGER)": sorted(
            {(a, b, n) for one, other, n in settings["types"] for a, b in ((one, other), (other, one))}
        ),
        "repeated(source VARCHAR, days INTEGER, kind VARCHAR)": [
            (name, d["repeat_days"], d["repeat"]) for name, d in settings["datasets"].items() if "repeat_days" in d
        ],
        "floors(across BOOLEAN, place INTEGER, days INTEGER, actors INTEGER, types INTEGER, rare INTEGER)": [
            (across == "across", *(worth[part] for part in ("place", "days", "actors", "types", "rare")))
            for across, worth in settings["floors"].items()
        ],
    }
    for shape, rows in tables.items():
        connection.execute(f"CREATE TABLE {shape}")
        for row in rows:
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO {shape.split('(')[0]} VALUES ({marks})", list(row))
    values = {
        name: settings[name]
        for name in ("near_km", "at_reach", "container_days", "full_bits", "repeated_rows", "lone_repeat")
    }
    values |= {name: settings[name] for name in ("decide", "unsure", "min_lead")}
    values |= {f"w_{part}": settings["weights"][part] for part in PARTS}
    values |= {
        "slack_days": NEAR_MISS_DAYS if near_misses else 0,
        "slack_km": NEAR_MISS_FACTOR if near_misses else 1,
        "most_tolerance": max(
            [settings["hand_tolerance_days"], *(d["tolerance_days"] for d in settings["datasets"].values())]
        ),
    }
    for name, value in values.items():
        connection.execute(f"SET VARIABLE {name} = {int(value)}")


def _link(pair: Mapping[str, Any]) -> Row:
    """The row of `links` for a judged pair; its note gives the parts of the score in a fixed form."""
    ids = sorted((pair["subject_id"], pair["related_id"]))
    distance = "" if pair["km"] is None else f"@{pair['km']:.1f}km"
    parts = {part: "-" if pair[part] is None else str(pair[part]) for part in PARTS}
    parts["place"] += distance
    parts["days"] += f"@{pair['gap']}d"
    return {
        "link_id": f"incident-{ids[0]}-and-{ids[1]}",
        "subject_table": pair["subject_table"],
        "subject_id": pair["subject_id"],
        "link_type": pair["relation"],
        "related_table": pair["related_table"],
        "related_id": pair["related_id"],
        "score": f"{pair['score'] / 100:g}",
        "method": "matcher",
        "decided_by": CODER,
        "note": " ".join(f"{part}={parts[part]}" for part in PARTS),
    }

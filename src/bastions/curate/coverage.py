"""What each dataset has of the hand-coded events: found, found in part, not found, or never there to be found.

A pseudo-source without raw files. For each engagement and strike that rests on documents it looks into each dataset:
first at the judgements of `incidents` and of people, then at whether the dataset could have the event by its own rules,
then at what lies within a window of days and kilometres. The search of a person (`data/coverage/hand.csv`) stands, and
the pair is left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import polars as pl

from bastions.curate import plans
from bastions.curate.happenings import HAND, happenings
from bastions.curate.job import Job, Made, Row
from bastions.problems import Problem, problem
from bastions.schema import Schema


def curate(job: Job) -> Made:
    """A row of `coverage` for every hand-coded event and dataset that no person has searched.

    Args:
        job: Without raw files; `settings` as `seeds/coverage/source.yaml` explains them. How the datasets date and
            place their events is read from the settings of `incidents`.
    """
    known, problems = plans.load(job.codes.root)
    if problems:
        return Made(problems=problems)
    listed = set(job.tables["sources"]["source_id"]) & set(job.tables["claims"]["source_id"])
    if missing := [source for source in job.settings["datasets"] if source not in listed]:
        where, message = f"seeds/{job.source_id}/source.yaml", "searches {}, of which there are no rows"
        return Made(problems=[problem("source-yaml", where, message.format(name)) for name in missing])
    found = search(job.tables, job.codes, job.settings, known["incidents"].settings)
    by_hand = {
        (row["subject_table"], row["subject_id"], row["source_id"]): row
        for row in job.tables["coverage"].iter_rows(named=True)
    }
    rows: list[Row] = []
    for result in found.iter_rows(named=True):
        other = by_hand.get((result["subject_table"], result["subject_id"], result["source_id"]))
        if other is None:
            rows.append(_row(result, job.settings))
        elif other["result"] != result["result"]:
            problems.append(_differs(other, result))
    counts = Counter(row["result"] for row in rows)
    return Made(
        tables={"coverage": rows},
        problems=problems,
        counts={**{name: counts[name] for name in sorted(counts)}, "searched by a person": found.height - len(rows)},
    )


def search(
    tables: Mapping[str, pl.DataFrame], schema: Schema, settings: Mapping[str, Any], telling: Mapping[str, Any]
) -> pl.DataFrame:
    """What each dataset has of each hand-coded event.

    Args:
        tables: The tables of `data/` as text, the judgements on pairs among the links.
        schema: With the code lists.
        settings: The settings of `seeds/coverage/source.yaml`.
        telling: What `happenings` needs to know of the datasets: the settings of `seeds/incidents/source.yaml`.

    Returns:
        One row an event and dataset, sorted: `subject_table`, `subject_id`, `source_id`, `result`, `identifier` of what
        was found, `window_days` (NULL where nothing was searched within a window).
    """
    with happenings(tables, schema, telling) as connection:
        connection.execute("CREATE TABLE rules(source VARCHAR, kinds VARCHAR[], only_with VARCHAR, only_by VARCHAR)")
        for source, rule in settings["datasets"].items():
            values = [source, rule["kinds"], rule.get("with"), rule.get("by")]
            connection.execute("INSERT INTO rules VALUES (?, ?, ?, ?)", values)
        for name in ("window_km", "window_days", "open_days", "longest_days"):
            connection.execute(f"SET VARIABLE {name} = {int(settings[name])}")
        for statement in _STEPS:
            connection.execute(statement)
        return pl.DataFrame(connection.sql(_RESULT).to_arrow_table())


def _row(result: Mapping[str, Any], settings: Mapping[str, Any]) -> Row:
    searched = result["window_days"] is not None
    return {
        "coverage_id": f"{result['subject_id']}-in-{result['source_id']}",
        "subject_table": result["subject_table"],
        "subject_id": result["subject_id"],
        "source_id": result["source_id"],
        "result": result["result"],
        "identifier": result["identifier"] or "",
        "window_km": str(settings["window_km"]) if searched else "",
        "window_days": str(result["window_days"]) if searched else "",
        "checked_on": settings["checked_on"],
    }


def _differs(other: Mapping[str, Any], result: Mapping[str, Any]) -> Problem:
    """A person's search and the script's differ; the person's stands."""
    return problem(
        "coverage-differs",
        "data/coverage/hand.csv",
        f"says {other['result']}, and the search by script {result['result']} ({result['identifier'] or 'nothing'})",
        value=other["coverage_id"],
        hint="The person's row stands. Look again at what the dataset has, or delete the row.",
        severity="warning",
    )


_STEPS = (
    # The days that are searched, without the window: of an event whose day is not told those before the news of it.
    # A part of a town without a point of its own is searched from the town.
    f"""
    CREATE TABLE sought AS
    SELECT h.* REPLACE (coalesce(h.lat, CAST(t.latitude AS DOUBLE)) AS lat,
            coalesce(h.lon, CAST(t.longitude AS DOUBLE)) AS lon),
        CASE WHEN day_known THEN getvariable('window_days') ELSE getvariable('open_days') END AS margin,
        CASE WHEN day_known THEN first_day ELSE last_day END AS since,
        day_known AND width > getvariable('longest_days') OR last_day IS NULL
            OR coalesce(h.lat, CAST(t.latitude AS DOUBLE)) IS NULL
            AND coalesce(h.location_type, '') NOT IN ('governorate', 'district', 'subdistrict') AS vague
    FROM happenings AS h
    LEFT JOIN (
        SELECT location_id AS town_id, latitude, longitude FROM locations
        WHERE location_type = 'populated_place' AND latitude IS NOT NULL
    ) AS t ON h.lat IS NULL AND h.shape IS NOT NULL AND list_contains(h.places, t.town_id)
    WHERE source = '{HAND}'
    QUALIFY row_number() OVER (PARTITION BY table_name, id ORDER BY t.town_id) = 1
    """,
    """
    CREATE TABLE own_ids AS
    SELECT h.table_name, h.id, h.source, coalesce(
            (SELECT min(i.identifier) FROM identifiers AS i
                WHERE i.subject_table = h.table_name AND i.subject_id = h.id AND i.match = 'exact'),
            nullif(regexp_extract(h.locator, '^id=([^;]+)', 1), ''), regexp_extract(h.locator, '^[^;]+'), h.id
        ) AS identifier
    FROM happenings AS h
    """,
    # Whether the dataset could have the event by its own rules.
    """
    CREATE TABLE asked AS
    SELECT e.table_name, e.id, r.source,
        list_contains(string_split(s.covers_countries, ' '), e.country) IS NOT FALSE
        AND (e.last_day >= f.earliest) IS NOT FALSE AND (e.first_day <= t.latest) IS NOT FALSE
        AND list_contains(r.kinds, e.family) IS TRUE
        AND (r.only_with IS NULL OR EXISTS (
            SELECT 1 FROM participants AS p
            WHERE p.subject_table = e.table_name AND p.subject_id = e.id AND p.actor_id = r.only_with))
        AND (r.only_by IS NULL OR e.acting IS NULL OR EXISTS (
            SELECT 1 FROM (SELECT unnest(e.acting) AS actor_id) AS p
            JOIN actors AS a ON a.actor_id = p.actor_id
            JOIN belongs_to AS b ON b.actor_id = p.actor_id
            WHERE a.bloc = r.only_by OR list_contains(b.wholes, r.only_by) OR EXISTS (
                SELECT 1 FROM belongs_to AS w
                WHERE w.actor_id = r.only_by AND list_contains(w.wholes, p.actor_id)))) AS could_hold
    FROM sought AS e
    CROSS JOIN rules AS r
    LEFT JOIN sources AS s ON s.source_id = r.source
    LEFT JOIN bounds AS f ON f.text = s.covers_from
    LEFT JOIN bounds AS t ON t.text = s.covers_to
    """,
    # What judgements relate to the event: the same thing, else what contains it, is part of it or may be it.
    """
    CREATE TABLE related AS
    SELECT k.table_name, k.id, o.source, bool_or(k.link_type = 'same') AS the_same,
        arg_min(o.identifier, (k.link_type <> 'same', -coalesce(k.score, 2), o.identifier)) AS identifier
    FROM (
        SELECT subject_table AS table_name, subject_id AS id, related_table AS other_table, related_id AS other,
            link_type, CAST(score AS DOUBLE) AS score
        FROM links WHERE link_type IN ('same', 'part', 'unsure')
        UNION ALL
        SELECT related_table, related_id, subject_table, subject_id, link_type, CAST(score AS DOUBLE)
        FROM links WHERE link_type IN ('same', 'part', 'unsure')
    ) AS k
    JOIN own_ids AS o ON o.table_name = k.other_table AND o.id = k.other
    GROUP BY k.table_name, k.id, o.source
    """,
    # What lies within the window and does not tell of another fight.
    """
    CREATE TABLE near AS
    SELECT e.table_name, e.id, d.source,
        arg_min(o.identifier, (greatest(0, e.since - d.core_last, d.core_first - e.last_day),
            coalesce(km(e.lat, e.lon, d.lat, d.lon), 0), o.identifier)) AS identifier
    FROM sought AS e
    JOIN happenings AS d ON d.source IN (SELECT source FROM rules)
        AND d.first_day <= e.last_day + CAST(e.margin AS INTEGER)
        AND d.last_day >= e.since - CAST(e.margin AS INTEGER)
    JOIN own_ids AS o ON o.table_name = d.table_name AND o.id = d.id
    WHERE NOT e.vague
        AND coalesce(km(e.lat, e.lon, d.lat, d.lon) <= getvariable('window_km'),
            list_contains(d.places, e.location_id), FALSE)
        AND (list_has_any(e.camps, d.camps) OR e.others IS NULL OR d.others IS NULL)
    GROUP BY e.table_name, e.id, d.source
    """,
)

_RESULT = """
SELECT a.table_name AS subject_table, a.id AS subject_id, a.source AS source_id,
    CASE
        WHEN k.the_same THEN 'found'
        WHEN k.id IS NOT NULL THEN 'partial'
        WHEN NOT a.could_hold THEN 'not_covered'
        WHEN e.vague THEN 'not_searchable'
        WHEN n.id IS NOT NULL THEN 'partial'
        ELSE 'not_found'
    END AS result,
    CASE WHEN k.id IS NOT NULL THEN k.identifier WHEN a.could_hold AND NOT e.vague THEN n.identifier END AS identifier,
    CASE WHEN k.id IS NULL AND a.could_hold AND NOT e.vague THEN e.margin END AS window_days
FROM asked AS a
JOIN sought AS e ON e.table_name = a.table_name AND e.id = a.id
LEFT JOIN related AS k ON k.table_name = a.table_name AND k.id = a.id AND k.source = a.source
LEFT JOIN near AS n ON n.table_name = a.table_name AND n.id = a.id AND n.source = a.source
ORDER BY subject_table, subject_id, source_id
"""

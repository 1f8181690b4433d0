"""Engagements and strikes side by side, with all by which two tellings can be compared: days, points, parties, numbers.

`happenings` fills a DuckDB connection from the tables of a job; `incidents` and `coverage` ask it. Nothing is guessed:
what a record does not say is NULL, and how a NULL counts is for who asks to say.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl

from bastions import edtf
from bastions.schema import Schema

HAND = "hand"
"""The source of a record that no dataset tells: it rests on documents, and a person coded it."""

_ATTRIBUTES = {"bloc": "camp", "role": "part", "location_type": "shape"}
_TABLES = (
    "actors", "claims", "engagements", "figures", "identifiers", "links", "locations", "participants", "sources",
    "strikes", "utterances",
)  # fmt: skip
_DATES = (
    *((table, column) for table in ("engagements", "strikes") for column in ("date_start", "date_end")),
    ("sources", "covers_from"),
    ("sources", "covers_to"),
)


def happenings(tables: Mapping[str, pl.DataFrame], schema: Schema, settings: Mapping[str, Any]) -> Any:
    """A connection with the tables as they stand, as text, and `happenings`, one row an engagement or strike.

    Args:
        tables: The tables of `data/` as text.
        schema: With the code lists.
        settings: `datasets` (source to `tolerance_days` and `back_days`: of the days that a record of it can have, how
            many before the last is the likeliest), `hand_tolerance_days`, `news_days` (how many days before the day by
            which it was told an undated event is looked for), `reach_km` (by `where_prec`), `families` (type to
            family), `voices` (parts of the ids of speakers who report strikes from the air).

    Returns:
        The connection; closing it is for the caller.
    """
    connection = duckdb.connect(config={"threads": 2})
    for name in _TABLES:
        connection.register(f"_{name}", tables[name])
        connection.execute(f"CREATE TABLE {name} AS FROM _{name}")
        connection.unregister(f"_{name}")
    _put(connection, "bounds", ["text", "earliest", "latest"], _bounds(tables), "VARCHAR, DATE, DATE")
    facts = [
        (codes, code, entry.attributes.get(attribute))
        for codes, attribute in _ATTRIBUTES.items()
        for code, entry in schema.code_lists[codes].codes.items()
    ]
    _put(connection, "facts", ["code_list", "code", "fact"], facts)
    datasets = [(name, d.get("back_days", 0), d["tolerance_days"]) for name, d in settings["datasets"].items()]
    datasets.append((HAND, 0, settings["hand_tolerance_days"]))
    _put(connection, "datasets", ["source", "back_days", "tolerance_days"], datasets, "VARCHAR, INTEGER, INTEGER")
    reach = [(str(prec), km) for prec, km in settings["reach_km"].items()]
    _put(connection, "reach", ["where_prec", "km"], reach, "VARCHAR, DOUBLE")
    _put(connection, "families", ["type", "family"], list(settings["families"].items()))
    _put(connection, "air_voices", ["part"], [(part,) for part in settings["voices"]])
    connection.execute(f"SET VARIABLE news_days = {int(settings['news_days'])}")
    connection.execute(_KM)
    for statement in _STEPS:
        connection.execute(statement)
    return connection


def _put(connection: Any, name: str, columns: list[str], rows: list[tuple[Any, ...]], types: str = "") -> None:
    """A small table."""
    kinds = [kind.strip() for kind in types.split(",")] if types else ["VARCHAR"] * len(columns)
    listed = ", ".join(f"{column} {kind}" for column, kind in zip(columns, kinds, strict=True))
    connection.execute(f"CREATE TABLE {name} ({listed})")
    if rows:
        connection.register("_rows", pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None))
        connection.execute(f"INSERT INTO {name} FROM _rows")
        connection.unregister("_rows")


def _bounds(tables: Mapping[str, pl.DataFrame]) -> list[tuple[str, datetime.date | None, datetime.date | None]]:
    """What every date can mean, also without its mark; what is no date the validator reports, and it means nothing."""
    texts = {text for table, column in _DATES for text in tables[table][column].drop_nulls().unique()}
    texts |= {text.rstrip("~?%") for text in texts}
    return [(text, *edtf.bounds(text)) for text in sorted(texts) if edtf.is_edtf(text, end=True)]


_KM = """
CREATE MACRO km(lat, lon, other_lat, other_lon) AS 12742 * asin(least(1, sqrt(
    power(sin(radians(other_lat - lat) / 2), 2)
    + cos(radians(lat)) * cos(radians(other_lat)) * power(sin(radians(other_lon - lon) / 2), 2))))
"""

_STEPS = (
    # Which source tells a record: the dataset of its claims, else documents that a person read.
    """
    CREATE TABLE told AS
    SELECT c.subject_table AS table_name, c.subject_id AS id, coalesce(min(d.source), 'hand') AS source,
        min(c.locator ORDER BY c.claim_id) AS locator,
        coalesce(bool_or(v.part IS NOT NULL), FALSE) AS from_the_air
    FROM claims AS c
    LEFT JOIN datasets AS d ON d.source = c.source_id
    LEFT JOIN utterances AS u ON u.utterance_id = c.utterance_id
    LEFT JOIN air_voices AS v ON contains('-' || u.actor_id || '-', '-' || v.part || '-')
    WHERE c.field = 'exists' AND c.polarity = 'affirmed' AND c.subject_table IN ('engagements', 'strikes')
    GROUP BY c.subject_table, c.subject_id
    """,
    # All places in which a place lies, itself included.
    """
    CREATE TABLE lies_in AS
    WITH RECURSIVE up AS (
        SELECT location_id, location_id AS whole_id FROM locations
        UNION
        SELECT u.location_id, l.parent_id FROM up AS u JOIN locations AS l ON l.location_id = u.whole_id
        WHERE l.parent_id IS NOT NULL
    )
    SELECT u.location_id, list(u.whole_id ORDER BY u.whole_id) AS wholes FROM up AS u GROUP BY u.location_id
    """,
    # Whose part an actor is, by links of membership, itself included.
    """
    CREATE TABLE belongs_to AS
    WITH RECURSIVE up AS (
        SELECT actor_id, actor_id AS whole_id FROM actors
        UNION
        SELECT u.actor_id, k.related_id FROM up AS u JOIN links AS k ON k.subject_id = u.whole_id
        WHERE k.link_type IN ('member_of', 'organ_of') AND k.subject_table = 'actors' AND k.related_table = 'actors'
    )
    SELECT actor_id, list(whole_id ORDER BY whole_id) AS wholes FROM up GROUP BY actor_id
    """,
    # Those who stand on the two sides, apart from the group that all of them fight and from people hit.
    """
    CREATE TABLE parties AS
    SELECT p.subject_table AS table_name, p.subject_id AS id,
        list(DISTINCT p.actor_id ORDER BY p.actor_id) FILTER (WHERE them) AS others,
        list_sort(list_distinct(flatten(list(b.wholes) FILTER (WHERE them)))) AS wholes,
        list(DISTINCT a.bloc ORDER BY a.bloc) FILTER (WHERE them) AS blocs,
        list(DISTINCT f.fact ORDER BY f.fact) FILTER (WHERE them AND f.fact <> 'none') AS camps,
        list(DISTINCT p.actor_id ORDER BY p.actor_id) FILTER (WHERE r.fact = 'acts') AS acting,
        coalesce(bool_or(a.bloc = 'islamic_state'), FALSE) AS with_is,
        coalesce(bool_or(a.bloc = 'islamic_state' AND r.fact = 'acts'), FALSE) AS is_acts
    FROM (SELECT *, side IN ('side_a', 'side_b') AS on_side FROM participants) AS p
    JOIN (SELECT *, bloc <> 'islamic_state' AS apart FROM actors) AS a ON a.actor_id = p.actor_id
    JOIN belongs_to AS b ON b.actor_id = p.actor_id
    CROSS JOIN LATERAL (SELECT p.on_side AND coalesce(a.apart, TRUE) AS them) AS t
    LEFT JOIN facts AS f ON f.code_list = 'bloc' AND f.code = a.bloc
    LEFT JOIN facts AS r ON r.code_list = 'role' AND r.code = p.role
    GROUP BY p.subject_table, p.subject_id
    """,
    # What is counted of a record, as one text a number, and the people killed in all.
    """
    CREATE TABLE numbers AS
    SELECT f.subject_table AS table_name, f.subject_id AS id,
        list(DISTINCT concat_ws(' ', f.measure, f.item, f.affected_actor_id, f.affected_group, c.comparator, c.value,
                c.value_min, c.value_max)
            ORDER BY concat_ws(' ', f.measure, f.item, f.affected_actor_id, f.affected_group, c.comparator, c.value,
                c.value_min, c.value_max))
            AS numbers,
        min(coalesce(CAST(c.value_min AS DOUBLE), CAST(c.value AS DOUBLE))) FILTER (WHERE all_killed) AS killed_from,
        max(coalesce(CAST(c.value_max AS DOUBLE), CAST(c.value AS DOUBLE))) FILTER (WHERE all_killed) AS killed_to
    FROM (SELECT *, measure = 'killed' AND coalesce(affected_group, affected_actor_id) IS NULL AS all_killed
        FROM figures) AS f
    JOIN claims AS c ON c.subject_table = 'figures' AND c.subject_id = f.figure_id AND c.field = 'value'
        AND c.polarity = 'affirmed'
    WHERE f.subject_table IN ('engagements', 'strikes')
    GROUP BY f.subject_table, f.subject_id
    """,
    """
    CREATE TABLE dated AS
    SELECT 'engagements' AS table_name, engagement_id AS id, engagement_type AS type, event_clarity, date_start,
        date_end, location_id, latitude, longitude, radius_m, where_prec, part_of_id AS whole_id,
        CAST(NULL AS VARCHAR) AS counting_unit, name
    FROM engagements
    UNION ALL
    SELECT 'strikes', strike_id, strike_type, event_clarity, date_start, date_end, location_id, latitude, longitude,
        radius_m, where_prec, engagement_id, counting_unit, strike_id
    FROM strikes
    """,
    # An end that is open is taken no further than the day by which the begin was told, a begin that is open no further
    # back than news goes; a point counts where the place is known as well as that.
    """
    CREATE TABLE happenings AS
    SELECT e.table_name, e.id, e.name, t.source, t.locator, t.from_the_air, e.type, y.family, e.event_clarity,
        e.counting_unit, e.whole_id,
        n.first_day,
        n.last_day,
        n.last_day - n.first_day + 1 - d.back_days * CAST(n.last_day > n.first_day AS INTEGER) AS width,
        -- The days on which it most likely was, of a source that tells as a rule of the day before.
        CASE WHEN d.back_days > 0 THEN greatest(n.first_day, n.last_day - CAST(d.back_days AS INTEGER))
            ELSE n.first_day END AS core_first,
        greatest(n.first_day, n.last_day - CAST(d.back_days AS INTEGER)) AS core_last,
        s.earliest IS NOT NULL AS day_known,
        -- Its days without the tolerance of a date; "about June" is June.
        CASE WHEN s.earliest IS NOT NULL AND e.date_end <> '..' THEN o.earliest END AS nominal_first,
        CASE WHEN s.earliest IS NOT NULL AND e.date_end <> '..' THEN o.latest END AS sure_from,
        q.latest AS nominal_last,
        d.tolerance_days, e.location_id, l.country, l.location_type, h.fact AS shape, g.wholes AS places,
        e.where_prec,
        CASE WHEN r.km IS NOT NULL THEN coalesce(CAST(e.latitude AS DOUBLE), CAST(l.latitude AS DOUBLE)) END AS lat,
        CASE WHEN r.km IS NOT NULL THEN coalesce(CAST(e.longitude AS DOUBLE), CAST(l.longitude AS DOUBLE)) END AS lon,
        r.km AS reach_km,
        coalesce(CAST(e.radius_m AS DOUBLE), CAST(l.radius_m AS DOUBLE), 0) / 1000 AS radius_km,
        p.others, p.wholes AS actor_wholes, p.blocs, p.camps, p.acting, coalesce(p.with_is, FALSE) AS with_is,
        coalesce(p.is_acts, FALSE) AS is_acts, m.numbers, m.killed_from, m.killed_to
    FROM dated AS e
    JOIN told AS t ON t.table_name = e.table_name AND t.id = e.id
    JOIN datasets AS d ON d.source = t.source
    LEFT JOIN families AS y ON y.type = e.type
    LEFT JOIN bounds AS s ON s.text = e.date_start
    LEFT JOIN bounds AS z ON z.text = e.date_end
    LEFT JOIN bounds AS o ON o.text = rtrim(e.date_start, '~?%')
    LEFT JOIN bounds AS q ON q.text = rtrim(e.date_end, '~?%')
    CROSS JOIN LATERAL (
        SELECT coalesce(z.latest, s.latest, z.earliest) AS last_day,
            coalesce(s.earliest, coalesce(z.latest, s.latest) - CAST(getvariable('news_days') AS INTEGER)) AS first_day
    ) AS n
    LEFT JOIN locations AS l ON l.location_id = e.location_id
    LEFT JOIN facts AS h ON h.code_list = 'location_type' AND h.code = l.location_type
    LEFT JOIN lies_in AS g ON g.location_id = e.location_id
    LEFT JOIN reach AS r ON r.where_prec = coalesce(e.where_prec, CASE WHEN h.fact = 'point' THEN '2' END)
    LEFT JOIN parties AS p ON p.table_name = e.table_name AND p.id = e.id
    LEFT JOIN numbers AS m ON m.table_name = e.table_name AND m.id = e.id
    """,
)

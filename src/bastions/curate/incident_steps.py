"""The SQL by which `incidents` finds pairs, scores each part of them, and judges.

It runs on the tables that `happenings` and the settings of `seeds/incidents/source.yaml` make; scores are whole numbers
all through, so that the order in which a machine adds them up plays no part.
"""

from bastions.curate.happenings import HAND

USUAL_DAYS = 30
"""How usual it is that a source has something at a place is counted over so many days before and after."""

_COMPARED = """
    a.ord AS one, b.ord AS other, a.source AS one_source, b.source AS other_source,
    greatest(0, a.core_first - b.core_last, b.core_first - a.core_last) AS gap,
    greatest(a.first_day - b.last_day, b.first_day - a.last_day, 0)
        - greatest(a.tolerance_days, b.tolerance_days) AS days_beyond,
    km(a.lat, a.lon, b.lat, b.lon) AS km,
    b.held AND a.first_day >= b.nominal_first AND a.last_day <= b.nominal_last AS inside
"""

STEPS = (
    # On how many of the days about one, other than itself, on which a source has anything it has something at a place,
    # in hundredths.
    f"""
    CREATE TABLE usual AS
    SELECT here.source, here.location_id, here.day,
        CAST(100 * (here.days - 1) // greatest(1, every.days - 1) AS INTEGER) AS usual
    FROM (
        SELECT source, location_id, day, count(*) OVER (
                PARTITION BY source, location_id ORDER BY day - DATE '2000-01-01'
                RANGE BETWEEN {USUAL_DAYS} PRECEDING AND {USUAL_DAYS} FOLLOWING
            ) AS days
        FROM (SELECT DISTINCT source, location_id, core_last AS day FROM happenings
            WHERE location_id IS NOT NULL AND core_last IS NOT NULL)
    ) AS here
    JOIN (
        SELECT source, day, count(*) OVER (
                PARTITION BY source ORDER BY day - DATE '2000-01-01'
                RANGE BETWEEN {USUAL_DAYS} PRECEDING AND {USUAL_DAYS} FOLLOWING
            ) AS days
        FROM (SELECT DISTINCT source, core_last AS day FROM happenings WHERE core_last IS NOT NULL)
    ) AS every USING (source, day)
    """,
    # From fine to coarse, so that of each pair the first can be part of the second.
    f"""
    CREATE TABLE listed AS
    SELECT h.*, coalesce(g.grain, 9) AS grain,
        coalesce(source = '{HAND}' AND table_name = 'engagements'
            AND nominal_last - nominal_first >= getvariable('container_days'), FALSE) AS held,
        row_number() OVER (
            ORDER BY table_name DESC, coalesce(g.grain, 9), held, width, source, id
        ) AS ord,
        -log2(count(*) OVER (PARTITION BY source, numbers) / count(*) OVER (PARTITION BY source)) AS bits,
        u.usual
    FROM happenings AS h
    LEFT JOIN grains AS g USING (counting_unit)
    LEFT JOIN (SELECT day AS core_last, * EXCLUDE (day) FROM usual) AS u USING (source, location_id, core_last)
    WHERE first_day IS NOT NULL
    """,
    # The few columns on which pairs are found.
    """
    CREATE TABLE slim AS
    SELECT ord, source, first_day, last_day, core_first, core_last, tolerance_days, lat, lon, held, nominal_first,
        nominal_last, first_day - CAST(getvariable('most_tolerance') + getvariable('slack_days') AS INTEGER) AS since,
        hash(table_name, type, numbers) AS content_key, numbers IS NOT NULL AS has_numbers
    FROM listed
    """,
    # Pairs of two sources that are near in time; the two comparisons of days are what DuckDB joins on.
    f"""
    CREATE TABLE compared AS
    SELECT {_COMPARED}, FALSE AS repeat, CAST(NULL AS VARCHAR) AS repeat_kind
    FROM slim AS a
    JOIN slim AS b ON a.since <= b.last_day AND b.since <= a.last_day
    WHERE a.ord < b.ord AND a.source <> b.source
        AND (a.lat IS NULL OR b.lat IS NULL OR abs(a.lat - b.lat) < 1 AND abs(a.lon - b.lon) < 1)
    UNION ALL
    -- Rows of one source that may repeat each other: every number of the two is the same.
    SELECT {_COMPARED}, TRUE, r.kind
    FROM slim AS a
    JOIN slim AS b ON b.source = a.source AND b.content_key = a.content_key AND a.ord < b.ord
    JOIN repeated AS r ON r.source = a.source
    WHERE abs(a.last_day - b.last_day) <= r.days AND abs(a.first_day - b.first_day) <= r.days AND a.has_numbers
    """,
    # Each part of the score; a pair without place, parties or kind in common falls away.
    """
    CREATE TABLE scored AS
    SELECT c.*, m.reach_km,
        CAST(CASE
            -- Border towns face each other, and the lists say in which country they speak.
            WHEN a.country <> b.country THEN NULL
            WHEN c.km <= m.near_km THEN 100
            WHEN c.km <= m.reach_km THEN 100 - floor((100 - getvariable('at_reach'))
                * (c.km - m.near_km) / (m.reach_km - m.near_km))
            WHEN c.km <= m.reach_km * getvariable('slack_km') THEN 0
            WHEN c.km IS NOT NULL THEN NULL
            WHEN a.location_id = b.location_id AND a.shape = 'point' THEN 100
            WHEN list_contains(a.places, b.location_id) THEN y.worth
            WHEN list_contains(b.places, a.location_id) THEN x.worth
        END AS INTEGER) AS place,
        CASE
            WHEN c.inside THEN CASE WHEN a.first_day >= b.sure_from THEN 100 ELSE 60 END
            WHEN c.repeat THEN CASE WHEN c.gap = 0 THEN 100 ELSE 60 END
            ELSE least(
                coalesce((SELECT g.worth FROM gaps AS g WHERE g.gap = c.gap), 0),
                coalesce((SELECT max_by(w.worth, -w.most) FROM widths AS w
                    WHERE w.most >= greatest(a.width, b.width)), 0)
            )
        END AS days,
        CASE
            WHEN list_has_any(a.others, b.others) THEN 100
            WHEN list_has_any(a.actor_wholes, b.others) OR list_has_any(b.actor_wholes, a.others) THEN 90
            WHEN list_has_any(a.blocs, b.blocs) THEN 80
            WHEN list_has_any(a.camps, b.camps) THEN 60
            WHEN a.others IS NULL AND b.others IS NULL THEN CASE WHEN a.is_acts AND b.is_acts THEN 100 ELSE 50 END
            WHEN a.others IS NULL THEN CASE WHEN a.is_acts THEN 0 ELSE 50 END
            WHEN b.others IS NULL THEN CASE WHEN b.is_acts THEN 0 ELSE 50 END
            -- Deaths in the dyad of a government, by the account of those who watch the strikes of another.
            WHEN b.from_the_air AND list_contains(a.blocs, 'us_led_coalition') THEN 50
            ELSE 0
        END AS actors,
        CASE
            WHEN a.type = b.type THEN 100
            WHEN a.family = 'air' AND b.family = 'lethal' AND b.from_the_air THEN 100
            ELSE (SELECT f.worth FROM fits AS f WHERE f.one = a.family AND f.other = b.family)
        END AS types,
        CASE
            WHEN c.repeat THEN c.repeat_kind
            WHEN c.inside OR a.table_name <> b.table_name OR a.grain < b.grain THEN 'part'
            WHEN a.type = b.type OR a.family = b.family THEN 'same'
            ELSE 'unsure'
        END AS kind,
        -- The people killed are compared where the two would be one thing.
        CAST(CASE
            WHEN kind = 'part' OR c.repeat THEN NULL
            WHEN a.killed_from <= b.killed_to AND b.killed_from <= a.killed_to THEN 100
            WHEN a.killed_to < b.killed_from THEN floor(100 * a.killed_to / b.killed_from)
            WHEN b.killed_to < a.killed_from THEN floor(100 * b.killed_to / a.killed_from)
        END AS INTEGER) AS size,
        -- How telling the common numbers of a repeated row are; over a day's gap only beside other repeated rows.
        CASE WHEN c.repeat THEN CAST(floor(least(1, a.bits / getvariable('full_bits'))
            * CASE WHEN c.gap = 0 OR count(*) OVER (PARTITION BY c.repeat, c.one_source, a.core_last, b.core_last)
                >= getvariable('repeated_rows') THEN 100 ELSE getvariable('lone_repeat') END) AS INTEGER)
        END AS content,
        -- A line on the right day says little of a place that has one on most days.
        CASE WHEN NOT (c.inside IS TRUE OR c.repeat OR c.other_source = 'hand') THEN greatest(0, 100 - b.usual) END
            AS rare,
        c.days_beyond <= 0 AND coalesce(c.km <= m.reach_km, TRUE) AS candidate,
        a.table_name <> b.table_name AS across
    FROM compared AS c
    JOIN listed AS a ON a.ord = c.one
    JOIN listed AS b ON b.ord = c.other
    LEFT JOIN areas AS x ON x.location_type = a.location_type
    LEFT JOIN areas AS y ON y.location_type = b.location_type
    CROSS JOIN LATERAL (
        SELECT CASE WHEN c.inside THEN b.reach_km ELSE greatest(a.reach_km, b.reach_km) END AS reach_km,
            greatest(a.radius_km, b.radius_km, getvariable('near_km')) AS near_km
    ) AS m
    WHERE c.days_beyond <= getvariable('slack_days') AND coalesce(c.km <= m.reach_km * getvariable('slack_km'), TRUE)
    """,
    # What a pair comes to before rivals are looked at; hundredths, rounded down.
    """
    CREATE TABLE based AS
    SELECT s.*, (place * getvariable('w_place') + days * getvariable('w_days') + actors * getvariable('w_actors')
            + types * getvariable('w_types') + coalesce(size * getvariable('w_size'), 0)
            + coalesce(content * getvariable('w_content'), 0) + coalesce(rare * getvariable('w_rare'), 0)) AS gained,
        (getvariable('w_place') + getvariable('w_days') + getvariable('w_actors') + getvariable('w_types')
            + CASE WHEN size IS NULL THEN 0 ELSE getvariable('w_size') END
            + CASE WHEN content IS NULL THEN 0 ELSE getvariable('w_content') END
            + CASE WHEN rare IS NULL THEN 0 ELSE getvariable('w_rare') END) AS weight,
        gained // weight AS base
    FROM scored AS s
    WHERE place IS NOT NULL AND actors > 0 AND types IS NOT NULL
    """,
    # How much better the pair is than the best other of either side in the other's source; a whole may have many parts.
    """
    CREATE TABLE leads AS
    WITH competing AS (
        SELECT one, other, base, kind, one_source, other_source,
            row_number() OVER (PARTITION BY one, other_source ORDER BY base DESC, other) AS here,
            row_number() OVER (PARTITION BY other, one_source ORDER BY base DESC, one) AS there,
            max(base) OVER (PARTITION BY one, other_source) AS best_here,
            max(base) OVER (PARTITION BY other, one_source) AS best_there
        FROM based
        WHERE candidate AND NOT inside AND NOT repeat
    )
    SELECT one, other, base - greatest(
            CASE WHEN here > 1 THEN best_here ELSE next_here END,
            CASE WHEN kind = 'part' THEN NULL WHEN there > 1 THEN best_there ELSE next_there END
        ) AS ahead
    FROM (
        SELECT *,
            max(CASE WHEN here = 2 THEN base END) OVER (PARTITION BY one, other_source) AS next_here,
            max(CASE WHEN there = 2 THEN base END) OVER (PARTITION BY other, one_source) AS next_there
        FROM competing
    )
    """,
    """
    CREATE TABLE judged AS
    SELECT b.*, l.ahead,
        CASE
            WHEN b.inside OR b.repeat OR NOT b.candidate THEN NULL
            WHEN l.ahead IS NULL THEN 100
            ELSE least(100, greatest(0, 50 + 5 * l.ahead))
        END AS lead,
        CASE WHEN b.candidate THEN (gained + coalesce(lead * getvariable('w_lead'), 0))
            // (weight + CASE WHEN lead IS NULL THEN 0 ELSE getvariable('w_lead') END) END AS score
    FROM based AS b
    LEFT JOIN leads AS l USING (one, other)
    """,
    # Pairs that a person or a column of the data has related already, either way round.
    """
    CREATE TABLE known AS
    SELECT subject_table, subject_id, related_table, related_id FROM links
    WHERE link_type IN ('same', 'part', 'different', 'unsure')
    UNION
    SELECT related_table, related_id, subject_table, subject_id FROM links
    WHERE link_type IN ('same', 'part', 'different', 'unsure')
    UNION
    SELECT table_name, id, 'engagements', whole_id FROM happenings WHERE whole_id IS NOT NULL
    """,
)

RESULT = """
SELECT a.table_name AS subject_table, a.id AS subject_id, b.table_name AS related_table, b.id AS related_id,
    j.one_source AS subject_source, j.other_source AS related_source, j.km, CAST(j.gap AS INTEGER) AS gap, j.place,
    j.days, j.actors, j.types, j.size, j.content, j.rare, j.lead, CAST(j.score AS INTEGER) AS score,
    CASE
        WHEN j.score IS NULL THEN NULL
        WHEN j.score >= getvariable('decide') AND j.kind <> 'unsure'
            AND coalesce(j.ahead >= getvariable('min_lead'), TRUE)
            AND j.place >= f.place AND j.days >= f.days AND j.actors >= f.actors AND j.types >= f.types
            AND coalesce(j.rare >= f.rare, TRUE) THEN j.kind
        WHEN j.score >= getvariable('unsure') AND a.table_name = b.table_name THEN 'unsure'
    END AS relation,
    k.subject_id IS NOT NULL AS by_hand
FROM judged AS j
JOIN listed AS a ON a.ord = j.one
JOIN listed AS b ON b.ord = j.other
JOIN floors AS f ON f.across = j.across
LEFT JOIN known AS k ON k.subject_table = a.table_name AND k.subject_id = a.id AND k.related_table = b.table_name
    AND k.related_id = b.id
ORDER BY subject_table, subject_id, related_table, related_id
"""

-- One row is one incident and one measure: what its tellings give, each by the default policy, never added up. Where
-- two tellings of one incident differ, both ends are here and none is chosen. Only whole quantities: the killed in all,
-- not those of one group; the strikes, not those with one kind of munition.
-- event_table: `engagements` or `strikes`.
-- incident_id: The incident.
-- measure: What was counted.
-- first_day: The first day on which any of its records can lie; empty where that is open.
-- last_day: The last such day; empty where that is open.
-- location_id: The place of the incident: that of the telling with the finest precision.
-- n_records: How many of its records give the measure.
-- least: The least best value of a telling; of one without a best its low end.
-- greatest: The greatest best value of a telling; of one without a best its high end, empty where that is open.
-- low: The lowest end of all.
-- high: The highest end of all; empty where it is open.
-- record_ids: The records that give the measure, separated by spaces.
WITH dated AS (
    SELECT 'engagements' AS event_table, engagement_id AS event_id, date_start, date_start_earliest, date_start_latest,
        date_end, date_end_latest, location_id, where_prec
    FROM engagements
    UNION ALL
    SELECT 'strikes', strike_id, date_start, date_start_earliest, date_start_latest, date_end, date_end_latest,
        location_id, where_prec
    FROM strikes
),
given AS (
    SELECT
        i.event_table,
        i.incident_id,
        i.event_id,
        f.measure,
        d.date_start_earliest AS first_day,
        CASE WHEN d.date_end = '..' THEN NULL ELSE coalesce(d.date_end_latest, d.date_start_latest) END AS last_day,
        d.location_id,
        d.where_prec,
        r.low,
        r.best,
        r.high
    FROM figures AS f
    JOIN incident_records AS i ON i.event_table = f.subject_table AND i.event_id = f.subject_id
    JOIN dated AS d ON d.event_table = f.subject_table AND d.event_id = f.subject_id
    JOIN resolutions AS r
        ON r.subject_table = 'figures' AND r.subject_id = f.figure_id AND r.field = 'value'
        AND r.policy = (SELECT p.policy FROM policies AS p WHERE p.is_default)
    WHERE f.item IS NULL AND f.affected_group IS NULL AND f.affected_actor_id IS NULL AND f.part_of_id IS NULL
        AND f.unit = 'count'
)
SELECT
    event_table,
    incident_id,
    measure,
    CASE WHEN bool_and(first_day IS NOT NULL) THEN min(first_day) END AS first_day,
    CASE WHEN bool_and(last_day IS NOT NULL) THEN max(last_day) END AS last_day,
    min_by(location_id, coalesce(where_prec, '9') || event_id) FILTER (WHERE location_id IS NOT NULL) AS location_id,
    count(DISTINCT event_id) AS n_records,
    min(coalesce(best, low)) AS least,
    CASE WHEN bool_and(best IS NOT NULL OR high IS NOT NULL) THEN max(coalesce(best, high)) END AS greatest,
    min(low) AS low,
    CASE WHEN bool_and(high IS NOT NULL) THEN max(high) END AS high,
    string_agg(DISTINCT event_id, ' ' ORDER BY event_id) AS record_ids
FROM given
GROUP BY event_table, incident_id, measure
ORDER BY event_table, incident_id, measure

-- macro: source_totals(of_measure, period, in_place, of_source)
-- What one source says in all, record by record, as it stands in it: FROM source_totals('killed', 'year', NULL,
-- 'ucdp-ged-syria-19-1'). One row is one period (day, week, month, quarter, year, decade or century), a last one
-- without a day what has none; a place is named by its id or p-code, and NULL for it means everywhere. A measure,
-- period, place or source that does not exist is an error. A record told twice in the source counts twice (the same
-- release scraped twice, a day beside a sum of days), and nothing that another source says plays a part:
-- `incident_totals` counts incidents. The components of a total (figures with `part_of_id`) are never added to it.
-- period_start: First day of the period; empty for records without a first day.
-- n_records: Records of which the source gives the measure and all days lie in the period.
-- n_unpointed: Those for which it gives no single number, but bounds or two numbers; `total` lacks them.
-- total: Sum of the numbers that it gives.
-- low: Sum of the low ends.
-- high: Sum of the high ends; empty where one is open.
-- n_across: Records that may lie in this period or a later one; the sums above lack them.
-- total_across: Sum of the numbers of these; so `total` and `total_across` of all periods are all that the source says.
WITH asked AS MATERIALIZED (
    SELECT
        a.*,
        CASE
            WHEN EXISTS (SELECT 1 FROM sources AS s WHERE s.source_id = of_source) THEN of_source
            ELSE error(
                'no source has the id "' || coalesce(CAST(of_source AS VARCHAR), 'NULL')
                || '": give a source_id (see sources)'
            )
        END AS source_id
    FROM totals_asked(of_measure, period, in_place) AS a
),
dated AS MATERIALIZED (
    SELECT 'engagements' AS event_table, engagement_id AS event_id, date_start_earliest AS first_day,
        CASE WHEN date_end = '..' THEN NULL ELSE coalesce(date_end_latest, date_start_latest) END AS last_day,
        location_id
    FROM engagements
    UNION ALL
    SELECT 'strikes', strike_id, date_start_earliest,
        CASE WHEN date_end = '..' THEN NULL ELSE coalesce(date_end_latest, date_start_latest) END, location_id
    FROM strikes
),
given AS MATERIALIZED (
    -- One row is one record, with what the source affirms of it and does not take back.
    SELECT
        f.subject_table AS event_table,
        f.subject_id AS event_id,
        a.period,
        a.location_id,
        a.everywhere,
        CASE WHEN count(DISTINCT b.point) = 1 THEN min(b.point) END AS point,
        min(b.low) AS low,
        CASE WHEN bool_and(b.high IS NOT NULL) THEN max(b.high) END AS high
    FROM asked AS a
    JOIN figures AS f ON f.measure = a.measure
    JOIN claims AS c
        ON c.subject_table = 'figures' AND c.subject_id = f.figure_id AND c.field = 'value'
        AND c.source_id = a.source_id
    JOIN claims_bounded AS b ON b.claim_id = c.claim_id AND b.asserts
    WHERE f.item IS NULL AND f.affected_group IS NULL AND f.affected_actor_id IS NULL AND f.part_of_id IS NULL
        AND f.unit = 'count' AND f.subject_table IN ('engagements', 'strikes')
        AND c.scope_location_id IS NOT DISTINCT FROM coalesce(f.scope_location_id, c.scope_location_id)
        AND NOT EXISTS (
            SELECT 1 FROM claim_links AS k
            JOIN claims AS w ON w.claim_id = k.claim_id AND w.source_id = c.source_id
            WHERE k.related_claim_id = c.claim_id AND k.claim_relation IN ('withdraws', 'updates')
        )
    GROUP BY f.subject_table, f.subject_id, a.period, a.location_id, a.everywhere
),
placed AS (
    SELECT
        g.*,
        date_trunc(g.period, d.first_day) AS period_start,
        d.first_day IS NOT NULL
            AND coalesce(date_trunc(g.period, d.first_day) <> date_trunc(g.period, d.last_day), TRUE) AS across
    FROM given AS g
    JOIN dated AS d ON d.event_table = g.event_table AND d.event_id = g.event_id
    WHERE g.everywhere
        OR EXISTS (SELECT 1 FROM places_within AS w WHERE w.location_id = d.location_id AND w.whole_id = g.location_id)
)
SELECT
    CAST(period_start AS DATE) AS period_start,
    count(*) FILTER (WHERE NOT across) AS n_records,
    count(*) FILTER (WHERE NOT across AND point IS NULL) AS n_unpointed,
    sum(point) FILTER (WHERE NOT across) AS total,
    sum(low) FILTER (WHERE NOT across) AS low,
    CASE WHEN bool_and(high IS NOT NULL OR across) THEN sum(high) FILTER (WHERE NOT across) END AS high,
    count(*) FILTER (WHERE across) AS n_across,
    sum(point) FILTER (WHERE across) AS total_across
FROM (
    SELECT * FROM placed
    UNION ALL BY NAME
    -- Never a row; so that what is asked is looked at even where there is nothing to add up.
    SELECT CAST(NULL AS DATE) AS period_start
    FROM asked AS a
    WHERE a.measure IS NULL OR a.period IS NULL OR a.source_id IS NULL
) AS all_of_it
GROUP BY period_start
ORDER BY period_start NULLS LAST

-- macro: incident_totals(of_measure, period, in_place)
-- A total that counts an incident once, however many records tell of it, and a part not beside its whole. One row is
-- one period (day, week, month, quarter, year or century); FROM incident_totals('killed', 'month', 'syria') is of one
-- place, and NULL for the place means everywhere. An incident belongs to a period if all days that it can have lie in
-- it, and to a place if its place lies in that or in a unit of it. One that has a whole in the same period and place
-- which gives the measure itself is left out; one without a first day is nowhere. Two measures are never added up:
-- an employment is no strike.
-- period_start: First day of the period.
-- n_incidents: Incidents that are counted.
-- n_records: Records that tell of them.
-- n_across: Incidents that may have been in this period or a later one; they are not counted.
-- n_parts_left_out: Incidents left out because a whole of theirs is counted.
-- n_differing: Counted incidents whose tellings differ.
-- least: Sum over the incidents of the least that a telling gives.
-- greatest: Sum of the greatest; empty where one is open.
-- low: Sum of the low ends.
-- high: Sum of the high ends; empty where one is open.
WITH picked AS (
    SELECT
        n.*,
        date_trunc(period, n.first_day) AS period_start,
        coalesce(date_trunc(period, n.first_day) <> date_trunc(period, n.last_day), TRUE) AS across
    FROM incident_numbers AS n
    WHERE n.measure = of_measure
        AND n.first_day IS NOT NULL
        AND (
            in_place IS NULL
            OR EXISTS (SELECT 1 FROM places_within AS w WHERE w.location_id = n.location_id AND w.whole_id = in_place)
        )
),
kept AS (
    SELECT
        p.*,
        EXISTS (
            SELECT 1
            FROM incident_wholes AS w
            JOIN picked AS q ON q.event_table = w.whole_table AND q.incident_id = w.whole_id
            WHERE w.event_table = p.event_table AND w.incident_id = p.incident_id AND q.period_start = p.period_start
                AND NOT q.across
        ) AS in_whole
    FROM picked AS p
)
SELECT
    CAST(period_start AS DATE) AS period_start,
    count(*) FILTER (WHERE counted) AS n_incidents,
    CAST(coalesce(sum(n_records) FILTER (WHERE counted), 0) AS BIGINT) AS n_records,
    count(*) FILTER (WHERE across) AS n_across,
    count(*) FILTER (WHERE in_whole AND NOT across) AS n_parts_left_out,
    count(*) FILTER (WHERE counted AND least IS DISTINCT FROM greatest) AS n_differing,
    sum(least) FILTER (WHERE counted) AS least,
    CASE WHEN bool_and(greatest IS NOT NULL OR NOT counted) THEN sum(greatest) FILTER (WHERE counted) END AS greatest,
    sum(low) FILTER (WHERE counted) AS low,
    CASE WHEN bool_and(high IS NOT NULL OR NOT counted) THEN sum(high) FILTER (WHERE counted) END AS high
FROM (SELECT *, NOT across AND NOT in_whole AS counted FROM kept) AS decided
GROUP BY period_start
ORDER BY period_start

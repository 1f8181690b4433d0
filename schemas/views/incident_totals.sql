-- macro: incident_totals(of_measure, period, in_place)
-- A total that counts an incident once, however many records tell of it, and a part not beside its whole. One row is
-- one period (day, week, month, quarter, year, decade or century); FROM incident_totals('killed', 'month', 'syria') is
-- of one place, by its id or p-code, and NULL for the place means everywhere. A measure, period or place that does not
-- exist is an error. An incident belongs to a period if all days that it can have lie in it, and to a place if its
-- place lies in that or in a unit of it; one without a first day is nowhere. One that has a whole in the same period
-- and place which gives the measure itself is left out: it is counted with its whole, of which `least` and `greatest`
-- show both the number that is told of it and the sum of its parts. Two measures are never added up: an employment is
-- no strike; and lines of a release that the scrape has twice are one incident (`same`), so that there are fewer
-- strikes than its list has. Nothing is taken off for a doubt: `perhaps_twice` is what may be in the total twice. What
-- no judgement links, as a dataset's aggregate of months beside its own single days, is added. `source_totals` gives
-- what one source alone says.
-- period_start: First day of the period.
-- n_incidents: Incidents that are counted.
-- n_records: Records that tell of them.
-- n_across: Incidents that may have been in this period or a later one; they are not counted.
-- n_parts_left_out: Incidents left out because a whole of theirs is counted.
-- n_differing: Counted incidents whose tellings differ, or of which the parts come to another sum than the whole.
-- n_unsure: Incidents in the total, parts included, that may be the same as another one in it: of two that are doubted
--   (`unsure`) the lesser, each once.
-- perhaps_twice: The sum of their numbers: how much too great the total is at most on account of such doubts; its own
--   greatest ends, so that it may be less.
-- least: Sum over the incidents of the least that a telling gives.
-- greatest: Sum of the greatest; empty where one is open.
-- low: Sum of the low ends.
-- high: Sum of the high ends; empty where one is open.
WITH picked AS MATERIALIZED (
    SELECT
        n.*,
        n.event_table || ' ' || n.incident_id AS incident,
        date_trunc(a.period, n.first_day) AS period_start,
        coalesce(date_trunc(a.period, n.first_day) <> date_trunc(a.period, n.last_day), TRUE) AS across
    FROM totals_asked(of_measure, period, in_place) AS a
    JOIN incident_numbers AS n ON n.measure = a.measure
    WHERE n.first_day IS NOT NULL
        AND (
            a.everywhere
            OR EXISTS (
                SELECT 1 FROM places_within AS w
                WHERE w.location_id = n.location_id AND w.whole_id = a.location_id
            )
        )
),
contained AS MATERIALIZED (
    -- One row is one incident and a whole of it that gives the measure too, in the same period and place.
    SELECT p.incident, q.incident AS whole, w.depth
    FROM picked AS p
    JOIN incident_wholes AS w ON w.event_table = p.event_table AND w.incident_id = p.incident_id
    JOIN picked AS q ON q.event_table = w.whole_table AND q.incident_id = w.whole_id
    WHERE q.period_start = p.period_start AND NOT q.across AND NOT p.across
),
kept AS MATERIALIZED (
    SELECT
        p.*,
        EXISTS (SELECT 1 FROM contained AS c WHERE c.incident = p.incident) AS in_whole
    FROM picked AS p
),
sums AS MATERIALIZED (
    -- What the parts of a whole come to; the part of a part is in that one.
    SELECT
        c.whole AS incident,
        sum(p.least) AS least,
        CASE WHEN bool_and(p.greatest IS NOT NULL) THEN sum(p.greatest) END AS greatest,
        sum(p.low) AS low,
        CASE WHEN bool_and(p.high IS NOT NULL) THEN sum(p.high) END AS high
    FROM contained AS c
    JOIN picked AS p ON p.incident = c.incident
    WHERE NOT EXISTS (
        SELECT 1 FROM contained AS b
        JOIN contained AS u ON u.incident = b.whole AND u.whole = c.whole
        WHERE b.incident = c.incident AND b.whole <> c.whole
    )
    GROUP BY c.whole
),
tops AS MATERIALIZED (
    -- With which incident that is counted each one is in the total.
    SELECT incident, incident AS top FROM kept WHERE NOT across AND NOT in_whole
    UNION ALL
    SELECT c.incident, c.whole FROM contained AS c JOIN kept AS k ON k.incident = c.whole AND NOT k.in_whole
),
doubted AS MATERIALIZED (
    -- Of two incidents in the total that may be the same the lesser.
    SELECT DISTINCT a.incident
    FROM incident_doubts AS d
    JOIN picked AS a ON a.event_table = d.event_table AND a.incident_id = d.incident_id
    JOIN picked AS b ON b.event_table = d.other_table AND b.incident_id = d.other_id
    JOIN tops AS s ON s.incident = a.incident
    JOIN tops AS t ON t.incident = b.incident AND t.top <> s.top
    WHERE (coalesce(a.greatest, a.least, 0), a.incident) < (coalesce(b.greatest, b.least, 0), b.incident)
        AND NOT EXISTS (
            SELECT 1 FROM tops AS x JOIN tops AS y ON y.top = x.top
            WHERE x.incident = a.incident AND y.incident = b.incident
        )
),
decided AS (
    SELECT
        k.period_start,
        k.n_records,
        k.across,
        k.in_whole,
        NOT k.across AND NOT k.in_whole AS counted,
        d.incident IS NOT NULL AS doubted,
        coalesce(k.greatest, k.least) AS amount,
        -- least() and greatest() pass over what is empty: an open end stays open.
        least(k.least, s.least) AS least,
        CASE WHEN k.greatest IS NOT NULL AND (s.incident IS NULL OR s.greatest IS NOT NULL)
            THEN greatest(k.greatest, s.greatest)
        END AS greatest,
        least(k.low, s.low) AS low,
        CASE WHEN k.high IS NOT NULL AND (s.incident IS NULL OR s.high IS NOT NULL)
            THEN greatest(k.high, s.high)
        END AS high
    FROM kept AS k
    LEFT JOIN sums AS s ON s.incident = k.incident
    LEFT JOIN doubted AS d ON d.incident = k.incident
)
SELECT
    CAST(period_start AS DATE) AS period_start,
    count(*) FILTER (WHERE counted) AS n_incidents,
    CAST(coalesce(sum(n_records) FILTER (WHERE counted), 0) AS BIGINT) AS n_records,
    count(*) FILTER (WHERE across) AS n_across,
    count(*) FILTER (WHERE in_whole AND NOT across) AS n_parts_left_out,
    count(*) FILTER (WHERE counted AND least IS DISTINCT FROM greatest) AS n_differing,
    count(*) FILTER (WHERE doubted) AS n_unsure,
    coalesce(sum(amount) FILTER (WHERE doubted), 0) AS perhaps_twice,
    sum(least) FILTER (WHERE counted) AS least,
    CASE WHEN bool_and(greatest IS NOT NULL OR NOT counted) THEN sum(greatest) FILTER (WHERE counted) END AS greatest,
    sum(low) FILTER (WHERE counted) AS low,
    CASE WHEN bool_and(high IS NOT NULL OR NOT counted) THEN sum(high) FILTER (WHERE counted) END AS high
FROM (
    SELECT * FROM decided
    UNION ALL BY NAME
    -- Never a row; so that what is asked is looked at even where there is nothing to add up.
    SELECT CAST(NULL AS DATE) AS period_start
    FROM totals_asked(of_measure, period, in_place) AS a
    WHERE a.measure IS NULL OR a.period IS NULL
) AS all_of_it
GROUP BY period_start
ORDER BY period_start

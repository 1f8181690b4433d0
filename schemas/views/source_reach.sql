-- Where and when sources looked: one row is one source that says what it covers, one country and one month, from the
-- first month that any such source covers to the last. So "nobody looked" (no row of the month with a `looked` but
-- `no`) is told from "nothing found". A month of a year in which a source that claims to cover it has not one record
-- there is marked: whether it looked in vain or not at all, or keeps such records elsewhere, its silence does not say.
-- source_id: The source.
-- source_title: Its title.
-- country: The country; empty for records whose place lies in no country that is known.
-- month: First day of the month.
-- looked: `no` (it does not say that it covers that), `records` (it has some), `nothing` (it covers the month, or a
--   part of it, and has none, though it has records of the year), `nothing_all_year` (it has not one record of the
--   year).
-- n_records: Its engagements and strikes there whose first possible day lies in the month.
-- n_records_of_year: The same for the whole year.
WITH looking AS (
    SELECT
        s.source_id,
        s.title,
        string_split(s.covers_countries, ' ') AS countries,
        s.covers_from_earliest AS first_day,
        CASE WHEN s.covers_to = '..' THEN NULL ELSE s.covers_to_latest END AS last_day
    FROM sources AS s
    WHERE s.covers_from IS NOT NULL OR s.covers_countries IS NOT NULL
),
happened AS (
    SELECT 'engagements' AS event_table, engagement_id AS event_id, location_id, date_start_earliest AS first_day
    FROM engagements
    UNION ALL
    SELECT 'strikes', strike_id, location_id, date_start_earliest
    FROM strikes
),
told AS (
    SELECT DISTINCT c.source_id, c.subject_table AS event_table, c.subject_id AS event_id
    FROM claims AS c
    JOIN looking AS k ON k.source_id = c.source_id
    WHERE c.subject_table IN ('engagements', 'strikes') AND c.field = 'exists'
),
counted AS (
    SELECT
        t.source_id,
        (SELECT l.country FROM locations AS l WHERE l.location_id = h.location_id) AS country,
        CAST(date_trunc('month', h.first_day) AS DATE) AS month,
        count(*) AS n_records
    FROM told AS t
    JOIN happened AS h ON h.event_table = t.event_table AND h.event_id = t.event_id
    WHERE h.first_day IS NOT NULL
    GROUP BY ALL
),
span AS (
    SELECT
        least(
            (SELECT min(k.first_day) FROM looking AS k), (SELECT min(c.month) FROM counted AS c)
        ) AS first_day,
        greatest(
            (SELECT max(k.last_day) FROM looking AS k), (SELECT max(c.month) FROM counted AS c)
        ) AS last_day
),
months AS (
    SELECT CAST(unnest(generate_series(date_trunc('month', first_day), last_day, INTERVAL 1 MONTH)) AS DATE) AS month
    FROM span
),
countries AS (
    -- All that any of them covers, and that it has records of.
    SELECT k.source_id, u.country
    FROM looking AS k
    CROSS JOIN (SELECT DISTINCT unnest(countries) AS country FROM looking) AS u
    UNION
    SELECT source_id, country FROM counted
),
grid AS (
    SELECT
        k.source_id,
        k.title,
        c.country,
        m.month,
        coalesce(list_contains(k.countries, c.country), k.countries IS NULL)
            AND coalesce(CAST(m.month + INTERVAL 1 MONTH AS DATE) > k.first_day, TRUE)
            AND coalesce(m.month <= k.last_day, TRUE) AS covers,
        coalesce(n.n_records, 0) AS n_records
    FROM looking AS k
    JOIN countries AS c ON c.source_id = k.source_id
    CROSS JOIN months AS m
    LEFT JOIN counted AS n
        ON n.source_id = k.source_id AND n.country IS NOT DISTINCT FROM c.country AND n.month = m.month
),
yearly AS (
    SELECT
        *,
        CAST(sum(n_records) OVER (PARTITION BY source_id, country, year(month)) AS BIGINT) AS n_records_of_year
    FROM grid
)
SELECT
    source_id,
    title AS source_title,
    country,
    month,
    CASE
        WHEN n_records > 0 THEN 'records'
        WHEN NOT covers THEN 'no'
        WHEN n_records_of_year > 0 THEN 'nothing'
        ELSE 'nothing_all_year'
    END AS looked,
    n_records,
    n_records_of_year
FROM yearly
ORDER BY source_id, country, month

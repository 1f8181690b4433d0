-- One row is one engagement or strike and one dataset that looks systematically, with what is known of whether the
-- dataset has it: so that a table or map tells "nobody looked" from "nothing found". Looked at are sources that state
-- which time and countries they cover, and those that were searched for some record. What a dataset tells of itself is
-- not looked for in it: the records on which it has a claim of its own are left out. Where and when it looked at all is
-- in `source_reach`.
-- event_table: engagements or strikes.
-- event_id: Key of the event.
-- event_name: Its name.
-- date_start: First day, EDTF.
-- country: The country of its place.
-- source_id: The dataset.
-- source_title: Its title.
-- covered: Whether the dataset says that it covers the time and country: yes, no, or in part where the event's time is
--   uncertain or open; `not its kind` where time and country may be covered, but whoever searched it found that it does
--   not hold such events at all (no deaths, another country's aircraft); empty where the dataset does not say what it
--   covers, or the event has neither time nor place.
-- gap: not_covered (it did not look there, or not for this kind), not_searched (nobody has looked into it for this
--   event), not_searchable (the event says too little to be looked for), not_found (it was searched in vain), partial
--   (something that may be it), found.
-- identifier: The id of what was found.
-- window_km: Radius of the search.
-- window_days: Days before and after that were searched.
-- checked_on: The day of the search.
WITH looking AS (
    SELECT
        s.source_id,
        s.title,
        s.covers_from_earliest,
        CASE WHEN s.covers_to = '..' THEN NULL ELSE s.covers_to_latest END AS covers_until,
        s.covers_from IS NOT NULL AS states_time,
        string_split(s.covers_countries, ' ') AS countries
    FROM sources AS s
    WHERE s.covers_from IS NOT NULL OR s.covers_countries IS NOT NULL
        OR EXISTS (SELECT 1 FROM coverage AS c WHERE c.source_id = s.source_id)
),
happened AS (
    SELECT
        'engagements' AS event_table,
        e.engagement_id AS event_id,
        e.name,
        e.date_start,
        e.date_start_earliest AS earliest,
        coalesce(e.date_end_latest, e.date_start_latest) AS latest,
        (SELECT l.country FROM locations AS l WHERE l.location_id = e.location_id) AS country
    FROM engagements AS e
    UNION ALL
    SELECT
        'strikes',
        s.strike_id,
        n.name,
        s.date_start,
        s.date_start_earliest,
        coalesce(s.date_end_latest, s.date_start_latest),
        (SELECT l.country FROM locations AS l WHERE l.location_id = s.location_id)
    FROM strikes AS s
    JOIN strike_names AS n ON n.strike_id = s.strike_id
),
judged AS (
    SELECT
        h.*,
        k.source_id,
        k.title,
        CASE
            WHEN NOT coalesce(list_contains(k.countries, h.country), TRUE) THEN 'no'
            WHEN h.latest < k.covers_from_earliest OR h.earliest > k.covers_until THEN 'no'
            WHEN NOT k.states_time AND k.countries IS NULL THEN NULL
            WHEN h.earliest IS NULL AND h.latest IS NULL AND h.country IS NULL THEN NULL
            WHEN k.states_time AND (
                coalesce(h.earliest < k.covers_from_earliest, TRUE)
                OR coalesce(h.latest > k.covers_until, k.covers_until IS NOT NULL)
            ) THEN 'in part'
            ELSE 'yes'
        END AS covered
    FROM happened AS h
    CROSS JOIN looking AS k
)
SELECT
    j.event_table,
    j.event_id,
    j.name AS event_name,
    j.date_start,
    j.country,
    j.source_id,
    j.title AS source_title,
    CASE WHEN c.result = 'not_covered' AND j.covered IS DISTINCT FROM 'no' THEN 'not its kind' ELSE j.covered END
        AS covered,
    CASE WHEN c.result IS NOT NULL THEN c.result WHEN j.covered = 'no' THEN 'not_covered' ELSE 'not_searched' END
        AS gap,
    c.identifier,
    c.window_km,
    c.window_days,
    c.checked_on
FROM judged AS j
LEFT JOIN coverage AS c
    ON c.subject_table = j.event_table AND c.subject_id = j.event_id AND c.source_id = j.source_id
WHERE c.result IS NOT NULL
    OR NOT EXISTS (
        SELECT 1 FROM claims AS m
        WHERE m.subject_table = j.event_table AND m.subject_id = j.event_id AND m.source_id = j.source_id
    )
ORDER BY j.event_table, j.event_id, j.source_id

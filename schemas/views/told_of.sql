-- macro: told_of(place, from_day, to_day)
-- What each source says of a place and of all places in it, in a window of days: one row is one claim on an engagement
-- or strike there, or on a figure of one, where the event's dates do not rule the window out. FROM
-- told_of('deir-ez-zor', '2016-01-01', '2016-01-31') WHERE source_id = 'ucdp-ged-syria-19-1' asks one source. The place
-- is a location_id or an OCHA p-code, and NULL for it means everywhere; NULL for a day leaves that end open. A place
-- that does not exist and days in the wrong order are errors.
-- date_start_earliest: Earliest day on which the event can have begun; empty where that is open.
-- date_end_latest: Latest day on which it can have ended; the latest day of its begin where no end is known.
-- event_table: `engagements` or `strikes`.
-- event_id: Key of the event.
-- location_id: The place of the event.
-- location_name: Its name.
-- location_relation: How the event lies to the place (at, near, toward …).
-- source_id: The source.
-- voice: Who says it, as in `claims_bounded`.
-- claim_id: The claim.
-- field: What is claimed: `exists`, a column, `value` of a figure, or `remark`.
-- measure: For a figure, what is measured.
-- item: For a figure, of what.
-- hedge: Hedge, number and unit in words.
-- value: The number that is told, in the unit beside it; the hedge says how it is meant.
-- value_min: The lower end that is told.
-- value_max: The upper end that is told.
-- unit: The unit of these: the claim's own, else the figure's.
-- statement: The assertion in our own words.
-- polarity: Whether the words affirm or deny.
-- locator: Where in a dataset it stands; empty for a document, which is cited by characters.
WITH window_of AS (
    SELECT
        p.location_id AS whole_id,
        p.location_id IS NULL AS everywhere,
        from_day IS NULL AND to_day IS NULL AS any_day,
        CASE
            WHEN CAST(from_day AS DATE) > CAST(to_day AS DATE)
                THEN error('the first day, ' || CAST(from_day AS VARCHAR) || ', is after the last, '
                    || CAST(to_day AS VARCHAR))
            ELSE coalesce(CAST(from_day AS DATE), DATE '0001-01-01')
        END AS first_day,
        coalesce(CAST(to_day AS DATE), DATE '9999-12-31') AS last_day
    FROM place_named(place) AS p
),
there AS (
    SELECT 'engagements' AS event_table, engagement_id AS event_id, location_id, location_relation,
        date_start_earliest, coalesce(date_end_latest, date_start_latest) AS date_end_latest
    FROM engagements
    UNION ALL
    SELECT 'strikes', strike_id, location_id, location_relation, date_start_earliest,
        coalesce(date_end_latest, date_start_latest)
    FROM strikes
),
asked AS (
    SELECT t.*
    FROM window_of AS o
    JOIN there AS t
        ON coalesce(t.date_start_earliest <= o.last_day, TRUE) AND coalesce(t.date_end_latest >= o.first_day, TRUE)
        AND (coalesce(t.date_start_earliest, t.date_end_latest) IS NOT NULL OR o.any_day)
    WHERE o.everywhere
        OR EXISTS (SELECT 1 FROM places_within AS w WHERE w.location_id = t.location_id AND w.whole_id = o.whole_id)
),
about AS (
    SELECT a.*, a.event_table AS subject_table, a.event_id AS subject_id,
        CAST(NULL AS VARCHAR) AS measure, CAST(NULL AS VARCHAR) AS item
    FROM asked AS a
    UNION ALL
    SELECT a.*, 'figures', f.figure_id, f.measure, f.item
    FROM asked AS a
    JOIN figures AS f ON f.subject_table = a.event_table AND f.subject_id = a.event_id
)
SELECT
    a.date_start_earliest,
    a.date_end_latest,
    a.event_table,
    a.event_id,
    a.location_id,
    (SELECT l.name FROM locations AS l WHERE l.location_id = a.location_id) AS location_name,
    a.location_relation,
    c.source_id,
    b.voice,
    c.claim_id,
    c.field,
    a.measure,
    a.item,
    b.hedge,
    c.value,
    c.value_min,
    c.value_max,
    CASE WHEN c.field = 'value' THEN b.unit END AS unit,
    c.statement,
    c.polarity,
    c.locator
FROM about AS a
JOIN claims AS c ON c.subject_table = a.subject_table AND c.subject_id = a.subject_id
JOIN claims_bounded AS b ON b.claim_id = c.claim_id
ORDER BY a.date_start_earliest, a.event_table, a.event_id, c.claim_id

-- macro: told_of(place, from_day, to_day)
-- What each source says of a place and of all places in it, in a window of days: one row is one claim on an engagement
-- or strike there, or on a figure of one, where the event's dates do not rule the window out.
-- FROM told_of('deir-ez-zor', '2016-01-01', '2016-01-31') WHERE source_id = 'ucdp-ged-syria-19-1' asks one source.
-- date_start_earliest: Earliest day on which the event can have begun.
-- date_end_latest: Latest day on which it can have ended; the latest day of its begin where no end is known.
-- event_table: `engagements` or `strikes`.
-- event_id: Key of the event.
-- location_id: The place of the event.
-- location_name: Its name.
-- source_id: The source.
-- voice: Who says it, as in `claims_bounded`.
-- claim_id: The claim.
-- field: What is claimed: `exists`, a column, `value` of a figure, or `remark`.
-- measure: For a figure, what is measured.
-- item: For a figure, of what.
-- hedge: Hedge, number and unit in words.
-- statement: The assertion in our own words.
-- polarity: Whether the words affirm or deny.
-- locator: Where in a dataset it stands; empty for a document, which is cited by characters.
WITH there AS (
    SELECT 'engagements' AS event_table, engagement_id AS event_id, location_id,
        date_start_earliest, coalesce(date_end_latest, date_start_latest) AS date_end_latest
    FROM engagements
    UNION ALL
    SELECT 'strikes', strike_id, location_id, date_start_earliest, coalesce(date_end_latest, date_start_latest)
    FROM strikes
),
asked AS (
    SELECT t.*
    FROM there AS t
    JOIN places_within AS w ON w.location_id = t.location_id
    WHERE w.whole_id = place
        AND t.date_start_earliest <= CAST(to_day AS DATE) AND t.date_end_latest >= CAST(from_day AS DATE)
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
    c.source_id,
    b.voice,
    c.claim_id,
    c.field,
    a.measure,
    a.item,
    b.hedge,
    c.statement,
    c.polarity,
    c.locator
FROM about AS a
JOIN claims AS c ON c.subject_table = a.subject_table AND c.subject_id = a.subject_id
JOIN claims_bounded AS b ON b.claim_id = c.claim_id
ORDER BY a.date_start_earliest, a.event_table, a.event_id, c.claim_id

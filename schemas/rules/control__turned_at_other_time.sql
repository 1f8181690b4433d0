-- is an engagement whose dates do not touch this end of the period
-- hint: Mend held_from or held_to, or the engagement's dates.
-- covers: R-K02
--
-- Surely apart: the end of the period lies before the engagement can have begun, or after it can have ended. An
-- engagement without a stated end, or still going on, bounds nothing on that side (null).
WITH turns AS (
    SELECT control_id, 'start_engagement_id' AS field, start_engagement_id AS engagement_id,
        held_from_earliest AS earliest, held_from_latest AS latest
    FROM control
    UNION ALL
    SELECT control_id, 'end_engagement_id', end_engagement_id, held_to_earliest, held_to_latest FROM control
)
SELECT t.control_id AS record_id, t.field, t.engagement_id AS value
FROM turns AS t
JOIN engagements AS e USING (engagement_id)
WHERE t.latest < e.date_start_earliest OR t.earliest > e.date_end_latest
ORDER BY ALL

-- is an engagement at a place that neither is this one nor encloses it nor lies in it
-- hint: Name the engagement by which this place changed hands, or empty the cell.
-- covers: R-K02
--
-- An engagement without a place (null) is let through.
WITH turns AS (
    SELECT control_id, location_id, 'start_engagement_id' AS field, start_engagement_id AS engagement_id FROM control
    UNION ALL
    SELECT control_id, location_id, 'end_engagement_id', end_engagement_id FROM control
)
SELECT t.control_id AS record_id, t.field, t.engagement_id AS value
FROM turns AS t
JOIN engagements AS e USING (engagement_id)
WHERE e.location_id IS NOT NULL
    AND NOT EXISTS (
        SELECT 1
        FROM places_within AS i
        WHERE (i.location_id = t.location_id AND i.whole_id = e.location_id)
            OR (i.location_id = e.location_id AND i.whole_id = t.location_id)
    )
ORDER BY ALL

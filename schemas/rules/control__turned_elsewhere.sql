-- is an engagement at a place that neither is this one nor encloses it nor lies in it
-- hint: Name the engagement by which this place changed hands, or empty the cell.
-- covers: R-K02
--
-- An engagement without a place (null) is let through.
WITH RECURSIVE inside AS (
    SELECT location_id, location_id AS whole FROM locations
    UNION
    SELECT i.location_id, l.parent_id
    FROM inside AS i JOIN locations AS l ON l.location_id = i.whole
    WHERE l.parent_id IS NOT NULL
),
turns AS (
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
        FROM inside AS i
        WHERE (i.location_id = t.location_id AND i.whole = e.location_id)
            OR (i.location_id = e.location_id AND i.whole = t.location_id)
    )
ORDER BY ALL

-- leads back to the row itself: an engagement cannot be a part of itself
-- hint: Empty the cell in the row of the circle that stands outermost.
--
-- The recursion keeps pairs, each once (UNION), so that it ends inside a circle too. Every row of the circle is
-- reported.
WITH RECURSIVE above AS (
    SELECT engagement_id, part_of_id AS ancestor FROM engagements WHERE part_of_id IS NOT NULL
    UNION
    SELECT a.engagement_id, t.part_of_id
    FROM above AS a
    JOIN engagements AS t ON t.engagement_id = a.ancestor
    WHERE t.part_of_id IS NOT NULL
)
SELECT t.engagement_id AS record_id, 'part_of_id' AS field, t.part_of_id AS value
FROM engagements AS t
WHERE EXISTS (SELECT 1 FROM above AS a WHERE a.engagement_id = t.engagement_id AND a.ancestor = t.engagement_id)
ORDER BY ALL

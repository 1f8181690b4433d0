-- leads back to the row itself: a place cannot lie in itself
-- hint: Empty the cell in the row of the circle that stands outermost.
--
-- The recursion keeps pairs, each once (UNION), so that it ends inside a circle too. Every row of the circle is
-- reported.
WITH RECURSIVE above AS (
    SELECT location_id, parent_id AS ancestor FROM locations WHERE parent_id IS NOT NULL
    UNION
    SELECT a.location_id, t.parent_id
    FROM above AS a
    JOIN locations AS t ON t.location_id = a.ancestor
    WHERE t.parent_id IS NOT NULL
)
SELECT t.location_id AS record_id, 'parent_id' AS field, t.parent_id AS value
FROM locations AS t
WHERE EXISTS (SELECT 1 FROM above AS a WHERE a.location_id = t.location_id AND a.ancestor = t.location_id)
ORDER BY ALL

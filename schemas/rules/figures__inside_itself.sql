-- leads back to the row itself: a figure cannot be a part of itself
-- hint: Empty the cell in the row of the circle that stands outermost.
--
-- The recursion keeps pairs, each once (UNION), so that it ends inside a circle too. Every row of the circle is
-- reported.
WITH RECURSIVE above AS (
    SELECT figure_id, part_of_id AS ancestor FROM figures WHERE part_of_id IS NOT NULL
    UNION
    SELECT a.figure_id, t.part_of_id
    FROM above AS a
    JOIN figures AS t ON t.figure_id = a.ancestor
    WHERE t.part_of_id IS NOT NULL
)
SELECT t.figure_id AS record_id, 'part_of_id' AS field, t.part_of_id AS value
FROM figures AS t
WHERE EXISTS (SELECT 1 FROM above AS a WHERE a.figure_id = t.figure_id AND a.ancestor = t.figure_id)
ORDER BY ALL

-- leads back to the row itself: an utterance cannot contain itself
-- hint: Empty the cell in the row of the circle that stands outermost.
--
-- The recursion keeps pairs, each once (UNION), so that it ends inside a circle too. Every row of the circle is
-- reported.
WITH RECURSIVE above AS (
    SELECT utterance_id, parent_id AS ancestor FROM utterances WHERE parent_id IS NOT NULL
    UNION
    SELECT a.utterance_id, t.parent_id
    FROM above AS a
    JOIN utterances AS t ON t.utterance_id = a.ancestor
    WHERE t.parent_id IS NOT NULL
)
SELECT t.utterance_id AS record_id, 'parent_id' AS field, t.parent_id AS value
FROM utterances AS t
WHERE EXISTS (SELECT 1 FROM above AS a WHERE a.utterance_id = t.utterance_id AND a.ancestor = t.utterance_id)
ORDER BY ALL

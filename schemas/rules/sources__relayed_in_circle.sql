-- leads back to the source itself
-- hint: A chain of relays ends in a source that was read, a chain of revisions in the first version.
-- covers: R-P04
WITH RECURSIVE steps AS (
    SELECT source_id, 'relayed_by_id' AS field, relayed_by_id AS other FROM sources WHERE relayed_by_id IS NOT NULL
    UNION ALL
    SELECT source_id, 'revision_of_id', revision_of_id FROM sources WHERE revision_of_id IS NOT NULL
),
reach AS (
    SELECT source_id, field, other FROM steps
    UNION
    SELECT r.source_id, r.field, s.other FROM reach AS r JOIN steps AS s ON s.field = r.field AND s.source_id = r.other
)
SELECT s.source_id AS record_id, s.field, s.other AS value
FROM steps AS s
WHERE EXISTS (SELECT 1 FROM reach AS r WHERE r.field = s.field AND r.source_id = s.source_id AND r.other = s.source_id)
ORDER BY ALL

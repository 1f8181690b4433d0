-- does not fit access: a source that was not read names the one that relays it, and only such a source does
-- hint: Fill relayed_by_id with the source that was read, or mend access.
-- covers: R-P04
SELECT source_id AS record_id, 'relayed_by_id' AS field, relayed_by_id AS value,
    CASE WHEN relayed_by_id IS NULL THEN 'is empty, and the source was not read'
    ELSE 'is filled, and the source was read' END AS message
FROM sources
WHERE (access = 'not_read') = (relayed_by_id IS NULL)
ORDER BY ALL

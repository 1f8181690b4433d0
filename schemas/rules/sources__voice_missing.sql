-- is empty, and claims rest on the source's own voice: nobody is known to have said them
-- hint: Fill publisher_id or agency_id.
-- severity: warning
-- covers: R-P04
SELECT s.source_id AS record_id, 'publisher_id' AS field
FROM sources AS s
WHERE s.publisher_id IS NULL AND s.agency_id IS NULL AND s.access <> 'not_read'
    AND EXISTS (SELECT 1 FROM claims AS c WHERE c.source_id = s.source_id AND c.utterance_id IS NULL)
ORDER BY ALL

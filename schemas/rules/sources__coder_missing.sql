-- is empty although the source has claims: without it nobody can tell that the reviewer is another
-- hint: Fill it with a handle of schemas/codes/coder.yaml.
-- covers: R-W01
SELECT s.source_id AS record_id, 'coded_by' AS field
FROM sources AS s
WHERE s.coded_by IS NULL AND s.access <> 'not_read'
    AND EXISTS (SELECT 1 FROM claims AS c WHERE c.source_id = s.source_id)
ORDER BY ALL

-- has claims with spans and no ledger: a document that was read in full is worked through line by line
-- hint: Write seeds/<source_id>/ledger.csv.
SELECT s.source_id AS record_id, 'access' AS field, s.access AS value
FROM sources AS s
WHERE s.access = 'full'
    AND EXISTS (SELECT 1 FROM claims AS c WHERE c.source_id = s.source_id AND c.start_char IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM ledger AS l WHERE l.source_id = s.source_id)
ORDER BY ALL

-- coded this source: who reviews a claim is not who coded it
-- hint: Name another reviewer, or empty the cell until there was one.
-- covers: R-W01
SELECT c.claim_id AS record_id, 'reviewer' AS field, c.reviewer AS value
FROM claims AS c
JOIN sources AS s USING (source_id)
WHERE c.reviewer = s.coded_by
ORDER BY ALL

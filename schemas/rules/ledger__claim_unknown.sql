-- names a claim that does not exist, or one of another source
-- hint: Mend the id, or add the claim to data/claims/hand.csv.
SELECT l.sentence_id AS record_id, 'claim_ids' AS field, l.claim_id AS value,
    CASE WHEN c.claim_id IS NULL THEN 'is not a key of claims' ELSE 'is a claim of ' || c.source_id END AS message
FROM (SELECT sentence_id, source_id, unnest(string_split(claim_ids, ' ')) AS claim_id FROM ledger) AS l
LEFT JOIN claims AS c USING (claim_id)
WHERE c.claim_id IS NULL OR c.source_id <> l.source_id
ORDER BY ALL

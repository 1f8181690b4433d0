-- a line yields claims or has a reason why not: one of the two, never both
-- hint: Fill claim_ids or no_claim_reason, and empty the other.
SELECT sentence_id AS record_id, 'no_claim_reason' AS field, no_claim_reason AS value,
    CASE WHEN claim_ids IS NULL THEN 'is empty, and the line yields no claim'
    ELSE 'is filled, and the line yields claims' END AS message
FROM ledger
WHERE (claim_ids IS NULL) = (no_claim_reason IS NULL)
ORDER BY ALL

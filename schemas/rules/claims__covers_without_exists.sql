-- is filled on a claim that is not on `exists`
-- hint: Empty it: a claim on a column, value or remark carries nothing else.
-- covers: R-P01
SELECT claim_id AS record_id, 'covers' AS field, covers AS value
FROM claims
WHERE covers IS NOT NULL AND field <> 'exists'
ORDER BY ALL

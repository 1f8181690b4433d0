-- is not the key of its source, a hyphen and four digits
-- hint: Claims are numbered within their source, <source_id>-NNNN, and keep their number.
SELECT claim_id AS record_id, 'claim_id' AS field, claim_id AS value
FROM claims
WHERE NOT regexp_full_match(claim_id, '.*-[0-9]{4}') OR left(claim_id, length(claim_id) - 5) <> source_id
ORDER BY ALL

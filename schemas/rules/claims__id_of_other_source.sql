-- is not the key of its source, a hyphen and four digits; in a dataset, not the key of its source, a hyphen and the row
-- hint: Claims of a document are numbered within it, <source_id>-NNNN, and keep their number; those of a dataset are
-- named for the row and cell from which they come, as some-dataset-247269-best, so that they keep their names too.
SELECT claim_id AS record_id, 'claim_id' AS field, claim_id AS value
FROM claims
WHERE NOT starts_with(claim_id, source_id || '-')
    OR (claim_type <> 'dataset' AND NOT regexp_full_match(substr(claim_id, length(source_id) + 1), '-[0-9]{4}'))
ORDER BY ALL

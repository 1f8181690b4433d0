-- is more than value_max
-- hint: Swap the two, or mend the one that is wrong.
-- covers: R-Q01
SELECT claim_id AS record_id, 'value_min' AS field, regexp_replace(CAST(value_min AS VARCHAR), '[.]0$', '') AS value
FROM claims
WHERE value_min > value_max
ORDER BY ALL

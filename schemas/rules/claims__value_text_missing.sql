-- is empty although the claim is on a column: it does not say what the column's value is claimed to be
-- hint: Fill value_text as the column itself would be filled.
-- covers: R-P01
SELECT c.claim_id AS record_id, 'value_text' AS field
FROM claims AS c
JOIN columns AS k ON k.table_name = c.subject_table AND k.column_name = c.field
WHERE c.value_text IS NULL
ORDER BY ALL

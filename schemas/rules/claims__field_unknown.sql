-- is not something that can be claimed of this record
-- hint: `exists`, `remark`, a column of the subject's table, or, for figures alone, `value`.
-- covers: R-P01
SELECT c.claim_id AS record_id, 'field' AS field, c.field AS value,
    CASE WHEN c.field = 'value' THEN 'is only claimed of figures; the subject is one of ' || c.subject_table
    ELSE 'is not a column of ' || c.subject_table END AS message
FROM claims AS c
WHERE c.field NOT IN ('exists', 'remark')
    AND NOT (c.field = 'value' AND c.subject_table = 'figures')
    AND NOT EXISTS (SELECT 1 FROM columns AS k WHERE k.table_name = c.subject_table AND k.column_name = c.field)
ORDER BY ALL

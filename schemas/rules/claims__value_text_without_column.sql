-- is filled although the claim is not on a column
-- hint: Numbers of a figure stand in value, value_min and value_max; what a remark says stands in statement.
-- covers: R-P01
SELECT claim_id AS record_id, 'value_text' AS field, value_text AS value
FROM claims
WHERE value_text IS NOT NULL AND field IN ('exists', 'remark', 'value')
ORDER BY ALL

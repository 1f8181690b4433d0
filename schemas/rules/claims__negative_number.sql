-- is negative: nothing that is measured here can be, and a number that stands for "not known" is not allowed
-- hint: Empty the cell; where the source says that the amount is not known the comparator is unknown.
-- covers: R-Q04 R-Q07
SELECT claim_id AS record_id, field, regexp_replace(CAST(cell AS VARCHAR), '[.]0$', '') AS value
FROM (
    SELECT claim_id, unnest(['value', 'value_min', 'value_max']) AS field, unnest([value, value_min, value_max]) AS cell
    FROM claims
) AS numbers
WHERE cell < 0
ORDER BY ALL

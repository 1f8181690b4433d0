-- is filled although the claim is not on the value of a figure
-- hint: Make the quantity a figure about the record, and claim its `value`.
-- covers: R-P01
SELECT claim_id AS record_id, field_ AS field, regexp_replace(cell, '[.]0$', '') AS value
FROM (
    SELECT claim_id, field, unnest(['comparator', 'value', 'value_min', 'value_max', 'unit', 'baseline']) AS field_,
        unnest([
            comparator, CAST(value AS VARCHAR), CAST(value_min AS VARCHAR), CAST(value_max AS VARCHAR), unit, baseline
        ]) AS cell
    FROM claims
) AS numbers
WHERE field <> 'value' AND cell IS NOT NULL
ORDER BY ALL

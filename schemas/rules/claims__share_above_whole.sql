-- is more than the whole: a share has at most 100 per cent
-- hint: A rise above the whole is not a share; if it is one, mend the number or the unit.
-- covers: R-Q04
SELECT c.claim_id AS record_id, c.field_ AS field, regexp_replace(CAST(c.cell AS VARCHAR), '[.]0$', '') AS value
FROM (
    SELECT claim_id, subject_id, unit, unnest(['value', 'value_min', 'value_max']) AS field_,
        unnest([value, value_min, value_max]) AS cell
    FROM claims
    WHERE field = 'value' AND subject_table = 'figures'
) AS c
JOIN figures AS f ON f.figure_id = c.subject_id
JOIN code_attributes AS d
    ON d.code_list = 'unit' AND d.code = coalesce(c.unit, f.unit) AND d.attribute = 'dimension'
    AND d.attribute_value = 'share'
JOIN code_attributes AS x ON x.code_list = 'unit' AND x.code = d.code AND x.attribute = 'factor'
WHERE c.cell * CAST(x.attribute_value AS DOUBLE) > 100
ORDER BY ALL

-- is not a whole number, and counts, ages and ranks are; ranks start at 1
-- hint: Mend the number, or the unit.
-- covers: R-Q04
--
-- Numbers below 0 are reported by claims__negative_number alone.
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
    AND d.attribute_value IN ('count', 'age', 'rank')
WHERE c.cell >= 0 AND (c.cell <> floor(c.cell) OR (d.attribute_value = 'rank' AND c.cell < 1))
ORDER BY ALL

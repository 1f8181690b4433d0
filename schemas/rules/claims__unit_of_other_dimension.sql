-- does not measure what the figure's measure is
-- hint: Measures and units carry a dimension each in their code lists; the two must be the same.
-- covers: R-Q03
SELECT c.claim_id AS record_id, 'unit' AS field, c.unit AS value,
    'measures ' || u.attribute_value || ', and ' || f.measure || ' is a ' || m.attribute_value AS message
FROM claims AS c
JOIN figures AS f ON f.figure_id = c.subject_id
JOIN code_attributes AS m ON m.code_list = 'measure' AND m.code = f.measure AND m.attribute = 'dimension'
JOIN code_attributes AS u ON u.code_list = 'unit' AND u.code = c.unit AND u.attribute = 'dimension'
WHERE c.subject_table = 'figures' AND c.field = 'value' AND m.attribute_value <> u.attribute_value
ORDER BY ALL

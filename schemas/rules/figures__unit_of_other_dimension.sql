-- does not measure what the figure's measure is
-- hint: Measures and units carry a dimension each in their code lists; the two must be the same.
-- covers: R-Q03
SELECT f.figure_id AS record_id, 'unit' AS field, f.unit AS value,
    'measures ' || u.attribute_value || ', and the measure ' || f.measure || ' wants ' || m.attribute_value AS message
FROM figures AS f
JOIN code_attributes AS m ON m.code_list = 'measure' AND m.code = f.measure AND m.attribute = 'dimension'
JOIN code_attributes AS u ON u.code_list = 'unit' AND u.code = f.unit AND u.attribute = 'dimension'
WHERE m.attribute_value <> u.attribute_value
ORDER BY ALL

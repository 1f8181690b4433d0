-- does not fit the measure: a rank has a class over which it ranges, and nothing else has one
-- hint: Fill the class for first, last, largest, only; empty it for everything that is not a rank.
SELECT f.figure_id AS record_id, 'comparison_class' AS field, f.comparison_class AS value,
    CASE WHEN f.comparison_class IS NULL THEN 'is empty, and ' || f.measure || ' is a rank'
    ELSE 'is filled, and ' || f.measure || ' is no rank' END AS message
FROM figures AS f
JOIN code_attributes AS d ON d.code_list = 'measure' AND d.code = f.measure AND d.attribute = 'dimension'
WHERE (d.attribute_value = 'rank') = (f.comparison_class IS NULL)
ORDER BY ALL

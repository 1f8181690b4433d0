-- is at least more than the munitions used in the same strike
-- hint: Look at both numbers: an aircraft that took part may have released nothing, then waive it.
-- severity: warning
-- covers: R-Q09
--
-- Sure only: the least that any claim on the platforms allows exceeds the most that any claim on the munitions allows.
WITH bounds AS (
    SELECT f.figure_id, f.subject_table, f.subject_id, f.measure,
        min(CASE WHEN lo.attribute_value = 'range' THEN c.value_min
            WHEN lo.attribute_value = 'least_of' THEN least(c.value, c.value_min, c.value_max)
            WHEN lo.attribute_value IN ('value', 'value_open') THEN c.value ELSE 0 END) AS low,
        max(CASE WHEN hi.attribute_value = 'range' THEN c.value_max
            WHEN hi.attribute_value = 'greatest_of' THEN greatest(c.value, c.value_min, c.value_max)
            WHEN hi.attribute_value IN ('value', 'value_open') THEN c.value ELSE 1e18 END) AS high
    FROM figures AS f
    JOIN claims AS c ON c.subject_table = 'figures' AND c.subject_id = f.figure_id AND c.field = 'value'
    JOIN code_attributes AS lo ON lo.code_list = 'comparator' AND lo.code = c.comparator AND lo.attribute = 'lower'
    JOIN code_attributes AS hi ON hi.code_list = 'comparator' AND hi.code = c.comparator AND hi.attribute = 'upper'
    WHERE c.polarity = 'affirmed'
    GROUP BY ALL
)
SELECT p.figure_id AS record_id, 'measure' AS field, p.measure AS value,
    'is at least ' || CAST(CAST(p.low AS BIGINT) AS VARCHAR)
        || ', more than the munitions of ' || min(m.figure_id) AS message
FROM bounds AS p
JOIN bounds AS m ON m.subject_table = p.subject_table AND m.subject_id = p.subject_id AND m.measure = 'munitions_used'
WHERE p.measure = 'platforms_used' AND p.low > m.high AND m.high > 0
GROUP BY p.figure_id, p.measure, p.low
ORDER BY ALL

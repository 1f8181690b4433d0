-- is a part that is more than its whole
-- hint: Mend the claim that is wrong, or part_of_id.
-- covers: R-E01 R-Q05
--
-- Sure only: the least that any affirmed claim on the part allows exceeds the most that any affirmed claim on the whole
-- allows, both in the base unit of one dimension. A claim without a bound on that side (about, nearly, unknown) leaves
-- it open. Sums of parts are not compared: parts by side and parts by age overlap.
WITH related AS (
    SELECT figure_id FROM figures WHERE part_of_id IS NOT NULL
    UNION
    SELECT part_of_id FROM figures WHERE part_of_id IS NOT NULL
),
amounts AS (
    SELECT f.figure_id, c.comparator, c.value, c.value_min, c.value_max, coalesce(c.unit, f.unit) AS unit
    FROM related
    JOIN figures AS f USING (figure_id)
    JOIN claims AS c ON c.subject_table = 'figures' AND c.subject_id = f.figure_id AND c.field = 'value'
    WHERE c.polarity = 'affirmed'
),
bounds AS (
    SELECT c.figure_id, d.attribute_value AS dimension,
        min(CASE WHEN lo.attribute_value = 'range' THEN c.value_min
            WHEN lo.attribute_value = 'least_of' THEN least(c.value, c.value_min, c.value_max)
            WHEN lo.attribute_value IN ('value', 'value_open') THEN c.value ELSE 0 END
            * CAST(x.attribute_value AS DOUBLE)) AS low,
        max(CASE WHEN hi.attribute_value = 'range' THEN c.value_max
            WHEN hi.attribute_value = 'greatest_of' THEN greatest(c.value, c.value_min, c.value_max)
            WHEN hi.attribute_value IN ('value', 'value_open') THEN c.value ELSE 1e18 END
            * CAST(x.attribute_value AS DOUBLE)) AS high
    FROM amounts AS c
    JOIN code_attributes AS lo ON lo.code_list = 'comparator' AND lo.code = c.comparator AND lo.attribute = 'lower'
    JOIN code_attributes AS hi ON hi.code_list = 'comparator' AND hi.code = c.comparator AND hi.attribute = 'upper'
    JOIN code_attributes AS d ON d.code_list = 'unit' AND d.code = c.unit AND d.attribute = 'dimension'
    JOIN code_attributes AS x ON x.code_list = 'unit' AND x.code = c.unit AND x.attribute = 'factor'
    GROUP BY ALL
)
SELECT f.figure_id AS record_id, 'part_of_id' AS field, f.part_of_id AS value,
    'is a whole of at most ' || regexp_replace(CAST(w.high AS VARCHAR), '[.]0$', '')
        || ', and this part is at least ' || regexp_replace(CAST(p.low AS VARCHAR), '[.]0$', '') AS message
FROM figures AS f
JOIN bounds AS p ON p.figure_id = f.figure_id
JOIN bounds AS w ON w.figure_id = f.part_of_id AND w.dimension = p.dimension
WHERE p.low > w.high
ORDER BY ALL

-- is a part that is more than its whole
-- hint: Mend the claim that is wrong, or part_of_id.
-- covers: R-E01 R-Q05
--
-- Sure only: the least that any affirmed claim on the part allows exceeds the most that any affirmed claim on the whole
-- allows, both in the base unit of one dimension. A claim without a bound on that side (about, nearly, unknown) leaves
-- it open. Sums of parts are not compared: parts by side and parts by age overlap.
WITH hedges AS MATERIALIZED (
    SELECT
        code AS comparator,
        max(attribute_value) FILTER (WHERE attribute = 'lower') AS lower,
        max(attribute_value) FILTER (WHERE attribute = 'upper') AS upper
    FROM code_attributes
    WHERE code_list = 'comparator'
    GROUP BY code
),
units AS MATERIALIZED (
    SELECT
        code AS unit,
        max(attribute_value) FILTER (WHERE attribute = 'dimension') AS dimension,
        CAST(max(attribute_value) FILTER (WHERE attribute = 'factor') AS DOUBLE) AS factor
    FROM code_attributes
    WHERE code_list = 'unit'
    GROUP BY code
),
amounts AS MATERIALIZED (
    SELECT
        f.figure_id,
        f.part_of_id,
        u.dimension,
        u.factor * CASE WHEN h.lower = 'range' THEN c.value_min
            WHEN h.lower = 'least_of' THEN least(c.value, c.value_min, c.value_max)
            WHEN h.lower IN ('value', 'value_open') THEN c.value ELSE 0 END AS low,
        u.factor * CASE WHEN h.upper = 'range' THEN c.value_max
            WHEN h.upper = 'greatest_of' THEN greatest(c.value, c.value_min, c.value_max)
            WHEN h.upper IN ('value', 'value_open') THEN c.value ELSE 1e18 END AS high
    FROM figures AS f
    JOIN claims AS c ON c.subject_table = 'figures' AND c.subject_id = f.figure_id AND c.field = 'value'
    JOIN hedges AS h ON h.comparator = c.comparator
    JOIN units AS u ON u.unit = coalesce(c.unit, f.unit)
    WHERE c.polarity = 'affirmed'
),
parts AS (
    SELECT figure_id, part_of_id, dimension, min(low) AS low
    FROM amounts
    WHERE part_of_id IS NOT NULL
    GROUP BY ALL
),
wholes AS (
    SELECT figure_id, dimension, max(high) AS high FROM amounts GROUP BY figure_id, dimension
)
SELECT p.figure_id AS record_id, 'part_of_id' AS field, p.part_of_id AS value,
    'is a whole of at most ' || regexp_replace(CAST(w.high AS VARCHAR), '[.]0$', '')
        || ', and this part is at least ' || regexp_replace(CAST(p.low AS VARCHAR), '[.]0$', '') AS message
FROM parts AS p
JOIN wholes AS w ON w.figure_id = p.part_of_id AND w.dimension = p.dimension
WHERE p.low > w.high
ORDER BY ALL

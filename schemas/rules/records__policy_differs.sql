-- is the coder's reading, and the default policy would publish something else
-- hint: Look again; if the reading is right, say why in a waiver, or mend the claims, their links, or the policy.
-- severity: warning
--
-- A dispute that the policy leaves open, while the cell is filled, is reported too. A cell that lies within the value
-- of the policy (a place inside the place, a day inside the month) does not differ.
WITH chosen AS (
    SELECT r.* FROM resolutions AS r JOIN policies AS p ON p.policy = r.policy AND p.is_default
),
days AS (
    SELECT DISTINCT subject_table, subject_id, field, value_text, date_earliest, date_latest
    FROM candidates
    WHERE date_earliest IS NOT NULL OR date_latest IS NOT NULL
)
SELECT r.subject_table AS record_table, r.subject_id AS record_id, r.field, c.cell AS value,
    'is the coder''s reading, and the default policy '
    || CASE WHEN r.value_text IS NULL THEN 'leaves it ' || r.resolution_status ELSE 'would publish ' || r.value_text END
        AS message
FROM chosen AS r
JOIN cells AS c ON c.subject_table = r.subject_table AND c.subject_id = r.subject_id AND c.column_name = r.field
LEFT JOIN days AS p
    ON p.subject_table = r.subject_table AND p.subject_id = r.subject_id AND p.field = r.field
    AND p.value_text = r.value_text
LEFT JOIN days AS d
    ON d.subject_table = r.subject_table AND d.subject_id = r.subject_id AND d.field = r.field
    AND d.value_text = c.cell
WHERE r.value_text IS NULL OR (
    r.value_text <> c.cell
    AND NOT (
        p.value_text IS NOT NULL
        AND coalesce(d.date_earliest >= p.date_earliest, p.date_earliest IS NULL)
        AND coalesce(d.date_latest <= p.date_latest, p.date_latest IS NULL)
    )
    AND NOT EXISTS (
        SELECT 1 FROM columns AS k
        JOIN code_attributes AS w
            ON w.code_list = k.column_codes AND w.attribute = 'broader' AND w.code = c.cell
            AND w.attribute_value = r.value_text
        WHERE k.table_name = r.subject_table AND k.column_name = r.field
    )
    AND NOT EXISTS (
        SELECT 1 FROM columns AS k
        JOIN places_within AS i ON i.location_id = c.cell AND i.whole_id = r.value_text
        WHERE k.table_name = r.subject_table AND k.column_name = r.field AND k.refers_to = 'locations'
    )
)
ORDER BY ALL

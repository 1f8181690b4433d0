-- is the coder's reading, and the default policy would publish something else
-- hint: Look again; if the reading is right, say why in a waiver, or mend the claims, their links, or the policy.
-- severity: warning
--
-- Only columns on which at least two claims bear: of one claim and its own reading there is nothing to weigh. A dispute
-- that the policy leaves open, while the cell is filled, is reported too. A cell that lies within the value of the policy
-- (a place inside the place, a day inside the month) does not differ.
WITH chosen AS (
    SELECT r.* FROM resolutions AS r JOIN policies AS p ON p.policy = r.policy AND p.is_default
    WHERE r.subject_table <> 'figures' AND r.n_claims > 1
)
SELECT r.subject_table AS record_table, r.subject_id AS record_id, r.field, c.cell AS value,
    'is the coder''s reading, and the default policy '
    || CASE r.resolution_status WHEN 'disputed' THEN 'leaves it disputed' ELSE 'would publish ' || r.value_text END
        AS message
FROM chosen AS r
JOIN cells AS c ON c.subject_table = r.subject_table AND c.subject_id = r.subject_id AND c.column_name = r.field
WHERE r.resolution_status = 'disputed' OR r.value_text <> c.cell
ORDER BY ALL

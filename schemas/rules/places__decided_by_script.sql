-- is a script, and the method says that a person decided
-- hint: Name the person's role, or the method by which the script decided.
SELECT p.place_id AS record_id, 'decided_by' AS field, p.decided_by AS value
FROM places AS p
JOIN code_attributes AS a ON a.code_list = 'coder' AND a.code = p.decided_by AND a.attribute = 'kind'
WHERE p.place_method = 'curator' AND a.attribute_value = 'script'
ORDER BY ALL

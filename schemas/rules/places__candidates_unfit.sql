-- does not fit the method: what is ambiguous lists at least two locations, nothing else lists any
-- hint: List the locations that could not be told apart, each once; or choose one, or another method.
--
-- The attribute `candidates` of the method says which.
SELECT p.place_id AS record_id, 'candidates' AS field, p.candidates AS value
FROM places AS p
JOIN code_attributes AS a
    ON a.code_list = 'place_method' AND a.code = p.place_method AND a.attribute = 'candidates'
WHERE (a.attribute_value = 'required' AND coalesce(len(list_distinct(string_split(p.candidates, ' '))), 0) < 2)
    OR (a.attribute_value = 'absent' AND p.candidates IS NOT NULL)
ORDER BY ALL

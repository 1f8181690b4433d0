-- does not fit the method: what compared names has a score, and nothing else does
-- hint: Fill score, or empty it, or choose another method.
--
-- The attribute `score` of the method says which.
SELECT p.place_id AS record_id, 'score' AS field, CAST(p.score AS VARCHAR) AS value,
    CASE WHEN p.score IS NULL THEN 'is empty, and the method is ' || p.place_method
        ELSE 'is filled, and the method is ' || p.place_method END AS message
FROM places AS p
JOIN code_attributes AS a
    ON a.code_list = 'place_method' AND a.code = p.place_method AND a.attribute = 'score'
WHERE (a.attribute_value = 'required') = (p.score IS NULL)
ORDER BY ALL

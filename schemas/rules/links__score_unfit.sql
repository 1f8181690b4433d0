-- does not fit the method: a matcher gives a score, and nothing else does
-- hint: Fill score, or empty it.
SELECT l.link_id AS record_id, 'score' AS field, CAST(l.score AS VARCHAR) AS value
FROM links AS l
JOIN code_attributes AS a ON a.code_list = 'method' AND a.code = l.method AND a.attribute = 'score'
WHERE (a.attribute_value = 'required') = (l.score IS NULL)
ORDER BY ALL

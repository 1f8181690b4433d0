-- is filled although nothing was found
-- hint: Empty it, or mend the result.
SELECT c.coverage_id AS record_id, 'identifier' AS field, c.identifier AS value
FROM coverage AS c
JOIN code_attributes AS a
    ON a.code_list = 'coverage_result' AND a.code = c.result AND a.attribute = 'identifier'
    AND a.attribute_value = 'absent'
WHERE c.identifier IS NOT NULL
ORDER BY ALL

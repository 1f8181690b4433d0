-- has no ids for records of this table
-- hint: The list of schemes says whose records each of them identifies.
SELECT i.identifier_id AS record_id, 'scheme' AS field, i.scheme AS value,
    'has ids for ' || a.attribute_value || ', not for ' || i.subject_table AS message
FROM identifiers AS i
JOIN code_attributes AS a ON a.code_list = 'identifier_scheme' AND a.code = i.scheme AND a.attribute = 'unit'
WHERE NOT contains(' ' || a.attribute_value || ' ', ' ' || i.subject_table || ' ')
ORDER BY ALL

-- is not an id as its scheme writes it
-- hint: The list of schemes shows the form of each; no prefix, no address.
SELECT i.identifier_id AS record_id, 'identifier' AS field, i.identifier AS value,
    'is not an id of ' || i.scheme || ', which matches ' || a.attribute_value AS message
FROM identifiers AS i
JOIN code_attributes AS a ON a.code_list = 'identifier_scheme' AND a.code = i.scheme AND a.attribute = 'pattern'
WHERE NOT regexp_full_match(i.identifier, a.attribute_value)
ORDER BY ALL

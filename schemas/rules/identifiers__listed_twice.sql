-- is given to this record already
-- hint: Delete one of the two rows.
SELECT max(identifier_id) AS record_id, 'identifier' AS field, identifier AS value,
    'is given to this record already, in ' || min(identifier_id) AS message
FROM identifiers
GROUP BY subject_table, subject_id, scheme, identifier
HAVING count(*) > 1
ORDER BY ALL

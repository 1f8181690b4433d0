-- is a name of this record already
-- hint: Delete one of the two rows; each source that uses the name has its own claim on the one that stays.
--
-- An empty language counts as equal to an empty one.
SELECT max(name_id) AS record_id, 'name' AS field, name AS value,
    'is a name of this record already, in ' || min(name_id) AS message
FROM names
GROUP BY subject_table, subject_id, name, language, name_type
HAVING count(*) > 1
ORDER BY ALL

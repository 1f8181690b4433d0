-- has no rows in names: these are the names of actors and places
-- hint: An engagement's name is its own column; a source's is its title.
SELECT name_id AS record_id, 'subject_table' AS field, subject_table AS value
FROM names
WHERE subject_table NOT IN ('actors', 'locations')
ORDER BY ALL

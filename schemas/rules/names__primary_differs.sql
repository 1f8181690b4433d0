-- is not the name in the record's own row, and is called its primary name
-- hint: Spell it as there, or give it another type.
SELECT n.name_id AS record_id, 'name' AS field, n.name AS value
FROM names AS n
LEFT JOIN actors AS a ON n.subject_table = 'actors' AND a.actor_id = n.subject_id
LEFT JOIN locations AS l ON n.subject_table = 'locations' AND l.location_id = n.subject_id
WHERE n.name_type = 'primary' AND n.name <> coalesce(a.name, l.name)
ORDER BY ALL

-- lists a location that does not exist
-- hint: Mend the id, or curate the source again.
SELECT p.place_id AS record_id, 'candidates' AS field, p.candidate AS value
FROM (SELECT place_id, unnest(string_split(candidates, ' ')) AS candidate FROM places) AS p
WHERE NOT EXISTS (SELECT 1 FROM locations AS l WHERE l.location_id = p.candidate)
ORDER BY ALL

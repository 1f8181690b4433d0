-- is decided on already, for the same source and context
-- hint: Delete one of the two rows; if two places are meant, the context must tell them apart.
--
-- An empty context counts as equal to an empty one. A flag that a point lies outside its unit is no decision.
SELECT max(place_id) AS record_id, 'name' AS field, name AS value,
    'is decided on already, in ' || min(place_id) || CASE WHEN count(DISTINCT coalesce(location_id, '')) > 1
        THEN ', for another location' ELSE '' END AS message
FROM places
WHERE place_method <> 'outside_unit'
GROUP BY source_id, name, context
HAVING count(*) > 1
ORDER BY ALL

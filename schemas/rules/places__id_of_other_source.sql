-- is not the id of its source, a hyphen and more
-- hint: Decisions are numbered or named within their source, <source_id>-<slug>.
SELECT place_id AS record_id, 'place_id' AS field, place_id AS value
FROM places
WHERE NOT starts_with(place_id, source_id || '-')
ORDER BY ALL

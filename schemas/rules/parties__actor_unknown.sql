-- names an actor that does not exist
-- hint: Mend the id, or describe the actor in the settings of the source's source.yaml and curate it again.
SELECT party_id AS record_id, 'actor_ids' AS field, actor_id AS value, 'is not a key of actors' AS message
FROM (SELECT party_id, unnest(string_split(actor_ids, ' ')) AS actor_id FROM parties) AS named
WHERE actor_id NOT IN (SELECT a.actor_id FROM actors AS a)
ORDER BY ALL

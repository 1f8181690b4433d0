-- One row is two actors that stand on one side, so that what the one holds the other does not contradict: organs,
-- members, leaders, heads, allies and parts of each other, by the links of actors; each pair in both directions.
-- actor_id: The one actor.
-- other_id: The other.
SELECT DISTINCT
    unnest([l.subject_id, l.related_id]) AS actor_id,
    unnest([l.related_id, l.subject_id]) AS other_id
FROM links AS l
WHERE l.subject_table = 'actors' AND l.related_table = 'actors'
    AND l.link_type IN ('organ_of', 'member_of', 'leads', 'heads', 'allied_with', 'same', 'part')
ORDER BY actor_id, other_id

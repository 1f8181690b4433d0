-- is also the name of another actor, and nothing says whether the two are the same
-- hint: Merge them (tombstones), or decide with a link: same, different, part or unsure.
-- severity: warning
SELECT b.actor_id AS record_id, 'name' AS field, b.name AS value, 'is also the name of ' || min(a.actor_id)
    || ', and nothing says whether the two are the same' AS message
FROM actors AS a
JOIN actors AS b ON lower(b.name) = lower(a.name) AND b.actor_id > a.actor_id
WHERE NOT EXISTS (
    SELECT 1
    FROM links AS l
    WHERE l.subject_table = 'actors' AND l.related_table = 'actors'
        AND ((l.subject_id = a.actor_id AND l.related_id = b.actor_id)
            OR (l.subject_id = b.actor_id AND l.related_id = a.actor_id))
)
GROUP BY b.actor_id, b.name
ORDER BY ALL

-- leads back to the record where it began: nothing is a part, member, organ or successor of itself
-- hint: Turn one of the rows of the circle round, or delete it.
--
-- Each of the four relations by itself, whatever the dates. A link of a record to itself is reported by
-- links__to_itself.
WITH RECURSIVE forward AS (
    SELECT link_type, subject_table || ' ' || subject_id AS one, related_table || ' ' || related_id AS other
    FROM links
    WHERE link_type IN ('part', 'member_of', 'organ_of', 'successor_of')
),
reach AS (
    SELECT link_type, one, other FROM forward
    UNION
    SELECT r.link_type, r.one, f.other
    FROM reach AS r
    JOIN forward AS f ON f.link_type = r.link_type AND f.one = r.other
)
SELECT l.link_id AS record_id, 'related_id' AS field, l.related_id AS value
FROM links AS l
JOIN reach AS r
    ON r.link_type = l.link_type AND r.one = l.related_table || ' ' || l.related_id
    AND r.other = l.subject_table || ' ' || l.subject_id
WHERE NOT (l.subject_table = l.related_table AND l.subject_id = l.related_id)
ORDER BY ALL

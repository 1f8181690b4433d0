-- says what another row says: a relation is stored once for a time, a symmetric one in one direction
-- hint: Delete one of the two.
--
-- Empty dates count as equal.
WITH ends AS (
    SELECT l.link_id, l.link_type, l.valid_from, l.valid_to, s.attribute_value AS both_ways,
        l.subject_table || ' ' || l.subject_id AS one, l.related_table || ' ' || l.related_id AS other
    FROM links AS l
    LEFT JOIN code_attributes AS s ON s.code_list = 'link_type' AND s.code = l.link_type AND s.attribute = 'symmetric'
)
SELECT max(link_id) AS record_id, 'link_type' AS field, link_type AS value,
    'says what ' || min(link_id) || ' says' AS message
FROM ends
WHERE one <> other
GROUP BY link_type, valid_from, valid_to,
    CASE both_ways WHEN 'yes' THEN least(one, other) ELSE one END,
    CASE both_ways WHEN 'yes' THEN greatest(one, other) ELSE other END
HAVING count(*) > 1
ORDER BY ALL

-- calls different what other links call the same, directly or through others
-- hint: One of the judgements is wrong.
-- severity: warning
-- covers: R-A04
WITH RECURSIVE near AS (
    SELECT subject_table || ' ' || subject_id AS one, related_table || ' ' || related_id AS other
    FROM links WHERE link_type = 'same'
    UNION
    SELECT related_table || ' ' || related_id, subject_table || ' ' || subject_id FROM links WHERE link_type = 'same'
),
reach AS (
    SELECT one, other FROM near
    UNION
    SELECT r.one, n.other FROM reach AS r JOIN near AS n ON n.one = r.other
)
SELECT DISTINCT l.link_id AS record_id, 'link_type' AS field, l.link_type AS value
FROM links AS l
JOIN reach AS r
    ON r.one = l.subject_table || ' ' || l.subject_id AND r.other = l.related_table || ' ' || l.related_id
WHERE l.link_type = 'different'
ORDER BY ALL

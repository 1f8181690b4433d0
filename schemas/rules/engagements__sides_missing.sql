-- lacks a side: an engagement of this type names those on both sides, or on whom it falls
-- hint: Add the participants. If the source does not say who the other side was, waive it.
-- covers: R-A03 R-E03
--
-- The attribute `opposed_sides` of the engagement's type: required wants two different sides whose stance is opposed;
-- one_sided wants somebody who faces the act (UCDP's third type of violence has a victim by definition).
SELECT e.engagement_id AS record_id, 'engagement_type' AS field, e.engagement_type AS value,
    CASE n.attribute_value WHEN 'required' THEN 'needs participants on two opposed sides'
    ELSE 'needs a participant on whom it falls' END AS message
FROM engagements AS e
JOIN code_attributes AS n
    ON n.code_list = 'engagement_type' AND n.code = e.engagement_type AND n.attribute = 'opposed_sides'
LEFT JOIN participants AS p ON p.subject_table = 'engagements' AND p.subject_id = e.engagement_id
LEFT JOIN code_attributes AS s
    ON s.code_list = 'side' AND s.code = p.side AND s.attribute = 'stance' AND s.attribute_value = 'opposed'
LEFT JOIN code_attributes AS r
    ON r.code_list = 'role' AND r.code = p.role AND r.attribute = 'part' AND r.attribute_value = 'faces'
GROUP BY e.engagement_id, e.engagement_type, n.attribute_value
HAVING (n.attribute_value = 'required' AND count(DISTINCT s.code) < 2)
    OR (n.attribute_value = 'one_sided' AND count(r.code) = 0)
ORDER BY ALL

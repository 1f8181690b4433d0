-- began with a capture, after which fighting at the same place is recorded within a fortnight
-- hint: Look whether the place was truly held: contested, or held by turns. If it was, waive it.
-- severity: warning
-- covers: R-K04
--
-- Fighting is an engagement whose type needs two opposed sides, at the place itself, that surely began after the first
-- day that the period can start and at most 14 days later; a campaign or other whole is not meant, nor the capture
-- itself.
SELECT c.control_id AS record_id, 'held_from' AS field, c.held_from AS value,
    'is followed within a fortnight by ' || min(e.engagement_id) || ' at the same place' AS message
FROM control AS c
JOIN engagements AS s ON s.engagement_id = c.start_engagement_id
JOIN engagements AS e ON e.location_id = c.location_id AND e.engagement_id <> s.engagement_id
JOIN code_attributes AS g
    ON g.code_list = 'engagement_type' AND g.code = e.engagement_type AND g.attribute = 'opposed_sides'
    AND g.attribute_value = 'required'
JOIN code_attributes AS x
    ON x.code_list = 'control_state' AND x.code = c.control_state AND x.attribute = 'exclusive'
    AND x.attribute_value = 'exclusive'
WHERE e.engagement_type <> 'campaign'
    AND e.date_start_earliest > c.held_from_latest AND e.date_start_latest <= c.held_from_latest + 14
GROUP BY c.control_id, c.held_from
ORDER BY ALL

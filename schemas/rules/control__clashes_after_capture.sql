-- began with a capture, after which fighting inside the place is recorded within a fortnight
-- hint: Look whether the place was truly held: contested, or held by turns. If it was, waive it.
-- severity: warning
-- covers: R-K04
--
-- Fighting is an engagement whose type needs two opposed sides, inside: at the place or at one below it, and by its
-- location_relation not near it or on the way to it. It surely went on after the first day that the period can start,
-- and surely began at most 14 days after it, whether or not the period was over by then. Not meant are a campaign or
-- other whole, nor the capture itself or what is the same.
SELECT c.control_id AS record_id, 'held_from' AS field, c.held_from AS value,
    'is followed within a fortnight by ' || min(e.engagement_id) || ' inside the place' AS message
FROM control AS c
JOIN places_within AS i ON i.whole_id = c.location_id
JOIN engagements AS e ON e.location_id = i.location_id
JOIN code_attributes AS g
    ON g.code_list = 'engagement_type' AND g.code = e.engagement_type AND g.attribute = 'opposed_sides'
    AND g.attribute_value = 'required'
JOIN code_attributes AS x
    ON x.code_list = 'control_state' AND x.code = c.control_state AND x.attribute = 'exclusive'
    AND x.attribute_value = 'exclusive'
LEFT JOIN code_attributes AS w
    ON w.code_list = 'location_relation' AND w.code = e.location_relation AND w.attribute = 'contained'
WHERE e.engagement_type <> 'campaign'
    AND coalesce(w.attribute_value, 'yes') = 'yes'
    AND coalesce(e.date_end_earliest, e.date_start_earliest) > c.held_from_latest
    AND e.date_start_latest <= c.held_from_latest + 14
    AND e.engagement_id <> c.start_engagement_id
    AND NOT EXISTS (
        SELECT 1
        FROM links AS l
        WHERE l.link_type = 'same' AND l.subject_table = 'engagements'
            AND ((l.subject_id = e.engagement_id AND l.related_id = c.start_engagement_id)
                OR (l.related_id = e.engagement_id AND l.subject_id = c.start_engagement_id))
    )
GROUP BY c.control_id, c.held_from
ORDER BY ALL

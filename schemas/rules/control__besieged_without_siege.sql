-- is besieged, and no engagement is the siege
-- hint: Add the siege, with the besieger as initiator. If no source says who besieged the place, waive it.
-- severity: warning
--
-- A siege at the place, below it or around it whose dates can overlap the period.
SELECT c.control_id AS record_id, 'control_state' AS field, c.control_state AS value
FROM control AS c
JOIN code_attributes AS x
    ON x.code_list = 'control_state' AND x.code = c.control_state AND x.attribute = 'situation'
    AND x.attribute_value = 'besieged'
WHERE NOT EXISTS (
    SELECT 1
    FROM engagements AS e
    JOIN places_within AS i
        ON (i.location_id = e.location_id AND i.whole_id = c.location_id)
        OR (i.location_id = c.location_id AND i.whole_id = e.location_id)
    WHERE e.engagement_type = 'siege'
        AND NOT coalesce(e.date_end_latest < c.held_from_earliest, FALSE)
        AND NOT coalesce(c.held_to_latest < e.date_start_earliest, FALSE)
)
ORDER BY ALL

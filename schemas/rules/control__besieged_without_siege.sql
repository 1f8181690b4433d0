-- is besieged, and no engagement is the siege
-- hint: Add the siege, with the besieger as initiator. If no source says who besieged the place, waive it.
-- severity: warning
--
-- A siege at the place, below it or around it whose dates can overlap the period.
WITH RECURSIVE inside AS (
    SELECT location_id, location_id AS whole FROM locations
    UNION
    SELECT i.location_id, l.parent_id
    FROM inside AS i JOIN locations AS l ON l.location_id = i.whole
    WHERE l.parent_id IS NOT NULL
)
SELECT c.control_id AS record_id, 'control_state' AS field, c.control_state AS value
FROM control AS c
JOIN code_attributes AS x
    ON x.code_list = 'control_state' AND x.code = c.control_state AND x.attribute = 'situation'
    AND x.attribute_value = 'besieged'
WHERE NOT EXISTS (
    SELECT 1
    FROM engagements AS e
    JOIN inside AS i
        ON (i.location_id = e.location_id AND i.whole = c.location_id)
        OR (i.location_id = c.location_id AND i.whole = e.location_id)
    WHERE e.engagement_type = 'siege'
        AND NOT coalesce(e.date_end_latest < c.held_from_earliest, FALSE)
        AND NOT coalesce(c.held_to_latest < e.date_start_earliest, FALSE)
)
ORDER BY ALL

-- begins where another sole holder's period ends, and no engagement says how the place changed hands
-- hint: Fill start_engagement_id here or end_engagement_id there; if no source tells, waive it.
-- severity: warning
-- covers: R-K02
SELECT b.control_id AS record_id, 'start_engagement_id' AS field
FROM control AS a
JOIN control AS b ON b.location_id = a.location_id AND b.holder_id <> a.holder_id AND b.held_from = a.held_to
JOIN code_attributes AS x
    ON x.code_list = 'control_state' AND x.code = a.control_state AND x.attribute = 'exclusive'
    AND x.attribute_value = 'exclusive'
JOIN code_attributes AS y
    ON y.code_list = 'control_state' AND y.code = b.control_state AND y.attribute = 'exclusive'
    AND y.attribute_value = 'exclusive'
WHERE b.start_engagement_id IS NULL AND a.end_engagement_id IS NULL
ORDER BY ALL

-- leaves the rest of the place to others, and no period says to whom
-- hint: Add the period of the other side. If no source says who had the rest, waive it.
-- severity: warning
--
-- A holder alone in a state whose attribute `situation` is contested or divided: no other holder has a period that can
-- overlap it, at the place or at one below it. Only for places that are points (a town, a quarter, a crossing): of a
-- country or region sources tell a share without saying whose the rest is.
SELECT c.control_id AS record_id, 'control_state' AS field, c.control_state AS value
FROM control AS c
JOIN code_attributes AS x
    ON x.code_list = 'control_state' AND x.code = c.control_state AND x.attribute = 'situation'
    AND x.attribute_value IN ('contested', 'divided')
JOIN locations AS p ON p.location_id = c.location_id
JOIN code_attributes AS t
    ON t.code_list = 'location_type' AND t.code = p.location_type AND t.attribute = 'shape'
    AND t.attribute_value = 'point'
WHERE c.holder_id IS NOT NULL
    AND NOT EXISTS (
        SELECT 1
        FROM places_within AS i
        JOIN control AS o ON o.location_id = i.location_id
        WHERE i.whole_id = c.location_id AND o.holder_id <> c.holder_id
            AND NOT coalesce(o.held_to_latest <= c.held_from_earliest, FALSE)
            AND NOT coalesce(c.held_to_latest <= o.held_from_earliest, FALSE)
    )
ORDER BY ALL

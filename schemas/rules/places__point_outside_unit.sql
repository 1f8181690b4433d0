-- has a point outside the unit that its source names for it
-- hint: Look which of the two is wrong. Neither is moved: what stays is waived with the reason.
-- severity: warning
-- covers: R-L01
--
-- The polygons of the units are not in this dataset. Who curates a source compares its points with them and leaves a
-- row of this method for each that lies outside; the note says how far, and where instead.
SELECT place_id AS record_id, 'name' AS field, name AS value,
    'has a point outside ' || location_id || ', which its source names for it' AS message
FROM places
WHERE place_method = 'outside_unit'
ORDER BY ALL

-- does not fit the method: some name the location that was chosen, the others leave it open
-- hint: Fill location_id, or empty it, or choose another method.
--
-- The attribute `location` of the method says which.
SELECT p.place_id AS record_id, 'location_id' AS field, p.location_id AS value,
    CASE WHEN p.location_id IS NULL THEN 'is empty, and the method is ' || p.place_method
        ELSE 'is filled, and the method is ' || p.place_method END AS message
FROM places AS p
JOIN code_attributes AS a
    ON a.code_list = 'place_method' AND a.code = p.place_method AND a.attribute = 'location'
WHERE (a.attribute_value = 'required') = (p.location_id IS NULL)
ORDER BY ALL

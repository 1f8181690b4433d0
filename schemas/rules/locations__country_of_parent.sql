-- is not the country of the place's administrative parent
-- hint: Mend the country, or the parent; what spans a border has no administrative parent below it.
-- covers: R-L01
--
-- Only where both countries are filled.
SELECT l.location_id AS record_id, 'country' AS field, l.country AS value
FROM locations AS l
JOIN locations AS p ON p.location_id = l.parent_id
WHERE l.country <> p.country
ORDER BY ALL

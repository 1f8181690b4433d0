-- does not fit the place or the radius of the event
-- hint: 1 and 2 are for events at or near a point, 3 for a district, 4 for a governorate, 6 for a country.
-- covers: R-L02
--
-- Finer than the place: 1 to 4 for an event that is placed by a country, governorate or district alone and has no point
-- of its own (the crosswalk of location_type says which precision such a unit has). Coarser: 3, 4 or 6 at a place that
-- is a point. A radius above 25 km with 1, above 30 km with 2. Empty cells are null, and no finding follows.
SELECT e.engagement_id AS record_id, 'where_prec' AS field, e.where_prec AS value
FROM engagements AS e
LEFT JOIN locations AS l USING (location_id)
LEFT JOIN crosswalks AS w
    ON w.code_list = 'location_type' AND w.code = l.location_type
    AND w.code_system = 'ucdp-where-prec' AND w.match IN ('exact', 'close')
LEFT JOIN code_attributes AS s
    ON s.code_list = 'location_type' AND s.code = l.location_type AND s.attribute = 'shape'
WHERE (e.latitude IS NULL AND e.where_prec IN ('1', '2', '3', '4') AND e.where_prec < w.system_code)
    OR (s.attribute_value = 'point' AND e.where_prec IN ('3', '4', '6'))
    OR (e.where_prec = '1' AND e.radius_m > 25000)
    OR (e.where_prec = '2' AND e.radius_m > 30000)
ORDER BY ALL

-- is far from the coordinates of the event's place
-- hint: Look whether latitude and longitude are swapped or have the wrong sign, or whether the place is another one.
-- severity: warning
-- covers: R-L01
--
-- Far is more than 50 km beyond both radii, for a place that is a point (the attribute `shape` of its type) and an
-- event at it or near it. An event told at a distance from its place or on the way to it may be anywhere. Empty cells
-- are null; the point 0, 0 is reported by strikes__sentinel_point and locations__sentinel_point alone.
WITH apart AS (
    SELECT e.strike_id, e.latitude, e.location_id, coalesce(e.radius_m, 0) + coalesce(l.radius_m, 0) AS radii_m,
        12742 * asin(sqrt(power(sin(radians(e.latitude - l.latitude) / 2), 2)
            + cos(radians(l.latitude)) * cos(radians(e.latitude))
            * power(sin(radians(e.longitude - l.longitude) / 2), 2))) AS km
    FROM strikes AS e
    JOIN locations AS l USING (location_id)
    JOIN code_attributes AS s
        ON s.code_list = 'location_type' AND s.code = l.location_type AND s.attribute = 'shape'
        AND s.attribute_value = 'point'
    WHERE coalesce(e.location_relation, 'at') IN ('at', 'within', 'part_of', 'near', 'around')
        AND NOT (e.latitude = 0 AND e.longitude = 0)
        AND NOT (l.latitude = 0 AND l.longitude = 0)
)
SELECT strike_id AS record_id, 'latitude' AS field, regexp_replace(CAST(latitude AS VARCHAR), '[.]0$', '') AS value,
    'is ' || CAST(CAST(round(km) AS BIGINT) AS VARCHAR) || ' km from the coordinates of ' || location_id AS message
FROM apart
WHERE km > 50 + radii_m / 1000
ORDER BY ALL

-- looks like another place, and nothing says whether the two are the same
-- hint: Merge them (tombstones), or decide with a link: same, different, part or unsure.
-- severity: warning
-- covers: R-L03
--
-- Alike are two places of one type with the same name that are less than 25 km apart or of which one has no coordinates
-- (countries that are both known must be equal), and two places that are points with the very same coordinates (0, 0 is
-- none: locations__sentinel_point). A place and its administrative parent may share name or point, and two places to
-- which one register gives different ids are told apart by it.
WITH alike AS (
    SELECT a.location_id AS one, b.location_id AS other
    FROM locations AS a
    JOIN locations AS b
        ON lower(b.name) = lower(a.name) AND b.location_type = a.location_type AND b.location_id > a.location_id
    WHERE coalesce(a.country, b.country, '') = coalesce(b.country, a.country, '')
        AND (a.latitude IS NULL OR b.latitude IS NULL
            OR 12742 * asin(sqrt(power(sin(radians(b.latitude - a.latitude) / 2), 2)
                + cos(radians(a.latitude)) * cos(radians(b.latitude))
                * power(sin(radians(b.longitude - a.longitude) / 2), 2))) < 25)
    UNION
    SELECT a.location_id, b.location_id
    FROM locations AS a
    JOIN locations AS b
        ON b.latitude = a.latitude AND b.longitude = a.longitude AND b.location_id > a.location_id
    JOIN code_attributes AS s
        ON s.code_list = 'location_type' AND s.code = a.location_type AND s.attribute = 'shape'
        AND s.attribute_value = 'point'
    JOIN code_attributes AS t
        ON t.code_list = 'location_type' AND t.code = b.location_type AND t.attribute = 'shape'
        AND t.attribute_value = 'point'
    WHERE NOT (a.latitude = 0 AND a.longitude = 0)
)
SELECT b.location_id AS record_id, 'name' AS field, b.name AS value,
    'looks like ' || min(a.location_id) || ' (name or point), and nothing says whether the two are the same' AS message
FROM alike
JOIN locations AS a ON a.location_id = one
JOIN locations AS b ON b.location_id = other
WHERE a.parent_id IS DISTINCT FROM b.location_id AND b.parent_id IS DISTINCT FROM a.location_id
    AND NOT EXISTS (
        SELECT 1
        FROM links AS l
        WHERE l.subject_table = 'locations' AND l.related_table = 'locations'
            AND ((l.subject_id = one AND l.related_id = other) OR (l.subject_id = other AND l.related_id = one))
    )
    AND NOT EXISTS (
        SELECT 1
        FROM identifiers AS i
        JOIN identifiers AS j
            ON j.scheme = i.scheme AND j.identifier <> i.identifier AND j.match = 'exact'
            AND j.subject_table = 'locations' AND j.subject_id = other
        WHERE i.subject_table = 'locations' AND i.subject_id = one AND i.match = 'exact'
    )
GROUP BY b.location_id, b.name
ORDER BY ALL

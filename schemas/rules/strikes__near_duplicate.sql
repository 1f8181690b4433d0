-- looks like another strike, and nothing says whether the two are the same
-- hint: Decide with a link: same, part, different or unsure.
-- severity: warning
-- covers: R-E02
--
-- As engagements__near_duplicate, with the type of strike; a strike is a line of one reporter, so that the same act
-- told by two reporters is two rows and a link.
WITH events AS (
    SELECT e.strike_id, e.strike_type, e.location_id,
        coalesce(e.latitude, l.latitude) AS latitude, coalesce(e.longitude, l.longitude) AS longitude,
        e.date_start_earliest AS day
    FROM strikes AS e
    LEFT JOIN locations AS l USING (location_id)
    WHERE e.date_start_latest - e.date_start_earliest <= 7
),
initiators AS (
    SELECT subject_id, actor_id FROM participants WHERE subject_table = 'strikes' AND role = 'initiator'
)
SELECT b.strike_id AS record_id, 'date_start' AS field, CAST(b.day AS VARCHAR) AS value,
    'looks like ' || min(a.strike_id) || ' (type, place, day), and nothing says whether the two are the same'
        AS message
FROM events AS a
CROSS JOIN (VALUES (-1), (0), (1)) AS days (apart)
JOIN events AS b ON b.strike_type = a.strike_type AND b.day = a.day + days.apart AND b.strike_id > a.strike_id
WHERE (b.location_id = a.location_id
        OR 12742 * asin(sqrt(power(sin(radians(b.latitude - a.latitude) / 2), 2)
            + cos(radians(a.latitude)) * cos(radians(b.latitude))
            * power(sin(radians(b.longitude - a.longitude) / 2), 2))) <= 5)
    AND NOT EXISTS (
        SELECT 1
        FROM claims AS c
        JOIN claims AS d ON d.source_id = c.source_id AND d.subject_table = 'strikes'
        WHERE c.subject_table = 'strikes' AND c.subject_id = a.strike_id AND d.subject_id = b.strike_id
    )
    AND NOT (
        EXISTS (SELECT 1 FROM initiators AS i WHERE i.subject_id = a.strike_id)
        AND EXISTS (SELECT 1 FROM initiators AS i WHERE i.subject_id = b.strike_id)
        AND NOT EXISTS (
            SELECT 1 FROM initiators AS i JOIN initiators AS j USING (actor_id)
            WHERE i.subject_id = a.strike_id AND j.subject_id = b.strike_id
        )
    )
    AND NOT EXISTS (
        SELECT 1
        FROM links AS l
        WHERE l.subject_table = 'strikes' AND l.related_table = 'strikes'
            AND ((l.subject_id = a.strike_id AND l.related_id = b.strike_id)
                OR (l.subject_id = b.strike_id AND l.related_id = a.strike_id))
    )
GROUP BY b.strike_id, b.day
ORDER BY ALL

-- looks like another engagement, and nothing says whether the two are the same
-- hint: Decide with a link: same, part, different or unsure.
-- severity: warning
-- covers: R-E02
--
-- One type, one place (or places within 5 km), starts within a day of each other, no initiators that differ, and no
-- source that tells of both (a source that tells of two tells them apart). Parts of one another are not meant.
WITH events AS (
    SELECT e.engagement_id, e.engagement_type, e.location_id, e.part_of_id,
        coalesce(e.latitude, l.latitude) AS latitude, coalesce(e.longitude, l.longitude) AS longitude,
        e.date_start_earliest AS day
    FROM engagements AS e
    LEFT JOIN locations AS l USING (location_id)
    WHERE e.date_start_latest - e.date_start_earliest <= 7
),
initiators AS (
    SELECT subject_id, actor_id FROM participants WHERE subject_table = 'engagements' AND role = 'initiator'
)
SELECT b.engagement_id AS record_id, 'date_start' AS field, CAST(b.day AS VARCHAR) AS value,
    'looks like ' || min(a.engagement_id) || ' (type, place, day), and nothing says whether the two are the same'
        AS message
FROM events AS a
CROSS JOIN (VALUES (-1), (0), (1)) AS days (apart)
JOIN events AS b ON b.engagement_type = a.engagement_type AND b.day = a.day + days.apart AND b.engagement_id > a.engagement_id
WHERE (b.location_id = a.location_id
        OR 12742 * asin(sqrt(power(sin(radians(b.latitude - a.latitude) / 2), 2)
            + cos(radians(a.latitude)) * cos(radians(b.latitude))
            * power(sin(radians(b.longitude - a.longitude) / 2), 2))) <= 5)
    AND a.part_of_id IS DISTINCT FROM b.engagement_id AND b.part_of_id IS DISTINCT FROM a.engagement_id
    AND NOT EXISTS (
        SELECT 1
        FROM claims AS c
        JOIN claims AS d ON d.source_id = c.source_id AND d.subject_table = 'engagements'
        WHERE c.subject_table = 'engagements' AND c.subject_id = a.engagement_id AND d.subject_id = b.engagement_id
    )
    AND NOT (
        EXISTS (SELECT 1 FROM initiators AS i WHERE i.subject_id = a.engagement_id)
        AND EXISTS (SELECT 1 FROM initiators AS i WHERE i.subject_id = b.engagement_id)
        AND NOT EXISTS (
            SELECT 1 FROM initiators AS i JOIN initiators AS j USING (actor_id)
            WHERE i.subject_id = a.engagement_id AND j.subject_id = b.engagement_id
        )
    )
    AND NOT EXISTS (
        SELECT 1
        FROM links AS l
        WHERE l.subject_table = 'engagements' AND l.related_table = 'engagements'
            AND ((l.subject_id = a.engagement_id AND l.related_id = b.engagement_id)
                OR (l.subject_id = b.engagement_id AND l.related_id = a.engagement_id))
    )
GROUP BY b.engagement_id, b.day
ORDER BY ALL

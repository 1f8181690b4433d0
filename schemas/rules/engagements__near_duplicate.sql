-- looks like another engagement, and nothing says whether the two are the same
-- hint: Decide with a link: same, part, different or unsure.
-- severity: warning
-- covers: R-E02
--
-- One type, one place (or places within 5 km), starts within a day of each other, no initiators that differ, and no
-- source that tells of both (a source that tells of two tells them apart). Parts of one another are not meant. A start
-- that is not known to within a week is compared with nothing; of the others the first day counts.
WITH events AS (
    SELECT e.engagement_id, e.engagement_type, e.location_id, e.part_of_id,
        coalesce(e.latitude, l.latitude) AS latitude, coalesce(e.longitude, l.longitude) AS longitude,
        e.date_start_earliest AS day
    FROM engagements AS e
    LEFT JOIN locations AS l USING (location_id)
    WHERE e.date_start_latest - e.date_start_earliest <= 7
),
shifted AS (
    SELECT *, day - 1 AS near_day FROM events
    UNION ALL
    SELECT *, day FROM events
    UNION ALL
    SELECT *, day + 1 FROM events
),
alike AS (
    SELECT a.engagement_id AS one, b.engagement_id AS other, b.day
    FROM shifted AS a
    JOIN events AS b ON b.engagement_type = a.engagement_type AND b.day = a.near_day
    WHERE b.engagement_id > a.engagement_id
        AND (b.location_id = a.location_id
            OR 12742 * asin(sqrt(power(sin(radians(b.latitude - a.latitude) / 2), 2)
                + cos(radians(a.latitude)) * cos(radians(b.latitude))
                * power(sin(radians(b.longitude - a.longitude) / 2), 2))) <= 5)
        AND a.part_of_id IS DISTINCT FROM b.engagement_id AND b.part_of_id IS DISTINCT FROM a.engagement_id
),
told AS (
    SELECT DISTINCT subject_id, source_id FROM claims WHERE subject_table = 'engagements'
),
one_source AS (
    SELECT p.one, p.other
    FROM alike AS p
    JOIN told AS c ON c.subject_id = p.one
    JOIN told AS d ON d.subject_id = p.other AND d.source_id = c.source_id
),
initiators AS (
    SELECT DISTINCT subject_id, actor_id
    FROM participants
    WHERE subject_table = 'engagements' AND role = 'initiator'
),
one_initiator AS (
    SELECT p.one, p.other
    FROM alike AS p
    JOIN initiators AS i ON i.subject_id = p.one
    JOIN initiators AS j ON j.subject_id = p.other AND j.actor_id = i.actor_id
),
decided AS (
    SELECT subject_id AS one, related_id AS other
    FROM links
    WHERE subject_table = 'engagements' AND related_table = 'engagements'
    UNION ALL
    SELECT related_id, subject_id FROM links WHERE subject_table = 'engagements' AND related_table = 'engagements'
)
SELECT p.other AS record_id, 'date_start' AS field, CAST(p.day AS VARCHAR) AS value,
    'looks like ' || min(p.one) || ' (type, place, day), and nothing says whether the two are the same' AS message
FROM alike AS p
WHERE NOT EXISTS (SELECT 1 FROM one_source AS s WHERE s.one = p.one AND s.other = p.other)
    AND NOT EXISTS (SELECT 1 FROM decided AS s WHERE s.one = p.one AND s.other = p.other)
    AND (EXISTS (SELECT 1 FROM one_initiator AS s WHERE s.one = p.one AND s.other = p.other)
        OR NOT EXISTS (SELECT 1 FROM initiators AS i WHERE i.subject_id = p.one)
        OR NOT EXISTS (SELECT 1 FROM initiators AS i WHERE i.subject_id = p.other))
GROUP BY p.other, p.day
ORDER BY ALL

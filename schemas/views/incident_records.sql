-- One row is one engagement or strike, with the incident that it tells of: records that a judgement calls the same are
-- one incident, by however many steps. A judgement of a person stands over that of a script on the same pair.
-- event_table: `engagements` or `strikes`; records of two tables are never one incident, but one may be part of the
--   other.
-- event_id: Key of the record.
-- incident_id: The incident: the least of the keys of its records.
WITH RECURSIVE decided AS (
    -- The pairs on which a person took the decision, whichever it is.
    SELECT k.subject_table AS event_table, k.subject_id AS one, k.related_id AS other
    FROM links AS k
    WHERE k.method = 'judgement' AND k.link_type IN ('same', 'part', 'different', 'unsure')
        AND k.subject_table = k.related_table
),
same AS (
    SELECT k.subject_table AS event_table, k.subject_id AS one, k.related_id AS other
    FROM links AS k
    WHERE k.link_type = 'same' AND k.subject_table IN ('engagements', 'strikes') AND k.related_table = k.subject_table
        AND (
            k.method = 'judgement'
            OR NOT EXISTS (
                SELECT 1 FROM decided AS d
                WHERE d.event_table = k.subject_table
                    AND (
                        d.one = k.subject_id AND d.other = k.related_id
                        OR d.one = k.related_id AND d.other = k.subject_id
                    )
            )
        )
),
both_ways AS (
    SELECT event_table, one, other FROM same
    UNION
    SELECT event_table, other, one FROM same
),
reach AS (
    SELECT event_table, one, other FROM both_ways
    UNION
    SELECT r.event_table, r.one, b.other
    FROM reach AS r
    JOIN both_ways AS b ON b.event_table = r.event_table AND b.one = r.other
),
every_event AS (
    SELECT 'engagements' AS event_table, engagement_id AS event_id FROM engagements
    UNION ALL
    SELECT 'strikes', strike_id FROM strikes
)
SELECT
    e.event_table,
    e.event_id,
    coalesce(least(min(r.other), e.event_id), e.event_id) AS incident_id
FROM every_event AS e
LEFT JOIN reach AS r ON r.event_table = e.event_table AND r.one = e.event_id
GROUP BY e.event_table, e.event_id
ORDER BY e.event_table, e.event_id

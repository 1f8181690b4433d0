-- One row is one incident and one in which it is contained, by however many steps: a judgement `part`, an engagement
-- that is part of another, a strike that belongs to an engagement. `unsure` contains nothing.
-- event_table: The table of the records of the contained incident.
-- incident_id: The contained incident.
-- whole_table: The table of the records of the containing incident.
-- whole_id: The containing incident.
-- depth: By how many steps at least.
WITH RECURSIVE parts AS (
    SELECT k.subject_table AS event_table, k.subject_id AS event_id,
        k.related_table AS whole_table, k.related_id AS whole
    FROM links AS k
    WHERE k.link_type = 'part' AND k.subject_table IN ('engagements', 'strikes')
        AND k.related_table IN ('engagements', 'strikes')
        AND (
            k.method = 'judgement'
            OR NOT EXISTS (
                SELECT 1 FROM links AS d
                WHERE d.method = 'judgement' AND d.link_type IN ('same', 'part', 'different', 'unsure')
                    AND (
                        d.subject_table = k.subject_table AND d.subject_id = k.subject_id
                        AND d.related_table = k.related_table AND d.related_id = k.related_id
                        OR d.subject_table = k.related_table AND d.subject_id = k.related_id
                        AND d.related_table = k.subject_table AND d.related_id = k.subject_id
                    )
            )
        )
    UNION ALL
    SELECT 'engagements', engagement_id, 'engagements', part_of_id FROM engagements WHERE part_of_id IS NOT NULL
    UNION ALL
    SELECT 'strikes', strike_id, 'engagements', engagement_id FROM strikes WHERE engagement_id IS NOT NULL
),
steps AS (
    SELECT DISTINCT p.event_table, a.incident_id, p.whole_table, b.incident_id AS whole_id
    FROM parts AS p
    JOIN incident_records AS a ON a.event_table = p.event_table AND a.event_id = p.event_id
    JOIN incident_records AS b ON b.event_table = p.whole_table AND b.event_id = p.whole
    WHERE p.event_table <> p.whole_table OR a.incident_id <> b.incident_id
),
up AS (
    SELECT event_table, incident_id, whole_table, whole_id, 1 AS depth,
        [event_table || ' ' || incident_id, whole_table || ' ' || whole_id] AS seen
    FROM steps
    UNION ALL
    SELECT u.event_table, u.incident_id, s.whole_table, s.whole_id, u.depth + 1,
        list_append(u.seen, s.whole_table || ' ' || s.whole_id)
    FROM up AS u
    JOIN steps AS s ON s.event_table = u.whole_table AND s.incident_id = u.whole_id
    WHERE NOT list_contains(u.seen, s.whole_table || ' ' || s.whole_id)
)
SELECT event_table, incident_id, whole_table, whole_id, min(depth) AS depth
FROM up
GROUP BY event_table, incident_id, whole_table, whole_id
ORDER BY event_table, incident_id, depth, whole_table, whole_id

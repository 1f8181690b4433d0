-- One row is two incidents of which nobody can say whether they are the same, since some record of the one is judged
-- `unsure` against one of the other; each pair in both directions. A judgement of a person stands over that of a
-- script.
-- event_table: The table of the records of the one incident.
-- incident_id: The one incident.
-- other_table: The table of the records of the other.
-- other_id: The other incident.
WITH judged AS (
    SELECT
        subject_table, subject_id, related_table, related_id, link_type, method,
        least(subject_table || ' ' || subject_id, related_table || ' ' || related_id) AS one,
        greatest(subject_table || ' ' || subject_id, related_table || ' ' || related_id) AS other
    FROM links
    WHERE link_type IN ('same', 'part', 'different', 'unsure')
        AND subject_table IN ('engagements', 'strikes') AND related_table IN ('engagements', 'strikes')
),
doubted AS (
    SELECT DISTINCT
        a.event_table,
        a.incident_id,
        b.event_table AS other_table,
        b.incident_id AS other_id
    FROM judged AS j
    JOIN incident_records AS a ON a.event_table = j.subject_table AND a.event_id = j.subject_id
    JOIN incident_records AS b ON b.event_table = j.related_table AND b.event_id = j.related_id
    WHERE j.link_type = 'unsure'
        AND (
            j.method = 'judgement'
            OR NOT EXISTS (
                SELECT 1 FROM judged AS d WHERE d.method = 'judgement' AND d.one = j.one AND d.other = j.other
            )
        )
        AND (a.event_table <> b.event_table OR a.incident_id <> b.incident_id)
)
SELECT event_table, incident_id, other_table, other_id FROM doubted
UNION
SELECT other_table, other_id, event_table, incident_id FROM doubted
ORDER BY event_table, incident_id, other_table, other_id

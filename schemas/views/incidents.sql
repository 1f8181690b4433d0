-- One row is one engagement or strike and the incident of which it is a telling: nothing is merged, and every record
-- keeps its own row. FROM incidents WHERE n_records > 1 shows what is told more than once.
-- event_table: `engagements` or `strikes`.
-- event_id: Key of the record.
-- incident_id: The incident: records that a standing judgement calls the same share it; the least of their keys.
-- n_records: How many records tell of the incident.
-- records: Their keys, separated by spaces.
-- n_parts: How many incidents are contained in it, by one step or more.
-- contained_in: The incidents in which it is contained, nearest first, separated by spaces.
-- unsure_of: The records of which nobody can say whether they are the same as this one, separated by spaces.
SELECT
    i.event_table,
    i.event_id,
    i.incident_id,
    t.n_records,
    t.records,
    coalesce(p.n_parts, 0) AS n_parts,
    w.contained_in,
    u.unsure_of
FROM incident_records AS i
JOIN (
    SELECT event_table, incident_id, count(*) AS n_records, string_agg(event_id, ' ' ORDER BY event_id) AS records
    FROM incident_records
    GROUP BY event_table, incident_id
) AS t ON t.event_table = i.event_table AND t.incident_id = i.incident_id
LEFT JOIN (
    SELECT whole_table, whole_id, count(*) AS n_parts FROM incident_wholes GROUP BY whole_table, whole_id
) AS p ON p.whole_table = i.event_table AND p.whole_id = i.incident_id
LEFT JOIN (
    SELECT event_table, incident_id, string_agg(whole_id, ' ' ORDER BY depth, whole_table, whole_id) AS contained_in
    FROM incident_wholes
    GROUP BY event_table, incident_id
) AS w ON w.event_table = i.event_table AND w.incident_id = i.incident_id
LEFT JOIN (
    SELECT event_table, event_id, string_agg(other, ' ' ORDER BY other) AS unsure_of
    FROM (
        SELECT subject_table AS event_table, subject_id AS event_id, related_id AS other
        FROM links WHERE link_type = 'unsure'
        UNION
        SELECT related_table, related_id, subject_id FROM links WHERE link_type = 'unsure'
    ) AS k
    GROUP BY event_table, event_id
) AS u ON u.event_table = i.event_table AND u.event_id = i.event_id
ORDER BY i.event_table, i.event_id

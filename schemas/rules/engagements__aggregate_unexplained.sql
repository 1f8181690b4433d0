-- stands for several incidents that nothing tells of: it has neither parts nor a description nor a figure for how many
-- hint: Say in description what it sums up, or add its parts (part_of_id) or the figure.
-- severity: warning
-- covers: R-E01
SELECT e.engagement_id AS record_id, 'event_clarity' AS field, e.event_clarity AS value
FROM engagements AS e
WHERE e.event_clarity = 'aggregate' AND e.description IS NULL
    AND NOT EXISTS (SELECT 1 FROM engagements AS p WHERE p.part_of_id = e.engagement_id)
    AND NOT EXISTS (SELECT 1 FROM strikes AS p WHERE p.engagement_id = e.engagement_id)
    AND NOT EXISTS (SELECT 1 FROM figures AS f WHERE f.subject_table = 'engagements' AND f.subject_id = e.engagement_id)
ORDER BY ALL

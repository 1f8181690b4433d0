-- has no participants: actors take part in engagements and strikes
-- hint: What relates an actor to another record is a link.
SELECT participant_id AS record_id, 'subject_table' AS field, subject_table AS value
FROM participants
WHERE subject_table NOT IN ('engagements', 'strikes')
ORDER BY ALL

-- has this role in this event already
-- hint: Delete one of the two rows; what else is claimed of the part is a claim on the row that stays.
--
-- Rows on two sides are reported by participants__against_itself alone.
SELECT max(participant_id) AS record_id, 'actor_id' AS field, actor_id AS value,
    'has the role ' || role || ' in this event already, in ' || min(participant_id) AS message
FROM participants
GROUP BY subject_table, subject_id, actor_id, side, role
HAVING count(*) > 1
ORDER BY ALL

-- did not exist for the whole of the period
-- hint: Mend the period, or the actor's active_from and active_to; a successor is another actor.
-- covers: R-A01
--
-- Surely: the period begins, or has ended, at the latest reading, before the actor can have begun, or ends, or begins,
-- at the earliest, after it can have ended. Empty and open dates are null.
SELECT c.control_id AS record_id, 'holder_id' AS field, c.holder_id AS value
FROM control AS c
JOIN actors AS a ON a.actor_id = c.holder_id
WHERE c.held_from_latest < a.active_from_earliest
    OR c.held_to_latest < a.active_from_earliest
    OR c.held_to_earliest > a.active_to_latest
    OR c.held_from_earliest > a.active_to_latest
ORDER BY ALL

-- did not exist at the time of the event
-- hint: Mend the event's dates, or the actor's active_from and active_to; a successor is another actor.
-- covers: R-A01
--
-- Surely: the event ended before the actor can have begun, or began after it can have ended. An event without a stated
-- end has no end here (null).
WITH events AS (
    SELECT 'engagements' AS subject_table, engagement_id AS subject_id, date_start_earliest, date_end_latest
    FROM engagements
    UNION ALL
    SELECT 'strikes', strike_id, date_start_earliest, date_end_latest FROM strikes
)
SELECT p.participant_id AS record_id, 'actor_id' AS field, p.actor_id AS value
FROM participants AS p
JOIN events AS e USING (subject_table, subject_id)
JOIN actors AS a USING (actor_id)
WHERE e.date_end_latest < a.active_from_earliest OR e.date_start_earliest > a.active_to_latest
ORDER BY ALL

-- is before active_from, however the two dates are read
-- hint: Swap the dates, or mend the one that is wrong.
--
-- Surely before: the last day that the end can mean lies before the first day that the start can mean. An empty or open
-- end has no last day (null), and no finding follows.
SELECT actor_id AS record_id, 'active_to' AS field, active_to AS value
FROM actors
WHERE active_to_latest < active_from_earliest
ORDER BY ALL

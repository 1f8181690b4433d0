-- is before held_from, however the two dates are read
-- hint: Swap the dates, or mend the one that is wrong.
--
-- Surely before: the last day that the end can mean lies before the first day that the start can mean. An empty or open
-- end has no last day (null), and no finding follows.
SELECT control_id AS record_id, 'held_to' AS field, held_to AS value
FROM control
WHERE held_to_latest < held_from_earliest
ORDER BY ALL

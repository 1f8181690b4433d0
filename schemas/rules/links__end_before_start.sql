-- is before valid_from, however the two dates are read
-- hint: Swap the dates, or mend the one that is wrong.
--
-- Surely before: the last day that the end can mean lies before the first day that the start can mean. An empty or open
-- end has no last day (null), and no finding follows.
SELECT link_id AS record_id, 'valid_to' AS field, valid_to AS value
FROM links
WHERE valid_to_latest < valid_from_earliest
ORDER BY ALL

-- is before covers_from, however the two dates are read
-- hint: Swap the dates, or mend the one that is wrong.
--
-- Surely before: the last day that the end can mean lies before the first day that the start can mean. An empty or open
-- end has no last day (null), and no finding follows.
SELECT source_id AS record_id, 'covers_to' AS field, covers_to AS value
FROM sources
WHERE covers_to_latest < covers_from_earliest
ORDER BY ALL

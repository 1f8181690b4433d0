-- is before date_start, however the two dates are read
-- hint: Swap the dates, or mend the one that is wrong.
--
-- Surely before: the last day that the end can mean lies before the first day that the start can mean. An empty or open
-- end has no last day (null), and no finding follows.
SELECT engagement_id AS record_id, 'date_end' AS field, date_end AS value
FROM engagements
WHERE date_end_latest < date_start_earliest
ORDER BY ALL

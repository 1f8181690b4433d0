-- is before the start, however the two are read
-- hint: Swap the two, or mend the one that is wrong; a strike that runs past midnight has the next day in date_end.
--
-- Surely before, as in engagements. Times count only where both dates are the same single day: a strike of the night
-- may end at an earlier hour. An empty date or time is null, and no finding follows.
SELECT
    strike_id AS record_id,
    CASE WHEN date_end_latest < date_start_earliest THEN 'date_end' ELSE 'time_end' END AS field,
    CASE WHEN date_end_latest < date_start_earliest THEN date_end ELSE CAST(time_end AS VARCHAR) END AS value
FROM strikes
WHERE date_end_latest < date_start_earliest
    OR (date_end = date_start AND date_start_earliest = date_start_latest AND time_end < time_start)
ORDER BY ALL

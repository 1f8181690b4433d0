-- is filled although the strike's day is not known: a time of day means nothing without the day
-- hint: Fill date_start (for time_end: date_end) with one day, or empty the time.
--
-- A day is a date whose first and last possible day are the same. Without date_end, time_end is of the first day.
SELECT strike_id AS record_id, 'time_start' AS field, CAST(time_start AS VARCHAR) AS value
FROM strikes
WHERE time_start IS NOT NULL AND (date_start IS NULL OR date_start_earliest IS DISTINCT FROM date_start_latest)
UNION ALL
SELECT strike_id, 'time_end', CAST(time_end AS VARCHAR)
FROM strikes
WHERE time_end IS NOT NULL
    AND (coalesce(date_end, date_start) IS NULL
        OR coalesce(date_end_earliest, date_start_earliest)
            IS DISTINCT FROM coalesce(date_end_latest, date_start_latest))
ORDER BY ALL

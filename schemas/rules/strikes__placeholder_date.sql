-- is a date that stands for "not known" in other people's data
-- hint: Empty the cell.
-- covers: R-Q07
SELECT strike_id AS record_id, field, value
FROM (
    SELECT strike_id, 'date_start' AS field, date_start AS value FROM strikes
    UNION ALL
    SELECT strike_id, 'date_end', date_end FROM strikes
) AS dates
WHERE value IN ('0001-01-01', '1111-11-11', '1753-01-01', '1900-01-01', '1970-01-01', '9999-12-31')
ORDER BY ALL

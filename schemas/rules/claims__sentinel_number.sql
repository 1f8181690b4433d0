-- looks like a number that stands for "not known"
-- hint: Empty the cell; where the source says that the amount is not known the comparator is unknown. If it is truly
-- the number reported, waive it.
-- covers: R-Q07
--
-- Nothing but nines, from four on; a distance or share of 99 or 999 is believed.
SELECT claim_id AS record_id, field, CAST(CAST(cell AS BIGINT) AS VARCHAR) AS value
FROM (
    SELECT claim_id, unnest(['value', 'value_min', 'value_max']) AS field, unnest([value, value_min, value_max]) AS cell
    FROM claims
) AS numbers
WHERE cell IN (9999, 99999, 999999, 9999999, 99999999, 999999999)
ORDER BY ALL

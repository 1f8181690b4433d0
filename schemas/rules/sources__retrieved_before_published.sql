-- is before the day of publication
-- hint: Mend the date that is wrong.
-- covers: R-P06
--
-- Surely, and by more than a day, since clocks differ around the world.
SELECT source_id AS record_id, 'retrieved' AS field, CAST(retrieved AS VARCHAR) AS value
FROM sources
WHERE retrieved < published_earliest - 1
ORDER BY ALL

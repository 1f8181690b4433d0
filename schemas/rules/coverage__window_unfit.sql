-- does not fit the result: what was not found was searched within a window, and what was not searchable has none
-- hint: Fill window_km and window_days, or empty them, or mend the result.
--
-- What was found may have been found without a window (by its name, by a judgement on the pair); a search may tell
-- within which window it had looked in a source that does not reach there.
SELECT coverage_id AS record_id, 'window_days' AS field, CAST(window_days AS VARCHAR) AS value
FROM coverage
WHERE (result = 'not_found' AND (window_km IS NULL OR window_days IS NULL))
    OR (result = 'not_searchable' AND (window_km IS NOT NULL OR window_days IS NOT NULL))
ORDER BY ALL

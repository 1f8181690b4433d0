-- differs from the result of the same search on the same day
-- hint: Keep one of the two rows.
SELECT max(coverage_id) AS record_id, 'result' AS field, max_by(result, coverage_id) AS value,
    'differs from ' || min(coverage_id) || ', the same search on the same day' AS message
FROM coverage
GROUP BY subject_table, subject_id, source_id, window_km, window_days, checked_on
HAVING count(DISTINCT result) > 1
ORDER BY ALL

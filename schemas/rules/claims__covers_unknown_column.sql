-- names something that is not a column of the subject's table
-- hint: Column names, separated by single spaces, each once.
-- covers: R-P01
--
-- Covers on a claim that is not on `exists` is reported by claims__covers_without_exists alone.
SELECT c.claim_id AS record_id, 'covers' AS field, c.covered AS value,
    CASE WHEN c.times > 1 THEN 'stands twice' ELSE 'is not a column of ' || c.subject_table END AS message
FROM (
    SELECT claim_id, subject_table, covered, count(*) AS times
    FROM (
        SELECT claim_id, subject_table, unnest(string_split(covers, ' ')) AS covered FROM claims WHERE field = 'exists'
    )
    GROUP BY ALL
) AS c
WHERE c.times > 1
    OR NOT EXISTS (SELECT 1 FROM columns AS k WHERE k.table_name = c.subject_table AND k.column_name = c.covered)
ORDER BY ALL

-- is the record itself: a link relates two records
-- hint: Name the other record, or delete the row.
SELECT link_id AS record_id, 'related_id' AS field, related_id AS value
FROM links
WHERE related_table = subject_table AND related_id = subject_id
ORDER BY ALL

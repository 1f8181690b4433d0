-- is empty: a distance is between the figure's subject and a related record
-- hint: Fill related_table and related_id with the other end.
SELECT figure_id AS record_id, 'related_id' AS field
FROM figures
WHERE measure = 'distance' AND related_id IS NULL
ORDER BY ALL

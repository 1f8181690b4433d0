-- is exactly another record of the same table too: one outside thing cannot be two of ours
-- hint: Merge the two records, or make one match close, broad or narrow.
SELECT max(identifier_id) AS record_id, 'identifier' AS field, identifier AS value,
    'is exactly ' || min(subject_id) || ' and ' || max(subject_id) AS message
FROM identifiers
WHERE match = 'exact'
GROUP BY subject_table, scheme, identifier
HAVING count(DISTINCT subject_id) > 1
ORDER BY ALL

-- is a second exact id of this record in one scheme
-- hint: Look which of the two is meant. If the register itself holds the thing twice, waive it.
-- severity: warning
SELECT max(identifier_id) AS record_id, 'identifier' AS field, max(identifier) AS value,
    'is a second exact id in ' || scheme || ', beside ' || min(identifier) AS message
FROM identifiers
WHERE match = 'exact'
GROUP BY subject_table, subject_id, scheme
HAVING count(DISTINCT identifier) > 1
ORDER BY ALL

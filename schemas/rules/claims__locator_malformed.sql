-- is not of the form name=value;name=value
-- hint: id=247269;column=deaths_b names a row by its key and, where one cell is meant, the column.
-- covers: R-P02
SELECT claim_id AS record_id, 'locator' AS field, locator AS value
FROM claims
WHERE claim_type = 'dataset' AND NOT regexp_full_match(locator, '[^=;]+=[^;]+(;[^=;]+=[^;]+)*')
ORDER BY ALL

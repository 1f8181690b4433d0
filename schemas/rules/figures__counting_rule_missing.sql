-- is empty: strikes are counted by each reporter's own rule, and cannot be compared without it
-- hint: Fill counting_rule; a rule that the list lacks gets a code.
-- covers: R-Q09
SELECT figure_id AS record_id, 'counting_rule' AS field
FROM figures
WHERE measure = 'strikes' AND counting_rule IS NULL
ORDER BY ALL

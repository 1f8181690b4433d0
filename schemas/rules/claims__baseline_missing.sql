-- is empty: a share of what was lost means nothing without the time at which the whole was held
-- hint: Fill the time that the source compares with. If it names none, waive this: the share then has no known whole.
-- severity: warning
-- covers: R-Q04
SELECT c.claim_id AS record_id, 'baseline' AS field
FROM claims AS c
JOIN figures AS f ON c.subject_table = 'figures' AND f.figure_id = c.subject_id
WHERE c.field = 'value' AND c.baseline IS NULL AND f.measure = 'territory_share_lost'
ORDER BY ALL

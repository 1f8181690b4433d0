-- is after the time for which the value holds
-- hint: The baseline is the earlier time with which a share or change is compared.
--
-- Surely after: its first day lies after the last day of as_of, the claim's own or else the figure's. Empty is null.
SELECT c.claim_id AS record_id, 'baseline' AS field, c.baseline AS value
FROM claims AS c
LEFT JOIN figures AS f ON c.subject_table = 'figures' AND f.figure_id = c.subject_id
WHERE c.baseline_earliest > coalesce(c.as_of_latest, f.as_of_latest)
ORDER BY ALL

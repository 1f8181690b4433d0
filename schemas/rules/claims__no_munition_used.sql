-- says that a strike which took place used no munition
-- hint: Mend the number, or claim the strike as planned or denied.
-- covers: R-Q09
SELECT c.claim_id AS record_id, 'value' AS field, regexp_replace(CAST(c.value AS VARCHAR), '[.]0$', '') AS value
FROM claims AS c
JOIN figures AS f ON c.subject_table = 'figures' AND f.figure_id = c.subject_id
JOIN code_attributes AS a
    ON a.code_list = 'event_status' AND a.code = c.event_status AND a.attribute = 'exists' AND a.attribute_value = 'yes'
WHERE c.field = 'value' AND f.subject_table = 'strikes' AND f.measure = 'munitions_used'
    AND c.comparator = 'eq' AND c.value = 0 AND c.polarity = 'affirmed'
ORDER BY ALL

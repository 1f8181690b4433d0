-- repeats another claim in every respect: source, voice, span or locator, subject, field and value
-- hint: Delete one of the two.
--
-- Empty cells count as equal.
SELECT max(claim_id) AS record_id, 'claim_id' AS field, max(claim_id) AS value,
    'repeats ' || min(claim_id) || ' in every respect' AS message
FROM claims
GROUP BY source_id, utterance_id, start_char, end_char, locator, subject_table, subject_id, field, covers, comparator,
    value, value_min, value_max, unit, value_text, as_of, baseline, scope_location_id, polarity, event_status
HAVING count(*) > 1
ORDER BY ALL

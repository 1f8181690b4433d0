-- does not fit: a duplicate, merged or split record names a record of its table that exists, any other names none
-- hint: Fill successor_id with the record that takes the place of this one, or empty it.
-- covers: R-V01
--
-- The attribute `successor` of the reason: required or absent.
WITH alive AS (
    SELECT subject_table, subject_id FROM records
    UNION ALL
    SELECT 'utterances', utterance_id FROM utterances
    UNION ALL
    SELECT 'claims', claim_id FROM claims
    UNION ALL
    SELECT 'claim_links', claim_link_id FROM claim_links
    UNION ALL
    SELECT 'coverage', coverage_id FROM coverage
)
SELECT t.tombstone_id AS record_id, 'successor_id' AS field, t.successor_id AS value,
    CASE WHEN t.successor_id IS NULL THEN 'is empty, and ' || t.reason || ' has a successor'
    WHEN a.attribute_value = 'absent' THEN 'is filled, and ' || t.reason || ' has no successor'
    ELSE 'is not a key of ' || t.subject_table END AS message
FROM tombstones AS t
JOIN code_attributes AS a ON a.code_list = 'tombstone_reason' AND a.code = t.reason AND a.attribute = 'successor'
LEFT JOIN alive AS r ON r.subject_table = t.subject_table AND r.subject_id = t.successor_id
WHERE (a.attribute_value = 'required' AND r.subject_id IS NULL)
    OR (a.attribute_value = 'absent' AND t.successor_id IS NOT NULL)
ORDER BY ALL

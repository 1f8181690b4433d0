-- still exists: a tombstone is for a record that was removed, and its id is never used again
-- hint: Remove the record, or the tombstone; a new record gets a new id.
-- covers: R-V01
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
SELECT t.tombstone_id AS record_id, 'subject_id' AS field, t.subject_id AS value
FROM tombstones AS t
JOIN alive AS r USING (subject_table, subject_id)
ORDER BY ALL

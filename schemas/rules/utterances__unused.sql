-- says nothing: no claim names this utterance, and no other utterance is reported in it
-- hint: Name it in the claims whose words it reports, or delete it.
-- severity: warning
--
-- An utterance in a source that was not read is reported by utterances__source_not_read alone.
SELECT u.utterance_id AS record_id
FROM utterances AS u
JOIN sources AS s USING (source_id)
WHERE s.access <> 'not_read'
    AND NOT EXISTS (SELECT 1 FROM claims AS c WHERE c.utterance_id = u.utterance_id)
    AND NOT EXISTS (SELECT 1 FROM utterances AS v WHERE v.parent_id = u.utterance_id)
ORDER BY ALL

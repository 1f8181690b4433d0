-- is an utterance of another source than the claim's
-- hint: An utterance belongs to the source that reports it; the same words elsewhere are an utterance there.
-- covers: R-P04
SELECT c.claim_id AS record_id, 'utterance_id' AS field, c.utterance_id AS value
FROM claims AS c
JOIN utterances AS u USING (utterance_id)
WHERE u.source_id <> c.source_id
ORDER BY ALL

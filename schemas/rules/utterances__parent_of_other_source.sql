-- is an utterance of another source
-- hint: The chain of speakers stays inside one source; what that source took from another is a claim link.
-- covers: R-P04
SELECT u.utterance_id AS record_id, 'parent_id' AS field, u.parent_id AS value
FROM utterances AS u
JOIN utterances AS p ON p.utterance_id = u.parent_id
WHERE p.source_id <> u.source_id
ORDER BY ALL

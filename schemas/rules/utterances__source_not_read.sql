-- was not read: words are cited from the source that relays it, and an utterance there says whose words they are
-- hint: Cite the source in relayed_by_id, with an utterance of the one who is relayed.
SELECT t.utterance_id AS record_id, 'source_id' AS field, t.source_id AS value
FROM utterances AS t
JOIN sources AS s USING (source_id)
WHERE s.access = 'not_read'
ORDER BY ALL

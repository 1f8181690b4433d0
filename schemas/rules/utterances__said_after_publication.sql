-- is after the source that reports it was published
-- hint: Mend the date, or the date of publication.
-- covers: R-P06
--
-- Surely after, and by more than a day, since the speaker's clock may be ahead of the publisher's. Empty dates are
-- null.
SELECT u.utterance_id AS record_id, 'said' AS field, u.said AS value
FROM utterances AS u
JOIN sources AS s USING (source_id)
WHERE u.said_earliest > s.published_latest + 1
ORDER BY ALL

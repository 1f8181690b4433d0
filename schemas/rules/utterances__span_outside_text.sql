-- lies beyond the end of the source's text
-- hint: `bastions cite --text FILE "the words"` gives both offsets and the digest.
-- covers: R-P03
--
-- A source without text_length (null) bounds nothing here. A reversed span is reported by utterances__span_reversed
-- alone.
SELECT t.utterance_id AS record_id, 'end_char' AS field, CAST(t.end_char AS VARCHAR) AS value
FROM utterances AS t
JOIN sources AS s USING (source_id)
WHERE t.end_char > s.text_length AND t.end_char > t.start_char
ORDER BY ALL

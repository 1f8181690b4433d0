-- is empty while other cells of the span are filled: start_char, end_char and span_sha256 go together
-- hint: `bastions cite --text FILE "the words"` gives all three.
-- covers: R-P03
SELECT utterance_id AS record_id, field
FROM (
    SELECT utterance_id, 'start_char' AS field, start_char IS NULL AS missing, end_char, start_char, span_sha256 FROM utterances
    UNION ALL
    SELECT utterance_id, 'end_char', end_char IS NULL, end_char, start_char, span_sha256 FROM utterances
    UNION ALL
    SELECT utterance_id, 'span_sha256', span_sha256 IS NULL, end_char, start_char, span_sha256 FROM utterances
) AS spans
WHERE missing AND (start_char IS NOT NULL OR end_char IS NOT NULL OR span_sha256 IS NOT NULL)
ORDER BY ALL

-- is less than the paragraph of the line above it
-- hint: Paragraphs are counted from 1 through the document, empty lines not counted.
SELECT sentence_id AS record_id, 'paragraph' AS field, CAST(paragraph AS VARCHAR) AS value
FROM (
    SELECT sentence_id, paragraph, lag(paragraph) OVER (PARTITION BY source_id ORDER BY start_char) AS above
    FROM ledger
) AS lines
WHERE paragraph < above
ORDER BY ALL

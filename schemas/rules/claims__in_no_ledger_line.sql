-- lies in no line of the source's ledger: a claim stands inside one sentence, heading or caption
-- hint: Tighten the span, or mend the ledger's offsets.
--
-- Only sources that have a ledger. Spans that are reversed or beyond the text are reported elsewhere.
SELECT c.claim_id AS record_id, 'start_char' AS field, CAST(c.start_char AS VARCHAR) AS value
FROM claims AS c
JOIN sources AS s USING (source_id)
WHERE c.start_char < c.end_char AND c.end_char <= coalesce(s.text_length, c.end_char)
    AND EXISTS (SELECT 1 FROM ledger AS l WHERE l.source_id = c.source_id)
    AND NOT EXISTS (
        SELECT 1
        FROM ledger AS l
        WHERE l.source_id = c.source_id AND l.start_char <= c.start_char AND c.end_char <= l.end_char
    )
ORDER BY ALL

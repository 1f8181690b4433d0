-- is a claim whose span lies in another line
-- hint: Move the id to the line that holds the span.
SELECT l.sentence_id AS record_id, 'claim_ids' AS field, l.claim_id AS value,
    'is a claim whose span lies in ' || o.sentence_id AS message
FROM (
    SELECT sentence_id, source_id, start_char, end_char, unnest(string_split(claim_ids, ' ')) AS claim_id FROM ledger
) AS l
JOIN claims AS c USING (claim_id, source_id)
JOIN ledger AS o ON o.source_id = c.source_id AND o.start_char <= c.start_char AND c.end_char <= o.end_char
WHERE NOT (l.start_char <= c.start_char AND c.end_char <= l.end_char)
ORDER BY ALL

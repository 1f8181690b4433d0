-- is in no line's claim_ids, although the source has a ledger
-- hint: Add the claim to the line in which its span lies.
--
-- A claim whose span lies in no line is reported by claims__in_no_ledger_line alone.
WITH listed AS (
    SELECT unnest(string_split(claim_ids, ' ')) AS claim_id FROM ledger
)
SELECT c.claim_id AS record_id, 'claim_id' AS field, c.claim_id AS value,
    'is not in the claim_ids of ' || min(l.sentence_id) || ', in which its span lies' AS message
FROM claims AS c
JOIN ledger AS l ON l.source_id = c.source_id AND l.start_char <= c.start_char AND c.end_char <= l.end_char
WHERE c.start_char < c.end_char AND NOT EXISTS (SELECT 1 FROM listed AS i WHERE i.claim_id = c.claim_id)
GROUP BY c.claim_id
ORDER BY ALL

-- is not the digest of the same span in another row: one stretch of one text has one digest
-- hint: `bastions cite --text FILE "the words"` gives the right one; the offsets may be the fault, too.
-- covers: R-P03
--
-- What is no digest, the cells stage reports.
-- Of several digests that of the ledger counts, else the one in most rows, else that of the row named first.
WITH spans AS (
    SELECT 'ledger ' || sentence_id AS told, source_id, start_char, end_char, span_sha256, 1 AS place FROM ledger
    UNION ALL
    SELECT 'claims ' || claim_id, source_id, start_char, end_char, span_sha256, 2 FROM claims
    UNION ALL
    SELECT 'utterances ' || utterance_id, source_id, start_char, end_char, span_sha256, 2 FROM utterances
), digests AS (
    SELECT source_id, start_char, end_char, span_sha256, min(told) AS told, min(place) AS place, count(*) AS rows
    FROM spans
    WHERE end_char > start_char AND regexp_full_match(span_sha256, '[0-9a-f]{64}')
    GROUP BY ALL
), counting AS (
    SELECT source_id, start_char, end_char, span_sha256, told
    FROM digests
    QUALIFY row_number() OVER (PARTITION BY source_id, start_char, end_char ORDER BY place, rows DESC, told) = 1
)
SELECT r.claim_id AS record_id, 'span_sha256' AS field, r.span_sha256 AS value,
    'is not the digest of the same span in ' || c.told || ': one stretch of one text has one digest' AS message
FROM claims AS r
JOIN counting AS c USING (source_id, start_char, end_char)
WHERE r.span_sha256 <> c.span_sha256 AND regexp_full_match(r.span_sha256, '[0-9a-f]{64}')
ORDER BY ALL

-- is not after start_char: a span holds at least one character
-- hint: `bastions cite --text FILE "the words"` gives both offsets and the digest.
-- covers: R-P03
SELECT claim_id AS record_id, 'end_char' AS field, CAST(end_char AS VARCHAR) AS value
FROM claims
WHERE end_char <= start_char
ORDER BY ALL

-- is empty while other cells of the span are filled: start_char, end_char and span_sha256 go together
-- hint: `bastions cite --text FILE "the words"` gives all three.
-- covers: R-P03
SELECT claim_id AS record_id, field
FROM (
    SELECT claim_id, coalesce(start_char, end_char) IS NOT NULL OR span_sha256 IS NOT NULL AS any_filled,
        unnest(['start_char', 'end_char', 'span_sha256']) AS field,
        unnest([CAST(start_char AS VARCHAR), CAST(end_char AS VARCHAR), span_sha256]) AS cell
    FROM claims
) AS spans
WHERE any_filled AND cell IS NULL
ORDER BY ALL

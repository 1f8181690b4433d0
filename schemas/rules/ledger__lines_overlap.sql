-- starts before the line above it ends: lines neither overlap nor change places
-- hint: Mend the offsets, or number the lines in the order of the text.
--
-- In the order of their numbers. Reversed spans are reported by ledger__span_reversed alone.
SELECT sentence_id AS record_id, 'start_char' AS field, CAST(start_char AS VARCHAR) AS value
FROM (
    SELECT sentence_id, start_char, end_char,
        lag(end_char) OVER (
            PARTITION BY source_id ORDER BY try_cast(regexp_extract(sentence_id, '[0-9]+$') AS BIGINT), sentence_id
        ) AS above
    FROM ledger
    WHERE start_char < end_char
) AS lines
WHERE start_char < above
ORDER BY ALL

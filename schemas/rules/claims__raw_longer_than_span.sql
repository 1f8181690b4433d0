-- is longer than the span that it is said to stand in
-- hint: value_raw keeps words out of the span, letter by letter; widen the span or shorten the words.
-- covers: R-P03
--
-- A reversed span is reported by claims__span_reversed alone.
SELECT claim_id AS record_id, 'value_raw' AS field, value_raw AS value
FROM claims
WHERE length(value_raw) > end_char - start_char AND end_char > start_char
ORDER BY ALL

-- is not the key of its source, -s and at least two digits
-- hint: The lines of a ledger are numbered in the order of the text, <source_id>-sNN.
SELECT sentence_id AS record_id, 'sentence_id' AS field, sentence_id AS value
FROM ledger
WHERE NOT regexp_full_match(sentence_id, '.*-s[0-9]{2,}')
    OR regexp_replace(sentence_id, '-s[0-9]+$', '') <> source_id
ORDER BY ALL

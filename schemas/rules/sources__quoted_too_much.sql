-- is quoted for more than a tenth of its length: value_raw keeps a few words of a quantity, not the text
-- hint: Shorten value_raw to the words of the number, date or name.
-- covers: R-W01
--
-- Each different value_raw of a source counts once. A source without text_length is not bounded.
SELECT s.source_id AS record_id, 'text_length' AS field, CAST(s.text_length AS VARCHAR) AS value,
    'is the length of a source of which ' || CAST(sum(length(q.value_raw)) AS VARCHAR)
    || ' characters are quoted in value_raw, more than a tenth' AS message
FROM sources AS s
JOIN (SELECT DISTINCT source_id, value_raw FROM claims WHERE value_raw IS NOT NULL) AS q USING (source_id)
GROUP BY s.source_id, s.text_length
HAVING sum(length(q.value_raw)) * 10 > s.text_length
ORDER BY ALL

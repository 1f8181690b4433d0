-- leaves words out between the line above it and itself: every sentence, heading and caption has a line
-- hint: Add the missing line, with claims or a reason why none.
-- severity: warning
--
-- More than four characters between two lines, before the first or after the last. White space between paragraphs is
-- less. Where lines overlap there is no gap; beside a reversed line nothing is said.
WITH lines AS (
    SELECT l.sentence_id, l.start_char, l.end_char, s.text_length, l.start_char < l.end_char AS sound,
        coalesce(max(l.end_char) OVER before, 0) AS above,
        lag(l.start_char < l.end_char, 1, true) OVER in_order AS sound_above,
        lead(l.start_char) OVER in_order AS below
    FROM ledger AS l
    JOIN sources AS s USING (source_id)
    WINDOW in_order AS (PARTITION BY l.source_id ORDER BY l.start_char),
        before AS (in_order ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT sentence_id AS record_id, 'start_char' AS field, CAST(start_char AS VARCHAR) AS value,
    'leaves ' || CAST(start_char - above AS VARCHAR) || ' characters out before it' AS message
FROM lines
WHERE start_char - above > 4 AND sound AND sound_above
UNION ALL
SELECT sentence_id, 'end_char', CAST(end_char AS VARCHAR),
    'leaves ' || CAST(text_length - greatest(above, end_char) AS VARCHAR) || ' characters out at the end of the text'
FROM lines
WHERE below IS NULL AND text_length - greatest(above, end_char) > 4 AND sound
ORDER BY ALL

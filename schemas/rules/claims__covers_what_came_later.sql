-- covers a date that lies after the day on which its source can have spoken: the claim cannot have said that
-- hint: Take the column out of `covers`, and add this source's claim on the column with what it said as value_text; a
-- cell that is made more exact later does not widen what an earlier source said.
-- covers: R-T02
--
-- Surely later, and by more than a day, since clocks differ: the first day that the cell can mean lies after the last
-- on which the voice spoke, or the source was published. Ends are meant; a beginning that lies ahead is reported by
-- claims__told_before_it_happened. What is told as planned or predicted may lie ahead.
SELECT c.claim_id AS record_id, 'covers' AS field, d.field AS value,
    'covers ' || d.field || ', of which the cell lies after the day on which this voice can have spoken' AS message
FROM claim_dates AS d
JOIN claims AS c ON c.claim_id = d.claim_id
JOIN code_attributes AS a
    ON a.code_list = 'event_status' AND a.code = c.event_status AND a.attribute = 'exists' AND a.attribute_value = 'yes'
JOIN sources AS s ON s.source_id = c.source_id
LEFT JOIN utterances AS u ON u.utterance_id = c.utterance_id
WHERE c.field = 'exists' AND d.date_earliest > coalesce(u.said_latest, s.published_latest) + 1
    AND d.field NOT IN ('date_start', 'held_from', 'valid_from', 'as_of')
ORDER BY ALL

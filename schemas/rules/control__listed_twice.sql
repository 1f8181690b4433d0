-- is told by another row too: the same holder of the same place at the same time
-- hint: Make one row of the two, or end the former where the latter begins.
--
-- Both in sole states, or both in the same state; so a part may become the whole on a day, and the two do not overlap.
-- Certain overlap as in control__two_sole_holders. Two empty holders are the same.
WITH sure AS (
    SELECT c.control_id, c.location_id, c.holder_id, c.control_state, c.held_from, x.attribute_value AS exclusive,
        coalesce(
            c.held_from_latest,
            CASE WHEN c.held_to_earliest = c.held_to_latest THEN c.held_to_earliest - 1 END,
            CASE WHEN c.held_to = '..' THEN (
                SELECT max(coalesce(u.said_latest, s.published_latest))
                FROM claims AS m
                JOIN sources AS s ON s.source_id = m.source_id
                LEFT JOIN utterances AS u ON u.utterance_id = m.utterance_id
                WHERE m.subject_table = 'control' AND m.subject_id = c.control_id
                    AND m.polarity = 'affirmed' AND m.event_status IN ('realized', 'ongoing')
            ) END
        ) AS since,
        CASE WHEN c.held_to = '..' THEN DATE '9999-12-31'
        ELSE coalesce(
            c.held_to_earliest,
            CASE WHEN c.held_from_earliest = c.held_from_latest THEN c.held_from_latest + 1 END
        ) END AS until
    FROM control AS c
    JOIN code_attributes AS x
        ON x.code_list = 'control_state' AND x.code = c.control_state AND x.attribute = 'exclusive'
)
SELECT b.control_id AS record_id, 'holder_id' AS field, b.holder_id AS value,
    'is told by ' || min(a.control_id) || ' too: the same holder of ' || b.location_id || ' at the same time' AS message
FROM sure AS a
JOIN sure AS b ON b.location_id = a.location_id AND b.holder_id IS NOT DISTINCT FROM a.holder_id
WHERE (b.control_state = a.control_state OR (a.exclusive = 'exclusive' AND b.exclusive = 'exclusive'))
    AND (b.since > a.since OR (b.since = a.since AND b.control_id > a.control_id))
    AND b.since < a.until AND b.since < b.until
GROUP BY b.control_id, b.holder_id, b.location_id
ORDER BY ALL

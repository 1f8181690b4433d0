-- is the whole of a place in which another holds a part alone at the same time
-- hint: Make the state part, or end one of the two periods.
-- severity: warning
-- covers: R-K03
--
-- The whole is `full`; the part any place below it, held in an exclusive state. Certain overlap as in
-- control__two_sole_holders, linked holders left out.
WITH RECURSIVE inside AS (
    SELECT location_id, parent_id AS whole FROM locations WHERE parent_id IS NOT NULL
    UNION
    SELECT i.location_id, l.parent_id
    FROM inside AS i JOIN locations AS l ON l.location_id = i.whole
    WHERE l.parent_id IS NOT NULL
),
sure AS (
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
SELECT w.control_id AS record_id, 'control_state' AS field, w.control_state AS value,
    'is the whole of a place, in which ' || min(p.control_id) || ' gives ' || min(p.location_id) || ' to another'
        AS message
FROM sure AS w
JOIN inside AS i ON i.whole = w.location_id
JOIN sure AS p ON p.location_id = i.location_id AND p.holder_id <> w.holder_id
WHERE w.control_state = 'full' AND p.exclusive = 'exclusive' AND p.location_id <> w.location_id
    AND w.since < p.until AND p.since < w.until AND w.since < w.until AND p.since < p.until
    AND NOT EXISTS (
        SELECT 1
        FROM links AS l
        WHERE l.subject_table = 'actors' AND l.related_table = 'actors'
            AND l.link_type IN ('organ_of', 'member_of', 'leads', 'heads', 'allied_with', 'same', 'part')
            AND ((l.subject_id = w.holder_id AND l.related_id = p.holder_id)
                OR (l.subject_id = p.holder_id AND l.related_id = w.holder_id))
    )
GROUP BY w.control_id, w.control_state
ORDER BY ALL

-- overlaps the period of another sole holder of the same place
-- hint: End the former period on the day on which the latter begins, or give both a state that is shared (part,
-- pockets, contested).
-- covers: R-K01
--
-- Sole is a state whose attribute `exclusive` is exclusive. Half-open: the day of the end is the next holder's. Certain
-- overlap: a period surely runs from the last day that its start can mean to the first day that its end can mean; with
-- an open end (..) until further notice. Where one end is not stated the other one alone makes a day certain, if it is
-- a day: the day before the end, the day of the begin; and still held (..) without a begin, the day on which the last
-- source that affirms it spoke. Holders that are linked as parts, members or allies of each other are one side. An
-- empty holder contradicts nobody.
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
SELECT b.control_id AS record_id, 'held_from' AS field, b.held_from AS value,
    'overlaps ' || min(a.control_id) || ': two sole holders of ' || b.location_id || ' at once' AS message
FROM sure AS a
JOIN sure AS b ON b.location_id = a.location_id AND b.holder_id <> a.holder_id
WHERE a.exclusive = 'exclusive' AND b.exclusive = 'exclusive'
    AND (b.since > a.since OR (b.since = a.since AND b.control_id > a.control_id))
    AND b.since < a.until AND b.since < b.until
    AND NOT EXISTS (
        SELECT 1
        FROM links AS l
        WHERE l.subject_table = 'actors' AND l.related_table = 'actors'
            AND l.link_type IN ('organ_of', 'member_of', 'leads', 'heads', 'allied_with', 'same', 'part')
            AND ((l.subject_id = a.holder_id AND l.related_id = b.holder_id)
                OR (l.subject_id = b.holder_id AND l.related_id = a.holder_id))
    )
GROUP BY b.control_id, b.held_from, b.location_id
ORDER BY ALL

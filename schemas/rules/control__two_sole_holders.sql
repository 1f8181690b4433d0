-- overlaps the period of another sole holder of the same place
-- hint: End the former period on the day on which the latter begins, or give both a state that is shared (part,
-- pockets, contested).
-- covers: R-K01
--
-- Sole is a state whose attribute `exclusive` is exclusive. Half-open: the day of the end is the next holder's. Certain
-- overlap: a period surely runs from the last day that its start can mean to the first day that its end can mean; with
-- an open end (..) until further notice, with no end stated on its first day alone, with no start stated on the day
-- before its end. Holders that are linked as parts, members or allies of each other are one side. An empty holder
-- contradicts nobody.
WITH sure AS (
    SELECT c.control_id, c.location_id, c.holder_id,
        coalesce(c.held_from_latest, c.held_to_earliest - 1) AS since,
        CASE WHEN c.held_to = '..' THEN DATE '9999-12-31'
        ELSE coalesce(c.held_to_earliest, c.held_from_latest + 1) END AS until
    FROM control AS c
    JOIN code_attributes AS a
        ON a.code_list = 'control_state' AND a.code = c.control_state AND a.attribute = 'exclusive'
        AND a.attribute_value = 'exclusive'
)
SELECT b.control_id AS record_id, 'held_from' AS field, CAST(b.since AS VARCHAR) AS value,
    'overlaps ' || min(a.control_id) || ': two sole holders of ' || b.location_id || ' at once' AS message
FROM sure AS a
JOIN sure AS b ON b.location_id = a.location_id AND b.holder_id <> a.holder_id
WHERE (b.since > a.since OR (b.since = a.since AND b.control_id > a.control_id))
    AND b.since < a.until AND a.since < a.until AND b.since < b.until
    AND NOT EXISTS (
        SELECT 1
        FROM links AS l
        WHERE l.subject_table = 'actors' AND l.related_table = 'actors'
            AND l.link_type IN ('organ_of', 'member_of', 'leads', 'heads', 'allied_with', 'same', 'part')
            AND ((l.subject_id = a.holder_id AND l.related_id = b.holder_id)
                OR (l.subject_id = b.holder_id AND l.related_id = a.holder_id))
    )
GROUP BY b.control_id, b.since, b.location_id
ORDER BY ALL

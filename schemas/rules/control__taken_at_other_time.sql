-- begins at another time than a capture of the place by its holder
-- hint: Mend the date of the one that is wrong; if the place was taken twice, add the other period; if sources differ,
-- waive it.
-- severity: warning
-- covers: R-K02
--
-- A capture of the whole place (location_relation at) by the holder, or by who is linked to it as its part or member,
-- that no period names and within whose dates no period of the holder there can begin; the finding is on the period
-- that begins nearest. A capture that says place_taken and is linked to no other as the same is left to
-- engagements__taken_but_not_held, and one that a period names to control__turned_at_other_time.
WITH takers AS (
    SELECT p.subject_id AS engagement_id, p.actor_id AS taker_id
    FROM participants AS p
    JOIN code_attributes AS r
        ON r.code_list = 'role' AND r.code = p.role AND r.attribute = 'part' AND r.attribute_value = 'acts'
    WHERE p.subject_table = 'engagements'
),
holders AS (
    SELECT engagement_id, taker_id AS holder_id FROM takers
    UNION
    SELECT t.engagement_id, l.related_id
    FROM takers AS t
    JOIN links AS l
        ON l.subject_table = 'actors' AND l.related_table = 'actors' AND l.subject_id = t.taker_id
        AND l.link_type IN ('organ_of', 'member_of', 'same', 'part')
),
begins AS (
    SELECT e.engagement_id,
        coalesce(arg_min(c.control_id, abs(c.held_from_latest - e.date_start_earliest)), min(c.control_id))
            AS control_id
    FROM engagements AS e
    JOIN holders AS h ON h.engagement_id = e.engagement_id
    JOIN control AS c ON c.location_id = e.location_id AND c.holder_id = h.holder_id
    WHERE e.engagement_type = 'capture' AND e.location_relation = 'at'
        AND NOT EXISTS (SELECT 1 FROM control AS n WHERE n.start_engagement_id = e.engagement_id)
        AND (
            e.outcome IS NULL
            OR (
                e.outcome = 'place_taken'
                AND EXISTS (
                    SELECT 1
                    FROM links AS l
                    WHERE l.link_type = 'same' AND l.subject_table = 'engagements'
                        AND e.engagement_id IN (l.subject_id, l.related_id)
                )
            )
        )
    GROUP BY e.engagement_id
    HAVING bool_and(
        coalesce(
            c.held_from_latest < e.date_start_earliest
            OR (c.held_from_earliest > e.date_end_latest AND c.held_from_earliest > e.date_start_latest),
            FALSE
        )
    )
)
SELECT c.control_id AS record_id, 'held_from' AS field, c.held_from AS value,
    'is another time than that of ' || min(b.engagement_id) || ', by which its holder took the place' AS message
FROM begins AS b
JOIN control AS c ON c.control_id = b.control_id
GROUP BY c.control_id, c.held_from
ORDER BY ALL

-- begins after the hold of another, and no engagement says how the place changed hands
-- hint: Fill start_engagement_id here or end_engagement_id there; if no source tells, waive it.
-- severity: warning
-- covers: R-K02
--
-- A sole holder's period, and of the periods of the place that ended by then, or can have, those that ended last: none
-- of them names the engagement that ended it, and one at least is another holder's. Ends are compared as days, so that
-- a set, an interval and a day that can be the same are.
WITH turns AS (
    SELECT b.control_id, b.start_engagement_id, a.end_engagement_id, a.holder_id <> b.holder_id AS changed,
        rank() OVER (
            PARTITION BY b.control_id ORDER BY a.held_to_latest DESC, a.held_to_earliest DESC NULLS LAST
        ) AS nth
    FROM control AS b
    JOIN control AS a ON a.location_id = b.location_id
    JOIN code_attributes AS x
        ON x.code_list = 'control_state' AND x.code = b.control_state AND x.attribute = 'exclusive'
        AND x.attribute_value = 'exclusive'
    WHERE a.held_to_latest IS NOT NULL AND b.held_from_latest IS NOT NULL
        AND a.held_from IS DISTINCT FROM b.held_from
        AND coalesce(a.held_to_earliest <= b.held_from_latest, TRUE)
)
SELECT control_id AS record_id, 'start_engagement_id' AS field
FROM turns
WHERE nth = 1
GROUP BY control_id
HAVING count(start_engagement_id) = 0 AND count(end_engagement_id) = 0 AND bool_or(changed)
ORDER BY ALL

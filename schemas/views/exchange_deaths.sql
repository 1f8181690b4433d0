-- One row is the dead of one engagement or strike by one policy, in UCDP's classes: from the figures `killed` about the
-- event, of each kind the one for the latest time. Where there is a figure for all the dead it is the total, else the
-- classes are summed if each has a number.
-- policy: The policy.
-- event_table: `engagements` or `strikes`.
-- event_id: Key of the event in that table.
-- deaths_a: Dead of side A.
-- deaths_b: Dead of side B.
-- deaths_civilians: Dead civilians.
-- deaths_unknown: Dead of whom it is not told what they were, and the rest of the total, so that the four sum to best.
-- best: The number of all the dead.
-- high: The greatest number that the claims allow; empty where they set no bound.
-- low: The least number that the claims allow, itself included; empty where they set no bound.
WITH killed AS (
    SELECT
        f.*,
        CASE
            WHEN g.attribute_value = 'no' THEN 'civilians'
            WHEN g.attribute_value = 'not_known' THEN 'unknown'
            WHEN f.affected_actor_id IS NULL AND f.affected_group IS NULL THEN 'total'
            WHEN p.side IS NOT NULL THEN p.side
            WHEN f.affected_group IS NULL AND n.attribute_value = 'no_party' THEN 'civilians'
            ELSE 'unknown'
        END AS class,
        row_number() OVER (
            PARTITION BY f.subject_table, f.subject_id, f.affected_actor_id, f.affected_group
            ORDER BY f.as_of_latest DESC NULLS LAST, f.figure_id
        ) AS age
    FROM figures AS f
    LEFT JOIN actors AS a ON a.actor_id = f.affected_actor_id
    LEFT JOIN code_attributes AS n
        ON n.code_list = 'actor_type' AND n.code = a.actor_type AND n.attribute = 'nature'
    LEFT JOIN code_attributes AS g
        ON g.code_list = 'affected_group' AND g.code = f.affected_group AND g.attribute = 'combatant'
    LEFT JOIN (
        -- An alliance whose members are entered in its stead stands on their side, where they are on one.
        SELECT subject_table, subject_id, actor_id, min(side) AS side
        FROM (
            SELECT subject_table, subject_id, actor_id, side FROM participants
            UNION ALL
            SELECT m.subject_table, m.subject_id, k.related_id, m.side
            FROM participants AS m
            JOIN links AS k
                ON k.link_type = 'member_of' AND k.subject_table = 'actors' AND k.subject_id = m.actor_id
                AND k.related_table = 'actors'
            WHERE NOT EXISTS (
                SELECT 1 FROM participants AS w
                WHERE w.subject_table = m.subject_table AND w.subject_id = m.subject_id AND w.actor_id = k.related_id
            )
        ) AS present
        WHERE side IN ('side_a', 'side_b')
        GROUP BY subject_table, subject_id, actor_id
        HAVING count(DISTINCT side) = 1
    ) AS p
        ON p.subject_table = f.subject_table AND p.subject_id = f.subject_id AND p.actor_id = f.affected_actor_id
    WHERE f.measure = 'killed' AND f.item IS NULL AND f.subject_table IN ('engagements', 'strikes')
),
counted AS (
    -- A part of a figure of the same class is in it already.
    SELECT r.policy, k.subject_table, k.subject_id, k.class, r.best, r.low, r.high
    FROM killed AS k
    JOIN resolutions AS r ON r.subject_table = 'figures' AND r.subject_id = k.figure_id AND r.field = 'value'
    WHERE k.age = 1
        AND NOT EXISTS (
            SELECT 1 FROM killed AS w WHERE w.figure_id = k.part_of_id AND w.class = k.class AND w.age = 1
        )
),
summed AS (
    SELECT
        policy,
        subject_table,
        subject_id,
        bool_or(class = 'total') AS has_total,
        max(best) FILTER (WHERE class = 'total') AS total,
        max(low) FILTER (WHERE class = 'total') AS total_low,
        max(high) FILTER (WHERE class = 'total') AS total_high,
        sum(best) FILTER (WHERE class = 'side_a') AS deaths_a,
        sum(best) FILTER (WHERE class = 'side_b') AS deaths_b,
        sum(best) FILTER (WHERE class = 'civilians') AS deaths_civilians,
        sum(best) FILTER (WHERE class = 'unknown') AS deaths_unknown,
        sum(best) FILTER (WHERE class <> 'total') AS parts,
        CASE WHEN bool_and(best IS NOT NULL) THEN sum(best) END AS all_parts,
        CASE WHEN bool_and(low IS NOT NULL) THEN sum(low) END AS all_low,
        CASE WHEN bool_and(high IS NOT NULL) THEN sum(high) END AS all_high
    FROM counted
    GROUP BY policy, subject_table, subject_id
),
settled AS (
    -- "At least four", of whom five are told, are five; but never more than the total allows.
    SELECT
        *,
        CASE WHEN NOT has_total THEN all_parts
            WHEN total IS NOT NULL
                THEN least(greatest(total, coalesce(parts, total)), coalesce(total_high, greatest(total, parts), total))
        END AS best
    FROM summed
)
SELECT
    policy,
    subject_table AS event_table,
    subject_id AS event_id,
    CAST(deaths_a AS INTEGER) AS deaths_a,
    CAST(deaths_b AS INTEGER) AS deaths_b,
    CAST(deaths_civilians AS INTEGER) AS deaths_civilians,
    CAST(
        CASE WHEN NOT has_total OR best IS NULL THEN deaths_unknown
            WHEN best >= coalesce(parts, 0) - coalesce(deaths_unknown, 0)
                THEN best - coalesce(parts, 0) + coalesce(deaths_unknown, 0)
        END AS INTEGER
    ) AS deaths_unknown,
    CAST(best AS INTEGER) AS best,
    CAST(ceil(CASE WHEN has_total THEN total_high ELSE all_high END) AS INTEGER) AS high,
    CAST(floor(CASE WHEN has_total THEN total_low ELSE all_low END) AS INTEGER) AS low
FROM settled
ORDER BY policy, event_table, event_id

-- macro: settle_claims(ranking)
-- As what each claim serves under a ranking: one row is one claim on one column that the ranking counts. The name of a
-- table or view stands in quotation marks, FROM settle_claims('mine'); it has the columns policy, steps, claim_id,
-- field, ladder and best, as the files of `schemas/policies/` make them. See `settle`.
-- policy: The policy.
-- claim_id: The claim.
-- field: The column on which it bears.
-- subject_table: The table of the record.
-- subject_id: Its key.
-- resolution_use: As what it served: leads, later_preferred (the same voice spoke later) or outranked.
-- decided_at: For an outranked claim, the rung on which it lost.
-- sets_low: Whether it sets the lower end of the envelope.
-- sets_high: Whether it sets the upper end of the envelope.
WITH ranked AS (
    SELECT
        r.policy,
        string_split(r.steps, ', ') AS steps,
        CAST(r.ladder AS DOUBLE[]) AS ladder,
        c.claim_id,
        c.field,
        c.subject_table,
        c.subject_id,
        c.voice_group,
        coalesce(c.told_earliest, DATE '0001-01-01') AS told,
        c.low,
        c.high
    -- In brackets, since DuckDB 1.1 does not know the alias of query_table itself.
    FROM (SELECT * FROM query_table(ranking)) AS r
    JOIN candidates AS c ON c.claim_id = r.claim_id AND c.field = r.field AND c.field <> 'exists'
),
placed AS (
    SELECT
        *,
        min(ladder) OVER of_column AS least,
        min(low) OVER of_column AS lowest,
        bool_and(low IS NOT NULL) OVER of_column AS bounded_below,
        max(high) OVER of_column AS highest,
        bool_and(high IS NOT NULL) OVER of_column AS bounded_above
    FROM ranked
    WINDOW of_column AS (PARTITION BY policy, subject_table, subject_id, field)
),
rungs AS (
    SELECT
        policy,
        claim_id,
        field,
        generate_subscripts(ladder, 1) AS rung,
        unnest(ladder) AS mine,
        unnest(least) AS best
    FROM placed
    WHERE ladder <> least
),
lost AS (
    SELECT policy, claim_id, field, min(rung) AS rung
    FROM rungs
    WHERE mine IS DISTINCT FROM best
    GROUP BY policy, claim_id, field
),
latest AS (
    -- Among one voice's own words that stand equally high, the later by the first day on which it can have been said.
    SELECT policy, subject_table, subject_id, field, voice_group, max(told) AS told
    FROM placed
    WHERE ladder = least
    GROUP BY policy, subject_table, subject_id, field, voice_group
)
SELECT
    p.policy,
    p.claim_id,
    p.field,
    p.subject_table,
    p.subject_id,
    CASE
        WHEN p.ladder <> p.least THEN 'outranked'
        WHEN p.told < t.told THEN 'later_preferred'
        ELSE 'leads'
    END AS resolution_use,
    p.steps[l.rung] AS decided_at,
    coalesce(p.bounded_below AND p.low = p.lowest, FALSE) AS sets_low,
    coalesce(p.bounded_above AND p.high = p.highest, FALSE) AS sets_high
FROM placed AS p
LEFT JOIN lost AS l ON l.policy = p.policy AND l.claim_id = p.claim_id AND l.field = p.field
LEFT JOIN latest AS t
    ON t.policy = p.policy AND t.subject_table = p.subject_table AND t.subject_id = p.subject_id
    AND t.field = p.field AND t.voice_group = p.voice_group
ORDER BY p.policy, p.claim_id, p.field

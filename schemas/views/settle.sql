-- macro: settle(ranking)
-- What a ranking of the candidates would publish: one row is one column of a record, or the value of a figure. It is
-- how `resolutions` was made, and how you try a policy of your own without rebuilding anything: CREATE TEMP TABLE mine
-- AS SELECT 'mine' AS policy, 'basis' AS steps, claim_id, field, [basis_rank] AS ladder, point AS best FROM candidates
-- WHERE standing = 'stands'; FROM settle('mine'). What stands least on the ladder leads; of one voice's words the
-- later; leading voices that clash make it disputed; low and high are the envelope of all that the ranking counts.
-- Nothing is averaged.
-- policy: The policy.
-- subject_table: The table of the record.
-- subject_id: Its key.
-- field: The column, or `value` of a figure.
-- resolution_status: resolved, hedged (bounded, without a point), disputed, or open (several values that no rule
--   compares).
-- low: The least amount that any claim counted allows, in the unit of the figure; empty where one sets no bound.
-- low_open: Whether that amount itself is excluded.
-- low_assumed: Whether that bound rests on a convention.
-- best: The number that the leading claims agree on.
-- high: The greatest amount that any claim counted allows; empty where one sets no bound.
-- high_open: Whether that amount itself is excluded.
-- high_assumed: Whether that bound rests on a convention.
-- best_comparator: The hedge of the leading claim; of several the one that leaves least open. Empty where the leading
--   claims state points and none is published, since they differ or the ranking offers none.
-- best_raw: Its words.
-- value_text: For what is no quantity, the value that leads; of several that agree the narrowest.
-- n_claims: Claims that the ranking counts.
-- n_voices: Independent voices among them.
WITH used AS (
    SELECT
        u.policy,
        u.resolution_use = 'leads' AS leads,
        u.sets_low,
        u.sets_high,
        r.best,
        c.*,
        coalesce(c.high - c.low, 'infinity') AS width
    FROM settle_claims(ranking) AS u
    JOIN candidates AS c ON c.claim_id = u.claim_id AND c.field = u.field
    -- In brackets, since DuckDB 1.1 does not know the alias of query_table itself.
    JOIN (SELECT * FROM query_table(ranking)) AS r
        ON r.policy = u.policy AND r.claim_id = u.claim_id AND r.field = u.field
),
disputed AS (
    SELECT DISTINCT a.policy, a.subject_table, a.subject_id, a.field
    FROM clashes AS k
    JOIN used AS a ON a.claim_id = k.claim_id AND a.field = k.field
    JOIN used AS b ON b.policy = a.policy AND b.claim_id = k.related_claim_id AND b.field = k.field
    WHERE a.leads AND b.leads AND a.voice_group <> b.voice_group
),
offered AS (
    -- Of the points that lead the finest, one told in the unit of the figure first; of the values the narrowest.
    SELECT
        policy,
        subject_table,
        subject_id,
        field,
        arg_min(best, (converted, step, best)) FILTER (WHERE best IS NOT NULL) AS best,
        min(coalesce(breadth, 9e9)) AS breadth
    FROM used
    WHERE leads
    GROUP BY policy, subject_table, subject_id, field
),
counted AS (
    SELECT
        u.policy,
        u.subject_table,
        u.subject_id,
        u.field,
        max(u.low) FILTER (WHERE u.sets_low) AS low,
        bool_and(u.low_open) FILTER (WHERE u.sets_low) AS low_open,
        bool_and(u.low_assumed) FILTER (WHERE u.sets_low) AS low_assumed,
        max(u.high) FILTER (WHERE u.sets_high) AS high,
        bool_and(u.high_open) FILTER (WHERE u.sets_high) AS high_open,
        bool_and(u.high_assumed) FILTER (WHERE u.sets_high) AS high_assumed,
        -- It is published where all that lead state it; rounding may keep apart what was told in another unit.
        CASE WHEN bool_and(abs(u.best - o.best) <= CASE WHEN u.converted THEN u.step / 2 ELSE 0 END)
            FILTER (WHERE u.leads AND u.best IS NOT NULL) THEN any_value(o.best)
        END AS best,
        -- No leading claim states a point: then it is the hedge that is published.
        count(u.point) FILTER (WHERE u.leads) = 0 AS hedged,
        -- The words of the best itself, where there is one.
        arg_min(u.comparator, (u.best IS DISTINCT FROM o.best, u.width, u.claim_id)) FILTER (WHERE u.leads)
            AS best_comparator,
        arg_min(u.value_raw, (u.best IS DISTINCT FROM o.best, u.width, u.claim_id))
            FILTER (WHERE u.leads AND u.comparator IS NOT NULL) AS best_raw,
        CASE WHEN count(DISTINCT u.value_text) FILTER (WHERE u.leads AND coalesce(u.breadth, 9e9) = o.breadth) = 1
            THEN min(u.value_text) FILTER (WHERE u.leads AND coalesce(u.breadth, 9e9) = o.breadth)
        END AS value_text,
        count(*) AS n_claims,
        count(DISTINCT u.voice_group) AS n_voices
    FROM used AS u
    JOIN offered AS o
        ON o.policy = u.policy AND o.subject_table = u.subject_table AND o.subject_id = u.subject_id
        AND o.field = u.field
    GROUP BY u.policy, u.subject_table, u.subject_id, u.field
)
SELECT
    c.policy,
    c.subject_table,
    c.subject_id,
    c.field,
    CASE
        WHEN d.policy IS NOT NULL THEN 'disputed'
        WHEN c.field = 'value' THEN CASE WHEN c.best IS NULL THEN 'hedged' ELSE 'resolved' END
        WHEN c.value_text IS NULL THEN 'open'
        ELSE 'resolved'
    END AS resolution_status,
    c.low,
    c.low_open,
    c.low_assumed,
    CASE WHEN d.policy IS NULL THEN c.best END AS best,
    c.high,
    c.high_open,
    c.high_assumed,
    CASE WHEN d.policy IS NULL AND (c.hedged OR c.best IS NOT NULL) THEN c.best_comparator END AS best_comparator,
    CASE WHEN d.policy IS NULL AND (c.hedged OR c.best IS NOT NULL) THEN c.best_raw END AS best_raw,
    CASE WHEN d.policy IS NULL AND c.field <> 'value' THEN c.value_text END AS value_text,
    c.n_claims,
    c.n_voices
FROM counted AS c
LEFT JOIN disputed AS d
    ON d.policy = c.policy AND d.subject_table = c.subject_table AND d.subject_id = c.subject_id
    AND d.field = c.field
ORDER BY c.policy, c.subject_table, c.subject_id, c.field

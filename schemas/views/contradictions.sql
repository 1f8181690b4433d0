-- One row is a pair of claims that cannot both be right of one thing, or of which somebody judged so, side by side,
-- with how they relate: by a row of `claim_links` between the two, or between claims that repeat them. `bastions
-- validate` refuses a pair that nobody has explained.
-- subject_table: The table of the record.
-- subject_id: Its key.
-- subject_label: A readable name of it.
-- field: The column, `value` of a figure, or `exists`.
-- kind: What clashes: quantity, date, place, code or polarity; empty where only a link says so.
-- gap: How far apart they are, in the unit of the figure or in days.
-- claim_id: The one claim: of a link that has a direction, the one that answers.
-- voice: Whose it is.
-- told: Until when it was said, or published.
-- told_value: What it says.
-- related_claim_id: The other claim.
-- related_voice: Whose it is.
-- related_told: Until when it was said, or published.
-- related_value: What it says.
-- one_voice: Whether both are of one voice, repetitions and derivations included.
-- claim_relation: How the first relates to the second, as judged; empty where nobody has.
-- dimension: In which dimension they differ.
-- note: The grounds.
-- decided_by: Who judged.
-- claim_link_id: The row that says so.
-- direct: Whether that row is between the two themselves, or between claims that repeat them.
-- detected: Whether the values themselves clash, or only a link says that the claims do.
WITH RECURSIVE found AS MATERIALIZED (
    SELECT * FROM clashes
),
steps AS (
    -- From a claim to what it repeats or was taken from, on one record.
    SELECT l.claim_id AS one, l.related_claim_id AS other
    FROM claim_links AS l
    JOIN code_attributes AS v
        ON v.code_list = 'claim_relation' AND v.code = l.claim_relation AND v.attribute = 'one_voice'
        AND v.attribute_value = 'yes'
    JOIN claims AS c ON c.claim_id = l.claim_id
    JOIN claims AS r
        ON r.claim_id = l.related_claim_id AND r.subject_table = c.subject_table AND r.subject_id = c.subject_id
),
near AS (
    SELECT one, other FROM steps
    UNION
    SELECT other, one FROM steps
),
members AS (
    -- A claim with those that say the same in the same voice: what is judged of one of them answers for all.
    SELECT claim_id, claim_id AS member FROM found
    UNION
    SELECT related_claim_id, related_claim_id FROM found
    UNION
    SELECT m.claim_id, n.other FROM members AS m JOIN near AS n ON n.one = m.member
),
answers AS (
    -- A link between the two; or a judgement between those that say the same. That one was taken from another answers
    -- where the two ends of that link clash themselves: what was lost there is what the pair differs in.
    SELECT
        k.subject_table,
        k.subject_id,
        k.field,
        k.claim_id AS one,
        k.related_claim_id AS other,
        l.claim_link_id,
        a.claim_id = k.claim_id AS forward,
        a.member = a.claim_id AND b.member = b.claim_id AS direct,
        row_number() OVER (
            PARTITION BY k.subject_table, k.subject_id, k.field, k.claim_id, k.related_claim_id
            ORDER BY
                CASE WHEN a.member = a.claim_id AND b.member = b.claim_id THEN 0 ELSE 1 END,
                l.claim_link_id,
                a.claim_id
        ) AS place
    FROM found AS k
    JOIN members AS a ON a.claim_id IN (k.claim_id, k.related_claim_id)
    JOIN members AS b ON b.claim_id IN (k.claim_id, k.related_claim_id) AND b.claim_id <> a.claim_id
    JOIN claim_links AS l ON l.claim_id = a.member AND l.related_claim_id = b.member
    JOIN code_attributes AS x
        ON x.code_list = 'claim_relation' AND x.code = l.claim_relation AND x.attribute = 'explains_clash'
        AND x.attribute_value = 'yes'
    JOIN code_attributes AS v
        ON v.code_list = 'claim_relation' AND v.code = l.claim_relation AND v.attribute = 'one_voice'
    WHERE (a.member = a.claim_id AND b.member = b.claim_id)
        OR v.attribute_value = 'no'
        OR EXISTS (
            SELECT 1 FROM found AS d
            WHERE d.field = k.field AND d.claim_id = least(l.claim_id, l.related_claim_id)
                AND d.related_claim_id = greatest(l.claim_id, l.related_claim_id)
        )
),
pairs AS (
    SELECT
        k.subject_table,
        k.subject_id,
        k.field,
        k.kind,
        k.gap,
        CASE WHEN coalesce(w.forward, TRUE) THEN k.claim_id ELSE k.related_claim_id END AS claim_id,
        CASE WHEN coalesce(w.forward, TRUE) THEN k.related_claim_id ELSE k.claim_id END AS related_claim_id,
        w.claim_link_id,
        w.direct,
        TRUE AS detected
    FROM found AS k
    LEFT JOIN answers AS w
        ON w.subject_table = k.subject_table AND w.subject_id = k.subject_id AND w.field = k.field
        AND w.one = k.claim_id AND w.other = k.related_claim_id AND w.place = 1
    UNION ALL
    SELECT
        c.subject_table,
        c.subject_id,
        c.field,
        CAST(NULL AS VARCHAR),
        CAST(NULL AS DOUBLE),
        l.claim_id,
        l.related_claim_id,
        l.claim_link_id,
        TRUE,
        FALSE
    FROM claim_links AS l
    JOIN claims AS c ON c.claim_id = l.claim_id
    WHERE l.claim_relation IN ('contradicts', 'denies')
        AND NOT EXISTS (
            SELECT 1 FROM found AS k
            WHERE k.claim_id = l.claim_id AND k.related_claim_id = l.related_claim_id
                OR k.claim_id = l.related_claim_id AND k.related_claim_id = l.claim_id
        )
),
words AS (
    SELECT
        b.claim_id,
        b.voice,
        b.voice_id,
        coalesce(u.said_latest, s.published_latest) AS told,
        CASE WHEN c.polarity = 'denied' THEN 'not: ' ELSE '' END || coalesce(b.hedge, c.value_text) AS own_value,
        CASE WHEN c.polarity = 'denied' THEN 'not: ' ELSE '' END || c.statement AS statement
    FROM claims_bounded AS b
    JOIN claims AS c ON c.claim_id = b.claim_id
    JOIN sources AS s ON s.source_id = b.source_id
    LEFT JOIN utterances AS u ON u.utterance_id = b.utterance_id
)
SELECT
    p.subject_table,
    p.subject_id,
    (
        SELECT n.label FROM record_names AS n
        WHERE n.subject_table = p.subject_table AND n.subject_id = p.subject_id
    ) AS subject_label,
    p.field,
    p.kind,
    p.gap,
    p.claim_id,
    a.voice,
    a.told,
    coalesce(a.own_value, (
        SELECT x.value_text FROM candidates AS x WHERE x.claim_id = p.claim_id AND x.field = p.field
    ), a.statement) AS told_value,
    p.related_claim_id,
    b.voice AS related_voice,
    b.told AS related_told,
    coalesce(b.own_value, (
        SELECT x.value_text FROM candidates AS x WHERE x.claim_id = p.related_claim_id AND x.field = p.field
    ), b.statement) AS related_value,
    coalesce(
        (
            SELECT x.voice_group = y.voice_group FROM candidates AS x, candidates AS y
            WHERE x.claim_id = p.claim_id AND x.field = p.field AND y.claim_id = p.related_claim_id
                AND y.field = p.field
        ),
        a.voice_id = b.voice_id
    ) AS one_voice,
    l.claim_relation,
    l.dimension,
    l.note,
    l.decided_by,
    p.claim_link_id,
    p.direct,
    p.detected
FROM pairs AS p
JOIN words AS a ON a.claim_id = p.claim_id
JOIN words AS b ON b.claim_id = p.related_claim_id
LEFT JOIN claim_links AS l ON l.claim_link_id = p.claim_link_id
ORDER BY p.subject_table, p.subject_id, p.field, p.claim_id, p.related_claim_id

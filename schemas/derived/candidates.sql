-- Made of the claims, their voices, their bounds and their interest; what a column means is told in candidates.yaml.
--
-- A cell that one `exists` claim of a dataset affirms, and no other claim speaks of, is left out: whoever counts that
-- claim publishes what stands in the cell, and the row on `exists` says whose claim it is. Such are nearly all cells of
-- the datasets; with a row of each for every policy they would be nine tenths of the release.
WITH RECURSIVE carried AS (
    -- Each column that the words of an `exists` claim carry.
    SELECT
        c.claim_id,
        c.subject_table,
        c.subject_id,
        unnest(list_distinct(string_split(c.covers, ' '))) AS field,
        c.claim_type = 'dataset' AND c.polarity = 'affirmed' AND EXISTS (
            SELECT 1 FROM code_attributes AS a
            WHERE a.code_list = 'event_status' AND a.code = c.event_status AND a.attribute = 'exists'
                AND a.attribute_value = 'yes'
        ) AS settles
    FROM claims AS c
    WHERE c.field = 'exists'
),
weighed AS (
    -- Those of them on which there is something to weigh.
    SELECT subject_table, subject_id, field
    FROM (
        SELECT subject_table, subject_id, field, settles FROM carried
        UNION ALL
        SELECT subject_table, subject_id, field, FALSE
        FROM claims
        WHERE field NOT IN ('exists', 'remark', 'value') AND value_text IS NOT NULL
    ) AS every_claim
    GROUP BY subject_table, subject_id, field
    HAVING count(*) > 1 OR NOT coalesce(bool_and(settles), FALSE)
),
borne AS (
    -- Each claim with each column that it bears on, and what it gives for it.
    SELECT c.claim_id, c.field, c.field AS via, c.value_text
    FROM claims AS c
    WHERE c.field NOT IN ('exists', 'remark') AND (c.field = 'value' OR c.value_text IS NOT NULL)
    UNION ALL
    SELECT c.claim_id, 'exists', 'exists', NULL
    FROM claims AS c
    WHERE c.field = 'exists'
    UNION ALL
    SELECT c.claim_id, c.field, 'exists', x.cell
    FROM carried AS c
    JOIN weighed AS o ON o.subject_table = c.subject_table AND o.subject_id = c.subject_id AND o.field = c.field
    JOIN cells AS x
        ON x.subject_table = c.subject_table AND x.subject_id = c.subject_id AND x.column_name = c.field
),
told AS (
    SELECT
        k.field,
        k.via,
        k.value_text,
        c.*,
        s.revision_of_id,
        m.polarity,
        (
            SELECT a.attribute_value = 'yes' FROM code_attributes AS a
            WHERE a.code_list = 'event_status' AND a.code = m.event_status AND a.attribute = 'exists'
        ) AS real,
        CASE WHEN u.said IS NULL THEN s.published_earliest ELSE u.said_earliest END AS told_earliest,
        CASE WHEN u.said IS NULL THEN s.published_latest ELSE u.said_latest END AS told_latest,
        CASE WHEN k.field = 'value' THEN
            greatest(0, m.as_of_earliest - f.as_of_latest, f.as_of_earliest - m.as_of_latest)
        END AS as_of_days,
        m.scope_location_id IS NOT NULL AND f.scope_location_id IS NOT NULL
            AND m.scope_location_id <> f.scope_location_id AS out_of_scope,
        CASE WHEN m.as_of IS NULL THEN f.as_of_earliest ELSE m.as_of_earliest END AS as_of_earliest,
        CASE WHEN m.as_of IS NULL THEN f.as_of_latest ELSE m.as_of_latest END AS as_of_latest,
        f.measure
    FROM borne AS k
    JOIN claims_bounded AS c ON c.claim_id = k.claim_id
    JOIN claims AS m ON m.claim_id = k.claim_id
    JOIN sources AS s ON s.source_id = c.source_id
    LEFT JOIN utterances AS u ON u.utterance_id = c.utterance_id
    LEFT JOIN figures AS f ON c.subject_table = 'figures' AND k.field = 'value' AND f.figure_id = c.subject_id
),
linked AS (
    -- Two claims on one column, and how the first relates to the second.
    SELECT
        a.claim_id,
        a.field,
        k.claim_relation,
        r.attribute_value AS one_voice,
        b.claim_id AS related_claim_id,
        -- In its own voice or a later version, and not on what is only further from the time of the figure.
        a.real AND (a.voice_id = b.voice_id OR coalesce(a.revision_of_id = b.source_id, FALSE))
            AND (k.claim_relation = 'withdraws' OR coalesce(a.as_of_days, 0) <= coalesce(b.as_of_days, 0))
            AS may_retire
    FROM claim_links AS k
    JOIN told AS a ON a.claim_id = k.claim_id
    JOIN told AS b
        ON b.claim_id = k.related_claim_id AND b.subject_table = a.subject_table AND b.subject_id = a.subject_id
        AND b.field = a.field
    JOIN code_attributes AS r
        ON r.code_list = 'claim_relation' AND r.code = k.claim_relation AND r.attribute = 'one_voice'
),
leads_to AS (
    -- From a claim to what it repeats or was taken from; once by what is known, once with our hypotheses.
    SELECT DISTINCT b.supposed, l.field, l.claim_id, l.related_claim_id
    FROM linked AS l
    JOIN (VALUES (FALSE, 'yes'), (TRUE, 'yes'), (TRUE, 'perhaps')) AS b (supposed, one_voice)
        ON b.one_voice = l.one_voice
),
origins AS (
    SELECT supposed, field, claim_id, related_claim_id FROM leads_to
    UNION
    SELECT o.supposed, o.field, o.claim_id, l.related_claim_id
    FROM origins AS o
    JOIN leads_to AS l ON l.supposed = o.supposed AND l.field = o.field AND l.claim_id = o.related_claim_id
),
pairs AS (
    -- A speaker, and the actor for whom they speak on a column, are one voice there.
    SELECT DISTINCT subject_table, subject_id, field, voice_id AS one, on_behalf_of_id AS other FROM told
    WHERE on_behalf_of_id IS NOT NULL
),
edges AS (
    SELECT subject_table, subject_id, field, one, other FROM pairs
    UNION
    SELECT subject_table, subject_id, field, other, one FROM pairs
),
alike AS (
    -- And so are all who speak for one actor.
    SELECT subject_table, subject_id, field, one, other FROM edges
    UNION
    SELECT a.subject_table, a.subject_id, a.field, a.one, e.other
    FROM alike AS a
    JOIN edges AS e
        ON e.subject_table = a.subject_table AND e.subject_id = a.subject_id AND e.field = a.field
        AND e.one = a.other
),
spoken AS (
    SELECT
        t.claim_id,
        t.field,
        coalesce(
            (
                SELECT min(a.other) FROM alike AS a
                WHERE a.subject_table = t.subject_table AND a.subject_id = t.subject_id AND a.field = t.field
                    AND a.one = t.voice_id
            ),
            t.voice_id
        ) AS voice_group
    FROM told AS t
),
groups AS (
    -- The voice of the first teller; of several from whom a claim draws one is taken, and they are not made one.
    SELECT o.supposed, o.field, o.claim_id, min(v.voice_group) AS voice_group
    FROM origins AS o
    JOIN spoken AS v ON v.claim_id = o.related_claim_id AND v.field = o.field
    WHERE NOT EXISTS (
        SELECT 1 FROM leads_to AS l
        WHERE l.supposed = o.supposed AND l.field = o.field AND l.claim_id = o.related_claim_id
    )
    GROUP BY o.supposed, o.field, o.claim_id
),
retired AS (
    SELECT
        related_claim_id AS claim_id,
        field,
        bool_or(claim_relation = 'withdraws') AS withdrawn
    FROM linked
    WHERE claim_relation IN ('withdraws', 'updates') AND may_retire
    GROUP BY related_claim_id, field
),
judged AS (
    SELECT
        t.*,
        CASE
            WHEN NOT coalesce(t.real, FALSE) THEN 'unreal'
            WHEN t.polarity <> 'affirmed' THEN 'denied'
            WHEN coalesce(r.withdrawn, FALSE) THEN 'withdrawn'
            WHEN r.claim_id IS NOT NULL THEN 'superseded'
            WHEN t.out_of_scope THEN 'out_of_scope'
            ELSE 'stands'
        END AS standing
    FROM told AS t
    LEFT JOIN retired AS r ON r.claim_id = t.claim_id AND r.field = t.field
)
SELECT
    t.claim_id,
    t.field,
    t.subject_table,
    t.subject_id,
    t.via,
    CASE
        WHEN t.standing = 'stands' AND EXISTS (
            SELECT 1 FROM linked AS e
            JOIN judged AS o ON o.claim_id = e.related_claim_id AND o.field = e.field
            WHERE e.claim_id = t.claim_id AND e.field = t.field AND e.one_voice = 'yes'
                AND o.standing IN ('stands', 'superseded', 'withdrawn')
        ) THEN 'echo'
        ELSE t.standing
    END AS standing,
    t.voice_id,
    coalesce(g.voice_group, y.voice_group) AS voice_group,
    coalesce(h.voice_group, y.voice_group) AS voice_group_at_least,
    coalesce(
        (
            SELECT o.attribute_value = 'yes' FROM actors AS a
            JOIN code_attributes AS o
                ON o.code_list = 'actor_type' AND o.code = a.actor_type AND o.attribute = 'official'
            -- Who wrote an agency's copy is the agency.
            WHERE a.actor_id = CASE WHEN t.utterance_id IS NULL THEN t.voice_id ELSE t.speaker_id END
        ),
        FALSE
    ) AS official,
    coalesce(i.interest, 'neutral') AS interest,
    CAST(
        (
            SELECT a.attribute_value FROM code_attributes AS a
            WHERE a.code_list = 'interest' AND a.code = coalesce(i.interest, 'neutral') AND a.attribute = 'rank'
        ) AS BIGINT
    ) AS interest_rank,
    coalesce(
        CAST(
            (
                SELECT a.attribute_value FROM code_attributes AS a
                WHERE a.code_list = 'basis' AND a.code = t.basis AND a.attribute = 'rank'
            ) AS BIGINT
        ),
        9
    ) AS basis_rank,
    t.told_earliest,
    t.told_latest,
    CAST(coalesce(t.as_of_days, 0) AS BIGINT) AS as_of_days,
    CASE WHEN t.field = 'value' THEN t.as_of END AS as_of,
    CASE WHEN t.field = 'value' THEN t.as_of_earliest END AS as_of_earliest,
    CASE WHEN t.field = 'value' THEN t.as_of_latest END AS as_of_latest,
    CASE WHEN t.field = 'value' THEN t.scope_location_id END AS scope_location_id,
    t.measure,
    t.inferred,
    CASE WHEN t.field = 'value' THEN t.comparator END AS comparator,
    t.value_raw,
    q.low,
    q.low_open,
    q.low_assumed,
    q.high,
    q.high_open,
    q.high_assumed,
    q.point,
    q.least_stated,
    q.greatest_stated,
    q.step,
    q.converted,
    t.value_text,
    CASE WHEN d.claim_id IS NOT NULL THEN d.date_latest - d.date_earliest ELSE coalesce(
        -e.depth,
        (
            SELECT -count(*) FROM columns AS k
            JOIN code_attributes AS a
                ON a.code_list = k.column_codes AND a.code = t.value_text AND a.attribute = 'broader'
            WHERE k.table_name = t.subject_table AND k.column_name = t.field AND k.column_codes IS NOT NULL
        )
    ) END AS breadth,
    d.date_earliest,
    d.date_latest
FROM judged AS t
JOIN spoken AS y ON y.claim_id = t.claim_id AND y.field = t.field
LEFT JOIN groups AS g ON NOT g.supposed AND g.claim_id = t.claim_id AND g.field = t.field
LEFT JOIN groups AS h ON h.supposed AND h.claim_id = t.claim_id AND h.field = t.field
LEFT JOIN interest_of_claims AS i ON i.claim_id = t.claim_id
LEFT JOIN quantities AS q ON q.claim_id = t.claim_id AND t.field = 'value'
LEFT JOIN (SELECT location_id, max(depth) AS depth FROM places_within GROUP BY location_id) AS e
    ON e.location_id = t.value_text AND EXISTS (
        SELECT 1 FROM columns AS k
        WHERE k.table_name = t.subject_table AND k.column_name = t.field AND k.refers_to = 'locations'
    )
LEFT JOIN claim_dates AS d ON d.claim_id = t.claim_id AND d.field = t.field
ORDER BY t.claim_id, t.field

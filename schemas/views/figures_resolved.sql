-- One row is one figure with what is said of its value, and what the default policy publishes: a best value only where
-- the leading claims state a point and agree, the envelope of all claims that it counts, and the hedge that leads. Left
-- out are claims that deny, fear, plan or predict, that their own voice (or a revision of the source) withdrew or
-- replaced, and that range over another scope. A claim that restates another, or is derived from it, is listed and
-- changes no number. Where a source puts its best estimate outside its own bounds, as UCDP does now and then, the
-- figure is resolved all the same, `low` and `high` reach to the estimate, and `hedge` has the three numbers as
-- published. The other policies are in `resolutions` and `policy_sensitivity`.
-- figure_id: Key of the figure.
-- subject_table: The table of the record that the figure is about.
-- subject_id: Its key.
-- subject_label: A readable name of that record.
-- measure: What is measured.
-- measure_label: The same in words.
-- item: The kind of thing that is counted.
-- item_label: The same in words.
-- affected_actor_id: The actor whose people, territory or things are measured.
-- affected_actor_name: Its name.
-- affected_group: The group of people that is counted.
-- affected_group_label: The same in words.
-- related_table: The table of the second record, as of a distance.
-- related_id: Its key.
-- related_label: A readable name of it.
-- unit: The unit of all numbers in this row.
-- unit_label: Its name.
-- as_of: The time for which the figure holds, EDTF.
-- scope_location_id: The place over which it ranges.
-- scope_name: Name of that place.
-- comparison_class: For a rank or superlative, the class over which it ranges.
-- comparison_class_label: The same in words.
-- resolution_status: resolved, hedged (bounded, without a point) or disputed; empty where nobody gives a value.
-- low: The least amount that any claim counted allows; empty where one of them sets no lower bound.
-- low_open: Whether that amount itself is excluded.
-- best: The number that the leading claims agree on; else empty.
-- high: The greatest amount that any claim counted allows; empty where one of them sets no upper bound.
-- high_open: Whether that amount itself is excluded.
-- best_comparator: The hedge of the leading claim.
-- best_raw: Its words.
-- hedge: What is claimed, in words, each reading once: "more than 96 percent; about 97 percent".
-- value_raw: The words of the sources, each once, in quotation marks.
-- comparators: The hedges as codes, each once, separated by commas.
-- least_stated: The least number that any of the claims states, whatever its hedge.
-- greatest_stated: The greatest number that any of the claims states.
-- points: Whether the claims that state a point agree: `none` (there is none), `one`, `agree` or `differ`.
-- n_claims: Claims listed, repetitions included; how many the policy counts is in `resolutions`.
-- n_voices: Independent voices among them.
-- voices: Who says so, in words; with " [inferred]" where all that is taken from a voice was made by the coder.
-- claim_ids: The claims, separated by spaces.
WITH told AS (
    SELECT
        c.subject_id AS figure_id,
        c.claim_id,
        c.standing,
        c.voice_group,
        c.point,
        c.least_stated,
        c.greatest_stated,
        b.hedge,
        b.value_raw,
        b.comparator,
        b.voice || CASE
            WHEN bool_and(c.inferred) OVER (PARTITION BY c.subject_id, b.voice) THEN ' [inferred]' ELSE ''
        END AS voice
    FROM candidates AS c
    JOIN claims_bounded AS b ON b.claim_id = c.claim_id
    WHERE c.subject_table = 'figures' AND c.field = 'value' AND c.standing IN ('stands', 'echo')
),
summed AS (
    SELECT
        figure_id,
        string_agg(DISTINCT hedge, '; ' ORDER BY hedge) AS hedge,
        string_agg(DISTINCT '"' || value_raw || '"', '; ' ORDER BY '"' || value_raw || '"') AS value_raw,
        string_agg(DISTINCT comparator, ', ' ORDER BY comparator) AS comparators,
        min(least_stated) FILTER (WHERE standing = 'stands') AS least_stated,
        max(greatest_stated) FILTER (WHERE standing = 'stands') AS greatest_stated,
        CASE
            WHEN count(point) FILTER (WHERE standing = 'stands') = 0 THEN 'none'
            WHEN count(point) FILTER (WHERE standing = 'stands') = 1 THEN 'one'
            WHEN count(DISTINCT point) FILTER (WHERE standing = 'stands') = 1 THEN 'agree'
            ELSE 'differ'
        END AS points,
        count(*) AS n_claims,
        count(DISTINCT voice_group) AS n_voices,
        string_agg(DISTINCT voice, '; ' ORDER BY voice) AS voices,
        string_agg(claim_id, ' ' ORDER BY claim_id) AS claim_ids
    FROM told
    GROUP BY figure_id
)
SELECT
    f.figure_id,
    f.subject_table,
    f.subject_id,
    coalesce(
        (SELECT n.label FROM record_names AS n WHERE n.subject_table = f.subject_table AND n.subject_id = f.subject_id),
        f.subject_id
    ) AS subject_label,
    f.measure,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'measure' AND k.code = f.measure) AS measure_label,
    f.item,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'item' AND k.code = f.item) AS item_label,
    f.affected_actor_id,
    (SELECT a.name FROM actors AS a WHERE a.actor_id = f.affected_actor_id) AS affected_actor_name,
    f.affected_group,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'affected_group' AND k.code = f.affected_group)
        AS affected_group_label,
    f.related_table,
    f.related_id,
    coalesce(
        (SELECT n.label FROM record_names AS n WHERE n.subject_table = f.related_table AND n.subject_id = f.related_id),
        f.related_id
    ) AS related_label,
    f.unit,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'unit' AND k.code = f.unit) AS unit_label,
    f.as_of,
    f.scope_location_id,
    (SELECT l.name FROM locations AS l WHERE l.location_id = f.scope_location_id) AS scope_name,
    f.comparison_class,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'comparison_class' AND k.code = f.comparison_class)
        AS comparison_class_label,
    r.resolution_status,
    r.low,
    r.low_open,
    r.best,
    r.high,
    r.high_open,
    r.best_comparator,
    r.best_raw,
    t.hedge,
    t.value_raw,
    t.comparators,
    t.least_stated,
    t.greatest_stated,
    coalesce(t.points, 'none') AS points,
    coalesce(t.n_claims, 0) AS n_claims,
    coalesce(t.n_voices, 0) AS n_voices,
    t.voices,
    t.claim_ids
FROM figures AS f
LEFT JOIN summed AS t ON t.figure_id = f.figure_id
LEFT JOIN resolutions AS r
    ON r.subject_table = 'figures' AND r.subject_id = f.figure_id AND r.field = 'value'
    AND r.policy = (SELECT p.policy FROM policies AS p WHERE p.is_default)
ORDER BY f.figure_id

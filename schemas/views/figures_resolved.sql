-- One row is one figure with what is said of its value: the envelope of all claims that assert one, and a best value
-- only where those that state a point agree. Left out are claims that deny, fear, plan or predict, that their own voice
-- (or a revision of the source) withdrew or replaced, and that count in a unit which does not convert. A claim that
-- restates another, or is derived from it, is listed with it and changes no number. Nothing is averaged and no voice is
-- preferred here.
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
-- hedge: What is claimed, in words, each reading once: "more than 96 percent; about 97 percent".
-- value_raw: The words of the sources, each once, in quotation marks.
-- comparators: The hedges as codes, each once, separated by commas.
-- low: The least amount that any of the claims allows; empty where one of them sets no lower bound.
-- low_open: Whether that amount itself is excluded.
-- best: The number that the point claims state, where they all state the same; else empty.
-- high: The greatest amount that any of the claims allows; empty where one of them sets no upper bound.
-- high_open: Whether that amount itself is excluded.
-- least_stated: The least number that any of the claims states, whatever its hedge.
-- greatest_stated: The greatest number that any of the claims states.
-- points: Whether the claims that state a point agree: `none` (there is none), `one`, `agree` or `differ`.
-- n_claims: Claims counted.
-- n_voices: Different voices among them, those that only restate or derive not counted.
-- voices: Who says so, in words; with " [inferred]" where all that is taken from a voice was made by the coder.
-- claim_ids: The claims, separated by spaces.
WITH factors AS (
    SELECT
        code AS unit,
        CAST(max(attribute_value) FILTER (WHERE attribute = 'factor') AS DOUBLE) AS factor,
        max(attribute_value) FILTER (WHERE attribute = 'dimension') AS dimension
    FROM code_attributes
    WHERE code_list = 'unit'
    GROUP BY code
),
retired AS (
    -- Withdrawn or replaced on the same figure: by the same voice, or in a revision of the source.
    SELECT o.claim_id
    FROM claim_links AS k
    JOIN claims_bounded AS o ON o.claim_id = k.related_claim_id
    JOIN claims_bounded AS w ON w.claim_id = k.claim_id
    JOIN sources AS s ON s.source_id = w.source_id
    WHERE k.claim_relation IN ('withdraws', 'updates')
        AND w.subject_table = o.subject_table AND w.subject_id = o.subject_id AND w.field = o.field
        AND (w.voice_id = o.voice_id OR coalesce(s.revision_of_id = o.source_id, FALSE))
),
told AS (
    SELECT
        f.figure_id,
        c.*,
        CASE WHEN c.unit = f.unit THEN 1 ELSE near.factor / far.factor END AS scale
    FROM figures AS f
    JOIN claims_bounded AS c ON c.subject_table = 'figures' AND c.subject_id = f.figure_id
    JOIN factors AS near ON near.unit = c.unit
    JOIN factors AS far ON far.unit = f.unit
    WHERE c.field = 'value' AND c.asserts AND near.dimension = far.dimension
        AND c.claim_id NOT IN (SELECT r.claim_id FROM retired AS r)
),
scaled AS (
    SELECT
        figure_id, claim_id, voice_id, voice, inferred, comparator, hedge, value_raw, low_open, high_open,
        low * scale AS low,
        high * scale AS high,
        point * scale AS point,
        least_stated * scale AS least,
        greatest_stated * scale AS greatest,
        -- Says again, or takes from another, what is counted here already: the same voice, whatever it rounded.
        EXISTS (
            SELECT 1 FROM claim_links AS k
            JOIN told AS o ON o.claim_id = k.related_claim_id AND o.figure_id = told.figure_id
            WHERE k.claim_id = told.claim_id AND k.claim_relation IN ('restates', 'derived_from')
        ) AS echo
    FROM told
),
edges AS (
    SELECT
        figure_id,
        CASE WHEN bool_and(low IS NOT NULL) THEN min(low) END AS low,
        CASE WHEN bool_and(high IS NOT NULL) THEN max(high) END AS high
    FROM scaled
    WHERE NOT echo
    GROUP BY figure_id
),
marked AS (
    SELECT
        scaled.*,
        voice || CASE WHEN bool_and(inferred) OVER (PARTITION BY figure_id, voice) THEN ' [inferred]' ELSE '' END
            AS voice_shown
    FROM scaled
),
resolved AS (
    SELECT
        s.figure_id,
        string_agg(DISTINCT s.hedge, '; ' ORDER BY s.hedge) AS hedge,
        string_agg(DISTINCT '"' || s.value_raw || '"', '; ' ORDER BY '"' || s.value_raw || '"') AS value_raw,
        string_agg(DISTINCT s.comparator, ', ' ORDER BY s.comparator) AS comparators,
        any_value(e.low) AS low,
        bool_and(s.low_open) FILTER (WHERE s.low = e.low AND NOT s.echo) AS low_open,
        CASE WHEN count(DISTINCT s.point) FILTER (WHERE NOT s.echo) = 1 THEN max(s.point) FILTER (WHERE NOT s.echo) END
            AS best,
        any_value(e.high) AS high,
        bool_and(s.high_open) FILTER (WHERE s.high = e.high AND NOT s.echo) AS high_open,
        min(s.least) AS least_stated,
        max(s.greatest) AS greatest_stated,
        CASE
            WHEN count(s.point) FILTER (WHERE NOT s.echo) = 0 THEN 'none'
            WHEN count(s.point) FILTER (WHERE NOT s.echo) = 1 THEN 'one'
            WHEN count(DISTINCT s.point) FILTER (WHERE NOT s.echo) = 1 THEN 'agree'
            ELSE 'differ'
        END AS points,
        count(*) AS n_claims,
        count(DISTINCT s.voice_id) FILTER (WHERE NOT s.echo) AS n_voices,
        string_agg(DISTINCT s.voice_shown, '; ' ORDER BY s.voice_shown) AS voices,
        string_agg(s.claim_id, ' ' ORDER BY s.claim_id) AS claim_ids
    FROM marked AS s
    JOIN edges AS e ON e.figure_id = s.figure_id
    GROUP BY s.figure_id
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
    r.hedge,
    r.value_raw,
    r.comparators,
    r.low,
    r.low_open,
    r.best,
    r.high,
    r.high_open,
    r.least_stated,
    r.greatest_stated,
    coalesce(r.points, 'none') AS points,
    coalesce(r.n_claims, 0) AS n_claims,
    coalesce(r.n_voices, 0) AS n_voices,
    r.voices,
    r.claim_ids
FROM figures AS f
LEFT JOIN resolved AS r ON r.figure_id = f.figure_id
ORDER BY f.figure_id

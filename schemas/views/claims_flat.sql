-- One row is one claim with everything that is needed to read it: about which record, by whose account, in which
-- source, with the labels of its codes and the bounds that its hedge sets.
-- claim_id: Key of the claim.
-- source_id: The source in which it stands.
-- source_title: Title of that source.
-- publisher_id: The actor that published the source, where known.
-- publisher_name: Its name.
-- utterance_id: The innermost act of speech that carries it; empty where the source speaks itself.
-- speaker_id: The innermost speaker: who utters it, else the publisher, else the agency; empty where none is known.
-- speaker_name: The speaker's name, or the title of the source where it names nobody.
-- on_behalf_of_id: The actor for whom the speaker speaks.
-- on_behalf_of_name: Its name.
-- voice_id: Who counts as one voice: the speaker of an utterance, else the agency whose copy the source carries (two
--   outlets with the same copy are one voice), else the publisher, else the source itself.
-- speech_act: What the speaker does with the words (said, announced …); empty where the source speaks itself.
-- basis: On what the speaker's knowledge rests.
-- said: When it was said, EDTF; empty where the source does not tell.
-- subject_table: The table of the record that the claim is about.
-- subject_id: The key of that record.
-- subject_label: A readable name of that record.
-- field: What is claimed: `exists`, a column, `value` of a figure, or `remark`.
-- covers: For `exists`, the columns that the same words carry.
-- value_raw: The words of the quantity, date or name in the source.
-- comparator: The hedge on the value, as a code.
-- hedge: Hedge, number and unit in words, such as "more than 96 percent".
-- value: The stated number.
-- value_min: The stated lower end of a range.
-- value_max: The stated upper end of a range.
-- low: The least amount that the words allow, in the claim's unit, by the attribute `lower` of the comparator; empty
--   where they set no bound.
-- low_open: Whether that amount itself is excluded ("more than 96").
-- high: The greatest amount that the words allow, by the attribute `upper`; 100 for a share that nothing else bounds.
-- high_open: Whether that amount itself is excluded ("nearly a third").
-- point: The number where the hedge lets it serve as an estimate, else empty.
-- unit: The unit: the claim's own, else the figure's.
-- unit_label: Its name.
-- value_text: The claimed value of a column.
-- value_label: The label of the code, or the name of the record, that `value_text` stands for.
-- as_of: The time for which it holds, EDTF: the claim's own, else the figure's.
-- baseline: The time with which a share or change is compared, EDTF.
-- scope_location_id: The place over which it ranges: the claim's own, else the figure's.
-- scope_name: Name of that place.
-- polarity: Whether the words affirm or deny.
-- event_status: The status that the words give to what they are about.
-- factuality: How far the speaker commits to it, FactBank.
-- factuality_label: The same in words.
-- asserts: Whether the words affirm it as realized, ongoing or historical: not denied, feared, planned or predicted.
-- claim_type: The kind of quotation.
-- value_origin: How the value came out of the words.
-- statement: The assertion in our own words.
-- note: What was inferred and from what.
WITH units AS (
    SELECT
        c.code AS unit,
        c.label AS unit_label,
        d.attribute_value AS dimension
    FROM codes AS c
    JOIN code_attributes AS d ON d.code_list = 'unit' AND d.code = c.code AND d.attribute = 'dimension'
    WHERE c.code_list = 'unit'
),
hedges AS (
    SELECT
        c.code AS comparator,
        c.label AS comparator_label,
        max(a.attribute_value) FILTER (WHERE a.attribute = 'lower') AS lower_bound,
        max(a.attribute_value) FILTER (WHERE a.attribute = 'upper') AS upper_bound,
        max(a.attribute_value) FILTER (WHERE a.attribute = 'point') AS may_be_point
    FROM codes AS c
    JOIN code_attributes AS a ON a.code_list = c.code_list AND a.code = c.code
    WHERE c.code_list = 'comparator'
    GROUP BY ALL
),
readable AS (
    -- What the codes and keys in value_text stand for.
    SELECT
        c.claim_id,
        coalesce(k.label, r.label) AS value_label
    FROM claims AS c
    JOIN columns AS o ON o.table_name = c.subject_table AND o.column_name = c.field
    LEFT JOIN codes AS k ON k.code_list = o.column_codes AND k.code = c.value_text
    LEFT JOIN record_names AS r ON r.subject_table = o.refers_to AND r.subject_id = c.value_text
    WHERE c.value_text IS NOT NULL
)
SELECT
    c.claim_id,
    c.source_id,
    s.title AS source_title,
    s.publisher_id,
    pub.name AS publisher_name,
    c.utterance_id,
    coalesce(u.actor_id, s.publisher_id, s.agency_id) AS speaker_id,
    coalesce(spk.name, pub.name, age.name, s.title) AS speaker_name,
    u.on_behalf_of_id,
    beh.name AS on_behalf_of_name,
    coalesce(u.actor_id, s.agency_id, s.publisher_id, c.source_id) AS voice_id,
    u.speech_act,
    u.basis,
    u.said,
    c.subject_table,
    c.subject_id,
    coalesce(rec.label, c.subject_id) AS subject_label,
    c.field,
    c.covers,
    c.value_raw,
    c.comparator,
    CASE WHEN c.comparator IS NOT NULL THEN
        CASE WHEN c.comparator = 'eq' THEN '' ELSE lower(h.comparator_label) END
        || CASE
            WHEN c.value IS NOT NULL
                THEN CASE WHEN c.comparator = 'eq' THEN '' ELSE ' ' END
                    || regexp_replace(CAST(c.value AS VARCHAR), '[.]0$', '')
            WHEN c.value_min IS NOT NULL
                THEN ' ' || regexp_replace(CAST(c.value_min AS VARCHAR), '[.]0$', '') || ' and '
                    || regexp_replace(CAST(c.value_max AS VARCHAR), '[.]0$', '')
            ELSE ''
        END
        || CASE
            WHEN coalesce(c.value, c.value_min) IS NULL OR coalesce(n.dimension, 'count') IN ('count', 'rank') THEN ''
            WHEN c.value = 1 OR n.dimension = 'share' THEN ' ' || lower(n.unit_label)
            WHEN contains(n.unit_label, ' of ') THEN ' ' || replace(lower(n.unit_label), ' of ', 's of ')
            ELSE ' ' || lower(n.unit_label) || 's'
        END
    END AS hedge,
    c.value,
    c.value_min,
    c.value_max,
    CASE
        WHEN h.lower_bound IN ('value', 'value_open') THEN c.value
        WHEN h.lower_bound = 'range' THEN c.value_min
        WHEN h.lower_bound IN ('zero', 'zero_open') THEN 0
        WHEN h.lower_bound = 'half_open' AND n.dimension = 'share' THEN 50
    END AS low,
    CASE
        WHEN h.lower_bound IN ('value_open', 'zero_open') THEN TRUE
        WHEN h.lower_bound = 'half_open' AND n.dimension = 'share' THEN TRUE
        WHEN h.lower_bound IN ('value', 'range', 'zero') THEN FALSE
    END AS low_open,
    CASE
        WHEN h.upper_bound IN ('value', 'value_open') THEN c.value
        WHEN h.upper_bound = 'range' THEN c.value_max
        WHEN h.upper_bound IN ('whole', 'whole_open') AND n.dimension = 'share' THEN 100
    END AS high,
    CASE
        WHEN h.upper_bound = 'value_open' THEN TRUE
        WHEN h.upper_bound = 'whole_open' AND n.dimension = 'share' THEN TRUE
        WHEN h.upper_bound IN ('value', 'range') THEN FALSE
        WHEN h.upper_bound = 'whole' AND n.dimension = 'share' THEN FALSE
    END AS high_open,
    CASE WHEN h.may_be_point = 'yes' THEN c.value END AS point,
    n.unit,
    n.unit_label,
    c.value_text,
    v.value_label,
    coalesce(c.as_of, f.as_of) AS as_of,
    c.baseline,
    coalesce(c.scope_location_id, f.scope_location_id) AS scope_location_id,
    sco.name AS scope_name,
    c.polarity,
    c.event_status,
    c.factuality,
    fac.label AS factuality_label,
    c.polarity = 'affirmed' AND coalesce(sta.attribute_value = 'yes', FALSE) AS asserts,
    c.claim_type,
    c.value_origin,
    c.statement,
    c.note
FROM claims AS c
JOIN sources AS s ON s.source_id = c.source_id
LEFT JOIN actors AS pub ON pub.actor_id = s.publisher_id
LEFT JOIN actors AS age ON age.actor_id = s.agency_id
LEFT JOIN utterances AS u ON u.utterance_id = c.utterance_id
LEFT JOIN actors AS spk ON spk.actor_id = u.actor_id
LEFT JOIN actors AS beh ON beh.actor_id = u.on_behalf_of_id
LEFT JOIN figures AS f ON c.subject_table = 'figures' AND c.field = 'value' AND f.figure_id = c.subject_id
LEFT JOIN units AS n ON n.unit = coalesce(c.unit, f.unit)
LEFT JOIN hedges AS h ON h.comparator = c.comparator
LEFT JOIN locations AS sco ON sco.location_id = coalesce(c.scope_location_id, f.scope_location_id)
LEFT JOIN record_names AS rec ON rec.subject_table = c.subject_table AND rec.subject_id = c.subject_id
LEFT JOIN readable AS v ON v.claim_id = c.claim_id
LEFT JOIN codes AS fac ON fac.code_list = 'factuality' AND fac.code = c.factuality
LEFT JOIN code_attributes AS sta
    ON sta.code_list = 'event_status' AND sta.code = c.event_status AND sta.attribute = 'exists'
ORDER BY c.claim_id

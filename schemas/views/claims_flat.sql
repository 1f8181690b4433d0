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
WITH said AS (
    -- The claim with its source, its act of speech and its figure, and what its comparator and unit say.
    SELECT
        c.*,
        s.title AS source_title,
        s.publisher_id,
        s.agency_id,
        u.actor_id AS utterer_id,
        u.on_behalf_of_id,
        u.speech_act,
        u.basis,
        u.said,
        coalesce(c.unit, f.unit) AS its_unit,
        coalesce(c.as_of, f.as_of) AS its_as_of,
        coalesce(c.scope_location_id, f.scope_location_id) AS its_scope_id,
        (
            SELECT a.attribute_value FROM code_attributes AS a
            WHERE a.code_list = 'comparator' AND a.code = c.comparator AND a.attribute = 'lower'
        ) AS lower_bound,
        (
            SELECT a.attribute_value FROM code_attributes AS a
            WHERE a.code_list = 'comparator' AND a.code = c.comparator AND a.attribute = 'upper'
        ) AS upper_bound,
        (
            SELECT a.attribute_value FROM code_attributes AS a
            WHERE a.code_list = 'comparator' AND a.code = c.comparator AND a.attribute = 'point'
        ) AS may_be_point,
        (
            SELECT a.attribute_value FROM code_attributes AS a
            WHERE a.code_list = 'event_status' AND a.code = c.event_status AND a.attribute = 'exists'
        ) AS status_exists
    FROM claims AS c
    JOIN sources AS s ON s.source_id = c.source_id
    LEFT JOIN utterances AS u ON u.utterance_id = c.utterance_id
    LEFT JOIN figures AS f ON c.subject_table = 'figures' AND c.field = 'value' AND f.figure_id = c.subject_id
),
labelled AS (
    SELECT
        said.*,
        (SELECT k.label FROM codes AS k WHERE k.code_list = 'comparator' AND k.code = said.comparator)
            AS comparator_label,
        (SELECT k.label FROM codes AS k WHERE k.code_list = 'unit' AND k.code = said.its_unit) AS unit_label,
        (
            SELECT a.attribute_value FROM code_attributes AS a
            WHERE a.code_list = 'unit' AND a.code = said.its_unit AND a.attribute = 'dimension'
        ) AS dimension
    FROM said
)
SELECT
    c.claim_id,
    c.source_id,
    c.source_title,
    c.publisher_id,
    (SELECT a.name FROM actors AS a WHERE a.actor_id = c.publisher_id) AS publisher_name,
    c.utterance_id,
    coalesce(c.utterer_id, c.publisher_id, c.agency_id) AS speaker_id,
    coalesce(
        (SELECT a.name FROM actors AS a WHERE a.actor_id = coalesce(c.utterer_id, c.publisher_id, c.agency_id)),
        c.source_title
    ) AS speaker_name,
    c.on_behalf_of_id,
    (SELECT a.name FROM actors AS a WHERE a.actor_id = c.on_behalf_of_id) AS on_behalf_of_name,
    coalesce(c.utterer_id, c.agency_id, c.publisher_id, c.source_id) AS voice_id,
    c.speech_act,
    c.basis,
    c.said,
    c.subject_table,
    c.subject_id,
    coalesce(
        (SELECT n.label FROM record_names AS n WHERE n.subject_table = c.subject_table AND n.subject_id = c.subject_id),
        c.subject_id
    ) AS subject_label,
    c.field,
    c.covers,
    c.value_raw,
    c.comparator,
    CASE WHEN c.comparator IS NOT NULL THEN
        CASE WHEN c.comparator = 'eq' THEN '' ELSE lower(c.comparator_label) END
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
            WHEN coalesce(c.value, c.value_min) IS NULL OR coalesce(c.dimension, 'count') IN ('count', 'rank') THEN ''
            WHEN c.value = 1 OR c.dimension = 'share' THEN ' ' || lower(c.unit_label)
            WHEN contains(c.unit_label, ' of ') THEN ' ' || replace(lower(c.unit_label), ' of ', 's of ')
            ELSE ' ' || lower(c.unit_label) || 's'
        END
    END AS hedge,
    c.value,
    c.value_min,
    c.value_max,
    CASE
        WHEN c.lower_bound IN ('value', 'value_open') THEN c.value
        WHEN c.lower_bound = 'range' THEN c.value_min
        WHEN c.lower_bound IN ('zero', 'zero_open') THEN 0
        WHEN c.lower_bound = 'half_open' AND c.dimension = 'share' THEN 50
    END AS low,
    CASE
        WHEN c.lower_bound IN ('value_open', 'zero_open') THEN TRUE
        WHEN c.lower_bound = 'half_open' AND c.dimension = 'share' THEN TRUE
        WHEN c.lower_bound IN ('value', 'range', 'zero') THEN FALSE
    END AS low_open,
    CASE
        WHEN c.upper_bound IN ('value', 'value_open') THEN c.value
        WHEN c.upper_bound = 'range' THEN c.value_max
        WHEN c.upper_bound IN ('whole', 'whole_open') AND c.dimension = 'share' THEN 100
    END AS high,
    CASE
        WHEN c.upper_bound = 'value_open' THEN TRUE
        WHEN c.upper_bound = 'whole_open' AND c.dimension = 'share' THEN TRUE
        WHEN c.upper_bound IN ('value', 'range') THEN FALSE
        WHEN c.upper_bound = 'whole' AND c.dimension = 'share' THEN FALSE
    END AS high_open,
    CASE WHEN c.may_be_point = 'yes' THEN c.value END AS point,
    c.its_unit AS unit,
    c.unit_label,
    c.value_text,
    CASE WHEN c.value_text IS NOT NULL THEN coalesce(
        (
            SELECT k.label FROM columns AS o
            JOIN codes AS k ON k.code_list = o.column_codes
            WHERE o.table_name = c.subject_table AND o.column_name = c.field AND k.code = c.value_text
        ),
        (
            SELECT n.label FROM columns AS o
            JOIN record_names AS n ON n.subject_table = o.refers_to
            WHERE o.table_name = c.subject_table AND o.column_name = c.field AND n.subject_id = c.value_text
        )
    ) END AS value_label,
    c.its_as_of AS as_of,
    c.baseline,
    c.its_scope_id AS scope_location_id,
    (SELECT l.name FROM locations AS l WHERE l.location_id = c.its_scope_id) AS scope_name,
    c.polarity,
    c.event_status,
    c.factuality,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'factuality' AND k.code = c.factuality) AS factuality_label,
    c.polarity = 'affirmed' AND coalesce(c.status_exists = 'yes', FALSE) AS asserts,
    c.claim_type,
    c.value_origin,
    c.statement,
    c.note
FROM labelled AS c
ORDER BY c.claim_id

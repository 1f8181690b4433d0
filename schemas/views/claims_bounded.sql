-- One row is one claim with the voice that makes it and the bounds that its hedge sets. The same with names and labels
-- is `claims_flat`.
-- claim_id: Key of the claim.
-- source_id: The source in which it stands.
-- utterance_id: The innermost act of speech that carries it; empty where the source speaks itself.
-- speaker_id: The innermost speaker: who utters it, else the publisher, else the agency; empty where none is known.
-- speaker_name: The speaker's name, or the title of the source where it names nobody.
-- on_behalf_of_id: The actor for whom the speaker speaks.
-- voice_id: Who counts as one voice: the speaker of an utterance (the utterance itself where nobody is named: two
--   unnamed speakers are not one voice), else the agency whose copy the source carries (two outlets with the same copy
--   are one voice), else the publisher, else the source itself.
-- voice: The voice in words: the speaker, for a publisher from which agency, for whom it speaks, and for unnamed
--   speakers who quotes them.
-- speech_act: What the speaker does with the words (said, announced …); empty where the source speaks itself.
-- basis: On what the speaker's knowledge rests.
-- said: When it was said, EDTF; empty where the source does not tell.
-- subject_table: The table of the record that the claim is about.
-- subject_id: The key of that record.
-- field: What is claimed: `exists`, a column, `value` of a figure, or `remark`.
-- asserts: Whether the words affirm it as realized, ongoing or historical: not denied, feared, planned or predicted.
-- value_origin: How the value came out of the words: reported, resolved, inferred …
-- inferred: Whether the coder, and not the voice, made the value: inferred, computed, imputed or allocated.
-- comparator: The hedge on the value, as a code.
-- hedge: Hedge, number and unit in words, such as "more than 96 percent", "about 200,000" or "rank 1".
-- value_raw: The words of the quantity, date or name in the source.
-- low: The least amount that the words allow, in the unit of the figure (see `quantities`); empty where there is no
--   bound.
-- low_open: Whether that amount itself is excluded ("more than 96").
-- high: The greatest amount that the words allow, in the unit of the figure.
-- high_open: Whether that amount itself is excluded ("nearly a third").
-- point: The number where the hedge lets it serve as an estimate, in the unit of the figure.
-- least_stated: The stated number, or the lower end of a stated range, in the unit of the figure.
-- greatest_stated: The stated number, or the upper end of a stated range, in the unit of the figure.
-- unit: The unit: the claim's own, else the figure's.
-- as_of: The time for which it holds, EDTF: the claim's own, else the figure's.
-- scope_location_id: The place over which it ranges: the claim's own, else the figure's.
WITH said AS (
    -- The claim with its source, its act of speech and its figure, and what its comparator and unit say.
    SELECT
        c.*,
        s.title AS source_title,
        s.publisher_id,
        s.agency_id,
        u.actor_id AS utterer_id,
        coalesce(
            (SELECT a.actor_type = 'generic_speaker' FROM actors AS a WHERE a.actor_id = u.actor_id), FALSE
        ) AS nameless,
        (
            SELECT a.name FROM utterances AS w JOIN actors AS a ON a.actor_id = w.actor_id
            WHERE w.utterance_id = u.parent_id
        ) AS quoted_by,
        (SELECT a.name FROM actors AS a WHERE a.actor_id = u.on_behalf_of_id) AS on_behalf_of_name,
        f.measure,
        u.on_behalf_of_id,
        u.speech_act,
        u.basis,
        u.said,
        coalesce(c.unit, f.unit) AS its_unit,
        coalesce(c.as_of, f.as_of) AS its_as_of,
        coalesce(c.scope_location_id, f.scope_location_id) AS its_scope_id,
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
        ) AS dimension,
        coalesce(
            (
                SELECT a.name FROM actors AS a
                WHERE a.actor_id = coalesce(said.utterer_id, said.publisher_id, said.agency_id)
            ),
            said.source_title
        ) AS speaker_name,
        -- As people write them: 200,000 and 33.3.
        coalesce(
            format('{:,}', TRY_CAST(trunc(said.value) AS BIGINT))
            || regexp_extract(CAST(said.value AS VARCHAR), '[.][0-9]*[1-9]'),
            CAST(said.value AS VARCHAR)
        ) AS value_words,
        coalesce(
            format('{:,}', TRY_CAST(trunc(said.value_min) AS BIGINT))
            || regexp_extract(CAST(said.value_min AS VARCHAR), '[.][0-9]*[1-9]'),
            CAST(said.value_min AS VARCHAR)
        ) AS value_min_words,
        coalesce(
            format('{:,}', TRY_CAST(trunc(said.value_max) AS BIGINT))
            || regexp_extract(CAST(said.value_max AS VARCHAR), '[.][0-9]*[1-9]'),
            CAST(said.value_max AS VARCHAR)
        ) AS value_max_words
    FROM said
)
SELECT
    c.claim_id,
    c.source_id,
    c.utterance_id,
    coalesce(c.utterer_id, c.publisher_id, c.agency_id) AS speaker_id,
    c.speaker_name,
    c.on_behalf_of_id,
    CASE
        WHEN c.nameless THEN c.utterance_id
        ELSE coalesce(c.utterer_id, c.agency_id, c.publisher_id, c.source_id)
    END AS voice_id,
    c.speaker_name
    || CASE WHEN c.utterer_id IS NULL AND c.agency_id <> c.publisher_id
        THEN coalesce(', from ' || (SELECT a.name FROM actors AS a WHERE a.actor_id = c.agency_id), '') ELSE ''
    END
    || coalesce(' for ' || c.on_behalf_of_name, '')
    || CASE WHEN c.nameless THEN coalesce(', via ' || c.quoted_by, '') ELSE '' END AS voice,
    c.speech_act,
    c.basis,
    c.said,
    c.subject_table,
    c.subject_id,
    c.field,
    c.polarity = 'affirmed' AND coalesce(c.status_exists = 'yes', FALSE) AS asserts,
    c.value_origin,
    coalesce(c.value_origin IN ('inferred', 'computed', 'imputed', 'allocated'), FALSE) AS inferred,
    c.comparator,
    CASE WHEN c.comparator IS NOT NULL THEN
        CASE WHEN c.comparator = 'eq' THEN '' ELSE lower(c.comparator_label) END
        || CASE
            WHEN c.value IS NOT NULL
                THEN CASE WHEN c.comparator = 'eq' THEN '' ELSE ' ' END
                    || CASE
                        WHEN c.measure = 'sole_member' AND c.value = 1 THEN 'the only one'
                        WHEN c.measure = 'rank_from_last'
                            THEN c.value_words || CASE
                                WHEN c.value % 100 IN (11, 12, 13) THEN 'th'
                                WHEN c.value % 10 = 1 THEN 'st'
                                WHEN c.value % 10 = 2 THEN 'nd'
                                WHEN c.value % 10 = 3 THEN 'rd'
                                ELSE 'th'
                            END || ' from the last'
                        WHEN c.dimension = 'rank' THEN 'rank ' || c.value_words
                        ELSE c.value_words
                    END
                    || coalesce(' (' || c.value_min_words || ' to ' || c.value_max_words || ')', '')
            WHEN c.value_min IS NOT NULL
                THEN CASE WHEN c.dimension = 'rank' THEN ' rank ' ELSE ' ' END
                    || c.value_min_words || ' and ' || c.value_max_words
                    || CASE WHEN c.measure = 'rank_from_last' THEN ' from the last' ELSE '' END
            ELSE ''
        END
        || CASE
            WHEN coalesce(c.value, c.value_min) IS NULL OR coalesce(c.dimension, 'count') IN ('count', 'rank') THEN ''
            WHEN c.value = 1 OR c.dimension = 'share' THEN ' ' || lower(c.unit_label)
            WHEN contains(c.unit_label, ' of ') THEN ' ' || replace(lower(c.unit_label), ' of ', 's of ')
            ELSE ' ' || lower(c.unit_label) || 's'
        END
    END AS hedge,
    c.value_raw,
    q.low,
    q.low_open,
    q.high,
    q.high_open,
    q.point,
    q.least_stated,
    q.greatest_stated,
    c.its_unit AS unit,
    c.its_as_of AS as_of,
    c.its_scope_id AS scope_location_id
FROM labelled AS c
LEFT JOIN quantities AS q ON q.claim_id = c.claim_id
ORDER BY c.claim_id

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
-- subject_label: A readable name of that record.
-- field: What is claimed: `exists`, a column, `value` of a figure, or `remark`.
-- covers: For `exists`, the columns that the same words carry.
-- value_raw: The words of the quantity, date or name in the source.
-- comparator: The hedge on the value, as a code.
-- hedge: Hedge, number and unit in words, such as "more than 96 percent".
-- value: The stated number.
-- value_min: The stated lower end of a range.
-- value_max: The stated upper end of a range.
-- low: The least amount that the words allow, in the unit of the figure; empty where there is no bound.
-- low_open: Whether that amount itself is excluded ("more than 96").
-- high: The greatest amount that the words allow, in the unit of the figure; 100 for a share that nothing else bounds.
-- high_open: Whether that amount itself is excluded ("nearly a third").
-- point: The number where the hedge lets it serve as an estimate, in the unit of the figure; else empty.
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
-- inferred: Whether the coder, and not the voice, made the value: inferred, computed, imputed or allocated.
-- statement: The assertion in our own words.
-- note: What was inferred and from what.
SELECT
    b.claim_id,
    b.source_id,
    s.title AS source_title,
    s.publisher_id,
    (SELECT a.name FROM actors AS a WHERE a.actor_id = s.publisher_id) AS publisher_name,
    b.utterance_id,
    b.speaker_id,
    b.speaker_name,
    b.on_behalf_of_id,
    (SELECT a.name FROM actors AS a WHERE a.actor_id = b.on_behalf_of_id) AS on_behalf_of_name,
    b.voice_id,
    b.voice,
    b.speech_act,
    b.basis,
    b.said,
    b.subject_table,
    b.subject_id,
    coalesce(n.label, b.subject_id) AS subject_label,
    b.field,
    c.covers,
    b.value_raw,
    b.comparator,
    b.hedge,
    c.value,
    c.value_min,
    c.value_max,
    b.low,
    b.low_open,
    b.high,
    b.high_open,
    b.point,
    b.unit,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'unit' AND k.code = b.unit) AS unit_label,
    c.value_text,
    coalesce(
        (SELECT k.label FROM codes AS k WHERE k.code_list = o.column_codes AND k.code = c.value_text),
        v.label
    ) AS value_label,
    b.as_of,
    c.baseline,
    b.scope_location_id,
    (SELECT l.name FROM locations AS l WHERE l.location_id = b.scope_location_id) AS scope_name,
    c.polarity,
    c.event_status,
    c.factuality,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'factuality' AND k.code = c.factuality) AS factuality_label,
    b.asserts,
    c.claim_type,
    c.value_origin,
    b.inferred,
    c.statement,
    c.note
FROM claims_bounded AS b
JOIN claims AS c ON c.claim_id = b.claim_id
JOIN sources AS s ON s.source_id = b.source_id
LEFT JOIN columns AS o ON o.table_name = b.subject_table AND o.column_name = b.field
LEFT JOIN record_names AS n ON n.subject_table = b.subject_table AND n.subject_id = b.subject_id
LEFT JOIN record_names AS v ON v.subject_table = o.refers_to AND v.subject_id = c.value_text
ORDER BY b.claim_id

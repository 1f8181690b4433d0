-- macro: chain_of(record, of_column)
-- The chain of attribution of any value: one row is one speaker in the chain of one claim that bears on a column of a
-- record, the publisher outermost. FROM chain_of('raqqa', 'name'); the value of a figure is the column `value`. Records
-- of two tables can have one key, and then the rows of both are there.
-- subject_table: The table of the record.
-- subject_id: Its key.
-- column_name: The column.
-- cell: What the cell holds; for the value of a figure the claim's hedge, or else its words.
-- via: How the claim bears on it: `exists`, or the column itself.
-- claim_id: The claim.
-- position: 0 for the publisher, then 1, 2 … inwards.
-- innermost: Whether this is the speaker who commits to the claim.
-- actor_id: The speaker; empty at position 0 where the source names no publisher.
-- actor_name: The speaker's name; at position 0 without a publisher the title of the source.
-- on_behalf_of_name: The actor for whom the speaker speaks.
-- agency_name: At position 0, the agency whose copy the publisher carries.
-- speech_act: What the speaker does with the words; `published` at position 0.
-- basis: On what the speaker's knowledge rests.
-- said: When it was said, EDTF; at position 0 when it was published.
-- source_id: The source.
-- utterance_id: The act of speech; empty at position 0.
-- polarity: For the innermost speaker, whether the words affirm or deny.
-- event_status: For the innermost speaker, the status given to what the claim is about.
-- factuality: For the innermost speaker, how far they commit to it, FactBank.
-- value_origin: For the innermost speaker, how the value came out of the words; where it is inferred, computed, imputed
--   or allocated, the coder made it and nobody in the chain said so.
-- value_text: For the innermost speaker, the value that a claim on the column itself gives.
SELECT
    k.subject_table,
    k.subject_id,
    k.column_name,
    k.cell,
    k.via,
    k.claim_id,
    n.position,
    n.innermost,
    n.actor_id,
    n.actor_name,
    n.on_behalf_of_name,
    n.agency_name,
    n.speech_act,
    n.basis,
    n.said,
    n.source_id,
    n.utterance_id,
    n.polarity,
    n.event_status,
    n.factuality,
    n.value_origin,
    CASE WHEN n.innermost THEN k.value_text END AS value_text
FROM backing AS k
JOIN claim_chain AS n ON n.claim_id = k.claim_id
WHERE k.subject_id = record AND k.column_name = of_column
ORDER BY k.subject_table, k.subject_id, k.claim_id, n.position

-- One row is one claim that bears on one cell of a record: on the column itself, or on the existence of the record
-- where its words carry the column too; for figures also the claims on the value, which is no cell. The chain of
-- speakers of each claim is `claim_chain`; both in one are `chain_of(record, of_column)`. A cell without a row is
-- backed by nothing.
-- subject_table: The table of the record.
-- subject_id: Its key.
-- column_name: The column; `value` for the value of a figure.
-- cell: What the cell holds; for the value of a figure the claim's hedge, or else its words.
-- claim_id: The claim.
-- via: How the claim bears on it: `exists`, or the column itself.
-- asserts: Whether the claim affirms it as realized, ongoing or historical: not denied, feared, planned or predicted.
-- value_text: What a claim on the column itself gives as its value: may differ from the cell where sources differ.
-- inferred: Whether the coder, and not the voice, made the value.
-- voice: By whose account.
SELECT
    e.subject_table,
    e.subject_id,
    e.column_name,
    e.cell,
    e.claim_id,
    e.via,
    b.asserts,
    (SELECT c.value_text FROM claims AS c WHERE c.claim_id = e.claim_id AND e.via <> 'exists') AS value_text,
    b.inferred,
    b.voice
FROM (
    SELECT x.subject_table, x.subject_id, x.column_name, x.cell, c.claim_id, c.field AS via
    FROM cells AS x
    JOIN claims AS c
        ON c.subject_table = x.subject_table AND c.subject_id = x.subject_id AND c.field = x.column_name
    UNION ALL
    SELECT x.subject_table, x.subject_id, x.column_name, x.cell, c.claim_id, 'exists'
    FROM cells AS x
    JOIN claims AS c
        ON c.subject_table = x.subject_table AND c.subject_id = x.subject_id AND c.field = 'exists'
        AND list_contains(string_split(c.covers, ' '), x.column_name)
    UNION ALL
    SELECT v.subject_table, v.subject_id, 'value', coalesce(v.hedge, v.value_raw), v.claim_id, 'value'
    FROM claims_bounded AS v
    WHERE v.subject_table = 'figures' AND v.field = 'value'
) AS e
JOIN claims_bounded AS b ON b.claim_id = e.claim_id
ORDER BY e.subject_table, e.subject_id, e.column_name, e.claim_id

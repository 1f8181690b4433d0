-- One row is one filled cell that no claim backs: neither one on the column that states this very value, nor an
-- `exists` claim that covers it. In columns that must be backed `bastions validate` refuses such a cell, so that those
-- rows are waived ones; in the others the row says on what the cell rests instead. Keys and the cells that only point
-- to other records of the same row's making are not counted.
-- subject_table: The table of the record.
-- subject_id: Its key.
-- subject_label: A readable name of it.
-- column_name: The column.
-- cell: What it holds.
-- claim_required: Whether the column must be backed.
-- rests_on: The registers and gazetteers that list the record under an id, where there are any: the cell may be theirs.
WITH backed AS (
    SELECT DISTINCT subject_table, subject_id, column_name
    FROM backing
    WHERE asserts AND (via = 'exists' OR coalesce(value_text, cell) = cell)
)
SELECT
    x.subject_table,
    x.subject_id,
    (
        SELECT n.label FROM record_names AS n
        WHERE n.subject_table = x.subject_table AND n.subject_id = x.subject_id
    ) AS subject_label,
    x.column_name,
    x.cell,
    k.claim_required,
    (
        SELECT string_agg(i.scheme || ' ' || i.identifier, ', ' ORDER BY i.scheme, i.identifier)
        FROM identifiers AS i
        WHERE i.subject_table = x.subject_table AND i.subject_id = x.subject_id
    ) AS rests_on
FROM cells AS x
JOIN columns AS k ON k.table_name = x.subject_table AND k.column_name = x.column_name
LEFT JOIN backed AS b
    ON b.subject_table = x.subject_table AND b.subject_id = x.subject_id AND b.column_name = x.column_name
WHERE b.column_name IS NULL
    AND NOT (
        x.subject_table = 'links' AND EXISTS (
            -- A judgement of ours, or of a matcher, rests on no claim.
            SELECT 1 FROM links AS l
            JOIN code_attributes AS m
                ON m.code_list = 'method' AND m.code = l.method AND m.attribute = 'claim' AND m.attribute_value = 'no'
            WHERE l.link_id = x.subject_id
        )
    )
    AND NOT (
        x.subject_table = 'figures' AND EXISTS (
            -- Who gives the value says what is measured.
            SELECT 1 FROM claims_bounded AS v
            WHERE v.subject_table = 'figures' AND v.subject_id = x.subject_id AND v.field = 'value' AND v.asserts
        )
    )
    AND x.cell <> x.subject_id
    AND x.column_name NOT IN ('subject_table', 'subject_id', 'related_table', 'related_id')
ORDER BY k.claim_required DESC, x.subject_table, x.subject_id, x.column_name

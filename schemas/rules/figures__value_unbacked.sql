-- is backed by no claim: this column needs one that states this very value, or an `exists` claim that covers the column
-- hint: Add the column's name to `covers` of the `exists` claim whose words carry it, or a claim on the column; else
-- empty the cell.
-- covers: R-P05
--
-- Only claims that affirm, as realized, ongoing or historical, back anything; a claim on the column backs the cell if
-- its value_text is the cell's, or empty. A claim on the `value` states the quantity, and with it what is measured; a
-- figure without one is reported, once, by figures__not_affirmed.
SELECT v.subject_id AS record_id, v.column_name AS field, v.cell AS value
FROM cells AS v
JOIN columns AS k ON k.table_name = v.subject_table AND k.column_name = v.column_name AND k.claim_required
WHERE v.subject_table = 'figures'
    AND EXISTS (
        SELECT 1
        FROM claims AS c
        JOIN code_attributes AS a
            ON a.code_list = 'event_status' AND a.code = c.event_status
            AND a.attribute = 'exists' AND a.attribute_value = 'yes'
        WHERE c.subject_table = v.subject_table AND c.subject_id = v.subject_id AND c.polarity = 'affirmed'
            AND c.field = 'exists'
    )
    AND NOT EXISTS (
        SELECT 1
        FROM claims AS c
        JOIN code_attributes AS a
            ON a.code_list = 'event_status' AND a.code = c.event_status
            AND a.attribute = 'exists' AND a.attribute_value = 'yes'
        WHERE c.subject_table = v.subject_table AND c.subject_id = v.subject_id AND c.polarity = 'affirmed'
            AND (
                (c.field = 'exists' AND contains(' ' || c.covers || ' ', ' ' || v.column_name || ' '))
                OR (c.field = v.column_name AND coalesce(c.value_text, v.cell) = v.cell)
                OR c.field = 'value'
            )
    )
ORDER BY ALL

-- does not fit the comparator
-- hint: The list of comparators says which of value, value_min and value_max each takes: one, two, all or none.
-- covers: R-Q02
--
-- The attribute `value` of a comparator: required (value alone), range (value_min and value_max, no value), bounded
-- (all three), absent (none). A claim on a value without any comparator is reported here too.
WITH cells_of AS (
    SELECT c.claim_id, c.comparator, a.attribute_value AS needs,
        unnest(['value', 'value_min', 'value_max']) AS field,
        unnest([c.value, c.value_min, c.value_max]) AS cell
    FROM claims AS c
    JOIN code_attributes AS a
        ON a.code_list = 'comparator' AND a.code = c.comparator AND a.attribute = 'value'
    WHERE c.field = 'value'
)
SELECT claim_id AS record_id, field, regexp_replace(CAST(cell AS VARCHAR), '[.]0$', '') AS value,
    CASE WHEN cell IS NULL THEN 'is empty, and ' || comparator || ' needs it'
    ELSE 'is filled, and ' || comparator || ' takes none' END AS message
FROM cells_of
WHERE (cell IS NULL)
    = (needs = 'bounded' OR field = 'value' AND needs = 'required' OR field <> 'value' AND needs = 'range')
UNION ALL
SELECT claim_id, 'comparator', NULL, 'is empty: a claim on a value says how the value is hedged, eq if not at all'
FROM claims
WHERE field = 'value' AND comparator IS NULL
ORDER BY ALL

-- is empty although the value is not simply reported: the note says from what and how it was made
-- hint: "The Friday before the day of publication"; the numbers that went into a sum; the reading that was chosen.
-- covers: R-P02 R-Q06
SELECT c.claim_id AS record_id, 'note' AS field
FROM claims AS c
JOIN code_attributes AS a
    ON a.code_list = 'value_origin' AND a.code = c.value_origin AND a.attribute = 'note'
    AND a.attribute_value = 'required'
WHERE c.note IS NULL
ORDER BY ALL

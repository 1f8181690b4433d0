-- has no reason: this method needs one in the note
-- hint: Say in the note what spoke for it.
--
-- The attribute `note` of the method says which.
SELECT p.place_id AS record_id, 'note' AS field
FROM places AS p
JOIN code_attributes AS a
    ON a.code_list = 'place_method' AND a.code = p.place_method AND a.attribute = 'note'
WHERE a.attribute_value = 'required' AND p.note IS NULL
ORDER BY ALL

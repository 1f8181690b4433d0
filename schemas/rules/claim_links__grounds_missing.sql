-- is empty: how two claims relate is a judgement, and a judgement gives its grounds
-- hint: Say in note how it is known, or why it is supposed; in dimension, in what the two differ.
-- covers: R-C07
--
-- Which relations need a note or a dimension is told by the attributes of the code list claim_relation.
SELECT l.claim_link_id AS record_id, a.attribute AS field
FROM claim_links AS l
JOIN code_attributes AS a
    ON a.code_list = 'claim_relation' AND a.code = l.claim_relation AND a.attribute IN ('note', 'dimension')
    AND a.attribute_value = 'required'
WHERE CASE a.attribute WHEN 'note' THEN l.note IS NULL ELSE l.dimension IS NULL END
ORDER BY ALL

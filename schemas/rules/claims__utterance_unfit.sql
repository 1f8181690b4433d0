-- does not fit the kind of quotation
-- hint: Direct, indirect and mixed quotation name their utterance; the narrator's own words have none.
-- covers: R-P04
SELECT c.claim_id AS record_id, 'utterance_id' AS field, c.utterance_id AS value,
    CASE WHEN c.utterance_id IS NULL THEN 'is empty, and ' || c.claim_type || ' quotation has a speaker'
    ELSE 'is filled, and ' || c.claim_type || ' has no speaker but the source' END AS message
FROM claims AS c
JOIN code_attributes AS a ON a.code_list = 'claim_type' AND a.code = c.claim_type AND a.attribute = 'utterance'
WHERE (a.attribute_value = 'required' AND c.utterance_id IS NULL)
    OR (a.attribute_value = 'none' AND c.utterance_id IS NOT NULL)
ORDER BY ALL

-- does not fit the source: data yield `dataset` claims, and only data do
-- hint: Mend claim_type, or the source's type.
-- covers: R-P02
SELECT c.claim_id AS record_id, 'claim_type' AS field, c.claim_type AS value
FROM claims AS c
JOIN sources AS s USING (source_id)
JOIN code_attributes AS f ON f.code_list = 'source_type' AND f.code = s.source_type AND f.attribute = 'form'
JOIN code_attributes AS a ON a.code_list = 'claim_type' AND a.code = c.claim_type AND a.attribute = 'cited_by'
WHERE s.access <> 'not_read'
    AND ((f.attribute_value = 'dataset' AND a.attribute_value = 'span')
        OR (f.attribute_value = 'document' AND c.claim_type = 'dataset'))
ORDER BY ALL

-- does not fit the type of the source: datasets are had as a dataset, documents as a text
-- hint: Mend access, or source_type.
SELECT s.source_id AS record_id, 'access' AS field, s.access AS value
FROM sources AS s
JOIN code_attributes AS f ON f.code_list = 'source_type' AND f.code = s.source_type AND f.attribute = 'form'
WHERE (s.access = 'dataset' AND f.attribute_value = 'document')
    OR (s.access IN ('full', 'excerpt') AND f.attribute_value = 'dataset')
ORDER BY ALL

-- is empty: a document that was read has text_sha256, text_length and text_normalization, or else spans prove nothing
-- hint: `bastions cite --text FILE "the words"` prints all three.
-- covers: R-P03
SELECT source_id AS record_id, field
FROM (
    SELECT s.source_id, s.access, f.attribute_value AS form,
        s.text_sha256 IS NOT NULL OR s.text_length IS NOT NULL OR s.text_normalization IS NOT NULL AS any_filled,
        unnest(['text_sha256', 'text_length', 'text_normalization']) AS field,
        unnest([s.text_sha256, CAST(s.text_length AS VARCHAR), s.text_normalization]) AS cell
    FROM sources AS s
    LEFT JOIN code_attributes AS f ON f.code_list = 'source_type' AND f.code = s.source_type AND f.attribute = 'form'
) AS texts
WHERE cell IS NULL AND (any_filled OR (access IN ('full', 'excerpt') AND form = 'document'))
ORDER BY ALL

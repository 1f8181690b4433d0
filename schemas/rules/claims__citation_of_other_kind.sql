-- cites a text by locator, or data by span
-- hint: Words stand in a span, cells in a locator; empty the other.
-- covers: R-P02
--
-- The attribute `cited_by` of the claim's type against the cells that are filled. A locator beside the span of a map or
-- picture in a document is let through, since both say where it is.
SELECT c.claim_id AS record_id, CASE a.attribute_value WHEN 'span' THEN 'locator' ELSE 'start_char' END AS field,
    CASE a.attribute_value WHEN 'span' THEN c.locator ELSE CAST(c.start_char AS VARCHAR) END AS value,
    CASE a.attribute_value WHEN 'span' THEN 'is filled on a claim that cites words'
    ELSE 'is filled on a claim that cites data' END AS message
FROM claims AS c
JOIN code_attributes AS a ON a.code_list = 'claim_type' AND a.code = c.claim_type AND a.attribute = 'cited_by'
WHERE (a.attribute_value = 'span' AND c.locator IS NOT NULL)
    OR (c.claim_type = 'dataset' AND c.start_char IS NOT NULL)
ORDER BY ALL

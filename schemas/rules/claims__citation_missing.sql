-- is empty: the claim does not say where in its source it stands
-- hint: Claims on documents have a span (`bastions cite --text FILE "the words"`), claims on datasets a locator.
-- covers: R-P02
--
-- Which of the two is the attribute `cited_by` of the claim's type. A span of which only a part is filled is reported
-- by claims__span_incomplete alone.
SELECT c.claim_id AS record_id, CASE a.attribute_value WHEN 'span' THEN 'start_char' ELSE 'locator' END AS field
FROM claims AS c
JOIN code_attributes AS a ON a.code_list = 'claim_type' AND a.code = c.claim_type AND a.attribute = 'cited_by'
WHERE (a.attribute_value = 'span' AND c.start_char IS NULL AND c.end_char IS NULL AND c.span_sha256 IS NULL)
    OR (a.attribute_value = 'locator' AND c.locator IS NULL)
ORDER BY ALL

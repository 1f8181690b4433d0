-- does not relate records of these tables
-- hint: The list of link types says from which tables each end may come; sameness is of one table.
--
-- The attributes `subject` and `related` of the link's type hold tables, or any. A judgement that is symmetric (same,
-- different, unsure) compares like with like.
SELECT l.link_id AS record_id, 'link_type' AS field, l.link_type AS value,
    'does not relate ' || l.subject_table || ' to ' || l.related_table AS message
FROM links AS l
JOIN code_attributes AS s ON s.code_list = 'link_type' AND s.code = l.link_type AND s.attribute = 'subject'
JOIN code_attributes AS r ON r.code_list = 'link_type' AND r.code = l.link_type AND r.attribute = 'related'
LEFT JOIN code_attributes AS j ON j.code_list = 'link_type' AND j.code = l.link_type AND j.attribute = 'judgement'
LEFT JOIN code_attributes AS y ON y.code_list = 'link_type' AND y.code = l.link_type AND y.attribute = 'symmetric'
WHERE (s.attribute_value <> 'any' AND NOT contains(' ' || s.attribute_value || ' ', ' ' || l.subject_table || ' '))
    OR (r.attribute_value <> 'any' AND NOT contains(' ' || r.attribute_value || ' ', ' ' || l.related_table || ' '))
    OR (j.attribute_value = 'yes' AND y.attribute_value = 'yes' AND l.subject_table <> l.related_table)
ORDER BY ALL

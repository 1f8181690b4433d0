-- is the judgement of a script on a pair that a person has judged
-- hint: The person's judgement stands. Run `bastions curate incidents`, which leaves the pair alone.
-- severity: warning
--
-- Either way round. Two judgements of one kind on a pair are reported by links__stored_twice.
SELECT DISTINCT s.link_id AS record_id, 'link_type' AS field, s.link_type AS value,
    'is the judgement of a script, and ' || p.link_id || ' that of a person on the pair' AS message
FROM links AS s
JOIN links AS p
    ON p.method = 'judgement' AND p.link_type <> s.link_type
    AND (
        p.subject_table = s.subject_table AND p.subject_id = s.subject_id
        AND p.related_table = s.related_table AND p.related_id = s.related_id
        OR p.subject_table = s.related_table AND p.subject_id = s.related_id
        AND p.related_table = s.subject_table AND p.related_id = s.subject_id
    )
JOIN code_attributes AS a
    ON a.code_list = 'link_type' AND a.code = p.link_type AND a.attribute = 'judgement' AND a.attribute_value = 'yes'
WHERE s.method = 'matcher'
ORDER BY ALL

-- is empty: a judgement names its method and who took it, and one that a person took its reasons
-- hint: Fill method, decided_by and, unless a script decided, note.
SELECT link_id AS record_id, field
FROM (
    SELECT l.link_id, l.method, unnest(['method', 'decided_by', 'note']) AS field,
        unnest([l.method, l.decided_by, l.note]) AS cell
    FROM links AS l
    JOIN code_attributes AS j
        ON j.code_list = 'link_type' AND j.code = l.link_type AND j.attribute = 'judgement'
        AND j.attribute_value = 'yes'
) AS decisions
WHERE cell IS NULL AND NOT (field = 'note' AND method <> 'judgement')
ORDER BY ALL

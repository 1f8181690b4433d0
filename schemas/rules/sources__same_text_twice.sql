-- is the text of another source too, and nothing says how the two are related
-- hint: Name the agency in both (agency_id), or relate them (revision_of_id, or a link: same).
-- severity: warning
-- covers: R-P07
SELECT b.source_id AS record_id, 'text_sha256' AS field, b.text_sha256 AS value,
    'is the text of ' || min(a.source_id) || ' too, and nothing says how the two are related' AS message
FROM sources AS a
JOIN sources AS b ON b.text_sha256 = a.text_sha256 AND b.source_id > a.source_id
WHERE (a.agency_id IS NULL OR b.agency_id IS NULL OR a.agency_id <> b.agency_id)
    AND a.revision_of_id IS DISTINCT FROM b.source_id AND b.revision_of_id IS DISTINCT FROM a.source_id
    AND NOT EXISTS (
        SELECT 1
        FROM links AS l
        WHERE l.subject_table = 'sources' AND l.related_table = 'sources'
            AND a.source_id IN (l.subject_id, l.related_id) AND b.source_id IN (l.subject_id, l.related_id)
    )
GROUP BY b.source_id, b.text_sha256
ORDER BY ALL

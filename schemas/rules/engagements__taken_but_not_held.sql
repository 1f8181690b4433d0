-- says that the place was taken, and no period of control begins with this engagement
-- hint: Add the period to control, with this engagement in start_engagement_id; if no source says who held it, waive
-- it.
-- severity: warning
-- covers: R-E03 R-K02
--
-- An engagement that a link calls the same as another one may leave the period to that one.
SELECT e.engagement_id AS record_id, 'outcome' AS field, e.outcome AS value
FROM engagements AS e
WHERE e.outcome = 'place_taken'
    AND NOT EXISTS (SELECT 1 FROM control AS c WHERE c.start_engagement_id = e.engagement_id)
    AND NOT EXISTS (
        SELECT 1
        FROM links AS l
        WHERE l.link_type = 'same' AND l.subject_table = 'engagements'
            AND e.engagement_id IN (l.subject_id, l.related_id)
    )
ORDER BY ALL

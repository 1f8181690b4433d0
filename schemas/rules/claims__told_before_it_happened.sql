-- tells as real what lies after the source's publication
-- hint: Mend the date; what was still to come is planned, predicted or feared.
-- covers: R-T02
--
-- Surely after, and by more than a day, since clocks differ around the world. Only claims that affirm, with a status by
-- which a record may exist; a remark may be about anything. Empty dates are null, and no finding follows.
WITH started AS (
    SELECT 'engagements' AS subject_table, engagement_id AS subject_id, date_start AS told, date_start_earliest AS day
    FROM engagements
    UNION ALL
    SELECT 'strikes', strike_id, date_start, date_start_earliest FROM strikes
    UNION ALL
    SELECT 'control', control_id, held_from, held_from_earliest FROM control
    UNION ALL
    SELECT 'links', link_id, valid_from, valid_from_earliest FROM links
    UNION ALL
    SELECT 'figures', figure_id, as_of, as_of_earliest FROM figures
)
SELECT c.claim_id AS record_id, 'event_status' AS field, c.event_status AS value,
    'tells as real what is dated ' || coalesce(c.as_of, d.told) || ', after the publication (' || s.published || ')'
        AS message
FROM claims AS c
JOIN sources AS s USING (source_id)
JOIN code_attributes AS a
    ON a.code_list = 'event_status' AND a.code = c.event_status AND a.attribute = 'exists' AND a.attribute_value = 'yes'
LEFT JOIN started AS d USING (subject_table, subject_id)
WHERE c.field <> 'remark' AND c.polarity = 'affirmed'
    AND coalesce(c.as_of_earliest, d.day) > s.published_latest + 1
ORDER BY ALL

-- lies outside the dates of the engagement to which it belongs
-- hint: Mend the dates of one of the two, or engagement_id.
-- covers: R-T05
--
-- Surely outside, as in engagements__outside_whole.
SELECT p.strike_id AS record_id, 'engagement_id' AS field, p.engagement_id AS value
FROM strikes AS p
JOIN engagements AS w USING (engagement_id)
WHERE least(p.date_start_latest, p.date_end_latest) < w.date_start_earliest
    OR greatest(p.date_end_earliest, p.date_start_earliest) > w.date_end_latest
ORDER BY ALL

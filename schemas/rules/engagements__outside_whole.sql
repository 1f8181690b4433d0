-- lies outside the dates of the engagement of which it is a part
-- hint: Mend the dates of one of the two, or part_of_id.
-- covers: R-T05
--
-- Surely outside: even the latest reading of the part's start or of its end is before the whole can have begun, or the
-- earliest reading of one of them is after the whole can have ended.
SELECT p.engagement_id AS record_id, 'part_of_id' AS field, p.part_of_id AS value
FROM engagements AS p
JOIN engagements AS w ON w.engagement_id = p.part_of_id
WHERE least(p.date_start_latest, p.date_end_latest) < w.date_start_earliest
    OR greatest(p.date_end_earliest, p.date_start_earliest) > w.date_end_latest
ORDER BY ALL

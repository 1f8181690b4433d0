-- is empty although location_relation says how the event lies to it
-- hint: Name the place, or empty location_relation.
SELECT engagement_id AS record_id, 'location_id' AS field
FROM engagements
WHERE location_relation IS NOT NULL AND location_id IS NULL
ORDER BY ALL

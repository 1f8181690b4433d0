-- is empty while the other coordinate is filled: a point has both or neither
-- hint: Fill it, or empty the other.
SELECT
    engagement_id AS record_id,
    CASE WHEN latitude IS NULL THEN 'latitude' ELSE 'longitude' END AS field
FROM engagements
WHERE (latitude IS NULL) <> (longitude IS NULL)
ORDER BY ALL

-- is 0 in both coordinates, the point in the Gulf of Guinea that stands for "not known" in other people's data
-- hint: Empty latitude and longitude.
-- covers: R-Q07
SELECT engagement_id AS record_id, 'latitude' AS field, '0' AS value
FROM engagements
WHERE latitude = 0 AND longitude = 0
ORDER BY ALL

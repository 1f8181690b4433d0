-- is far from the distance between the two places' coordinates
-- hint: Look at the unit, the two places and their coordinates; a way by road may be waived.
-- severity: warning
-- covers: R-L04
--
-- The great-circle distance of the figure's subject and related record, where both have a point, against the claimed
-- value in kilometres; far is more than 15 per cent and more than 25 km. Of "at least" and "at most" only the side that
-- they exclude counts; an order of magnitude reaches to ten times the value. Missing coordinates are null, and no
-- finding follows.
WITH points AS (
    SELECT 'locations' AS subject_table, location_id AS subject_id, latitude, longitude FROM locations
    UNION ALL
    SELECT 'engagements', e.engagement_id, coalesce(e.latitude, l.latitude), coalesce(e.longitude, l.longitude)
    FROM engagements AS e LEFT JOIN locations AS l USING (location_id)
    UNION ALL
    SELECT 'strikes', e.strike_id, coalesce(e.latitude, l.latitude), coalesce(e.longitude, l.longitude)
    FROM strikes AS e LEFT JOIN locations AS l USING (location_id)
),
told AS (
    SELECT c.claim_id, c.value, c.comparator, c.value * CAST(x.attribute_value AS DOUBLE) AS claimed,
        12742 * asin(sqrt(power(sin(radians(q.latitude - p.latitude) / 2), 2)
            + cos(radians(p.latitude)) * cos(radians(q.latitude))
            * power(sin(radians(q.longitude - p.longitude) / 2), 2))) AS measured
    FROM claims AS c
    JOIN figures AS f ON c.subject_table = 'figures' AND f.figure_id = c.subject_id AND f.measure = 'distance'
    JOIN points AS p ON p.subject_table = f.subject_table AND p.subject_id = f.subject_id
    JOIN points AS q ON q.subject_table = f.related_table AND q.subject_id = f.related_id
    JOIN code_attributes AS d
        ON d.code_list = 'unit' AND d.code = coalesce(c.unit, f.unit) AND d.attribute = 'dimension'
        AND d.attribute_value = 'distance'
    JOIN code_attributes AS x ON x.code_list = 'unit' AND x.code = d.code AND x.attribute = 'factor'
    WHERE c.field = 'value' AND c.polarity = 'affirmed'
)
SELECT claim_id AS record_id, 'value' AS field, regexp_replace(CAST(value AS VARCHAR), '[.]0$', '') AS value,
    'is ' || CAST(round(claimed) AS BIGINT) || ' km, and the two points are ' || CAST(round(measured) AS BIGINT)
    || ' km apart' AS message
FROM told
WHERE abs(measured - claimed) > greatest(0.15 * claimed, 25)
    AND NOT (comparator IN ('ge', 'gt') AND measured > claimed)
    AND NOT (comparator = 'order_of_magnitude' AND measured BETWEEN claimed AND 10 * claimed)
    AND NOT (comparator IN ('le', 'lt') AND measured < claimed)
ORDER BY ALL

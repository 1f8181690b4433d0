-- no claim affirms that it is so: a record needs an `exists` claim that tells it as realized, ongoing or historical
-- hint: Add the claim. What is only feared, planned, predicted or denied is a `remark` on the record that it concerns.
--
-- Which statuses affirm is the attribute `exists` of the code list event_status.
SELECT engagement_id AS record_id
FROM engagements AS r
WHERE NOT EXISTS (
    SELECT 1
    FROM claims AS c
    JOIN code_attributes AS a
        ON a.code_list = 'event_status' AND a.code = c.event_status
        AND a.attribute = 'exists' AND a.attribute_value = 'yes'
    WHERE c.subject_table = 'engagements' AND c.subject_id = r.engagement_id
        AND c.field = 'exists' AND c.polarity = 'affirmed'
)
ORDER BY ALL

-- says what another row says: a pair is stored once for each relation and dimension, symmetric ones in one direction
-- hint: Delete one of the two.
--
-- An empty dimension counts as equal to an empty one.
SELECT max(l.claim_link_id) AS record_id, 'claim_relation' AS field, l.claim_relation AS value,
    'says what ' || min(l.claim_link_id) || ' says' AS message
FROM claim_links AS l
LEFT JOIN code_attributes AS s
    ON s.code_list = 'claim_relation' AND s.code = l.claim_relation AND s.attribute = 'symmetric'
WHERE l.claim_id <> l.related_claim_id
GROUP BY
    CASE s.attribute_value WHEN 'yes' THEN least(l.claim_id, l.related_claim_id) ELSE l.claim_id END,
    CASE s.attribute_value WHEN 'yes' THEN greatest(l.claim_id, l.related_claim_id) ELSE l.related_claim_id END,
    l.claim_relation, l.dimension
HAVING count(*) > 1
ORDER BY ALL

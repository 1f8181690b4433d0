-- leads back to the claim where it began, and this relation has a direction
-- hint: Turn one of the rows of the circle round, or delete it.
-- covers: R-C07
--
-- Relations whose attribute `acyclic` is yes, each by itself. A claim that relates to itself is reported elsewhere.
WITH RECURSIVE forward AS (
    SELECT l.claim_relation, l.claim_id, l.related_claim_id
    FROM claim_links AS l
    JOIN code_attributes AS a
        ON a.code_list = 'claim_relation' AND a.code = l.claim_relation AND a.attribute = 'acyclic'
        AND a.attribute_value = 'yes'
    WHERE l.claim_id <> l.related_claim_id
),
reach AS (
    SELECT claim_relation, claim_id, related_claim_id FROM forward
    UNION
    SELECT r.claim_relation, r.claim_id, f.related_claim_id
    FROM reach AS r
    JOIN forward AS f ON f.claim_relation = r.claim_relation AND f.claim_id = r.related_claim_id
)
SELECT l.claim_link_id AS record_id, 'related_claim_id' AS field, l.related_claim_id AS value
FROM claim_links AS l
WHERE EXISTS (
    SELECT 1
    FROM reach AS r
    WHERE r.claim_relation = l.claim_relation AND r.claim_id = l.related_claim_id AND r.related_claim_id = l.claim_id
)
ORDER BY ALL

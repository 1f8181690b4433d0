-- closes a circle of repetitions and derivations, so that nobody said it first
-- hint: Turn one of the rows round: who only repeats or derives stands first.
-- covers: R-C07
--
-- Relations whose attribute `one_voice` is yes or perhaps, taken together; a circle within one of them is reported by
-- claim_links__circle alone.
WITH RECURSIVE forward AS (
    SELECT l.claim_link_id, l.claim_relation, l.claim_id, l.related_claim_id
    FROM claim_links AS l
    JOIN code_attributes AS a
        ON a.code_list = 'claim_relation' AND a.code = l.claim_relation AND a.attribute = 'one_voice'
        AND a.attribute_value IN ('yes', 'perhaps')
    WHERE l.claim_id <> l.related_claim_id
),
reach AS (
    SELECT claim_id, related_claim_id FROM forward
    UNION
    SELECT r.claim_id, f.related_claim_id FROM reach AS r JOIN forward AS f ON f.claim_id = r.related_claim_id
),
alone AS (
    SELECT claim_relation, claim_id, related_claim_id FROM forward
    UNION
    SELECT r.claim_relation, r.claim_id, f.related_claim_id
    FROM alone AS r
    JOIN forward AS f ON f.claim_relation = r.claim_relation AND f.claim_id = r.related_claim_id
)
SELECT f.claim_link_id AS record_id, 'related_claim_id' AS field, f.related_claim_id AS value
FROM forward AS f
WHERE EXISTS (SELECT 1 FROM reach AS r WHERE r.claim_id = f.related_claim_id AND r.related_claim_id = f.claim_id)
    AND NOT EXISTS (
        SELECT 1 FROM alone AS r
        WHERE r.claim_relation = f.claim_relation AND r.claim_id = f.related_claim_id
            AND r.related_claim_id = f.claim_id
    )
ORDER BY ALL

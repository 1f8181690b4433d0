-- corroborates a claim of its own voice: repetitions and derivations are not independent
-- hint: Delete the row; restates and derived_from already relate the two.
-- covers: R-C08
--
-- One voice: reachable through relations whose attribute `one_voice` is yes, in either direction.
WITH RECURSIVE near AS (
    SELECT l.claim_id AS one, l.related_claim_id AS other FROM claim_links AS l
    JOIN code_attributes AS v
        ON v.code_list = 'claim_relation' AND v.code = l.claim_relation AND v.attribute = 'one_voice'
        AND v.attribute_value = 'yes'
    UNION
    SELECT l.related_claim_id, l.claim_id FROM claim_links AS l
    JOIN code_attributes AS v
        ON v.code_list = 'claim_relation' AND v.code = l.claim_relation AND v.attribute = 'one_voice'
        AND v.attribute_value = 'yes'
),
voice AS (
    SELECT claim_id, claim_id AS member FROM claim_links WHERE claim_relation = 'corroborates'
    UNION
    SELECT v.claim_id, n.other FROM voice AS v JOIN near AS n ON n.one = v.member
)
SELECT l.claim_link_id AS record_id, 'claim_relation' AS field, l.claim_relation AS value
FROM claim_links AS l
JOIN voice AS v ON v.claim_id = l.claim_id AND v.member = l.related_claim_id
WHERE l.claim_relation = 'corroborates' AND l.claim_id <> l.related_claim_id
ORDER BY ALL

-- contradicts another claim on the same field, and no row of claim_links says how the two relate
-- hint: Add the row to claim_links: updates, denies, contradicts, refines, derived_from …, and in which dimension.
-- covers: R-Q03 R-C07
--
-- Which pairs cannot both be right is the view `clashes`. Claims linked as one voice (restates, derived_from) answer for
-- each other.
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
    SELECT claim_id, claim_id AS member FROM clashes
    UNION
    SELECT related_claim_id, related_claim_id FROM clashes
    UNION
    SELECT v.claim_id, n.other FROM voice AS v JOIN near AS n ON n.one = v.member
),
related AS (
    SELECT claim_id AS one, related_claim_id AS other FROM claim_links
    UNION
    SELECT related_claim_id, claim_id FROM claim_links
)
SELECT p.related_claim_id AS record_id, 'field' AS field, c.field AS value,
    'contradicts ' || min(p.claim_id) || ' on ' || p.field || ', and no row of claim_links says how the two relate'
        AS message
FROM clashes AS p
JOIN claims AS c ON c.claim_id = p.related_claim_id
WHERE NOT EXISTS (
    SELECT 1
    FROM voice AS v
    JOIN related AS r ON r.one = v.member
    JOIN voice AS w ON w.member = r.other
    WHERE v.claim_id = p.claim_id AND w.claim_id = p.related_claim_id
)
GROUP BY p.related_claim_id, p.field, c.field
ORDER BY ALL

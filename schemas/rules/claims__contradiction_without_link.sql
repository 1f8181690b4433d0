-- contradicts another claim on the same field, and no row of claim_links says how the two relate
-- hint: Add the row to claim_links: updates, denies, contradicts, refines, derived_from …, and in which dimension.
-- covers: R-Q03 R-C07
--
-- Which pairs cannot both be right is the view `clashes`, and what answers for them `contradictions`: a link between
-- the two, or between claims linked with them as one voice (restates, derived_from).
WITH unexplained AS (
    SELECT DISTINCT least(claim_id, related_claim_id) AS one, greatest(claim_id, related_claim_id) AS other, field
    FROM contradictions
    WHERE claim_link_id IS NULL
)
SELECT p.other AS record_id, 'field' AS field, c.field AS value,
    'contradicts ' || min(p.one) || CASE WHEN p.field = c.field THEN '' ELSE ' on ' || p.field END
    || ', and no row of claim_links says how the two relate' AS message
FROM unexplained AS p
JOIN claims AS c ON c.claim_id = p.other
GROUP BY p.other, p.field, c.field
ORDER BY ALL

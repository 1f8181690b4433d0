-- contradicts another claim on the same field, and no row of claim_links says how the two relate
-- hint: Add the row to claim_links: updates, denies, contradicts, refines, derived_from …, and in which dimension.
-- covers: R-Q03 R-C07
--
-- Which pairs cannot both be right is the view `clashes`, and what answers for them `contradictions`: a link between the
-- two, or between claims linked with them as one voice (restates, derived_from).
SELECT greatest(p.claim_id, p.related_claim_id) AS record_id, 'field' AS field, c.field AS value,
    'contradicts ' || min(least(p.claim_id, p.related_claim_id)) || CASE WHEN p.field = c.field THEN '' ELSE ' on '
    || p.field END || ', and no row of claim_links says how the two relate' AS message
FROM contradictions AS p
JOIN claims AS c ON c.claim_id = greatest(p.claim_id, p.related_claim_id)
WHERE p.detected AND p.claim_link_id IS NULL
GROUP BY ALL
ORDER BY ALL

-- is the claim itself: a claim relates to another one
-- hint: Name the other claim, or delete the row.
SELECT claim_link_id AS record_id, 'related_claim_id' AS field, related_claim_id AS value
FROM claim_links
WHERE related_claim_id = claim_id
ORDER BY ALL

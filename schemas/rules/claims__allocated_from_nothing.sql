-- needs the claim of which it is a share: a `derived_from` link to it
-- hint: Add the row to claim_links: this claim, derived_from, the claim on the larger amount.
-- covers: R-Q06
SELECT c.claim_id AS record_id, 'value_origin' AS field, c.value_origin AS value
FROM claims AS c
WHERE c.value_origin = 'allocated'
    AND NOT EXISTS (
        SELECT 1 FROM claim_links AS l WHERE l.claim_id = c.claim_id AND l.claim_relation = 'derived_from'
    )
ORDER BY ALL

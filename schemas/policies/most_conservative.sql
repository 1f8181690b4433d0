-- The least: for quantities the claim with the smallest stated number leads, and that number is published, whatever its
-- hedge. What states no number, and what is no quantity, is left to the ladder of `balanced`.
-- steps: least number, time, interest, basis
SELECT claim_id, field, [coalesce(least_stated, 'infinity'), as_of_days, interest_rank, basis_rank] AS ladder,
    least_stated AS best
FROM candidates
WHERE standing = 'stands'

-- Only what states, their offices and officials say themselves, with the ladder of `balanced`; where none speaks there
-- is no value.
-- steps: time, interest, basis
SELECT claim_id, field, [as_of_days, interest_rank, basis_rank] AS ladder, point AS best
FROM candidates
WHERE standing = 'stands' AND official

-- The default. Each voice counts once; what speaks of the time nearest to the figure's leads, then what is said against
-- the speaker's interest before what is neutral, and that before what serves the speaker, then the better basis of
-- knowledge.
-- steps: time, interest, basis
SELECT claim_id, field, [as_of_days, interest_rank, basis_rank] AS ladder, point AS best
FROM candidates
WHERE standing = 'stands'

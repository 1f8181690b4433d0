-- For `as_ucdp_ged`, and for the dead alone. The claim that `balanced` would prefer leads, and its number is published
-- whatever its hedge, as UCDP GED has a best estimate for every event: the point, else the stated number ("at least 20"
-- is 20), else the lower end of a range. Words without a number give none. After GED codebook 19.1; which number UCDP
-- takes from a hedge or a range it does not say, and that is our reading of its practice.
-- steps: time, interest, basis
SELECT claim_id, field, [as_of_days, interest_rank, basis_rank] AS ladder, coalesce(point, least_stated) AS best
FROM candidates
WHERE standing = 'stands' AND field = 'value' AND measure = 'killed'

-- For `as_acled`, and for the dead alone. The most conservative report leads, as ACLED's page on fatalities has it (as
-- of 7 May 2024), and its stated number is published: "tens" is 10, "dozens" 12, "hundreds" 100, which
-- are the numbers that the comparator `order_of_magnitude` carries; that no case is reported is 0. For "several" and
-- the like ACLED has a number too, which we have not read; here they give none.
-- steps: least number, time, interest, basis
SELECT
    claim_id,
    field,
    [coalesce(least_stated, CASE WHEN comparator = 'none_reported' THEN 0 END, 'infinity'),
        as_of_days, interest_rank, basis_rank] AS ladder,
    coalesce(least_stated, CASE WHEN comparator = 'none_reported' THEN 0 END) AS best
FROM candidates
WHERE standing = 'stands' AND field = 'value' AND measure = 'killed'

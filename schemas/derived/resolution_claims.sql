-- Made of the rankings that the files of `schemas/policies/` give, by the macro `settle_claims`.
--
-- Where a policy counts one claim alone, and one of a dataset, there is no row: it leads.
SELECT u.*
FROM settle_claims('rankings') AS u
JOIN claims AS c ON c.claim_id = u.claim_id
QUALIFY c.claim_type IS DISTINCT FROM 'dataset'
    OR count(*) OVER (PARTITION BY u.policy, u.subject_table, u.subject_id, u.field) > 1

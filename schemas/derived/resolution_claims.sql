-- Made of the rankings that the files of `schemas/policies/` give, by the macro `settle_claims`.
SELECT * FROM settle_claims('rankings')

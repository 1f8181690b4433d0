-- Made of the rankings that the files of `schemas/policies/` give, by the macro `settle`.
SELECT * FROM settle('rankings')

-- One row is one column of a record, or the value of a figure, for which the policies do not all publish the same. A
-- figure is here only if policies that publish a best value differ on it, and not only in that `envelope` publishes
-- none.
-- subject_table: The table of the record.
-- subject_id: Its key.
-- subject_label: A readable name of it.
-- field: The column, or `value` of a figure.
-- default_answer: What the default policy publishes; empty where it has nothing to go on.
-- n_answers: How many different answers the policies give, silence not counted; of figures those of policies that
--   publish a best value at all.
-- answers: Each answer with the policies that give it.
-- silent: The policies that publish nothing here, though they do for other records of this kind (and measure).
-- least_best: The least best number among the policies.
-- greatest_best: The greatest best number among them.
-- n_claims: Claims that the most inclusive policy counts.
WITH answers AS (
    SELECT
        subject_table,
        subject_id,
        field,
        answer,
        string_agg(policy, ', ' ORDER BY policy) AS policies,
        max(n_claims) AS n_claims,
        bool_or(is_default) AS is_default
    FROM policy_answers
    GROUP BY subject_table, subject_id, field, answer
),
numbers AS (
    SELECT
        subject_table,
        subject_id,
        field,
        min(best) AS least_best,
        max(best) AS greatest_best,
        list(policy) AS speaking
    FROM resolutions
    GROUP BY subject_table, subject_id, field
),
kinds AS (
    -- Which columns, and which measures of figures, each policy speaks of at all.
    SELECT DISTINCT r.policy, r.subject_table, r.field, f.measure
    FROM resolutions AS r
    LEFT JOIN figures AS f ON r.subject_table = 'figures' AND f.figure_id = r.subject_id
),
deciding AS (
    -- Policies that publish a best value of some figure: one that never does differs in form on every one.
    SELECT DISTINCT policy FROM resolutions WHERE best IS NOT NULL
),
differing AS (
    SELECT a.subject_table, a.subject_id, a.field, count(DISTINCT a.answer) AS n_answers
    FROM policy_answers AS a
    WHERE a.field <> 'value' OR a.policy IN (SELECT d.policy FROM deciding AS d)
    GROUP BY a.subject_table, a.subject_id, a.field
),
summed AS (
    SELECT
        a.subject_table,
        a.subject_id,
        a.field,
        max(a.answer) FILTER (WHERE a.is_default) AS default_answer,
        string_agg(a.answer || ' by ' || a.policies, '; ' ORDER BY a.policies) AS answers,
        max(a.n_claims) AS n_claims
    FROM answers AS a
    GROUP BY a.subject_table, a.subject_id, a.field
)
SELECT
    s.subject_table,
    s.subject_id,
    (
        SELECT n.label FROM record_names AS n
        WHERE n.subject_table = s.subject_table AND n.subject_id = s.subject_id
    ) AS subject_label,
    s.field,
    s.default_answer,
    d.n_answers,
    s.answers,
    (
        SELECT string_agg(k.policy, ', ' ORDER BY k.policy) FROM kinds AS k
        WHERE k.subject_table = s.subject_table AND k.field = s.field AND NOT list_contains(n.speaking, k.policy)
            AND k.measure IS NOT DISTINCT FROM (
                SELECT f.measure FROM figures AS f WHERE s.subject_table = 'figures' AND f.figure_id = s.subject_id
            )
    ) AS silent,
    n.least_best,
    n.greatest_best,
    s.n_claims
FROM summed AS s
JOIN numbers AS n ON n.subject_table = s.subject_table AND n.subject_id = s.subject_id AND n.field = s.field
JOIN differing AS d ON d.subject_table = s.subject_table AND d.subject_id = s.subject_id AND d.field = s.field
WHERE d.n_answers > 1
ORDER BY s.n_claims DESC, s.subject_table, s.subject_id, s.field

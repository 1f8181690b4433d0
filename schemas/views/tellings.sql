-- One row is one wording of one figure: each hedge and number with the day for which it holds, the time with which it
-- compares, when it was told, and by whom. FROM tellings WHERE figure_id = 'isis-territory-share-lost-2017'.
-- figure_id: The figure.
-- figure_label: A readable name of it.
-- hedge: Hedge, number and unit in words, such as "more than 96 percent".
-- as_of: The time for which it holds, EDTF: the claim's own, else the figure's.
-- baseline: The time with which a share or change is compared, EDTF; of several the earliest.
-- standing: Whether claims in these words count when the figure is resolved, or why they do not, each once: stands,
--   echo, superseded …
-- told: By which day it had been said, or published, for the first time.
-- voices: Who says so, in words, each once.
-- n_claims: How often it is said.
-- n_sources: In how many documents.
-- n_independent: How many independent voices say so; see `independent_sources`.
-- interests: Whom it serves that they say so, each once, separated by commas.
-- claim_ids: The claims, separated by spaces.
SELECT
    c.subject_id AS figure_id,
    (
        SELECT n.label FROM record_names AS n WHERE n.subject_table = 'figures' AND n.subject_id = c.subject_id
    ) AS figure_label,
    b.hedge,
    c.as_of,
    min(m.baseline) AS baseline,
    string_agg(DISTINCT c.standing, ', ' ORDER BY c.standing) AS standing,
    min(c.told_latest) AS told,
    string_agg(DISTINCT b.voice, '; ' ORDER BY b.voice) AS voices,
    count(*) AS n_claims,
    count(DISTINCT b.source_id) AS n_sources,
    count(DISTINCT c.voice_group) AS n_independent,
    string_agg(DISTINCT c.interest, ', ' ORDER BY c.interest) AS interests,
    string_agg(c.claim_id, ' ' ORDER BY c.claim_id) AS claim_ids
FROM candidates AS c
JOIN claims_bounded AS b ON b.claim_id = c.claim_id
JOIN claims AS m ON m.claim_id = c.claim_id
WHERE c.subject_table = 'figures' AND c.field = 'value'
GROUP BY c.subject_id, b.hedge, c.as_of
ORDER BY c.subject_id, told, b.hedge

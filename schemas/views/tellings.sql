-- One row is one wording of one figure: each hedge and number with the day for which it holds, the time with which it
-- compares, when it was told, and by whom. FROM tellings WHERE figure_id = 'isis-territory-share-lost-2017'.
-- figure_id: The figure.
-- figure_label: A readable name of it.
-- hedge: Hedge, number and unit in words, such as "more than 96 percent".
-- as_of: The time for which it holds, EDTF: the claim's own, else the figure's.
-- baseline: The time with which a share or change is compared, EDTF; empty where the words give none.
-- standing: Whether claims in these words count when the figure is resolved, or why they do not, each once: stands,
--   echo, superseded …
-- told: By which day it had been said, or published, for the first time.
-- voices: Who says so, in words, each once, with the outlets that carry it in brackets.
-- n_claims: How often it is said.
-- n_sources: In how many documents.
-- n_independent: How many independent voices say so; see `independent_sources`.
-- interests: Whom it serves that they say so, each once, separated by commas.
-- claim_ids: The claims, separated by spaces.
WITH told AS (
    SELECT
        c.subject_id AS figure_id,
        c.claim_id,
        c.as_of,
        c.standing,
        c.told_latest,
        c.voice_group,
        c.interest,
        m.baseline,
        b.hedge,
        b.source_id,
        -- The agency, or whoever is quoted; the outlet that carries it is named behind.
        CASE WHEN b.utterance_id IS NULL
            THEN coalesce((SELECT a.name FROM actors AS a WHERE a.actor_id = b.voice_id), b.voice)
            ELSE b.voice
        END AS voice,
        (
            SELECT a.name FROM sources AS s JOIN actors AS a ON a.actor_id = s.publisher_id
            WHERE s.source_id = b.source_id AND s.publisher_id <> b.voice_id
        ) AS outlet
    FROM candidates AS c
    JOIN claims_bounded AS b ON b.claim_id = c.claim_id
    JOIN claims AS m ON m.claim_id = c.claim_id
    WHERE c.subject_table = 'figures' AND c.field = 'value'
),
voiced AS (
    SELECT
        figure_id,
        hedge,
        as_of,
        baseline,
        voice || coalesce(' (' || string_agg(DISTINCT outlet, ', ' ORDER BY outlet) || ')', '') AS voice
    FROM told
    GROUP BY figure_id, hedge, as_of, baseline, voice
)
SELECT
    t.figure_id,
    (
        SELECT n.label FROM record_names AS n WHERE n.subject_table = 'figures' AND n.subject_id = t.figure_id
    ) AS figure_label,
    t.hedge,
    t.as_of,
    t.baseline,
    string_agg(DISTINCT t.standing, ', ' ORDER BY t.standing) AS standing,
    min(t.told_latest) AS told,
    (
        SELECT string_agg(v.voice, '; ' ORDER BY v.voice) FROM voiced AS v
        WHERE v.figure_id = t.figure_id AND v.hedge IS NOT DISTINCT FROM t.hedge
            AND v.as_of IS NOT DISTINCT FROM t.as_of AND v.baseline IS NOT DISTINCT FROM t.baseline
    ) AS voices,
    count(*) AS n_claims,
    count(DISTINCT t.source_id) AS n_sources,
    count(DISTINCT t.voice_group) AS n_independent,
    string_agg(DISTINCT t.interest, ', ' ORDER BY t.interest) AS interests,
    string_agg(t.claim_id, ' ' ORDER BY t.claim_id) AS claim_ids
FROM told AS t
GROUP BY t.figure_id, t.hedge, t.as_of, t.baseline
ORDER BY t.figure_id, told, t.hedge, t.baseline

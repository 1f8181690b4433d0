-- One row is one strike that somebody affirms, with how well it is established who struck, by the code list
-- `strike_status` (the terms of Airwars), from the blocs of the voices and of those who are named as striking.
-- strike_id: Key of the strike.
-- strike_status: declared, contested, likely or single_source.
-- declared_by: The voices of the bloc that is named as striking who affirm it.
-- denied_by: The voices that deny it.
-- striking_camps: The camps of those who are named as striking.
-- n_voices: Independent voices that affirm it.
WITH told AS (
    SELECT
        c.claim_id,
        c.subject_id AS strike_id,
        c.voice_group,
        b.voice,
        c.standing IN ('stands', 'echo') AS asserts,
        c.standing = 'denied' AS denied,
        coalesce(b.on_behalf_of_id, b.speaker_id) AS actor_id,
        (SELECT a.bloc FROM actors AS a WHERE a.actor_id = coalesce(b.on_behalf_of_id, b.speaker_id)) AS bloc
    FROM candidates AS c
    JOIN claims_bounded AS b ON b.claim_id = c.claim_id
    WHERE c.subject_table = 'strikes' AND c.field = 'exists'
),
strikers AS (
    SELECT
        p.subject_id AS strike_id,
        list(DISTINCT a.actor_id) AS actors,
        list(DISTINCT a.bloc) FILTER (WHERE k.attribute_value <> 'none') AS blocs,
        count(DISTINCT k.attribute_value) AS n_camps,
        string_agg(DISTINCT k.attribute_value, ', ' ORDER BY k.attribute_value) AS camps
    FROM participants AS p
    JOIN code_attributes AS r
        ON r.code_list = 'role' AND r.code = p.role AND r.attribute = 'part' AND r.attribute_value = 'acts'
    JOIN actors AS a ON a.actor_id = p.actor_id
    JOIN code_attributes AS k ON k.code_list = 'bloc' AND k.code = a.bloc AND k.attribute = 'camp'
    WHERE p.subject_table = 'strikes'
    GROUP BY p.subject_id
),
judged AS (
    SELECT
        t.strike_id,
        string_agg(DISTINCT t.voice, '; ' ORDER BY t.voice)
            FILTER (WHERE t.asserts AND (list_contains(s.actors, t.actor_id) OR list_contains(s.blocs, t.bloc)))
            AS declared_by,
        string_agg(DISTINCT t.voice, '; ' ORDER BY t.voice) FILTER (WHERE t.denied) AS denied_by,
        any_value(s.camps) AS striking_camps,
        any_value(s.n_camps) AS n_camps,
        count(DISTINCT t.voice_group) FILTER (WHERE t.asserts) AS n_voices,
        bool_or(t.asserts) AS affirmed
    FROM told AS t
    LEFT JOIN strikers AS s ON s.strike_id = t.strike_id
    GROUP BY t.strike_id
)
SELECT
    strike_id,
    CASE
        WHEN declared_by IS NOT NULL THEN 'declared'
        WHEN denied_by IS NOT NULL OR n_camps > 1 THEN 'contested'
        WHEN n_voices > 1 THEN 'likely'
        ELSE 'single_source'
    END AS strike_status,
    declared_by,
    denied_by,
    striking_camps,
    n_voices
FROM judged
WHERE affirmed
ORDER BY strike_id

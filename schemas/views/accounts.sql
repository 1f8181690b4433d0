-- One row is one voice by whose account a record exists: by its claims that affirm it. What is denied, feared,
-- planned or predicted is no account. Where the coder concluded it from what the voice says, the account is marked
-- `[inferred]`.
-- subject_table: The table of the record.
-- subject_id: Its key.
-- voice_id: Who counts as one voice, as in `claims_flat`.
-- voice: The voice in words, with the actor for whom it speaks and, where somebody is quoted, what it does
--   ("announced"); ends in " [inferred]" where all its claims are inferred.
-- speech_acts: What the voice does with the words, separated by commas; empty where the source speaks itself.
-- voice_group: Whose voice it counts as once repetitions and derivations are taken together, as in `candidates`.
-- independent: Whether the voice has it from itself: false where all its claims are derived from other claims
--   (`claim_links`), as by relay or copying.
-- inferred: Whether none of its claims says so itself: all are inferred, computed, imputed or allocated by the coder.
-- value_origin: How the claims came out of the words, each once, separated by commas.
-- n_claims: How often it says so.
-- claim_ids: The claims, separated by spaces.
WITH said AS (
    SELECT
        c.*,
        (
            SELECT x.voice_group FROM candidates AS x WHERE x.claim_id = c.claim_id AND x.field = 'exists'
        ) AS voice_group,
        EXISTS (
            SELECT 1 FROM claim_links AS k WHERE k.claim_id = c.claim_id AND k.claim_relation = 'derived_from'
        ) AS derived
    FROM claims_bounded AS c
    WHERE c.field = 'exists' AND c.asserts
)
SELECT
    subject_table,
    subject_id,
    voice_id,
    coalesce(
        string_agg(DISTINCT voice, ', ' ORDER BY voice) FILTER (WHERE on_behalf_of_id IS NOT NULL),
        min(voice)
    )
    || coalesce(' (' || replace(string_agg(DISTINCT speech_act, ', ' ORDER BY speech_act), '_', ' ') || ')', '')
    || CASE WHEN bool_and(inferred) THEN ' [inferred]' ELSE '' END
    AS voice,
    string_agg(DISTINCT speech_act, ', ' ORDER BY speech_act) AS speech_acts,
    min(voice_group) AS voice_group,
    NOT bool_and(derived) AS independent,
    bool_and(inferred) AS inferred,
    string_agg(DISTINCT value_origin, ', ' ORDER BY value_origin) AS value_origin,
    count(*) AS n_claims,
    string_agg(claim_id, ' ' ORDER BY claim_id) AS claim_ids
FROM said
GROUP BY subject_table, subject_id, voice_id
ORDER BY subject_table, subject_id, voice_id

-- One row is one voice that affirms that a record exists: by whose account. What is denied, feared, planned or
-- predicted is no account.
-- subject_table: The table of the record.
-- subject_id: Its key.
-- voice_id: Who counts as one voice, as in `claims_flat`.
-- voice: The voice in words, with the actor for whom it speaks and, where somebody is quoted, what it does
--   ("announced").
-- speech_acts: What the voice does with the words, separated by commas; empty where the source speaks itself.
-- independent: Whether the voice has it from itself: false where all its claims are derived from other claims
--   (`claim_links`), as by relay or copying.
-- n_claims: How often it says so.
-- claim_ids: The claims, separated by spaces.
WITH said AS (
    SELECT
        c.*,
        (SELECT a.name FROM actors AS a WHERE a.actor_id = c.on_behalf_of_id) AS on_behalf_of_name,
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
    min(speaker_name)
    || coalesce(' for ' || string_agg(DISTINCT on_behalf_of_name, ', ' ORDER BY on_behalf_of_name), '')
    || coalesce(' (' || replace(string_agg(DISTINCT speech_act, ', ' ORDER BY speech_act), '_', ' ') || ')', '')
    AS voice,
    string_agg(DISTINCT speech_act, ', ' ORDER BY speech_act) AS speech_acts,
    NOT bool_and(derived) AS independent,
    count(*) AS n_claims,
    string_agg(claim_id, ' ' ORDER BY claim_id) AS claim_ids
FROM said
GROUP BY subject_table, subject_id, voice_id
ORDER BY subject_table, subject_id, voice_id

-- One row is one column of a record, or the value of a figure, with how many documents carry it, and how many of them
-- are independent once repetitions, syndication and derivations are taken together. A cell of which only one `exists`
-- claim of a dataset speaks has no row.
-- subject_table: The table of the record.
-- subject_id: Its key.
-- field: The column, or `value` of a figure.
-- n_claims: Claims that affirm a value and were not withdrawn or replaced.
-- n_sources: Documents and datasets in which they stand.
-- n_names: Voices that differ by name.
-- n_independent: Voices that remain when those that restate or derive from each other are one.
-- n_independent_at_least: The same if the derivations that are only our hypotheses hold too.
-- voices: The voices, those that are one in brackets: "Associated Press [The Week]".
WITH named AS (
    SELECT
        c.subject_table,
        c.subject_id,
        c.field,
        c.claim_id,
        c.voice_id,
        c.voice_group,
        c.voice_group_at_least,
        c.standing,
        (SELECT b.source_id FROM claims_bounded AS b WHERE b.claim_id = c.claim_id) AS source_id,
        (SELECT b.voice FROM claims_bounded AS b WHERE b.claim_id = c.claim_id) AS voice
    FROM candidates AS c
    WHERE c.standing IN ('stands', 'echo')
),
spoken AS (
    SELECT
        subject_table,
        subject_id,
        field,
        voice_group,
        voice_id,
        min(voice) AS voice,
        bool_and(standing = 'echo') AS echo
    FROM named
    GROUP BY subject_table, subject_id, field, voice_group, voice_id
),
grouped AS (
    SELECT
        subject_table,
        subject_id,
        field,
        voice_group,
        coalesce(string_agg(voice, ', ' ORDER BY voice) FILTER (WHERE NOT echo), '?')
        || coalesce(' [' || string_agg(voice, ', ' ORDER BY voice) FILTER (WHERE echo) || ']', '') AS voices
    FROM spoken
    GROUP BY subject_table, subject_id, field, voice_group
),
counted AS (
    SELECT
        subject_table,
        subject_id,
        field,
        count(DISTINCT claim_id) AS n_claims,
        count(DISTINCT source_id) AS n_sources,
        count(DISTINCT voice_id) AS n_names,
        count(DISTINCT voice_group) AS n_independent,
        count(DISTINCT voice_group_at_least) AS n_independent_at_least
    FROM named
    GROUP BY subject_table, subject_id, field
)
SELECT
    c.subject_table,
    c.subject_id,
    c.field,
    c.n_claims,
    c.n_sources,
    c.n_names,
    c.n_independent,
    c.n_independent_at_least,
    (
        SELECT string_agg(g.voices, '; ' ORDER BY g.voices) FROM grouped AS g
        WHERE g.subject_table = c.subject_table AND g.subject_id = c.subject_id AND g.field = c.field
    ) AS voices
FROM counted AS c
ORDER BY c.subject_table, c.subject_id, c.field

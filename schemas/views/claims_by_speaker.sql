-- One row is one speaker, with how much the record rests on their word, on what, and how often it serves their side.
-- speaker_id: The speaker; empty where a source names no publisher.
-- speaker_name: The speaker's name, or the title of the source.
-- speaker_bloc: The camp whose interest the speaker has.
-- n_claims: Claims of which this is the innermost speaker.
-- n_sources: Sources in which they stand.
-- n_records: Records that they are about.
-- n_self_serving: Claims that serve the speaker's camp.
-- n_against_interest: Claims against its interest.
-- n_denied: Claims that deny something.
-- n_unreal: Claims on what is feared, planned, predicted or supposed.
-- n_inferred: Claims of which the coder made the value.
-- n_contradicted: Claims that clash with another, or of which somebody judged so.
-- bases: On what the speaker's knowledge rests, separated by commas.
-- told_first: The first day on which the speaker can have spoken or published.
-- told_last: The last day.
WITH told AS (
    SELECT
        b.claim_id,
        b.source_id,
        b.subject_table || ' ' || b.subject_id AS record,
        b.speaker_id,
        b.speaker_name,
        b.basis,
        b.inferred,
        c.polarity,
        c.event_status,
        coalesce(u.said_earliest, s.published_earliest) AS told_first,
        coalesce(u.said_latest, s.published_latest) AS told_last
    FROM claims_bounded AS b
    JOIN claims AS c ON c.claim_id = b.claim_id
    JOIN sources AS s ON s.source_id = b.source_id
    LEFT JOIN utterances AS u ON u.utterance_id = b.utterance_id
),
stakes AS (SELECT claim_id, interest FROM interest_of_claims),
clashing AS (
    SELECT claim_id FROM clashes
    UNION
    SELECT related_claim_id FROM clashes
    UNION
    SELECT claim_id FROM claim_links WHERE claim_relation IN ('contradicts', 'denies')
    UNION
    SELECT related_claim_id FROM claim_links WHERE claim_relation IN ('contradicts', 'denies')
)
SELECT
    t.speaker_id,
    any_value(t.speaker_name) AS speaker_name,
    (SELECT a.bloc FROM actors AS a WHERE a.actor_id = t.speaker_id) AS speaker_bloc,
    count(*) AS n_claims,
    count(DISTINCT t.source_id) AS n_sources,
    count(DISTINCT t.record) AS n_records,
    count(*) FILTER (WHERE i.interest = 'self_serving') AS n_self_serving,
    count(*) FILTER (WHERE i.interest = 'against_interest') AS n_against_interest,
    count(*) FILTER (WHERE t.polarity = 'denied') AS n_denied,
    count(*) FILTER (WHERE e.attribute_value = 'no') AS n_unreal,
    count(*) FILTER (WHERE t.inferred) AS n_inferred,
    count(*) FILTER (WHERE k.claim_id IS NOT NULL) AS n_contradicted,
    string_agg(DISTINCT t.basis, ', ' ORDER BY t.basis) AS bases,
    min(t.told_first) AS told_first,
    max(t.told_last) AS told_last
FROM told AS t
LEFT JOIN stakes AS i ON i.claim_id = t.claim_id
LEFT JOIN clashing AS k ON k.claim_id = t.claim_id
LEFT JOIN code_attributes AS e
    ON e.code_list = 'event_status' AND e.code = t.event_status AND e.attribute = 'exists'
GROUP BY t.speaker_id, CASE WHEN t.speaker_id IS NULL THEN t.speaker_name END
ORDER BY n_claims DESC, t.speaker_id

-- One row is one speaker in the chain through which a claim reaches the reader: the publisher outermost at position 0,
-- then whom it quotes, down to the innermost speaker, who commits to the claim. A claim in the source's own voice has
-- only position 0. An utterance that contains itself is followed once.
-- claim_id: Key of the claim.
-- subject_table: The table of the record that the claim is about.
-- subject_id: The key of that record.
-- field: What is claimed: `exists`, a column, `value` of a figure, or `remark`.
-- position: 0 for the publisher, then 1, 2 … inwards.
-- innermost: Whether this is the speaker who commits to the claim.
-- actor_id: The speaker; empty at position 0 where the source names no publisher.
-- actor_name: The speaker's name; at position 0 without a publisher the title of the source.
-- on_behalf_of_id: The actor for whom the speaker speaks.
-- on_behalf_of_name: Its name.
-- agency_id: At position 0, the agency whose copy the publisher carries.
-- agency_name: Its name.
-- speech_act: What the speaker does with the words; `published` at position 0.
-- basis: On what the speaker's knowledge rests.
-- named: Whether the source names the speaker.
-- said: When it was said, EDTF; at position 0 when it was published.
-- utterance_id: The act of speech; empty at position 0.
-- source_id: The source.
-- cue_start_char: Offset of the first character of the words that say who speaks and how.
-- cue_end_char: Offset just after the last one.
-- cue_sha256: SHA-256 of those words.
-- polarity: For the innermost speaker, whether the words affirm or deny.
-- event_status: For the innermost speaker, the status given to what the claim is about.
-- factuality: For the innermost speaker, how far they commit to it, FactBank.
-- value_origin: For the innermost speaker, how the value came out of the words; where it is inferred, computed, imputed
--   or allocated, the coder made it and nobody in the chain said so.
WITH RECURSIVE up AS (
    SELECT
        c.claim_id,
        u.utterance_id,
        u.parent_id,
        0 AS steps,
        [u.utterance_id] AS seen
    FROM claims AS c
    JOIN utterances AS u ON u.utterance_id = c.utterance_id
    UNION ALL
    SELECT
        up.claim_id,
        u.utterance_id,
        u.parent_id,
        up.steps + 1,
        list_append(up.seen, u.utterance_id)
    FROM up
    JOIN utterances AS u ON u.utterance_id = up.parent_id
    WHERE NOT list_contains(up.seen, u.utterance_id)
),
depths AS (
    SELECT
        claim_id,
        max(steps) + 1 AS depth
    FROM up
    GROUP BY claim_id
),
chain AS (
    SELECT
        c.claim_id,
        0 AS position,
        d.depth IS NULL AS innermost,
        s.publisher_id AS actor_id,
        coalesce((SELECT a.name FROM actors AS a WHERE a.actor_id = s.publisher_id), s.title) AS actor_name,
        CAST(NULL AS VARCHAR) AS on_behalf_of_id,
        s.agency_id,
        'published' AS speech_act,
        CAST(NULL AS VARCHAR) AS basis,
        s.publisher_id IS NOT NULL AS named,
        s.published AS said,
        CAST(NULL AS VARCHAR) AS utterance_id,
        c.source_id,
        CAST(NULL AS BIGINT) AS cue_start_char,
        CAST(NULL AS BIGINT) AS cue_end_char,
        CAST(NULL AS VARCHAR) AS cue_sha256
    FROM claims AS c
    JOIN sources AS s ON s.source_id = c.source_id
    LEFT JOIN depths AS d ON d.claim_id = c.claim_id
    UNION ALL
    SELECT
        up.claim_id,
        d.depth - up.steps,
        up.steps = 0,
        u.actor_id,
        a.name,
        u.on_behalf_of_id,
        NULL,
        u.speech_act,
        u.basis,
        u.named,
        u.said,
        u.utterance_id,
        u.source_id,
        u.start_char,
        u.end_char,
        u.span_sha256
    FROM up
    JOIN depths AS d ON d.claim_id = up.claim_id
    JOIN utterances AS u ON u.utterance_id = up.utterance_id
    JOIN actors AS a ON a.actor_id = u.actor_id
)
SELECT
    n.claim_id,
    c.subject_table,
    c.subject_id,
    c.field,
    CAST(n.position AS INTEGER) AS position,
    n.innermost,
    n.actor_id,
    n.actor_name,
    n.on_behalf_of_id,
    (SELECT a.name FROM actors AS a WHERE a.actor_id = n.on_behalf_of_id) AS on_behalf_of_name,
    n.agency_id,
    (SELECT a.name FROM actors AS a WHERE a.actor_id = n.agency_id) AS agency_name,
    n.speech_act,
    n.basis,
    n.named,
    n.said,
    n.utterance_id,
    n.source_id,
    n.cue_start_char,
    n.cue_end_char,
    n.cue_sha256,
    CASE WHEN n.innermost THEN c.polarity END AS polarity,
    CASE WHEN n.innermost THEN c.event_status END AS event_status,
    CASE WHEN n.innermost THEN c.factuality END AS factuality,
    CASE WHEN n.innermost THEN c.value_origin END AS value_origin
FROM chain AS n
JOIN claims AS c ON c.claim_id = n.claim_id
ORDER BY n.claim_id, n.position

-- does not restate: a restatement is the same speaker on the same field of the same record
-- hint: Another speaker's repetition is derived_from or corroborates; another predicate needs no link.
--
-- The speaker is the innermost one, without an utterance the source's publisher, and where that is empty the source.
SELECT l.claim_link_id AS record_id, 'claim_relation' AS field, l.claim_relation AS value,
    CASE WHEN c.subject_id <> r.subject_id OR c.subject_table <> r.subject_table
        THEN 'does not restate: the subjects differ'
    WHEN c.field <> r.field THEN 'does not restate: the fields differ'
    ELSE 'does not restate: the speakers differ' END AS message
FROM claim_links AS l
JOIN claims AS c ON c.claim_id = l.claim_id
JOIN claims AS r ON r.claim_id = l.related_claim_id
JOIN sources AS s ON s.source_id = c.source_id
JOIN sources AS t ON t.source_id = r.source_id
LEFT JOIN utterances AS u ON u.utterance_id = c.utterance_id
LEFT JOIN utterances AS v ON v.utterance_id = r.utterance_id
WHERE l.claim_relation = 'restates'
    AND (c.subject_table <> r.subject_table OR c.subject_id <> r.subject_id OR c.field <> r.field
        OR coalesce(u.actor_id, s.publisher_id, s.source_id) <> coalesce(v.actor_id, t.publisher_id, t.source_id))
ORDER BY ALL

-- One row is one period in which an actor held a place, or part of it, in the order of the periods of that place.
-- location_id: The place.
-- location_name: Its name.
-- position: Number of the period at this place, from 1, by when it can have begun, those without a known begin first.
-- control_id: Key of the period.
-- holder_id: Who held it; empty where only the state is known.
-- holder_name: The holder's name.
-- control_state: In what state the place was held.
-- control_state_label: The same in words.
-- shared: Whether others can hold parts of the place in the same time.
-- held_from: Since when, EDTF; empty where nothing is said.
-- held_from_earliest: Earliest day on which it can have begun.
-- held_from_latest: Latest day on which it can have begun.
-- held_to: Until when, that day excluded, EDTF; `..` while it was still held when the source spoke.
-- held_to_earliest: Earliest day that `held_to` can mean.
-- held_to_latest: Latest day that `held_to` can mean.
-- known_until: The latest day on which a source that affirms the period as realized or ongoing spoke or was published:
--   `..` reaches so far.
-- start_engagement_id: The engagement by which the period began.
-- start_engagement_name: Its name.
-- end_engagement_id: The engagement by which it ended.
-- end_engagement_name: Its name.
-- said_by: The voices that affirm the period.
SELECT
    c.location_id,
    (SELECT l.name FROM locations AS l WHERE l.location_id = c.location_id) AS location_name,
    row_number() OVER (
        PARTITION BY c.location_id
        ORDER BY c.held_from_earliest NULLS FIRST, c.held_to_latest NULLS LAST, c.control_id
    ) AS position,
    c.control_id,
    c.holder_id,
    (SELECT a.name FROM actors AS a WHERE a.actor_id = c.holder_id) AS holder_name,
    c.control_state,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'control_state' AND k.code = c.control_state)
        AS control_state_label,
    (
        SELECT x.attribute_value = 'shared' FROM code_attributes AS x
        WHERE x.code_list = 'control_state' AND x.code = c.control_state AND x.attribute = 'exclusive'
    ) AS shared,
    c.held_from,
    c.held_from_earliest,
    c.held_from_latest,
    c.held_to,
    c.held_to_earliest,
    c.held_to_latest,
    (
        SELECT max(coalesce(u.said_earliest, s.published_earliest))
        FROM claims AS m
        JOIN sources AS s ON s.source_id = m.source_id
        LEFT JOIN utterances AS u ON u.utterance_id = m.utterance_id
        WHERE m.subject_table = 'control' AND m.subject_id = c.control_id
            AND m.polarity = 'affirmed' AND m.event_status IN ('realized', 'ongoing')
    ) AS known_until,
    c.start_engagement_id,
    (SELECT e.name FROM engagements AS e WHERE e.engagement_id = c.start_engagement_id) AS start_engagement_name,
    c.end_engagement_id,
    (SELECT e.name FROM engagements AS e WHERE e.engagement_id = c.end_engagement_id) AS end_engagement_name,
    (
        SELECT string_agg(v.voice, '; ' ORDER BY v.voice) FROM accounts AS v
        WHERE v.subject_table = 'control' AND v.subject_id = c.control_id
    ) AS said_by
FROM control AS c
ORDER BY c.location_id, position

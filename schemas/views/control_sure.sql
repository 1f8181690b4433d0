-- One row is one period of control with the days on which it surely ran: from the last day that its begin can mean to
-- the first day that its end can mean, that day excluded. Where one end is not stated the other one alone makes a day
-- certain, if it is a day: the day before the end, the day of the begin; and still held (`..`) without a begin, the day
-- on which the last source that affirms it spoke.
-- control_id: Key of the period.
-- location_id: The place.
-- holder_id: Who held it.
-- control_state: In what state.
-- held_from: Since when, EDTF.
-- exclusive: Whether a second, opposed holder at the same time is a contradiction: `exclusive` or `shared`.
-- sure_from: The first day on which it surely ran; empty where none is sure.
-- sure_until: The day from which on it is no longer sure; the end of all days while it was still held.
SELECT
    c.control_id,
    c.location_id,
    c.holder_id,
    c.control_state,
    c.held_from,
    x.attribute_value AS exclusive,
    coalesce(
        c.held_from_latest,
        CASE WHEN c.held_to_earliest = c.held_to_latest THEN c.held_to_earliest - 1 END,
        CASE WHEN c.held_to = '..' THEN (
            SELECT max(coalesce(u.said_latest, s.published_latest))
            FROM claims AS m
            JOIN sources AS s ON s.source_id = m.source_id
            LEFT JOIN utterances AS u ON u.utterance_id = m.utterance_id
            WHERE m.subject_table = 'control' AND m.subject_id = c.control_id
                AND m.polarity = 'affirmed' AND m.event_status IN ('realized', 'ongoing')
        ) END
    ) AS sure_from,
    CASE WHEN c.held_to = '..' THEN DATE '9999-12-31'
        ELSE coalesce(
            c.held_to_earliest,
            CASE WHEN c.held_from_earliest = c.held_from_latest THEN c.held_from_latest + 1 END
        )
    END AS sure_until
FROM control AS c
JOIN code_attributes AS x
    ON x.code_list = 'control_state' AND x.code = c.control_state AND x.attribute = 'exclusive'
ORDER BY c.control_id

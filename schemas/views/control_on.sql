-- macro: control_on(day)
-- Who held which place on a day: one row is one period that the day does not rule out, as the coder reads the sources
-- (layer `resolved`) and as each voice tells it (layer `claimed`). FROM control_on('2017-11-03') WHERE layer =
-- 'resolved' leaves out what single voices say.
-- A period is half-open: on the day of `held_to` the next holder has it. Between the earliest and latest day that an
-- end can mean, and wherever nothing is said of an end, the row is there with the certainty `possible`; so a day
-- between two uncertain ends has rows of both holders, and none of them is chosen. `..` (still held when the source
-- spoke) is certain up to the day on which the source spoke and possible after it, however long. A voice that says
-- nothing of an end is shown, as `possible`, as far as the period that it speaks of reaches in the resolved layer.
-- location_id: The place.
-- location_name: Its name.
-- layer: `resolved` or `claimed`.
-- holder_id: Who held it; empty where only the state is known, and in the claimed layer where the voice does not say.
-- holder_name: The holder's name.
-- control_state: In what state the place was held.
-- control_state_label: The same in words.
-- situation: What the state comes to: controlled, contested, divided, besieged or unknown.
-- certainty: `certain` where every day that the ends can mean leaves this day inside, else `possible`.
-- polarity: `affirmed`, or `denied` where the voice says that it is not so: the filled cells are those that it denies,
--   and where none is filled, that there was such a period at all.
-- held_from: Since when, EDTF.
-- held_to: Until when, that day excluded, EDTF.
-- control_id: Key of the period.
-- said_by: The voices that affirm the period; in the claimed layer the one voice.
-- claim_ids: Their claims, separated by spaces.
SELECT
    t.location_id,
    t.location_name,
    t.layer,
    t.holder_id,
    t.holder_name,
    t.control_state,
    t.control_state_label,
    t.situation,
    CASE
        WHEN CAST(day AS DATE) >= coalesce(t.held_from_latest, CASE WHEN t.held_to = '..' THEN t.known_until END)
            AND CASE
                WHEN t.held_to = '..' THEN CAST(day AS DATE) <= greatest(t.known_until, t.held_from_latest)
                -- Without an end the first day alone is certain, and only if it is one day.
                WHEN t.held_to IS NULL
                    THEN t.held_from_earliest = t.held_from_latest AND CAST(day AS DATE) = t.held_from_latest
                ELSE CAST(day AS DATE) < t.held_to_earliest
            END
            THEN 'certain'
        ELSE 'possible'
    END AS certainty,
    t.polarity,
    t.held_from,
    t.held_to,
    t.control_id,
    t.said_by,
    t.claim_ids
FROM control_timeline AS t
JOIN control AS c ON c.control_id = t.control_id
WHERE coalesce(
        CAST(day AS DATE) >= CASE WHEN t.held_from IS NULL THEN c.held_from_earliest ELSE t.held_from_earliest END, TRUE
    )
    AND coalesce(
        CAST(day AS DATE) < CASE WHEN t.held_to IS NULL THEN c.held_to_latest ELSE t.held_to_latest END, TRUE
    )
    AND day IS NOT NULL
ORDER BY t.location_id, t.layer DESC, certainty, t.control_id, t.said_by, t.polarity

-- macro: control_on(day)
-- Who held which place on a day: one row is one period that the day does not rule out. FROM control_on('2017-11-03').
-- A period is half-open: on the day of `held_to` the next holder has it. Between the earliest and latest day that an
-- end can mean, and wherever nothing is said of an end, the row is there with the certainty `possible`; so a day
-- between two uncertain ends has rows of both holders, and none of them is chosen. `..` (still held when the source
-- spoke) is certain up to the day on which the source spoke and possible after it, however long.
-- location_id: The place.
-- location_name: Its name.
-- holder_id: Who held it; empty where only the state is known.
-- holder_name: The holder's name.
-- control_state: In what state the place was held.
-- control_state_label: The same in words.
-- certainty: `certain` where every day that the ends can mean leaves this day inside, else `possible`.
-- held_from: Since when, EDTF.
-- held_to: Until when, that day excluded, EDTF.
-- control_id: Key of the period.
-- said_by: The voices that affirm the period.
SELECT
    t.location_id,
    t.location_name,
    t.holder_id,
    t.holder_name,
    t.control_state,
    t.control_state_label,
    CASE
        WHEN CAST(day AS DATE) >= coalesce(t.held_from_latest, CASE WHEN t.held_to = '..' THEN t.known_until END)
            AND CASE
                WHEN t.held_to = '..' THEN CAST(day AS DATE) <= greatest(t.known_until, t.held_from_latest)
                WHEN t.held_to IS NULL THEN CAST(day AS DATE) = t.held_from_latest
                ELSE CAST(day AS DATE) < t.held_to_earliest
            END
            THEN 'certain'
        ELSE 'possible'
    END AS certainty,
    t.held_from,
    t.held_to,
    t.control_id,
    t.said_by
FROM control_timeline AS t
WHERE coalesce(CAST(day AS DATE) >= t.held_from_earliest, TRUE)
    AND coalesce(CAST(day AS DATE) < t.held_to_latest, TRUE)
    AND day IS NOT NULL
ORDER BY t.location_id, certainty, t.control_id

-- One row is one strike with a name made of what is known of it: strikes have none of their own.
-- strike_id: Key of the strike.
-- name: Kind of fires, place and first day: "Airstrike near Albu Kamal, 2017-11-03".
SELECT
    s.strike_id,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'strike_type' AND k.code = s.strike_type)
    || coalesce(
        ' ' || lower((
            SELECT k.label FROM codes AS k
            WHERE k.code_list = 'location_relation' AND k.code = coalesce(s.location_relation, 'at')
        ))
        || ' ' || (SELECT l.name FROM locations AS l WHERE l.location_id = s.location_id),
        ''
    )
    || coalesce(', ' || s.date_start, '') AS name
FROM strikes AS s
ORDER BY s.strike_id

-- One row is one strike with a name made of what is known of it: strikes have none of their own.
-- strike_id: Key of the strike.
-- name: Kind of fires, place and first day: "Airstrike near Abu Kamal, by 2017-11-03"; without a place the engagement
--   of which it is part, "Airstrike in support of …".
SELECT
    s.strike_id,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'strike_type' AND k.code = s.strike_type)
    || coalesce(
        ' ' || lower((
            SELECT k.label FROM codes AS k
            WHERE k.code_list = 'location_relation' AND k.code = coalesce(s.location_relation, 'at')
        ))
        || ' ' || (SELECT l.name FROM locations AS l WHERE l.location_id = s.location_id),
        CASE WHEN s.mission = 'ground_force_support' THEN ' in support of ' ELSE ', part of ' END
        || (SELECT e.name FROM engagements AS e WHERE e.engagement_id = s.engagement_id),
        ''
    )
    || coalesce(
        ', ' || regexp_replace(
            regexp_replace(
                regexp_replace(s.date_start, '^\[[.][.]([^,.\]]+)\]$', 'by \1'),
                '^\[([^,.\]]+)[.][.]\]$', '\1 or later'
            ),
            '^\[([^,.\]]+),([^,.\]]+)\]$', '\1 or \2'
        ),
        ''
    ) AS name
FROM strikes AS s
ORDER BY s.strike_id

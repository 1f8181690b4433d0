-- One row is one strike as one reporter reports it: when, where, with what, by whom against whom, in which numbers, and
-- who says so. Numbers come from the figures about the strike, each with its hedge.
-- strike_id: Key of the strike.
-- name: A name made of what is known of it.
-- strike_type: By what kind of fires.
-- strike_type_label: The same in words.
-- event_clarity: Whether it is one incident or an aggregate.
-- date_start: First day, EDTF.
-- date_start_earliest: Earliest day on which it can have begun.
-- date_start_latest: Latest day on which it can have begun.
-- date_end: Last day, EDTF.
-- date_end_latest: Latest day on which it can have ended.
-- time_start: Begin, UTC.
-- time_end: End, UTC.
-- location_id: The place that the strike is tied to.
-- location_name: Name of that place.
-- location_relation: How the strike lies to the place.
-- latitude: Latitude of the strike's own point, else of its place.
-- longitude: Longitude of the same point.
-- launch_location_id: The place from which it was launched.
-- launch_location_name: Name of that place.
-- platform: The kind of platform.
-- platform_label: The same in words.
-- platform_model: The model as the source names it.
-- munition: The kind of munition.
-- munition_label: The same in words.
-- mission_label: The mission, in words.
-- initiators: Who fired or launched.
-- targets: At whom it was directed or on whom it fell, with the role.
-- supporting: Who supported it, or whose advance.
-- platform_counts: How many platforms, by kind: "bomber: 6".
-- munition_counts: How many munitions, by kind.
-- strike_counts: How many strikes, sorties, weapon-target events, employments or targets, each by its own measure.
-- effects: What is said of people and things hit: "casualties: none reported".
-- counting_unit: What one unit of the reporter's count is.
-- engagement_id: The engagement of which it is part.
-- engagement_name: Name of that engagement.
-- said_by: The voices that affirm the strike.
-- n_voices: How many of them are independent.
WITH counts AS (
    SELECT
        r.subject_id AS strike_id,
        string_agg(lower(coalesce(r.item_label, r.measure_label)) || ': ' || r.hedge, '; ' ORDER BY r.figure_id)
            FILTER (WHERE r.measure = 'platforms_used') AS platform_counts,
        string_agg(lower(coalesce(r.item_label, r.measure_label)) || ': ' || r.hedge, '; ' ORDER BY r.figure_id)
            FILTER (WHERE r.measure = 'munitions_used') AS munition_counts,
        string_agg(lower(r.measure_label) || ': ' || r.hedge, '; ' ORDER BY r.figure_id)
            FILTER (WHERE r.measure NOT IN ('platforms_used', 'munitions_used') AND d.attribute_value = 'effort')
            AS strike_counts,
        string_agg(
            lower(r.measure_label) || coalesce(' (' || lower(coalesce(r.item_label, g.label)) || ')', '')
            || ': ' || r.hedge,
            '; ' ORDER BY r.figure_id
        ) FILTER (WHERE d.attribute_value IN ('loss', 'gain')) AS effects
    FROM figures_resolved AS r
    LEFT JOIN code_attributes AS d ON d.code_list = 'measure' AND d.code = r.measure AND d.attribute = 'direction'
    LEFT JOIN codes AS g ON g.code_list = 'affected_group' AND g.code = r.affected_group
    WHERE r.subject_table = 'strikes' AND r.hedge IS NOT NULL
    GROUP BY r.subject_id
),
firing AS (
    SELECT
        event_id AS strike_id,
        string_agg(DISTINCT actor_name, '; ' ORDER BY actor_name) AS initiators
    FROM participants_flat
    WHERE event_table = 'strikes' AND part = 'acts'
    GROUP BY event_id
)
SELECT
    s.strike_id,
    e.name,
    s.strike_type,
    e.event_type_label AS strike_type_label,
    s.event_clarity,
    s.date_start,
    s.date_start_earliest,
    s.date_start_latest,
    s.date_end,
    s.date_end_latest,
    s.time_start,
    s.time_end,
    s.location_id,
    e.location_name,
    s.location_relation,
    e.latitude,
    e.longitude,
    s.launch_location_id,
    l.name AS launch_location_name,
    s.platform,
    p.label AS platform_label,
    s.platform_model,
    s.munition,
    m.label AS munition_label,
    i.label AS mission_label,
    firing.initiators,
    e.facing AS targets,
    e.supporting,
    counts.platform_counts,
    counts.munition_counts,
    counts.strike_counts,
    counts.effects,
    s.counting_unit,
    s.engagement_id,
    e.part_of_name AS engagement_name,
    e.said_by,
    e.n_voices
FROM strikes AS s
JOIN events AS e ON e.event_table = 'strikes' AND e.event_id = s.strike_id
LEFT JOIN locations AS l ON l.location_id = s.launch_location_id
LEFT JOIN codes AS p ON p.code_list = 'platform' AND p.code = s.platform
LEFT JOIN codes AS m ON m.code_list = 'munition' AND m.code = s.munition
LEFT JOIN codes AS i ON i.code_list = 'mission' AND i.code = s.mission
LEFT JOIN firing ON firing.strike_id = s.strike_id
LEFT JOIN counts ON counts.strike_id = s.strike_id
ORDER BY s.date_start_earliest, s.strike_id

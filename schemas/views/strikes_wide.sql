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
-- date_end_earliest: Earliest day on which it can have ended.
-- date_end_latest: Latest day on which it can have ended.
-- time_start: Begin, UTC.
-- time_end: End, UTC.
-- location_id: The place that the strike is tied to.
-- location_name: Name of that place.
-- location_relation: How the strike lies to the place.
-- location_relation_label: The same in words.
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
-- initiators: Who fired or launched, with the role.
-- targets: At whom it was directed or on whom it fell, with the role.
-- supporting: Who supported a side in it, with the side; not whom it supported itself.
-- in_support_of: Whose ground forces it supported, where that was its mission: those who do the engagement of which it
--   is part.
-- platform_counts: How many platforms, by kind: "bomber: 6".
-- munition_counts: How many munitions, by kind.
-- strike_counts: How many strikes, sorties, weapon-target events, employments or targets, each by its own measure.
-- effects: What is said of people and things hit: "casualties: none reported"; with how many it displaced, where a
--   link says that it led to the displacement.
-- counting_unit: What one unit of the reporter's count is.
-- counting_unit_label: The same in words.
-- engagement_id: The engagement of which it is part.
-- engagement_name: Name of that engagement.
-- strike_status: How well it is established who struck: declared, contested, likely or single_source; empty where
--   nobody affirms it. Computed from the voices and their blocs.
-- strike_status_label: The same in words.
-- said_by: The voices that affirm the strike.
-- n_voices: How many of them are independent.
WITH told_of AS (
    -- Whose figures are shown with a strike: its own, and those of a displacement to which it led.
    SELECT 'strikes' AS subject_table, strike_id AS subject_id, strike_id FROM strikes
    UNION ALL
    SELECT DISTINCT related_table, related_id, subject_id
    FROM links
    WHERE link_type = 'led_to' AND subject_table = 'strikes' AND related_table = 'engagements'
),
numbers AS (
    SELECT
        o.strike_id,
        r.figure_id,
        r.measure,
        lower(r.measure_label) AS measure_label,
        lower(coalesce(r.item_label, r.affected_group_label)) AS of_what,
        r.hedge,
        (
            SELECT d.attribute_value FROM code_attributes AS d
            WHERE d.code_list = 'measure' AND d.code = r.measure AND d.attribute = 'direction'
        ) AS direction
    FROM figures_resolved AS r
    JOIN told_of AS o ON o.subject_table = r.subject_table AND o.subject_id = r.subject_id
    WHERE r.subject_table = 'strikes' OR r.measure = 'displaced'
),
counts AS (
    -- A figure that nobody gives a value has no hedge, and drops out of the lists.
    SELECT
        strike_id,
        string_agg(coalesce(of_what, measure_label) || ': ' || hedge, '; ' ORDER BY figure_id)
            FILTER (WHERE measure = 'platforms_used') AS platform_counts,
        string_agg(coalesce(of_what, measure_label) || ': ' || hedge, '; ' ORDER BY figure_id)
            FILTER (WHERE measure = 'munitions_used') AS munition_counts,
        string_agg(measure_label || ': ' || hedge, '; ' ORDER BY figure_id)
            FILTER (WHERE measure NOT IN ('platforms_used', 'munitions_used') AND direction = 'effort')
            AS strike_counts,
        string_agg(measure_label || coalesce(' (' || of_what || ')', '') || ': ' || hedge, '; ' ORDER BY figure_id)
            FILTER (WHERE direction IN ('loss', 'gain')) AS effects
    FROM numbers
    GROUP BY strike_id
),
said AS (
    SELECT
        subject_id,
        string_agg(voice, '; ' ORDER BY voice) AS said_by,
        count(DISTINCT voice_group) AS n_voices
    FROM accounts
    WHERE subject_table = 'strikes'
    GROUP BY subject_id
)
SELECT
    s.strike_id,
    n.name,
    s.strike_type,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'strike_type' AND k.code = s.strike_type)
        AS strike_type_label,
    s.event_clarity,
    s.date_start,
    s.date_start_earliest,
    s.date_start_latest,
    s.date_end,
    s.date_end_earliest,
    s.date_end_latest,
    s.time_start,
    s.time_end,
    s.location_id,
    l.name AS location_name,
    s.location_relation,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'location_relation' AND k.code = s.location_relation)
        AS location_relation_label,
    CASE WHEN s.latitude IS NOT NULL THEN s.latitude ELSE l.latitude END AS latitude,
    CASE WHEN s.latitude IS NOT NULL THEN s.longitude ELSE l.longitude END AS longitude,
    s.launch_location_id,
    (SELECT f.name FROM locations AS f WHERE f.location_id = s.launch_location_id) AS launch_location_name,
    s.platform,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'platform' AND k.code = s.platform) AS platform_label,
    s.platform_model,
    s.munition,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'munition' AND k.code = s.munition) AS munition_label,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'mission' AND k.code = s.mission) AS mission_label,
    p.acting AS initiators,
    p.facing AS targets,
    p.supporting,
    CASE WHEN s.mission = 'ground_force_support' THEN
        (
            SELECT w.acting FROM event_parties AS w
            WHERE w.event_table = 'engagements' AND w.event_id = s.engagement_id
        )
    END AS in_support_of,
    counts.platform_counts,
    counts.munition_counts,
    counts.strike_counts,
    counts.effects,
    s.counting_unit,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'counting_unit' AND k.code = s.counting_unit)
        AS counting_unit_label,
    s.engagement_id,
    (SELECT e.name FROM engagements AS e WHERE e.engagement_id = s.engagement_id) AS engagement_name,
    status.strike_status,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'strike_status' AND k.code = status.strike_status)
        AS strike_status_label,
    said.said_by,
    coalesce(said.n_voices, 0) AS n_voices
FROM strikes AS s
JOIN strike_names AS n ON n.strike_id = s.strike_id
LEFT JOIN locations AS l ON l.location_id = s.location_id
LEFT JOIN event_parties AS p ON p.event_table = 'strikes' AND p.event_id = s.strike_id
LEFT JOIN said ON said.subject_id = s.strike_id
LEFT JOIN strike_statuses AS status ON status.strike_id = s.strike_id
LEFT JOIN counts ON counts.strike_id = s.strike_id
ORDER BY coalesce(s.date_start_earliest, s.date_start_latest), s.strike_id

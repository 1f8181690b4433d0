-- One row is one engagement or one strike, on one timeline: what, when, where, who acted against whom with whose
-- support, and by whose account. Lists are separated by semicolons, with each actor's roles in brackets. Who was in an
-- event at all is in side_a, side_b and other_sides: `acting` and `facing` are empty where no source gives a direction.
-- event_table: `engagements` or `strikes`.
-- event_id: Key of the event in that table.
-- event_type: The engagement type or strike type.
-- event_type_label: The same in words.
-- event_group: The group of the engagement type (violent, territorial, movement, non_violent); strikes are violent.
-- event_group_label: The same in words.
-- name: The name of the engagement, or one made of what is known of the strike.
-- event_clarity: Whether it is one incident or an aggregate.
-- event_clarity_label: The same in words.
-- date_start: First day, EDTF.
-- date_start_earliest: Earliest day on which it can have begun.
-- date_start_latest: Latest day on which it can have begun.
-- date_end: Last day, EDTF; `..` while it was still going on when the source spoke, empty where nothing is said.
-- date_end_earliest: Earliest day on which it can have ended.
-- date_end_latest: Latest day on which it can have ended; empty where that is open or not stated.
-- location_id: The place that the event is tied to.
-- location_name: Name of that place.
-- location_relation: How the event lies to the place (at, near, toward …).
-- location_relation_label: The same in words.
-- country: The country of the place.
-- governorate: The first-level unit in which the place lies; more of its units are in `location_units`.
-- pcode: The place's OCHA p-code, or that of the smallest unit in which it lies; empty where only the country is known.
-- where_prec: How precise the place of the event is, as a code.
-- latitude: Latitude of the event's own point, else of its place.
-- longitude: Longitude of the same point.
-- point_of: Whose point it is: `event` or `location`.
-- radius_m: The uncertainty of the point in metres, where it is told.
-- outcome: How the engagement ended; empty for strikes.
-- outcome_label: The same in words.
-- part_of_id: The engagement of which it is part.
-- part_of_name: Name of that engagement.
-- acting: Those who do it: initiators, partners, negotiating parties, providers of aid. Not belligerents: where a
--   source does not say who attacked whom (UCDP of two that fight each other), they stand in side_a and side_b alone.
-- facing: Those at whom it is directed or on whom it falls: targets, victims, recipients.
-- supporting: Those who support a side in this event, with the side.
-- standing_by: Mediators, sponsors, hosts, and those who only claim it.
-- backed_by: Actors that back one of the acting ones, or a belligerent, by a standing relation (a link `backs`) that
--   the dates do not rule out, each with those by whose account it does: "Russia (CBC News)".
-- allied_with: Actors called allies of one of the acting ones (a link `allied_with`, read both ways), in the same way.
-- side_a: All on side A.
-- side_b: All on side B.
-- other_sides: All others: the affected and third parties.
-- said_by: The voices that affirm the event.
-- n_claims: Claims that affirm it.
-- n_voices: Independent voices that do.
-- n_strikes: For an engagement, the rows of `strikes` that are part of it.
-- counting_unit: For a strike, in which unit its report counts; numbers in two units are never added.
-- n_reported: How many of that unit the report gives, by the default policy; empty where it gives no single number. It
--   is the sum of the reports, in which one may be told twice: `incident_totals` counts each incident once.
WITH every_event AS (
    SELECT
        'engagements' AS event_table,
        engagement_id AS event_id,
        'engagement_type' AS type_list,
        engagement_type AS event_type,
        name,
        event_clarity,
        date_start, date_start_earliest, date_start_latest,
        date_end, date_end_earliest, date_end_latest,
        location_id, location_relation, where_prec, latitude, longitude, radius_m,
        outcome,
        part_of_id,
        CAST(NULL AS VARCHAR) AS counting_unit
    FROM engagements
    UNION ALL
    SELECT
        'strikes', strike_id, 'strike_type', strike_type, n.name, event_clarity,
        date_start, date_start_earliest, date_start_latest,
        date_end, date_end_earliest, date_end_latest,
        location_id, location_relation, where_prec, latitude, longitude, radius_m,
        NULL, engagement_id, counting_unit
    FROM strikes
    JOIN strike_names AS n USING (strike_id)
),
ties AS (
    -- One row is one actor that stands by another, from when to when, and the link that says so.
    SELECT link_type, subject_id AS ally_id, related_id AS actor_id, link_id, valid_from_earliest, valid_to_latest
    FROM links
    WHERE link_type IN ('backs', 'allied_with') AND subject_table = 'actors' AND related_table = 'actors'
    UNION ALL
    SELECT link_type, related_id, subject_id, link_id, valid_from_earliest, valid_to_latest
    FROM links
    WHERE link_type = 'allied_with' AND subject_table = 'actors' AND related_table = 'actors'
),
told_ties AS (
    SELECT
        e.event_table,
        e.event_id,
        k.link_type,
        a.name,
        v.voice
    FROM every_event AS e
    JOIN participants AS p ON p.subject_table = e.event_table AND p.subject_id = e.event_id
    JOIN code_attributes AS t
        ON t.code_list = 'role' AND t.code = p.role AND t.attribute = 'part' AND t.attribute_value = 'acts'
    JOIN ties AS k ON k.actor_id = p.actor_id
    JOIN actors AS a ON a.actor_id = k.ally_id
    LEFT JOIN accounts AS v ON v.subject_table = 'links' AND v.subject_id = k.link_id
    WHERE coalesce(k.valid_from_earliest <= coalesce(e.date_end_latest, e.date_start_latest), TRUE)
        AND coalesce(k.valid_to_latest >= e.date_start_earliest, TRUE)
),
backers AS (
    SELECT
        event_table,
        event_id,
        string_agg(ally, '; ' ORDER BY ally) FILTER (WHERE link_type = 'backs') AS backed_by,
        string_agg(ally, '; ' ORDER BY ally) FILTER (WHERE link_type = 'allied_with') AS allied_with
    FROM (
        SELECT
            event_table,
            event_id,
            link_type,
            name || coalesce(' (' || string_agg(DISTINCT voice, ', ' ORDER BY voice) || ')', '') AS ally
        FROM told_ties
        GROUP BY event_table, event_id, link_type, name
    ) AS allies
    GROUP BY event_table, event_id
),
reported AS (
    SELECT s.strike_id, max(r.best) AS n_reported
    FROM strikes AS s
    JOIN code_attributes AS m
        ON m.code_list = 'counting_unit' AND m.code = s.counting_unit AND m.attribute = 'measure'
    JOIN figures AS f
        ON f.subject_table = 'strikes' AND f.subject_id = s.strike_id AND f.measure = m.attribute_value
    JOIN resolutions AS r
        ON r.subject_table = 'figures' AND r.subject_id = f.figure_id AND r.field = 'value'
        AND r.policy = (SELECT p.policy FROM policies AS p WHERE p.is_default)
    WHERE f.item IS NULL AND f.affected_group IS NULL AND f.affected_actor_id IS NULL AND f.part_of_id IS NULL
    GROUP BY s.strike_id
    HAVING count(*) = 1
),
said AS (
    SELECT
        subject_table,
        subject_id,
        string_agg(voice, '; ' ORDER BY voice) AS said_by,
        sum(n_claims) AS n_claims,
        count(DISTINCT voice_group) AS n_voices
    FROM accounts
    WHERE subject_table IN ('engagements', 'strikes')
    GROUP BY subject_table, subject_id
)
SELECT
    e.event_table,
    e.event_id,
    e.event_type,
    (SELECT k.label FROM codes AS k WHERE k.code_list = e.type_list AND k.code = e.event_type) AS event_type_label,
    CASE
        WHEN e.event_table = 'strikes' THEN 'violent'
        ELSE (
            SELECT g.attribute_value FROM code_attributes AS g
            WHERE g.code_list = e.type_list AND g.code = e.event_type AND g.attribute = 'group'
        )
    END AS event_group,
    CASE
        WHEN e.event_table = 'strikes' THEN 'Violent'
        ELSE (
            SELECT upper(g.attribute_value[1]) || replace(g.attribute_value[2:], '_', '-')
            FROM code_attributes AS g
            WHERE g.code_list = e.type_list AND g.code = e.event_type AND g.attribute = 'group'
        )
    END AS event_group_label,
    e.name,
    e.event_clarity,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'event_clarity' AND k.code = e.event_clarity)
        AS event_clarity_label,
    e.date_start,
    e.date_start_earliest,
    e.date_start_latest,
    e.date_end,
    e.date_end_earliest,
    e.date_end_latest,
    e.location_id,
    l.name AS location_name,
    e.location_relation,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'location_relation' AND k.code = e.location_relation)
        AS location_relation_label,
    l.country,
    u.adm1_name AS governorate,
    u.pcode,
    e.where_prec,
    CASE WHEN e.latitude IS NOT NULL THEN e.latitude ELSE l.latitude END AS latitude,
    CASE WHEN e.latitude IS NOT NULL THEN e.longitude ELSE l.longitude END AS longitude,
    CASE WHEN e.latitude IS NOT NULL THEN 'event' WHEN l.latitude IS NOT NULL THEN 'location' END AS point_of,
    e.radius_m,
    e.outcome,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'outcome' AND k.code = e.outcome) AS outcome_label,
    e.part_of_id,
    (SELECT w.name FROM engagements AS w WHERE w.engagement_id = e.part_of_id) AS part_of_name,
    p.acting,
    p.facing,
    p.supporting,
    p.standing_by,
    backers.backed_by,
    backers.allied_with,
    p.side_a,
    p.side_b,
    p.other_sides,
    said.said_by,
    CAST(coalesce(said.n_claims, 0) AS BIGINT) AS n_claims,
    coalesce(said.n_voices, 0) AS n_voices,
    CASE
        WHEN e.event_table = 'engagements'
            THEN (SELECT count(*) FROM strikes AS s WHERE s.engagement_id = e.event_id)
    END AS n_strikes,
    e.counting_unit,
    n.n_reported
FROM every_event AS e
LEFT JOIN locations AS l ON l.location_id = e.location_id
LEFT JOIN location_units AS u ON u.location_id = e.location_id
LEFT JOIN event_parties AS p ON p.event_table = e.event_table AND p.event_id = e.event_id
LEFT JOIN backers ON backers.event_table = e.event_table AND backers.event_id = e.event_id
LEFT JOIN reported AS n ON e.event_table = 'strikes' AND n.strike_id = e.event_id
LEFT JOIN said ON said.subject_table = e.event_table AND said.subject_id = e.event_id
ORDER BY coalesce(e.date_start_earliest, e.date_start_latest), e.event_table, e.event_id

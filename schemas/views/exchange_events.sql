-- One row is one engagement or strike with what every exchange format wants of it, and whether each takes it: what
-- `as_ucdp_ged`, `as_acled` and `exchange_losses` are built on.
-- event_table: `engagements` or `strikes`.
-- event_id: Key of the event in that table.
-- exchange_id: The key that the formats show: `bastions:` and the two together.
-- type_list: The code list of the type.
-- event_type: The engagement type or strike type.
-- name: The name of the engagement, or one made of what is known of the strike.
-- description: What it is, in our words.
-- event_clarity: Whether it is one incident or an aggregate.
-- first_day: The first day on which it can have begun; empty where that is open.
-- last_day: The last day on which it can have ended; empty where that is open or not stated.
-- span: Days from the first to the last, both counted.
-- location_id: The place that the event is tied to.
-- place_in_words: Relation and name of that place: "Near Abu Kamal".
-- where_prec: The event's own precision, else that of its relation to the place, else that of the kind of place.
-- latitude: Latitude of the event's own point, else of its place, else of the settlement in which the place lies.
-- longitude: Longitude of the same point.
-- point_location_id: The place whose point it is; empty where it is the event's own.
-- point_name: Name of the place whose point it is; of the event's place where the point is its own or there is none.
-- admin1: The first-level unit in which the place lies.
-- admin2: The second-level unit.
-- admin3: The third-level unit.
-- country: The country of the place.
-- n_sources: Sources that affirm the event; empty where there is none.
-- offices: Their publishers, separated by semicolons like all that follows.
-- dates: The days of their publication.
-- headlines: Their titles.
-- articles: Each source as publisher, day and title.
-- originals: The speakers whom they quote on it.
-- ucdp_fate: Whether UCDP GED takes it: `carried`, or the loss by which it is left out, a code of `exchange_loss`.
-- acled_fate: Whether ACLED takes it, in the same way.
WITH RECURSIVE every_event AS (
    SELECT
        'engagements' AS event_table,
        engagement_id AS event_id,
        'engagement_type' AS type_list,
        engagement_type AS event_type,
        name,
        description,
        event_clarity,
        date_start_earliest AS first_day,
        date_start_latest,
        date_end_earliest,
        date_end_latest AS last_day,
        location_id, location_relation, latitude, longitude, where_prec
    FROM engagements
    UNION ALL
    SELECT
        'strikes', strike_id, 'strike_type', strike_type, n.name, NULL, event_clarity,
        date_start_earliest, date_start_latest, date_end_earliest, date_end_latest,
        location_id, location_relation, latitude, longitude, where_prec
    FROM strikes
    JOIN strike_names AS n USING (strike_id)
),
above AS (
    -- Each place with itself and all that enclose it, the nearest first.
    SELECT location_id, location_id AS whole_id, parent_id AS next_id, [location_id] AS seen
    FROM locations
    UNION ALL
    SELECT a.location_id, l.location_id, l.parent_id, list_append(a.seen, l.location_id)
    FROM above AS a
    JOIN locations AS l ON l.location_id = a.next_id
    WHERE NOT list_contains(a.seen, l.location_id)
),
placed AS (
    -- A quarter without a point stands at its town; nothing stands at the centre of a unit or country.
    SELECT
        a.location_id,
        arg_min(l.location_id, len(a.seen)) FILTER (
            WHERE l.latitude IS NOT NULL AND (a.location_id = l.location_id OR s.attribute_value = 'point')
        ) AS point_location_id,
        min(l.name) FILTER (WHERE l.location_type = 'governorate') AS admin1,
        min(l.name) FILTER (WHERE l.location_type = 'district') AS admin2,
        min(l.name) FILTER (WHERE l.location_type = 'subdistrict') AS admin3
    FROM above AS a
    JOIN locations AS l ON l.location_id = a.whole_id
    LEFT JOIN code_attributes AS s
        ON s.code_list = 'location_type' AND s.code = l.location_type AND s.attribute = 'shape'
    GROUP BY a.location_id
),
told AS (
    SELECT DISTINCT
        c.subject_table,
        c.subject_id,
        s.source_id,
        coalesce(
            (SELECT a.name FROM actors AS a WHERE a.actor_id = s.publisher_id),
            (SELECT a.name FROM actors AS a WHERE a.actor_id = s.agency_id),
            ''
        ) AS office,
        coalesce(s.published, '') AS published,
        s.title
    FROM claims_bounded AS c
    JOIN sources AS s ON s.source_id = c.source_id
    WHERE c.field = 'exists' AND c.asserts AND c.subject_table IN ('engagements', 'strikes')
),
backed AS (
    SELECT
        subject_table,
        subject_id,
        count(*) AS n_sources,
        string_agg(office, ';' ORDER BY published, source_id) AS offices,
        string_agg(published, ';' ORDER BY published, source_id) AS dates,
        string_agg(title, ';' ORDER BY published, source_id) AS headlines,
        string_agg('"' || concat_ws(',', office, published, title) || '"', ';' ORDER BY published, source_id)
            AS articles
    FROM told
    GROUP BY subject_table, subject_id
),
quoted AS (
    SELECT subject_table, subject_id, string_agg(DISTINCT speaker_name, ';' ORDER BY speaker_name) AS originals
    FROM claims_bounded
    WHERE field = 'exists' AND asserts AND utterance_id IS NOT NULL
    GROUP BY subject_table, subject_id
),
fitted AS (
    -- What the crosswalks say of the type: ACLED's violent event types are the first three of its six.
    SELECT
        e.*,
        e.event_table = 'strikes' OR EXISTS (
            SELECT 1 FROM code_attributes AS g
            WHERE g.code_list = e.type_list AND g.code = e.event_type AND g.attribute = 'group'
                AND g.attribute_value = 'violent'
        ) AS violent,
        EXISTS (
            SELECT 1 FROM crosswalks AS w
            WHERE w.code_list = e.type_list AND w.code = e.event_type AND w.code_system = 'ucdp-type-of-violence'
        ) AS fits_ucdp,
        EXISTS (
            SELECT 1 FROM crosswalks AS w
            WHERE w.code_list = e.type_list AND w.code = e.event_type AND w.code_system = 'acled-event-type'
                AND w.system_code IN ('Battles', 'Explosions/Remote violence', 'Violence against civilians')
        ) AS fits_acled,
        coalesce(e.first_day, e.date_start_latest, e.date_end_earliest, e.last_day) IS NOT NULL AS dated
    FROM every_event AS e
)
SELECT
    e.event_table,
    e.event_id,
    'bastions:' || e.event_table || '/' || e.event_id AS exchange_id,
    e.type_list,
    e.event_type,
    e.name,
    e.description,
    e.event_clarity,
    e.first_day,
    e.last_day,
    date_diff('day', e.first_day, e.last_day) + 1 AS span,
    e.location_id,
    coalesce(
        (SELECT k.label FROM codes AS k WHERE k.code_list = 'location_relation' AND k.code = e.location_relation)
        || ' ',
        ''
    ) || l.name AS place_in_words,
    coalesce(
        e.where_prec,
        (
            SELECT min(w.system_code) FROM crosswalks AS w
            WHERE w.code_list = 'location_type' AND w.code = l.location_type AND w.code_system = 'ucdp-where-prec'
        ),
        (
            SELECT min(w.system_code) FROM crosswalks AS w
            WHERE w.code_list = 'location_relation' AND w.code = e.location_relation
                AND w.code_system = 'ucdp-where-prec'
        )
    ) AS where_prec,
    CASE WHEN e.latitude IS NOT NULL THEN e.latitude ELSE x.latitude END AS latitude,
    CASE WHEN e.latitude IS NOT NULL THEN e.longitude ELSE x.longitude END AS longitude,
    CASE WHEN e.latitude IS NULL THEN p.point_location_id END AS point_location_id,
    CASE WHEN e.latitude IS NULL AND x.name IS NOT NULL THEN x.name ELSE l.name END AS point_name,
    p.admin1,
    p.admin2,
    p.admin3,
    l.country,
    b.n_sources,
    b.offices,
    b.dates,
    b.headlines,
    b.articles,
    q.originals,
    CASE
        WHEN e.fits_ucdp AND e.dated THEN 'carried'
        WHEN e.fits_ucdp THEN 'undated'
        WHEN e.violent THEN 'container'
        ELSE 'not_violent'
    END AS ucdp_fate,
    CASE
        WHEN e.fits_acled AND e.dated THEN 'carried'
        WHEN e.fits_acled THEN 'undated'
        WHEN e.violent AND e.fits_ucdp THEN 'form_unstated'
        WHEN e.violent THEN 'container'
        ELSE 'not_violent'
    END AS acled_fate
FROM fitted AS e
LEFT JOIN locations AS l ON l.location_id = e.location_id
LEFT JOIN placed AS p ON p.location_id = e.location_id
LEFT JOIN locations AS x ON x.location_id = p.point_location_id
LEFT JOIN backed AS b ON b.subject_table = e.event_table AND b.subject_id = e.event_id
LEFT JOIN quoted AS q ON q.subject_table = e.event_table AND q.subject_id = e.event_id
ORDER BY e.event_table, e.event_id

-- One row is one thing that an exchange format cannot carry, with how many of our rows it touches. Every count is made
-- from the data; 0 says that nothing here is lost in that way yet. What is lost in `as_ucdp_ged` and `as_acled` when
-- they are read by themselves.
-- format: `ucdp_ged` or `acled`.
-- loss: What is lost, as a code.
-- loss_label: The same in words.
-- loss_text: What becomes of it.
-- unit: What is counted: all events, the events that the format carries, or the figures or claims about these.
-- n_touched: How many of them it touches.
-- n_rows: How many there are.
WITH fates AS (
    SELECT
        e.*,
        unnest(['ucdp_ged', 'acled']) AS format,
        unnest([e.ucdp_fate, e.acled_fate]) AS fate
    FROM exchange_events AS e
),
made AS (
    SELECT
        'ucdp_ged' AS format,
        relid AS exchange_id,
        id,
        type_of_violence IS NULL AS untold,
        best AS deaths,
        date_prec AS step
    FROM as_ucdp_ged
    UNION ALL
    SELECT 'acled', event_id_cnty, NULL, sub_event_type IS NULL, fatalities, time_precision FROM as_acled
),
cells_of_events AS (
    SELECT
        'engagements' AS event_table, engagement_id AS event_id,
        date_start_earliest, date_start_latest, date_end_earliest, date_end_latest,
        location_relation, radius_m, outcome, part_of_id,
        FALSE AS timed, FALSE AS means, FALSE AS launched
    FROM engagements
    UNION ALL
    SELECT
        'strikes', strike_id,
        date_start_earliest, date_start_latest, date_end_earliest, date_end_latest,
        location_relation, radius_m, NULL, engagement_id,
        time_start IS NOT NULL OR time_end IS NOT NULL,
        coalesce(platform, platform_model, munition, mission) IS NOT NULL,
        launch_location_id IS NOT NULL
    FROM strikes
),
who AS (
    SELECT
        p.subject_table AS event_table,
        p.subject_id AS event_id,
        bool_or(p.role = 'initiator') AS began,
        bool_or(t.attribute_value = 'supports') AS supported,
        bool_or(t.attribute_value = 'outside' OR p.side = 'third_party') AS beyond
    FROM participants AS p
    JOIN code_attributes AS t ON t.code_list = 'role' AND t.code = p.role AND t.attribute = 'part'
    GROUP BY p.subject_table, p.subject_id
),
sides AS (
    SELECT event_table, event_id, count(*) AS n_sides, max(n_actors) AS most_on_a_side
    FROM exchange_parties
    GROUP BY event_table, event_id
),
figures_of_events AS (
    SELECT
        r.policy AS format,
        f.subject_table AS event_table,
        f.subject_id AS event_id,
        count(*) FILTER (WHERE r.low IS DISTINCT FROM r.high) AS bounded,
        count(*) FILTER (WHERE r.low_open OR r.high_open OR r.low IS NULL OR r.high IS NULL) AS open_bound,
        count(*) FILTER (WHERE r.best_comparator <> 'eq') AS hedged,
        count(*) FILTER (WHERE r.n_claims > 1) AS several,
        count(*) FILTER (WHERE r.resolution_status = 'disputed') AS disputed
    FROM figures AS f
    JOIN resolutions AS r ON r.subject_table = 'figures' AND r.subject_id = f.figure_id AND r.field = 'value'
    WHERE f.measure = 'killed' AND f.item IS NULL
    GROUP BY r.policy, f.subject_table, f.subject_id
),
counted_figures AS (
    SELECT
        subject_table AS event_table,
        subject_id AS event_id,
        count(*) AS n_figures,
        count(*) FILTER (WHERE measure = 'killed' AND item IS NULL) AS n_dead,
        count(*) FILTER (
            WHERE measure = 'killed' AND item IS NULL
                AND (affected_actor_id IS NOT NULL OR affected_group IS NOT NULL)
        ) AS n_classes
    FROM figures
    GROUP BY subject_table, subject_id
),
counted_claims AS (
    SELECT
        coalesce(f.subject_table, c.subject_table) AS event_table,
        coalesce(f.subject_id, c.subject_id) AS event_id,
        count(*) AS n_claims,
        count(*) FILTER (WHERE c.utterance_id IS NOT NULL) AS quoted,
        count(*) FILTER (WHERE NOT c.asserts) AS denied,
        count(*) FILTER (
            WHERE c.claim_id IN (
                SELECT unnest([k.claim_id, k.related_claim_id]) FROM clashes AS k
                UNION
                SELECT unnest([k.claim_id, k.related_claim_id]) FROM claim_links AS k
                WHERE k.claim_relation IN ('contradicts', 'denies')
            )
        ) AS contradicted
    FROM claims_bounded AS c
    LEFT JOIN figures AS f ON c.subject_table = 'figures' AND f.figure_id = c.subject_id
    GROUP BY ALL
),
related AS (
    SELECT subject_table AS event_table, subject_id AS event_id FROM links
    UNION
    SELECT related_table, related_id FROM links
),
touched AS (
    -- One row is one event, one format and one loss, with how many of its unit it touches there.
    SELECT
        e.format,
        e.fate = 'carried' AS carried,
        coalesce(f.n_figures, 0) AS n_figures,
        coalesce(f.n_dead, 0) AS n_dead,
        coalesce(c.n_claims, 0) AS n_claims,
        unnest([
            {'code': 'not_violent', 'n': CAST(e.fate = 'not_violent' AS BIGINT)},
            {'code': 'container', 'n': CAST(e.fate = 'container' AS BIGINT)},
            {'code': 'form_unstated', 'n': CAST(e.fate = 'form_unstated' AS BIGINT)},
            {'code': 'undated', 'n': CAST(e.fate = 'undated' AS BIGINT)},
            {'code': 'open_date', 'n': CAST(e.span IS NULL AS BIGINT)},
            {'code': 'date_uncertain', 'n': CAST(
                coalesce(r.date_start_latest > r.date_start_earliest, FALSE)
                OR coalesce(r.date_end_latest > r.date_end_earliest, FALSE) AS BIGINT
            )},
            {'code': 'days_after_first', 'n': CAST(e.span > 1 AS BIGINT)},
            {'code': 'span_too_long', 'n': CAST(e.span IS NOT NULL AND m.step IS NULL AS BIGINT)},
            {'code': 'time_of_day', 'n': CAST(r.timed AS BIGINT)},
            {'code': 'no_point', 'n': CAST(e.latitude IS NULL AS BIGINT)},
            {'code': 'place_raised', 'n': CAST(e.point_location_id <> e.location_id AS BIGINT)},
            {'code': 'location_relation', 'n': CAST(r.location_relation <> 'at' AS BIGINT)},
            {'code': 'radius', 'n': CAST(r.radius_m IS NOT NULL AS BIGINT)},
            {'code': 'place_precision', 'n': CAST(
                e.where_prec IN (
                    SELECT g.code FROM crosswalks AS g
                    WHERE g.code_list = 'where_prec' AND g.code_system = 'acled-geo-precision' AND g.match = 'broad'
                ) AS BIGINT
            )},
            {'code': 'side_unnamed', 'n': CAST(coalesce(s.n_sides, 0) < 2 AS BIGINT)},
            {'code': 'kind_untold', 'n': CAST(m.untold AS BIGINT)},
            {'code': 'several_on_a_side', 'n': CAST(s.most_on_a_side > 1 AS BIGINT)},
            {'code': 'supporters', 'n': CAST(w.supported AS BIGINT)},
            {'code': 'beyond_two_sides', 'n': CAST(w.beyond AS BIGINT)},
            {'code': 'civilians_beside_fighters', 'n': CAST(s.n_sides = 3 AS BIGINT)},
            {'code': 'initiator', 'n': CAST(w.began AS BIGINT)},
            {'code': 'outcome', 'n': CAST(r.outcome IS NOT NULL AS BIGINT)},
            {'code': 'part_of', 'n': CAST(r.part_of_id IS NOT NULL AS BIGINT)},
            {'code': 'relations', 'n': CAST(l.event_id IS NOT NULL AS BIGINT)},
            {'code': 'means', 'n': CAST(r.means AS BIGINT)},
            {'code': 'launch_place', 'n': CAST(r.launched AS BIGINT)},
            {'code': 'outside_id', 'n': CAST(m.id IS NULL AS BIGINT)},
            {'code': 'deaths_unsaid', 'n': CAST(m.deaths IS NULL AS BIGINT)},
            {'code': 'deaths_by_class', 'n': f.n_classes},
            {'code': 'hedge', 'n': d.hedged},
            {'code': 'bound_open', 'n': d.open_bound},
            {'code': 'bounds', 'n': d.bounded},
            {'code': 'several_claims', 'n': d.several},
            {'code': 'disputed', 'n': d.disputed},
            {'code': 'other_figures', 'n': f.n_figures - f.n_dead},
            {'code': 'attribution', 'n': c.quoted},
            {'code': 'contradiction', 'n': c.contradicted},
            {'code': 'denial', 'n': c.denied}
        ]) AS loss
    FROM fates AS e
    JOIN cells_of_events AS r ON r.event_table = e.event_table AND r.event_id = e.event_id
    LEFT JOIN made AS m ON m.format = e.format AND m.exchange_id = e.exchange_id
    LEFT JOIN who AS w ON w.event_table = e.event_table AND w.event_id = e.event_id
    LEFT JOIN sides AS s ON s.event_table = e.event_table AND s.event_id = e.event_id
    LEFT JOIN figures_of_events AS d
        ON d.format = e.format AND d.event_table = e.event_table AND d.event_id = e.event_id
    LEFT JOIN counted_figures AS f ON f.event_table = e.event_table AND f.event_id = e.event_id
    LEFT JOIN counted_claims AS c ON c.event_table = e.event_table AND c.event_id = e.event_id
    LEFT JOIN related AS l ON l.event_table = e.event_table AND l.event_id = e.event_id
),
counts AS (
    SELECT
        format,
        loss.code AS loss,
        sum(loss.n) AS n_of_all,
        sum(loss.n) FILTER (WHERE carried) AS n_of_carried,
        count(*) AS n_events,
        count(*) FILTER (WHERE carried) AS n_carried,
        sum(n_figures) FILTER (WHERE carried) AS n_figures,
        sum(n_dead) FILTER (WHERE carried) AS n_dead,
        sum(n_claims) FILTER (WHERE carried) AS n_claims
    FROM touched
    GROUP BY format, loss.code
)
SELECT
    f.format,
    k.code AS loss,
    k.label AS loss_label,
    k.definition AS loss_text,
    u.attribute_value AS unit,
    CAST(coalesce(CASE WHEN u.attribute_value = 'events' THEN t.n_of_all ELSE t.n_of_carried END, 0) AS BIGINT)
        AS n_touched,
    CAST(
        coalesce(
            CASE u.attribute_value
                WHEN 'events' THEN t.n_events
                WHEN 'events carried' THEN t.n_carried
                WHEN 'figures' THEN t.n_figures
                WHEN 'figures of the dead' THEN t.n_dead
                WHEN 'claims' THEN t.n_claims
            END,
            0
        ) AS BIGINT
    ) AS n_rows
FROM (VALUES ('ucdp_ged'), ('acled')) AS f (format)
JOIN code_attributes AS a
    ON a.code_list = 'exchange_loss' AND a.attribute = 'formats' AND a.attribute_value IN ('both', f.format)
JOIN code_attributes AS u ON u.code_list = a.code_list AND u.code = a.code AND u.attribute = 'unit'
JOIN codes AS k ON k.code_list = a.code_list AND k.code = a.code
LEFT JOIN counts AS t ON t.format = f.format AND t.loss = k.code
ORDER BY f.format, n_touched DESC, loss

-- One row is one violent event, engagement or strike, in the 49 columns of UCDP GED, release 25.1: its names, order and
-- types. An empty cell is what we do not know: GED's sentinels are not used. Carried both ways are key, days, place,
-- point and precision, sides, kind of violence, clarity, and best, low and high of the policy `ucdp_ged`. What is lost,
-- counted in `exchange_losses`, is events that are no violence, containers, open dates, roles and supporters, hedges,
-- contradictions and chains of attribution, means of a strike, and all figures but the dead. GED wants one dead at
-- least and two sides; a row that lacks them is kept here, with empty cells, for the reader to drop.
-- id: UCDP's id of the event, where it has one. None is made up: it could be, or become, that of another event.
-- relid: Our key, `bastions:engagements/…` or `bastions:strikes/…`.
-- year: The year of date_start.
-- active_year: Empty: whether the dyad passed 25 dead in the year is UCDP's count.
-- code_status: Empty: it belongs to UCDP's candidate events.
-- type_of_violence: 1 state-based, 2 non-state, 3 one-sided: what the type of the event allows and its sides make of
--   it. A state on one side and fighters on the other make 1, no state 2, an actor against civilians alone 3. Empty
--   where the sides that are known do not tell.
-- conflict_dset_id: Empty: the id before release 17.1.
-- conflict_new_id: UCDP's id of the conflict, where the event has one.
-- conflict_name: Empty: we keep the id alone.
-- dyad_dset_id: Empty: the id before release 17.1.
-- dyad_new_id: UCDP's id of the dyad, where the event has one.
-- dyad_name: The two sides.
-- side_a_dset_id: Empty: the id before release 17.1.
-- side_a_new_id: UCDP's id of side A: that of the government for its forces, and of an alliance for all its members;
--   empty where several actors differ and make up no alliance that UCDP knows.
-- side_a: Side A, several actors separated by commas. A state comes before a non-state group, as in UCDP.
-- side_b_dset_id: Empty: the id before release 17.1.
-- side_b_new_id: UCDP's id of side B; for civilians and others that are no party only where they have an id of UCDP.
-- side_b: Side B; in one-sided violence those on whom it falls.
-- number_of_sources: Sources that affirm the event.
-- source_article: Publisher, day and title of each.
-- source_office: Their publishers.
-- source_date: The days of their publication.
-- source_headline: Their titles.
-- source_original: The speakers whom they quote.
-- where_prec: Precision of the place, 1 to 7.
-- where_coordinates: The place for which the point stands.
-- where_description: How the event lies to its place, and the place.
-- adm_1: First-level unit.
-- adm_2: Second-level unit.
-- latitude: Latitude of the event's own point, else of its place, else of the settlement in which that lies.
-- longitude: Longitude of the same point.
-- geom_wkt: The same point as text.
-- priogrid_gid: The cell of PRIO-GRID in which it lies: half a degree, counted from the south-west.
-- country: The country of the place.
-- country_id: Its number in the list of Gleditsch and Ward.
-- region: UCDP's region.
-- event_clarity: 1 for an incident, 2 for an aggregate.
-- date_prec: 1 for one day, 2 for two to six days, 3 for seven, 4 for eight to 31, 5 for up to 366; empty for longer
--   and open spans. It is computed from the two days below, so that it cannot differ from them.
-- date_start: The first day on which it can have begun; empty where that is open ("by 3 November").
-- date_end: The last day on which it can have ended; empty where that is open or not stated.
-- deaths_a: Dead of side A.
-- deaths_b: Dead of side B.
-- deaths_civilians: Dead civilians.
-- deaths_unknown: Dead of whom it is not told what they were; as in UCDP, what the total has beyond the other three.
-- best: All the dead by the policy ucdp_ged; the sum of the four, wherever the total that is told and its parts agree.
-- high: The greatest number that the claims allow; empty where they set no bound. Where one claim alone gives the
--   total, and its source puts its own best estimate outside its own bounds, these are passed on as they are published:
--   so that low ≤ best ≤ high does not hold in every row of UCDP's, nor here.
-- low: The least number that the claims allow, with the same exception.
-- gwnoa: For a state on side A, its number in the list of Gleditsch and Ward.
-- gwnob: The same for side B.
WITH parties AS MATERIALIZED (
    SELECT * FROM exchange_parties
),
opposed AS (
    -- Side A and side B, or those on whom it falls where there is no organised side B.
    SELECT
        e.*,
        a AS first_side,
        CASE WHEN b.side IS NOT NULL THEN b ELSE c END AS second_side
    FROM exchange_events AS e
    LEFT JOIN parties AS a
        ON a.event_table = e.event_table AND a.event_id = e.event_id AND a.side = 'side_a'
    LEFT JOIN parties AS b
        ON b.event_table = e.event_table AND b.event_id = e.event_id AND b.side = 'side_b'
    LEFT JOIN parties AS c
        ON c.event_table = e.event_table AND c.event_id = e.event_id AND c.side = 'affected'
    WHERE e.ucdp_fate = 'carried'
),
formed AS (
    SELECT
        *,
        -- The engagement type that says nothing but this; its code in UCDP is the exact one.
        CASE
            WHEN first_side.is_party AND second_side.is_party
                THEN CASE WHEN first_side.is_state OR second_side.is_state THEN 'state_based_violence'
                    ELSE 'non_state_violence' END
            WHEN first_side.is_party AND NOT second_side.is_party THEN 'one_sided_violence'
        END AS form
    FROM opposed
),
typed AS (
    SELECT
        f.*,
        coalesce(
            (
                SELECT min(w.system_code) FROM crosswalks AS w
                WHERE w.code_list = f.type_list AND w.code = f.event_type
                    AND w.code_system = 'ucdp-type-of-violence'
                HAVING count(*) = 1
            ),
            (
                SELECT min(w.system_code) FROM crosswalks AS w
                JOIN crosswalks AS own
                    ON own.code_list = f.type_list AND own.code = f.event_type
                    AND own.code_system = w.code_system AND own.system_code = w.system_code
                WHERE w.code_list = 'engagement_type' AND w.code = f.form
                    AND w.code_system = 'ucdp-type-of-violence' AND w.match = 'exact'
            )
        ) AS type_of_violence,
        coalesce(second_side.is_state AND NOT first_side.is_state, FALSE) AS swapped
    FROM formed AS f
),
sided AS (
    SELECT
        t.*,
        CASE WHEN swapped THEN second_side ELSE first_side END AS a,
        CASE WHEN swapped THEN first_side ELSE second_side END AS b,
        CASE WHEN swapped THEN d.deaths_b ELSE d.deaths_a END AS deaths_a,
        CASE WHEN swapped THEN d.deaths_a ELSE d.deaths_b END AS deaths_b,
        d.deaths_civilians,
        d.deaths_unknown,
        d.best,
        d.high,
        d.low
    FROM typed AS t
    LEFT JOIN exchange_deaths AS d
        ON d.policy = 'ucdp_ged' AND d.event_table = t.event_table AND d.event_id = t.event_id
),
stated AS (
    -- The bounds of an estimate that lies outside them, as its source states them.
    SELECT f.subject_table, f.subject_id, min(c.value_min) AS low, min(c.value_max) AS high
    FROM figures AS f
    JOIN claims AS c ON c.subject_table = 'figures' AND c.subject_id = f.figure_id AND c.field = 'value'
    WHERE f.measure = 'killed' AND f.item IS NULL AND f.affected_actor_id IS NULL AND f.affected_group IS NULL
    GROUP BY f.subject_table, f.subject_id
    HAVING count(*) = 1 AND bool_and(c.comparator = 'estimate' AND c.polarity = 'affirmed')
        AND bool_or(c.value < c.value_min OR c.value > c.value_max)
),
known AS (
    -- The ids that UCDP itself gives to the event.
    SELECT
        subject_table AS event_table,
        subject_id AS event_id,
        min(identifier) FILTER (WHERE scheme = 'ucdp-ged' AND match = 'exact') AS id,
        min(identifier) FILTER (WHERE scheme = 'ucdp-conflict') AS conflict_id,
        min(identifier) FILTER (WHERE scheme = 'ucdp-dyad') AS dyad_id
    FROM identifiers
    WHERE subject_table IN ('engagements', 'strikes')
    GROUP BY subject_table, subject_id
)
SELECT
    CAST(k.id AS INTEGER) AS id,
    s.exchange_id AS relid,
    CAST(year(s.first_day) AS INTEGER) AS year,
    CAST(NULL AS INTEGER) AS active_year,
    CAST(NULL AS VARCHAR) AS code_status,
    CAST(s.type_of_violence AS INTEGER) AS type_of_violence,
    CAST(NULL AS VARCHAR) AS conflict_dset_id,
    CAST(k.conflict_id AS INTEGER) AS conflict_new_id,
    CAST(NULL AS VARCHAR) AS conflict_name,
    CAST(NULL AS VARCHAR) AS dyad_dset_id,
    CAST(k.dyad_id AS INTEGER) AS dyad_new_id,
    s.a.names || ' - ' || s.b.names AS dyad_name,
    CAST(NULL AS VARCHAR) AS side_a_dset_id,
    s.a.ucdp_actor_id AS side_a_new_id,
    s.a.names AS side_a,
    CAST(NULL AS VARCHAR) AS side_b_dset_id,
    s.b.ucdp_actor_id AS side_b_new_id,
    s.b.names AS side_b,
    CAST(s.n_sources AS INTEGER) AS number_of_sources,
    s.articles AS source_article,
    s.offices AS source_office,
    s.dates AS source_date,
    s.headlines AS source_headline,
    s.originals AS source_original,
    CAST(
        (
            SELECT min(w.system_code) FROM crosswalks AS w
            WHERE w.code_list = 'where_prec' AND w.code = s.where_prec AND w.code_system = 'ucdp-where-prec'
        ) AS INTEGER
    ) AS where_prec,
    s.point_name AS where_coordinates,
    s.place_in_words AS where_description,
    s.admin1 AS adm_1,
    s.admin2 AS adm_2,
    s.latitude,
    s.longitude,
    'POINT (' || CAST(s.longitude AS VARCHAR) || ' ' || CAST(s.latitude AS VARCHAR) || ')' AS geom_wkt,
    CAST(
        CAST(floor((s.latitude + 90) * 2) AS INTEGER) * 720 + floor((s.longitude + 180) * 2) + 1 AS INTEGER
    ) AS priogrid_gid,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'country' AND k.code = s.country) AS country,
    CAST(
        (
            SELECT min(w.system_code) FROM crosswalks AS w
            WHERE w.code_list = 'country' AND w.code = s.country AND w.code_system = 'gwno'
        ) AS INTEGER
    ) AS country_id,
    (
        SELECT min(w.system_code) FROM crosswalks AS w
        WHERE w.code_list = 'country' AND w.code = s.country AND w.code_system = 'ucdp-region'
    ) AS region,
    CAST(
        (
            SELECT min(w.system_code) FROM crosswalks AS w
            WHERE w.code_list = 'event_clarity' AND w.code = s.event_clarity AND w.code_system = 'ucdp-event-clarity'
        ) AS INTEGER
    ) AS event_clarity,
    CASE
        WHEN s.span = 1 THEN 1
        WHEN s.span BETWEEN 2 AND 6 THEN 2
        WHEN s.span = 7 THEN 3
        WHEN s.span BETWEEN 8 AND 31 THEN 4
        WHEN s.span BETWEEN 32 AND 366 THEN 5
    END AS date_prec,
    s.first_day AS date_start,
    s.last_day AS date_end,
    s.deaths_a,
    s.deaths_b,
    s.deaths_civilians,
    s.deaths_unknown,
    s.best,
    CAST(CASE WHEN o.subject_id IS NULL THEN s.high ELSE o.high END AS INTEGER) AS high,
    CAST(CASE WHEN o.subject_id IS NULL THEN s.low ELSE o.low END AS INTEGER) AS low,
    s.a.gwno AS gwnoa,
    s.b.gwno AS gwnob
FROM sided AS s
LEFT JOIN known AS k ON k.event_table = s.event_table AND k.event_id = s.event_id
LEFT JOIN stated AS o ON o.subject_table = s.event_table AND o.subject_id = s.event_id
ORDER BY relid

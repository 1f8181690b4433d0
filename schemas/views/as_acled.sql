-- One row is one violent event, engagement or strike, in the 31 columns that ACLED gives out since September 2024,
-- kinds of actor as labels. An empty cell is what we do not know. Carried both ways are key, first day and whether
-- it was one day, place and point, actors, type, and the dead of the policy `acled`. What is lost, counted in
-- `exchange_losses`, is events that are no violence in ACLED's sense (a capture is a battle to it) or whose form no
-- source tells, containers, open dates and all days but the first, since ACLED has one row a day, roles, finer
-- precision, bounds and classes of the dead, hedges, contradictions and chains of attribution, means of a strike, and
-- all other figures.
-- event_id_cnty: Our key, `bastions:engagements/…` or `bastions:strikes/…`; ACLED's own begins with a country.
-- event_date: The first day on which it can have begun; empty where that is open.
-- year: The year of event_date.
-- time_precision: 1 for one day, 2 for up to seven days, 3 for up to 31; empty for longer and open spans.
-- disorder_type: Political violence.
-- event_type: Battles, Explosions/Remote violence or Violence against civilians.
-- sub_event_type: What the crosswalk says of the type; for the taking of a place by who took it. Empty where nothing
--   tells.
-- actor1: The first actor of side A.
-- assoc_actor_1: All others of that side, supporters included.
-- inter1: The kind of actor1, ACLED's label. Forces of a state outside its country are External/Other forces; empty
--   where the country of the event is not known.
-- actor2: The first actor of side B, or of those on whom it falls where there is no side B.
-- assoc_actor_2: All others of that side, and civilians hit beside fighters.
-- inter2: The kind of actor2.
-- interaction: The two kinds, the lower code first; empty where one is not known. ACLED's `only` is not used: a side
--   that no source names is not a side that is not there.
-- civilian_targeting: `Civilian targeting` where it falls on people who are no organised party.
-- iso: The country's number in ISO 3166-1.
-- region: ACLED's region.
-- country: The country of the place.
-- admin1: First-level unit.
-- admin2: Second-level unit.
-- admin3: Third-level unit.
-- location: The place for which the point stands.
-- latitude: Latitude of the event's own point, else of its place, else of the settlement in which that lies.
-- longitude: Longitude of the same point.
-- geo_precision: 1 for a named place, 2 for near one or a district, 3 for anything wider.
-- source: Publishers of the sources that affirm the event.
-- source_scale: Empty: how wide a medium reaches is not in our data.
-- notes: Name and description of the event, in our words.
-- fatalities: All the dead; empty where nobody gives a number, where ACLED would write 0.
-- tags: Empty.
-- timestamp: Empty: when a row was last changed is told by the release.
WITH parties AS MATERIALIZED (
    SELECT * FROM exchange_parties
),
taken AS MATERIALIZED (
    SELECT * FROM exchange_events WHERE acled_fate = 'carried'
),
opposed AS (
    SELECT
        e.*,
        a AS first_side,
        CASE WHEN b.side IS NOT NULL THEN b ELSE c END AS second_side,
        CASE WHEN b.side IS NOT NULL THEN c END AS beside
    FROM taken AS e
    LEFT JOIN parties AS a
        ON a.event_table = e.event_table AND a.event_id = e.event_id AND a.side = 'side_a'
    LEFT JOIN parties AS b
        ON b.event_table = e.event_table AND b.event_id = e.event_id AND b.side = 'side_b'
    LEFT JOIN parties AS c
        ON c.event_table = e.event_table AND c.event_id = e.event_id AND c.side = 'affected'
),
kinds AS (
    -- ACLED's kind of the first actor of each side; abroad the forces of a state count as a coalition of states does.
    SELECT
        p.event_table,
        p.event_id,
        p.side,
        p.acts,
        min(w.system_code) AS inter
    FROM parties AS p
    JOIN taken AS e ON e.event_table = p.event_table AND e.event_id = p.event_id
    JOIN actors AS a ON a.actor_id = p.lead_id
    JOIN code_attributes AS n
        ON n.code_list = 'actor_type' AND n.code = a.actor_type AND n.attribute = 'nature'
    JOIN crosswalks AS w
        ON w.code_list = 'actor_type' AND w.code_system = 'acled-inter' AND w.match IN ('exact', 'close', 'broad')
        AND w.code = CASE
            WHEN n.attribute_value <> 'state' OR a.actor_type = 'coalition' OR a.country = e.country THEN a.actor_type
            WHEN a.country <> e.country THEN 'coalition'
        END
    GROUP BY p.event_table, p.event_id, p.side, p.acts
),
known AS (
    SELECT
        o.*,
        x.inter AS inter1,
        y.inter AS inter2,
        CASE WHEN x.acts THEN x.inter WHEN y.acts THEN y.inter END AS taker,
        (
            SELECT min(w.system_code) FROM crosswalks AS w
            WHERE w.code_list = o.type_list AND w.code = o.event_type AND w.code_system = 'acled-sub-event-type'
                AND w.match IN ('exact', 'close', 'broad')
        ) AS sub_event_type
    FROM opposed AS o
    LEFT JOIN kinds AS x
        ON x.event_table = o.event_table AND x.event_id = o.event_id AND x.side = o.first_side.side
    LEFT JOIN kinds AS y
        ON y.event_table = o.event_table AND y.event_id = o.event_id AND y.side = o.second_side.side
)
SELECT
    s.exchange_id AS event_id_cnty,
    s.first_day AS event_date,
    CAST(year(s.first_day) AS INTEGER) AS year,
    CASE WHEN s.span = 1 THEN 1 WHEN s.span <= 7 THEN 2 WHEN s.span <= 31 THEN 3 END AS time_precision,
    'Political violence' AS disorder_type,
    (
        SELECT min(w.system_code) FROM crosswalks AS w
        WHERE w.code_list = s.type_list AND w.code = s.event_type AND w.code_system = 'acled-event-type'
    ) AS event_type,
    coalesce(
        s.sub_event_type,
        (
            SELECT min(w.system_code) FROM crosswalks AS w
            JOIN code_attributes AS t
                ON t.code_list = 'acled_inter' AND t.code = s.taker AND t.attribute = 'takes'
                AND t.attribute_value = w.system_code
            WHERE w.code_list = s.type_list AND w.code = s.event_type AND w.code_system = 'acled-sub-event-type'
        )
    ) AS sub_event_type,
    s.first_side.lead_name AS actor1,
    s.first_side.others AS assoc_actor_1,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'acled_inter' AND k.code = s.inter1) AS inter1,
    s.second_side.lead_name AS actor2,
    CASE WHEN s.second_side.others IS NOT NULL OR s.beside.lead_name IS NOT NULL
        THEN concat_ws('; ', s.second_side.others, s.beside.lead_name, s.beside.others)
    END AS assoc_actor_2,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'acled_inter' AND k.code = s.inter2) AS inter2,
    CASE WHEN s.inter1 IS NOT NULL AND s.inter2 IS NOT NULL THEN
        (SELECT k.label FROM codes AS k WHERE k.code_list = 'acled_inter' AND k.code = least(s.inter1, s.inter2))
        || '-' ||
        (SELECT k.label FROM codes AS k WHERE k.code_list = 'acled_inter' AND k.code = greatest(s.inter1, s.inter2))
    END AS interaction,
    CASE WHEN NOT s.second_side.is_party THEN 'Civilian targeting' END AS civilian_targeting,
    CAST(
        (
            SELECT min(w.system_code) FROM crosswalks AS w
            WHERE w.code_list = 'country' AND w.code = s.country AND w.code_system = 'iso-3166-1-numeric'
        ) AS INTEGER
    ) AS iso,
    (
        SELECT min(w.system_code) FROM crosswalks AS w
        WHERE w.code_list = 'country' AND w.code = s.country AND w.code_system = 'acled-region'
    ) AS region,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'country' AND k.code = s.country) AS country,
    s.admin1,
    s.admin2,
    s.admin3,
    s.point_name AS location,
    s.latitude,
    s.longitude,
    CAST(
        (
            SELECT min(w.system_code) FROM crosswalks AS w
            WHERE w.code_list = 'where_prec' AND w.code = s.where_prec AND w.code_system = 'acled-geo-precision'
        ) AS INTEGER
    ) AS geo_precision,
    replace(s.offices, ';', '; ') AS source,
    CAST(NULL AS VARCHAR) AS source_scale,
    concat_ws('. ', s.name, s.description) AS notes,
    d.best AS fatalities,
    CAST(NULL AS VARCHAR) AS tags,
    CAST(NULL AS BIGINT) AS timestamp
FROM known AS s
LEFT JOIN exchange_deaths AS d
    ON d.policy = 'acled' AND d.event_table = s.event_table AND d.event_id = s.event_id
ORDER BY event_id_cnty

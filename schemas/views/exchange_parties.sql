-- One row is one side of an engagement or strike as the exchange formats see it: who fights on it or is hit, and what
-- their registers call it. Third parties, and sides of which nobody fights or is hit, have no row.
-- event_table: `engagements` or `strikes`.
-- event_id: Key of the event in that table.
-- side: `side_a`, `side_b` or `affected`.
-- acts: Whether somebody on it does what the event is, and is not only hit.
-- names: All who fight on it or are hit, separated by commas.
-- n_actors: How many they are.
-- lead_id: The first of them: an initiator, target or victim before others, else by name.
-- lead_name: Its name.
-- others: Everybody else on the side, supporters included, separated by semicolons.
-- is_party: Whether one of them is an organised party.
-- is_state: Whether one of them is a state or its forces.
-- ucdp_actor_id: Their id in UCDP, which goes by the government for its forces (a link `organ_of`); of several that of
--   the one alliance of which they and nobody else are members (links `member_of`), as UCDP's composite sides are
--   entered by their members; empty where one has none, or they differ and make up no such alliance.
-- gwno: The number of their state, where all belong to one.
WITH roles AS (
    SELECT
        p.subject_table AS event_table,
        p.subject_id AS event_id,
        p.side,
        p.actor_id,
        a.name,
        t.attribute_value AS part,
        p.role NOT IN ('initiator', 'target', 'victim') AS lesser,
        n.attribute_value AS nature,
        coalesce(
            (
                SELECT min(i.identifier) FROM identifiers AS i
                WHERE i.subject_table = 'actors' AND i.subject_id = p.actor_id AND i.scheme = 'ucdp-actor'
            ),
            (
                SELECT min(i.identifier) FROM identifiers AS i
                JOIN links AS k
                    ON k.link_type = 'organ_of' AND k.subject_table = 'actors' AND k.related_table = 'actors'
                    AND k.related_id = i.subject_id
                WHERE i.subject_table = 'actors' AND i.scheme = 'ucdp-actor' AND k.subject_id = p.actor_id
            )
        ) AS ucdp_actor_id,
        CASE WHEN n.attribute_value = 'state' THEN (
            SELECT min(w.system_code) FROM crosswalks AS w
            WHERE w.code_list = 'country' AND w.code = a.country AND w.code_system = 'gwno'
        ) END AS gwno
    FROM participants AS p
    JOIN actors AS a ON a.actor_id = p.actor_id
    JOIN code_attributes AS t ON t.code_list = 'role' AND t.code = p.role AND t.attribute = 'part'
    LEFT JOIN code_attributes AS n
        ON n.code_list = 'actor_type' AND n.code = a.actor_type AND n.attribute = 'nature'
    WHERE p.side IN ('side_a', 'side_b', 'affected') AND t.attribute_value <> 'outside'
),
members AS (
    -- One row an actor on a side.
    SELECT
        event_table,
        event_id,
        side,
        actor_id,
        any_value(name) AS name,
        bool_or(part = 'acts') AS acts,
        bool_or(part <> 'supports') AS fights,
        bool_and(lesser) AS lesser,
        any_value(nature) AS nature,
        any_value(ucdp_actor_id) AS ucdp_actor_id,
        any_value(gwno) AS gwno
    FROM roles
    GROUP BY event_table, event_id, side, actor_id
),
sides AS (
    SELECT
        event_table,
        event_id,
        side,
        bool_or(acts) AS acts,
        string_agg(name, ', ' ORDER BY name, actor_id) FILTER (WHERE fights) AS names,
        count(*) FILTER (WHERE fights) AS n_actors,
        string_agg(actor_id, ' ' ORDER BY actor_id) FILTER (WHERE fights) AS fighters,
        arg_min(actor_id, (lesser, name, actor_id)) FILTER (WHERE fights) AS lead_id,
        bool_or(nature IN ('state', 'non_state')) FILTER (WHERE fights) AS is_party,
        bool_or(nature = 'state') FILTER (WHERE fights) AS is_state,
        CASE WHEN bool_and(ucdp_actor_id IS NOT NULL) FILTER (WHERE fights)
                AND count(DISTINCT ucdp_actor_id) FILTER (WHERE fights) = 1
            THEN min(ucdp_actor_id) FILTER (WHERE fights)
        END AS ucdp_actor_id,
        CASE WHEN bool_and(gwno IS NOT NULL) FILTER (WHERE fights)
                AND count(DISTINCT gwno) FILTER (WHERE fights) = 1
            THEN min(gwno) FILTER (WHERE fights)
        END AS gwno
    FROM members
    GROUP BY event_table, event_id, side
    HAVING bool_or(fights)
),
alliances AS (
    -- One row is one list of members, with the id of the alliance that they make up.
    SELECT members, min(ucdp_actor_id) AS ucdp_actor_id
    FROM (
        SELECT
            k.related_id,
            min(i.identifier) AS ucdp_actor_id,
            string_agg(DISTINCT k.subject_id, ' ' ORDER BY k.subject_id) AS members
        FROM links AS k
        JOIN identifiers AS i
            ON i.subject_table = 'actors' AND i.subject_id = k.related_id AND i.scheme = 'ucdp-actor'
        WHERE k.link_type = 'member_of' AND k.subject_table = 'actors' AND k.related_table = 'actors'
        GROUP BY k.related_id
        HAVING count(DISTINCT k.subject_id) > 1
    ) AS alliance
    GROUP BY members
    HAVING count(DISTINCT ucdp_actor_id) = 1
)
SELECT
    s.event_table,
    s.event_id,
    s.side,
    s.acts,
    s.names,
    s.n_actors,
    s.lead_id,
    (SELECT a.name FROM actors AS a WHERE a.actor_id = s.lead_id) AS lead_name,
    (
        SELECT string_agg(m.name, '; ' ORDER BY m.name, m.actor_id) FROM members AS m
        WHERE m.event_table = s.event_table AND m.event_id = s.event_id AND m.side = s.side
            AND m.actor_id <> s.lead_id
    ) AS others,
    s.is_party,
    s.is_state,
    CAST(
        coalesce(s.ucdp_actor_id, (SELECT a.ucdp_actor_id FROM alliances AS a WHERE a.members = s.fighters)) AS INTEGER
    ) AS ucdp_actor_id,
    CAST(s.gwno AS INTEGER) AS gwno
FROM sides AS s
ORDER BY s.event_table, s.event_id, s.side

-- One row is one engagement or strike in which anybody takes part, with its parties as lists: separated by semicolons,
-- each actor with its roles in brackets: "(target, inferred)" where nobody says so and the coder concluded it.
-- event_table: `engagements` or `strikes`.
-- event_id: Key of the event in that table.
-- acting: Those who do it: initiators, partners, negotiating parties, providers of aid. Not belligerents: where a
--   source does not say who attacked whom (UCDP of two that fight each other), they stand in side_a and side_b alone.
-- facing: Those at whom it is directed or on whom it falls: targets, victims, recipients.
-- supporting: Those who support a side in this event, with the side.
-- standing_by: Mediators, sponsors, hosts, and those who only claim it.
-- side_a: All on side A.
-- side_b: All on side B.
-- other_sides: All others: the affected and third parties.
WITH shown AS (
    -- One row a participation, and whether it rests on inferred claims alone.
    SELECT
        p.*,
        coalesce(
            (
                SELECT bool_and(v.inferred) FROM accounts AS v
                WHERE v.subject_table = 'participants' AND v.subject_id = p.participant_id
            ),
            FALSE
        ) AS inferred
    FROM participants AS p
),
parted AS (
    -- A belligerent fights, and nobody says whether it acts or faces the act.
    SELECT s.*, CASE WHEN s.role = 'belligerent' THEN 'fights' ELSE t.attribute_value END AS part
    FROM shown AS s
    JOIN code_attributes AS t ON t.code_list = 'role' AND t.code = s.role AND t.attribute = 'part'
),
roles AS (
    SELECT
        s.*,
        bool_and(s.inferred) OVER (PARTITION BY s.subject_table, s.subject_id, s.actor_id, s.side, s.part)
            AS all_inferred
    FROM parted AS s
),
parts AS (
    -- One row an event, side, part and actor, with the roles.
    SELECT
        p.subject_table AS event_table,
        p.subject_id AS event_id,
        p.side,
        p.part,
        any_value(a.name) AS actor_name,
        lower(any_value(s.label)) AS side_label,
        string_agg(
            lower(r.label) || CASE WHEN p.inferred AND NOT p.all_inferred THEN ' [inferred]' ELSE '' END,
            ', ' ORDER BY lower(r.label)
        ) AS roles,
        CASE WHEN bool_and(p.inferred) THEN ', inferred' ELSE '' END AS mark
    FROM roles AS p
    JOIN actors AS a ON a.actor_id = p.actor_id
    JOIN codes AS s ON s.code_list = 'side' AND s.code = p.side
    JOIN codes AS r ON r.code_list = 'role' AND r.code = p.role
    GROUP BY p.subject_table, p.subject_id, p.actor_id, p.side, p.part
)
SELECT
    event_table,
    event_id,
    string_agg(actor_name || ' (' || roles || mark || ')', '; ' ORDER BY roles, actor_name)
        FILTER (WHERE part = 'acts') AS acting,
    string_agg(actor_name || ' (' || roles || mark || ')', '; ' ORDER BY roles, actor_name)
        FILTER (WHERE part = 'faces') AS facing,
    string_agg(actor_name || ' (' || roles || ', ' || side_label || mark || ')', '; ' ORDER BY side_label, actor_name)
        FILTER (WHERE part = 'supports') AS supporting,
    string_agg(actor_name || ' (' || roles || mark || ')', '; ' ORDER BY roles, actor_name)
        FILTER (WHERE part = 'outside') AS standing_by,
    string_agg(actor_name || ' (' || roles || mark || ')', '; ' ORDER BY actor_name, roles)
        FILTER (WHERE side = 'side_a') AS side_a,
    string_agg(actor_name || ' (' || roles || mark || ')', '; ' ORDER BY actor_name, roles)
        FILTER (WHERE side = 'side_b') AS side_b,
    string_agg(actor_name || ' (' || roles || mark || ')', '; ' ORDER BY actor_name, roles)
        FILTER (WHERE side NOT IN ('side_a', 'side_b')) AS other_sides
FROM parts
GROUP BY event_table, event_id
ORDER BY event_table, event_id

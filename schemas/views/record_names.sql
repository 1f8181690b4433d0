-- One row is one record of any table, or row attached to one, with a name that people can read: its own where it has
-- one, else one made of what it is about. For showing `subject_table, subject_id` pairs; not for matching.
-- subject_table: The table of the record.
-- subject_id: Its key.
-- label: A readable name; never empty.
WITH strike_labels AS (
    SELECT
        s.strike_id,
        t.label
        || coalesce(' ' || lower(r.label), CASE WHEN s.location_id IS NULL THEN '' ELSE ' at' END)
        || coalesce(' ' || l.name, '')
        || coalesce(', ' || s.date_start, '') AS label
    FROM strikes AS s
    JOIN codes AS t ON t.code_list = 'strike_type' AND t.code = s.strike_type
    LEFT JOIN codes AS r ON r.code_list = 'location_relation' AND r.code = s.location_relation
    LEFT JOIN locations AS l ON l.location_id = s.location_id
),
control_labels AS (
    SELECT
        c.control_id,
        coalesce(a.name || ' in ', '') || l.name || ' (' || c.control_state || '), '
        || coalesce(c.held_from, '…') || ' to ' || coalesce(c.held_to, '…') AS label
    FROM control AS c
    JOIN locations AS l ON l.location_id = c.location_id
    LEFT JOIN actors AS a ON a.actor_id = c.holder_id
),
own AS (
    SELECT 'actors' AS subject_table, actor_id AS subject_id, name AS label FROM actors
    UNION ALL SELECT 'locations', location_id, name FROM locations
    UNION ALL SELECT 'engagements', engagement_id, name FROM engagements
    UNION ALL SELECT 'sources', source_id, title FROM sources
    UNION ALL SELECT 'strikes', strike_id, label FROM strike_labels
    UNION ALL SELECT 'control', control_id, label FROM control_labels
    UNION ALL SELECT 'names', name_id, name FROM names
    UNION ALL SELECT 'identifiers', identifier_id, scheme || ' ' || identifier FROM identifiers
),
figure_labels AS (
    SELECT
        'figures' AS subject_table,
        f.figure_id AS subject_id,
        m.label || coalesce(' (' || lower(i.label) || ')', '') || ': ' || coalesce(o.label, f.subject_id) AS label
    FROM figures AS f
    JOIN codes AS m ON m.code_list = 'measure' AND m.code = f.measure
    LEFT JOIN codes AS i ON i.code_list = 'item' AND i.code = f.item
    LEFT JOIN own AS o ON o.subject_table = f.subject_table AND o.subject_id = f.subject_id
),
named AS (
    SELECT subject_table, subject_id, label FROM own
    UNION ALL SELECT subject_table, subject_id, label FROM figure_labels
),
attached AS (
    SELECT
        'participants' AS subject_table,
        p.participant_id AS subject_id,
        a.name || ', ' || lower(r.label) || ': ' || coalesce(o.label, p.subject_id) AS label
    FROM participants AS p
    JOIN actors AS a ON a.actor_id = p.actor_id
    JOIN codes AS r ON r.code_list = 'role' AND r.code = p.role
    LEFT JOIN own AS o ON o.subject_table = p.subject_table AND o.subject_id = p.subject_id
    UNION ALL
    SELECT
        'links',
        k.link_id,
        coalesce(x.label, k.subject_id) || ' ' || t.label || ' ' || coalesce(y.label, k.related_id)
    FROM links AS k
    JOIN codes AS t ON t.code_list = 'link_type' AND t.code = k.link_type
    LEFT JOIN named AS x ON x.subject_table = k.subject_table AND x.subject_id = k.subject_id
    LEFT JOIN named AS y ON y.subject_table = k.related_table AND y.subject_id = k.related_id
)
SELECT subject_table, subject_id, label FROM named
UNION ALL
SELECT subject_table, subject_id, label FROM attached
ORDER BY subject_table, subject_id

-- One row is one record of any table, or row attached to one, with a name that people can read: its own where it has
-- one, else one made of what it is about. For showing `subject_table, subject_id` pairs; not for matching.
-- subject_table: The table of the record.
-- subject_id: Its key.
-- label: A readable name; never empty.
WITH own AS (
    SELECT 'actors' AS subject_table, actor_id AS subject_id, name AS label FROM actors
    UNION ALL SELECT 'locations', location_id, name FROM locations
    UNION ALL SELECT 'engagements', engagement_id, name FROM engagements
    UNION ALL SELECT 'sources', source_id, title FROM sources
    UNION ALL SELECT 'strikes', strike_id, name FROM strike_names
    UNION ALL SELECT 'names', name_id, name FROM names
    UNION ALL SELECT 'identifiers', identifier_id, scheme || ' ' || identifier FROM identifiers
    UNION ALL
    SELECT
        'control',
        c.control_id,
        coalesce((SELECT a.name FROM actors AS a WHERE a.actor_id = c.holder_id) || ' in ', '')
        || (SELECT l.name FROM locations AS l WHERE l.location_id = c.location_id)
        || ' (' || c.control_state || '), '
        || coalesce(regexp_replace(
            regexp_replace(
                regexp_replace(c.held_from, '^\[[.][.]([^,.\]]+)\]$', '\1 or earlier'),
                '^\[([^,.\]]+)[.][.]\]$', '\1 or later'
            ),
            '^\[([^,.\]]+),([^,.\]]+)\]$', '\1 or \2'
        ), '…') || ' to '
        || coalesce(regexp_replace(
            regexp_replace(
                regexp_replace(c.held_to, '^\[[.][.]([^,.\]]+)\]$', '\1 or earlier'),
                '^\[([^,.\]]+)[.][.]\]$', '\1 or later'
            ),
            '^\[([^,.\]]+),([^,.\]]+)\]$', '\1 or \2'
        ), '…')
    FROM control AS c
),
named AS (
    SELECT subject_table, subject_id, label FROM own
    UNION ALL
    SELECT
        'figures',
        f.figure_id,
        (SELECT k.label FROM codes AS k WHERE k.code_list = 'measure' AND k.code = f.measure)
        || coalesce(
            ' (' || lower((SELECT k.label FROM codes AS k WHERE k.code_list = 'item' AND k.code = f.item)) || ')', ''
        )
        || ': ' || coalesce(
            (SELECT o.label FROM own AS o WHERE o.subject_table = f.subject_table AND o.subject_id = f.subject_id),
            f.subject_id
        )
    FROM figures AS f
)
SELECT subject_table, subject_id, label FROM named
UNION ALL
SELECT
    'participants',
    p.participant_id,
    (SELECT a.name FROM actors AS a WHERE a.actor_id = p.actor_id)
    || ', ' || lower((SELECT k.label FROM codes AS k WHERE k.code_list = 'role' AND k.code = p.role))
    || ': ' || coalesce(
        (SELECT o.label FROM own AS o WHERE o.subject_table = p.subject_table AND o.subject_id = p.subject_id),
        p.subject_id
    )
FROM participants AS p
UNION ALL
SELECT
    'links',
    x.link_id,
    coalesce(
        (SELECT n.label FROM named AS n WHERE n.subject_table = x.subject_table AND n.subject_id = x.subject_id),
        x.subject_id
    )
    || ' ' || (SELECT k.label FROM codes AS k WHERE k.code_list = 'link_type' AND k.code = x.link_type)
    || ' ' || coalesce(
        (SELECT n.label FROM named AS n WHERE n.subject_table = x.related_table AND n.subject_id = x.related_id),
        x.related_id
    )
FROM links AS x
ORDER BY subject_table, subject_id

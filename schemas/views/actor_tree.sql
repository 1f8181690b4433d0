-- One row is one way up from an actor to another that stands above it by membership, leadership, part, organ, office or
-- speaking for it (links member_of, leads, organ_of, heads, speaks_for, part); and one row for each actor itself, at
-- depth 0. All that stands below an actor, at any depth: WHERE superior_id = '…'. A circle of links is followed once.
-- actor_id: The actor.
-- actor_name: Its name.
-- superior_id: The actor above it, at the end of this way; itself at depth 0.
-- superior_name: Its name.
-- depth: How many links lie between the two.
-- link_type: The last link of the way, into the superior; empty at depth 0.
-- link_id: Key of that link.
-- valid_from: Since when that link holds, EDTF.
-- valid_to: Until when that link holds, EDTF.
-- path: The way, as keys from the actor upwards, separated by ` > `.
-- path_names: The same as names.
-- is_top: Whether nothing stands above the superior.
WITH RECURSIVE rising AS (
    SELECT
        link_id,
        link_type,
        subject_id AS lower_id,
        related_id AS upper_id,
        valid_from,
        valid_to
    FROM links
    WHERE subject_table = 'actors' AND related_table = 'actors'
        AND link_type IN ('member_of', 'leads', 'organ_of', 'heads', 'speaks_for', 'part')
),
up AS (
    SELECT
        actor_id,
        actor_id AS superior_id,
        0 AS depth,
        CAST(NULL AS VARCHAR) AS link_type,
        CAST(NULL AS VARCHAR) AS link_id,
        CAST(NULL AS VARCHAR) AS valid_from,
        CAST(NULL AS VARCHAR) AS valid_to,
        [actor_id] AS seen,
        name AS path_names
    FROM actors
    UNION ALL
    SELECT
        up.actor_id,
        r.upper_id,
        up.depth + 1,
        r.link_type,
        r.link_id,
        r.valid_from,
        r.valid_to,
        list_append(up.seen, r.upper_id),
        up.path_names || ' > ' || a.name
    FROM up
    JOIN rising AS r ON r.lower_id = up.superior_id
    JOIN actors AS a ON a.actor_id = r.upper_id
    WHERE NOT list_contains(up.seen, r.upper_id)
)
SELECT
    up.actor_id,
    a.name AS actor_name,
    up.superior_id,
    s.name AS superior_name,
    up.depth,
    up.link_type,
    up.link_id,
    up.valid_from,
    up.valid_to,
    array_to_string(up.seen, ' > ') AS path,
    up.path_names,
    NOT EXISTS (SELECT 1 FROM rising AS r WHERE r.lower_id = up.superior_id) AS is_top
FROM up
JOIN actors AS a ON a.actor_id = up.actor_id
JOIN actors AS s ON s.actor_id = up.superior_id
ORDER BY up.actor_id, up.depth, path

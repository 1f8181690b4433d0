-- One row is one place and one place in which it lies, by the tree of administrative parents; each lies in itself too.
-- location_id: The place.
-- whole_id: The place in which it lies.
-- depth: How many steps up the tree that is; 0 for the place itself.
WITH RECURSIVE up AS (
    SELECT location_id, location_id AS whole_id, 0 AS depth, [location_id] AS seen FROM locations
    UNION ALL
    SELECT u.location_id, l.parent_id, u.depth + 1, list_append(u.seen, l.parent_id)
    FROM up AS u
    JOIN locations AS l ON l.location_id = u.whole_id
    WHERE l.parent_id IS NOT NULL AND NOT list_contains(u.seen, l.parent_id)
)
SELECT location_id, whole_id, depth
FROM up
ORDER BY location_id, depth

-- macro: place_named(asked)
-- The place that an id or an OCHA p-code means: one row. An unknown one is an error, so that a slip does not come back
-- as an empty table; NULL, for everywhere, gives an empty cell.
-- location_id: The place.
WITH named AS (
    SELECT location_id, 0 AS by_code FROM locations WHERE location_id = asked
    UNION ALL
    SELECT subject_id, 1
    FROM identifiers
    WHERE subject_table = 'locations' AND scheme = 'ocha-pcode' AND match = 'exact' AND identifier = asked
),
best AS (
    SELECT arg_min(location_id, (by_code, location_id)) AS location_id FROM named
)
SELECT
    CASE
        WHEN asked IS NULL OR location_id IS NOT NULL THEN location_id
        ELSE error(
            'no place has the id or p-code "' || CAST(asked AS VARCHAR)
            || '": give a location_id (see location_names), an OCHA p-code, or NULL for everywhere'
        )
    END AS location_id
FROM best
ORDER BY location_id

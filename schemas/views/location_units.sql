-- One row is one place with the administrative units in which it lies and their p-codes, so that events can be joined
-- to the tables of OCHA and of others by unit. A unit lies in itself. A country's code is no p-code of a place in it,
-- so that `pcode` is empty where only the country is known.
-- location_id: The place.
-- name: Its name.
-- location_type: What kind of place it is.
-- country: Its country.
-- pcode: Its own OCHA p-code, or that of the smallest unit in which it lies and that has one; that of a country only
--   for the country itself.
-- pcode_of: Whose p-code that is: `place`, `adm3` (the subdistrict), `adm2` (the district) or `adm1` (the governorate);
--   empty where there is none.
-- adm1_id: The first-level unit (governorate).
-- adm1_name: Its name.
-- adm1_pcode: Its p-code.
-- adm2_id: The second-level unit (district).
-- adm2_name: Its name.
-- adm2_pcode: Its p-code.
-- adm3_id: The third-level unit (subdistrict, nahia).
-- adm3_name: Its name.
-- adm3_pcode: Its p-code.
WITH codes_of AS (
    SELECT subject_id AS location_id, min(identifier) AS pcode
    FROM identifiers
    WHERE subject_table = 'locations' AND scheme = 'ocha-pcode' AND match = 'exact'
    GROUP BY subject_id
),
enclosing AS (
    SELECT
        w.location_id,
        w.depth,
        l.location_id AS unit_id,
        l.location_type,
        c.pcode,
        CASE
            WHEN c.pcode IS NULL THEN NULL
            WHEN w.depth = 0 THEN 'place'
            WHEN l.location_type = 'subdistrict' THEN 'adm3'
            WHEN l.location_type = 'district' THEN 'adm2'
            WHEN l.location_type = 'governorate' THEN 'adm1'
        END AS pcode_of
    FROM places_within AS w
    JOIN locations AS l ON l.location_id = w.whole_id
    LEFT JOIN codes_of AS c ON c.location_id = w.whole_id
),
units AS (
    SELECT
        location_id,
        arg_min(pcode, depth) FILTER (WHERE pcode_of IS NOT NULL) AS pcode,
        arg_min(pcode_of, depth) FILTER (WHERE pcode_of IS NOT NULL) AS pcode_of,
        arg_min(unit_id, depth) FILTER (WHERE location_type = 'governorate') AS adm1_id,
        arg_min(unit_id, depth) FILTER (WHERE location_type = 'district') AS adm2_id,
        arg_min(unit_id, depth) FILTER (WHERE location_type = 'subdistrict') AS adm3_id
    FROM enclosing
    GROUP BY location_id
)
SELECT
    l.location_id,
    l.name,
    l.location_type,
    l.country,
    u.pcode,
    u.pcode_of,
    u.adm1_id,
    (SELECT a.name FROM locations AS a WHERE a.location_id = u.adm1_id) AS adm1_name,
    (SELECT c.pcode FROM codes_of AS c WHERE c.location_id = u.adm1_id) AS adm1_pcode,
    u.adm2_id,
    (SELECT a.name FROM locations AS a WHERE a.location_id = u.adm2_id) AS adm2_name,
    (SELECT c.pcode FROM codes_of AS c WHERE c.location_id = u.adm2_id) AS adm2_pcode,
    u.adm3_id,
    (SELECT a.name FROM locations AS a WHERE a.location_id = u.adm3_id) AS adm3_name,
    (SELECT c.pcode FROM codes_of AS c WHERE c.location_id = u.adm3_id) AS adm3_pcode
FROM locations AS l
JOIN units AS u ON u.location_id = l.location_id
ORDER BY l.location_id

-- One row is one name by which a source or gazetteer calls a place, letter by letter, and one row for the name that
-- the release itself shows where no source is recorded with it.
-- location_id: The place.
-- preferred_name: The name that the release shows.
-- name: The name form.
-- is_preferred: Whether the form is the preferred name.
-- name_type: What kind of name it is; `primary` for a preferred name without a row in `names`.
-- name_type_label: The same in words.
-- identifies: Whether the form points to the place in any text about the war, so that a matcher may use it.
-- language: The language of the form, ISO 639-1.
-- script: The script in which it is written, ISO 15924.
-- name_id: Key of the row in `names`; empty where the preferred name stands only in `locations`.
-- claim_ids: The claims that carry the form, separated by spaces; empty where a gazetteer or register does.
-- source_ids: The sources of these claims, separated by spaces.
WITH forms AS (
    SELECT
        n.subject_id AS location_id,
        n.name,
        n.name_type,
        n.language,
        n.script,
        n.name_id
    FROM names AS n
    WHERE n.subject_table = 'locations'
    UNION ALL
    SELECT r.location_id, r.name, 'primary', NULL, NULL, NULL
    FROM locations AS r
    WHERE NOT EXISTS (
        SELECT 1 FROM names AS n
        WHERE n.subject_table = 'locations' AND n.subject_id = r.location_id AND n.name = r.name
    )
),
carried AS (
    SELECT
        subject_id AS name_id,
        string_agg(claim_id, ' ' ORDER BY claim_id) AS claim_ids,
        string_agg(DISTINCT source_id, ' ' ORDER BY source_id) AS source_ids
    FROM claims
    WHERE subject_table = 'names'
    GROUP BY subject_id
)
SELECT
    f.location_id,
    r.name AS preferred_name,
    f.name,
    f.name = r.name AS is_preferred,
    f.name_type,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'name_type' AND k.code = f.name_type) AS name_type_label,
    (
        SELECT i.attribute_value = 'yes' FROM code_attributes AS i
        WHERE i.code_list = 'name_type' AND i.code = f.name_type AND i.attribute = 'identifies'
    ) AS identifies,
    f.language,
    f.script,
    f.name_id,
    c.claim_ids,
    c.source_ids
FROM forms AS f
JOIN locations AS r ON r.location_id = f.location_id
LEFT JOIN carried AS c ON c.name_id = f.name_id
ORDER BY f.location_id, is_preferred DESC, f.name, f.name_id

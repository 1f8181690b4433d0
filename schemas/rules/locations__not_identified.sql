-- nothing says that this place exists: no claim that affirms it, no claimed name, no outside identifier
-- hint: Add the name by which a source calls it (names, with a claim), an `exists` claim, or a row in identifiers.
SELECT location_id AS record_id
FROM locations AS r
WHERE NOT EXISTS (SELECT 1 FROM identifiers AS i WHERE i.subject_table = 'locations' AND i.subject_id = r.location_id)
    AND NOT EXISTS (
        SELECT 1
        FROM names AS n
        JOIN claims AS c ON c.subject_table = 'names' AND c.subject_id = n.name_id
        WHERE n.subject_table = 'locations' AND n.subject_id = r.location_id
    )
    AND NOT EXISTS (
        SELECT 1
        FROM claims AS c
        JOIN code_attributes AS a
            ON a.code_list = 'event_status' AND a.code = c.event_status
            AND a.attribute = 'exists' AND a.attribute_value = 'yes'
        WHERE c.subject_table = 'locations' AND c.subject_id = r.location_id
            AND c.field IN ('exists', 'name') AND c.polarity = 'affirmed'
    )
ORDER BY ALL

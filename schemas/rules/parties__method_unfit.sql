-- does not fit the method: what is resolved names actors, and what is not says in its note why
-- hint: Fill actor_ids, or take the method unresolved and give the reason.
SELECT
    d.party_id AS record_id,
    CASE WHEN a.attribute_value = 'no' AND d.actor_ids IS NULL THEN 'note' ELSE 'actor_ids' END AS field,
    d.actor_ids AS value,
    CASE WHEN a.attribute_value = 'yes' THEN 'is empty, and the method says that the name is resolved'
    WHEN d.actor_ids IS NULL THEN 'is empty, and the name is not resolved: it says why'
    ELSE 'is filled, and the method says that the name is not resolved' END AS message
FROM parties AS d
JOIN code_attributes AS a
    ON a.code_list = 'actor_method' AND a.code = d.actor_method AND a.attribute = 'resolved'
WHERE (a.attribute_value = 'yes') = (d.actor_ids IS NULL) OR (a.attribute_value = 'no' AND d.note IS NULL)
ORDER BY ALL

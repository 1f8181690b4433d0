-- stands against itself in this event: on two sides, or both acting and acted upon
-- hint: One actor stands on one side of one event; a part that fights the whole is an actor of its own.
-- covers: R-A02
SELECT p.participant_id AS record_id, 'side' AS field, p.side AS value,
    CASE WHEN p.side <> q.side THEN 'is another side than in ' || min(q.participant_id) || ', for the same actor'
    ELSE 'is the side of an actor that acts and is acted upon (' || min(q.participant_id) || ')' END AS message
FROM participants AS p
JOIN participants AS q
    ON q.subject_table = p.subject_table AND q.subject_id = p.subject_id AND q.actor_id = p.actor_id
    AND q.participant_id < p.participant_id
LEFT JOIN code_attributes AS a ON a.code_list = 'role' AND a.code = p.role AND a.attribute = 'part'
LEFT JOIN code_attributes AS b ON b.code_list = 'role' AND b.code = q.role AND b.attribute = 'part'
WHERE p.side <> q.side
    OR (a.attribute_value = 'acts' AND b.attribute_value = 'faces')
    OR (a.attribute_value = 'faces' AND b.attribute_value = 'acts')
GROUP BY p.participant_id, p.side, q.side
ORDER BY ALL

-- One row is one actor's part in one engagement or strike, with names and labels.
-- participant_id: Key of the participation.
-- event_table: `engagements` or `strikes`.
-- event_id: Key of the event.
-- event_name: A readable name of the event.
-- actor_id: The actor.
-- actor_name: Its name.
-- actor_type: What kind of actor it is.
-- bloc: The camp whose interest its statements are taken to serve.
-- side: On which side it stood.
-- side_label: The same in words.
-- role: What it did.
-- role_label: The same in words.
-- part: How it stands to the act: `acts`, `supports`, `faces` or `outside`.
-- said_by: The voices that affirm the participation.
WITH said AS (
    SELECT
        subject_id,
        string_agg(voice, '; ' ORDER BY voice) AS said_by
    FROM accounts
    WHERE subject_table = 'participants'
    GROUP BY subject_id
)
SELECT
    p.participant_id,
    p.subject_table AS event_table,
    p.subject_id AS event_id,
    coalesce(n.label, p.subject_id) AS event_name,
    p.actor_id,
    a.name AS actor_name,
    a.actor_type,
    a.bloc,
    p.side,
    s.label AS side_label,
    p.role,
    r.label AS role_label,
    t.attribute_value AS part,
    said.said_by
FROM participants AS p
JOIN actors AS a ON a.actor_id = p.actor_id
LEFT JOIN record_names AS n ON n.subject_table = p.subject_table AND n.subject_id = p.subject_id
LEFT JOIN codes AS s ON s.code_list = 'side' AND s.code = p.side
LEFT JOIN codes AS r ON r.code_list = 'role' AND r.code = p.role
LEFT JOIN code_attributes AS t ON t.code_list = 'role' AND t.code = p.role AND t.attribute = 'part'
LEFT JOIN said ON said.subject_id = p.participant_id
ORDER BY p.participant_id

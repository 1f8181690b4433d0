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
SELECT
    p.participant_id,
    p.subject_table AS event_table,
    p.subject_id AS event_id,
    coalesce(
        (SELECT n.label FROM record_names AS n WHERE n.subject_table = p.subject_table AND n.subject_id = p.subject_id),
        p.subject_id
    ) AS event_name,
    p.actor_id,
    a.name AS actor_name,
    a.actor_type,
    a.bloc,
    p.side,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'side' AND k.code = p.side) AS side_label,
    p.role,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'role' AND k.code = p.role) AS role_label,
    (
        SELECT t.attribute_value FROM code_attributes AS t
        WHERE t.code_list = 'role' AND t.code = p.role AND t.attribute = 'part'
    ) AS part,
    (
        SELECT string_agg(v.voice, '; ' ORDER BY v.voice) FROM accounts AS v
        WHERE v.subject_table = 'participants' AND v.subject_id = p.participant_id
    ) AS said_by
FROM participants AS p
JOIN actors AS a ON a.actor_id = p.actor_id
ORDER BY p.participant_id

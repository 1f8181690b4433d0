-- One row is one relation of two records, with labels, the names of both ends, and by whose account it holds.
-- link_id: Key of the link.
-- subject_table: The table of the first record.
-- subject_id: Its key.
-- subject_label: A readable name of it.
-- link_type: The relation, read from the first record to the second.
-- link_type_label: The same in words, such as "is an organ of".
-- related_table: The table of the second record.
-- related_id: Its key.
-- related_label: A readable name of it.
-- valid_from: Since when it holds, EDTF; empty where nothing is said.
-- valid_from_earliest: Earliest day on which it can have begun.
-- valid_from_latest: Latest day on which it can have begun.
-- valid_to: Until when it holds, EDTF; `..` while it still held when the source spoke.
-- valid_to_earliest: Earliest day on which it can have ended.
-- valid_to_latest: Latest day on which it can have ended; empty where that is open or not stated.
-- method: How it was found: stated by a source, or judged.
-- decided_by: The coder or script that decided it.
-- note: A remark on it.
-- said_by: The voices that affirm it; empty where it is the coder's judgement alone.
SELECT
    x.link_id,
    x.subject_table,
    x.subject_id,
    coalesce(
        (SELECT n.label FROM record_names AS n WHERE n.subject_table = x.subject_table AND n.subject_id = x.subject_id),
        x.subject_id
    ) AS subject_label,
    x.link_type,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'link_type' AND k.code = x.link_type) AS link_type_label,
    x.related_table,
    x.related_id,
    coalesce(
        (SELECT n.label FROM record_names AS n WHERE n.subject_table = x.related_table AND n.subject_id = x.related_id),
        x.related_id
    ) AS related_label,
    x.valid_from,
    x.valid_from_earliest,
    x.valid_from_latest,
    x.valid_to,
    x.valid_to_earliest,
    x.valid_to_latest,
    x.method,
    x.decided_by,
    x.note,
    (
        SELECT string_agg(v.voice, '; ' ORDER BY v.voice) FROM accounts AS v
        WHERE v.subject_table = 'links' AND v.subject_id = x.link_id
    ) AS said_by
FROM links AS x
ORDER BY x.link_id

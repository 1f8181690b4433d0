-- was published after the revision that names it
-- hint: Turn revision_of_id round, or mend a date.
--
-- Surely: the revision's last possible day of publication is before the original's first.
SELECT s.source_id AS record_id, 'revision_of_id' AS field, s.revision_of_id AS value
FROM sources AS s
JOIN sources AS o ON o.source_id = s.revision_of_id
WHERE s.published_latest < o.published_earliest
ORDER BY ALL

-- overlaps the period of another sole holder of the same place
-- hint: End the former period on the day on which the latter begins, or give both a state that is shared (part,
-- pockets, contested).
-- covers: R-K01
--
-- Sole is a state whose attribute `exclusive` is exclusive. Which days are sure is the view `control_sure`; half-open:
-- the day of the end is the next holder's. Holders that are linked as parts, members or allies of each other are one
-- side. An empty holder contradicts nobody.
SELECT b.control_id AS record_id, 'held_from' AS field, b.held_from AS value,
    'overlaps ' || min(a.control_id) || ': two sole holders of ' || b.location_id || ' at once' AS message
FROM control_sure AS a
JOIN control_sure AS b ON b.location_id = a.location_id AND b.holder_id <> a.holder_id
WHERE a.exclusive = 'exclusive' AND b.exclusive = 'exclusive'
    AND (b.sure_from > a.sure_from OR (b.sure_from = a.sure_from AND b.control_id > a.control_id))
    AND b.sure_from < a.sure_until AND b.sure_from < b.sure_until
    AND NOT EXISTS (SELECT 1 FROM one_side AS s WHERE s.actor_id = a.holder_id AND s.other_id = b.holder_id)
GROUP BY b.control_id, b.held_from, b.location_id
ORDER BY ALL

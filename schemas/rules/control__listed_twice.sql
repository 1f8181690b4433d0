-- is told by another row too: the same holder of the same place at the same time
-- hint: Make one row of the two, or end the former where the latter begins.
--
-- Both in sole states, or both in the same state; so a part may become the whole on a day, and the two do not overlap.
-- Certain overlap by the view `control_sure`. Two empty holders are the same.
SELECT b.control_id AS record_id, 'holder_id' AS field, b.holder_id AS value,
    'is told by ' || min(a.control_id) || ' too: the same holder of ' || b.location_id || ' at the same time' AS message
FROM control_sure AS a
JOIN control_sure AS b ON b.location_id = a.location_id AND b.holder_id IS NOT DISTINCT FROM a.holder_id
WHERE (b.control_state = a.control_state OR (a.exclusive = 'exclusive' AND b.exclusive = 'exclusive'))
    AND (b.sure_from > a.sure_from OR (b.sure_from = a.sure_from AND b.control_id > a.control_id))
    AND b.sure_from < a.sure_until AND b.sure_from < b.sure_until
GROUP BY b.control_id, b.holder_id, b.location_id
ORDER BY ALL

-- is the whole of a place in which another holds a part alone at the same time
-- hint: Make the state part, or end one of the two periods.
-- severity: warning
-- covers: R-K03
--
-- The whole is `full`; the part any place below it, held in an exclusive state. Certain overlap by the view
-- `control_sure`, linked holders left out.
SELECT w.control_id AS record_id, 'control_state' AS field, w.control_state AS value,
    'is the whole of a place, in which ' || min(p.control_id) || ' gives ' || min(p.location_id) || ' to another'
        AS message
FROM control_sure AS w
JOIN places_within AS i ON i.whole_id = w.location_id
JOIN control_sure AS p ON p.location_id = i.location_id AND p.holder_id <> w.holder_id
WHERE w.control_state = 'full' AND p.exclusive = 'exclusive' AND p.location_id <> w.location_id
    AND w.sure_from < p.sure_until AND p.sure_from < w.sure_until
    AND w.sure_from < w.sure_until AND p.sure_from < p.sure_until
    AND NOT EXISTS (SELECT 1 FROM one_side AS s WHERE s.actor_id = w.holder_id AND s.other_id = p.holder_id)
GROUP BY w.control_id, w.control_state
ORDER BY ALL

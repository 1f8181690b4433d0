-- is the whole of a place of which an opponent has a part at the same time
-- hint: Make the state held or part, or let it begin when the other period ends.
-- severity: warning
-- covers: R-K03
--
-- The whole is `full`; the opponent's state is shared (part, pockets, contested). Which days are sure is the view
-- `control_sure`; linked holders are left out, and what is sole in both is reported by control__two_sole_holders.
SELECT w.control_id AS record_id, 'control_state' AS field, w.control_state AS value,
    'is the whole of a place, of which ' || min(p.control_id) || ' gives another a part' AS message
FROM control_sure AS w
JOIN control_sure AS p ON p.location_id = w.location_id AND p.holder_id <> w.holder_id
WHERE w.control_state = 'full' AND p.exclusive = 'shared'
    AND w.sure_from < p.sure_until AND p.sure_from < w.sure_until
    AND w.sure_from < w.sure_until AND p.sure_from < p.sure_until
    AND NOT EXISTS (SELECT 1 FROM one_side AS s WHERE s.actor_id = w.holder_id AND s.other_id = p.holder_id)
GROUP BY w.control_id, w.control_state
ORDER BY ALL

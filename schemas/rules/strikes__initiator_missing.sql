-- names nobody who struck
-- hint: Add the participant whose role is initiator. If the source does not say who it was, waive it.
-- severity: warning
-- covers: R-A03
SELECT strike_id AS record_id
FROM strikes AS s
WHERE NOT EXISTS (
    SELECT 1
    FROM participants AS p
    WHERE p.subject_table = 'strikes' AND p.subject_id = s.strike_id AND p.role = 'initiator'
)
ORDER BY ALL

-- updates or withdraws a claim of a later publication
-- hint: Turn the row round: the later claim updates the earlier one.
-- covers: R-C07
--
-- Surely later: the source of the updating claim was published, at the latest, before the other could be.
SELECT l.claim_link_id AS record_id, 'claim_relation' AS field, l.claim_relation AS value
FROM claim_links AS l
JOIN claims AS c ON c.claim_id = l.claim_id
JOIN claims AS r ON r.claim_id = l.related_claim_id
JOIN sources AS s ON s.source_id = c.source_id
JOIN sources AS t ON t.source_id = r.source_id
WHERE l.claim_relation IN ('updates', 'withdraws') AND s.published_latest < t.published_earliest
ORDER BY ALL

-- coded this source: a second reading is by somebody who has not seen the coding
-- hint: Name the reader; what the coder read twice is no second reading.
-- covers: R-W01
SELECT r.second_reading_id AS record_id, 'decided_by' AS field, r.decided_by AS value
FROM second_readings AS r
JOIN claims AS c USING (claim_id)
JOIN sources AS s USING (source_id)
WHERE r.decided_by = s.coded_by
ORDER BY ALL

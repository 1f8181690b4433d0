-- The last word: what was said or published last leads, whoever says it and of whatever day.
-- steps: last told
SELECT claim_id, field, [-date_diff('day', DATE '1970-01-01', coalesce(told_latest, DATE '1970-01-01'))] AS ladder,
    point AS best
FROM candidates
WHERE standing = 'stands'

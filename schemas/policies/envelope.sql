-- No preference: all that is told stands side by side, and only the bounds are published, never a best number.
-- steps: none
SELECT claim_id, field, [0] AS ladder, CAST(NULL AS DOUBLE) AS best
FROM candidates
WHERE standing = 'stands'

-- does not agree with the sign of factuality
-- hint: CT+, PR+ and PS+ affirm, CT-, PR- and PS- deny; CTu and Uu go with either.
SELECT c.claim_id AS record_id, 'factuality' AS field, c.factuality AS value
FROM claims AS c
JOIN code_attributes AS a ON a.code_list = 'factuality' AND a.code = c.factuality AND a.attribute = 'polarity'
WHERE a.attribute_value <> c.polarity
ORDER BY ALL

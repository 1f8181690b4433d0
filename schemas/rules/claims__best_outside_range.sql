-- is not from value_min to value_max, the ends that the claim gives beside it
-- hint: Mend the number that was copied wrongly; if the source itself publishes an estimate outside its own ends, keep
-- all three and waive it.
-- covers: R-Q01
--
-- For comparators that take all three numbers. Where value_min is more than value_max there is no range, and
-- claims__low_exceeds_high alone reports it.
SELECT claim_id AS record_id, 'value' AS field, regexp_replace(CAST(value AS VARCHAR), '[.]0$', '') AS value,
    'is not from ' || regexp_replace(CAST(value_min AS VARCHAR), '[.]0$', '') || ' to '
        || regexp_replace(CAST(value_max AS VARCHAR), '[.]0$', '') AS message
FROM claims
WHERE value_min <= value_max AND (value < value_min OR value > value_max)
ORDER BY ALL

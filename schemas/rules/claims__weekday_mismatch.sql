-- is not the weekday that value_raw names, or more than a week from the day of publication
-- hint: Resolve the weekday again, from the day of publication in sources.
-- covers: R-T04
--
-- Only where value_raw names exactly one English weekday and value_text is a day. The week counts only where the
-- source's date of publication is a day and value_raw is the weekday alone ("on Friday", not "last Friday" or "Friday
-- next week").
WITH days AS (
    SELECT c.claim_id, c.value_text, lower(c.value_raw) AS raw, try_cast(c.value_text AS DATE) AS day,
        regexp_extract_all(lower(c.value_raw), '(monday|tuesday|wednesday|thursday|friday|saturday|sunday)') AS named,
        CASE WHEN s.published_earliest = s.published_latest THEN s.published_earliest END AS published
    FROM claims AS c
    JOIN sources AS s USING (source_id)
    WHERE regexp_full_match(c.value_text, '[0-9]{4}-[0-9]{2}-[0-9]{2}')
)
SELECT claim_id AS record_id, 'value_text' AS field, value_text AS value,
    CASE WHEN lower(dayname(day)) <> named[1] THEN 'is a ' || dayname(day) || ', and value_raw says ' || named[1]
    ELSE 'is more than a week from the day of publication, ' || CAST(published AS VARCHAR) END AS message
FROM days
WHERE len(list_distinct(named)) = 1
    AND (lower(dayname(day)) <> named[1]
        OR (regexp_full_match(raw, '(on )?' || named[1]) AND abs(day - published) > 7))
ORDER BY ALL

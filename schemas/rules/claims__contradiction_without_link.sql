-- contradicts another claim on the same field, and no row of claim_links says how the two relate
-- hint: Add the row to claim_links: updates, denies, contradicts, refines, derived_from …, and in which dimension.
-- covers: R-Q03 R-C07
--
-- Both claims are told as real. Numbers contradict each other where their intervals, which follow from comparator and
-- value by the attributes of the code list, share no point; where the units differ, 3 per cent are left for rounding.
-- They are compared only for the same as_of and scope (empty ones stand for the figure's, which equals any). Codes,
-- references and dates contradict where they differ; of two dates neither of which begins the other; sets, intervals
-- and unknown digits are not compared, nor is free text. An affirmed and a denied claim contradict where what the one
-- affirms is within what the other denies. Claims linked as one voice (restates, derived_from) answer for each other.
WITH RECURSIVE told AS (
    SELECT c.claim_id, c.subject_table, c.subject_id, c.field, c.polarity, c.value_text, c.unit,
        coalesce(c.as_of, f.as_of) AS as_of, coalesce(c.scope_location_id, f.scope_location_id) AS scope,
        k.temporal, k.column_codes IS NOT NULL OR k.refers_to IS NOT NULL AS coded,
        CASE lo.attribute_value WHEN 'value' THEN c.value WHEN 'value_open' THEN c.value WHEN 'range' THEN c.value_min
            WHEN 'zero' THEN 0 WHEN 'zero_open' THEN 0
            WHEN 'half_open' THEN CASE d.attribute_value WHEN 'share' THEN 50 END END
            * CAST(x.attribute_value AS DOUBLE) AS low,
        CASE hi.attribute_value WHEN 'value' THEN c.value WHEN 'value_open' THEN c.value WHEN 'range' THEN c.value_max
            WHEN 'whole' THEN CASE d.attribute_value WHEN 'share' THEN 100 END
            WHEN 'whole_open' THEN CASE d.attribute_value WHEN 'share' THEN 100 END END
            * CAST(x.attribute_value AS DOUBLE) AS high,
        lo.attribute_value LIKE '%open' AS low_open, hi.attribute_value LIKE '%open' AS high_open
    FROM claims AS c
    JOIN code_attributes AS a
        ON a.code_list = 'event_status' AND a.code = c.event_status AND a.attribute = 'exists'
        AND a.attribute_value = 'yes'
    LEFT JOIN figures AS f ON c.subject_table = 'figures' AND f.figure_id = c.subject_id AND c.field = 'value'
    LEFT JOIN columns AS k ON k.table_name = c.subject_table AND k.column_name = c.field
    LEFT JOIN code_attributes AS lo ON lo.code_list = 'comparator' AND lo.code = c.comparator AND lo.attribute = 'lower'
    LEFT JOIN code_attributes AS hi ON hi.code_list = 'comparator' AND hi.code = c.comparator AND hi.attribute = 'upper'
    LEFT JOIN code_attributes AS d
        ON d.code_list = 'unit' AND d.code = coalesce(c.unit, f.unit) AND d.attribute = 'dimension'
    LEFT JOIN code_attributes AS x
        ON x.code_list = 'unit' AND x.code = coalesce(c.unit, f.unit) AND x.attribute = 'factor'
    WHERE c.field <> 'remark'
),
pairs AS (
    SELECT a.claim_id AS one, b.claim_id AS other
    FROM told AS a
    JOIN told AS b
        ON b.subject_table = a.subject_table AND b.subject_id = a.subject_id AND b.field = a.field
        AND b.claim_id > a.claim_id
    WHERE coalesce(a.as_of, b.as_of, '') = coalesce(b.as_of, a.as_of, '')
        AND coalesce(a.scope, b.scope, '') = coalesce(b.scope, a.scope, '')
        AND CASE
            WHEN a.polarity = 'affirmed' AND b.polarity = 'affirmed' THEN CASE
                WHEN a.field = 'value' THEN
                    a.high * CASE WHEN a.unit IS DISTINCT FROM b.unit THEN 1.03 ELSE 1 END < b.low
                    OR b.high * CASE WHEN a.unit IS DISTINCT FROM b.unit THEN 1.03 ELSE 1 END < a.low
                    OR (a.high = b.low AND (a.high_open OR b.low_open))
                    OR (b.high = a.low AND (b.high_open OR a.low_open))
                WHEN a.temporal IS NOT NULL THEN
                    NOT regexp_matches(a.value_text || b.value_text, '[^0-9~?%-]')
                    AND NOT starts_with(rtrim(a.value_text, '~?%'), rtrim(b.value_text, '~?%'))
                    AND NOT starts_with(rtrim(b.value_text, '~?%'), rtrim(a.value_text, '~?%'))
                ELSE a.coded AND a.value_text <> b.value_text END
            WHEN a.polarity = b.polarity THEN false
            WHEN a.field = 'exists' THEN true
            WHEN a.field = 'value' AND a.polarity = 'affirmed' THEN
                coalesce(a.low >= b.low, b.low IS NULL) AND coalesce(a.high <= b.high, b.high IS NULL)
            WHEN a.field = 'value' THEN
                coalesce(b.low >= a.low, a.low IS NULL) AND coalesce(b.high <= a.high, a.high IS NULL)
            ELSE a.value_text = b.value_text END
),
near AS (
    SELECT l.claim_id AS one, l.related_claim_id AS other FROM claim_links AS l
    JOIN code_attributes AS v
        ON v.code_list = 'claim_relation' AND v.code = l.claim_relation AND v.attribute = 'one_voice'
        AND v.attribute_value = 'yes'
    UNION
    SELECT l.related_claim_id, l.claim_id FROM claim_links AS l
    JOIN code_attributes AS v
        ON v.code_list = 'claim_relation' AND v.code = l.claim_relation AND v.attribute = 'one_voice'
        AND v.attribute_value = 'yes'
),
voice AS (
    SELECT one AS claim_id, one AS member FROM pairs
    UNION
    SELECT other, other FROM pairs
    UNION
    SELECT v.claim_id, n.other FROM voice AS v JOIN near AS n ON n.one = v.member
),
related AS (
    SELECT claim_id AS one, related_claim_id AS other FROM claim_links
    UNION
    SELECT related_claim_id, claim_id FROM claim_links
)
SELECT p.other AS record_id, 'field' AS field, c.field AS value,
    'contradicts ' || min(p.one) || ', and no row of claim_links says how the two relate' AS message
FROM pairs AS p
JOIN claims AS c ON c.claim_id = p.other
WHERE NOT EXISTS (
    SELECT 1
    FROM voice AS v
    JOIN related AS r ON r.one = v.member
    JOIN voice AS w ON w.member = r.other
    WHERE v.claim_id = p.one AND w.claim_id = p.other
)
GROUP BY p.other, c.field
ORDER BY ALL

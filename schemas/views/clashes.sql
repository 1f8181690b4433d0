-- One row is a pair of claims on one column that cannot both be right. Numbers clash where their bounds share no
-- amount, for the same time and scope; where a claim counts in another unit, what rounding can hide is no clash. Dates
-- clash where they share no day, codes, references and other numbers where they differ, save places of which one lies
-- in the other and codes of which one is broader. What one claim affirms clashes with what another denies. Free text is
-- not compared, and what is not told as real is not either. For people there is `contradictions`.
-- subject_table: The table of the record.
-- subject_id: Its key.
-- field: The column, `value` of a figure, or `exists`.
-- kind: What clashes: quantity, date, place, code or polarity.
-- claim_id: The claim whose key comes first.
-- related_claim_id: The other one.
-- gap: How far apart they are, in the unit of the figure or in days; empty for others.
WITH told AS (
    SELECT
        c.claim_id,
        c.subject_table,
        c.subject_id,
        c.field,
        c.standing = 'denied' AS denied,
        c.value_text,
        c.as_of,
        c.as_of_earliest,
        c.as_of_latest,
        c.scope_location_id,
        -- What rounding can hide is left to a number that was given in another unit.
        c.low,
        c.low_open,
        c.high,
        c.high_open,
        coalesce(c.step, 0) / 2 AS slack,
        coalesce(c.converted, FALSE) AS converted,
        c.date_earliest,
        c.date_latest,
        k.temporal IS NOT NULL AS temporal,
        k.refers_to,
        k.column_codes AS code_list,
        k.column_codes IS NOT NULL OR k.refers_to IS NOT NULL OR k.column_type <> 'string' AS coded
    FROM candidates AS c
    LEFT JOIN columns AS k ON k.table_name = c.subject_table AND k.column_name = c.field
    WHERE c.standing <> 'unreal'
),
pairs AS (
    SELECT
        a.subject_table,
        a.subject_id,
        a.field,
        CASE
            WHEN a.denied <> b.denied THEN 'polarity'
            WHEN a.field = 'value' THEN 'quantity'
            WHEN a.temporal THEN 'date'
            WHEN a.refers_to = 'locations' THEN 'place'
            ELSE 'code'
        END AS kind,
        a.claim_id,
        b.claim_id AS related_claim_id,
        CASE
            WHEN a.denied <> b.denied THEN NULL
            WHEN a.field = 'value' THEN greatest(a.low - b.high, b.low - a.high)
            WHEN a.temporal THEN
                CAST(greatest(a.date_earliest - b.date_latest, b.date_earliest - a.date_latest) AS DOUBLE)
        END AS gap,
        CASE
            WHEN a.denied AND b.denied THEN FALSE
            WHEN a.field = 'exists' THEN a.denied <> b.denied
            -- What is affirmed lies wholly within what is denied.
            WHEN a.field = 'value' AND a.denied THEN
                coalesce(b.low > a.low OR (b.low = a.low AND (b.low_open OR NOT a.low_open)), a.low IS NULL)
                AND coalesce(b.high < a.high OR (b.high = a.high AND (b.high_open OR NOT a.high_open)), a.high IS NULL)
            WHEN a.field = 'value' AND b.denied THEN
                coalesce(a.low > b.low OR (a.low = b.low AND (a.low_open OR NOT b.low_open)), b.low IS NULL)
                AND coalesce(a.high < b.high OR (a.high = b.high AND (a.high_open OR NOT b.high_open)), b.high IS NULL)
            WHEN a.field = 'value' AND (a.converted OR b.converted) THEN
                coalesce(a.high + a.slack < b.low - b.slack, FALSE)
                OR coalesce(b.high + b.slack < a.low - a.slack, FALSE)
            WHEN a.field = 'value' THEN
                coalesce(a.high < b.low OR (a.high = b.low AND (a.high_open OR b.low_open)), FALSE)
                OR coalesce(b.high < a.low OR (b.high = a.low AND (b.high_open OR a.low_open)), FALSE)
            WHEN a.denied OR b.denied THEN a.value_text = b.value_text
            WHEN a.temporal THEN
                coalesce(a.date_latest < b.date_earliest, FALSE) OR coalesce(b.date_latest < a.date_earliest, FALSE)
            WHEN a.refers_to = 'locations' THEN
                a.value_text <> b.value_text AND NOT EXISTS (
                    SELECT 1 FROM places_within AS i
                    WHERE i.location_id = a.value_text AND i.whole_id = b.value_text
                        OR i.location_id = b.value_text AND i.whole_id = a.value_text
                )
            WHEN a.coded THEN
                a.value_text <> b.value_text AND NOT EXISTS (
                    SELECT 1 FROM code_attributes AS w
                    WHERE w.code_list = a.code_list AND w.attribute = 'broader' AND (
                        w.code = a.value_text AND w.attribute_value = b.value_text
                        OR w.code = b.value_text AND w.attribute_value = a.value_text
                    )
                )
            ELSE FALSE
        END AS clash
    FROM told AS a
    JOIN told AS b
        ON b.subject_table = a.subject_table AND b.subject_id = a.subject_id AND b.field = a.field
        AND b.claim_id > a.claim_id
    WHERE (
            -- For one time: an unstated one is any, and of two the one lies within the other.
            a.as_of IS NULL OR b.as_of IS NULL OR a.as_of = b.as_of
            OR (a.as_of_earliest >= b.as_of_earliest AND a.as_of_latest <= b.as_of_latest)
            OR (b.as_of_earliest >= a.as_of_earliest AND b.as_of_latest <= a.as_of_latest)
        )
        AND coalesce(a.scope_location_id, b.scope_location_id, '')
            = coalesce(b.scope_location_id, a.scope_location_id, '')
)
SELECT subject_table, subject_id, field, kind, claim_id, related_claim_id, gap
FROM pairs
WHERE clash
ORDER BY claim_id, related_claim_id, field

-- One row is what one policy would publish for one column of a record, or for the value of a figure, in words. A cell
-- of which only one `exists` claim of a dataset speaks has no row: the answer is the cell.
-- policy: The policy.
-- is_default: Whether it is the one by which the release shows values.
-- subject_table: The table of the record.
-- subject_id: Its key.
-- field: The column, or `value` of a figure.
-- resolution_status: resolved, hedged, disputed or open.
-- answer: The value, or the words of the hedge that leads, or that it is disputed; for a quantity with the interval
--   that the claims counted leave open, a square bracket including its end: `96 [95, 100]`,
--   `"more than 96" (96, 100]`. Numbers are rounded to two decimals here, and only here.
-- n_claims: Claims that the policy counts.
-- n_voices: Independent voices among them.
SELECT
    r.policy,
    p.is_default,
    r.subject_table,
    r.subject_id,
    r.field,
    r.resolution_status,
    CASE
        WHEN r.resolution_status IN ('disputed', 'open') THEN r.resolution_status
        WHEN r.field <> 'value' THEN r.value_text
        WHEN r.best IS NOT NULL THEN regexp_replace(CAST(round(r.best, 2) AS VARCHAR), '[.]0$', '')
        ELSE coalesce(
            '"' || r.best_raw || '"',
            (
                SELECT lower(k.label) FROM codes AS k
                WHERE k.code_list = 'comparator' AND k.code = r.best_comparator
            ),
            'no best'
        )
    END
    || CASE WHEN r.field <> 'value' OR (r.low = r.high AND r.best IS NOT NULL) THEN ''
        ELSE ' ' || CASE WHEN r.low IS NULL OR r.low_open THEN '(' ELSE '[' END
        || coalesce(regexp_replace(CAST(round(r.low, 2) AS VARCHAR), '[.]0$', ''), '…') || ', '
        || coalesce(regexp_replace(CAST(round(r.high, 2) AS VARCHAR), '[.]0$', ''), '…')
        || CASE WHEN r.high IS NULL OR r.high_open THEN ')' ELSE ']' END
    END AS answer,
    r.n_claims,
    r.n_voices
FROM resolutions AS r
JOIN policies AS p ON p.policy = r.policy
ORDER BY r.subject_table, r.subject_id, r.field, p.is_default DESC, r.policy

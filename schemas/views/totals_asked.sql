-- macro: totals_asked(of_measure, period, in_place)
-- What a total is asked for, once it is known to mean something: one row. An unknown measure, period or place is an
-- error that says what is expected; `incident_totals` and `source_totals` begin with it.
-- measure: The measure, a code of `measure`.
-- period: day, week, month, quarter, year, decade or century.
-- location_id: The place; empty for everywhere.
-- everywhere: Whether no place was named.
SELECT
    CASE
        WHEN EXISTS (SELECT 1 FROM codes AS k WHERE k.code_list = 'measure' AND k.code = of_measure) THEN of_measure
        ELSE error(
            '"' || coalesce(CAST(of_measure AS VARCHAR), 'NULL') || '" is no measure: events have numbers of '
            || coalesce(
                (
                    SELECT string_agg(DISTINCT f.measure, ', ' ORDER BY f.measure) FROM figures AS f
                    WHERE f.subject_table IN ('engagements', 'strikes') AND f.unit = 'count' AND f.item IS NULL
                ),
                'nothing'
            )
        )
    END AS measure,
    CASE
        WHEN period IN ('day', 'week', 'month', 'quarter', 'year', 'decade', 'century') THEN period
        ELSE error(
            '"' || coalesce(CAST(period AS VARCHAR), 'NULL')
            || '" is no period: day, week, month, quarter, year, decade or century'
        )
    END AS period,
    p.location_id,
    p.location_id IS NULL AS everywhere
FROM place_named(in_place) AS p
ORDER BY measure

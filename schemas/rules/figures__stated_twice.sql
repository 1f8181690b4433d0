-- is the same quantity as another figure in every respect
-- hint: A figure is the identity of a quantity: keep one, and let the claims of both be on it.
--
-- Empty cells count as equal; so do unit and description only if they are equal too.
SELECT max(figure_id) AS record_id, 'measure' AS field, measure AS value,
    'is the same quantity as ' || min(figure_id) || ' in every respect' AS message
FROM figures
GROUP BY subject_table, subject_id, measure, item, affected_actor_id, affected_group, related_table, related_id, unit,
    as_of, scope_location_id, comparison_class, counting_rule, part_of_id, description
HAVING count(*) > 1
ORDER BY ALL

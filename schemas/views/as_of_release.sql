-- macro: as_of_release(table_name, version)
-- A table as a release had it: FROM as_of_release('strikes', '0.1.0'). One row is one row of that table then.
-- It reads the Parquet files of unpacked archives: below the folder or https address in the variable `releases` stand
-- `bastions-0.1.0/`, `bastions-0.2.0/` and so on (SET VARIABLE releases = 'folder'). Where the variable is not set, the
-- releases are looked for beside the one in `base`, as views.sql knows it. `bastions query` sets the variable and opens
-- the files where it is given the folder, with --releases; without it, it reads nothing but its release. A join of
-- two versions by key shows what became of a record; `tombstones` says why one is gone.
-- *: The columns that the table had in that release, in its order.
SELECT *
FROM read_parquet(
    coalesce(getvariable('releases'), coalesce(getvariable('base'), '.') || '/..')
    || '/bastions-' || version || '/parquet/' || table_name || '.parquet'
)
ORDER BY ALL

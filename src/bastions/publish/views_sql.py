"""`views.sql`: the tables, views and macros of the release over its Parquet files, in a folder or at an https base."""

from __future__ import annotations

from collections.abc import Iterable

from bastions import dialects
from bastions.schema import Schema
from bastions.views import View

_HEAD = """\
-- {title} {version}: every table, view and macro, over the Parquet files of this release.
--
-- Read it into DuckDB 1.1 or newer; it makes views only and copies nothing. `base` is the folder or address that holds
-- `parquet/`; set it first, or be in that folder:
--
--     SET VARIABLE base = 'https://example.org/bastions-{version}';
--     .read views.sql
--
-- An https base needs DuckDB's extension httpfs, which it loads by itself where it may.
SET VARIABLE base = coalesce(getvariable('base'), '.');
"""


def text(schema: Schema, views: Iterable[View]) -> str:
    """The text of the file.

    Args:
        schema: The schema.
        views: The views and macros in an order in which they can be created, as `database.write` returns them.
    """
    statements = []
    for name in schema.load_order():
        statements.append(
            f'CREATE OR REPLACE VIEW "{name}" AS\n'
            f"SELECT * FROM read_parquet(getvariable('base') || '/parquet/{name}.parquet')"
        )
        statements += [
            comment.replace("COMMENT ON TABLE", "COMMENT ON VIEW", 1)
            for comment in dialects.duckdb_comments(schema.all_tables[name].published())
        ]
    for view in views:
        statements.append(view.create())
        statements += view.comments()
    head = _HEAD.format(title=schema.package["title"], version=schema.package["version"])
    return head + "".join(f"\n{statement};\n" for statement in statements)

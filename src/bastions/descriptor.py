"""`datapackage.json` of `data/`: what R, JavaScript and Frictionless users read.

Data Package v2 (https://datapackage.org/standard/data-package/), schemas inlined. It carries no bytes, hashes or row
counts, so that an edited cell leaves it alone; those are in the release's own descriptor.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from bastions import dialects
from bastions.schema import Schema, Table

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
DIALECT = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\n", "header": True}


def package(schema: Schema) -> dict[str, Any]:
    """The descriptor of the dataset as it stands in `data/`."""
    facts = schema.package
    return {
        "$schema": PROFILE,
        **{key: facts[key] for key in ("name", "title", "description", "version", "homepage") if key in facts},
        "keywords": facts.get("keywords", []),
        "licenses": facts["licenses"],
        "contributors": facts["contributors"],
        "resources": [_resource(schema, table) for table in schema.tables.values()],
    }


def _resource(schema: Schema, table: Table) -> dict[str, Any]:
    paths = [path.relative_to(schema.root).as_posix() for path in schema.parts(table.name)]
    # References to the release's derived tables cannot be followed in data/, where these do not exist.
    keys = tuple(fk for fk in table.foreign_keys if fk.table in schema.tables)
    return {
        "name": table.name,
        "type": "table",
        "title": table.title,
        "description": table.description,
        "path": paths[0] if len(paths) == 1 else paths or f"data/{table.name}/hand.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": DIALECT,
        "schema": dialects.table_schema(replace(table, foreign_keys=keys)),
    }


def text(descriptor: dict[str, Any]) -> str:
    """A descriptor as the text of its file."""
    return json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"

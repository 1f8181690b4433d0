"""`releases/lock.json`: the public contract of the last release, and how many rows its tables had.

Public is what a query or a program of somebody else can rest on: tables, columns with their order, types, limits and
keys, the codes of code lists, the columns of views, the policies. Of words (descriptions, labels, the SQL of a view)
the lock keeps a digest, so that a change of them is seen without being told.

A lock whose `released` is false says what the version will promise that is being worked on: nobody rests on it yet, so
it may be written anew, but only on purpose (`bastions release --lock-only`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bastions import dialects, resolve, views
from bastions.releasing import versions
from bastions.schema import Field, Schema, Table

FILE = "releases/lock.json"
FORMAT = 1
TABLES = "table"
"""The code list of the tables themselves, which is made from them: a table that goes is told once."""


class LockError(ValueError):
    """`releases/lock.json` is not what a release writes; the message says where."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock.

    Attributes:
        version: The version that it is of.
        released: Whether that version is out.
        rows: Rows of each table, the derived ones included.
        contract: What `contract` gave for its schema.
        ids: The SHA-256 of `releases/ids.parquet`; None where there is none.
    """

    version: str
    released: bool
    rows: Mapping[str, int]
    contract: Mapping[str, Any] = field(default_factory=dict)
    ids: str | None = None


def contract(schema: Schema) -> dict[str, Any]:
    """What of a schema is public, as plain data.

    Raises:
        ViewError: If a file of `schemas/views/` cannot be read.
    """
    policies, faults = resolve.load(schema)
    return {
        "tables": {name: _table(schema.all_tables[name].published()) for name in sorted(schema.load_order())},
        "codes": {
            name: {code.code: _digest(code.label, code.definition) for code in codes.codes.values()}
            for name, codes in sorted(schema.code_lists.items())
            if name != TABLES
        },
        "views": {view.name: _view(view) for view in sorted(views.load(schema), key=lambda view: view.name)},
        # Where a policy cannot be read, nothing is known of what is public.
        "policies": None
        if faults
        else {policy.name: _digest(policy.description, policy.select) for policy in policies},
        "default_policy": schema.package.get("default_policy"),
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "words": _digest(table.title, table.description),
        "primary_key": list(table.primary_key),
        "unique_keys": [list(key) for key in dialects.unique_keys(table) if key != table.primary_key],
        "foreign_keys": [
            {"fields": list(fk.fields), "table": fk.table, "target_fields": list(fk.target_fields)}
            for fk in table.foreign_keys
        ],
        "columns": [_column(table, column) for column in table.fields],
    }


_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "pattern")


def _column(table: Table, column: Field) -> dict[str, Any]:
    limits = {name: getattr(column.constraints, name) for name in _LIMITS}
    found = {
        "name": column.name,
        "type": column.type,
        "required": column.constraints.required or column.name in table.primary_key,
        "edtf": column.edtf,
        "unit": column.unit,
        "codes": column.codes.name if column.codes else None,
        **{name: None if limit is None else dialects.written(column, limit) for name, limit in limits.items()},
        "words": _digest(column.title or "", column.description),
    }
    return {name: value for name, value in found.items() if value not in (None, False)}


def _view(view: views.View) -> dict[str, Any]:
    return {
        "parameters": None if view.parameters is None else list(view.parameters),
        "columns": list(view.columns),
        "words": _digest(view.description, view.select, *view.columns.values()),
    }


def _digest(*texts: str) -> str:
    """A few letters that differ when the texts do."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


def text(lock: Lock) -> str:
    """A lock as the text of its file: JSON, what fits on a line on one line, so that a diff of it can be read."""
    value: dict[str, Any] = {
        "format": FORMAT,
        "version": lock.version,
        "released": lock.released,
        "rows": dict(sorted(lock.rows.items())),
    }
    if lock.ids is not None:
        value["ids"] = lock.ids
    return _json({**value, **lock.contract}) + "\n"


def _json(value: Any, indent: int = 0) -> str:
    line = json.dumps(value, ensure_ascii=False)
    if not value or (len(line) + indent <= 140 and (indent or not isinstance(value, dict))):
        return line
    pad, inner = " " * indent, " " * (indent + 2)
    if isinstance(value, dict):
        parts = [f"{inner}{json.dumps(key)}: {_json(item, indent + 2)}" for key, item in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{pad}}}"
    if isinstance(value, list):
        return "[\n" + ",\n".join(inner + _json(item, indent + 2) for item in value) + f"\n{pad}]"
    return line


_TEXT: dict[str, Any] = {"type": "string"}
_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT, "uniqueItems": True}
_WORDS: dict[str, Any] = {"type": "object", "additionalProperties": _TEXT}


def _object(required: Mapping[str, Any], more: Any = False) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": required,
        "required": list(required),
        "additionalProperties": more,
    }


_LIMIT = {"type": ["string", "integer", "number", "boolean"]}
_TABLE = _object(
    {
        "words": _TEXT,
        "primary_key": _TEXTS,
        "unique_keys": {"type": "array", "items": _TEXTS},
        "foreign_keys": {
            "type": "array",
            "items": _object({"fields": _TEXTS, "table": _TEXT, "target_fields": _TEXTS}),
        },
        "columns": {"type": "array", "items": _object({"name": _TEXT, "type": _TEXT, "words": _TEXT}, _LIMIT)},
    }
)
_VIEW = _object({"parameters": {"anyOf": [_TEXTS, {"type": "null"}]}, "columns": _TEXTS, "words": _TEXT})
_CONTRACT = {
    "tables": {"type": "object", "additionalProperties": _TABLE},
    "codes": {"type": "object", "additionalProperties": _WORDS},
    "views": {"type": "object", "additionalProperties": _VIEW},
    "policies": {"anyOf": [_WORDS, {"type": "null"}]},
    "default_policy": {"type": ["string", "null"]},
}
_LOCK = _object(
    {
        "format": {"type": "integer"},
        "version": _TEXT,
        "released": {"type": "boolean"},
        "rows": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
        **_CONTRACT,
    },
    {"type": ["string", "null"]},
)
"""The form of a lock, as JSON Schema: what `changes` relies on."""


def parse(data: bytes) -> Lock:
    """Reads a lock.

    Raises:
        LockError: If it is not one.
    """
    import jsonschema

    try:
        value = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise LockError(f"is not JSON: {error}") from None
    if not isinstance(value, dict) or type(value.get("format")) is not int or value["format"] != FORMAT:
        raise LockError(f"has another format than {FORMAT}, the one that is known here")
    if wrong := jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(_LOCK).iter_errors(value)):
        where = "/".join(str(part) for part in wrong.absolute_path)
        raise LockError(f"is not as a release writes it: /{where}: {wrong.message[:300]}")
    if versions.parse(value["version"]) is None:
        raise LockError(f"has no version like 1.4.0, but {value['version']!r}")
    if missing := value["tables"].keys() ^ value["rows"].keys():
        raise LockError(f"does not say of the same tables what they are and how many rows they had: {min(missing)}")
    for name, table in value["tables"].items():
        columns = [column["name"] for column in table["columns"]]
        if len(set(columns)) < len(columns):
            raise LockError(f"has a column of {name} twice")
    found = {name: value[name] for name in _CONTRACT}
    return Lock(value["version"], value["released"], value["rows"], found, value.get("ids"))

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


_EACH: Mapping[str, type | tuple[type, ...]] = {
    "tables": dict,
    "codes": dict,
    "views": dict,
    "policies": (dict, type(None)),
    "default_policy": (str, type(None)),
}
_OF_A_TABLE: Mapping[str, type] = {
    "words": str,
    "primary_key": list,
    "unique_keys": list,
    "foreign_keys": list,
    "columns": list,
}


def parse(data: bytes) -> Lock:
    """Reads a lock.

    Raises:
        LockError: If it is not one.
    """
    try:
        value = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise LockError(f"is not JSON: {error}") from None
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise LockError(f"has another format than {FORMAT}, the one that is known here")
    version, released, rows, ids = (value.get(name) for name in ("version", "released", "rows", "ids"))
    if not isinstance(version, str) or versions.parse(version) is None:
        raise LockError(f"has no version like 1.4.0, but {version!r}")
    if not isinstance(released, bool):
        raise LockError("does not say, true or false, whether its version is released")
    if not isinstance(rows, dict) or any(type(n) is not int or n < 0 for n in rows.values()):
        raise LockError("does not say how many rows each table had")
    if ids is not None and not isinstance(ids, str):
        raise LockError("has no digest of ids.parquet, but something else")
    found = {name: value.get(name) for name in _EACH}
    if wrong := [name for name, kind in _EACH.items() if name not in value or not isinstance(found[name], kind)]:
        raise LockError(f"has nothing, or something else, where {wrong[0]} should be")
    if not _is_contract(found):
        raise LockError("does not describe tables, codes and views as a release writes them")
    return Lock(version, released, rows, found, ids)


def _is_contract(found: Mapping[str, Any]) -> bool:
    """Whether everything has the form on which `changes` relies."""
    tables = found["tables"].values()
    if not all(
        isinstance(t, dict) and all(isinstance(t.get(k), kind) for k, kind in _OF_A_TABLE.items()) for t in tables
    ):
        return False
    columns = [column for table in tables for column in table["columns"]]
    keys = [key for table in tables for key in table["foreign_keys"]]
    names = [name for table in tables for key in (table["primary_key"], *table["unique_keys"]) for name in key]
    views_ = found["views"].values()
    return (
        all(isinstance(c, dict) and isinstance(c.get("name"), str) and isinstance(c.get("type"), str) for c in columns)
        and all(
            isinstance(k, dict)
            and isinstance(k.get("fields"), list)
            and isinstance(k.get("table"), str)
            and isinstance(k.get("target_fields"), list)
            for k in keys
        )
        and all(isinstance(name, str) for name in names)
        and all(isinstance(codes, dict) for codes in found["codes"].values())
        and all(isinstance(v, dict) and isinstance(v.get("columns"), list) and "parameters" in v for v in views_)
    )

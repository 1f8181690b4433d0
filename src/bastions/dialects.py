"""One `Table`, said in five dialects: polars, pandera, Arrow, DuckDB and Frictionless. Pure functions.

`TYPES` and `CONSTRAINTS` are the only places that know what a type or a constraint is called elsewhere: adding one is
adding one entry.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa

from bastions.schema import Field, Table

if TYPE_CHECKING:
    import pandera.polars as pandera


@dataclass(frozen=True, slots=True)
class Type:
    """A Table Schema type elsewhere.

    Attributes:
        lexical: The one form in which a cell of this repository writes it, as a full match; ASCII digits alone.
        article: How a message names it, after "is not".
    """

    polars: pl.DataType
    arrow: pa.DataType
    duckdb: str
    lexical: str | None
    article: str


TYPES: dict[str, Type] = {
    "string": Type(pl.String(), pa.string(), "VARCHAR", None, "text"),
    "integer": Type(pl.Int64(), pa.int64(), "BIGINT", "0|-?[1-9][0-9]*", "a whole number of at most 64 bits"),
    "number": Type(
        pl.Float64(),
        pa.float64(),
        "DOUBLE",
        "0|-?[1-9][0-9]*|-?(0|[1-9][0-9]*)[.][0-9]*[1-9]",
        "a plain decimal number without needless zeros, of at most some 15 digits",
    ),
    "boolean": Type(pl.Boolean(), pa.bool_(), "BOOLEAN", "true|false", "true or false"),
    "date": Type(pl.Date(), pa.date32(), "DATE", "[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day that exists, as 2017-11-03"),
    "time": Type(pl.Time(), pa.time64("us"), "TIME", "[0-9]{2}:[0-9]{2}:[0-9]{2}", "a time that exists, as 23:59:00"),
}


def _checks() -> dict[str, Callable[[Any], Any]]:
    from pandera.polars import Check

    return {
        "minimum": lambda limit: Check.ge(limit, error="minimum"),
        "maximum": lambda limit: Check.le(limit, error="maximum"),
        "minLength": lambda limit: Check.str_length(min_value=limit, error="minLength"),
        "maxLength": lambda limit: Check.str_length(max_value=limit, error="maxLength"),
        # pandera compiles a pattern with Python and runs it in polars: a search, so it is anchored here.
        "pattern": lambda limit: Check.str_matches(f"^(?:{limit})$", error="pattern"),
        "enum": lambda limit: Check.isin(limit, error="enum"),
    }


CONSTRAINTS = ("minimum", "maximum", "minLength", "maxLength", "pattern", "enum")
"""The constraints that one cell alone can break; `required` is nullability, uniqueness a matter of keys."""


def polars_schema(table: Table) -> dict[str, pl.DataType]:
    """The columns and polars types of a table."""
    return {column.name: TYPES[column.type].polars for column in table.fields}


def pandera_schema(table: Table) -> pandera.DataFrameSchema:
    """The pandera schema of a table, for eager polars frames (on lazy ones pandera checks no data).

    A failed check is reported under the name of its constraint. Uniqueness is left to the key stage, since pandera
    counts nulls as equal.
    """
    from pandera.polars import Column, DataFrameSchema

    make = _checks()
    columns = {}
    for column in table.fields:
        limits = {name: getattr(column.constraints, name) for name in CONSTRAINTS}
        checks = [make[name](limit) for name, limit in limits.items() if limit is not None]
        columns[column.name] = Column(
            TYPES[column.type].polars,
            checks=checks,
            nullable=not column.constraints.required,
            description=column.description,
            title=column.title,
        )
    return DataFrameSchema(columns, strict=True, ordered=True, name=table.name, description=table.description)


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema; descriptions and units are field metadata, the Table Schema is metadata of the whole."""
    fields = []
    for column in table.fields:
        metadata = {"description": column.description}
        if column.unit:
            metadata["unit"] = column.unit
        nullable = not (column.constraints.required or column.name in table.primary_key)
        fields.append(pa.field(column.name, TYPES[column.type].arrow, nullable, metadata))
    described = {"title": table.title, "description": table.description}
    return pa.schema(
        fields, metadata={**described, "table_schema": json.dumps(table_schema(table), ensure_ascii=False)}
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def duckdb_table(table: Table) -> str:
    """The `CREATE TABLE` of a table, with its primary key and foreign keys.

    Each foreign key has an index as large as the table. Those of derived tables hold by the way in which these are
    made; they stand in the descriptor alone.
    """
    lines = []
    for column in table.fields:
        required = column.constraints.required or column.name in table.primary_key
        lines.append(f'"{column.name}" {TYPES[column.type].duckdb}{" NOT NULL" if required else ""}')
    if table.primary_key:
        lines.append(f"PRIMARY KEY ({', '.join(table.primary_key)})")
    lines += [
        f"FOREIGN KEY ({', '.join(fk.fields)}) REFERENCES {fk.table} ({', '.join(fk.target_fields)})"
        for fk in table.foreign_keys
        if table.kind != "derived"
    ]
    return f'CREATE TABLE "{table.name}" (\n  ' + ",\n  ".join(lines) + "\n)"


def duckdb_comments(table: Table) -> list[str]:
    """The `COMMENT ON` statements of a table and its columns."""
    return [f'COMMENT ON TABLE "{table.name}" IS {_quoted(f"{table.title}. {table.description}")}'] + [
        f'COMMENT ON COLUMN "{table.name}"."{column.name}" IS {_quoted(comment(column))}' for column in table.fields
    ]


def comment(column: Field) -> str:
    """A column's description, with its unit and the list of its codes."""
    text = column.description
    if column.unit:
        text += f" Unit: {column.unit}."
    if column.codes:
        text += f" Codes: {column.codes.name}."
    return text


def table_schema(table: Table) -> dict[str, Any]:
    """The table as a Table Schema (Data Package v2), with codes as `enum` and as labelled `categories`."""
    schema: dict[str, Any] = {
        "fields": [_descriptor(table, column) for column in table.fields],
        "missingValues": [""],
        "primaryKey": list(table.primary_key),
    }
    if table.foreign_keys:
        schema["foreignKeys"] = [
            {
                "fields": list(fk.fields),
                "reference": {
                    # An omitted resource is the table itself.
                    **({} if fk.table == table.name else {"resource": fk.table}),
                    "fields": list(fk.target_fields),
                },
            }
            for fk in table.foreign_keys
        ]
    return schema


def _descriptor(table: Table, column: Field) -> dict[str, Any]:
    found: dict[str, Any] = {"name": column.name, "type": column.type}
    if column.title:
        found["title"] = column.title
    found["description"] = column.description
    limits = column.constraints
    constraints: dict[str, Any] = {}
    if limits.required:
        constraints["required"] = True
    if table.primary_key == (column.name,):
        constraints["unique"] = True
    for name in CONSTRAINTS:
        limit = getattr(limits, name)
        if limit is not None:
            constraints[name] = list(limit) if isinstance(limit, tuple) else limit
    if constraints:
        found["constraints"] = constraints
    if column.codes:
        found["categories"] = [{"value": c.code, "label": c.label} for c in column.codes.codes.values()]
        found["codes"] = column.codes.name
    for name in ("unit", "edtf", "claim_required"):
        if value := getattr(column, name):
            found[name] = value
    return found

"""One `Table`, said in five dialects: polars, pandera, Arrow, DuckDB and Frictionless. Pure functions.

`TYPES` and `CONSTRAINTS` are the only places that know what a type or a constraint is called elsewhere: adding one is
adding one entry.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa

from bastions import patterns
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
    "datetime": Type(pl.Datetime("us"), pa.timestamp("us"), "TIMESTAMP", None, "a date and time"),
    "year": Type(pl.Int32(), pa.int32(), "INTEGER", None, "a year"),
    "yearmonth": Type(pl.String(), pa.string(), "VARCHAR", None, "a year and month, as 2017-11"),
    "duration": Type(pl.String(), pa.string(), "VARCHAR", None, "a duration, as P1DT2H"),
    "object": Type(pl.String(), pa.string(), "VARCHAR", None, "a JSON object"),
    "array": Type(pl.String(), pa.string(), "VARCHAR", None, "a JSON array"),
    "list": Type(pl.String(), pa.string(), "VARCHAR", None, "a list"),
    "geopoint": Type(pl.String(), pa.string(), "VARCHAR", None, "a geographic point"),
    "geojson": Type(pl.String(), pa.string(), "VARCHAR", None, "a GeoJSON object"),
    "any": Type(pl.String(), pa.string(), "VARCHAR", None, "text"),
}
"""Every type of Table Schema. What has no counterpart in Parquet and DuckDB stays text, checked: a duration, JSON.

The lexical form is that of `schemas/`; those of other packages follow the specification, in `tabular.fields.values`.
"""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A Table Schema constraint elsewhere, as far as one cell of a typed column alone can break it.

    Attributes:
        types: The types of Table Schema on whose typed columns it can be judged as it is. On the others (a duration,
            a list, JSON: all text here) it is a matter of what the text means, see `tabular.fields.meanings`.
        check: The built-in check of pandera, by its name and parameters.
        good: The same as a polars expression of the cell; null where the cell is.
    """

    types: tuple[str, ...]
    check: Callable[[Any], tuple[str, dict[str, Any]]]
    good: Callable[[pl.Expr, Any], pl.Expr]


_ORDERED = ("integer", "number", "date", "time", "datetime", "year")
_TEXTS = ("string", "any")


def _matched(cell: pl.Expr, limit: str) -> pl.Expr:
    return cell.str.contains(patterns.compile(limit).rust or "")


CONSTRAINTS: dict[str, Constraint] = {
    "minimum": Constraint(_ORDERED, lambda limit: ("ge", {"min_value": limit}), pl.Expr.ge),
    "maximum": Constraint(_ORDERED, lambda limit: ("le", {"max_value": limit}), pl.Expr.le),
    "exclusiveMinimum": Constraint(_ORDERED, lambda limit: ("gt", {"min_value": limit}), pl.Expr.gt),
    "exclusiveMaximum": Constraint(_ORDERED, lambda limit: ("lt", {"max_value": limit}), pl.Expr.lt),
    "minLength": Constraint(
        _TEXTS, lambda limit: ("str_length", {"min_value": limit}), lambda cell, limit: cell.str.len_chars() >= limit
    ),
    "maxLength": Constraint(
        _TEXTS, lambda limit: ("str_length", {"max_value": limit}), lambda cell, limit: cell.str.len_chars() <= limit
    ),
    # pandera's own check of patterns compiles them with Python, which does not know all that Rust does.
    "pattern": Constraint(_TEXTS, lambda limit: ("", {}), _matched),
    "enum": Constraint(
        (*_ORDERED, *_TEXTS, "boolean"),
        lambda limit: ("isin", {"allowed_values": limit}),
        lambda cell, limit: cell.is_in(limit),
    ),
    "categories": Constraint(
        (*_ORDERED, *_TEXTS, "boolean"),
        lambda limit: ("isin", {"allowed_values": limit}),
        lambda cell, limit: cell.is_in(limit),
    ),
    "jsonSchema": Constraint((), lambda limit: ("", {}), lambda cell, limit: cell),
}
"""The constraints that one cell alone can break; `required` is nullability, uniqueness a matter of keys.

`categories`, which Table Schema has beside the constraints, restrict a column as `enum` does.
"""


def limit(column: Field, constraint: str) -> Any:
    """What a column says of a constraint; None where nothing.

    Of the codes of a column of `schemas/`, which are its `categories` in a descriptor, `enum` says all.
    """
    return column.categories if constraint == "categories" else getattr(column.constraints, constraint)


def native(column: Field) -> dict[str, Any]:
    """The constraints of a column that polars and pandera judge, with limits as values that polars can compare.

    A pattern that Rust cannot run is not among them.
    """
    found = {}
    for name, constraint in CONSTRAINTS.items():
        given = limit(column, name)
        if given is None or column.type not in constraint.types:
            continue
        if name == "pattern" and patterns.compile(given).rust is None:
            continue
        found[name] = tuple(_comparable(column, x) for x in given) if isinstance(given, tuple) else given
        if not isinstance(given, tuple | str):
            found[name] = _comparable(column, given)
    return found


def good(column: Field, cell: pl.Expr) -> dict[str, pl.Expr]:
    """By constraint, whether a cell of a column keeps it; null where the cell is null."""
    found = {name: CONSTRAINTS[name].good(cell, given) for name, given in native(column).items()}
    if _bounded(column):
        found[NAN] = cell.is_not_nan()
    return found


NAN = "NaN"
"""What is told of NaN in a column of numbers with bounds: it is neither above nor below anything, and keeps none."""


def _bounded(column: Field) -> bool:
    bounds = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    return column.type == "number" and any(limit(column, name) is not None for name in bounds)


def _comparable(column: Field, value: Any) -> Any:
    """A limit as polars can compare it with the values of a column: none of its types holds integers of any size."""
    if column.type == "number" and isinstance(value, int):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    if isinstance(value, int) and not isinstance(value, bool):
        return max(-_HUGE, min(value, _HUGE))  # beyond every integer of a column, on the same side
    return value


_HUGE = 2**66


def _checks(column: Field) -> list[pandera.Check]:
    """The checks of a column, each reported under the name of its constraint."""
    from pandera.polars import Check

    checks = []
    for name, given in native(column).items():
        kind, options = CONSTRAINTS[name].check(given)
        if kind:
            checks.append(getattr(Check, kind)(**options, error=name))
        else:
            checks.append(Check(_condition(partial(_kept, CONSTRAINTS[name], given)), error=name))
    if _bounded(column):
        checks.append(Check(_condition(pl.Expr.is_not_nan), error=NAN))
    return checks


def _kept(constraint: Constraint, given: Any, cell: pl.Expr) -> pl.Expr:
    return constraint.good(cell, given)


def _condition(good: Callable[[pl.Expr], pl.Expr]) -> Callable[[pandera.PolarsData], pl.LazyFrame]:
    return lambda data: data.lazyframe.select(good(pl.col(data.key)))


def polars_schema(table: Table) -> dict[str, pl.DataType]:
    """The columns and polars types of a table."""
    return {column.name: TYPES[column.type].polars for column in table.fields}


def pandera_schema(table: Table) -> pandera.DataFrameSchema:
    """The pandera schema of a table, for eager polars frames (on lazy ones pandera checks no data).

    A failed check is reported under the name of its constraint, a missing value as `not_nullable`. Uniqueness is left
    to the key stage, since pandera counts nulls as equal. What polars cannot judge is left to `tabular.fields.cells`:
    what the text of a duration, list or JSON means, and patterns that only Python's engine can run.

    A column whose name polars takes as a pattern (`*`, `^…$`) has to be renamed before.
    """
    from pandera.polars import Check, Column, DataFrameSchema

    columns = {}
    for column in table.fields:
        checks = _checks(column)
        required = column.constraints.required
        if required and column.type == "number":
            # To pandera NaN is no value; to Table Schema it is a number.
            checks.append(Check(_condition(pl.Expr.is_not_null), error="not_nullable", ignore_na=False))
        columns[column.name] = Column(
            TYPES[column.type].polars,
            checks=checks,
            nullable=not required or column.type == "number",
            description=column.description,
            title=column.title,
        )
    return DataFrameSchema(columns, strict=True, ordered=True, name=table.name, description=table.description)


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema; descriptions and units are field metadata, the Table Schema is metadata of the whole."""
    fields = []
    for column in table.fields:
        metadata = {"description": column.description} if column.description else {}
        if column.unit:
            metadata["unit"] = column.unit
        nullable = not (column.constraints.required or column.name in table.primary_key)
        fields.append(pa.field(column.name, TYPES[column.type].arrow, nullable, metadata))
    described = {"title": table.title, "description": table.description}
    return pa.schema(
        fields, metadata={**described, "table_schema": json.dumps(table_schema(table), ensure_ascii=False)}
    )


def quoted(text: str) -> str:
    """A text as SQL takes it, without NUL."""
    return "'" + text.replace("'", "''").replace("\0", "") + "'"


def identifier(name: str) -> str:
    """A name as SQL takes it, whatever it is made of. DuckDB tells no large letters from small, even so."""
    return '"' + name.replace('"', '""') + '"'


def _identifiers(names: Iterable[str]) -> str:
    return ", ".join(map(identifier, names))


def duckdb_table(table: Table) -> str:
    """The `CREATE TABLE` of a table, with its primary key, unique keys and foreign keys.

    Each key has an index as large as the table. The foreign keys of derived tables hold by the way in which these are
    made; they stand in the descriptor alone. DuckDB takes a foreign key only to what is a key there, and not in a
    circle: whoever makes the tables leaves the others out.
    """
    lines = []
    for column in table.fields:
        required = column.constraints.required or column.name in table.primary_key
        lines.append(f"{identifier(column.name)} {TYPES[column.type].duckdb}{' NOT NULL' if required else ''}")
    if table.primary_key:
        lines.append(f"PRIMARY KEY ({_identifiers(table.primary_key)})")
    lines += [f"UNIQUE ({_identifiers(key)})" for key in unique_keys(table) if key != table.primary_key]
    lines += [
        f"FOREIGN KEY ({_identifiers(fk.fields)}) REFERENCES {identifier(fk.table)} ({_identifiers(fk.target_fields)})"
        for fk in table.foreign_keys
        if table.kind != "derived"
    ]
    return f"CREATE TABLE {identifier(table.name)} (\n  " + ",\n  ".join(lines) + "\n)"


def unique_keys(table: Table) -> list[tuple[str, ...]]:
    """Each set of columns in which no two rows agree, once: the primary key, if any, unique columns, `uniqueKeys`."""
    singles = ((column.name,) for column in table.fields if column.constraints.unique)
    once: dict[frozenset[str], tuple[str, ...]] = {}
    for key in (table.primary_key, *singles, *table.unique_keys):
        if key:
            once.setdefault(frozenset(key), key)
    return list(once.values())


def duckdb_comments(table: Table) -> list[str]:
    """The `COMMENT ON` statements of a table and its columns."""
    name = identifier(table.name)
    about = ". ".join(part for part in (table.title, table.description) if part)
    return [f"COMMENT ON TABLE {name} IS {quoted(about)}"] + [
        f"COMMENT ON COLUMN {name}.{identifier(column.name)} IS {quoted(comment(column))}" for column in table.fields
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
    missing = {column.missing for column in table.fields}
    common = missing.pop() if len(missing) == 1 else ("",)
    schema: dict[str, Any] = {
        "fields": [_descriptor(table, column, common) for column in table.fields],
        "missingValues": list(common),
    }
    if table.primary_key:
        schema["primaryKey"] = list(table.primary_key)
    if table.unique_keys:
        schema["uniqueKeys"] = [list(key) for key in table.unique_keys]
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


def _descriptor(table: Table, column: Field, missing: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {"name": column.name, "type": column.type}
    if column.format != "default":
        found["format"] = column.format
    if column.title:
        found["title"] = column.title
    if column.description:
        found["description"] = column.description
    found |= {name: list(x) if isinstance(x, tuple) else x for name, x in column.options.items()}
    if column.missing != missing:
        found["missingValues"] = list(column.missing)
    limits = column.constraints
    constraints: dict[str, Any] = {}
    if limits.required:
        constraints["required"] = True
    if limits.unique or table.primary_key == (column.name,):
        constraints["unique"] = True
    for name in CONSTRAINTS:
        given = limit(column, name)
        if given is not None and name != "categories":
            constraints[name] = [written(column, x) for x in given] if isinstance(given, tuple) else given
            if name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
                constraints[name] = written(column, given)
    if constraints:
        found["constraints"] = constraints
    if column.codes:
        found["categories"] = [{"value": c.code, "label": c.label} for c in column.codes.codes.values()]
        found["codes"] = column.codes.name
    elif column.categories is not None:
        found["categories"] = [written(column, value) for value in column.categories]
    for name in ("unit", "edtf", "claim_required"):
        if value := getattr(column, name):
            found[name] = value
    return found


def written(column: Field, value: Any) -> Any:
    """A value of a column as JSON has it, in the column's format where that matters."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"
    if isinstance(value, date | time):
        return value.strftime(column.format) if "%" in column.format else value.isoformat()
    # Descriptors have 40, not 40.0; beyond this a double has more digits than anybody wrote.
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value

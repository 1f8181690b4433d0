"""The relations that the release holds and that rules and queries run on: tables, derived tables, views and macros.

`published` makes the frames, `connect` puts them into DuckDB. Tables come without keys here, since a rule must be able
to look at data that break them; `publish.database` makes the file with keys and comments, and `publish.views_sql` the
views over Parquet. What a view is, is told in `views`, and how policies are run in `resolve`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from bastions import dialects, edtf, quantities, resolve, views
from bastions.quantities import Hedge
from bastions.schema import Schema, Table

if TYPE_CHECKING:
    from bastions.dataset import Dataset


# --------------------------------------------------------------------------------------------------------------------
# Frames


def published(dataset: Dataset) -> dict[str, pl.DataFrame]:
    """Every table of the release, typed, sorted by its key, in load order.

    Args:
        dataset: The tables of `data/`, as `dataset.read` gives them.

    Returns:
        The frames by name: those of `data/` with the bounds of their dates, and the derived ones.

    Raises:
        PolicyError: If a policy cannot be used.
        ViewError: If a view on which derived tables rest does not compile.
    """
    schema = dataset.schema
    made = given(dataset)
    with connect(schema, made, with_views=False) as connection:
        if faults := derive(connection, dataset):
            raise resolve.PolicyError([f"{fault.file}: policy: {fault.message}" for fault in faults])
        for name in resolve.MADE:
            frame = pl.DataFrame(connection.sql(f"FROM {name}").to_arrow_table())
            types = pl.Schema(dialects.polars_schema(schema.derived[name].published()))
            made[name] = frame.select(types.names()).cast(types)
    return {name: made[name].sort(schema.all_tables[name].primary_key) for name in schema.load_order()}


def derive(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> list[resolve.Fault]:
    """Makes the tables `resolve.MADE` in a connection that has those of `given`; what is wrong with policies."""
    policies, faults = resolve.load(dataset.schema)
    return faults + resolve.derive(connection, dataset.schema, policies)


def given(dataset: Dataset) -> dict[str, pl.DataFrame]:
    """The tables of the release save those that SQL makes (`resolve.MADE`), typed.

    A cell that is no EDTF date gives empty bounds, and of rows with one key the first is taken; both are for the
    validator to report, and a release is only made of data in which neither occurs.
    """
    schema = dataset.schema
    typed = {name: _once(schema.all_tables[name], frame) for name, frame in dataset.typed.items()}
    policies, _ = resolve.load(schema)
    default = schema.package.get("default_policy")
    made = {name: with_bounds(table, typed[name]) for name, table in schema.tables.items()}
    rows: dict[str, Sequence[tuple[Any, ...]]] = {
        "records": _records(schema, typed),
        "codes": _codes(schema),
        "code_attributes": _code_attributes(schema),
        "crosswalks": _crosswalks(schema),
        "columns": _columns(schema),
        "quantities": _quantities(schema, typed),
        "claim_dates": _claim_dates(schema, typed),
        "policies": [(p.name, p.name == default, p.description, ", ".join(p.steps), p.select) for p in policies],
    }
    for name, found in rows.items():
        types = dialects.polars_schema(schema.derived[name].published())
        made[name] = pl.DataFrame(found, schema=types, orient="row")
    return made


def _once(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows without those whose key stood before; a row without a key is kept."""
    key = pl.col(table.key)
    return (
        frame
        if frame[table.key].drop_nulls().is_unique().all()
        else frame.filter(key.is_null() | key.is_first_distinct())
    )


def with_bounds(table: Table, frame: pl.DataFrame, as_text: bool = False) -> pl.DataFrame:
    """The frame with the columns of `Table.published`: the first and last day of each EDTF date.

    Args:
        table: The table as `schemas/` has it.
        frame: Its cells, typed or as text.
        as_text: Whether the days are wanted as text too.

    Returns:
        The frame with the columns that the release adds, in the release's order.
    """
    columns: list[pl.Series] = []
    for column in table.fields:
        cells = frame.get_column(column.name)
        columns.append(cells)
        if not column.edtf:
            continue
        days = {text: _bounds(text) for text in cells.unique().to_list()}
        for end, part in (("earliest", 0), ("latest", 1)):
            found = pl.Series(f"{column.name}_{end}", [days[text][part] for text in cells.to_list()], pl.Date)
            columns.append(found.cast(pl.String) if as_text else found)
    return pl.DataFrame(columns)


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """The cells of a derived table as text, as a CSV file writes them."""
    numbers = [name for name, kind in frame.schema.items() if kind == pl.Float64]
    return frame.with_columns(_written(frame[name]) for name in numbers).with_columns(pl.all().cast(pl.String))


def _written(numbers: pl.Series) -> pl.Series:
    """Numbers as text; few of them differ, so each is written once."""
    known = numbers.drop_nulls().unique()
    return numbers.replace_strict(known, [_plain(x) for x in known], default=None, return_dtype=pl.String)


def _plain(number: float) -> str:
    """A number as this repository's CSV files write it: 96, 33.33, never 1e5."""
    return format(Decimal(repr(number)).normalize(), "f")


def _bounds(text: str | None) -> edtf.Bounds:
    try:
        return edtf.bounds(text) if text else (None, None)
    except ValueError:
        return None, None


def _records(schema: Schema, frames: Mapping[str, pl.DataFrame]) -> list[tuple[str, str]]:
    return [
        (name, key)
        for name, table in schema.subjects.items()
        for key in frames[name].get_column(table.key).drop_nulls().unique().to_list()
    ]


def _codes(schema: Schema) -> list[tuple[str, ...]]:
    return [
        (codes.name, code.code, code.label, code.definition)
        for codes in schema.code_lists.values()
        for code in codes.codes.values()
    ]


def _code_attributes(schema: Schema) -> list[tuple[str, ...]]:
    return [
        (codes.name, code.code, attribute, value)
        for codes in schema.code_lists.values()
        for code in codes.codes.values()
        for attribute, value in code.attributes.items()
    ]


def _crosswalks(schema: Schema) -> list[tuple[str | None, ...]]:
    return [
        (codes.name, code.code, walk.system, walk.code, walk.match, walk.note)
        for codes in schema.code_lists.values()
        for code in codes.codes.values()
        for walk in code.crosswalk
    ]


def _columns(schema: Schema) -> list[tuple[str | bool | None, ...]]:
    rows: list[tuple[str | bool | None, ...]] = []
    for table in (*schema.tables.values(), *schema.derived.values()):
        refers = {fk.fields[0]: fk.table for fk in table.foreign_keys if len(fk.fields) == 1}
        rows += [
            (
                table.name,
                column.name,
                column.type,
                column.edtf,
                column.unit,
                column.codes.name if column.codes else None,
                refers.get(column.name),
                column.claim_required,
                column.description,
            )
            for column in table.fields
        ]
    return rows


def _quantities(schema: Schema, frames: Mapping[str, pl.DataFrame]) -> list[tuple[Any, ...]]:
    """The bounds of every claim on the value of a figure whose unit can be converted to the figure's."""

    def facts(code_list: str) -> dict[str, Mapping[str, str]]:
        return {code.code: code.attributes for code in schema.code_lists[code_list].codes.values()}

    hedges = {code: Hedge.of(attributes) for code, attributes in facts("comparator").items()}
    origins = {code for code, attributes in facts("value_origin").items() if attributes["digits"] == "made"}
    units, measures = facts("unit"), facts("measure")
    figures = {
        key: (measure, unit) for key, measure, unit in frames["figures"]["figure_id", "measure", "unit"].iter_rows()
    }
    told = frames["claims"].filter(
        (pl.col("subject_table") == "figures") & (pl.col("field") == "value") & pl.col("claim_id").is_not_null()
    )
    wanted = ["claim_id", "subject_id", "comparator", "unit", "value_origin", "value", "value_min", "value_max"]
    rows = dict[str, tuple[Any, ...]]()
    for key, figure, comparator, unit, origin, value, least, greatest in told.select(wanted).iter_rows():
        measure, base = figures.get(figure, (None, None))
        if comparator not in hedges or measure not in measures or base not in units or (unit or base) not in units:
            continue
        near, far = units[unit or base], units[base]
        if near["dimension"] != far["dimension"]:
            continue
        factor = 1.0 if unit in (None, base) else float(near["factor"]) / float(far["factor"])
        step = quantities.step(value, origin in origins) if value is not None else None
        told_as = quantities.Quantity(hedges[comparator], value, least, greatest, step, measures[measure]["dimension"])
        quantity = told_as.scaled(factor)
        bounds = quantity.interval()
        rows[key] = (
            key,
            bounds.low,
            bounds.low_open if bounds.low is not None else None,
            bounds.low_assumed,
            bounds.high,
            bounds.high_open if bounds.high is not None else None,
            bounds.high_assumed,
            quantity.point,
            quantity.least if quantity.value is None else quantity.value,
            quantity.greatest if quantity.value is None else quantity.value,
            quantity.step,
            factor != 1.0,
        )
    return list(rows.values())


def _claim_dates(schema: Schema, frames: Mapping[str, pl.DataFrame]) -> list[tuple[Any, ...]]:
    """The days that the dates of claims can mean: on a date column, or covered by an `exists` claim."""
    temporal = {name: [f.name for f in table.fields if f.edtf] for name, table in schema.subjects.items()}
    cells = {
        name: {row[table.key]: row for row in frames[name].select(table.key, *temporal[name]).to_dicts()}
        for name, table in schema.subjects.items()
    }
    rows = dict[tuple[str, str], tuple[Any, ...]]()
    wanted = ["claim_id", "subject_table", "subject_id", "field", "covers", "value_text"]
    for key, table, subject, field, covers, text in frames["claims"].select(wanted).iter_rows():
        if key is None or table not in temporal:
            continue
        named = [field] if field != "exists" else (covers or "").split(" ")
        for column in set(named) & set(temporal[table]):
            date = text if field != "exists" else cells[table].get(subject, {}).get(column)
            if date is not None:
                rows[key, column] = (key, column, *_bounds(date))
    return list(rows.values())


# --------------------------------------------------------------------------------------------------------------------
# Connections


def connect(
    schema: Schema,
    frames: Mapping[str, pl.DataFrame],
    database: str = ":memory:",
    with_views: bool = True,
    sealed: bool = True,
) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection with the frames as tables, `cells`, and the views and macros of `schemas/views/`.

    The tables carry neither keys nor comments, so that data that break a key can be looked at.

    Args:
        schema: The schema.
        frames: The tables of the release, as `published` gives them, and any more (the ledger, for rules).
        database: A path, where the relations shall outlive the connection.
        with_views: Whether the views and macros are wanted; `cells` always is.
        sealed: Whether the connection is kept from every other file and every address, as for rules, whose SQL may
            come from anywhere. A person who wants to join a file of their own asks for one that is not.

    Raises:
        ViewError: If a view does not compile, or its comments and columns differ.
    """
    connection = duckdb.connect(database)
    connection.execute("SET enable_progress_bar = false")
    for name, frame in frames.items():
        connection.register("frame_", frame)
        connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM frame_')
        connection.unregister("frame_")
    if sealed:
        connection.execute("SET enable_external_access = false")
    views.define(connection, views.load(schema) if with_views else [views.cells(schema)])
    return connection

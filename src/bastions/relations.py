"""The relations that the release holds and that rules and queries run on: tables, derived tables, views and macros.

`published` makes the frames, `connect` puts them into DuckDB. Tables come without keys here, since a rule must be able
to look at data that break them; `publish.database` makes the file with keys and comments, and `publish.views_sql` the
same views over Parquet.

A view is one file, `schemas/views/<name>.sql`: a comment block, then one SELECT.

    -- What one row is, in as many lines as it takes.
    -- column_name: what it holds, one line for each column of the result, in order;
    --   a long one goes on in lines that begin with three spaces.
    SELECT …

A macro's file begins with its signature, `-- macro: control_on(day)`, and goes on in the same way. Views may use each
other and `cells`; the order in which they are created is found here. They keep to what DuckDB 1.1 understands.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from bastions import dialects, edtf, quantities, resolve
from bastions.quantities import Hedge
from bastions.schema import Schema, SchemaError, Table

if TYPE_CHECKING:
    from bastions.dataset import Dataset


class ViewError(SchemaError):
    """A file of `schemas/views/` is not one commented SELECT that runs on the tables; `faults` names each."""


@dataclass(frozen=True, slots=True)
class View:
    """A view or table macro of the release.

    Attributes:
        file: Where it is defined, relative to the root of the repository.
        parameters: The parameters of a macro; None for a view.
        description: What one row is.
        columns: What each column of the result holds, in order.
        select: The SELECT, without comment block and semicolon.
    """

    name: str
    file: str
    parameters: tuple[str, ...] | None
    description: str
    columns: Mapping[str, str]
    select: str

    def create(self) -> str:
        """The statement that creates it."""
        if self.parameters is None:
            return f'CREATE OR REPLACE VIEW "{self.name}" AS\n{self.select}'
        return f'CREATE OR REPLACE MACRO "{self.name}"({", ".join(self.parameters)}) AS TABLE\n{self.select}'

    def comments(self) -> list[str]:
        """The `COMMENT ON` statements; those on the columns of a macro, which DuckDB cannot keep, stand in its own."""
        if self.parameters is None:
            return [f'COMMENT ON VIEW "{self.name}" IS {_quoted(self.description)}'] + [
                f'COMMENT ON COLUMN "{self.name}"."{column}" IS {_quoted(text)}'
                for column, text in self.columns.items()
            ]
        columns = " ".join(f"`{column}`: {text}" for column, text in self.columns.items())
        return [f'COMMENT ON MACRO TABLE "{self.name}" IS {_quoted(f"{self.description} Columns: {columns}")}']

    def words(self) -> frozenset[str]:
        """The names that the SELECT mentions, those of tables and columns included; what stands in quotes is none."""
        return words(self.select)

    def probe(self) -> str:
        """The name as it stands after FROM, with NULL for every parameter, and a ranking where one is asked for."""
        if self.parameters is None:
            return f'"{self.name}"'
        values = [f"'{PROBE}'" if parameter == "ranking" else "NULL" for parameter in self.parameters]
        return f'"{self.name}"({", ".join(values)})'


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
    return frame.with_columns(
        pl.Series(name, [None if x is None else _plain(x) for x in frame[name]], pl.String) for name in numbers
    ).with_columns(pl.all().cast(pl.String))


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
            quantity.value if quantity.least is None else quantity.least,
            quantity.value if quantity.greatest is None else quantity.greatest,
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
# Views


def views(schema: Schema) -> list[View]:
    """`cells` and the views and macros of `schemas/views/`, by file name.

    Args:
        schema: The schema; its root is where `schemas/views/` is looked for.

    Returns:
        The views; `define` finds the order in which they can be created.

    Raises:
        ViewError: Naming every file that cannot be read as a view.
    """
    found, faults = [cells(schema)], list[str]()
    for path in sorted((schema.root / "schemas" / "views").glob("*.sql")):
        file = path.relative_to(schema.root).as_posix()
        try:
            found.append(parse_view(path.stem, file, path.read_text("utf-8")))
        except (ValueError, UnicodeDecodeError) as error:
            faults.append(f"{file}: view: {error}")
        if path.stem in schema.all_tables or path.stem == "cells":
            faults.append(f"{file}: view: {path.stem} is the name of a table")
    if faults:
        raise ViewError(faults)
    return found


def cells(schema: Schema) -> View:
    """The meta-relation `cells`: all that a claim can be about, cell by cell; made from the schema, so always whole."""
    # Sorted, since Python clients of DuckDB up to 1.4 silently stop fetching a streamed union at an empty chunk.
    selects = []
    for name, table in schema.subjects.items():
        names = ", ".join(f"'{column}'" for column in table.names)
        texts = ", ".join(_as_text(column.name, column.type) for column in table.fields)
        selects.append(
            f"  SELECT '{name}' AS subject_table, \"{table.key}\" AS subject_id,\n"
            f"    unnest([{names}]) AS column_name,\n"
            f"    unnest([{texts}]) AS cell\n"
            f'  FROM "{name}"'
        )
    return View(
        "cells",
        "schemas",
        None,
        "One row is one cell, as text, of a record or of what is attached to one: everything that a claim can be "
        "about. Empty cells have no row.",
        {
            "subject_table": "The table in which the cell stands.",
            "subject_id": "The key of its row.",
            "column_name": "Its column, as `claims.field` names it; the key is among them, derived columns are not.",
            "cell": "What the cell holds, written as in the CSV files.",
        },
        "SELECT subject_table, subject_id, column_name, cell FROM (\n"
        + "\n  UNION ALL\n".join(selects)
        + "\n) AS every_cell\nWHERE cell IS NOT NULL\nORDER BY subject_table, subject_id, column_name",
    )


def _as_text(name: str, kind: str) -> str:
    if kind == "number":
        # Whole numbers are written without a fraction in CSV; DuckDB writes 7.0.
        return f"regexp_replace(CAST(\"{name}\" AS VARCHAR), '[.]0$', '')"
    return f'CAST("{name}" AS VARCHAR)'


_COLUMN = re.compile(r"([a-z][a-z0-9_]*): +(\S.*)")
_MACRO = re.compile(r"macro: +([a-z][a-z0-9_]*)\(([a-z][a-z0-9_]*(?:, *[a-z][a-z0-9_]*)*)?\)")


def parse_view(name: str, file: str, text: str) -> View:
    """Reads the text of a view's file.

    Args:
        name: The name of the view: that of its file.
        file: The file, for messages.
        text: What the file holds.

    Raises:
        ValueError: If it is not a comment block followed by one SELECT.
    """
    lines = text.splitlines()
    head = list(itertools.takewhile(lambda line: line.startswith("--"), lines))
    select = "\n".join(lines[len(head) :]).strip().rstrip(";").rstrip()
    words = [line[2:].removeprefix(" ") for line in head]
    parameters: tuple[str, ...] | None = None
    if words and words[0].startswith("macro:"):
        signature = _MACRO.fullmatch(words[0].strip())
        if signature is None or signature[1] != name:
            raise ValueError(f"the first line is not `-- macro: {name}(parameter, …)`")
        parameters = tuple(p.strip() for p in (signature[2] or "").split(",") if p.strip())
        words = words[1:]
    description: list[str] = []
    columns: dict[str, str] = {}
    last: str | None = None
    for word in words:
        if match := _COLUMN.fullmatch(word.rstrip()):
            last = match[1]
            if last in columns:
                raise ValueError(f"the comment of the column {last} stands twice")
            columns[last] = match[2]
        elif last is not None and word.startswith("  ") and word.strip():
            columns[last] += " " + word.strip()
        elif last is None:
            description.append(word.strip())
        elif word.strip():
            raise ValueError(f"{word.strip()!r} in the comment block is neither a column nor the rest of one")
    if not "".join(description):
        raise ValueError("the comment block does not say what one row is")
    if not select:
        raise ValueError("there is no SELECT after the comment block")
    if ";" in _code(select):
        raise ValueError("there is more than one statement")
    return View(name, file, parameters, " ".join(d for d in description if d), columns, select)


@cache
def words(sql: str) -> frozenset[str]:
    """The names that SQL mentions, those of tables and columns included; what stands in quotes is none."""
    return frozenset(re.findall(r"[a-z_][a-z0-9_]*", _code(sql)))


def _code(select: str) -> str:
    """A SELECT without its literals and comments."""
    return re.sub(r"'(?:[^']|'')*'|--.*", "", select)


PROBE = "probe_ranking"
_PROBE = f"""
    CREATE OR REPLACE TEMP TABLE {PROBE}
    (policy VARCHAR, steps VARCHAR, claim_id VARCHAR, field VARCHAR, ladder DOUBLE[], best DOUBLE)
"""
"""What a macro that takes the name of a ranking is tried on: a table with its columns, and no rows."""


def needed(found: Sequence[View], texts: Iterable[str]) -> list[View]:
    """The views that some SQL uses, and those that these use."""
    by_name = {view.name: view for view in found}
    open_ = {word for text in texts for word in words(text)} & by_name.keys()
    names = set[str]()
    while open_:
        names |= open_
        open_ = {word for name in open_ for word in by_name[name].words()} & by_name.keys() - names
    return [view for view in found if view.name in names]


def define(connection: duckdb.DuckDBPyConnection, found: Sequence[View], check: bool = True) -> list[View]:
    """Creates views and macros, each after those that it uses; one that is there already is made again.

    Args:
        connection: A connection that has the tables.
        found: The views to create.
        check: Whether their columns are compared with their comments, which takes most of the time.

    Returns:
        The views in the order in which they were created.

    Raises:
        ViewError: Naming each view that does not compile, each column without a comment, each comment without a column.
    """
    by_name = {view.name: view for view in found}
    uses = {view.name: sorted(view.words() & by_name.keys() - {view.name}) for view in found}
    try:
        order = list(TopologicalSorter(uses).static_order())
    except CycleError as error:
        raise ViewError([f"schemas/views: view: these use each other: {', '.join(error.args[1])}"]) from None
    if any(view.parameters and "ranking" in view.parameters for view in found):
        connection.execute(_PROBE)
    errors: dict[str, str] = {}
    for view in map(by_name.__getitem__, order):
        if broken := [name for name in uses[view.name] if name in errors]:
            errors[view.name] = f"uses {broken[0]}, which has a fault"
            continue
        try:
            connection.execute(view.create())
            if not check:
                continue
            columns = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {view.probe()}").fetchall()]
        except duckdb.Error as error:
            errors[view.name] = " ".join(str(error).split())
        else:
            if fault := _compare(view, columns):
                errors[view.name] = fault
    if errors:
        raise ViewError([f"{by_name[name].file}: view: {fault}" for name, fault in errors.items()])
    return [by_name[name] for name in order]


def _compare(view: View, columns: list[str]) -> str | None:
    """What is wrong between the columns of a view and their comments, if anything."""
    bare = [f"column {column} has no comment" for column in columns if column not in view.columns]
    idle = [f"there is no column {column} for its comment" for column in view.columns if column not in columns]
    if bare or idle:
        return "; ".join(bare + idle)
    if columns != list(view.columns):
        return f"the comments stand in another order than the columns: {', '.join(columns)}"
    return None


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
    define(connection, views(schema) if with_views else [cells(schema)])
    return connection


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

"""The views and macros of the release: how a file of `schemas/views/` is read, and how views are made in DuckDB.

A view is one file, `schemas/views/<name>.sql`: a comment block, then one SELECT.

    -- What one row is, in as many lines as it takes.
    -- column_name: what it holds, one line for each column of the result, in order;
    --   a long one goes on in lines that begin with three spaces.
    SELECT …

A macro's file begins with its signature, `-- macro: control_on(day)`, and goes on in the same way. One whose columns
depend on its parameters has a single line for all of them, `-- *: …`, and is not tried. Views may use each other and
`cells`; the order in which they are created is found here. They keep to what DuckDB 1.1 understands.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter

import duckdb

from bastions.dialects import quoted
from bastions.schema import Schema, SchemaError


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
            return [f'COMMENT ON VIEW "{self.name}" IS {quoted(self.description)}'] + [
                f'COMMENT ON COLUMN "{self.name}"."{column}" IS {quoted(text)}' for column, text in self.columns.items()
            ]
        columns = " ".join(f"`{column}`: {text}" for column, text in self.columns.items())
        return [f'COMMENT ON MACRO TABLE "{self.name}" IS {quoted(f"{self.description} Columns: {columns}")}']

    def words(self) -> frozenset[str]:
        """The names that the SELECT mentions, those of tables and columns included; what stands in quotes is none."""
        return words(self.select)

    def probe(self) -> str:
        """The name as it stands after FROM, with NULL for every parameter, and a ranking where one is asked for."""
        if self.parameters is None:
            return f'"{self.name}"'
        values = [f"'{PROBE}'" if parameter == "ranking" else "NULL" for parameter in self.parameters]
        return f'"{self.name}"({", ".join(values)})'


def load(schema: Schema) -> list[View]:
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
            found.append(parse(path.stem, file, path.read_text("utf-8")))
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


ANY = "*"
"""In place of the columns of a macro: they depend on its parameters."""

_COLUMN = re.compile(r"([a-z][a-z0-9_]*|\*): +(\S.*)")
_MACRO = re.compile(r"macro: +([a-z][a-z0-9_]*)\(([a-z][a-z0-9_]*(?:, *[a-z][a-z0-9_]*)*)?\)")


def parse(name: str, file: str, text: str) -> View:
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
    if ANY in columns and (parameters is None or len(columns) > 1):
        raise ValueError("a line for all columns, `-- *: …`, is of a macro alone, and of one without other columns")
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
            if not check or ANY in view.columns:
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

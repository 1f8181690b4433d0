"""`bastions query`: SQL on a release, as a table for people, CSV, JSON or Markdown.

The release's own `bastions.duckdb` is opened, to be read only, without access to any other file or address and with
its settings locked. That keeps a mistake harmless; it is no sandbox for strangers' SQL. For `as_of_release`, the
Parquet files of past releases can be opened to it, each by its name. To DuckDB, leave to read a file is leave to write
it, so only statements that cannot write run then.

Nothing of a result is left out. A table that is wider than the terminal is shown record by record instead. NULL and an
empty text stay apart: `NULL` in tables, nothing against `""` in CSV, `null` against `""` in JSON. Several statements
may stand behind each other if only the last one returns rows.
"""

from __future__ import annotations

import datetime
import decimal
import json
import math
import re
import shutil
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import duckdb

from bastions.dialects import quoted
from bastions.problems import visible
from bastions.publish import metadata

Format = Literal["table", "csv", "json", "markdown"]
FORMATS = ("table", "csv", "json", "markdown")

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
_SEALED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "lock_configuration": "true",
}
_READS = (duckdb.StatementType.SELECT, duckdb.StatementType.SET)
"""What cannot write: SET of a variable, as those of the settings are locked. EXPLAIN can run what it explains."""
_NUMBERS = (int, float, decimal.Decimal)


class QueryError(ValueError):
    """The SQL cannot be run, or there is nothing to run it on; the message is for people."""


def query(sql: str, release: Path | str = "build", format: Format = "table", releases: Path | str | None = None) -> str:
    """Runs SQL on a release.

    Args:
        sql: One SELECT, or several statements of which only the last returns rows.
        release: The folder of the release.
        format: `table` (for people; the width is that of the terminal), `csv`, `json` or `markdown`.
        releases: The folder in which unpacked archives of past releases stand side by side, for `as_of_release`; with
            it, no other statements run than SELECT and SET VARIABLE.

    Returns:
        The result as text, without a newline at the end; for a statement without a result a word that it ran.

    Raises:
        QueryError: If there is no release, or with DuckDB's message and what tables or columns there are.
        KeyError: For another format.
    """
    render = {"table": _table, "csv": _csv, "json": _json, "markdown": _markdown}[format]
    name = metadata.database(Path(release))
    if name is None:
        raise QueryError(f"the release in {release} was made without a database; DuckDB reads its Parquet files")
    file = Path(release) / name
    if not file.is_file():
        raise QueryError(f"there is no release in {release}; bastions build makes one")
    try:
        # Which files are open can only be said of a database that is not sealed yet.
        settings = _SETTINGS if releases is not None else _SETTINGS | _SEALED
        connection = duckdb.connect(file, read_only=True, config=settings)
    except duckdb.Error as error:
        raise QueryError(f"{file} cannot be opened: {_one_line(error)}") from None
    with connection:
        if releases is not None:
            _open(connection, Path(releases))
            for name, value in _SEALED.items():
                connection.execute(f"SET {name} = {value}")
        names, rows = _run(connection, sql, _READS if releases is not None else None)
    return render(names, rows)


def _open(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Opens the Parquet files of the releases in a folder to a connection, each by its name, for `as_of_release`."""
    folder = folder.resolve()
    files = [str(p) for p in sorted(folder.glob("*/parquet/*.parquet")) if p.is_file() and p.resolve() == p]
    if not files:
        raise QueryError(f"there is no release in {folder}: unpack archives there, so that each is a folder of its own")
    listed = ", ".join(map(quoted, files))
    connection.execute(f"SET allowed_paths = [{listed}]")
    connection.execute(f"SET VARIABLE releases = {quoted(str(folder))}")


def _run(
    connection: duckdb.DuckDBPyConnection, sql: str, allowed: Sequence[duckdb.StatementType] | None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    try:
        statements = connection.extract_statements(sql)
        if not statements:
            raise QueryError("there is no statement to run")
        if allowed and any(statement.type not in allowed for statement in statements):
            raise QueryError("with --releases only SELECT and SET VARIABLE run, since nothing may write there")
        for statement in statements[:-1]:
            if statement.type in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
                raise QueryError("a statement before the last returns rows, which would go unseen; ask them one by one")
            connection.execute(statement)
        connection.execute(statements[-1])
        names = [column[0] for column in connection.description or ()]
        return names, connection.fetchall()
    except duckdb.Error as error:
        raise QueryError(_explain(connection, str(error).strip(), sql)) from None


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


# --------------------------------------------------------------------------------------------------------------------
# Errors


def _explain(connection: duckdb.DuckDBPyConnection, message: str, sql: str) -> str:
    """DuckDB's message, and what there is where the query asked for what there is not."""
    message = "\n".join(visible(line.expandtabs(4), sys.maxsize) for line in message.splitlines())
    if re.search(r"(Table|View|Table Function) with name .* does not exist", message):
        return f"{message}\n\n{_relations(connection)}"
    if message.startswith("Binder Error") and re.search(r"[Cc]olumn|Candidate bindings", message):
        asked = set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", sql.lower()))
        there = _columns(connection)
        lists = [f"Columns of {name}: {', '.join(columns)}" for name, columns in there.items() if name in asked]
        return "\n\n".join([message, *lists])
    if message.startswith("Permission Error") and "as_of_release" in sql.lower():
        return (
            f"{message}\n\nas_of_release reads the files of past releases, and a query has access to none but those "
            "of --releases DIR, the folder in which their unpacked archives stand side by side, as DIR/bastions-0.1.0"
        )
    return message


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    rows = connection.execute(
        "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
        "WHERE NOT internal GROUP BY table_name ORDER BY table_name"
    )
    return dict(rows.fetchall())


def _relations(connection: duckdb.DuckDBPyConnection) -> str:
    def names(sql: str) -> str:
        return ", ".join(row[0] for row in connection.execute(sql).fetchall())

    tables = names("SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1")
    views = names("SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1")
    macros = names(
        "SELECT function_name || '(' || array_to_string(parameters, ', ') || ')' FROM duckdb_functions() "
        "WHERE NOT internal AND function_type = 'table_macro' ORDER BY 1"
    )
    return f"Tables: {tables}\nViews: {views}\nMacros: {macros}"


# --------------------------------------------------------------------------------------------------------------------
# For people


def _text(value: Any) -> str:
    """A value as people read it and CSV writes it: ISO dates, lower-case truth, no needless wrapping."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))  # as the release's own CSV files have it
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(_plain(value), ensure_ascii=False)
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    return str(value)


def _shown(value: Any) -> str:
    return "NULL" if value is None else visible(_text(value), sys.maxsize)


def _width(text: str) -> int:
    """Columns of a terminal that a text takes: wide characters two, marks on a letter none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _numeric(values: Sequence[Any]) -> bool:
    """Whether a column holds numbers and nothing else."""
    kinds = {type(value) for value in values} - {type(None)}
    return bool(kinds) and kinds <= set(_NUMBERS)


def _table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    if not names:
        return "done"
    header = [visible(name, sys.maxsize) for name in names]
    cells = [[_shown(value) for value in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(header, *cells, strict=True)]
    count = f"({len(rows):,} row{'' if len(rows) == 1 else 's'})"
    if sum(widths) + 3 * (len(widths) - 1) > shutil.get_terminal_size((120, 40)).columns and rows:
        return "\n".join([*_records(header, cells), count])
    right = [_numeric([row[place] for row in rows]) for place in range(len(names))]

    def line(texts: Sequence[str]) -> str:
        padded = []
        for text, width, is_right in zip(texts, widths, right, strict=True):
            space = " " * (width - _width(text))
            padded.append(space + text if is_right else text + space)
        return " | ".join(padded).rstrip()

    return "\n".join([line(header), "-+-".join("-" * width for width in widths), *map(line, cells), count])


def _records(header: Sequence[str], cells: Sequence[Sequence[str]]) -> list[str]:
    """Each row as a block of lines, one a column."""
    width = max(map(_width, header))
    lines = []
    for number, row in enumerate(cells, 1):
        lines.append(f"--- {number:,} ---")
        lines += [
            f"{name}{' ' * (width - _width(name))} : {text}".rstrip() for name, text in zip(header, row, strict=True)
        ]
    return lines


def _markdown(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    def line(texts: Sequence[str]) -> str:
        return "| " + " | ".join(texts) + " |"

    def cell(text: str) -> str:
        for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("|", "&#124;")):
            text = text.replace(character, entity)
        return text

    if not names:
        return "done"
    header = [cell(visible(name, sys.maxsize)) for name in names]
    body = [["" if value is None else cell(_shown(value)) for value in row] for row in rows]
    return "\n".join(map(line, [header, ["---"] * len(names), *body]))


# --------------------------------------------------------------------------------------------------------------------
# For programs


def _csv(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """RFC 4180 with LF; the cells letter by letter, NULL as nothing and an empty text as two quotes."""

    def cell(value: Any) -> str:
        if value is None:
            return ""
        text = _text(value)
        if not text or re.search(r'[",\r\n]', text) or text != text.strip():
            return '"' + text.replace('"', '""') + '"'
        return text

    return "\n".join(",".join(cell(value) for value in row) for row in [names, *rows])


def _json(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    if twice := sorted({name for name in names if list(names).count(name) > 1}):
        raise QueryError(f"two columns are called {twice[0]}; tell them apart with AS, or take another format")
    lines = [json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False) for row in rows]
    text = "[" + ",\n ".join(lines) + "]"
    # JSON escapes ASCII controls by itself; the other characters that a screen would obey are escaped here.
    return re.sub(r"[^\x00-\x7f]", _escape, text)


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if unicodedata.category(character)[0] not in "CZ":
        return character
    return json.dumps(character)[1:-1]


def _plain(value: Any) -> Any:
    """A value as JSON knows it; what has no form there becomes text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {_text(key): _plain(item) for key, item in value.items()}
    if isinstance(value, decimal.Decimal):
        whole = value.is_finite() and value == value.to_integral_value()
        return int(value) if whole else float(value) if decimal.Decimal(str(float(value))) == value else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return _text(value)

"""Stage 2: each cell alone. One lexical form for each type, then the constraints, by the table's pandera schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches

import polars as pl

from bastions import dialects
from bastions.dataset import Dataset, Rows, typed
from bastions.problems import Problem, problem
from bastions.schema import Field, Schema, Table


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell, before its place is known."""

    row: int
    field: str
    rule: str
    message: str
    hint: str


def check(dataset: Dataset) -> list[Problem]:
    """Every cell of the dataset that is no value of its type or breaks a constraint; marks them in the dataset."""
    tables = dataset.schema.all_tables
    found = [p for name, rows in dataset.rows.items() for p in check_table(tables[name], rows)]
    return found + check_claimed(dataset.schema, dataset.rows["claims"])


def check_table(table: Table, rows: Rows) -> list[Problem]:
    """The same for one table, without what its cells claim of others."""
    found = list(faults(table, rows.text, rows.typed, rows.bad))
    rows.bad |= {(f.row, f.field) for f in found}
    return [place(table, rows, f) for f in found]


def place(table: Table, rows: Rows, fault: Fault, column: str | None = None) -> Problem:
    """A fault as a problem, with file, line and column; `column` is where it stands, if not in its own field."""
    name = column or fault.field
    file, line = rows.place(fault.row)
    return problem(
        fault.rule,
        file,
        fault.message,
        line=line,
        column=table.names.index(name) + 1,
        field=name,
        record_id=rows.text[table.key][fault.row] or "",
        value=rows.text[name][fault.row] or "",
        hint=fault.hint,
    )


def faults(table: Table, text: pl.DataFrame, values: pl.DataFrame, bad: set[tuple[int, str]]) -> Iterator[Fault]:
    """The faulty cells of a frame, each once, those in `bad` left out.

    Args:
        table: Whose columns the frame has.
        text: The cells as text.
        values: The same cells typed, as `typed` gives them.
        bad: Cells (row, column) reported before.
    """
    known = set(bad)
    for column in table.fields:
        for row in (text[column.name].is_not_null() & values[column.name].is_null()).arg_true().to_list():
            if (row, column.name) not in known:
                known.add((row, column.name))
                yield Fault(row, column.name, "type-error", *_not_of_type(column))
    yield from _constraint_faults(table, values, known)


def _not_of_type(column: Field) -> tuple[str, str]:
    if column.edtf:
        hint = (
            "EDTF: 2017-11-03, 2017-11, 2017, 2017-11~ (about), 2017-11? (perhaps), 2017/2018, [2017-11-02,2017-11-03]"
        )
        open_end = ", or .. alone for: still going on" if column.edtf == "end" else ""
        return "is not a date", hint + open_end + "."
    return f"is not {dialects.TYPES[column.type].article}", ""


def _constraint_faults(table: Table, values: pl.DataFrame, known: set[tuple[int, str]]) -> Iterator[Fault]:
    from pandera.errors import SchemaErrors

    if not values.height:
        return
    try:
        dialects.pandera_schema(table).validate(values, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases.select("column", "check", "index").rows()
        for name, broken, row in sorted(cases, key=lambda case: (case[2], table.names.index(case[0]))):
            if (row, name) not in known:
                known.add((row, name))
                message, hint = _broken(table, table[name], broken, values[name][row])
                yield Fault(row, name, "constraint-error", message, hint)


def _broken(table: Table, column: Field, constraint: str, value: object) -> tuple[str, str]:
    """What a person reads of a broken constraint: message and hint."""
    limits = column.constraints
    if constraint == "not_nullable":
        return "is required", column.description
    if constraint == "enum" and column.codes:
        codes = list(column.codes.codes)
        near = get_close_matches(str(value).lower(), codes, 1, 0.6)
        meant = f"Did you mean {near[0]}? " if near else ""
        return f"is not a code of the list {column.codes.name}", f"{meant}Codes: {', '.join(codes)}."
    if constraint == "pattern" and column.name == table.key:
        return "is not a key", "Keys are lower-case letters and digits in words joined by single hyphens: deir-ez-zor."
    told = {
        "pattern": f"does not match {limits.pattern}",
        "minimum": f"is less than {limits.minimum}",
        "maximum": f"is more than {limits.maximum}",
        "minLength": f"has fewer than {limits.minLength} characters",
        "maxLength": f"has more than {limits.maxLength} characters",
        "enum": f"is not one of {', '.join(limits.enum or ())}",
    }
    return told[constraint], column.description


def claimed(schema: Schema, claims: Rows) -> Iterator[tuple[Table, Field, pl.DataFrame]]:
    """The claims that state a value for a column, by the column: its table, its field, and those rows of `claims`.

    The rows come as text with their index in `claims` as `_row`. A claim on a column that does not exist is left to
    the rules.
    """
    stated = claims.text.with_row_index("_row").filter(pl.col("value_text").is_not_null())
    for (name, column), frame in stated.group_by("subject_table", "field", maintain_order=True):
        if name in schema.subjects and column in schema.subjects[str(name)]:
            table = schema.subjects[str(name)]
            yield table, table[str(column)], frame


def check_claimed(schema: Schema, claims: Rows) -> list[Problem]:
    """A claimed value is a cell of the column that it is claimed of: its type, its codes and its constraints."""
    problems = []
    for _, column, frame in claimed(schema, claims):
        single = replace(
            schema.tables["claims"], fields=(replace(column, name="value_text"),), primary_key=("value_text",)
        )
        known = {(i, "value_text") for i, row in enumerate(frame["_row"]) if (row, "value_text") in claims.bad}
        for fault in faults(single, frame, typed(single, frame), known):
            row = int(frame["_row"][fault.row])
            claims.bad.add((row, "value_text"))
            message = f"{fault.message} (claimed for {column.name})"
            problems.append(place(schema.tables["claims"], claims, replace(fault, row=row, message=message)))
    return problems

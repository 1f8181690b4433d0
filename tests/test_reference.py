"""Three readings of one schema, ours, frictionless's and pandera's, and each place where they part, with the reason."""

from __future__ import annotations

from pathlib import Path

import pandera.errors
import polars as pl
import pytest
from frictionless import Package
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_bad_input import CASES

from bastions import dataset, dialects, files
from bastions.loader import load
from bastions.schema import Constraints, Field, Table
from bastions.validation import cells, reference, validate

# Faults that frictionless-py 5.21 calls valid, and why we do not.
PARTS: dict[str, str] = {
    "a number with a needless zero": "one lexical form for each type, so that equal values are equal text",
    "digits that are not ASCII": "they look like digits, and most readers fail on them",
    "more digits than a number can hold": "it would come back as another number",
    "a date that does not exist": "EDTF is text to Table Schema",
    "a month that does not exist": "EDTF is text to Table Schema",
    "an open end where a begin belongs": "EDTF is text to Table Schema",
    "a claimed value that is no value of its column": "which column a claim is about is data",
    "a quote inside a cell": "the csv module takes it for text",
    "a newline in a cell": "then lines are no rows, and no annotation finds its line",
    "a byte-order mark": "many readers take it for part of the first name",
    "NUL": "C programs stop reading there",
    "a control character": "it can steer a terminal",
    "a tab": "nobody sees it",
    "a zero-width space": "nobody sees it",
    "a bidi override": "it makes text read as what it is not",
    "a no-break space": "nobody sees it",
    "an accent as a character of its own": "equal to the eye, unequal to a search",
    "a space at the end": "nobody sees it",
    "a formula": "a spreadsheet runs it",
    "a formula behind a full-width sign": "a spreadsheet runs it",
}


# Two million labels take it hours and gigabytes; `--reference` shows it no file whose header our reader refused.
UNASKED = {"a header beyond the limit"}


@pytest.mark.parametrize("name", sorted(CASES.keys() - UNASKED))
def test_frictionless_agrees_or_the_reason_is_listed(tiny: Path, name: str) -> None:
    file, edit, _ = CASES[name]
    path = tiny / file
    path.write_bytes(edit(path.read_bytes()))
    assert validate(tiny).errors
    theirs = reference.check(load(tiny))
    assert bool(theirs) != (name in PARTS), theirs


def test_frictionless_has_nothing_to_say_of_valid_data(tiny: Path) -> None:
    assert reference.check(load(tiny)) == []
    assert validate(tiny, reference=True).problems == ()


# What frictionless takes for a value and we refuse: one lexical form for each type. Nothing is the other way round.
STRICTER = {
    "integer": ["007", "+7", "-0", "1_000", "9223372036854775808", "٣"],
    "number": ["1.", ".5", "1.50", "1e3", "NaN", "INF", "00.5", "-0", "1_0.5"],
    "boolean": ["True", "TRUE", "1", "0", "False", "FALSE"],
    "date": ["2017-1-3"],
    "time": ["24:00:00"],
    "string": ["=a"],
}
VALUES = {
    "integer": ["0", "7", "-12", "x", "1.5", "1e3", "0x10", "9223372036854775807"],
    "number": ["0", "96", "-0.5", "1.25", "x", "1,5"],
    "boolean": ["true", "false", "yes", "t", "x"],
    "date": ["2017-11-03", "2017-02-29", "2017/11/03", "x", "epoch"],
    "time": ["23:59:59", "x", "09:00"],
    "string": ["a", "abc", "abcd", "ABC", "é", "deir ez-zor", "a1"],
}
LIMITS = {
    "integer": st.builds(
        Constraints, required=st.booleans(), minimum=st.sampled_from([None, -5, 0]), maximum=st.sampled_from([None, 7])
    ),
    "number": st.builds(
        Constraints,
        required=st.booleans(),
        minimum=st.sampled_from([None, 0, 1.25]),
        maximum=st.sampled_from([None, 90]),
    ),
    "string": st.builds(
        Constraints,
        required=st.booleans(),
        minLength=st.sampled_from([None, 2]),
        maxLength=st.sampled_from([None, 3]),
        pattern=st.sampled_from([None, "[a-z]+", "[a-z]{2}"]),
        enum=st.sampled_from([None, ("a", "abc")]),
    ),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[Table, list[list[str]]]:
    kinds = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=4))
    columns = [Field("k", "string", "Key.", constraints=Constraints(required=True))]
    for i, kind in enumerate(kinds):
        limits = draw(LIMITS.get(kind, st.builds(Constraints, required=st.booleans())))
        columns.append(Field(f"c{i}", kind, "A column.", constraints=limits))
    table = Table("t", "T", "T.", "record", tuple(columns), ("k",))
    rows = [
        [f"k{n}", *(draw(st.sampled_from(["", *VALUES[kind], *STRICTER[kind]])) for kind in kinds)]
        for n in range(draw(st.integers(1, 6)))
    ]
    return table, rows


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables())
def test_verdicts_on_generated_tables(tmp_path: Path, made: tuple[Table, list[list[str]]]) -> None:
    """Cell by cell: what frictionless refuses we refuse, and what we refuse beyond that is a listed strictness."""
    table, rows = made
    lines = [",".join(table.names), *(",".join(f'"{c}"' if "," in c else c for c in row) for row in rows)]
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
    part = files.read_part(tmp_path / "t.csv", table, tmp_path)
    whole = dataset.cast(table, [part])
    ours = {(p.line, p.field) for p in [*part.problems, *cells.check_table(table, whole)] if p.severity == "error"}
    resource = {
        "name": "t", "type": "table", "path": "t.csv", "format": "csv", "encoding": "utf-8",
        "schema": dialects.table_schema(table),
    }  # fmt: skip
    package = Package.from_descriptor({"name": "p", "resources": [resource]}, basepath=str(tmp_path))
    (task,) = package.validate(limit_errors=10_000).tasks
    theirs = {(e.row_number, e.field_name) for e in task.errors if hasattr(e, "field_name")}
    assert theirs <= ours, "frictionless refuses what we let pass"
    for line, name in ours - theirs:
        cell = rows[line - 2][table.names.index(name)]
        assert cell in STRICTER[table[name].type], f"{cell!r} refused by us alone"


@settings(max_examples=80, deadline=None)
@given(tables())
def test_constraint_verdicts_are_panderas(made: tuple[Table, list[list[str]]]) -> None:
    """The constraints that stage 2 reports are those of the public pandera schema on the typed frame."""
    table, rows = made
    text = pl.DataFrame(
        [[c or None for c in row] for row in rows], schema=dict.fromkeys(table.names, pl.String), orient="row"
    )
    typed = dataset.typed(table, text)
    found = list(cells.faults(table, text, typed, set()))
    unread = {(f.row, f.field) for f in found if f.rule == "type-error"}
    ours = {(f.row, f.field) for f in found if f.rule == "constraint-error"}
    try:
        dialects.pandera_schema(table).validate(typed, lazy=True)
        theirs = set()
    except pandera.errors.SchemaErrors as errors:
        theirs = set(errors.failure_cases.select("index", "column").rows())
    assert ours == theirs - unread

"""Constraints of cells: what is found, where, once; equal to what pandera finds; nothing that hangs or calls home."""

from __future__ import annotations

import json
import math
import socket
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from time import monotonic
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bastions import dialects
from bastions.schema import Constraints, Field, Table
from bastions.tabular.fields import cells, guarded, json_schema, meanings
from bastions.tabular.limits import Limits


def field(name: str, kind: str, /, **given: Any) -> Field:
    """A field; what is no constraint is an attribute of it."""
    own = {key: given.pop(key) for key in ("categories", "options", "format") if key in given}
    return Field(name, kind, f"About {name}.", constraints=Constraints(**given), **own)


def table(*fields: Field, key: tuple[str, ...] = ()) -> Table:
    return Table("t", "T", "T.", "record", fields, key)


def batch(made: Table, **columns: list[Any]) -> pa.RecordBatch:
    names = list(columns)
    arrays = [pa.array(columns[name], dialects.TYPES[made[name].type].arrow) for name in names]
    return pa.RecordBatch.from_arrays(arrays, names=names)


def found(made: Table, limits: Limits | None = None, /, **columns: list[Any]) -> list[tuple[int, str, str]]:
    faults = cells.checker(made, limits or Limits())(batch(made, **columns))
    assert faults.schema == cells.FAULTS
    return [(row["row"], row["field"], row["constraint"]) for row in faults.to_pylist()]


def bad(made: Field, *values: Any) -> list[Any]:
    """The values that break a constraint of a field."""
    rows = found(table(made), **{made.name: list(values)})
    return [values[row] for row, _, _ in rows]


def test_every_fault_once_in_order_of_row_and_column() -> None:
    made = table(
        field("a", "string", required=True, minLength=2, pattern="[a-z]+", enum=("ab", "cd", "x")),
        field("b", "integer", minimum=0, maximum=9),
    )
    assert found(made, a=["ab", None, "x", "Q", "cd"], b=[1, -1, 10, None, 9]) == [
        (1, "a", "required"),
        (1, "b", "minimum"),
        (2, "a", "minLength"),
        (2, "b", "maximum"),
        (3, "a", "minLength"),
    ]


def test_columns_may_be_absent_in_another_order_and_unknown() -> None:
    made = table(field("a", "string", required=True), field("b", "integer", minimum=0), field("c", "list", minLength=2))
    given = pa.RecordBatch.from_pydict(
        {"b": pa.array([-1], pa.int64()), "new": ["x"], "a": pa.array([None], pa.string())}
    )
    assert [row["field"] for row in cells.checker(made, Limits())(given).to_pylist()] == ["a", "b"]
    assert found(made, b=[0]) == []
    assert found(made, c=["1"]) == [(0, "c", "minLength")]


def test_empty_batches_and_tables_without_constraints() -> None:
    made = table(field("a", "string", required=True, pattern="(?=a)b"), field("b", "list", minLength=2))
    assert found(made, a=[], b=[]) == []
    assert found(table(field("a", "string")), a=["x", None]) == []


@pytest.mark.parametrize("name", ["*", "^a.*$", "check_output", "index", "", 'a"b', "a b", "0", "1", "naïve", "select"])
def test_any_name_of_a_column(name: str) -> None:
    """`*` and `^…$` select many columns in polars, and a column `check_output` breaks pandera."""
    made = table(field("a1", "integer", minimum=5), field(name, "integer", required=True, minimum=3))
    columns: dict[str, list[Any]] = {"a1": [9, 0], name: [None, 1]}
    assert found(made, **columns) == [
        (0, name, "required"),
        (1, "a1", "minimum"),
        (1, name, "minimum"),
    ]


def test_nan_is_a_number_and_within_no_bounds() -> None:
    """NaN is a missing value to pandera, and to polars it is above everything, so within each minimum."""
    assert bad(field("x", "number", required=True), 1.0, math.nan, None) == [None]
    for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        assert len(bad(field("x", "number", **{name: 0.0}), math.nan)) == 1
    assert bad(field("x", "number", minimum=0.0), math.inf, -math.inf) == [-math.inf]
    assert bad(field("x", "number", enum=(1, 2.5)), 1.0, 2.5, 2.0) == [2.0]


def test_limits_beyond_every_integer() -> None:
    """Integers of more than 128 bits raise in polars, and so does an `enum` of integers in a column of numbers."""
    for kind, value in (("integer", 2**62), ("year", 2**31 - 1), ("number", 1e300)):
        assert bad(field("x", kind, maximum=-(10**400)), value) == [value]
        assert bad(field("x", kind, minimum=-(10**400), maximum=10**400), value) == []
        assert bad(field("x", kind, enum=(10**400, 2**70)), value) == [value]
    assert bad(field("x", "string", maxLength=10**400), "abc") == []


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("integer", [1, 2, 3]),
        ("number", [0.5, 1.0, 1.5]),
        ("year", [1999, 2000, 2001]),
        ("date", [date(2017, 11, 2), date(2017, 11, 3), date(2017, 11, 4)]),
        ("time", [time(1), time(2), time(3)]),
        ("datetime", [datetime(2017, 11, 3, 1), datetime(2017, 11, 3, 2), datetime(2017, 11, 3, 3)]),
        ("yearmonth", ["2017-10", "2017-11", "2018-01"]),
        ("duration", ["PT1H", "P1D", "P2D"]),
    ],
)
def test_bounds_of_every_ordered_type(kind: str, values: list[Any]) -> None:
    low, middle, high = values
    assert bad(field("x", kind, minimum=middle), low, middle, high, None) == [low]
    assert bad(field("x", kind, maximum=middle), low, middle, high, None) == [high]
    assert bad(field("x", kind, exclusiveMinimum=middle), low, middle, high, None) == [low, middle]
    assert bad(field("x", kind, exclusiveMaximum=middle), low, middle, high, None) == [middle, high]
    assert bad(field("x", kind, enum=(middle,)), low, middle, high, None) == [low, high]
    assert bad(field("x", kind, categories=(middle,)), low, middle, high, None) == [low, high]


def test_lengths_are_characters_or_items() -> None:
    assert bad(field("x", "string", maxLength=3), "éàü", "👍👍👍", "e\u0301e\u0301") == ["e\u0301e\u0301"]
    assert bad(field("x", "list", minLength=2, options={"delimiter": ";"}), "a;b", "a,b", "") == ["a,b", ""]
    assert bad(field("x", "array", maxLength=1), "[]", "[1]", "[[1, 2]]", "[1, 2]") == ["[1, 2]"]
    assert bad(field("x", "object", minLength=1), '{"a": 1}', "{}") == ["{}"]


def test_values_are_compared_not_texts() -> None:
    made = field("x", "object", enum=('{"a": 1, "b": [true]}',))
    assert bad(made, '{"b":[true],"a":1.0}', '{"b":[1],"a":1}') == ['{"b":[1],"a":1}']
    assert bad(field("x", "array", enum=([1, None],)), "[1, null]", "[1.00,null]", "[1]") == ["[1]"]
    assert bad(field("x", "list", enum=("1,2",), options={"itemType": "integer"}), "1,2", "01,+2", "2,1") == ["2,1"]
    assert bad(field("x", "list", enum=("1,2",)), "1,2", "01,2") == ["01,2"]
    assert bad(field("x", "geopoint", enum=("90.50, 45.5",)), "90.5,45.50", "45.5,90.5") == ["45.5,90.5"]
    made = field("x", "geopoint", format="object", enum=({"lon": 1, "lat": 2},))
    assert bad(made, '{"lat": 2.0, "lon": 1}', '{"lat": 1, "lon": 2}') == ['{"lat": 1, "lon": 2}']
    assert bad(field("x", "duration", enum=("P1Y",)), "P12M", "P365D") == ["P365D"]
    assert bad(field("x", "boolean", enum=(True,)), True, False, None) == [False]
    assert bad(field("x", "integer", categories=(1, 2)), 1, 3) == [3]


def test_durations_are_ordered_in_part() -> None:
    """A month is neither longer nor shorter than 30 days: what is not known to keep a bound breaks it."""
    assert bad(field("x", "duration", exclusiveMaximum="P1M"), "P27D") == []
    for text in ("P30D", "P29D", "P31D", "PT720H"):
        assert bad(field("x", "duration", minimum="P1M"), text) == ([] if text == "P31D" else [text])
        assert bad(field("x", "duration", exclusiveMaximum="P1M"), text) == [text]
    assert bad(field("x", "duration", maximum="P1M"), "P27D", "P28D", "P29D") == ["P29D"]
    assert bad(field("x", "duration", minimum="P1Y"), "P366D", "P365D", "P12M", "-P2Y") == ["P365D", "-P2Y"]
    assert bad(field("x", "duration", maximum="PT0.5S"), "PT0.50S", "PT0.500000000000000000001S", "-PT1S") == [
        "PT0.500000000000000000001S"
    ]


DAYS = st.tuples(st.integers(0, 30), st.integers(0, 62), st.integers(0, 1))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(DAYS, DAYS)
def test_durations_are_compared_from_four_days(one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
    """XML Schema, 3.2.6.2: a duration is less than another if it is so from each of four days."""

    def ends(months: int, days: int, hours: int) -> list[datetime]:
        starts = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))
        moved = [divmod(12 * year + month - 1 + months, 12) for year, month in starts]
        return [datetime(year, month + 1, 1) + timedelta(days, hours * 3600) for year, month in moved]

    pairs = list(zip(ends(*one), ends(*other), strict=True))
    limit, value = (f"P{months}M{days}DT{hours}H" for months, days, hours in (other, one))
    assert (bad(field("x", "duration", maximum=limit), value) == []) == all(a <= b for a, b in pairs)
    assert (bad(field("x", "duration", exclusiveMaximum=limit), value) == []) == all(a < b for a, b in pairs)


def test_what_cannot_be_read_breaks_the_constraint() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    assert bad(field("x", "array", maxLength=3), deep, "[1]", "[" + "9" * 5000 + "]")[0] == deep
    assert bad(field("x", "duration", minimum="P1D"), "P" + "9" * 5000 + "D") != []
    with pytest.raises(ValueError, match="no limit for a duration"):
        cells.checker(table(field("x", "duration", minimum="soon")), Limits())


def test_constraints_that_do_not_go_with_a_type_are_left_to_the_descriptor() -> None:
    assert bad(field("x", "geojson", maxLength=1, minimum=3, pattern="a"), '{"type": "Point"}') == []
    assert meanings.good(field("x", "string", maxLength=1), "maxLength") is None


# -- equal to pandera -------------------------------------------------------------------------------------------------

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "integer": st.integers(-5, 5),
    "number": st.sampled_from([-2.0, -0.0, 0.5, 3.0, math.nan, math.inf, -math.inf]),
    "year": st.integers(1998, 2003),
    "date": st.dates(date(2017, 11, 1), date(2017, 11, 5)),
    "time": st.sampled_from([time(1), time(2), time(3, 0, 0, 5)]),
    "datetime": st.datetimes(datetime(2017, 11, 3), datetime(2017, 11, 4)),
    "string": st.text("ab1é", max_size=4),
    "any": st.text("ab1é", max_size=4),
    "boolean": st.booleans(),
}
PATTERNS = st.sampled_from(["[ab]*", "a|b", r"\w+", ".{2}", "[^é]*", ""])


@st.composite
def fields(draw: st.DrawFn, name: str) -> Field:
    kind = draw(st.sampled_from(sorted(VALUES)))
    value = VALUES[kind]
    possible: dict[str, st.SearchStrategy[Any]] = {"enum": st.lists(value, max_size=4).map(tuple)}
    if kind in ("string", "any"):
        length = st.integers(0, 4)
        possible |= {"minLength": length, "maxLength": length, "pattern": PATTERNS}
    elif kind != "boolean":
        possible |= dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), value)
    chosen = {key: draw(values) for key, values in possible.items() if draw(st.integers(0, 2)) == 0}
    return field(name, kind, required=draw(st.booleans()), **chosen)


@settings(derandomize=True, deadline=None, max_examples=80)
@given(st.data())
def test_the_look_and_pandera_find_the_same(data: st.DataObject) -> None:
    made = table(*(data.draw(fields(name)) for name in ("a", "b", "c")))
    height = data.draw(st.integers(1, 12))
    columns = {
        f.name: data.draw(st.lists(st.none() | VALUES[f.type], min_size=height, max_size=height)) for f in made.fields
    }
    given = batch(made, **columns)
    frame = pl.DataFrame(pl.from_arrow(given))
    everything = cells.judged(
        tuple(
            field(str(i), f.type, **{k: getattr(f.constraints, k) for k in Constraints.__slots__})
            for i, f in enumerate(made.fields)
        ),
        frame.rename({f.name: str(i) for i, f in enumerate(made.fields)}),
        pl.Series(range(height), dtype=pl.Int64),
    )
    wanted: dict[tuple[int, int], int] = {}
    for row, column, constraint in everything.rows():
        wanted[row, column] = min(constraint, wanted.get((row, column), 99))
    told = {(row, made.names.index(name)): constraint for row, name, constraint in found(made, **columns)}
    assert told == {cell: cells._ORDER[constraint] for cell, constraint in wanted.items()}


def test_a_clean_batch_does_not_import_pandera() -> None:
    program = """if True:
        import sys, pyarrow as pa
        from bastions.schema import Constraints, Field, Table
        from bastions.tabular import limits
        from bastions.tabular.fields import cells
        made = Table("t", "", "", "", (Field("a", "integer", "", constraints=Constraints(minimum=0)),), ())
        check = cells.checker(made, limits.Limits())
        assert check(pa.RecordBatch.from_pydict({"a": [1]})).num_rows == 0
        assert "pandera" not in sys.modules
        assert check(pa.RecordBatch.from_pydict({"a": [-1]})).num_rows == 1
        assert "pandera" in sys.modules
    """
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_column_of_another_type_is_no_fault_of_the_data() -> None:
    made = table(field("a", "integer", minimum=0))
    with pytest.raises(TypeError, match="column 'a' is String"):
        cells.checker(made, Limits())(pa.RecordBatch.from_pydict({"a": ["1"]}))


# -- under guard ------------------------------------------------------------------------------------------------------


def test_a_pattern_that_needs_python() -> None:
    made = table(field("a", "string", required=True, pattern=r"(?=.*[0-9])[A-Z0-9]+", minLength=2))
    assert found(made, a=["A1", "AB", None, "1", "AB", "a1"]) == [
        (1, "a", "pattern"),
        (2, "a", "required"),
        (3, "a", "minLength"),
        (4, "a", "pattern"),
        (5, "a", "pattern"),
    ]


def test_a_pattern_without_end_is_told_once_and_the_rest_is_checked() -> None:
    made = table(field("a", "string", pattern="(?=(x+)+$)x*"), field("b", "integer", minimum=0))
    check = cells.checker(made, Limits(pattern=0.5))
    first = check(batch(made, a=["x", "x" * 60 + "!"], b=[-1, 1])).to_pylist()
    assert [(row["row"], row["field"], row["constraint"]) for row in first] == [
        (-1, "a", "pattern-limit"),
        (0, "b", "minimum"),
    ]
    again = check(batch(made, a=["x" * 60 + "!"], b=[-1])).to_pylist()
    assert [row["field"] for row in again] == ["b"]


def test_the_budget_is_of_the_run_and_a_pattern_is_over_once() -> None:
    """Eight tables of one row each took 82 seconds: the allowance began anew with each table and each batch."""
    hang, budget = "(?=(x+)+$)x*", guarded.Budget(0.5)
    for _ in range(8):
        made = table(field("a", "string", pattern=hang), field("b", "string", pattern="(?=a)a"))
        check = cells.checker(made, Limits(), budget)
        first = check(batch(made, a=["x" * 60 + "!"], b=["a"])).to_pylist()
        assert [(row["row"], row["field"], row["constraint"]) for row in first] == [
            (-1, "a", "pattern-limit"),
            (-1, "b", "pattern-limit"),
        ]
        assert not check(batch(made, a=["x" * 60 + "!"], b=["a"])).num_rows
    assert budget.left() <= 0
    assert budget.spent < 2


def test_what_each_value_is_allowed_is_not_taken_from_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """An honest column is as long as it is."""
    monkeypatch.setattr(guarded, "ALLOWANCE", 10.0)
    budget = guarded.Budget(0.001)
    made = table(field("a", "string", pattern="(?=a)a"))
    check = cells.checker(made, Limits(), budget)
    for _ in range(3):
        assert check(batch(made, a=["a", "b"])).num_rows == 1
    assert budget.left() > 0


def test_the_verdicts_on_a_few_values_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column of a few codes in a thousand batches would spend the budget on the beginning of processes."""
    asked: list[list[str]] = []
    judge = guarded.judge

    def counted(job: Any, values: Any, seconds: float) -> list[bool] | None:
        asked.append(list(values))
        return judge(job, values, seconds)

    monkeypatch.setattr(guarded, "judge", counted)
    made = table(field("a", "string", pattern="(?=a)a"))
    check = cells.checker(made, Limits())
    for values in (["a", "b", None], ["b", "a"], ["c", "a"], [None]):
        rows = check(batch(made, a=values)).column("row").to_pylist()
        assert rows == [i for i, value in enumerate(values) if value not in ("a", None)]
    assert asked == [["a", "b"], [], ["c"]]


def test_a_heavy_pattern_runs_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "SLICE", 300)
    made = table(field("a", "string", pattern="[0-9a-f]{128}"))
    values = ["a" * 128, None, "b" * 127, "", "c" * 128, "c" * 1000, None, "d" * 129]
    assert found(made, a=values) == [(row, "a", "pattern") for row in (2, 3, 5, 7)]
    assert found(made, Limits(pattern=-1.0), a=values) == [(-1, "a", "pattern-limit")]


def test_json_schema() -> None:
    schema = {
        "type": "object",
        "required": ["a"],
        "properties": {"a": {"$ref": "#/$defs/n"}},
        "$defs": {"n": {"type": "number"}},
    }
    made = table(field("x", "object", jsonSchema=schema), field("y", "array", jsonSchema={"maxItems": 1}))
    assert json_schema.fault(schema) is None
    assert found(made, x=['{"a": 1}', '{"a": "1"}', "{}", None], y=["[1, 2]", "[1]", None, "[]"]) == [
        (0, "y", "jsonSchema"),
        (1, "x", "jsonSchema"),
        (2, "x", "jsonSchema"),
    ]


def test_a_json_schema_contacts_no_address_and_does_not_hang() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        schema = {"$ref": f"http://127.0.0.1:{server.getsockname()[1]}/schema.json"}
        assert "no address is contacted" in (json_schema.fault(schema) or "")
        made = table(field("x", "object", jsonSchema=schema))
        assert found(made, x=["{}"]) == [(-1, "x", "pattern-limit")]
        with pytest.raises(TimeoutError):
            server.accept()
    hang = {"properties": {"a": {"pattern": "^(a+)+$"}}}
    made = table(field("x", "object", jsonSchema=hang))
    assert found(made, Limits(pattern=1.0), x=['{"a": "%s!"}' % ("a" * 60)]) == [(-1, "x", "pattern-limit")]


def test_a_json_schema_of_many_anchors_is_looked_at_at_once() -> None:
    """Each reference went through the whole schema: 80 kB took 14 s, 600 kB had no end."""
    held = {f"a{i}": {"$anchor": f"x{i}", "$ref": f"#x{i}"} for i in range(1_700)}
    began = monotonic()
    assert json_schema.fault({"$defs": held}) is None
    assert monotonic() - began < 5
    wrong = json_schema.fault({"$defs": {f"{i}{name}": value for i in range(2) for name, value in held.items()}})
    assert "no more than 100,000 are read" in (wrong or "")


@pytest.mark.parametrize(
    ("schema", "named"),
    [
        ({"type": "objekt"}, "is no JSON Schema"),
        ({"$ref": "#/$defs/none"}, "refers to"),
        ({"properties": {"a": {"$ref": "file:///etc/passwd"}}}, "no address is contacted"),
        ({"pattern": "("}, "is no JSON Schema"),
    ],
)
def test_json_schemas_that_cannot_be_used(schema: dict[str, Any], named: str) -> None:
    assert named in (json_schema.fault(schema) or "")


# -- messages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "constraint", "text"),
    [
        (field("x", "integer", required=True), "required", "is required"),
        (field("x", "integer", minimum=3), "minimum", "is less than 3"),
        (field("x", "date", maximum=date(2017, 11, 3)), "maximum", "is more than 2017-11-03"),
        (field("x", "date", format="%d/%m/%Y", maximum=date(2017, 11, 3)), "maximum", "is more than 03/11/2017"),
        (field("x", "number", exclusiveMinimum=0.5), "exclusiveMinimum", "is not more than 0.5"),
        (field("x", "year", exclusiveMaximum=2000), "exclusiveMaximum", "is not less than 2000"),
        (field("x", "string", minLength=2), "minLength", "has fewer than 2 characters"),
        (field("x", "list", maxLength=2), "maxLength", "has more than 2 items"),
        (field("x", "string", pattern="{a}"), "pattern", "does not match {a}"),
        (field("x", "string", enum=("a", "b")), "enum", "is not one of a, b"),
        (
            field("x", "integer", enum=tuple(range(5000))),
            "enum",
            "is not one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 4,990 more",
        ),
        (field("x", "integer", categories=(1, 2)), "categories", "is not among the categories 1, 2"),
        (field("x", "array", jsonSchema={}), "jsonSchema", "does not keep to the JSON Schema of the column"),
    ],
)
def test_messages(made: Field, constraint: str, text: str) -> None:
    assert cells.message(made, constraint) == (text, "About x.")


def test_the_message_of_the_limit() -> None:
    """It named neither the seconds that were allowed nor the option that allows more."""
    for made, what in (
        (field("x", "string", pattern="(?=a)"), "pattern"),
        (field("x", "array", jsonSchema={}), "JSON"),
    ):
        message, hint = cells.message(made, "pattern-limit", Limits(pattern=2.5))
        assert f"its {what}" in message
        assert "more than 2.5 seconds" in message
        assert "--pattern-seconds N" in hint


def test_bounds_are_shown_as_the_descriptor_writes_them() -> None:
    """A bound of 0 was told, and written into the release, as 0.0."""
    made = field("x", "number", minimum=0.0, maximum=-40.0, enum=(1.0, 2.5, 1e300))
    assert cells.message(made, "minimum")[0] == "is less than 0"
    assert cells.message(made, "maximum")[0] == "is more than -40"
    assert cells.message(made, "enum")[0] == "is not one of 1, 2.5, 1e+300"
    limits = dialects.table_schema(table(made))["fields"][0]["constraints"]
    assert json.dumps(limits) == '{"minimum": 0, "maximum": -40, "enum": [1, 2.5, 1e+300]}'


@pytest.mark.parametrize("bound", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
def test_nan_is_told_by_its_name(bound: str) -> None:
    """It was said to be less than a minimum, and more than a maximum."""
    made = field("x", "number", **{bound: 1.0})
    assert found(table(made), x=[math.nan]) == [(0, "x", "NaN")]
    assert cells.message(made, "NaN")[0] == "is NaN, which keeps no bound"
    assert found(table(field("x", "number", enum=(1.0,))), x=[math.nan]) == [(0, "x", "enum")]

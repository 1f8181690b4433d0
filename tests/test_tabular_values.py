"""Cells to typed values: the forms of Table Schema, and the facts of polars and Python that the speed rests on."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bastions.dialects import TYPES
from bastions.schema import Field
from bastions.tabular.fields import documents, strptime, values

few = settings(derandomize=True, max_examples=50, deadline=None, database=None)

DECIMAL = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
WORDS = r"[+-]?(nan|inf|infinity)"
NOISE = st.text("0123456789+-.,:eE_ aAnNiIfFtTyYxZ%/٣²\u00a0\n", max_size=12)


def field(type_: str, format_: str = "default", **options: Any) -> Field:
    return Field("a", type_, "", format=format_, options=options)


def read(column: Field, *cells: str | None) -> list[Any]:
    typed = values.read(column, pl.Series("a", cells, dtype=pl.String))
    assert typed.dtype == TYPES[column.type].polars
    return typed.to_list()


def at(hour: int = 0, minute: int = 0, second: int = 0, micro: int = 0) -> dt.datetime:
    return dt.datetime(2017, 11, 3, hour, minute, second, micro)


# What polars does.


@few
@given(st.lists(NOISE | st.from_regex(r"[+-]?[0-9]{1,20}\n?", fullmatch=True), min_size=8, max_size=8))
def test_the_cast_to_integers_takes_signed_ascii_digits_within_64_bits_alone(cells: list[str]) -> None:
    typed = pl.Series(cells, dtype=pl.String).cast(pl.Int64, strict=False)
    for cell, value in zip(cells, typed, strict=True):
        whole = int(cell) if re.fullmatch("[+-]?[0-9]+", cell) else None
        assert value == (whole if whole is not None and -(2**63) <= whole < 2**63 else None), cell


@few
@given(st.lists(NOISE | st.from_regex(DECIMAL, fullmatch=True, alphabet="0123456789.eE+-"), min_size=8, max_size=8))
def test_the_cast_to_doubles_takes_decimals_and_three_words_alone_and_rounds_as_python_does(cells: list[str]) -> None:
    typed = pl.Series(cells, dtype=pl.String).cast(pl.Float64, strict=False)
    for cell, value in zip(cells, typed, strict=True):
        if re.fullmatch(f"{DECIMAL}|(?i:{WORDS})", cell):
            other = float(cell)
            assert value == other or (value != value and other != other), cell
        else:
            assert value is None, cell


def test_the_end_of_a_pattern_of_polars_is_the_end_of_the_text() -> None:
    r"""Python's `$` stands before a last line feed too, so `2017-11-03\n` would be a date."""
    assert pl.Series(["a", "a\n", "b\na"]).str.contains("^a$").to_list() == [True, False, False]


@few
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_polars_prints_a_double_so_that_it_reads_back(number: float) -> None:
    assert float(str(pl.Series([number]).cast(pl.String)[0])) == number


# The forms.

FORMS: list[tuple[Field, dict[str, Any], list[str]]] = [
    (
        field("integer"),
        {"0": 0, "-0": 0, "007": 7, "+5": 5, "9223372036854775807": 2**63 - 1, "-9223372036854775808": -(2**63)},
        ["", " 7", "7 ", "1.0", "1e3", "0x10", "1_000", "٣", "9223372036854775808", "--1", "+", "1,000"],
    ),
    (
        field("integer", groupChar=","),
        {"1,000": 1000, "-12,34,567": -1234567, "1234": 1234, "1,0000,0000": 100000000},
        ["1,5", "1,2,345", ",100", "1,,000", "1,000,", "1,000,00", "1 000"],
    ),
    (
        field("integer", bareNumber=False, groupChar="."),
        {"€ 5.000": 5000, "95%": 95, "20 m²": 20, "-5": -5, "€-5": -5, " 7 ": 7},
        ["(5)", "5-", "\u22125", "-€5", "5-6", "abc", "", "5,6", "٣5"],
    ),
    (
        field("number"),
        {
            "-1.23": -1.23,
            "+100000.00": 100000.0,
            "210": 210.0,
            ".5": 0.5,
            "5.": 5.0,
            "1e5": 1e5,
            "1E-5": 1e-5,
            "INF": math.inf,
            "-inf": -math.inf,
            "0e-999": 0.0,
            "-0.000000": 0.0,
            "5e-324": 5e-324,
        },
        [
            "",
            ".",
            "e5",
            "1e",
            "1e999",
            "-1e999",
            "1e-999",
            "0.0001e-400",
            "+inf",
            "infinity",
            "-nan",
            " 1",
            "1,5",
            "1_0",
        ],
    ),
    (
        field("number", decimalChar=",", groupChar="."),
        {"1.234,5": 1234.5, "1,5": 1.5, "-,5": -0.5, "1,5e3": 1500.0, "1,234.5": 1.2345},
        ["1.5", "1,5,5", "1.23", "1,5.5"],
    ),
    (
        field("number", bareNumber=False),
        {"$5.50": 5.5, "EUR 95": 95.0, "Rs.500": 500.0, "Rs. 500": 500.0, ".5": 0.5, "1e5 m": 1e5, "5. ": 5.0},
        ["$.50", "1.2.3", "(5)", "5 -", "a-b", "%"],
    ),
    (field("boolean"), {"true": True, "TRUE": True, "1": True, "False": False, "0": False}, ["tRUE", "yes", "", "2"]),
    (field("boolean", trueValues=["ja"], falseValues=[]), {"ja": True}, ["true", "0"]),
    (
        field("date"),
        {
            "2017-11-03": at().date(),
            "2016-02-29": dt.date(2016, 2, 29),
            "0001-01-01": dt.date.min,
            "9999-12-31": dt.date.max,
        },
        [
            "2017-02-29",
            "1900-02-29",
            "2017-13-01",
            "2017-00-01",
            "2017-01-00",
            "2017-1-3",
            " 2017-11-03",
            "+017-11-03",
            "0000-01-01",
            "2017-11-03\n",
            "2017/11/03",
            "17-11-03",
            "2017-11-0a",
            "2017-11-03T00:00:00",
            "２017-11-0",
        ],
    ),
    (
        field("date", "%d/%m/%Y"),
        {
            "03/11/2017": at().date(),
            "3/11/2017": at().date(),
            "3/1/2017": dt.date(2017, 1, 3),
            "03/1/2017": dt.date(2017, 1, 3),
        },
        ["2017-11-03", "31/11/2017", "3/11/17", "003/11/2017", "3/011/2017", "٣/11/2017"],
    ),
    (field("date", "%y%m%d"), {"171103": at().date(), "690101": dt.date(1969, 1, 1)}, ["17113", "1711003"]),
    (
        field("date", "%d %b %Y"),
        {"03 Nov 2017": at().date(), "3 NOV 2017": at().date()},
        ["3 November 2017", "3 N 2017"],
    ),
    (field("date", "%A, %d %B %Y"), {"Friday, 3 November 2017": at().date()}, ["Monday, 3 November 2017"]),
    (field("date", "%Y-%j"), {"2017-307": at().date()}, ["2017-366", "2017-000"]),
    (field("date", "%G-W%V-%u"), {"2017-W44-5": at().date()}, ["2017-W53-1", "2017-W00-1", "2017-W44-8"]),
    (field("date", "%Y-%m-%d %j"), {"2017-11-03 307": at().date()}, ["2017-11-03 001"]),
    (field("date", "%F"), {"2017-11-03": at().date()}, ["03/11/2017"]),
    (
        field("date", "any"),
        {
            "2017-11-03": at().date(),
            "2017/1/3": dt.date(2017, 1, 3),
            "20171103": at().date(),
            "Fri, 3 Nov. 2017": at().date(),
            "Sept 3rd, 2017": dt.date(2017, 9, 3),
        },
        ["03/11/2017", "2017", "Nov 2017", "2017/1-3", "Thu 3 Nov 2017", "2017-11-03 10:00", "today", "2017-02-30"],
    ),
    (
        field("time"),
        {"00:00:00": dt.time(), "23:59:59": dt.time(23, 59, 59)},
        ["24:00:00", "23:59:60", "23:60:00", "1:00:00", "10:00", "10:00:00Z", "10:00:00.5", "10.00.00"],
    ),
    (
        field("time", "%I:%M %p"),
        {"12:05 AM": dt.time(0, 5), "12:05 pm": dt.time(12, 5), "3:00 PM": dt.time(15)},
        ["13:00 PM", "0:00 AM", "3:00"],
    ),
    (field("time", "%H:%M %p"), {"15:00 PM": dt.time(15)}, ["03:00 PM"]),
    (
        field("time", "%H:%M%z"),
        {"10:00+0200": dt.time(8), "01:00+02:00": dt.time(23), "10:00Z": dt.time(10)},
        ["10:00"],
    ),
    (
        field("time", "any"),
        {"9 am": dt.time(9), "12:30 am": dt.time(0, 30), "10:00": dt.time(10)},
        ["25:00", "13 pm", "0:30 am", "9"],
    ),
    (
        field("datetime"),
        {
            "2017-11-03T10:00:00": at(10),
            "2017-11-03T10:00:00Z": at(10),
            "2017-11-03T10:00:00-05:00": at(15),
            "2017-11-03T10:00:00.3": at(10, 0, 0, 300_000),
            "2017-11-03T10:00:00.000001Z": at(10, 0, 0, 1),
            "2017-11-03T10:00:00.123456000+02:00": at(8, 0, 0, 123_456),
            "2017-11-02T24:00:00": at(),
            "2017-11-03T00:00:00+14:00": dt.datetime(2017, 11, 2, 10),
        },
        [
            "2017-11-03 10:00:00",
            "2017-11-03T10:00",
            "2017-11-03T10:00:60",
            "2017-11-03T10:00:00.1234567",
            "2017-11-03T24:00:01",
            "9999-12-31T24:00:00",
            "2017-11-03T10:00:00+14:01",
            "2017-11-03T10:00:00,02:00",
            "2017-11-03T10:00:00+0200",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "0000-01-01T00:00:00",
            "-2017-11-03T10:00:00",
            "2017-11-03T10:00:00.",
            "2017-11-03t10:00:00",
        ],
    ),
    (
        field("datetime", "any"),
        {
            "2017-11-03": at(),
            "Nov 3, 2017 9:05 pm": at(21, 5),
            "2017-11-03T10:00:00+02:00": at(8),
            "3 Nov 2017, 10:00 UTC": at(10),
        },
        ["10:00", "03/11/2017 10:00", "2017-11-03 25:00", "0001-01-01 00:00+01:00"],
    ),
    (
        field("year"),
        {"2017": 2017, "0044": 44, "-0044": -44, "12017": 12017},
        ["217", "02017", "0000", "-0000", "+2017", "2017Z", "99999999999", "20 7"],
    ),
    (field("yearmonth"), {"2017-11": "2017-11"}, ["2017-13", "2017-00", "2017-1", "0000-01", "-2017-11", "2017-11Z"]),
    (
        field("duration"),
        {form: form for form in ("P1Y2M3DT4H5M6.70S", "P1D", "-P1M", "PT1M", "PT0.5S", "P1YT1S", "P0Y")},
        ["P", "PT", "P1DT", "P1W", "1D", "P1M1Y", "P-1D", "PT1.S", "P1.5D", "P1S", "+P1D"],
    ),
    (
        field("geopoint"),
        {form: form for form in ("90.50, 45.50", "90.50,45.50", "-180,+90", "1e1,.5")},
        ["181,0", "0,91", "1,2,3", "1", "nan,1", "1,  2", " 1,2", "1 ,2", "1e999,0"],
    ),
    (
        field("geopoint", "array"),
        {"[90.50, 45.50]": "[90.50, 45.50]", " [1,2]": " [1,2]"},
        ["[1]", "[1,2,3]", '["1",2]', "[181,0]", "[true,1]", "[NaN,1]", "{}"],
    ),
    (
        field("geopoint", "object"),
        {'{"lat":1,"lon":2}': '{"lat":1,"lon":2}'},
        ['{"lat":1}', '{"lat":1,"lon":2,"a":3}', '{"lat":1,"lon":2,"lon":3}', "[1,2]"],
    ),
    (
        field("object"),
        {'{"a":[1e999]}': '{"a":[1e999]}', "{}": "{}"},
        ["[]", '{"a":NaN}', '{"a":1,"a":2}', '{"b":{"a":1,"a":2}}', "{", "", "{'a':1}", "null", '{"a":1} x'],
    ),
    (field("array"), {"[1]": "[1]"}, ["{}", "[Infinity]", "[1,]", '[{"a":1,"a":1}]']),
    (field("list"), {"a,b": "a,b", "": ""}, []),
    (field("list", itemType="integer", delimiter=";"), {"1;2": "1;2", "7": "7"}, ["1,2", "1;", ";", "", "1; 2"]),
    (field("list", itemType="date"), {"2017-11-03,2016-02-29": "2017-11-03,2016-02-29"}, ["2017-11-03,2017-02-29"]),
    (
        field("string", "email"),
        {"a.b+c@example.org": "a.b+c@example.org"},
        ["a", "a@b", "a b@c.org", ".a@b.org", "a@-b.org"],
    ),
    (
        field("string", "uri"),
        {
            form: form
            for form in ("https://e.org/a?b=c#d", "mailto:a@b.org", "urn:isbn:1", "http://[::1]:80", "file:///a")
        },
        ["a/b", "http://a b", "http://a/%zz", "1a:b", "http://[1]", "//a", "http://a/é", "a:#b#c"],
    ),
    (field("string", "binary"), {"YWI=": "YWI=", "": "", "YWJj": "YWJj"}, ["YWI", "YW I=", "YWI=\n", "=", "YW-_"]),
    (
        field("string", "uuid"),
        {"123E4567-e89b-12d3-a456-426614174000": "123E4567-e89b-12d3-a456-426614174000"},
        [
            "123e4567e89b12d3a456426614174000",
            "{123e4567-e89b-12d3-a456-426614174000}",
            "g23e4567-e89b-12d3-a456-426614174000",
        ],
    ),
    (field("string"), {" a\n": " a\n", "": ""}, []),
    (field("any"), {" a\n": " a\n", "1": "1"}, []),
]
IDS = [f"{f.type}-{f.format}-{','.join(f.options)}" for f, *_ in FORMS]


@pytest.mark.parametrize(("column", "good", "bad"), FORMS, ids=IDS)
def test_each_form_has_its_value_and_nothing_else_has_one(column: Field, good: dict[str, Any], bad: list[str]) -> None:
    assert dict(zip(good, read(column, *good), strict=True)) == good
    assert [cell for cell, value in zip(bad, read(column, *bad), strict=True) if value is not None] == []


@pytest.mark.parametrize(("column", "good", "bad"), FORMS, ids=IDS)
def test_the_parts_of_a_column_do_not_matter(column: Field, good: dict[str, Any], bad: list[str]) -> None:
    """Nulls, slices and chunks of a column change nothing: the matrix of bytes is cut out of polars' own buffers."""
    cells = [*good, None, *bad, None, *good]
    expected = read(column, *cells)
    chunks = pl.concat(
        [pl.Series("a", part, dtype=pl.String) for part in (cells[:2], cells[2:3], cells[3:])], rechunk=False
    )
    assert values.read(column, chunks).to_list() == expected
    assert values.read(column, chunks[1:-1]).to_list() == expected[1:-1]
    assert values.read(column, chunks[:0]).to_list() == []
    assert read(column, None, None) == [None, None]
    assert read(column, None) == [None]
    assert values.read(column, chunks).name == "a"


def test_nan_is_a_number_in_any_case() -> None:
    assert [value != value for value in read(field("number"), "NaN", "nan", "NAN")] == [True] * 3


@pytest.mark.parametrize("column", [column for column, *_ in FORMS], ids=IDS)
def test_no_text_makes_it_fail_and_a_column_reads_as_each_cell_alone(column: Field) -> None:
    near = [
        *(next(good for c, good, _ in FORMS if c is column)),
        "[",
        "{",
        "[[",
        '{"type":',
        "٣",
        "\x00",
        "\ud7ff",
        "%",
    ]

    @settings(few, max_examples=15)
    @given(st.lists(st.text(max_size=8) | NOISE | st.tuples(st.sampled_from(near), NOISE).map("".join), max_size=12))
    def holds(cells: list[str]) -> None:
        together = read(column, *cells)
        assert [repr(value) for value in together] == [repr(read(column, cell)[0]) for cell in cells]

    holds()


# Patterns of strptime.

PATTERNS = (
    "%Y-%m-%d %H:%M:%S", "%d/%m/%Y", "%m/%d/%y %H:%M", "%Y%m%d%H%M%S", "%Y-%m-%dT%H:%M:%S.%f%z", "%d.%m.%Y",
    "%H:%M:%S", "%d %b %Y %I:%M %p", "%a %d %B %Y", "%G-W%V-%u", "%Y-%j", "100%% %Y/%m/%d", "%d/%m", "%Y", "%Y W%W %w",
    "%Y年%m月%d日", "%c", "%m-%Y",
)  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("type_", ["date", "time", "datetime"])
def test_what_a_pattern_reads_is_what_python_reads(type_: str, pattern: str) -> None:
    """Whether by templates or by Python: padded, without leading zeros, and with an edit."""
    column = field(type_, pattern)
    assert values.refusal(column) is None
    plain = pattern.replace("%c", "%a %b %d %H:%M:%S %Y")

    @settings(few, max_examples=25)
    @given(
        st.datetimes(dt.datetime(1000, 1, 1)),
        st.booleans(),
        st.integers(0, 30),
        st.sampled_from(["", "", "0", "7", "9", "-", " ", "x", "٣"]),
    )
    def agrees(when: dt.datetime, bare: bool, place: int, edit: str) -> None:
        cell = when.replace(tzinfo=dt.timezone(dt.timedelta(hours=2))).strftime(plain)
        if bare:
            cell = re.sub("(?<![0-9.])0+(?=[0-9])", "", cell)
        cell = cell if not edit else cell[:place] + edit + cell[place + 1 :]
        (found,) = read(column, cell)
        try:
            python = dt.datetime.strptime(cell, plain)
        except ValueError:
            assert found is None
            return
        python = python.astimezone(dt.UTC).replace(tzinfo=None) if python.tzinfo and type_ != "date" else python
        expected = {"date": python.date(), "time": python.time(), "datetime": python}[type_]
        if type_ == "date":
            expected = dt.datetime.strptime(cell, plain).date()
        # Only an edit, or digits that touch others, can make a cell that is refused here and not in Python.
        assert found == expected or (found is None and (edit or (bare and pattern == "%Y%m%d%H%M%S"))), cell

    agrees()


@few
@given(st.datetimes(dt.datetime(1000, 1, 1)), st.sampled_from(["3", "11", "09"]))
def test_the_same_digits_are_the_same_day_by_templates_and_by_python(when: dt.datetime, day: str) -> None:
    """A white space that no template has sends a cell through Python: both ways must tell the same."""
    column = field("date", "%d %m %Y")
    cell = when.strftime(f"{day} %m %Y")
    assume(read(column, cell)[0] is not None)
    assert read(column, cell) == read(column, cell.replace(" ", "\t"))


@pytest.mark.parametrize(
    ("column", "part"),
    [
        (field("date", "%Q"), "%Q"),
        (field("date", "yyyy-mm-dd"), "no directive"),
        (field("date", "%Y-%m-%d %Y"), "twice"),
        (field("date", "%Y-%"), "%"),
        (field("date", "%V"), "does not work"),
        (field("string", "wkt"), "wkt"),
        (field("number", decimalChar=""), "empty"),
        (field("number", decimalChar=".", groupChar="."), "told apart"),
        (field("number", decimalChar="5"), "digit"),
        (field("number", groupChar=3), "not text"),
        (field("number", bareNumber="no"), "bareNumber"),
        (field("boolean", trueValues=["0"]), '"0"'),
        (field("boolean", falseValues="no"), "falseValues"),
        (field("boolean", falseValues=[0]), "falseValues"),
        (field("list", delimiter=""), "delimiter"),
        (field("list", itemType="object"), "itemType"),
        (field("geojson", "wkt"), "topojson"),
    ],
)  # fmt: skip
def test_a_field_that_no_cell_could_meet_is_refused_by_name_and_reads_nothing(column: Field, part: str) -> None:
    assert part in str(values.refusal(column))
    assert read(column, "2017-11-03", "1", "0", "no", None) == [None] * 5


# JSON.


@pytest.mark.parametrize("depth", [900, 100_000])
def test_deep_json_ends_with_a_verdict(depth: int) -> None:
    """Python's decoder raises RecursionError, which is no ValueError, on some thousand brackets."""
    cell = "[" * depth + "]" * depth
    assert read(field("array"), cell) in ([cell], [None])
    assert read(field("array"), "[" * depth) == [None]
    nested = '{"type":"GeometryCollection","geometries":[' * depth + "]}" * depth
    assert read(field("geojson"), nested) in ([nested], [None])


def test_json_with_a_number_of_a_million_digits_is_json_and_costs_no_time() -> None:
    """Python refuses integers of more than 4300 digits, and needs minutes for a million where it does not."""
    cell = '{"a":' + "9" * 1_000_000 + "}"
    assert read(field("object"), cell) == [cell]


P = '{"type":"Point","coordinates":[1,2]}'
GEOJSON = [
    P,
    '{"type":"Point","coordinates":[1,2.5,-3]}',
    '{"type":"LineString","coordinates":[[1,2],[3,4]],"bbox":[1,2,3,4]}',
    '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0.0]]]}',
    '{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}',
    '{"type":"MultiPoint","coordinates":[]}',
    '{"type":"MultiLineString","coordinates":[[[1,2],[3,4]]]}',
    f'{{"type":"GeometryCollection","geometries":[{P}]}}',
    f'{{"type":"Feature","geometry":{P},"properties":{{"a":1}},"id":7}}',
    '{"type":"Feature","geometry":null,"properties":null,"id":"a"}',
    f'{{"type":"FeatureCollection","features":[{{"type":"Feature","geometry":{P},"properties":null}}]}}',
]
NOT_GEOJSON = [
    "{}",
    "[]",
    '{"type":"point","coordinates":[1,2]}',
    '{"type":"Point"}',
    '{"type":"Point","coordinates":[1]}',
    '{"type":"Point","coordinates":["1","2"]}',
    '{"type":"Point","coordinates":[true,1]}',
    '{"type":["Point"],"coordinates":[1,2]}',
    '{"type":"Point","coordinates":[1,2],"bbox":[1]}',
    '{"type":"LineString","coordinates":[[1,2]]}',
    '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[2,2]]]}',
    '{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}',
    f'{{"type":"Feature","geometry":{P}}}',
    f'{{"type":"Feature","geometry":{P},"properties":[]}}',
    f'{{"type":"Feature","geometry":{P},"properties":null,"id":[1]}}',
    f'{{"type":"FeatureCollection","features":[{P}]}}',
    '{"type":"GeometryCollection","geometries":[{}]}',
    '{"type":"Topology","objects":{},"arcs":[]}',
]
TOPOJSON = [
    '{"type":"Topology","objects":{},"arcs":[]}',
    '{"type":"Topology","objects":{"a":{"type":"LineString","arcs":[0,-1]}},"arcs":[[[0,0],[1,1]]],"bbox":[0,0,1,1]}',
    '{"type":"Topology","objects":{},"arcs":[],"transform":{"scale":[1,1],"translate":[0,0]}}',
    '{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}',
    '{"type":"MultiPolygon","arcs":[[[0]]]}',
]
NOT_TOPOJSON = [
    '{"type":"Topology","objects":{}}',
    '{"type":"Topology","objects":[],"arcs":[]}',
    '{"type":"Topology","objects":{},"arcs":[[[0,0]]]}',
    '{"type":"Topology","objects":{},"arcs":[],"transform":{"scale":[1]}}',
    '{"type":"LineString","arcs":[0.5]}',
    '{"type":"Feature","geometry":null,"properties":null}',
    "[]",
]


def test_geojson_and_topojson_are_told_by_their_structure() -> None:
    assert read(field("geojson"), *GEOJSON) == GEOJSON
    assert read(field("geojson"), *NOT_GEOJSON) == [None] * len(NOT_GEOJSON)
    assert read(field("geojson", "topojson"), *TOPOJSON) == TOPOJSON
    assert read(field("geojson", "topojson"), *NOT_TOPOJSON) == [None] * len(NOT_TOPOJSON)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["Point", "Feature", "Topology"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["type", "coordinates", "geometry", "properties", "features", "arcs", "objects", "bbox", "id",
                         "geometries", "transform", "lon", "lat"]),
        inner,
        max_size=4,
    ),
    max_leaves=8,
)  # fmt: skip


@settings(few, max_examples=100)
@given(JSON)
def test_no_json_makes_a_check_fail(value: Any) -> None:
    import json

    for check in values._JSON.values():
        assert documents.is_json(json.dumps(value), check) in (True, False)


# Numbers that a double does not hold.


def test_a_number_whose_digits_a_double_does_not_keep_is_told() -> None:
    """Exact means: the double, printed with as many digits as the cell has, is the cell."""
    cells = {
        "0.1": False,
        "0.10000000000000001": False,  # as C prints 0.1 with 17 digits
        "0.1000000000000000055511151231257827": False,  # what that double is, further on
        "0.12345678901234567": True,
        "123456789012345678": True,
        "123456789012345680": False,
        "9007199254740993": True,
        "9007199254740992": False,
        "1.10000000000000000000": False,
        "000000000000000000001.5": False,
        "1.2345e-320": True,
        "3.141592653589793238": True,
        "2.2250738585072014e-308": False,
        "0." + "3" * 1000: True,
        "123456789012345678e0": True,
        "NaN": False,
        "abcdefghijklmnopqrstuvwxyz": False,
        "0.0000000000000000000000": False,
    }
    column, text = field("number"), pl.Series("a", [*cells, None])
    found = values.inexact(column, text, values.read(column, text))
    assert dict(zip(cells, found, strict=False)) == cells
    assert found.dtype == pl.Boolean
    assert found[-1] is False
    assert len(found) == len(text)
    short = text.head(1)
    assert values.inexact(column, short, values.read(column, short)).to_list() == [False]


def test_the_digits_are_looked_at_without_groups_and_units() -> None:
    column = field("number", groupChar=",", bareNumber=False)
    text = pl.Series(["$123,456,789,012,345,678", "$123,456,789,012,345,680", "$1,234.5 and more words"])
    assert values.inexact(column, text, values.read(column, text)).to_list() == [True, False, False]


@few
@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["r", ".17g", ".16e", ".15g"]))
def test_what_programs_print_of_doubles_is_exact(number: float, style: str) -> None:
    """`.15g` may print another number than it was given, but a double then holds what it printed."""
    text = pl.Series([repr(number) if style == "r" else format(number, style)])
    column = field("number")
    typed = values.read(column, text)
    assume(typed[0] is not None and (typed[0] == 0 or abs(typed[0]) > 1e-307))
    assert values.inexact(column, text, typed).to_list() == [False]


# Values of descriptors.


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        (field("integer"), 5, 5),
        (field("integer"), 5.0, 5),
        (field("integer"), "5", 5),
        (field("integer", groupChar=","), "5,000", 5000),
        (field("number"), 5, 5.0),
        (field("number"), 0.1, 0.1),
        (field("number", decimalChar=","), "0,1", 0.1),
        (field("boolean"), True, True),
        (field("boolean", trueValues=["ja"]), "ja", True),
        (field("date", "%d/%m/%Y"), "03/11/2017", at().date()),
        (field("datetime"), "2017-11-03T10:00:00+02:00", at(8)),
        (field("time"), "10:00:00", dt.time(10)),
        (field("year"), 2017, 2017),
        (field("year"), "2017", 2017),
        (field("yearmonth"), "2017-11", "2017-11"),
        (field("duration"), "P1D", "P1D"),
        (field("string"), "", ""),
        (field("array"), [1, 2], "[1, 2]"),
        (field("geojson"), {"type": "Point", "coordinates": [1, 2]}, '{"type": "Point", "coordinates": [1, 2]}'),
    ],
)
def test_a_value_of_a_descriptor_is_read_as_json_or_as_a_cell(column: Field, value: object, expected: Any) -> None:
    found = values.parse(column, value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (field("integer"), True),
        (field("integer"), 5.5),
        (field("integer"), 2**63),
        (field("integer"), math.inf),
        (field("integer"), "5.0"),
        (field("integer"), None),
        (field("number"), True),
        (field("number"), 2**53 + 1),
        (field("number"), 10**400),
        (field("number"), math.nan),
        (field("number"), "0.12345678901234567"),
        (field("boolean"), 1),
        (field("string"), 1),
        (field("any"), 1),
        (field("date"), 20171103),
        (field("date"), "03/11/2017"),
        (field("year"), 2**31),
        (field("year"), 0),
        (field("object"), [1]),
        (field("list"), ["a"]),
        (field("date", "%Q"), "2017"),
    ],
)
def test_a_value_of_another_type_is_refused_with_what_it_should_be(column: Field, value: object) -> None:
    with pytest.raises(ValueError, match=r"is not|more digits"):
        values.parse(column, value)


@pytest.mark.parametrize("column", [column for column, *_ in FORMS if column.type not in ("string", "any")])
def test_the_example_of_a_hint_is_a_value(column: Field) -> None:
    hint = values.hint(column)
    assert hint
    _, _, example = hint.partition("such as ")
    example = example.partition(", with")[0].partition(" under")[0].removesuffix(", without a key twice")
    if example:
        assert read(column, example)[0] is not None, hint


def test_a_hint_names_the_pattern() -> None:
    assert values.hint(field("date", "%d/%m/%Y")) == "a day as %d/%m/%Y, such as 03/11/2017"
    assert strptime.sample("%c") == "Fri Nov 03 09:05:07 2017"


def test_a_prefix_of_version_0_is_text_of_the_pattern() -> None:
    """`fmt:` was taken off formats of v2 too, of which it is a part as any other text; `schema_reading` knows which."""
    made = field("date", "fmt:%y%m%d")
    assert values.read(made, pl.Series(["171103", "fmt:171103"])).to_list() == [None, dt.date(2017, 11, 3)]

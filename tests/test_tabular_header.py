"""The header of a file: its rows and labels, which field each column is, and what is said where it is wrong."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bastions.schema import Constraints, Field, Table
from bastions.tabular.descriptor.dialect import Dialect
from bastions.tabular.descriptor.schema_reading import MATCHES
from bastions.tabular.limits import Limits
from bastions.tabular.text import general, header
from bastions.tabular.text.encodings import utf8
from bastions.tabular.text.labels import by_position
from bastions.tabular.text.labels import match as matched

NONE = Dialect(header=False, header_rows=())


def read(data: bytes, dialect: Dialect | None = None, **limits: int) -> header.Header:
    return header.read(io.BytesIO(data), dialect or Dialect(), Limits(**limits))


def rest(found: header.Header) -> bytes:
    return b"".join(iter(lambda: found.rest.read(3), b""))


def rules(found: header.Header) -> list[tuple[int, int, str]]:
    assert found.labels == ()
    return [(fault.line, fault.column, fault.rule) for fault in found.faults]


@pytest.mark.parametrize(
    ("data", "dialect", "labels", "at", "line", "row"),
    [
        (b"a,b\n1", Dialect(), ("a", "b"), 1, 2, 2),
        (b"a,b\r\n1", Dialect(), ("a", "b"), 1, 2, 2),
        (b'" a","b""c"\n1', Dialect(), (" a", 'b"c'), 1, 2, 2),
        # A label with a line end: the data begin on line 3 and with row 2.
        (b'"a\nb",c\n1', Dialect(), ("a\nb", "c"), 1, 3, 2),
        (b"a;b\n1", Dialect(delimiter=";"), ("a", "b"), 1, 2, 2),
        (b'#\n#"\na\n1', Dialect(comment_char="#"), ("a",), 3, 4, 4),
        (b"x\na\n1", Dialect(comment_rows=(1,)), ("a",), 2, 3, 3),
        (b"x\na\n1", Dialect(comment_rows=(1,), header_rows=(2,)), ("a",), 2, 3, 3),
        # What stands above the header is not looked at.
        (b'x"\n\na\n1', Dialect(header_rows=(3,)), ("a",), 3, 4, 4),
        # The example of the specification.
        (b"fruit\nid,name\n1", Dialect(header_rows=(1, 2)), ("fruit id", "fruit name"), 1, 3, 3),
        (b"x,y\n?\nid,name\n1", Dialect(header_rows=(1, 3), header_join="-"), ("x-id", "y-name"), 1, 4, 4),
        (b",y\nid,name\n1", Dialect(header_rows=(1, 2)), ("id", "y name"), 1, 3, 3),
        (b"a;b\r1", Dialect(terminator="\r", delimiter=";"), ("a", "b"), 1, 2, 2),
    ],
)
def test_labels(data: bytes, dialect: Dialect, labels: tuple[str, ...], at: int, line: int, row: int) -> None:
    found = read(data, dialect)
    assert (found.labels, found.at, found.line, found.row, found.width) == (labels, at, line, row, len(labels))
    assert (found.faults, rest(found)) == ([], b"1")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", (1, 0, "source-error")),
        (b"\na,b\n", (1, 0, "blank-header")),
        (b",\n1,2\n", (1, 0, "blank-header")),
        (b'a,"b\n1,2\n', (1, 2, "unclosed-quote")),
        (b'a,b"\n1,2\n', (1, 2, "stray-quote")),
        (b"a,b\0\n1,2\n", (1, 2, "forbidden-character")),
        (b"a\r1,2\r", (1, 1, "forbidden-character")),
        (b"a,b\xff\n1,2\n", (1, 0, "encoding-error")),
    ],
)
def test_headers_that_cannot_be_used(data: bytes, expected: tuple[int, int, str]) -> None:
    assert rules(read(data)) == [expected]


def test_a_header_beyond_the_end() -> None:
    assert rules(read(b"a\n", Dialect(header_rows=(1, 2)))) == [(1, 0, "blank-header")]
    assert rules(read(b"#a\n", Dialect(comment_char="#"))) == [(1, 0, "blank-header")]


@pytest.mark.parametrize(
    ("dialect", "limits"),
    [(Dialect(), {"columns": 3}), (Dialect(header=False), {"columns": 3}), (Dialect(), {"row": 100_000})],
)
def test_lines_that_end_at_carriage_returns_are_named(dialect: Dialect, limits: dict[str, int]) -> None:
    """A file of CR alone has one line of a million columns, and the hint was to raise the limit."""
    (fault,) = read(b"a,b\r" * 100_000, dialect, **limits).faults
    assert '"lineTerminator": "\\r"' in fault.hint
    (fault,) = read(b"a,b\r" * 2 + b"\n" + b"a,b,c,d,e\n", dialect, columns=2).faults
    assert "--max-columns" in fault.hint


def test_an_undecodable_header_is_told_where_it_is() -> None:
    stream: Any = utf8(io.BytesIO(b"a\n\x81"), "cp1252")
    assert rules(header.read(stream, Dialect(header_rows=(2,)), Limits())) == [(2, 0, "encoding-error")]


def test_limits_of_a_header() -> None:
    found = read(b"a," * 4_999 + b"a\n1\n")
    assert rules(found) == [(1, 0, "column-limit")]
    assert "5,000 columns" in found.faults[0].message
    assert found.faults[0].hint.startswith("--max-columns")
    assert rules(read(b"a" * 11 + b"\n", row=10)) == [(1, 0, "row-limit")]
    assert rules(read(b"a" * 11 + b"\n", cell=10)) == [(1, 1, "cell-limit")]
    assert rules(read(b"1,2,3\n", NONE, columns=2)) == [(1, 0, "column-limit")]


class Endless(io.RawIOBase):
    """A file of one line without an end, which counts what is read of it."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        assert self.given < 10_000_000, "reads without end"
        self.given += size
        return b'"x,' * (size // 3) + b"y" * (size % 3)


@pytest.mark.parametrize("dialect", [Dialect(), NONE, Dialect(comment_char="#", header_rows=(2,))])
def test_of_a_file_of_one_line_no_more_than_the_limit_is_read(dialect: Dialect) -> None:
    stream: Any = Endless()
    found = header.read(stream, dialect, Limits(row=1_000_000))
    assert found.labels == ()
    assert stream.given < 1_200_000


def test_comments_above_a_header_do_not_hide_where_it_was_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands above a header counts towards the limit; the end of what was read is not the end of the header."""
    monkeypatch.setattr(header, "_CHUNK", 16)
    dialect = Dialect(comment_char="#", delimiter=";")
    for above in range(40):
        found = read(b"#\n" * above + b"first;second;third\n1;2;3\n", dialect, row=30)
        if found.labels:
            assert found.labels == ("first", "second", "third")
        else:
            assert [fault.rule for fault in found.faults] == ["row-limit"]
    assert found.labels == ()


def test_without_a_header_the_first_good_row_gives_the_width() -> None:
    for data, width, at in ((b"1,2\n3\n", 2, 1), (b'\n"1,2\n3,4,5\n', 3, 3), (b"", 0, 1), (b'"', 0, 1)):
        found = read(data, NONE)
        assert (found.width, found.at, found.line, found.row) == (width, at, 1, 1)
        assert (found.labels, found.faults, rest(found)) == ((), [], data)


LABELS = st.lists(st.text(st.sampled_from('ab,"\né '), min_size=1, max_size=4), min_size=1, max_size=5)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(LABELS, LABELS, st.sampled_from(["\n", "\r\n"]))
def test_after_the_header_the_rows_are_read_as_they_stand(labels: list[str], row: list[str], end: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end).writerow(labels)
    begin = out.getvalue().count("\n") + 1
    csv.writer(out, lineterminator=end).writerow(row)
    found = read(out.getvalue().encode())
    assert (found.labels, found.faults) == (tuple(labels), [])
    block = next(general.blocks(found.rest, Dialect(), len(row), Limits(), found.line, row=found.row))
    assert (block.text.rows(), block.lines.tolist()) == ([tuple(row)], [begin])


# Which field each column is


def table(*names: str, required: tuple[str, ...] = (), key: tuple[str, ...] = ()) -> Table:
    fields = (Field(name, "string", "", constraints=Constraints(required=name in required)) for name in names)
    return Table("things", "", "", "record", tuple(fields), key)


THINGS = table("id", "name", "when")


def match(labels: str, matching: str = "exact", to: Table | None = THINGS, **more: bool) -> tuple[str, list[str]]:
    """The fields of the columns, `-` for none, and the faults as column and rule."""
    columns, faults = matched(labels.split(","), to, matching, **more)
    return ",".join(name or "-" for name in columns), [f"{fault.column} {fault.rule}" for fault in faults]


def to_all(faults: list[str], *matchings: str) -> dict[str, list[str]]:
    return dict.fromkeys(matchings or MATCHES, faults)


@pytest.mark.parametrize("matching", ["exact", "equal", "subset", "superset", "partial"])
def test_the_fields_in_their_order_are_right_by_every_rule(matching: str) -> None:
    assert match("id,name,when", matching) == ("id,name,when", [])


@pytest.mark.parametrize(
    ("labels", "fields", "faults"),
    [
        ("when,id,name", "when,id,name", {"exact": ["1 incorrect-label"]}),
        ("id,when", "id,when", to_all(["0 missing-label"], "exact", "equal", "subset")),
        ("id,x,name,when", "id,-,name,when", to_all(["2 extra-label"], "exact", "equal", "superset")),
        ("id,,name,when", "id,-,name,when", to_all(["2 blank-label"], "exact", "equal", "superset")),
        ("id,name,when,id", "id,name,when,-", to_all(["4 duplicate-label"])),
        ("id,nmae,when", "id,-,when", to_all(["2 incorrect-label"], "exact", "equal", "subset", "superset")),
        ("Id,name,when", "-,name,when", to_all(["1 incorrect-label"], "exact", "equal", "subset", "superset")),
        ("id, name,when", "id,-,when", to_all(["2 incorrect-label"], "exact", "equal", "subset", "superset")),
        ("x", "-", {**to_all(["1 incorrect-label"]), "partial": ["0 unmatched-header"]}),
    ],
)
@pytest.mark.parametrize("matching", MATCHES)
def test_each_rule(matching: str, labels: str, fields: str, faults: dict[str, list[str]]) -> None:
    assert match(labels, matching) == (fields, faults.get(matching, []))


def test_in_order_a_wrong_label_stands_for_the_field_of_its_place() -> None:
    """One fault, not two: what stands in the place of a missing column is not reported as one too many as well."""
    assert match("id,q,when") == ("id,-,when", ["2 incorrect-label"])
    assert match("id,,when") == ("id,-,when", ["2 blank-label"])
    assert match("id,id,when") == ("id,-,when", ["2 duplicate-label"])
    assert match("id,q,when", "equal") == ("id,-,when", ["2 extra-label", "0 missing-label"])


def test_where_fields_may_be_absent_those_that_every_row_needs_may_not() -> None:
    needed = table("id", "name", "when", required=("name",), key=("id",))
    for matching in ("superset", "partial"):
        assert match("when", matching, needed) == ("when", ["0 missing-label", "0 missing-label"])
        assert match("id,name", matching, needed) == ("id,name", [])
    assert match("when,id,nane", "partial", needed) == ("when,id,-", ["3 incorrect-label"])
    # A further column may have any name, also one that is like that of an absent field.
    assert match("id,name,wen", "partial", needed) == ("id,name,-", [])


def test_case() -> None:
    assert match("ID,Name,WHEN", case_sensitive=False) == ("id,name,when", [])
    two = table("a", "A", "b")
    assert match("A,a,B", "equal", two, case_sensitive=False) == ("A,a,b", [])
    assert match("Id,ID,name,when", case_sensitive=False)[1] == ["2 duplicate-label"]


def test_without_a_schema_the_labels_are_the_names() -> None:
    assert match("a,b", to=None) == ("a,b", [])
    assert match("a,,a", to=None) == ("a,-,-", ["2 blank-label", "3 duplicate-label"])


def told(labels: list[str], to: Table = THINGS, matching: str = "exact") -> str:
    return " | ".join(f"{f.value}: {f.message}. {f.hint}" for f in matched(labels, to, matching, line=3)[1])


def test_messages() -> None:
    fields = "The fields are: id, name, when"
    assert told(["id", "nmae", "when"]) == f'nmae: is not the name of a field; "name" was expected. {fields}'
    assert told(["id", " name", "when"]) == f' name: is not "name": it begins or ends with a space. {fields}'
    assert "begins with a byte-order mark" in told(["\ufeffid", "name", "when"])
    assert "it has semicolons. Declare the delimiter" in told(["id;name;when"])
    assert "perhaps the header is missing" in told(["1", "2", "3"])
    assert '"name" was expected: the columns are in another order. Declare "fieldsMatch": "equal"' in told(
        ["id", "when", "name"]
    )
    assert 'the column "when" is missing.' in told(["id", "name"])
    assert matched(["x"], THINGS, line=3)[1][0].line == 3


@pytest.mark.parametrize("label", ["id;name", "id\tname", "id|name", "id,name", "id;name;when"])
@pytest.mark.parametrize("matching", MATCHES)
def test_a_header_with_another_delimiter_has_one_fault(label: str, matching: str) -> None:
    """Such a label is like the name of a field, for which it was taken: a wrong label, and all others were missing."""
    fields = table("id", "name", "when")
    columns, faults = matched([label], fields, matching)
    signs = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas"}
    sign = next(words for sign, words in signs.items() if sign in label)
    assert columns == [None]
    assert [fault.rule for fault in faults] == ["unmatched-header" if matching == "partial" else "incorrect-label"]
    assert faults[0].message.endswith(f"; it has {sign}")
    assert faults[0].hint.startswith("Declare the delimiter in `dialect`. The fields are: id")


def test_a_label_with_a_delimiter_that_names_few_fields_is_a_label() -> None:
    two = table("id", "name")
    assert told(["id;name"], two).startswith("id;name: the first row names none of the fields of the schema; it has")
    assert match("ID;name", "exact", two, case_sensitive=False) == ("-", ["1 incorrect-label"])
    assert match("a;b", to=table("a;b")) == ("a;b", [])
    assert "semicolons" not in told(["name;x"])


def test_many_wrong_labels_do_not_take_for_ever() -> None:
    """As many columns as are allowed, all named wrongly, with hints that do not list all fields each time."""
    wide = table(*(f"field number {n}" for n in range(2_000)))
    columns, faults = matched([f"feild numbre {n}" for n in range(2_000)], wide)
    assert set(columns) == {None}
    assert len(faults) == 2_000
    assert all(len(fault.hint) < 500 for fault in faults)
    assert len(matched(["field number 1", *(f"{n:b}" for n in range(1_999))], wide)[1]) == 1_999


def test_a_label_that_is_a_whole_text() -> None:
    assert told(["id", "x" * 900_000, "when"]).count('"name" was expected') == 1


@pytest.mark.parametrize(
    ("width", "matching", "fields", "faults"),
    [
        (3, "exact", ["id", "name", "when"], []),
        (4, "exact", ["id", "name", "when", None], [(4, "extra-cell")]),
        (4, "partial", ["id", "name", "when", None], []),
        (2, "exact", ["id", "name"], [(3, "missing-cell")]),
        (2, "superset", ["id", "name"], []),
    ],
)
def test_without_a_header_columns_are_fields_by_their_place(
    width: int, matching: str, fields: list[str | None], faults: list[tuple[int, str]]
) -> None:
    columns, found = by_position(width, THINGS, matching)
    assert (columns, [(fault.column, fault.rule) for fault in found]) == (fields, faults)
    assert by_position(2, None) == (["field1", "field2"], [])


def test_without_a_header_a_field_that_every_row_needs_may_not_be_absent() -> None:
    assert by_position(1, table("a", "b", required=("b",)), "superset")[1][0].rule == "missing-cell"

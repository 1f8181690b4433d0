"""The strict reader for any dialect, and the streams that it reads: each rule by hand, round trips, hostile bytes."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator
from typing import Any, BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bastions.tabular.descriptor.dialect import Dialect
from bastions.tabular.limits import Limits
from bastions.tabular.text import general
from bastions.tabular.text.encodings import EncodingFault, utf8
from bastions.tabular.text.lines import Lines

Found = tuple[list[tuple[Any, ...]], list[int], list[tuple[int, int, str]]]


class Dribble(io.RawIOBase):
    """A stream that gives at most `size` bytes at a time."""

    def __init__(self, data: bytes, size: int):
        self._data, self._size = io.BytesIO(data), size

    def read(self, size: int = -1) -> bytes:
        return self._data.read(min(size, self._size))


def read(data: bytes, width: int, dialect: Dialect | None = None, *, step: int = 1 << 20, **more: Any) -> Found:
    """Rows, their lines, and the faults as line, column and rule."""
    limits = Limits(**{key: more.pop(key) for key in ("cell", "row", "columns") if key in more})
    stream: Any = Dribble(data, step)
    blocks = list(general.blocks(stream, dialect or Dialect(), width, limits, more.pop("line", 1), **more))
    faults = [fault for block in blocks for fault in block.faults]
    rows = [row for block in blocks for row in block.text.rows()]
    return rows, [n for block in blocks for n in block.lines.tolist()], [(f.line, f.column, f.rule) for f in faults]


def only(data: bytes, width: int, dialect: Dialect | None = None, **more: Any) -> list[tuple[int, int, str]]:
    """The faults of data that hold no good row."""
    rows, _, faults = read(data, width, dialect, **more)
    assert rows == []
    return faults


BACKSLASH = Dialect(escape="\\")
BOTH = Dialect(escape="\\", double_quote=False)


def test_rows_end_with_lf_crlf_or_the_end_of_the_file() -> None:
    assert read(b"a,b\nc,d\r\ne,f", 2, line=2) == ([("a", "b"), ("c", "d"), ("e", "f")], [2, 3, 4], [])
    for terminator in ("\n", "\r\n"):
        assert read(b"a\nb\r\n", 1, Dialect(terminator=terminator)) == ([("a",), ("b",)], [1, 2], [])
    assert read(b"", 2) == ([], [], [])


def test_quoted_cells() -> None:
    rows, lines, faults = read(b'"a,b","c""d"\n"",x\n"1\r\n2\n3",4\r\n5,"6"', 2)
    assert rows == [("a,b", 'c"d'), ("", "x"), ("1\r\n2\n3", "4"), ("5", "6")]
    assert (lines, faults) == ([1, 2, 3, 6], [])
    assert read(b'""""\n""""""\n', 1)[0] == [('"',), ('""',)]


@pytest.mark.parametrize(
    ("data", "column"),
    [(b'a,b"c', 2), (b'"a"b,c', 1), (b'a,"b" ', 2), (b'"a""b"c",d', 1), (b' "a",b', 1), (b'a,""b""', 2), (b'"a"\r', 1)],
)
def test_a_stray_quote(data: bytes, column: int) -> None:
    assert only(data, 2) == [(1, column, "stray-quote")]


def test_an_unclosed_quote_costs_one_row() -> None:
    """Readers that trust quotes swallow all rows up to the next quote into one cell; frictionless calls that valid."""
    rows = b"".join(b"%d,x\n" % n for n in range(400))
    found, lines, faults = read(b'0,"a\n' + rows, 2)
    assert (len(found), lines[0], lines[-1], faults) == (400, 2, 401, [(1, 2, "unclosed-quote")])
    # Two of them: what lies between is of the wrong width as one record, so both are told apart from it.
    found, lines, faults = read(b'0,"a\n1,x\n2,x\n3,"b\n4,x\n', 2)
    assert (lines, faults) == ([2, 3, 5], [(1, 2, "unclosed-quote"), (4, 2, "unclosed-quote")])


def test_lines_with_quotes_are_joined_up_to_the_next_odd_one_only() -> None:
    assert read(b'"a\nb ""c"" d\ne",f\n', 2)[0] == [('a\nb "c" d\ne', "f")]
    assert read(b'"a\n"b",c\nd,e\n', 2) == ([("b", "c"), ("d", "e")], [2, 3], [(1, 1, "unclosed-quote")])
    # The first line's own fault is told, which a stray quote is where it comes first.
    assert only(b'a"b,"c\nd"\n', 2)[0] == (1, 1, "stray-quote")


def test_a_record_of_several_lines_must_have_the_width() -> None:
    assert read(b'"a\nb",c,d\ne,f\n', 2) == ([("e", "f")], [3], [(1, 1, "unclosed-quote"), (2, 1, "stray-quote")])


def test_a_quote_is_looked_for_within_the_limit_of_a_row() -> None:
    assert read(b'"a\nb",c\n', 2, row=7)[0] == [("a\nb", "c")]
    assert read(b'"a\nb",c\n', 2, row=6)[2] == [(1, 1, "unclosed-quote"), (2, 1, "stray-quote")]


def test_width_and_blank_rows() -> None:
    faults = only(b'a\na,b,c\n\n,\n"",""\r\n,,,\n', 2)
    assert faults == [
        (1, 2, "missing-cell"),
        (2, 3, "extra-cell"),
        *[(n, 0, "blank-row") for n in (3, 4, 5, 6)],
    ]
    assert only(b'\n""\n', 1) == [(1, 0, "blank-row"), (2, 0, "blank-row")]
    block = next(general.blocks(io.BytesIO(b"a,b,cc,d\n"), Dialect(), 2, Limits(), 1))
    assert (block.faults[0].value, block.faults[0].message) == ("cc", "the row has 4 cells instead of 2")
    assert block.text.columns == ["0", "1"]


def test_forbidden_characters() -> None:
    assert only(b"a,b\0\n\0\n", 2) == [(1, 2, "forbidden-character"), (2, 1, "forbidden-character")]
    assert only(b"a\rb,c\na,b\r\r\nc,d\r", 2) == [(n, c, "forbidden-character") for n, c in ((1, 1), (2, 2), (3, 2))]
    assert only(b'"a\0b",c\n', 2) == [(1, 1, "forbidden-character")]
    assert read(b'"a\rb",\x01\x7f\n', 2)[0] == [("a\rb", "\x01\x7f")]


def test_every_line_that_is_not_utf8_is_told() -> None:
    data = b'ok,1\n\xc3\xa4b\xff,2\n"a\n\xe9","\xe9\nb"\nc,\xc3\nd,\xed\xa0\x80\ne,5'
    rows, lines, faults = read(data, 2)
    assert (rows, lines) == ([("ok", "1"), ("e", "5")], [1, 8])
    assert faults == [(n, 0, "encoding-error") for n in (2, 4, 6, 7)]
    block = next(general.blocks(io.BytesIO(data), Dialect(), 2, Limits(), 1))
    assert block.faults[0].message == "byte 0xff after 2 characters is not UTF-8"


def test_limits() -> None:
    assert only(b"x" * 30 + b"\n", 1, row=20) == [(1, 0, "row-limit")]
    assert only(b"a," + b"x" * 30 + b"\n", 2, cell=20) == [(1, 2, "cell-limit")]
    # Bytes count, not characters; the quotes about a cell do not.
    assert only("ä".encode() * 3 + b"\n", 1, cell=5) == [(1, 1, "cell-limit")]
    assert read(b'"' + b"x" * 5 + b'"\n', 1, cell=5, row=7)[0] == [("xxxxx",)]


def test_limits_name_their_options() -> None:
    def hints(**limits: int) -> list[str]:
        blocks = general.blocks(io.BytesIO(b"xxxxxx\n"), Dialect(), 1, Limits(**limits), 1)
        return [fault.hint.split()[0] for block in blocks for fault in block.faults]

    assert (hints(row=5), hints(cell=5)) == (["--max-row"], ["--max-cell"])


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1 << 20])
def test_a_line_that_is_too_long_does_not_hide_the_next(step: int) -> None:
    data = b"a,b\n" + b"x" * 100 + b'"\n"c\nd",e\n' + b"y" * 100
    rows, lines, faults = read(data, 2, step=step, row=30)
    assert (rows, lines) == ([("a", "b"), ("c\nd", "e")], [1, 3])
    assert faults == [(2, 0, "row-limit"), (5, 0, "row-limit")]


def test_other_quotes() -> None:
    assert read(b"'a,''b',\"c\n", 2, Dialect(quote="'"))[0] == [("a,'b", '"c')]
    assert read("«a,b«,c\n".encode(), 2, Dialect(quote="«"))[0] == [("a,b", "c")]
    assert only(b'"a""b",c\n', 2, Dialect(double_quote=False)) == [(1, 1, "stray-quote")]


def test_a_delimiter_of_several_bytes() -> None:
    assert read("a§b\n".encode(), 2, Dialect(delimiter="§"))[0] == [("a", "b")]


def test_escapes() -> None:
    assert read(b"a\\,b,c\\\\\n\\n,\\\n\n", 2, BACKSLASH)[0] == [("a,b", "c\\"), ("n", "\n")]
    assert read(b'"a\\"b,","\\\\"\n', 2, BOTH)[0] == [('a"b,', "\\")]
    assert read(b'"a\\\nb\n\\"c",d\n', 2, BOTH)[:2] == ([('a\nb\n"c', "d")], [1])
    assert only(b'"a\\",b\n', 2, BOTH) == [(1, 1, "unclosed-quote")]
    # As in Python's csv: an escape character that is the quote says that quotes are doubled.
    assert read(b'"a""b",c\n', 2, Dialect(escape='"'))[0] == [('a"b', "c")]


def test_the_null_sequence_is_left_as_it_stands() -> None:
    """Without this, the usual sequence of database dumps, backslash and N, would have become the text N."""
    dialect = Dialect(escape="\\", null_sequence="\\N")
    assert read(b"\\N,\\N\\,\n", 2, dialect)[0] == [("\\N", "N,")]


def test_a_row_that_ends_in_an_escape_character() -> None:
    assert read(b"a,b\\\r\nc\n", 2, BACKSLASH)[:2] == ([("a", "b\r\nc")], [1])
    rows, lines, faults = read(b"a,b\\\nc,d\ne,f\\", 2, BACKSLASH)
    assert (rows, lines, faults) == ([("c", "d")], [2], [(1, 2, "stray-quote"), (3, 2, "stray-quote")])


def test_rows_that_end_with_another_text() -> None:
    semicolon = Dialect(terminator=";")
    assert read(b'a,b;c\nd,"e;f";\ng,h', 2, semicolon)[:2] == ([("a", "b"), ("c\nd", "e;f"), ("\ng", "h")], [1, 1, 2])
    assert read(b"a,b|\nc,\nd|\n", 2, Dialect(terminator="|\n")) == ([("a", "b"), ("c", "\nd")], [1, 2], [])
    assert only(b'a,"b;c', 2, semicolon) == [(1, 2, "unclosed-quote"), (1, 2, "missing-cell")]


def test_rows_that_end_with_a_carriage_return() -> None:
    mac = Dialect(terminator="\r")
    assert read(b'a,b\rc,"d\re\nf"\rg,h', 2, mac)[:2] == ([("a", "b"), ("c", "d\re\nf"), ("g", "h")], [1, 2, 5])
    # Of a file with CRLF the physical lines stay right.
    assert read(b"a,b\r\nc,d\r\n", 2, mac)[1:] == (
        [1],
        [(2, 1, "forbidden-character"), (3, 1, "forbidden-character")],
    )


def test_spaces_after_delimiters() -> None:
    dialect = Dialect(skip_initial_space=True)
    assert read(b'  a,  "b, c"\n"d",  \n', 2, dialect)[0] == [("a", "b, c"), ("d", "")]
    assert only(b'a,  "b\n ,  \n', 2, dialect) == [(1, 2, "unclosed-quote"), (2, 0, "blank-row")]


def test_comments() -> None:
    dialect = Dialect(comment_char="//")
    assert read(b'// "\na,b\n//\xff\0\n"\n//c",d\n"//",e\n', 2, dialect)[:2] == (
        [("a", "b"), ("\n//c", "d"), ("//", "e")],
        [2, 4, 6],
    )
    assert read(b"a\nb\nc\n", 1, Dialect(comment_rows=(2, 6)), line=5)[0] == [("a",), ("c",)]
    block = next(general.blocks(io.BytesIO(b"a\nb\nc\n"), Dialect(comment_rows=(2, 6)), 1, Limits(), 5, row=2))
    assert block.text.rows() == [("b",), ("c",)]


def test_blocks_are_in_order_and_have_no_more_rows_than_asked_for() -> None:
    data = b"".join(b"%d,x\n" % n if n % 7 else b"\n" for n in range(1, 100))
    blocks = list(general.blocks(io.BytesIO(data), Dialect(), 2, Limits(), 1, rows=10))
    assert [block.text.height for block in blocks] == [10] * 8 + [5]
    assert all(len(block.lines) == block.text.height for block in blocks)
    lines = [n for block in blocks for n in block.lines.tolist()]
    assert lines == [n for n in range(1, 100) if n % 7]
    for block in blocks[:-1]:
        assert all(block.lines[0] - 7 < fault.line < block.lines[-1] + 7 for fault in block.faults)


def test_large_rows_make_small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch of 262,144 rows of 10 MB each would be 2.6 TB."""
    monkeypatch.setattr(general, "_MOST", 1_000_000)
    monkeypatch.setattr(general, "_PART", 10_000)
    blocks = list(general.blocks(io.BytesIO((b"x" * 1_000 + b"\n") * 3_000), Dialect(), 1, Limits(), 1))
    assert [block.text.height for block in blocks][:-1] == [blocks[0].text.height] * (len(blocks) - 1)
    assert 900 <= blocks[0].text.height <= 1_100
    assert sum(block.text.height for block in blocks) == 3_000


CELLS = st.text(st.sampled_from("ab ,;\"'\\|\t\n\r#éあ\U0001f600"), max_size=6)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width).filter(any), min_size=1, max_size=12)
)
DIALECTS = [
    (Dialect(), {}),
    (Dialect(delimiter=";", quote="'"), {"delimiter": ";", "quotechar": "'"}),
    (Dialect(delimiter="\t"), {"delimiter": "\t"}),
    (BOTH, {"doublequote": False, "escapechar": "\\"}),
    (BACKSLASH, {"escapechar": "\\"}),
    (Dialect(terminator="|\n", delimiter=";"), {"lineterminator": "|\n", "delimiter": ";"}),
    (Dialect(terminator="\r"), {"lineterminator": "\r"}),
]


@settings(max_examples=300, derandomize=True, deadline=None)
@given(TABLES, st.sampled_from(DIALECTS), st.sampled_from([1, 3, 1 << 20]), st.booleans(), st.booleans())
def test_what_pythons_csv_writes_is_read_back(
    table: list[list[str]], dialect: tuple[Dialect, dict[str, Any]], step: int, crlf: bool, always: bool
) -> None:
    ours, theirs = dialect
    options = {"lineterminator": "\r\n" if crlf else "\n", **theirs}
    if always and "quoting" not in options:
        options["quoting"] = csv.QUOTE_ALL
    if options.get("quoting") != csv.QUOTE_ALL:
        # Python leaves these as they are, which only quotes would allow.
        bare = {"\n": "\r", "\r": "\n"}.get(options["lineterminator"], "\0")
        table = [[cell.replace(bare, "x") for cell in row] for row in table]
    out = io.StringIO(newline="")
    writer = csv.writer(out, **options)
    lines, line = [], 1
    for row in table:
        begin = out.tell()
        writer.writerow(row)
        lines.append(line)
        written = out.getvalue()[begin:]
        lone = written.count("\r") - written.count("\r\n") if ours.terminator == "\r" else 0
        line += written.count("\n") + lone
    text = out.getvalue()
    if ours.terminator == "\r" and "\r\n" in text:
        return  # where a row's end and a newline make one physical line, this count of lines is too simple
    rows, found, faults = read(text.encode(), len(table[0]), ours, step=step)
    assert (rows, found, faults) == ([tuple(row) for row in table], lines, [])


BYTES = st.lists(
    st.sampled_from([b"a", b",", b'"', b"\\", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"#", b" ", "é".encode(), b";"]),
    max_size=30,
).map(b"".join)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(
    BYTES,
    st.sampled_from([Dialect(), BOTH, BACKSLASH, Dialect(terminator=";"), Dialect(terminator="\r")]),
    st.integers(1, 3),
    st.sampled_from([1, 2, 5]),
    st.sampled_from([{}, {"row": 6}, {"cell": 2}]),
)
def test_how_a_stream_is_cut_changes_nothing(
    data: bytes, dialect: Dialect, width: int, step: int, limits: dict[str, int]
) -> None:
    whole = read(data, width, dialect, **limits)
    assert read(data, width, dialect, step=step, **limits) == whole
    assert read(data, width, dialect, step=step, rows=1, **limits) == whole
    _, lines, faults = whole
    assert lines == sorted(lines)
    assert faults == sorted(faults, key=lambda fault: fault[0])


def peak(data: bytes, width: int, dialect: Dialect | None = None) -> tuple[int, list[tuple[int, int, str]]]:
    """The memory that reading takes at most, and what is told."""
    faults = []
    tracemalloc.start()
    try:
        for block in general.blocks(io.BytesIO(data), dialect or Dialect(), width, Limits(), 1, rows=1_000):
            faults += [(fault.line, fault.column, fault.rule) for fault in block.faults]
        return tracemalloc.get_traced_memory()[1], faults[:10]
    finally:
        tracemalloc.stop()


def test_a_line_of_50_mb_is_not_kept() -> None:
    used, faults = peak(b"x" * 50_000_000 + b"\na,b\n", 2)
    assert faults == [(1, 0, "row-limit")]
    assert used < 40_000_000


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a," + b"x" * 9_000_000 + b"\n", (1, 2, "cell-limit")),
        (b'a,"' + b'x""' * 900_000 + b'"\n', (1, 2, "cell-limit")),
        (b"a," * 4_900_000 + b"a\n", (1, 3, "extra-cell")),
        (b"," * 9_900_000 + b"\n", (1, 0, "blank-row")),
        (b"\0" * 9_900_000, (1, 1, "forbidden-character")),
        (b'a,"' + b"x,y\n" * 20_000, (1, 2, "unclosed-quote")),
    ],
)
def test_hostile_rows_end_with_a_finding_in_bounded_memory(data: bytes, expected: tuple[int, int, str]) -> None:
    used, faults = peak(data, 2)
    assert faults[0] == expected
    assert used < 200_000_000


def test_lines_that_all_end_in_an_escape_character_take_linear_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each such line could be joined with all that follow, which would be read again for the next one."""
    pulled = 0
    pull = Lines.pull

    def counted(self: Lines) -> Any:
        nonlocal pulled
        pulled += 1
        return pull(self)

    monkeypatch.setattr(Lines, "pull", counted)
    for pattern in (b"a\\\n", b'"a\nb"\\\n', b'"a\\\n"\\\n', b'"\n""\n"\\\n'):
        pulled = 0
        read(pattern * 1_000, 2, BOTH)
        assert pulled < 5 * 1_000 * pattern.count(b"\n")


# Encodings


def decoded(data: bytes, encoding: str, step: int = 1 << 20) -> bytes:
    stream: Any = Dribble(data, step)
    return (
        b"".join(iter(lambda: utf8(stream, encoding).read(10), b"")) if step < 0 else utf8(stream, encoding).readall()
    )


TEXT = "id,naïve\r\n1,Ωあ\U0001f600\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "utf-7", "gb18030"]
)
@pytest.mark.parametrize("step", [1, 3, 1 << 20])
def test_any_encoding_comes_out_as_utf8(encoding: str, step: int) -> None:
    assert decoded(TEXT.encode(encoding), encoding, step) == TEXT.encode()


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "iso2022_jp", "shift_jis", "koi8-r", "ascii"])
def test_old_encodings(encoding: str) -> None:
    text = {"iso2022_jp": "あ,い\n", "shift_jis": "あ,い\n", "koi8-r": "я\n", "ascii": "a\n"}.get(encoding, "é,ü\n")
    assert decoded(text.encode(encoding), encoding, 1) == text.encode()


def test_a_byte_order_mark_is_taken_off_and_noted() -> None:
    for data, encoding, noted in (
        (b"\xef\xbb\xbfa", "utf-8", True),
        (b"\xef\xbb\xbfa", "utf-8-sig", False),
        (b"a", "utf-8", False),
        (b"\xff\xfea\0", "utf-16-le", True),
        (b"\xff\xfea\0", "utf-16", False),
    ):
        stream = utf8(io.BytesIO(data), encoding)
        assert (stream.readall(), stream.bom) == (b"a", noted)


@pytest.mark.parametrize(
    ("data", "encoding", "words"),
    [
        ("id\n".encode("utf-16"), "utf-8", "is UTF-16, not UTF-8"),
        ("id\n".encode("utf-32"), "utf-8", "is UTF-32, not UTF-8"),
        (b"\xfe\xff\0i", "utf-8", "is UTF-16, not UTF-8"),
        (b"\xef\xbb\xbfid\n", "latin-1", "byte-order mark of UTF-8"),
        (b"i\0d\0", "utf-16", "no byte-order mark"),
    ],
)
def test_first_bytes_that_contradict_the_encoding(data: bytes, encoding: str, words: str) -> None:
    with pytest.raises(EncodingFault, match=words) as raised:
        utf8(io.BytesIO(data), encoding)
    assert raised.value.hint


@pytest.mark.parametrize(
    ("data", "encoding", "line", "message"),
    [
        (b"a\nb\xe9\n", "ascii", 2, "byte 0xe9 after 1 characters is not ascii"),
        (b"a\r\nbcd\x81\n", "cp1252", 2, "byte 0x81 after 3 characters is not cp1252"),
        ("a\nあ".encode("shift_jis") + b"\xff,\n", "shift_jis", 2, "byte 0xff after 1 characters is not shift_jis"),
        ("a\n".encode("utf-16") + b"b\0\0\xdcx\0", "utf-16", 2, "byte 0x00 after 1 characters is not utf-16"),
        (b"a\rb\xe9\r", "ascii", 2, "byte 0xe9 after 1 characters is not ascii"),
        # An escape that does not end in time: the decoder says that it failed, and not where.
        (b"a,b\nc" + b"\x1b((((((((((((\n" * 2, "iso2022_jp", 2, "byte 0x1b after 1 characters is not iso2022_jp"),
    ],
)
@pytest.mark.parametrize("step", [1, 2, 1 << 20])
def test_the_first_byte_that_cannot_be_decoded(data: bytes, encoding: str, line: int, message: str, step: int) -> None:
    with pytest.raises(EncodingFault) as raised:
        decoded(data, encoding, step)
    assert (raised.value.line, raised.value.message) == (line, message)


def test_all_that_stands_before_an_escape_without_end_is_read_and_nothing_after_it() -> None:
    stream, found = utf8(io.BytesIO(b"a,b\nc\x1b(((((((((((("), "iso2022_jp"), b""
    with pytest.raises(EncodingFault, match="byte 0x1b after 1 characters"):
        while part := stream.read(100):
            found += part
    assert found == b"a,b\nc"


def test_escapes_alone_are_no_text() -> None:
    """60 MB of ESC $ B were an empty table, and valid."""
    with pytest.raises(EncodingFault, match="more than 1,000,000 bytes of iso2022_jp without a character"):
        decoded(b"a\n" + b"\x1b$B" * 700_000, "iso2022_jp")
    assert decoded(b"a\n" + b"\x1b$B" * 100_000 + b"\x1b(Bb", "iso2022_jp") == b"a\nb"


def test_of_a_last_byte_a_sentence_is_told() -> None:
    """It read "begins a character that does not end; it after 4 characters is not utf-16-le"."""
    with pytest.raises(EncodingFault) as raised:
        decoded("a,bc".encode("utf-16-le") + b"\n", "utf-16-le")
    assert raised.value.message == "the last byte, 0x0a, after 4 characters, begins a character that does not end"


def test_a_file_that_ends_within_a_character() -> None:
    with pytest.raises(EncodingFault, match="begins a character that does not end") as raised:
        decoded("a\n".encode("utf-16") + b"b", "utf-16")
    assert raised.value.line == 2


def test_rows_before_an_undecodable_byte_are_read() -> None:
    """The fault comes after the batch of what stands before it; the row that holds it is not told as broken, too."""
    stream: Any = utf8(io.BytesIO(b'1,2\n\n3,4\n5,"\x81\n6,7\n'), "cp1252")
    blocks: Iterator[Any] = general.blocks(stream, Dialect(), 2, Limits(), 1)
    block = next(blocks)
    assert block.text.rows() == [("1", "2"), ("3", "4")]
    assert [fault.rule for fault in block.faults] == ["blank-row"]
    with pytest.raises(EncodingFault) as raised:
        next(blocks)
    assert raised.value.line == 4


def test_readinto_and_read_give_the_same() -> None:
    data = TEXT.encode("utf-16") * 1
    one, two = utf8(io.BytesIO(data), "utf-16"), utf8(io.BytesIO(data), "utf-16")
    buffer, found = bytearray(5), b""
    while size := two.readinto(buffer):
        found += bytes(buffer[:size])
    assert found == one.readall() == TEXT.encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_reading_no_bytes_takes_none_from_the_stream(encoding: str) -> None:
    stream = utf8(io.BytesIO(TEXT.encode(encoding)), encoding)
    assert (stream.read(0), stream.readall()) == (b"", TEXT.encode())


def test_decoding_takes_bounded_memory() -> None:
    stream: BinaryIO = io.BytesIO(b"\xe9" * 20_000_000)
    tracemalloc.start()
    try:
        wide = utf8(stream, "latin-1")
        total = sum(len(part) for part in iter(lambda: wide.read(1 << 20), b""))
        used = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert total == 40_000_000
    assert used < 8_000_000

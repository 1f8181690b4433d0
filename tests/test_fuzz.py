"""Arbitrary and mutated input for whatever reads what strangers send: only the documented errors come out, in time.

The suite takes few examples, the same in every run. `BASTIONS_FUZZ=5000 pytest tests/test_fuzz.py` takes so many and
others each time; `bench/fuzz.py` runs the coverage-guided fuzzer, whose kept inputs are read again here.
"""

from __future__ import annotations

import base64
import contextlib
import copy
import io
import os
import resource
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bastions import claims, cli, edtf, files, loader, quantities
from bastions.curate import strike_lines
from bastions.problems import Problem, visible
from bastions.quantities import Interval
from bastions.schema import Field, Schema, SchemaError, Table
from bastions.tabular import run
from bastions.tabular.limits import Limits

TESTS = Path(__file__).parent
sys.path.insert(0, str(TESTS / "fuzz"))

import readers_target  # noqa: E402 (found by the line above; it is no test)

MORE = int(os.environ.get("BASTIONS_FUZZ", "0"))


def tries(number: int) -> Callable[[Any], Any]:
    """The settings of a test: `number` examples in the suite, `BASTIONS_FUZZ` otherwise."""
    return settings(
        max_examples=MORE or number,
        derandomize=not MORE,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


# -- the byte-level readers ------------------------------------------------------------------------------------------

KEPT = (TESTS / "fuzz" / "corpus" / "readers.txt").read_text("ascii").split()


def test_every_kept_input_of_the_fuzzer_is_read_alike_by_all_readers() -> None:
    """The kept inputs cover all code that the fuzzer came to."""
    assert len(KEPT) > 10
    for line in KEPT:
        readers_target.check(base64.b64decode(line, validate=True))


FOUND = {
    "a row between a quote that never closes and one before a last carriage return": b'\0\1\0\0\0\0"\n#\n"\r',
    "a formula behind a carriage return": b'\0\0\0\0\0\0"\r=1"\n',
    "a formula behind a carriage return, a line end, and a fault": b'\0\0\0\0\0\0"\r\n=1"\nx\n"y\n',
    "a byte-order mark at the beginning of a piece": b"\0\0\0\0\1\0\xef\xbb\xbf\n\n",
    "an escape of ISO 2022 without an end": b'\1\1\0\0\0\5\x1b$B$"\x1b(\\,b\nc,d\n',
    "a long row behind a carriage return and a newline": base64.b64decode(
        "BQUF////BWEsImIiXE4ABQ0KIgAFDQoiAQMAAAAAAQMAAAAAYSwiAAAACgUFADKcAAAAAAEAAAAAACINCjJcTg=="
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_the_fuzzer_found_is_read_alike(name: str) -> None:
    """Each was once read in two ways, or not at all: a row lost in silence, a warning held back, a traceback."""
    readers_target.check(FOUND[name])


HEAD = st.tuples(*[st.one_of(st.just(0), st.integers(0, 255)) for _ in range(readers_target.HEAD)]).map(bytes)
PIECES = st.one_of(
    st.sampled_from(
        [b"a", b"bc", b",", b'"', b'""', b'","', b"\n", b"\r\n", b"\r", b"\0", b"\xff", b"\\", b"#", b";", b" ", b"=1",
         "é".encode(), "\u202e".encode(), b"\xef\xbb\xbf", b"\x1b$B"]
    ),
    st.binary(max_size=3),
)  # fmt: skip


@tries(400)
@given(HEAD, st.lists(PIECES, max_size=40).map(b"".join))
def test_any_bytes_in_any_dialect_are_read_alike_in_every_way(head: bytes, data: bytes) -> None:
    readers_target.check(head + data)


def test_a_decoder_that_fails_without_a_place_ends_the_file_with_its_line(tmp_path: Path) -> None:
    """An escape of ISO-2022-JP that never ends was a traceback: Python's decoder raises a bare UnicodeError for it."""
    (tmp_path / "a.csv").write_bytes(b"a\nb\nc\x1b(" + b"\\" * 40 + b"\n")
    resource_ = '{"name": "a", "path": "a.csv", "encoding": "iso-2022-jp"}'
    (tmp_path / "datapackage.json").write_text('{"name": "p", "resources": [' + resource_ + "]}", "utf-8")
    found = run.validate(tmp_path, limits=Limits()).problems
    assert [(p.file, p.line, p.rule) for p in found if p.severity == "error"] == [("a.csv", 3, "encoding-error")]


def test_a_row_is_not_lost_beside_a_quote_before_the_last_carriage_return(tmp_path: Path) -> None:
    """The fast reader joined the lines about it to a record and told of both quotes, but not of the row between."""
    (tmp_path / "a.csv").write_bytes(b'a\n"\nkept\n"\r')
    (tmp_path / "datapackage.json").write_text('{"name": "p", "resources": [{"name": "a", "path": "a.csv"}]}', "utf-8")
    report = run.validate(tmp_path, limits=Limits())
    assert report.rows["a"] == 3
    assert [p.line for p in report.problems if p.severity == "error"] == [2, 4]


# -- this repository's reader ----------------------------------------------------------------------------------------

TABLE = Table(
    "things",
    "Things",
    "",
    "record",
    (Field("thing_id", "string", ""), Field("name", "string", ""), Field("n", "integer", "")),
    ("thing_id",),
    files="data/things/*.csv",
)
LINES = st.lists(
    st.one_of(
        st.sampled_from(["a,b,1", "a,,", ',"', '"a,b",c,1', '"', '"x\ny",b,1', "a\rb,c,1", "=a,b,1", "a;b;c", "a,b",
                         "-1,b,c", " a,b,1", "e\u0301,b,1", "a\u202eb,c,1", "\ufeffa,b,1", "a,b,1,2", ""]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    ),
    max_size=12,
)  # fmt: skip


@tries(200)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.builds(lambda lines: "\n".join(["thing_id,name,n", *lines]).encode(), LINES),
        st.builds(lambda lines, cut: "\r\n".join(["thing_id,name,n", *lines]).encode()[:-cut], LINES, st.integers(1)),
        st.builds(lambda lines, more: "\n".join(["thing_id,name,n", *lines]).encode() + more, LINES, st.binary()),
    )
)
@example(b"thing_id,name,n\n" + b"x" * 70_000 + b"\n")
@example(b"\xff\xfe")
@example(b"thing_id,name,n")
def test_whatever_a_file_of_this_repository_holds_each_row_is_read_or_told(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        path = root / "data" / "things" / "x.csv"
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        part = files.read_part(path, TABLE, root)
        lines = data.count(b"\n") + 1
        assert all(isinstance(p, Problem) and 0 <= p.line <= lines for p in part.problems)
        if part.frame is None:
            assert any(p.severity == "error" for p in part.problems)
            return
        read, told = set(part.frame[files.LINE]), {p.line for p in part.problems}
        held = {n for n, line in enumerate(data.decode().split("\n"), 1) if n > 1 and line.strip(" ,\r\ufeff")}
        inner = {n + 1 for n in held | read if n not in told}  # where a cell goes on in the next line, that is told
        assert held - inner <= read | told | {n + 1 for n in told}
        if not part.problems:
            assert files.to_csv(part.frame, TABLE).encode() == data, "what is read without a word is canonical"


# -- schemas ---------------------------------------------------------------------------------------------------------

SMALL = {
    "package.yaml": """
        name: small
        title: Small
        description: A dataset.
        version: 1.0.0
        keyPattern: "[a-z0-9]+(-[a-z0-9]+)*"
        licenses: [{name: CC0-1.0}]
        contributors: [{title: Somebody}]
        """,
    "fields.yaml": """
        - name: note
          type: string
          description: A note.
        - name: colour
          type: string
          description: Of which colour.
          references: codes/colour
        """,
    "things.yaml": """
        title: Things
        description: Some things.
        kind: record
        primaryKey: thing_id
        fields:
          - {name: thing_id, type: string, description: Key.}
          - {name: part_of, type: string, description: Whole., references: self}
          - {name: size, type: number, description: How large., unit: metres, constraints: {minimum: 0}}
          - {name: seen, type: string, description: When., edtf: date}
          - use: colour
            constraints: {required: true}
          - use: note
        """,
    "views.yaml": """
        title: Views
        description: Of things.
        kind: record
        primaryKey: view_id
        fields:
          - {name: view_id, type: string, description: Key.}
          - {name: of, type: string, description: Which table., references: codes/table}
          - {name: name, type: string, description: Name., constraints: {pattern: "[a-z]+", maxLength: 9}}
          - use: thing_id
        foreignKeys:
          - {fields: [thing_id], reference: {resource: things, fields: [thing_id]}}
        """,
    "codes/colour.yaml": """
        title: Colours
        description: Of things.
        attributes:
          shade: {description: How dark., values: [light, dark]}
        codes:
          red: {label: Red, definition: As blood., shade: dark}
          "no": {label: None, definition: Without., shade: light}
        """,
}


def write_small(root: Path, **changed: str | bytes) -> None:
    """The small schema, some files of it changed."""
    for name, text in SMALL.items():
        path = root / "schemas" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        given_ = changed.get(name, textwrap.dedent(text))
        path.write_bytes(given_ if isinstance(given_, bytes) else given_.encode("utf-8", "surrogatepass"))


def loaded(**changed: str | bytes) -> Schema | list[str]:
    """What the loader makes of it: a schema, or its faults, which can be shown as they are."""
    with tempfile.TemporaryDirectory() as folder:
        write_small(Path(folder), **changed)
        try:
            return loader.load(folder)
        except SchemaError as error:
            assert error.faults
            assert all(fault == visible(fault, 10**9) for fault in error.faults), "a fault that cannot be shown"
            return error.faults


def test_the_small_schema_is_one() -> None:
    assert isinstance(loaded(), Schema)


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=8),
        st.sampled_from(["self", "codes/colour", "codes/", "things", "[", "..", "/etc", "string", "derived", "name"]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3),
    max_leaves=4,
)


def places(tree: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a tree, the whole tree first."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [here, *(place for key, item in items for place in places(item, (*here, key)))]


def changed(data: st.DataObject, tree: Any) -> Any:
    """A tree with one to three places changed, lost or doubled."""
    tree = copy.deepcopy(tree)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.sampled_from(places(tree)))
        value = data.draw(VALUES)
        if not at:
            return value
        parent = tree
        for key in at[:-1]:
            parent = parent[key]
        match data.draw(st.sampled_from(["change", "lose", "rename", "double"])):
            case "change":
                parent[at[-1]] = value
            case "lose":
                del parent[at[-1]]
            case "rename" if isinstance(parent, dict) and not isinstance(value, list | dict):
                parent[value] = parent.pop(at[-1])
            case _ if isinstance(parent, list):
                parent.append(copy.deepcopy(parent[at[-1]]))
        if not places(tree)[1:]:
            break
    return tree


@tries(300)
@given(st.data(), st.sampled_from(sorted(SMALL)))
def test_a_changed_schema_is_a_schema_or_its_faults(data: st.DataObject, name: str) -> None:
    tree = changed(data, yaml.safe_load(textwrap.dedent(SMALL[name])))
    loaded(**{name: yaml.safe_dump(tree, allow_unicode=True)})


SIGNS = st.sampled_from(
    [b"&a ", b"*a", b"!!int ", b"!!bool ", b"!!timestamp ", b"!!binary ", b"!!set ", b"!!omap ", b"!x ", b"<<: ", b"? ",
     b"\t", b"- ", b": ", b"{", b"[", b"}", b"]", b"'", b'"', b"|\n", b">-\n", b"%YAML 9.9\n", b"---\n", b"...\n",
     b"\xff", b"\0", b"\xef\xbb\xbf", b"\x1b[2J", "\u202e".encode(), b"0x" + b"f" * 5000, b"9" * 5000, b"\n"]
)  # fmt: skip


@tries(300)
@given(st.data(), st.sampled_from(sorted(SMALL)))
def test_spoilt_yaml_is_a_schema_or_its_faults(data: st.DataObject, name: str) -> None:
    text = bytearray(textwrap.dedent(SMALL[name]).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text[at : at + data.draw(st.sampled_from([0, 0, 1, 8]))] = data.draw(SIGNS | st.binary(max_size=3))
    loaded(**{name: bytes(text)})


BOMBS = {
    "aliases": "title: &a [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"k{i}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(9))
    + "description: [*j, *j, *j]\n",
    "merges": "a: &a {x: 1}\n"
    + "".join(f"k{i}: &{chr(98 + i)} {{<<: [{','.join(['*' + chr(97 + i)] * 10)}]}}\n" for i in range(9)),
    "itself": "title: &a [*a]\n",
    "flow": "title: " + "[" * 100_000,
    "closed flow": "title: " + "[" * 500 + "]" * 500,
    "mappings": "title: " + "{a: " * 3000 + "1" + "}" * 3000,
    "blocks": "".join(" " * i + "a:\n" for i in range(1500)),
    "sequences": "- " * 20_000 + "x",
    "text": "title: " + "x" * 6_000_000,
    "digits": "title: " + "1" * 20_000,
    "hexadecimal": "title: 0x" + "f" * 20_000,
    "base 60": "title: " + ":".join(["59"] * 5000),
    "no number": "title: !!int ''",
    "no float": "title: !!float ''",
    "no truth": "title: !!bool perhaps",
    "no time": "title: !!timestamp soon",
    "code to run": "title: !!python/object/apply:os.system [exit]",
    "tab": "title:\n\t- a",
    "twice": "title: a\ntitle: b",
    "a list as key": "? [a, b]\n: 1",
    "half a character": 'title: "\\ud800"',
    "two documents": "title: a\n---\ntitle: b",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_schema_ends_with_its_faults(name: str) -> None:
    """Aliases of lists in lists were written out in a message, numbers of 20,000 digits and `!!bool perhaps` were
    tracebacks, and so was a deep list. Now: no aliases, 64 levels, 5 MB, 64 bits.
    """
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for file in ("package.yaml", "things.yaml", "codes/colour.yaml"):
        found = loaded(**{file: BOMBS[name]})
        assert isinstance(found, list)
        assert sum(map(len, found)) < 20_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000, "kB"


# -- words and dates -------------------------------------------------------------------------------------------------

LINE_WORDS_TEXT = """
    one two nine several a an the strike strikes airstrike airstrikes struck destroyed damaged suppressed hit near and
    , ; . including with an ISIL tactical unit units vehicle vehicles boat boats bunker movement another other others
    large small inconclusive inoperable Coalition abandoned storage staging area areas rocket 3 12 1,200 0 ½ -- ' ( )
    100000000000000000000 ٣ é
"""
LINE_WORDS = st.sampled_from(LINE_WORDS_TEXT.split())


@tries(300)
@given(st.one_of(st.lists(LINE_WORDS, max_size=40).map(" ".join), st.text(max_size=60)))
@example("one strike struck " + "a boat, " * 3000 + "a boat.")
@example("strike " * 5000)
@example("one strike struck a large" + " large" * 5000)
def test_any_line_is_read_whole_or_left(text: str) -> None:
    reading = strike_lines.read(text)
    if isinstance(reading, strike_lines.Unread):
        assert reading.reason in ("sentence", "structure", "thing", "quantity")
    else:
        assert reading.effects
        assert all(effect.quantity is None or effect.quantity >= 0 for effect in reading.effects)
    assert (reading.strikes is None) or reading.kind in ("airstrike", "strike")


INTERVALS = st.builds(
    lambda low, width, low_open, high_open: Interval(
        low, low is not None and low_open, high=None if width is None else (low or 0) + width, high_open=high_open
    ),
    st.none() | st.floats(0, 1e9),
    st.none() | st.floats(0.001, 1e9),
    st.booleans(),
    st.booleans(),
)


@tries(200)
@given(INTERVALS, INTERVALS, st.floats(0, 1e6))
def test_a_wider_interval_meets_whatever_a_narrower_one_meets(one: Interval, other: Interval, by: float) -> None:
    assert not one.meets(other) or (one.widened(by).meets(other) and one.meets(other.widened(by)))
    assert one.meets(one)


@tries(300)
@given(st.floats(min_value=0, allow_infinity=False, allow_nan=False), st.booleans())
@example(5e-324, False)
@example(1.7976931348623157e308, False)
def test_every_number_that_can_be_written_has_a_step(number: float, made: bool) -> None:
    assert 0 <= quantities.step(number, made) <= number


@tries(300)
@given(st.lists(st.sampled_from(["2017", "201X", "20XX", "00XX", "000X", "0000", "9999", "-11", "-02-29", "-24", "-XX",
                                 "~", "?", "%", "/", "..", "[", "]", ",", "T", "Y", " ", "\n", "-"]), max_size=10)
       .map("".join))  # fmt: skip
def test_any_date_is_refused_in_words_or_bounded(text: str) -> None:
    try:
        low, high = edtf.bounds(text)
    except ValueError as error:
        assert str(error)
    else:
        assert low is None or high is None or low <= high


@tries(100)
@given(st.text(max_size=300), st.text(max_size=40), st.none() | st.integers(-2, 9))
@example("a\x1b[2Jb\u202ec", "zz", None)
def test_whatever_is_cited_stands_there_or_is_said_not_to(text: str, words: str, occurrence: int | None) -> None:
    try:
        found = claims.cite(text, words, occurrence=occurrence)
    except (claims.CiteError, claims.TextError) as error:
        assert str(error)
        return
    normal = claims.normalise(text)
    assert all(normal[span.start_char : span.end_char].strip() for span in found)


def test_many_words_that_stand_nowhere_are_looked_for_in_time() -> None:
    """The nearest places of a page of words were sought in minutes: each was compared with thousands, in full."""
    text = " ".join(f"word{n % 997} and" for n in range(3_000))
    with pytest.raises(claims.CiteError):
        claims.cite(text, " ".join(f"word{n % 991} or" for n in range(1_500)))


# -- the command line ------------------------------------------------------------------------------------------------

WORD = st.one_of(
    st.sampled_from(
        ["validate", "build", "fmt", "query", "diff", "curate", "cite", "new", "claim", "release", "verify", "--help",
         "--root", "--format", "text", "json", "jsonl", "github", "sarif", "junit", "markdown", "--also", "--reference",
         "--max-cell", "--max-row", "--max-columns", "--max-problems", "--max-file", "--pattern-seconds", "--out",
         "--no-database", "--check", "--release", "--from", "--side", "--form", "csv", "--text", "--occurrence",
         "--source", "--previous", "--", "-", "0", "1", "-1", "99999999999999999999", "1e9", "package", "good",
         "text.txt", "noise.bin", "missing", "empty", "loop", "good/datapackage.json", "sarif=out.sarif",
         "markdown=/dev/full", "xml=x", "json=", "FROM a", "SELECT 1; SELECT 2", "HEAD", "--upload-pack=x", "..", "/",
         "/dev/null", "", "\0", "a\nb", "\ud800", "é"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
)  # fmt: skip


def likely(*more: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    """A verb with arguments that mostly fit it."""
    return st.tuples(*more).map(list)


FILE = st.sampled_from(["good", "package", "bad.json", "noise.bin", "empty", "missing", "loop", "pipe", "text.txt"])
TEXT = FILE.filter(lambda name: name != "pipe")  # who names a pipe as the text waits for it, as with `<(…)`
FORM = st.sampled_from(["text", "json", "jsonl", "github", "sarif", "junit", "markdown"])
COMMANDS = st.one_of(
    st.lists(WORD, max_size=7),
    likely(st.just("validate"), FILE, st.just("--format"), FORM),
    likely(st.just("validate"), FILE, st.just("--also"), FORM.map(lambda form: f"{form}=out.{form}")),
    likely(st.just("--root"), FILE, st.sampled_from(["validate", "fmt", "build", "release", "diff", "curate"])),
    likely(st.just("build"), FILE, st.just("--out"), st.sampled_from(["out", "good", "noise.bin", "/dev/null", ""])),
    likely(st.just("query"), WORD, st.just("--release"), FILE),
    likely(st.just("cite"), WORD, st.just("--text"), TEXT),
    likely(st.just("verify"), st.just("--text"), TEXT, st.just("--format"), WORD),
    likely(st.just("verify"), st.just("--release"), FILE, st.just("--format"), WORD),
    likely(st.just("diff"), WORD),
    st.tuples(likely(st.just("validate"), FILE), st.lists(WORD, max_size=3)).map(lambda both: both[0] + both[1]),
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package that is good, one that is not, and files that are none."""
    folder = tmp_path_factory.mktemp("desk")
    for name, cell in (("good", "1"), ("package", "\x1b[31mone")):
        (folder / name).mkdir()
        fields = '{"fields": [{"name": "a", "type": "integer"}]}'
        resource_ = f'{{"name": "a", "path": "a.csv", "schema": {fields}}}'
        (folder / name / "datapackage.json").write_text(f'{{"name": "p", "resources": [{resource_}]}}')
        (folder / name / "a.csv").write_text(f"a\n{cell}\n")
    (folder / "empty").mkdir()
    (folder / "bad.json").write_text('{"resources": [{"name": "a", "path": 1, "path": 2}]}')
    (folder / "text.txt").write_text("Nine carts left the mill.\n")
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 3)
    (folder / "loop").symlink_to("loop")
    os.mkfifo(folder / "pipe")
    return folder


@tries(120)
@given(COMMANDS, st.sampled_from(["", "FROM a", "\0", "x\n" * 5]))
@example(["query", "-", "--release", "good"], "SELECT 1")
@example(["verify", "--text", "text.txt"], "")
@example(["verify", "--release", "pipe"], "")
@example(["diff", "--upload-pack=x"], "")
@example(["--root", "\0", "validate"], "")
@example(["cite", "\ud800", "--text", "text.txt"], "")
@example(["validate", "a\0b"], "")
def test_any_command_ends_with_0_1_or_2_and_without_a_traceback(desk: Path, argv: list[str], typed: str) -> None:
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    streams = (contextlib.redirect_stdout(out), contextlib.redirect_stderr(err))
    with contextlib.chdir(desk), streams[0], streams[1], pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), "utf-8"))
        patch.delenv("BASTIONS_INPUTS", raising=False)
        try:
            code = cli.main(argv)
        except SystemExit as end:
            code = end.code  # type: ignore[assignment]
    assert code in (0, 1, 2)
    for stream in (out, err):
        stream.flush()
        said = stream.buffer.getvalue().decode()
        assert "Traceback" not in said
        assert "\x1b" not in said
    assert code == 0 or (out.buffer.getvalue() + err.buffer.getvalue()).strip(), "it says why"


@pytest.mark.parametrize("verb", ["validate", "cite", "verify"])
def test_a_process_of_its_own_ends_in_words_too(desk: Path, verb: str) -> None:
    arguments = {"validate": ["noise.bin"], "cite": ["x", "--text", "noise.bin"], "verify": ["--release", "noise.bin"]}
    command = [sys.executable, "-m", "bastions.cli", verb, *arguments[verb]]
    done = subprocess.run(command, cwd=desk, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stdout + done.stderr

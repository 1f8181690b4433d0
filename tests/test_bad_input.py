"""Bad input: each fault is one clear finding with file, line and column, never a traceback and never silence.

What only a rule can see is in `counterexamples/`; here is what the stages before the rules find: files, cells, keys.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bastions.validation import validate

ACTORS, STRIKES, NAMES = "data/actors/hand.csv", "data/strikes/hand.csv", "data/names/hand.csv"
CLAIMS, CONTROL, LOCATIONS = "data/claims/hand.csv", "data/control/hand.csv", "data/locations/hand.csv"
ENGAGEMENTS, FIGURES = "data/engagements/hand.csv", "data/figures/hand.csv"

Edit = Callable[[bytes], bytes]
Found = tuple[str, str, int, int, str]


def replace(old: str, new: str, count: int = 1) -> Edit:
    def edit(data: bytes) -> bytes:
        assert old.encode() in data, f"{old!r} is not in the file: the test would change nothing"
        return data.replace(old.encode(), new.encode(), count)

    return edit


def raw(old: bytes, new: bytes) -> Edit:
    def edit(data: bytes) -> bytes:
        assert old in data
        return data.replace(old, new, 1)

    return edit


def columns(change: Callable[[list[str]], list[str]]) -> Edit:
    """Changes every line's list of cells; only for files without quotes."""

    def edit(data: bytes) -> bytes:
        assert b'"' not in data
        return "".join(",".join(change(line.split(","))) + "\n" for line in data.decode().splitlines()).encode()

    return edit


def found(root: Path) -> list[Found]:
    report = validate(root)
    return [(p.rule, p.file, p.line, p.column, p.field) for p in report.problems]


HERE = -1
"""The first line that the edit changes."""

ACTOR = "dalby-courier,Dalby Courier,medium,uninvolved,,,,"

CASES: dict[str, tuple[str, Edit, list[Found]]] = {
    # -- cells ---------------------------------------------------------------------------------------------------------
    "a word where a number belongs": (
        LOCATIONS,
        replace(",-45,-30,", ",south,-30,"),
        [("type-error", LOCATIONS, 2, 6, "latitude")],
    ),
    "a decimal comma": (
        LOCATIONS,
        replace(",-45,-30,", ',"-45,5",-30,'),
        [("type-error", LOCATIONS, 2, 6, "latitude")],
    ),
    "a number with a needless zero": (
        LOCATIONS,
        replace(",-45,-30,", ",-45.0,-30,"),
        [("type-error", LOCATIONS, 2, 6, "latitude")],
    ),
    "more digits than a number can hold": (
        LOCATIONS,
        replace(",-45,-30,", ",-45.00000000000000001,-30,"),
        [("type-error", LOCATIONS, 2, 6, "latitude")],
    ),
    "a whole number with a fraction": (
        LOCATIONS,
        replace(",-45,-30,4000", ",-45,-30,4000.5"),
        [("type-error", LOCATIONS, 2, 8, "radius_m")],
    ),
    "a whole number of more than 64 bits": (
        LOCATIONS,
        replace(",-45,-30,4000", ",-45,-30,9223372036854775808"),
        [("type-error", LOCATIONS, 2, 8, "radius_m")],
    ),
    "digits that are not ASCII": (
        LOCATIONS,
        replace(",-45,-30,4000", ",-45,-30,٤٠٠٠"),
        [("type-error", LOCATIONS, 2, 8, "radius_m")],
    ),
    "a date that does not exist": (
        ENGAGEMENTS,
        replace("individual,2019-03-05", "individual,2019-02-30"),
        [("type-error", ENGAGEMENTS, 2, 5, "date_start")],
    ),
    "a month that does not exist": (
        ENGAGEMENTS,
        replace("individual,2019-03-05", "individual,2019-13-05"),
        [("type-error", ENGAGEMENTS, 2, 5, "date_start")],
    ),
    "an open end where a begin belongs": (
        ENGAGEMENTS,
        replace("individual,2019-03-05", "individual,.."),
        [("type-error", ENGAGEMENTS, 2, 5, "date_start")],
    ),
    "a time that does not exist": (
        STRIKES,
        replace("09:10:00", "25:10:00"),
        [("type-error", STRIKES, 2, 7, "time_start")],
    ),
    "an unknown code": (
        ACTORS,
        replace(ACTOR, "dalby-courier,Dalby Courier,newspaper,uninvolved,,,,"),
        [("constraint-error", ACTORS, 2, 3, "actor_type")],
    ),
    "a code in other letters": (
        ACTORS,
        replace(ACTOR, "dalby-courier,Dalby Courier,Medium,uninvolved,,,,"),
        [("constraint-error", ACTORS, 2, 3, "actor_type")],
    ),
    "a latitude beyond the pole": (
        LOCATIONS,
        replace(",-45,-30,", ",-95,-30,"),
        [("constraint-error", LOCATIONS, 2, 6, "latitude")],
    ),
    "an empty cell that is required": (
        ACTORS,
        replace(ACTOR, "dalby-courier,,medium,uninvolved,,,,"),
        [("constraint-error", ACTORS, 2, 2, "name")],
    ),
    "a digest that is none": (
        CLAIMS,
        replace("f0f484a15efd", "F0F484A15EFD"),
        [("constraint-error", CLAIMS, HERE, 6, "span_sha256")],
    ),
    "a claimed value that is no value of its column": (
        CLAIMS,
        replace(",date_start,,Tuesday,,,,,,2019-03-05,", ",date_start,,Tuesday,,,,,,2019-3-5,"),
        [("type-error", CLAIMS, HERE, 18, "value_text")],
    ),
    # -- keys ----------------------------------------------------------------------------------------------------------
    "a key that stands twice": (
        ACTORS,
        replace(ACTOR + "\n", ACTOR + "\n" + ACTOR + "\n"),
        [("primary-key", ACTORS, 3, 1, "actor_id")],
    ),
    "a key that stands twice, in another letter case": (
        ACTORS,
        replace(ACTOR + "\n", "Dalby-Courier,Dalby Courier,medium,uninvolved,,,,\n" + ACTOR + "\n"),
        # Beside the fault itself, that the two rows look like one actor.
        [("constraint-error", ACTORS, 2, 1, "actor_id"), ("actors__near_duplicate", ACTORS, 3, 2, "name")],
    ),
    "a reference to nothing": (
        CONTROL,
        replace("orvessa-red-banner,orvessa,", "orvessa-red-banner,orvesa,"),
        [("foreign-key", CONTROL, 2, 2, "location_id")],
    ),
    # -- the header ----------------------------------------------------------------------------------------------------
    "a missing column": (
        ACTORS,
        columns(lambda cells: cells[:3] + cells[4:]),
        [("missing-label", ACTORS, 1, 0, "bloc")],
    ),
    "an extra column": (
        CONTROL,
        columns(lambda cells: [*cells, "weight" if cells[0] == "control_id" else ""]),
        [("extra-label", CONTROL, 1, 9, "")],
    ),
    "a renamed column": (
        CONTROL,
        replace("holder_id", "holder"),
        [("incorrect-label", CONTROL, 1, 3, "")],
    ),
    "a column in capitals": (
        CONTROL,
        replace("holder_id", "HOLDER_ID"),
        [("incorrect-label", CONTROL, 1, 3, "")],
    ),
    "columns in another order": (
        CONTROL,
        columns(lambda cells: [cells[0], cells[2], cells[1], *cells[3:]]),
        [("incorrect-label", CONTROL, 1, 2, "")],
    ),
    "a column twice": (
        CONTROL,
        columns(lambda cells: [*cells, cells[1]]),
        [("duplicate-label", CONTROL, 1, 9, "")],
    ),
    "a column without a name": (
        CONTROL,
        columns(lambda cells: [*cells, ""]),
        [("blank-label", CONTROL, 1, 9, "")],
    ),
    "semicolons instead of commas": (
        CONTROL,
        lambda data: data.replace(b",", b";"),
        [("incorrect-label", CONTROL, 1, 0, "")],
    ),
    "no header": (
        CONTROL,
        lambda data: data.split(b"\n", 1)[1],
        [("incorrect-label", CONTROL, 1, 0, "")],
    ),
    "a header beyond the limit": (CONTROL, lambda _: b"," * 2_000_000, [("row-limit", CONTROL, 1, 0, "")]),
    # -- rows ----------------------------------------------------------------------------------------------------------
    "a cell too many": (ACTORS, replace(ACTOR, ACTOR + ",more"), [("extra-cell", ACTORS, 2, 9, "")]),
    "a cell too few": (
        ACTORS,
        replace(ACTOR, ACTOR[:-1]),
        [("missing-cell", ACTORS, 2, 8, "description")],
    ),
    "an unquoted comma": (
        ACTORS,
        replace(ACTOR, "dalby-courier,Dalby, Courier,medium,uninvolved,,,,"),
        [("extra-cell", ACTORS, 2, 9, "")],
    ),
    "a blank line": (ACTORS, replace(ACTOR, "\n" + ACTOR), [("blank-row", ACTORS, 2, 0, "")]),
    "a row of commas": (ACTORS, replace(ACTOR, ",,,,,,,\n" + ACTOR), [("blank-row", ACTORS, 2, 0, "")]),
    "an unclosed quote": (
        ACTORS,
        replace(",Dalby Courier,", ',"Dalby Courier,'),
        [("unclosed-quote", ACTORS, 2, 2, "name")],
    ),
    "a quote inside a cell": (
        ACTORS,
        replace(",Dalby Courier,", ',Dalby "Courier",'),
        [("stray-quote", ACTORS, 2, 2, "name")],
    ),
    "a newline in a cell": (
        ACTORS,
        replace(",Dalby Courier,", ',"Dalby\nCourier",'),
        [("newline-in-cell", ACTORS, 2, 2, "name")],
    ),
    # -- bytes and characters ------------------------------------------------------------------------------------------
    "a byte-order mark": (ACTORS, lambda data: b"\xef\xbb\xbf" + data, [("encoding-error", ACTORS, 1, 0, "")]),
    "latin-1": (ACTORS, raw(b"Dalby C", b"D\xe1lby C"), [("encoding-error", ACTORS, 2, 0, "")]),
    "UTF-16": (
        ACTORS,
        lambda data: data.decode().encode("utf-16"),
        [("encoding-error", ACTORS, 1, 0, "")],
    ),
    "UTF-16 without a mark": (
        ACTORS,
        lambda data: data.decode().encode("utf-16-le"),
        [("encoding-error", ACTORS, 1, 0, "")],
    ),
    "an empty file": (ACTORS, lambda _: b"", [("source-error", ACTORS, 0, 0, "")]),
    "NUL": (ACTORS, raw(b"Dalby C", b"Dalby\0C"), [("forbidden-character", ACTORS, 2, 2, "name")]),
    "a control character": (ACTORS, replace("Dalby C", "Dalby\x1bC"), [("forbidden-character", ACTORS, 2, 2, "name")]),
    "a tab": (ACTORS, replace("Dalby C", "Dalby\tC"), [("forbidden-character", ACTORS, 2, 2, "name")]),
    "a zero-width space": (
        ACTORS,
        replace("Dalby C", "Dalby\u200b C"),
        [("forbidden-character", ACTORS, 2, 2, "name")],
    ),
    "a bidi override": (
        ACTORS,
        replace("Dalby C", "Dalby \u202eC"),
        [("forbidden-character", ACTORS, 2, 2, "name")],
    ),
    "a no-break space": (
        ACTORS,
        replace("Dalby C", "Dalby\xa0C"),
        [("forbidden-character", ACTORS, 2, 2, "name")],
    ),
    "a lone carriage return": (
        ACTORS,
        replace("Dalby C", "Dalby\rC"),
        [("forbidden-character", ACTORS, 2, 2, "name")],
    ),
    "an accent as a character of its own": (
        ACTORS,
        replace("Dalby C", "Da\u0301lby C"),
        [("not-nfc", ACTORS, 2, 2, "name")],
    ),
    "a space at the end": (
        ACTORS,
        replace("Dalby Courier,", "Dalby Courier ,"),
        [("surrounding-space", ACTORS, 2, 2, "name")],
    ),
    "a formula": (
        ACTORS,
        replace("Dalby Courier,", "=HYPERLINK(A1),"),
        [("formula-cell", ACTORS, 2, 2, "name")],
    ),
    "a formula behind a full-width sign": (
        ACTORS,
        replace("Dalby Courier,", "＝1+1,"),
        [("formula-cell", ACTORS, 2, 2, "name")],
    ),
    "a cell beyond the limit": (
        ACTORS,
        replace("Dalby Courier,", "D" * 10_001 + ","),
        [("cell-limit", ACTORS, 2, 2, "name")],
    ),
    "a row beyond the limit": (
        ACTORS,
        replace("Dalby Courier,", "D" * 64_001 + ","),
        [("row-limit", ACTORS, 2, 0, "")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_fault_is_one_finding(tiny: Path, name: str) -> None:
    file, edit, expected = CASES[name]
    path = tiny / file
    before = path.read_bytes()
    path.write_bytes(edit(before))
    pairs = zip(before.split(b"\n"), path.read_bytes().split(b"\n"), strict=False)
    here = next((n for n, (old, new) in enumerate(pairs, 1) if old != new), 0)
    # Where a file or row is lost, references to it are not reported too: one fault, one problem.
    assert found(tiny) == [(r, f, here if n == HERE else n, *rest) for r, f, n, *rest in expected]


def test_every_fault_of_a_run_is_reported(tiny: Path) -> None:
    """Faults of several kinds, in several files and stages, are all told in one run."""
    for name in ("an unknown code", "a date that does not exist", "a reference to nothing", "an unclosed quote"):
        file, edit, _ = CASES[name]
        path = tiny / file
        path.write_bytes(edit(path.read_bytes()))
    rules = {rule for rule, *_ in found(tiny)}
    assert {"type-error", "foreign-key", "unclosed-quote"} <= rules


def test_half_of_a_pair(tiny: Path) -> None:
    path = tiny / FIGURES
    lines = path.read_text().splitlines()
    header = lines[0].split(",")
    cells = lines[1].split(",")
    cells[header.index("related_table")] = "actors"
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n")
    assert found(tiny) == [("foreign-key", FIGURES, 2, header.index("related_table") + 1, "related_table")]


def test_pair_that_refers_to_nothing(tiny: Path) -> None:
    path = tiny / FIGURES
    lines = path.read_text().splitlines()
    header = lines[0].split(",")
    cells = lines[1].split(",")
    cells[header.index("related_table")] = "actors"
    cells[header.index("related_id")] = "nobody"
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n")
    assert found(tiny) == [("foreign-key", FIGURES, 2, header.index("related_id") + 1, "related_id")]


def test_missing_file(tiny: Path) -> None:
    (tiny / "data/tombstones/hand.csv").unlink()
    assert found(tiny)[0][:2] == ("source-error", "data/tombstones/hand.csv")


def test_file_that_belongs_to_no_table(tiny: Path) -> None:
    (tiny / "data/strike").mkdir()
    (tiny / "data/strike/hand.csv").write_text("a\n")
    (tiny / "data/strikes/hand.xlsx").write_bytes(b"PK")
    assert [f[:2] for f in found(tiny)] == [
        ("unexpected-file", "data/strike/hand.csv"),
        ("unexpected-file", "data/strikes/hand.xlsx"),
    ]


def test_link_out_of_the_dataset(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "hand.csv"
    path = tiny / ACTORS
    path.rename(outside)
    path.symlink_to(outside)
    assert ("source-error", ACTORS) in [f[:2] for f in found(tiny)]


def test_pipe_does_not_hang(tiny: Path) -> None:
    path = tiny / ACTORS
    path.unlink()
    os.mkfifo(path)
    assert ("source-error", ACTORS) in [f[:2] for f in found(tiny)]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda text: text.replace("\n", "\r\n"), "line ends"),
        (lambda text: text.removesuffix("\n"), "no newline at the end"),
        (lambda text: text.replace("Dalby Courier", '"Dalby Courier"', 1), "quoting"),
        (lambda text: "\n".join([text.splitlines()[0], *reversed(text.splitlines()[1:])]) + "\n", "order of the rows"),
    ],
)
def test_house_style_is_a_warning(tiny: Path, edit: Callable[[str], str], words: str) -> None:
    path = tiny / ACTORS
    path.write_bytes(edit(path.read_text()).encode())
    report = validate(tiny)
    assert [(p.rule, p.severity, p.file) for p in report.problems] == [("canonical-form", "warning", ACTORS)]
    assert words in report.problems[0].message
    assert report.errors == 0


def test_schemas_that_cannot_be_read(tiny: Path) -> None:
    path = tiny / "schemas/actors.yaml"
    path.write_text(path.read_text().replace("type: string", "type: text", 1))
    (problem,) = validate(tiny).problems
    assert (problem.rule, problem.file) == ("schema-error", "schemas/actors.yaml")
    assert "'text' is not one of" in problem.message


def test_missing_seeds_are_an_error(tiny: Path) -> None:
    """Without any ledger the rules that read it waited, and a dataset without evidence was called valid."""
    shutil.rmtree(tiny / "seeds")
    assert "sources__ledger_missing" in {rule for rule, *_ in found(tiny)}


def test_spoilt_key_of_a_row_that_others_name(tiny: Path) -> None:
    """A row whose key is empty or misspelt was reported together with every row that names it."""
    path = tiny / ACTORS
    path.write_text(path.read_text().replace(ACTOR, ACTOR.replace("dalby-courier,", ",", 1), 1))
    assert found(tiny) == [("constraint-error", ACTORS, 2, 1, "actor_id")]


def test_link_to_itself(tiny: Path) -> None:
    path = tiny / ACTORS
    path.unlink()
    path.symlink_to(path)
    assert ("source-error", ACTORS) in [f[:2] for f in found(tiny)]


def test_second_opinion_opens_nothing_that_the_reader_refused(tiny: Path) -> None:
    """With `--reference` frictionless followed a link out of the package, printed what it found, and hung on a pipe."""
    path = tiny / ACTORS
    path.unlink()
    path.symlink_to("/etc/passwd")
    told = [p for p in validate(tiny, reference=True).problems if "root:" in p.message + p.value]
    assert told == []
    path.unlink()
    os.mkfifo(path)
    assert validate(tiny, reference=True).errors


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("-- is wrong\nDELETE FROM claims RETURNING 'isis' AS record_id", "not one SELECT"),
        ("-- is wrong\nDELETE FROM claims; SELECT actor_id AS record_id FROM actors", "not one SELECT"),
        ("-- is wrong\n", "not one SELECT"),
        ("-- is wrong\n-- severty: warning\nSELECT actor_id AS record_id FROM actors", "begins like a tag"),
        ("-- is wrong\nSELEC 1", "does not run"),
        ("-- is wrong\nSELECT nothing FROM actors", "does not run"),
        ("-- is wrong\nSELECT actor_id FROM actors", "returns (actor_id)"),
        ("SELECT actor_id AS record_id FROM actors", "the first comment"),
    ],
)
def test_rule_that_is_none(tiny: Path, sql: str, words: str) -> None:
    (tiny / "schemas/rules/actors__broken.sql").write_text(sql)
    (problem,) = validate(tiny).problems
    assert (problem.rule, problem.file) == ("rule-error", "schemas/rules/actors__broken.sql")
    assert words in problem.message


def test_waiver_of_what_is_not_known_is_not_idle(tiny: Path) -> None:
    """A waiver was called idle, with the advice to delete it, when its rule could not run."""
    waivers = tiny / "schemas/rules/waivers.csv"
    waivers.write_text(waivers.read_text() + "a,engagements__sides_missing,capture-of-orvessa,,Why.,curator-1\n")
    assert [rule for rule, *_ in found(tiny)] == ["unused-waiver"]
    (tiny / ENGAGEMENTS).write_bytes(b"")
    assert "unused-waiver" not in [rule for rule, *_ in found(tiny)]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("marn-campaign-banner,engagements,marn-campaign,red-banner,side_b", "missing-cell"),
        ("marn-campaign-banner,engagements,marn-campaign,red-banner,side_b,target,", "extra-cell"),
        ("marn-campaign-banner;engagements;marn-campaign;red-banner;side_b;target", "missing-cell"),
    ],
)
def test_what_a_row_that_cannot_be_used_refers_to_is_not_said_to_lack_it(tiny: Path, row: str, rule: str) -> None:
    """A participant with a cell too few made its engagement one "without two opposed sides", in another file."""
    path = tiny / "data/participants/hand.csv"
    lines = path.read_text("utf-8").splitlines()
    (at,) = [i for i, line in enumerate(lines) if line.startswith("marn-campaign-banner,")]
    lines[at] = row
    path.write_text("\n".join([*lines, ""]), "utf-8")
    assert [(one[0], one[1], one[2]) for one in found(tiny)] == [(rule, "data/participants/hand.csv", at + 1)]

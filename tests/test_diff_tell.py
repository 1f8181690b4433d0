"""A difference is told whole or says what it left out, and no cell of it does anything but be read."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import ROOT, patch, schema_in
from test_diff import CLAIM, compared, three

from bastions import diff, files
from bastions.cli import main
from bastions.diff import tell
from bastions.diff.tell import outline, words

HOSTILE = "<script>alert(1)</script>|`x`` @everyone #1 ![i](http://e.example/p.png) ::error::no \u202etxt.exe \x1b[2J"


@pytest.fixture
def was(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(tiny, tmp_path_factory.mktemp("was") / "dataset"))


def spoil(root: Path) -> None:
    """Puts text into cells and names that is a tag, a mention, an image, a command and worse, all in valid cells."""
    text = HOSTILE.replace("\u202e", "").replace("\x1b", "")
    patch(root, {"rows": {"locations": [{"location_id": "calder", "name": text}],
                          "claims": [{"claim_id": CLAIM, "value": "3", "value_raw": text, "note": text}]}})  # fmt: skip


def hostile() -> diff.Difference:
    """A difference in which every text that can come from outside is hostile."""
    frame = pl.DataFrame({"_key": [HOSTILE], HOSTILE: [HOSTILE]})
    changed = pl.DataFrame({"_key": [HOSTILE], "column": [HOSTILE], "old": [HOSTILE], "new": [HOSTILE + "!"]})
    table = diff.TableDifference(
        HOSTILE, HOSTILE, ("k",), "both", 1, 1,
        (diff.ColumnChange("renamed", HOSTILE, HOSTILE, HOSTILE), diff.ColumnChange("added", HOSTILE)),
        frame, frame, changed, 1, {}, {}, {(HOSTILE, HOSTILE): HOSTILE},
        {HOSTILE: diff.Tombstone(HOSTILE, (HOSTILE,), (HOSTILE,))},
    )  # fmt: skip
    answer = diff.Answer("hedged", 1, True, None, 2, False, HOSTILE, HOSTILE, None, 1, 1)
    resolved = diff.Resolved(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, answer, None)
    from bastions.problems import problem

    return diff.Difference(
        HOSTILE, HOSTILE, HOSTILE, HOSTILE, (diff.IdWarning("back", HOSTILE, HOSTILE, HOSTILE),), (table,),
        diff.Effect((HOSTILE,), (resolved,), HOSTILE), (diff.FileChange("changed", HOSTILE),),
        (problem("x", HOSTILE, HOSTILE, value=HOSTILE),), (HOSTILE,), (HOSTILE,), (f"src/{HOSTILE}", "waivers"),
        (diff.Lowered(HOSTILE, 2, 1),),
    )  # fmt: skip


def many(root: Path, number: int) -> None:
    rows = [
        {"name_id": f"calder-{n}", "subject_table": "locations", "subject_id": "calder", "language": "en",
         "script": "Latn", "name_type": "variant", "name": f"Calder {n} {'x' * 60}"} for n in range(10, 10 + number)
    ]  # fmt: skip
    text = files.to_csv(pl.DataFrame(rows), schema_in(ROOT).tables["names"])
    (root / "data/names/more.csv").write_text(text, "utf-8", newline="")


# --------------------------------------------------------------------------------------------------------------------
# Every form


def test_an_empty_difference_is_one_sentence(tiny: Path, was: Path) -> None:
    found = compared(was, tiny)
    assert tell.text(found).splitlines()[1:] == ["Nothing differs."]
    assert "Nothing differs." in tell.markdown(found)
    assert "Nothing differs." in tell.html(found)
    assert json.loads("".join(tell.json(found)))["empty"] is True


def test_text_tells_rows_ids_and_values(tiny: Path, was: Path) -> None:
    three(tiny)
    patch(tiny, {"remove": {"names": ["calder-1"]}})
    text = tell.text(compared(was, tiny))
    assert "  ! names calder-1 (Calder)" in text
    assert "      value: 2 → 3" in text
    assert "      value_raw: Two → Three" in text
    assert re.search(r"^  - calder-1 \(Calder\)$", text, re.MULTILINE)
    assert text.index("tombstone") < text.index("Published values") < text.index("claims: 1 changed")


def test_json_has_every_row_in_its_documented_shape(tiny: Path, was: Path) -> None:
    three(tiny)
    many(tiny, 500)
    found = json.loads("".join(tell.json(compared(was, tiny))))
    assert list(found) == [
        "format", "old", "new", "empty", "unread", "counts", "ids", "problems", "notes", "unjudged", "files", "judges",
        "lowered", "values", "tables",
    ]  # fmt: skip
    page = (ROOT / "docs" / "diff.md").read_text("utf-8")
    assert [key for key in found if f"`{key}`" not in page] == []
    assert [key for table in found["tables"] for key in table if f"`{key}`" not in page] == []
    assert found["format"] == "bastions-diff/1"
    (names,) = (table for table in found["tables"] if table["name"] == "names")
    assert len(names["added"]) == names["counts"]["added"] == 500
    assert names["added"][0]["cells"]["subject_id"] == "calder"
    (claims,) = (table for table in found["tables"] if table["name"] == "claims")
    cells = {cell["column"]: (cell["old"], cell["new"]) for cell in claims["changed"][0]["cells"]}
    assert cells == {"value": ("2", "3"), "value_raw": ("Two", "Three")}
    (value,) = found["values"]["changes"]
    assert (value["old"]["text"], value["new"]["text"], value["new"]["best"]) == ("2", "3", 3.0)


def test_a_large_difference_is_summed_up_and_says_how_much_more_there_is(tiny: Path, was: Path) -> None:
    many(tiny, 500)
    found = compared(was, tiny)
    text = tell.text(found)
    assert "names: 500 added" in text
    assert "… and 450 more; --limit 500 tells all" in text
    assert text.count("  + calder-") == 50
    assert tell.text(found, 3).count("  + calder-") == 3
    assert "… and 450 more." in tell.markdown(found)
    assert tell.html(found).count('<td class="new"><code>') == 500


def test_policies_that_agree_are_told_once(tiny: Path, was: Path) -> None:
    three(tiny)
    found = compared(was, tiny, "all")
    (item,) = (item for s in outline.sections(found, None) if s.kind == "values" for item in s.items)
    cells = {(old, new): column for column, old, new in item.cells}
    assert len(cells) == len(item.cells) < len(found.effect.resolved)
    assert re.fullmatch(r"value, under balanced, .*latest.*", cells["2", "3"])
    assert "envelope" in cells["no best [2, 2]", "no best [3, 3]"]


@pytest.mark.parametrize(
    ("policy", "words"),
    [(None, "under the default policy, balanced."), ("latest", "by the policy latest."), ("all", "by the policies ")],
)
def test_that_no_published_value_changes_is_said(tiny: Path, was: Path, policy: str | None, words: str) -> None:
    """It was not told from values that nobody had computed."""
    patch(tiny, {"rows": {"claims": [{"claim_id": CLAIM, "note": "Read twice."}]}})
    assert f"No published value changes{'' if words[0] == 'u' else ','} {words}" in (
        tell.text(compared(was, tiny, policy))
    )
    (tiny / "data/names/hand.csv").write_bytes(b"\x00\xff")
    text = tell.text(compared(was, tiny, policy))
    assert "No published value changes" not in text
    assert "Published values were not compared" in text


def test_rows_that_could_not_be_compared_are_no_difference_of_the_table(tiny: Path, was: Path) -> None:
    """It said: no row, but 1 table differs."""
    (tiny / "data/names/hand.csv").write_bytes(b"\x00\xff")
    found = compared(was, tiny)
    number = found.not_told
    assert number > 1
    assert found.unjudged == ("names",)
    text = tell.text(found)
    assert text.splitlines()[1] == f"{number} rows could not be compared."
    assert f"names: {number} rows could not be compared" in text
    assert "Not all could be read, so of rows that are missing there nothing is said, of these tables: names." in text


def test_a_removed_row_stands_beside_its_tombstone(tiny: Path, was: Path) -> None:
    buried = {"subject_table": "names", "subject_id": "calder-1", "removed_in": "0.2.0", "reason": "split"}
    successors = [{"tombstone_id": f"t-{n}", **buried, "successor_id": n} for n in ("calder-2", "orvessa-1")]
    patch(tiny, {"remove": {"names": ["calder-1"]}, "rows": {"tombstones": successors}})
    found = compared(was, tiny)
    (row,) = (row for table in found.tables if table.name == "names" for row in table.rows("removed"))
    assert row.tombstone is not None
    assert (row.tombstone.reason, row.tombstone.successors) == ("split", ("calder-2", "orvessa-1"))
    lines = tell.text(found).splitlines()
    at = lines.index("  - calder-1 (Calder)")
    assert lines[at + 1] == "      (tombstone): split"
    assert lines[at + 2].startswith("      (replaced by): calder-2")
    assert lines[at + 3].startswith("      (replaced by): orvessa-1")
    whole = json.loads("".join(tell.json(found)))
    (told,) = (row for table in whole["tables"] if table["name"] == "names" for row in table["removed"])
    assert told["tombstone"]["successors"] == ["calder-2", "orvessa-1"]


def test_a_cell_that_is_equal_to_the_key_is_told(tiny: Path, was: Path) -> None:
    """Every cell with the text of the key was left out, whatever its column."""
    place = {"location_id": "weir", "name": "weir", "location_type": "populated_place", "parent_id": "marn"}
    patch(tiny, {"rows": {"locations": [place]}})
    text = tell.text(compared(was, tiny))
    assert "      name: weir" in text
    assert "      location_id: weir" not in text


def test_where_long_texts_begin_to_differ_is_seen() -> None:
    old, new = words.focus("a" * 500 + "old" + "b" * 500, "a" * 500 + "new" + "b" * 500)
    assert "old" in old
    assert "new" in new
    assert len(old) < 250


# --------------------------------------------------------------------------------------------------------------------
# Hostile cells


def test_markdown_has_every_foreign_text_in_a_code_span() -> None:
    """What is left when the code spans are taken away is ours; GitHub makes nothing of what stands in one."""
    text = tell.markdown(hostile())
    for line in text.splitlines():
        left = re.sub(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", "", line)
        assert not re.search(r"script|everyone|alert|!\[|http|::|`", left), line
        assert "\x1b" not in line
        assert "\u202e" not in line
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert tables
    for line in tables:
        assert line.count("|") in (4, 6), line


def test_a_page_has_no_tag_that_a_cell_made() -> None:
    class Tags(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: set[str] = set()
            self.addresses: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found.add(tag)
            self.addresses += [
                f"{name}={value}" for name, value in attrs if name in ("src", "href") or name.startswith("on")
            ]

    found = hostile()
    page = tell.html(replace(found, tables=found.tables * 2))
    tags = Tags()
    tags.feed(page)
    assert not tags.found & {"script", "img", "link", "iframe", "object", "form"}
    assert len(tags.addresses) == 2, "the links to the two tables"
    assert all(re.fullmatch("href=#s[0-9]+", address) for address in tags.addresses)
    assert "&lt;script&gt;" in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "default-src 'none'" in page


def test_a_page_is_well_formed() -> None:
    page = tell.html(hostile())
    body = (
        page[page.index("<body>") : page.index("</html>")]
        .replace("<details open>", "<details>")
        .replace("<br>", "<br/>")
    )
    ET.fromstring(body)


def test_a_page_links_to_its_tables_and_folds_their_rows(tiny: Path, was: Path) -> None:
    three(tiny)
    many(tiny, 30)
    page = tell.html(compared(was, tiny))
    body = page[page.index("<body>") : page.index("</html>")].replace("<br>", "<br/>")
    tree = ET.fromstring(body.replace("<details open>", '<details open="">'))
    links = {a.get("href", "")[1:]: "".join(a.itertext()) for a in tree.iter("a")}
    assert set(links.values()) == {"claims: 1 changed", "names: 30 added"}
    for section in tree.iter("section"):
        if section.get("id") in links:
            assert "".join(section.findall("h2")[0].itertext()) == links[section.get("id", "")]
            (details,) = section.findall("details")
            assert details.findall(".//td")
            assert (details.get("open") is None) == ("names" in links[section.get("id", "")]), "many are folded"


def test_a_terminal_gets_no_control_and_no_command_of_a_runner() -> None:
    text = tell.text(hostile())
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert not re.search("^::", text, re.MULTILINE)


def test_json_gives_hostile_cells_back_as_they_are() -> None:
    found = json.loads("".join(tell.json(hostile())))
    assert found["tables"][0]["changed"][0]["cells"][0]["old"] == HOSTILE


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_hostile_cells_of_a_dataset_are_told_in_every_form(tiny: Path, was: Path, form: str) -> None:
    spoil(tiny)
    found = compared(was, tiny)
    text = "".join(tell.json(found)) if form == "json" else getattr(tell, form)(found)
    assert "alert(1)" in text


# --------------------------------------------------------------------------------------------------------------------
# Size


@pytest.mark.parametrize("size", [2_000, 8_000, 60_000])
def test_markdown_fits_a_comment_and_says_what_it_left_out(tiny: Path, was: Path, size: int) -> None:
    three(tiny)
    patch(tiny, {"remove": {"names": ["calder-1"]}})
    many(tiny, 3000)
    found = compared(was, tiny)
    text = tell.markdown(found, 3000, size)
    assert len(text.encode()) <= size
    last = text.rstrip().splitlines()[-1]
    left = re.fullmatch(r"Left out here:.* ([\d,]+) rows; `--format json` has all, `--format html` more[.]", last)
    assert left
    if size > 5000:
        assert "calder-1`" in text, "the warnings come first"
        told = len(re.findall(r"^\| `calder-\d\d+`", text, re.MULTILINE))
        assert told
        assert int(left[1].replace(",", "")) == 3000 - told


def test_markdown_of_a_row_without_a_name_has_an_empty_cell(tiny: Path, was: Path) -> None:
    waiver = {"waiver_id": "quiet", "rule": "names__listed_twice", "record_id": "calder-1", "note": "A reason."}
    patch(tiny, {"rows": {"waivers": [waiver]}})
    text = tell.markdown(compared(was, tiny))
    assert "| `quiet` |  | `rule: names__listed_twice`<br>" in text
    assert "\n\n\n" not in text


def test_markdown_of_a_small_difference_leaves_nothing_out(tiny: Path, was: Path) -> None:
    three(tiny)
    assert "Left out" not in tell.markdown(compared(was, tiny))


def test_markdown_of_long_cells_fits_too() -> None:
    rows = [f"k{n}" for n in range(5000)]
    wide = pl.DataFrame({"_key": rows, "a": ["`" * 3 + "é" * 5000] * 5000})
    none = pl.DataFrame(schema={"_key": pl.String(), "column": pl.String(), "old": pl.String(), "new": pl.String()})
    tables = tuple(
        diff.TableDifference(f"t{n}", "", ("a",), "both", 0, 5000, (), wide, wide.clear(), none) for n in range(60)
    )
    found = diff.Difference("a", "b", "", "", (), tables, diff.Effect(), (), (), ())
    assert len(tell.markdown(found).encode()) <= 60_000


def test_markdown_without_a_size_has_a_heading_of_its_own_and_every_row_up_to_the_limit(tiny: Path, was: Path) -> None:
    many(tiny, 1200)
    text = tell.markdown(compared(was, tiny), 1000, None, "Changes of the data since 0.1.0")
    assert text.startswith("## Changes of the data since 0.1.0\n")
    assert len(re.findall(r"^\| `calder-\d\d+`", text, re.MULTILINE)) == 1000
    assert "… and 200 more." in text
    assert "\n### `names`: 1,200 added\n" in text


# --------------------------------------------------------------------------------------------------------------------
# The command


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["--root", arguments[0], "diff", *arguments[1:]])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_command_tells_a_difference_and_ends_with_0(
    tiny: Path, was: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    three(tiny)
    code, out, err = run(capsys, str(tiny), str(was))
    assert (code, err) == (0, "")
    assert "value: 2 → 3" in out


def test_check_fails_on_trouble_with_ids_alone(tiny: Path, was: Path, capsys: pytest.CaptureFixture[str]) -> None:
    three(tiny)
    assert run(capsys, str(tiny), str(was), "--check")[0] == 0
    patch(tiny, {"remove": {"names": ["calder-1"]}})
    assert run(capsys, str(tiny), str(was))[0] == 0
    code, _, err = run(capsys, str(tiny), str(was), "--check")
    assert code == 1
    assert "ids" in err


def test_a_report_is_written_to_a_file_and_told_in_one_line(
    tiny: Path, was: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    three(tiny)
    out = tmp_path_factory.mktemp("out") / "report.html"
    code, printed, _ = run(capsys, str(tiny), str(was), "--format", "html", "--out", str(out))
    assert code == 0
    assert printed == f"{out}: 1 row changed, in 1 table; 1 published value differs.\n"
    assert out.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert [path.name for path in out.parent.iterdir()] == ["report.html"]


BEGINNINGS = {"text": "dataset in ", "markdown": "### bastions diff: ", "html": "<!DOCTYPE html>", "json": "{"}


@pytest.mark.parametrize("form", tell.FORMATS)
def test_a_report_of_every_form_is_written_by_a_fresh_process(
    tiny: Path, was: Path, tmp_path_factory: pytest.TempPathFactory, form: str
) -> None:
    """With json it ended in a traceback: what makes the line on the terminal had been imported by other forms alone."""
    three(tiny)
    out = tmp_path_factory.mktemp("out") / "report"
    command = [sys.executable, "-m", "bastions.cli", "--root", str(tiny), "diff", str(was), "--format", form]
    done = subprocess.run([*command, "--out", str(out)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{out}: 1 row changed, in 1 table; 1 published value differs.\n"
    assert out.read_text("utf-8").startswith(BEGINNINGS[form])


def test_one_comparison_is_written_in_several_forms(
    tiny: Path,
    was: Path,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    three(tiny)
    between, calls = diff.between, list[object]()

    def counted(*arguments: Any) -> diff.Difference:
        calls.append(arguments)
        return between(*arguments)

    monkeypatch.setattr(diff, "between", counted)
    out = tmp_path_factory.mktemp("out")
    (out / "summary.md").write_text("What was said before.", "utf-8")
    forms = ["--also", f"markdown={out / 'summary.md'}", "--also", f"html={out / 'a.html'}"]
    code, printed, err = run(capsys, str(tiny), str(was), *forms, "--also", f"json={out / 'a.json'}")
    assert (code, err, len(calls)) == (0, "", 1)
    assert "value_raw: Two → Three" in printed
    assert (out / "summary.md").read_text("utf-8").startswith("What was said before.\n\n### bastions diff: ")
    assert (out / "a.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert json.loads((out / "a.json").read_text("utf-8"))["counts"]["changed"] == 1
    assert sorted(path.name for path in out.iterdir()) == ["a.html", "a.json", "summary.md"]


def test_every_report_is_written_where_a_file_of_the_data_cannot_be_read(
    tiny: Path, was: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    three(tiny)
    (tiny / "data/names/hand.csv").write_bytes(b"\x00\xff")
    out = tmp_path_factory.mktemp("out")
    also = [word for form in tell.FORMATS for word in ("--also", f"{form}={out / form}")]
    assert run(capsys, str(tiny), str(was), *also)[0] == 2
    for form in ("text", "markdown", "html"):
        assert "rows could not be compared" in (out / form).read_text("utf-8")
    whole = json.loads((out / "json").read_text("utf-8"))
    assert (whole["unread"], whole["unjudged"]) == (True, ["names"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--also", "html=a", "--also", "json=./a"], "names? a file twice"),
        (["--out", "a", "--also", "json=a"], "names? a file twice"),
        (["--also", "html=none/a"], "none/a: No such file or directory"),
    ],
)
def test_a_report_that_has_no_place_is_refused_before_anything_is_compared(
    tiny: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny)
    before = sorted(tiny.iterdir())
    code, out, err = run(capsys, ".", ".", *arguments)
    assert (code, out) == (2, "")
    assert re.search(words, err)
    assert sorted(tiny.iterdir()) == before


@pytest.mark.parametrize("also", ["html", "html=", "sarif=a", "=a"])
def test_also_is_a_form_and_a_file(tiny: Path, also: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(capsys, str(tiny), "--also", also)
    assert stopped.value.code == 2
    assert "is not FORM=FILE, with one of text, markdown, html, json" in capsys.readouterr().err


def test_an_unreadable_file_ends_with_2_and_the_rest_is_told(
    tiny: Path, was: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    three(tiny)
    (tiny / "data/names/hand.csv").write_bytes(b"\x00\xff")
    code, out, err = run(capsys, str(tiny), str(was))
    assert code == 2
    assert "value_raw: Two → Three" in out
    assert "data/names/hand.csv" in out
    assert "not all could be compared" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no-such-ref"], "neither a folder or archive of a release nor a commit|not in a git repository"),
        (["datapackage.json"], "not a release archive"),
        (["--policy", "nonsense", "."], "there is no policy nonsense"),
    ],
)
def test_what_cannot_be_opened_ends_with_2_and_a_message(
    tiny: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny)
    code, out, err = run(capsys, str(tiny), *arguments)
    assert (code, out) == (2, "")
    assert re.search(words, err)


@pytest.mark.parametrize("limit", ["-1", "x", "1.5", "٣"])
def test_a_limit_is_a_whole_number(tiny: Path, limit: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(capsys, str(tiny), f"--limit={limit}")
    assert stopped.value.code == 2
    assert "is not a whole number" in capsys.readouterr().err

"""`diff` tells every kind of change, and nothing else; the tiny dataset is changed and compared with itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import ROOT, patch, schema_in

from bastions import diff, files, publish
from bastions.diff import Cell, Difference, TableDifference, ids, keyed, lenient, model, sheets

CLAIM = "orvessa-story-0021"
"""Two aircraft took part."""


@pytest.fixture
def was(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny dataset as it was, beside the one that a test changes."""
    return Path(shutil.copytree(tiny, tmp_path_factory.mktemp("was") / "dataset"))


@pytest.fixture(scope="module")
def tiny_release(tiny_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release of the tiny dataset, not to be changed."""
    return publish.build(tiny_once, tmp_path_factory.mktemp("release") / "build").folder


def compared(old: Path, new: Path, policy: str | None = None) -> Difference:
    with diff.opened(old, new) as one, diff.opened(new, new) as other:
        return diff.between(one, other, policy)


def table(found: Difference, name: str) -> TableDifference:
    (one,) = (t for t in found.tables if t.name == name)
    return one


def changes(found: Difference, name: str) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """Every changed cell of a table, by key and column."""
    rows = table(found, name).rows("changed")
    return {(row.key, cell.column): (cell.old, cell.new) for row in rows for cell in row.cells}


def rewrite(root: Path, name: str, change: Callable[[str], str]) -> Path:
    """Changes the text of a table's file."""
    path = root / "data" / name / "hand.csv"
    path.write_text(change(path.read_text("utf-8")), "utf-8", newline="")
    return path


def reschema(root: Path, name: str, old: str, new: str) -> None:
    path = root / "schemas" / f"{name}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


# --------------------------------------------------------------------------------------------------------------------
# Rows and cells


def test_nothing_differs_of_a_dataset_and_itself(tiny: Path, was: Path) -> None:
    found = compared(was, tiny)
    assert found.empty
    assert (found.tables, found.ids, found.files, found.problems, found.notes) == ((), (), (), (), ())


def test_a_change_is_told_by_key_and_column_with_old_and_new(tiny: Path, was: Path) -> None:
    patch(tiny, {"rows": {"locations": [{"location_id": "calder", "radius_m": "5000", "country": "SY"}]}})
    found = compared(was, tiny)
    assert changes(found, "locations") == {
        ("calder", "country"): (None, "SY"),
        ("calder", "radius_m"): ("4000", "5000"),
    }
    assert [t.name for t in found.tables] == ["locations"]
    assert found.counts == {"added": 0, "changed": 1, "removed": 0}
    (row,) = table(found, "locations").rows("changed")
    assert row.name == "Calder"


def test_an_added_row_is_told_with_its_filled_cells(tiny: Path, was: Path) -> None:
    place = {"location_id": "weir", "name": "Weir", "location_type": "populated_place", "parent_id": "marn"}
    patch(tiny, {"rows": {"locations": [place]}})
    (row,) = table(compared(was, tiny), "locations").rows("added")
    assert (row.key, row.name) == ("weir", "Weir")
    assert row.cells == (
        Cell("location_id", None, "weir"),
        Cell("name", None, "Weir"),
        Cell("location_type", None, "populated_place"),
        Cell("parent_id", None, "marn", "", "Marn"),
    )


def test_a_removed_row_is_told_with_the_name_that_it_had(tiny: Path, was: Path) -> None:
    patch(tiny, {"remove": {"names": ["calder-1"]}})
    (row,) = table(compared(was, tiny), "names").rows("removed")
    assert (row.key, row.name) == ("calder-1", "Calder")
    assert Cell("subject_id", "calder", None, "Calder") in row.cells


def test_a_claim_shows_the_name_of_its_record_and_the_column(tiny: Path, was: Path) -> None:
    patch(tiny, {"rows": {"claims": [{"claim_id": CLAIM, "statement": "A pair of aircraft flew."}]}})
    (row,) = table(compared(was, tiny), "claims").rows("changed")
    assert row.name.startswith("Platforms used")
    assert row.name.endswith(", value")


def test_a_reference_that_changed_shows_both_names(tiny: Path, was: Path) -> None:
    patch(tiny, {"rows": {"control": [{"control_id": "orvessa-red-banner", "holder_id": "river-guard"}]}})
    (row,) = table(compared(was, tiny), "control").rows("changed")
    assert row.cells == (Cell("holder_id", "red-banner", "river-guard", "Red Banner", "River Guard"),)


def test_half_of_a_pair_that_changed_shows_both_names(tiny: Path, was: Path) -> None:
    patch(tiny, {"rows": {"claims": [{"claim_id": CLAIM, "subject_id": "raid-bombs"}]}})
    (row,) = table(compared(was, tiny), "claims").rows("changed")
    (cell,) = row.cells
    assert (cell.old, cell.new) == ("raid-aircraft", "raid-bombs")
    assert cell.old_name.startswith("Platforms used")
    assert cell.new_name
    assert cell.new_name != cell.old_name


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: "\n".join([text.split("\n", 1)[0], *reversed(text.rstrip("\n").split("\n")[1:])]),
        lambda text: text.replace("-45,-30,4000", '"-45.0","-30","4000"'),
        lambda text: text.replace("-45,-30,4000", "-45.00,-30.0,4000.0"),
    ],
    ids=["CRLF", "byte-order mark", "other order", "quoted", "needless zeros"],
)
def test_how_a_value_is_written_is_no_difference(tiny: Path, was: Path, spoil: Callable[[str], str]) -> None:
    before = (tiny / "data/locations/hand.csv").read_bytes()
    path = rewrite(tiny, "locations", spoil)
    assert path.read_bytes() != before
    assert compared(was, tiny).tables == ()


def test_numbers_that_differ_in_the_last_digit_differ(tiny: Path, was: Path) -> None:
    rewrite(tiny, "locations", lambda text: text.replace("-45,-30,", "-45.0000000001,-30,"))
    assert changes(compared(was, tiny), "locations") == {("calder", "latitude"): ("-45", "-45.0000000001")}


def test_text_that_looks_like_a_number_is_text(tiny: Path, was: Path) -> None:
    patch(tiny, {"rows": {"names": [{"name_id": "calder-1", "name": "10"}]}})
    patch(was, {"rows": {"names": [{"name_id": "calder-1", "name": "10.0"}]}})
    assert changes(compared(was, tiny), "names") == {("calder-1", "name"): ("10.0", "10")}


def test_a_row_that_moved_to_another_file_is_no_difference(tiny: Path, was: Path) -> None:
    path = tiny / "data/names/hand.csv"
    header, first, *rest = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([header, *rest]) + "\n", "utf-8")
    (tiny / "data/names/other.csv").write_text(f"{header}\n{first}\n", "utf-8")
    assert compared(was, tiny).tables == ()


def test_seeds_and_waivers_are_compared_too(tiny: Path, was: Path) -> None:
    waiver = "waiver_id,rule,record_id,column_name,note,decided_by\na-1,some-rule,x,,Known.,curator-1\n"
    (tiny / "schemas/rules/waivers.csv").write_text(waiver, "utf-8")
    ledger = tiny / "seeds/orvessa-story/ledger.csv"
    header, *lines = ledger.read_text("utf-8").splitlines()
    ledger.write_text("\n".join([header, *lines[:-1]]) + "\n", "utf-8")
    found = compared(was, tiny)
    assert table(found, "waivers").counts["added"] == 1
    assert table(found, "ledger").counts["removed"] == 1
    assert found.ids == (), "a line of the ledger needs no tombstone"


# --------------------------------------------------------------------------------------------------------------------
# Schemas that differ


def test_a_column_that_was_added_is_told_apart_from_rows(tiny: Path, was: Path) -> None:
    reschema(
        tiny,
        "actors",
        "  - use: description",
        "  - {name: colour, type: string, description: A colour.}\n  - use: description",
    )
    rewrite(
        tiny, "actors", lambda t: t.replace(",description\n", ",colour,description\n").replace(",,,,\n", ",,,red,,\n")
    )
    text = (tiny / "data/actors/hand.csv").read_text("utf-8").splitlines()
    fixed = [text[0], *(line if line.count(",") == text[0].count(",") else f"{line}," for line in text[1:])]
    (tiny / "data/actors/hand.csv").write_text("\n".join(fixed) + "\n", "utf-8")
    found = compared(was, tiny)
    (column,) = table(found, "actors").columns
    assert (column.kind, column.column) == ("added", "colour")
    assert [f.path for f in found.files] == ["schemas/actors.yaml"]


def test_a_column_that_was_renamed_is_no_change_of_rows(tiny: Path, was: Path) -> None:
    reschema(
        tiny, "locations", "use: radius_m", "name: reach_m\n    type: integer\n    description: How far it reaches"
    )
    rewrite(tiny, "locations", lambda text: text.replace("radius_m", "reach_m"))
    found = table(compared(was, tiny), "locations")
    (column,) = found.columns
    assert (column.kind, column.old, column.new) == ("renamed", "radius_m", "reach_m")
    assert found.counts == {"added": 0, "changed": 0, "removed": 0}


def test_a_column_of_another_type_is_compared_as_numbers_where_they_are(tiny: Path, was: Path) -> None:
    path = tiny / "schemas" / "fields.yaml"
    text = path.read_text("utf-8")
    start = text.index("- name: radius_m")
    assert "type: integer" in text[start : start + 200]
    path.write_text(text[:start] + text[start:].replace("type: integer", "type: number", 1), "utf-8")
    found = compared(was, tiny)
    kinds = {(t.name, c.kind, c.column, c.old, c.new) for t in found.tables for c in t.columns}
    assert ("locations", "retyped", "radius_m", "integer", "number") in kinds
    assert found.counts == {"added": 0, "changed": 0, "removed": 0}


def test_a_schema_that_cannot_be_loaded_is_compared_by_headers(tiny: Path, was: Path) -> None:
    """An old commit may have a schema that today's loader refuses; its rows are compared all the same."""
    (was / "schemas/actors.yaml").write_text("an: older language\n", "utf-8")
    patch(tiny, {"rows": {"locations": [{"location_id": "calder", "radius_m": "5000"}]}})
    rewrite(was, "locations", lambda text: text.replace("-45,", "-45.0,"))
    found = compared(was, tiny)
    assert changes(found, "locations") == {("calder", "radius_m"): ("4000", "5000")}
    assert [p.rule for p in found.problems] == ["schema-error"]
    assert "cannot be read" in found.effect.note


# --------------------------------------------------------------------------------------------------------------------
# What is broken


def test_an_unreadable_file_is_a_problem_and_its_rows_are_not_removed(tiny: Path, was: Path) -> None:
    (tiny / "data/names/hand.csv").write_bytes(b"\xff\xfe\x00\x01")
    found = compared(was, tiny)
    assert found.unread
    (problem,) = found.problems
    assert "data/names/hand.csv" in problem.file
    assert table(found, "names").counts["removed"] == 0
    assert table(found, "names").not_told > 0
    assert found.ids == ()
    assert "names" in found.effect.note


def test_a_file_with_a_foreign_header_is_compared_by_it_and_told(tiny: Path, was: Path) -> None:
    rewrite(tiny, "names", lambda text: text.replace("name_type", "kind_of_name"))
    found = compared(was, tiny)
    assert found.unread
    kinds = {(c.kind, c.column) for c in table(found, "names").columns}
    assert ("added", "kind_of_name") in kinds
    assert table(found, "names").counts["removed"] == 0


@pytest.mark.parametrize("of", ["schema", "header"])
def test_a_quote_that_never_closes_costs_its_own_line(tiny: Path, was: Path, of: str) -> None:
    """Where a file was read by its header alone, the rest of it was swallowed by a cell of a row that nobody wrote."""
    if of == "schema":
        (tiny / "schemas/actors.yaml").write_text("an: older language\n", "utf-8")
    else:
        rewrite(tiny, "names", lambda text: text.replace("name_type", "kind_of_name"))
    rewrite(tiny, "names", lambda text: text.replace(",Calder,", ',"Calder,').replace("Imre Taal", "Imre of Taal"))
    found = compared(was, tiny)
    assert found.unread
    names = table(found, "names")
    assert changes(found, "names")[("imre-taal-1", "name")] == ("Imre Taal", "Imre of Taal"), "what follows is read"
    assert names.new_rows == names.old_rows - 1
    assert (names.counts["added"], names.counts["removed"], names.not_told) == (0, 0, 1), "it is not called removed"
    assert "calder-1" not in {key for key, _ in changes(found, "names")}
    assert any("1 line with a broken quote left out, the first of them line 2" in p.message for p in found.problems)
    assert found.ids == ()


def test_lines_are_told_apart_however_they_end(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b'a,b\r\nx,"1, 2"\r\n"y,3\r\n\r\nz,"4""5"\nw,5"6\nv,"7"8\nu')
    read = lenient.read(path, tmp_path)
    assert read is not None
    assert read.frame.rows() == [("x", "1, 2"), ("z", '4"5'), ("w", '5"6'), ("u", None)]
    assert read.broken == (3, 7)


@pytest.mark.parametrize("text", [b"", b'"a,b\n', b"a,a\n", b"a,,b\n", b"a,b\nx,\0\n"])
def test_a_file_without_a_header_is_none(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "t.csv").write_bytes(text)
    assert lenient.read(tmp_path / "t.csv", tmp_path) is None


def test_of_a_cell_that_cannot_be_used_nothing_is_said(tiny: Path, was: Path) -> None:
    rewrite(tiny, "names", lambda text: text.replace(",Calder,", ",Cal\u200bder,"))
    found = compared(was, tiny)
    assert found.tables == ()
    assert [(p.severity, p.rule) for p in found.problems] == [("warning", "forbidden-character")]
    assert not found.unread


@pytest.mark.parametrize(
    "line", ['calder-1,"open', "calder-1", "calder-1,a,b,c,d,e,f,g,h,i", ",,,,,,", "calder-1,\x00,,,,,", '"', "\r"]
)
def test_broken_rows_never_end_in_a_traceback(tiny: Path, was: Path, line: str) -> None:
    rewrite(tiny, "names", lambda text: f"{text}{line}\n")
    found = compared(was, tiny)
    assert all(t.counts["removed"] == 0 for t in found.tables)
    found = compared(tiny, was)
    assert all(t.counts["added"] == 0 for t in found.tables)


def test_rows_with_one_key_are_told_and_the_first_is_compared(tiny: Path, was: Path) -> None:
    rewrite(tiny, "names", lambda text: text + "calder-1,locations,calder,Other,en,Latn,primary\n")
    found = compared(was, tiny)
    assert found.tables == ()
    assert ["primary-key" in p.rule for p in found.problems] == [True]


# --------------------------------------------------------------------------------------------------------------------
# Ids


def test_a_removed_id_needs_a_tombstone(tiny: Path, was: Path) -> None:
    patch(tiny, {"remove": {"names": ["calder-1", "imre-taal-1"]}})
    stone = {"tombstone_id": "t", "subject_table": "names", "subject_id": "calder-1", "removed_in": "0.1.0",
             "reason": "error"}  # fmt: skip
    patch(tiny, {"rows": {"tombstones": [stone]}})
    (warning,) = compared(was, tiny).ids
    assert (warning.kind, warning.table, warning.id, warning.name) == (
        "no_tombstone", "names", "imre-taal-1", "Imre Taal",
    )  # fmt: skip


def test_an_id_that_is_back_is_told(tiny: Path, was: Path) -> None:
    back = {"engagement_id": "ferry-incident", "name": "Ferry incident", "engagement_type": "capture",
            "event_clarity": "individual"}  # fmt: skip
    patch(tiny, {"rows": {"engagements": [back]}})
    (warning,) = compared(was, tiny).ids
    assert (warning.kind, warning.table, warning.id) == ("back", "engagements", "ferry-incident")


def test_a_tombstone_that_is_gone_is_told(tiny: Path, was: Path) -> None:
    patch(tiny, {"remove": {"tombstones": ["ferry-incident"]}})
    (warning,) = compared(was, tiny).ids
    assert (warning.kind, warning.id) == ("tombstone_gone", "ferry-incident")


def test_an_id_whose_row_is_about_something_else_now_was_reused(tiny: Path, was: Path) -> None:
    other = {"name_id": "calder-1", "subject_id": "norhaven", "name": "Norhaven upon Mere"}
    patch(tiny, {"rows": {"names": [other]}})
    (warning,) = compared(was, tiny).ids
    assert (warning.kind, warning.table, warning.id) == ("reused", "names", "calder-1")


@pytest.mark.parametrize(
    "row",
    [
        {"names": [{"name_id": "calder-1", "name": "Caldera", "subject_id": "norhaven"}]},
        {"names": [{"name_id": "calder-1", "name": "Zumm"}]},
        {"locations": [{"location_id": "calder", "name": "Zumm", "latitude": "-44"}]},
        {"claims": [{"claim_id": CLAIM, "subject_id": "raid-bombs"}]},
    ],
    ids=["another spelling", "name alone", "not its parent", "not its words"],
)
def test_a_correction_is_no_reuse(tiny: Path, was: Path, row: Mapping[str, Any]) -> None:
    patch(tiny, {"rows": row})
    found = compared(was, tiny)
    assert found.counts["changed"] == 1
    assert found.ids == ()


def test_what_a_row_is_about_stands_in_columns_of_its_table() -> None:
    schema = schema_in(ROOT)
    for name, columns in ids.ABOUT.items():
        assert set(columns) <= set(schema.tables[name].names), name
    assert {*ids.ABOUT, ids.TOMBSTONES} == set(schema.tables)


# --------------------------------------------------------------------------------------------------------------------
# Published values


def three(tiny: Path) -> None:
    """The document now speaks of three aircraft."""
    patch(tiny, {"rows": {"claims": [{"claim_id": CLAIM, "value": "3", "value_raw": "Three"}]}})


def values(found: Difference) -> dict[tuple[str, str, str], tuple[str, str]]:
    return {
        (r.policy, f"{r.table} {r.id}", r.field): (str(r.old) if r.old else "", str(r.new) if r.new else "")
        for r in found.effect.resolved
    }


def test_a_changed_claim_changes_the_published_value(tiny: Path, was: Path) -> None:
    three(tiny)
    found = compared(was, tiny)
    assert found.effect.policies == ("balanced",)
    assert values(found) == {("balanced", "figures raid-aircraft", "value"): ("2", "3")}
    (resolved,) = found.effect.resolved
    assert resolved.name.startswith("Platforms used")
    assert resolved.old is not None
    assert (resolved.old.status, resolved.old.low, resolved.old.best, resolved.old.high) == ("resolved", 2, 2, 2)


def test_every_policy_is_compared_if_asked(tiny: Path, was: Path) -> None:
    three(tiny)
    found = compared(was, tiny, "all")
    policies = {policy for policy, _, _ in values(found)}
    assert {"balanced", "latest", "envelope", "most_conservative"} <= policies
    assert values(found)["envelope", "figures raid-aircraft", "value"] == ("no best [2, 2]", "no best [3, 3]")


def test_values_appear_and_vanish_with_their_claims(tiny: Path, was: Path) -> None:
    patch(tiny, {"remove": {"claims": [CLAIM]}})
    key = ("balanced", "figures raid-aircraft", "value")
    assert values(compared(was, tiny))[key] == ("2", "")
    assert values(compared(tiny, was))[key] == ("", "2")


def test_a_value_follows_what_is_known_of_the_speaker(tiny: Path, was: Path) -> None:
    """A claim need not change for a value to: a policy may count officials alone."""
    patch(tiny, {"rows": {"actors": [{"actor_id": "league-command", "actor_type": "medium"}]}})
    found = compared(was, tiny, "officials_only")
    assert values(found)
    assert {new for _, new in values(found).values()} == {""}


def test_a_policy_that_changed_changes_values(tiny: Path, was: Path) -> None:
    path = tiny / "schemas/policies/balanced.sql"
    text = path.read_text("utf-8")
    path.write_text(text.replace("point AS best", "CAST(NULL AS DOUBLE) AS best"), "utf-8")
    found = compared(was, tiny)
    assert values(found)["balanced", "figures raid-aircraft", "value"][0] == "2"
    assert found.files == (diff.FileChange("changed", "schemas/policies/balanced.sql"),)


def test_a_change_that_feeds_no_value_computes_none(tiny: Path, was: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bastions import resolve

    patch(tiny, {"rows": {"waivers": []}})
    (tiny / "CITATION.cff").write_text("title: other\n", "utf-8")
    (was / "CITATION.cff").write_text("title: one\n", "utf-8")

    def never(*_: object) -> None:
        raise AssertionError("resolutions were made")

    monkeypatch.setattr(resolve, "derive", never)
    found = compared(was, tiny)
    assert found.files
    assert found.effect.resolved == ()


def test_a_policy_on_one_side_alone_is_said_and_not_listed(tiny: Path, was: Path) -> None:
    shutil.copy(tiny / "schemas/policies/latest.sql", tiny / "schemas/policies/mine.sql")
    found = compared(was, tiny, "mine")
    assert "mine is on the new side alone" in found.effect.note
    assert found.effect.resolved == ()


def test_an_unknown_policy_is_refused_with_those_that_there_are(tiny: Path, was: Path) -> None:
    with pytest.raises(diff.CannotOpen, match=r"no policy nonsense; there are: .*balanced"):
        compared(was, tiny, "nonsense")


# --------------------------------------------------------------------------------------------------------------------
# Releases


def test_nothing_differs_of_a_release_and_its_dataset(tiny: Path, tiny_release: Path) -> None:
    for policy in (None, "all"):
        found = compared(tiny_release, tiny, policy)
        assert (found.tables, found.effect.resolved, found.problems) == ((), (), ())
        assert found.empty


def test_a_release_and_a_changed_dataset_differ_in_rows_and_values(tiny: Path, tiny_release: Path) -> None:
    three(tiny)
    found = compared(tiny_release, tiny)
    assert [t.name for t in found.tables] == ["claims"]
    assert changes(found, "claims") == {(CLAIM, "value"): ("2", "3"), (CLAIM, "value_raw"): ("Two", "Three")}
    assert values(found) == {("balanced", "figures raid-aircraft", "value"): ("2", "3")}
    assert found.old_version == found.new_version
    assert any("ledger" in note for note in found.notes)


def test_two_releases_differ_in_rows_and_values(
    tiny: Path, tiny_release: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    three(tiny)
    later = publish.build(tiny, tmp_path_factory.mktemp("later") / "build").folder
    with diff.opened(tiny_release, tiny) as old, diff.opened(later, tiny) as new:
        found = diff.between(old, new)
    assert [t.name for t in found.tables] == ["claims"]
    assert values(found) == {("balanced", "figures raid-aircraft", "value"): ("2", "3")}
    assert found.effect.resolved[0].name.startswith("Platforms used")


def test_the_bounds_that_a_release_adds_to_dates_are_not_told(tiny: Path, tiny_release: Path) -> None:
    patch(tiny, {"rows": {"engagements": [{"engagement_id": "register-18", "date_start": "2019-03-04"}]}})
    cells = changes(compared(tiny_release, tiny), "engagements")
    assert cells == {("register-18", "date_start"): ("2019-03-05", "2019-03-04")}


def test_the_tables_that_a_release_makes_are_those_that_are_left_out() -> None:
    assert set(schema_in(ROOT).derived) == sheets.DERIVED


def test_a_release_whose_descriptor_is_gone_is_compared_by_the_keys_of_the_other_side(
    tiny: Path, tiny_release: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = Path(shutil.copytree(tiny_release, tmp_path_factory.mktemp("bare") / "build"))
    (folder / "datapackage.json").unlink()
    found = compared(folder, tiny)
    assert found.counts == {"added": 0, "changed": 0, "removed": 0}
    assert found.unread


def test_a_limit_is_kept_and_all_rows_are_there(tiny: Path, was: Path) -> None:
    """Two thousand rows more, each found again, and a limit that is kept."""
    table_ = schema_in(ROOT).tables["names"]
    more = pl.DataFrame(
        [{"name_id": f"calder-{n}", "subject_table": "locations", "subject_id": "calder", "name": f"Calder {n}",
          "language": "en", "script": "Latn", "name_type": "variant"} for n in range(10, 2010)]
    )  # fmt: skip
    (tiny / "data/names/more.csv").write_text(files.to_csv(more, table_), "utf-8", newline="")
    found = table(compared(was, tiny), "names")
    assert found.counts == {"added": 2000, "changed": 0, "removed": 0}
    assert len(list(found.rows("added", 50))) == 50
    assert len({row.key for row in found.rows("added")}) == 2000


def test_keys_of_several_columns_that_read_alike_are_two() -> None:
    """The keys `a, newline, b | c` and `a | b, newline, c` were one, and a row was lost from the comparison."""
    frame = pl.DataFrame({"x": ["a\nb", "a", "a\\nb"], "y": ["c", "b\nc", "c"]})
    sheet = model.Sheet("t", "", ("x", "y"), {"x": "string", "y": "string"}, {}, {}, frame)
    found = keyed.of(sheet, ("x", "y"), model.Side("new", "release", "", {"t": sheet}))
    assert found.frame.height == 3
    assert found.problems == []
    assert found.frame[keyed.KEY].to_list() == [keyed.joined(row) for row in frame.rows()]

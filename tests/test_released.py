"""What was released stays: the lock of the schema, the ids, the rows; and what a change of each asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import patch, schema_in

from bastions import dataset, loader, releasing
from bastions.problems import Problem
from bastions.releasing import changes, known, lock, versions
from bastions.releasing.versions import Level
from bastions.validation import released, validate

SHRINKS = "table-shrinks"


@pytest.fixture(scope="module")
def locked(tiny_once: Path) -> lock.Lock:
    """The lock of the tiny dataset, as if 0.1.0 were released."""
    schema = schema_in(tiny_once)
    data = dataset.read(schema)
    contract = lock.contract(schema)
    rows = {name: data.rows[name].text.height if name in data.rows else 0 for name in contract["tables"]}
    return lock.Lock("0.1.0", True, rows, contract)


def release(root: Path, locked: lock.Lock) -> None:
    """Writes `releases/` as if the dataset of `root` had been released."""
    schema = schema_in(root)
    ids = known.merged(known.no_ids(), known.alive(dataset.read(schema)), locked.version)
    row = known.Released(locked.version, "2026-12-01", f"bastions-{locked.version}.tar.gz", "0" * 64, 7)
    known.write(
        root, locked, None, ids if locked.released else known.no_ids(), {row.version: row} if locked.released else {}
    )


def found(root: Path, *, real: bool = False) -> list[Problem]:
    """What the comparison with releases finds in a dataset; `real` reads the schema of `root` anew."""
    findings = released.check(dataset.read(loader.load(root) if real else schema_in(root)))
    return [*findings.problems, *findings.shrunk({})]


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / "schemas" / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), "utf-8")


# --------------------------------------------------------------------------------------------------------------------
# Versions


@pytest.mark.parametrize(
    ("last", "level", "next_"),
    [
        ("0.1.4", "patch", "0.1.5"),
        ("0.1.4", "minor", "0.1.5"),
        ("0.1.4", "major", "0.2.0"),
        ("1.2.3", "patch", "1.2.4"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.2.3", "major", "2.0.0"),
    ],
)
def test_version_that_a_change_asks_for(last: str, level: Level, next_: str) -> None:
    number = versions.parse(last)
    assert number is not None
    assert versions.text(versions.needed(number, level)) == next_


@pytest.mark.parametrize("text", ["", "1.2", "1.2.3.4", "1.02.3", "v1.2.3", "1.2.3-rc1", "1.2.3\n", "١.2.3"])
def test_versions_are_three_numbers(text: str) -> None:
    assert versions.parse(text) is None


# --------------------------------------------------------------------------------------------------------------------
# The contract


def test_a_lock_survives_its_file(locked: lock.Lock) -> None:
    again = lock.parse(lock.text(locked).encode())
    assert again == locked
    assert max(map(len, lock.text(locked).splitlines())) <= 160, "a person reads its difference"


def test_nothing_changes_between_a_schema_and_its_own_lock(locked: lock.Lock, tiny_once: Path) -> None:
    assert changes.compare(locked, schema_in(tiny_once)) == []


def column(**facts: Any) -> dict[str, Any]:
    return {"name": "x", "type": "integer", "words": "0", **facts}


@pytest.mark.parametrize(
    ("was", "now", "level", "words"),
    [
        ({}, {"type": "string"}, "major", "has the type string and had integer"),
        ({}, {"required": True}, "major", "is required"),
        ({"required": True}, {}, "minor", "is no longer required"),
        ({}, {"minimum": 0}, "major", "has the minimum 0 and had none"),
        ({"minimum": 0}, {}, "minor", "has no longer the minimum 0"),
        ({"minimum": 0}, {"minimum": 1}, "major", "has the minimum 1 and had 0"),
        ({"minimum": 1}, {"minimum": 0}, "minor", "has the minimum 0 and had 1"),
        ({"maximum": 9}, {"maximum": 8}, "major", "has the maximum 8 and had 9"),
        ({"maximum": 8}, {"maximum": 9}, "minor", "has the maximum 9 and had 8"),
        ({"maxLength": 8}, {"maxLength": 9}, "minor", "has the maxLength 9 and had 8"),
        ({"minLength": 8}, {"minLength": 9}, "major", "has the minLength 9 and had 8"),
        ({"pattern": "a"}, {"pattern": "b"}, "major", "has the pattern b and had a"),
        ({"pattern": "a"}, {}, "minor", "has no longer the pattern a"),
        ({"codes": "unit"}, {"codes": "item"}, "major", "has the code list item and had unit"),
        ({"unit": "km"}, {"unit": "m"}, "major", "has the unit m and had km"),
        ({"edtf": "date"}, {"edtf": "end"}, "minor", "has dates of the kind end"),
        ({"edtf": "end"}, {"edtf": "date"}, "major", "has dates of the kind date"),
        ({}, {"words": "1"}, "patch", "is described otherwise"),
    ],
)
def test_change_of_a_column(was: dict[str, Any], now: dict[str, Any], level: Level, words: str) -> None:
    (change,) = changes._column("t", column(**was), column(**now))
    assert (change.level, change.of, change.name, change.what) == (level, "t", "x", words)


def table(*columns: str, **facts: Any) -> dict[str, Any]:
    made = [
        {"name": name.rstrip("!"), "type": "string", "required": name.endswith("!"), "words": "0"} for name in columns
    ]
    keys: dict[str, Any] = {"primary_key": ["a"], "unique_keys": [], "foreign_keys": []}
    return {"words": "0", **keys, "columns": made, **facts}


KEY = {"fields": ["b"], "table": "u", "target_fields": ["k"]}
NEW = {"fields": ["c"], "table": "u", "target_fields": ["k"]}


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        (table("a", "b"), table("a", "b", "c"), [("minor", "c", "is new")]),
        (table("a", "b"), table("a", "b", "c!"), [("major", "c", "is new and required")]),
        (table("a", "b"), table("a", "c", "b"), [("major", "c", "is new and does not stand at the end")]),
        (table("a", "b"), table("b", "a"), [("major", "b", "stands in another place")]),
        (table("a", "b"), table("a"), [("major", "b", "was removed (a renamed one is one removed and one added)")]),
        (table("a", "b", primary_key=["b"]), table("a", "b"), [("major", "", "has the key (a) and had (b)")]),
        (
            table("a", "b"),
            table("a", "b", unique_keys=[["b"]]),
            [("major", "", "may not hold two rows that agree in (b)")],
        ),
        (table("a", "b", unique_keys=[["b"]]), table("a", "b"), [("minor", "", "may hold two rows that agree in (b)")]),
        (table("a", "b"), table("a", "b", foreign_keys=[KEY]), [("major", "", "refers by (b) to u")]),
        (table("a", "b", foreign_keys=[KEY]), table("a", "b"), [("minor", "", "refers no longer by (b) to u")]),
        (
            table("a", "b"),
            table("a", "b", "c", foreign_keys=[NEW]),
            [("minor", "c", "is new"), ("minor", "", "refers by (c) to u")],
        ),
        (table("a"), table("a", words="1"), [("patch", "", "is described otherwise")]),
    ],
)
def test_change_of_a_table(was: dict[str, Any], now: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert [(c.level, c.name, c.what) for c in changes._tables({"t": was}, {"t": now})] == expected


def test_tables_codes_views_and_policies_come_and_go() -> None:
    def levels(old: dict[str, Any], new: dict[str, Any], of: Callable[..., Any]) -> list[tuple[str, str, str]]:
        return [(c.level, c.of, c.name) for c in of(old, new)]

    assert levels({"t": table("a")}, {}, changes._tables) == [("major", "t", "")]
    assert levels({}, {"t": table("a")}, changes._tables) == [("minor", "t", "")]
    old, new = {"unit": {"km": "0", "m": "0"}}, {"unit": {"m": "1", "mile": "0"}}
    assert levels(old, new, changes._codes) == [
        ("major", "unit", "km"),
        ("minor", "unit", "mile"),
        ("patch", "unit", "m"),
    ]
    view = {"parameters": None, "columns": ["a", "b"], "words": "0"}
    assert levels({"v": view}, {"v": {**view, "columns": ["a", "b", "c"]}}, changes._views) == [("minor", "v", "c")]
    assert levels({"v": view}, {"v": {**view, "columns": ["c", "a", "b"]}}, changes._views) == [("major", "v", "c")]
    assert levels({"v": view}, {"v": {**view, "columns": ["b", "a"]}}, changes._views) == [("major", "v", "b")]
    assert levels({"v": view}, {"v": {**view, "columns": ["a"]}}, changes._views) == [("major", "v", "b")]
    assert levels({"v": view}, {"v": {**view, "parameters": ["day"]}}, changes._views) == [("major", "v", "")]
    assert levels({"v": view}, {"v": {**view, "words": "1"}}, changes._views) == [("patch", "v", "")]
    before = {"policies": {"p": "0", "q": "0"}, "default_policy": "p"}
    after = {"policies": {"p": "1", "r": "0"}, "default_policy": "r"}
    assert levels(before, after, changes._policies) == [
        ("major", "q", ""),
        ("minor", "r", ""),
        ("minor", "p", ""),
        ("major", "r", ""),
    ]


# --------------------------------------------------------------------------------------------------------------------
# What validation says of it


def test_removed_column_is_an_error_on_its_table_until_the_version_says_so(tiny: Path, locked: lock.Lock) -> None:
    release(tiny, locked)
    edit(tiny, "actors.yaml", "  - name: bloc\n", "  - name: block\n")
    lost, new = sorted((p for p in found(tiny, real=True)), key=lambda p: "is new" in p.message)
    assert (lost.rule, lost.severity, lost.file, lost.line) == ("schema-lock", "error", "schemas/actors.yaml", 0)
    assert (lost.field, lost.message.partition(" (")[0]) == ("bloc", "of actors was removed")
    assert "this breaks what others built on 0.1.0" in lost.message
    assert "raise `version` in schemas/package.yaml from 0.1.0 to 0.2.0" in lost.hint
    text = (tiny / "schemas/actors.yaml").read_text("utf-8").splitlines()
    assert text[new.line - 1] == "  - name: block"
    assert new.message.startswith("of actors is new and does not stand at the end")
    edit(tiny, "package.yaml", "version: 0.1.0", "version: 0.2.0")
    assert found(tiny, real=True) == []


def test_what_is_not_released_may_still_change_but_on_purpose(tiny: Path, locked: lock.Lock) -> None:
    release(tiny, replace(locked, released=False))
    edit(tiny, "codes/tombstone_reason.yaml", "  withdrawn:\n", "  taken_back:\n")
    (lost,) = found(tiny, real=True)
    assert lost.message.startswith("withdrawn of tombstone_reason was removed")
    assert "this breaks what 0.1.0 is to promise" in lost.message
    assert "bastions release --lock-only" in lost.hint


def test_addition_to_a_release_is_a_warning_on_its_line(tiny: Path, locked: lock.Lock) -> None:
    release(tiny, locked)
    path = tiny / "schemas/codes/tombstone_reason.yaml"
    path.write_text(
        path.read_text("utf-8") + "  lost:\n    label: Lost\n    definition: Lost.\n    successor: absent\n", "utf-8"
    )
    (new,) = found(tiny, real=True)
    assert (new.severity, new.file) == ("warning", "schemas/codes/tombstone_reason.yaml")
    assert path.read_text("utf-8").splitlines()[new.line - 1] == "  lost:"
    assert new.message.startswith("lost of tombstone_reason is new: an addition")
    edit(tiny, "package.yaml", "version: 0.1.0", "version: 0.1.1")
    assert found(tiny, real=True) == []


@pytest.mark.parametrize(("version", "message"), [("0.0.9", "is lower than 0.1.0"), ("0.01.0", "is no version like")])
def test_versions_only_rise(tiny: Path, locked: lock.Lock, version: str, message: str) -> None:
    release(tiny, locked)
    edit(tiny, "package.yaml", "version: 0.1.0", f"version: {version}")
    (fault,) = [p for p in found(tiny, real=True) if p.field == "version"]
    line = (tiny / "schemas/package.yaml").read_text("utf-8").splitlines()[fault.line - 1]
    assert (fault.value, line) == (version, f"version: {version}")
    assert fault.message.startswith(message)


def actor(root: Path) -> str:
    """An actor to which nothing refers, made for the test."""
    patch(
        root,
        {"rows": {"actors": [{"actor_id": "zz-nobody", "name": "Nobody", "actor_type": "state", "bloc": "other"}]}},
    )
    return "zz-nobody"


def test_released_id_stays_or_has_a_tombstone(tiny: Path, locked: lock.Lock) -> None:
    key = actor(tiny)
    release(tiny, locked)
    assert found(tiny) == []
    patch(tiny, {"remove": {"actors": [key]}})
    gone = [p for p in found(tiny) if p.rule != SHRINKS]
    assert [(p.rule, p.file, p.record_id, p.field) for p in gone] == [
        ("id-removed", "data/actors/hand.csv", key, "actor_id")
    ]
    assert "since 0.1.0" in gone[0].message
    patch(tiny, {"rows": {"tombstones": [stone(key, "0.2.0")]}})
    assert found(tiny) == [], "a row that went with a tombstone is no loss either"


def stone(key: str, version: str) -> dict[str, str]:
    """A tombstone of an actor."""
    return {
        "tombstone_id": "t-9",
        "subject_table": "actors",
        "subject_id": key,
        "removed_in": version,
        "reason": "error",
    }


@pytest.mark.parametrize(
    ("removed_in", "message", "right"),
    [
        ("0.1.1", None, ""),
        ("0.2.0", None, ""),
        ("0.1.0", "is no version without zz-nobody: 0.1.0 still had it", "0.1.1"),
        ("0.0.9", "is no version without zz-nobody: 0.1.0 still had it", "0.1.1"),
        ("0.2.1", "is higher than 0.2.0, the version that schemas/package.yaml stands for", "0.1.1"),
        ("0.10.0", "is higher than 0.2.0, the version that schemas/package.yaml stands for", "0.1.1"),
        ("0.1.01", "is no version like 1.4.0", "0.1.1"),
    ],
)
def test_tombstone_names_a_version_without_its_record(
    tiny: Path, locked: lock.Lock, removed_in: str, message: str | None, right: str
) -> None:
    """Any three numbers were taken: one that still had the record, and one that would never come."""
    key = actor(tiny)
    release(tiny, locked)
    patch(tiny, {"remove": {"actors": [key]}, "rows": {"tombstones": [stone(key, removed_in)]}})
    faults = found(tiny)
    assert [(p.rule, p.message) for p in faults] == ([("removed-in", message)] if message else [])
    for p in faults:
        assert (p.file, p.field, p.value, p.record_id) == (
            "data/tombstones/hand.csv", "removed_in", removed_in, "t-9",
        )  # fmt: skip
        assert p.hint.endswith(f"the record: {right}.")
        assert "t-9" in (tiny / p.file).read_text("utf-8").splitlines()[p.line - 1]


def test_tombstone_of_what_went_long_ago_keeps_to_the_releases(tiny: Path, locked: lock.Lock) -> None:
    """0.1.0 had it, 0.9.0 did not; that 0.8.0 was never released takes nothing from it."""
    key = actor(tiny)
    release(tiny, locked)
    patch(tiny, {"remove": {"actors": [key]}})
    edit(tiny, "package.yaml", "version: 0.1.0", "version: 0.10.0")
    before = known.read(tiny)
    ids = known.merged(before.ids, known.alive(dataset.read(schema_in(tiny))), "0.9.0")
    row = replace(before.index["0.1.0"], version="0.9.0")
    known.write(tiny, replace(locked, version="0.9.0"), locked, ids, {**before.index, "0.9.0": row})
    for removed_in, fine in {"0.1.0": False, "0.8.0": True, "0.9.0": True, "0.10.0": False}.items():
        patch(tiny, {"rows": {"tombstones": [stone(key, removed_in)]}})
        faults = [p for p in found(tiny, real=True) if p.rule != SHRINKS]
        assert [p.rule for p in faults] == ([] if fine else ["removed-in"]), removed_in


def test_tombstone_names_no_later_version_even_before_the_first_release(tiny: Path) -> None:
    patch(tiny, {"rows": {"tombstones": [stone("zz-nobody", "0.1.1")]}})
    (late,) = found(tiny)
    assert (late.rule, late.message.partition(",")[0]) == ("removed-in", "is higher than 0.1.0")
    assert late.hint.endswith(": 0.1.0.")


def test_hint_for_a_lost_id_names_a_version_that_is_right(tiny: Path, locked: lock.Lock) -> None:
    key = actor(tiny)
    release(tiny, locked)
    patch(tiny, {"remove": {"actors": [key]}})
    (gone,) = [p for p in found(tiny) if p.rule == "id-removed"]
    said = re.search(r"removed_in ([0-9.]+)\)", gone.hint)
    assert said
    patch(tiny, {"rows": {"tombstones": [stone(key, said[1])]}})
    assert found(tiny) == []


def test_id_with_a_tombstone_does_not_come_back_even_without_it(tiny: Path, locked: lock.Lock) -> None:
    """A tombstone that is deleted together with its reason made the id look free again."""
    key = actor(tiny)
    release(tiny, locked)
    patch(tiny, {"remove": {"actors": [key]}})
    schema = schema_in(tiny)
    before = known.read(tiny)
    assert before.lock is not None
    ids = known.merged(before.ids, known.alive(dataset.read(schema)), "0.2.0")
    assert ids.filter(pl.col("id") == key).rows() == [("actors", key, "0.1.0", "0.2.0")]
    known.write(tiny, before.lock, None, ids, before.index)
    (lost,) = [p for p in found(tiny) if p.rule != SHRINKS]
    assert (lost.rule, lost.record_id) == ("id-removed", key)
    assert lost.message.startswith("has lost its tombstone")
    actor(tiny)
    (back,) = [p for p in found(tiny) if p.rule != SHRINKS]
    assert (back.rule, back.file, back.column, back.value) == ("id-reused", "data/actors/hand.csv", 1, key)
    line = (tiny / back.file).read_text("utf-8").splitlines()[back.line - 1]
    assert line.startswith(key)


def test_keys_that_cannot_be_read_prove_nothing(tiny: Path, locked: lock.Lock) -> None:
    """One fault, one problem: a file that is broken would have all its ids reported as removed."""
    release(tiny, locked)
    path = tiny / "data/actors/hand.csv"
    path.write_bytes(path.read_bytes() + b"\xff\n")
    assert found(tiny) == []


def test_table_that_shrinks_is_an_error_that_a_waiver_excuses(tiny: Path, locked: lock.Lock) -> None:
    data = dataset.read(schema_in(tiny))
    claims = data.rows["claims"].text.height
    release(tiny, replace(locked, rows={**locked.rows, "claims": claims + 2}))
    report = validate(tiny)
    (less,) = report.problems
    assert (less.rule, less.file, less.record_id) == (SHRINKS, "data/claims/hand.csv", "claims")
    assert less.message == f"claims has {claims} rows, and 0.1.0 had {claims + 2}: more than 2 % are gone"
    assert "add a tombstone of each" in less.hint and "waivers.csv" in less.hint
    assert "--lock-only" not in less.hint, "the floor of a release is not lowered"
    waivers = tiny / "schemas/rules/waivers.csv"
    header = waivers.read_text("utf-8")
    waivers.write_text(header + f"w-1,{SHRINKS},claims,,Two were told twice.,curator-1\n", "utf-8")
    report = validate(tiny)
    assert (report.problems, report.waived) == ((), 1)
    release(tiny, locked)
    (idle,) = validate(tiny).problems
    assert (idle.rule, idle.record_id) == ("unused-waiver", "w-1"), "a waiver does not outlive its cause"


@pytest.mark.parametrize(("rows", "loses"), [(98, False), (97, True), (100, False), (500, False), (0, True)])
def test_two_in_a_hundred_may_go(rows: int, loses: bool) -> None:
    assert released._less({"t": 100}, {"t": rows}, {}) == (["t"] if loses else [])
    assert released._less({"t": 100}, {"t": rows}, {"t": 100 - rows}) == []
    assert released._less({"t": 100}, {}, {}) == []


def test_derived_table_that_shrinks_alone_is_told(tiny: Path, locked: lock.Lock) -> None:
    release(tiny, replace(locked, rows={**locked.rows, "resolutions": 1_000_000}))
    (less,) = validate(tiny).problems
    assert (less.rule, less.file, less.record_id) == (SHRINKS, "schemas/resolutions.yaml", "resolutions")
    release(tiny, replace(locked, rows={**locked.rows, "resolutions": 1_000_000, "claims": 1_000}))
    assert [p.record_id for p in validate(tiny).problems] == ["claims"], "what it is made of shrank: one fault"


def test_tombstone_excuses_what_is_made_of_its_record_too(tiny: Path, locked: lock.Lock) -> None:
    """A removal with a tombstone was refused all the same, by the derived tables that shrink with it."""
    key = actor(tiny)
    release(tiny, replace(locked, rows={**locked.rows, "actors": locked.rows["actors"] + 1, "claim_dates": 1_000_000}))
    patch(tiny, {"remove": {"actors": [key]}, "rows": {"tombstones": [stone(key, "0.1.1")]}})
    assert [p for p in validate(tiny).problems if p.rule == SHRINKS] == []


def test_rows_that_may_go_take_what_is_made_of_them_along(tiny: Path, locked: lock.Lock) -> None:
    claims = locked.rows["claims"]
    assert claims >= 49
    release(tiny, replace(locked, rows={**locked.rows, "claims": claims + 1, "claim_dates": 1_000_000}))
    assert [p for p in validate(tiny).problems if p.rule == SHRINKS] == []


def test_tombstone_excuses_a_row_of_a_small_table_before_the_first_release(tiny: Path, locked: lock.Lock) -> None:
    key = actor(tiny)
    rows = {**locked.rows, "actors": locked.rows["actors"] + 1}
    release(tiny, replace(locked, released=False, rows=rows))
    patch(tiny, {"remove": {"actors": [key]}})
    (less,) = found(tiny)
    assert (less.rule, less.record_id) == (SHRINKS, "actors")
    assert "add a tombstone of each to data/tombstones/hand.csv" in less.hint and "--lock-only" in less.hint
    patch(tiny, {"rows": {"tombstones": [stone(key, "0.1.0")]}})
    assert found(tiny) == []


def test_date_that_goes_or_comes_is_told_once_with_its_bounds() -> None:
    """Its column of the earliest and of the latest day were two errors more."""
    date: dict[str, Any] = {"edtf": "end"}
    two = table("a", "b", "b_earliest", "b_latest")
    dated = {**two, "columns": [{**c, **(date if c["name"] == "b" else {})} for c in two["columns"]]}
    assert [(c.level, c.name) for c in changes._tables({"t": dated}, {"t": table("a")})] == [("major", "b")]
    assert [(c.level, c.name) for c in changes._tables({"t": table("a")}, {"t": dated})] == [("minor", "b")]
    assert [(c.level, c.name) for c in changes._tables({"t": dated}, {"t": table("a", "b")})] == [("major", "b")]
    alone = changes._tables({"t": two}, {"t": table("a", "b")})
    assert [c.name for c in alone] == ["b_earliest", "b_latest"], "that is their name, and they are no bounds"


# --------------------------------------------------------------------------------------------------------------------
# The files of releases/


def test_dataset_that_is_released_has_a_lock(tiny: Path) -> None:
    """To delete `releases/` silenced every rule on ids, rows and the contract: the dataset was called valid."""
    (tiny / "CHANGELOG.md").write_text("# Changelog\n", "utf-8")
    (missing,) = validate(tiny).problems
    assert (missing.rule, missing.severity, missing.file) == ("release-error", "error", "releases/lock.json")
    assert missing.message.startswith("is missing")
    releasing.write_lock(tiny)
    assert validate(tiny).problems == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"released": False}, "says that nothing is released, and releases/index.csv has 0.1.0"),
        ({"released": False, "ids": None}, "says that nothing is released, and releases/index.csv has 0.1.0"),
        ({"version": "0.0.9"}, "is of the released version 0.0.9, which releases/index.csv does not have"),
        ({"ids": None}, "is of a release and has no digest of releases/ids.parquet"),
    ],
)
def test_lock_that_forgets_a_release_is_found(
    tiny: Path, locked: lock.Lock, change: dict[str, Any], message: str
) -> None:
    """With another lock, written by hand, no id would have been released."""
    release(tiny, locked)
    here = known.read(tiny).lock
    assert here is not None
    (tiny / lock.FILE).write_text(lock.text(replace(here, **change)), "utf-8")
    (tiny / known.IDS).unlink()
    (fault,) = found(tiny)
    assert (fault.rule, fault.file, fault.message) == ("release-error", lock.FILE, message)


def test_dataset_of_this_repository_cannot_lose_its_lock() -> None:
    from conftest import ROOT

    assert (ROOT / released.CHANGELOG).is_file() and (ROOT / lock.FILE).is_file()


def test_no_releases_no_word(tiny: Path) -> None:
    assert found(tiny) == []
    assert known.read(tiny).lock is None


@pytest.mark.parametrize("name", ["lock.json", "ids.parquet", "index.csv"])
@pytest.mark.parametrize("how", ["cut", "empty", "noise", "gone", "link"])
def test_damage_in_releases_is_one_finding_that_names_the_file(
    tiny: Path, locked: lock.Lock, name: str, how: str
) -> None:
    release(tiny, locked)
    path = tiny / "releases" / name
    data = path.read_bytes()
    path.unlink()
    if how == "link":
        path.symlink_to("/etc/hostname")
    elif how != "gone":
        path.write_bytes({"cut": data[: len(data) // 2], "empty": b"", "noise": b"\x00\xff" * 40}[how])
    faults = found(tiny)
    assert [p.rule for p in faults] == ["release-error"]
    assert faults[0].file.startswith("releases/")


def test_every_part_of_a_lock_is_needed(locked: lock.Lock) -> None:
    whole = json.loads(lock.text(locked))
    for name in whole.keys() - {"ids"}:
        with pytest.raises(lock.LockError):
            lock.parse(json.dumps({k: v for k, v in whole.items() if k != name}).encode())
    for name, value in {"tables": {"t": {}}, "views": {"v": 1}, "rows": {"t": -1}, "codes": {"c": 1}}.items():
        with pytest.raises(lock.LockError):
            lock.parse(json.dumps({**whole, name: value}).encode())
    with pytest.raises(lock.LockError):
        lock.parse(b"[" * 100_000)


def test_ids_take_little_and_the_same_bytes(tiny_once: Path) -> None:
    now = known.alive(dataset.read(schema_in(tiny_once)))
    ids = known.merged(known.no_ids(), now, "0.1.0")
    data = known.packed(ids)
    assert data == known.packed(known.merged(known.no_ids(), now.reverse(), "0.1.0"))
    assert known.unpacked(data).equals(ids)
    assert known.merged(ids, now, "0.2.0").equals(ids), "a second release changes nothing of what stays"
    many = pl.DataFrame({"subject_table": "claims", "id": [f"some-source-2019-{n:06}" for n in range(50_000)]})
    assert len(known.packed(known.merged(known.no_ids(), many, "0.1.0"))) < 100_000


@pytest.mark.parametrize(
    "line",
    [
        "0.2.0,2026-13-01,bastions-0.2.0.tar.gz," + "0" * 64 + ",7",
        "0.2.0,2026-12-01,../bastions.tar.gz," + "0" * 64 + ",7",
        "0.2.0,2026-12-01,bastions-0.2.0.tar.gz,0,7",
        "0.2.0,2026-12-01,bastions-0.2.0.tar.gz," + "0" * 64 + ",-7",
        "two,2026-12-01,bastions-0.2.0.tar.gz," + "0" * 64 + ",7",
        "0.2.0",
    ],
)
def test_index_is_read_strictly(line: str) -> None:
    head = "version,date,archive,sha256,rows\n"
    with pytest.raises(known.KnownError, match="in line 2"):
        known.parse_index(f"{head}{line}\n".encode())
    with pytest.raises(known.KnownError, match="does not begin"):
        known.parse_index(line.encode())


def test_releases_of_this_repository_are_as_a_release_writes_them() -> None:
    from conftest import ROOT

    here = known.read(ROOT)
    assert here.lock is not None
    assert lock.text(here.lock) == (ROOT / lock.FILE).read_text("utf-8")
    assert re.search(r"^# ", (ROOT / "releases/README.md").read_text("utf-8"))


@pytest.mark.parametrize(
    ("damage", "where"),
    [
        (lambda v: v["views"]["events"].update(parameters=5), "views/events/parameters"),
        (lambda v: v["views"]["events"].update(parameters=[5]), "views/events/parameters"),
        (lambda v: v["views"]["events"]["columns"].append(v["views"]["events"]["columns"][0]), "views/events/columns"),
        (lambda v: v["tables"]["names"].update(unique_keys=[5]), "tables/names/unique_keys/0"),
        (lambda v: v["tables"]["claims"]["foreign_keys"][0].update(fields=[{}]), "tables/claims/foreign_keys/0/fields"),
        (lambda v: v["tables"]["names"]["columns"].append(v["tables"]["names"]["columns"][0]), "names twice"),
        (lambda v: v["tables"]["names"]["columns"][0].update(minimum={}), "tables/names/columns/0/minimum"),
        (lambda v: v["rows"].pop("names"), "names"),
        (lambda v: v.update(rows={}), "how many rows they had"),
        (lambda v: v.update(format=True), "another format"),
        (lambda v: v.update(policies=[]), "policies"),
    ],
)
def test_lock_that_is_damaged_is_told_and_no_traceback(tiny: Path, locked: lock.Lock, damage: Any, where: str) -> None:
    """Lists in place of texts, and the like, ended `validate` in a traceback; rows left out were taken for no rows."""
    value = json.loads(lock.text(locked))
    damage(value)
    (tiny / "releases").mkdir()
    (tiny / "releases" / "lock.json").write_text(json.dumps(value), "utf-8")
    (found,) = released.check(dataset.read(schema_in(tiny))).problems
    assert (found.rule, found.file) == ("release-error", "releases/lock.json")
    assert where in found.message

"""What each dataset has of the hand-coded events: found, partial, not found, not covered, not searchable."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, schema_in
from tellings import COVERAGE, DUTCH, INCIDENTS, RELEASES, UCDP, Tellings

from bastions.curate import coverage
from bastions.curate.job import Corrections, Job


@pytest.fixture
def told() -> Tellings:
    return Tellings()


def found(told: Tellings, source: str = UCDP) -> dict[str, tuple[str, str | None, int | None]]:
    """Each event to what a dataset has of it: result, identifier, days of the window."""
    results = coverage.search(told.tables(), schema_in(ROOT), COVERAGE, INCIDENTS)
    return {
        row["subject_id"]: (row["result"], row["identifier"], row["window_days"])
        for row in results.filter(source_id=source).iter_rows(named=True)
    }


def test_nothing_within_the_window_is_not_found(told: Tellings) -> None:
    told.coded("capture", "2017-11-03", kind="capture")
    told.deaths("days-before", "2017-11-01")
    told.deaths("far", "2017-11-03", "ashara")
    told.deaths("of-others", "2017-11-03", parties={"syrian-government": "initiator", "isis": "target"})
    assert found(told) == {"capture": ("not_found", None, 1)}


def test_what_may_be_it_is_partial_and_the_nearest_is_named(told: Tellings) -> None:
    told.coded("capture", "2017-11-03", kind="capture")
    told.deaths("ged-2", "2017-11-04")
    told.deaths("ged-1", "2017-11-03", "farview")
    assert found(told) == {"capture": ("partial", "ged-1", 1)}


@pytest.mark.parametrize("relation, result", [("same", "found"), ("part", "partial"), ("unsure", "partial"),
                                              ("different", "not_found")])  # fmt: skip
def test_a_judgement_comes_first(told: Tellings, relation: str, result: str) -> None:
    told.coded("capture", "2017-11-03", kind="capture")
    told.deaths("ged-9", "2017-10-03")
    told.link("ged-9", relation, "capture", "engagements")
    identifier, window = ("ged-9", None) if result != "not_found" else (None, 1)
    assert found(told) == {"capture": (result, identifier, window)}


def test_its_own_rules_say_what_a_dataset_can_have(told: Tellings) -> None:
    told.coded("later", "2020-01-03")
    told.coded("abroad", "2017-11-03", "over-the-border")
    told.coded("flight", "2017-11-03", kind="displacement")
    told.coded("without-the-group", "2017-11-03", parties={"sdf": "initiator", "syrian-government": "target"})
    told.coded("raid", "2016-05-03", kind="airstrike", parties={"us-led-coalition": "initiator", "isis": "target"})
    told.rows["sources"][0]["covers_countries"] = "SY"
    by_source = {source: found(told, source) for source in (UCDP, RELEASES, DUTCH)}
    assert by_source[UCDP].pop("raid") == ("not_found", None, 1)
    assert {result for result, *_ in by_source[UCDP].values()} == {"not_covered"}
    assert by_source[RELEASES]["raid"][0] == by_source[DUTCH]["raid"][0] == "not_found"
    told.rows["participants"] = [p for p in told.rows["participants"] if p["actor_id"] != "us-led-coalition"]
    told.put("participants", participant_id="x", subject_table="strikes", subject_id="raid",
             actor_id="syrian-government", side="side_a", role="initiator")  # fmt: skip
    assert found(told, RELEASES)["raid"][0] == found(told, DUTCH)["raid"][0] == "not_covered"


def test_what_says_too_little_cannot_be_searched(told: Tellings) -> None:
    told.coded("whole-year", "2017")
    told.coded("somewhere", "2017-11-03", "syria")
    told.coded("nowhere", "2017-11-03", None)
    told.deaths("there", "2017-11-03")
    assert found(told) == dict.fromkeys(("nowhere", "somewhere", "whole-year"), ("not_searchable", None, None))


def test_news_without_a_day_is_searched_a_week_about(told: Tellings) -> None:
    told.coded("advance", "[..2017-11-03]", until="..", kind="advance")
    told.deaths("six-days-before", "2017-10-28")
    assert found(told) == {"advance": ("partial", "six-days-before", 7)}


def test_a_quarter_without_a_point_is_searched_from_its_town(told: Tellings) -> None:
    told.put("locations", location_id="quarter", location_type="neighbourhood", parent_id="hajin", country="SY")
    told.coded("quarter-falls", "2017-11-03", "quarter", kind="capture")
    told.deaths("near", "2017-11-03", "farview")
    assert found(told)["quarter-falls"] == ("partial", "near", 1)


def job(told: Tellings, root: Path) -> Job:
    """A job on a dataset whose seeds hold the settings of both, and in which every dataset has a row."""
    told.deaths("elsewhere", "2018-11-03", "ashara")
    told.line("elsewhere-too", "2016-01-03", "ashara")
    told.employment("and-there", "2018-01-03")
    for name in ("incidents", "coverage"):
        shutil.copytree(ROOT / "seeds" / name, root / "seeds" / name)
        path = root / "seeds" / name / "source.yaml"
        kept = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("needs:")]
        path.write_text("\n".join(kept), "utf-8")
    return Job("coverage", {}, COVERAGE, told.tables(), {}, {}, Corrections(""), schema_in(root))


def test_a_person_s_search_stands_and_a_difference_is_said(told: Tellings, tiny: Path) -> None:
    told.coded("capture", "2017-11-03", kind="capture")
    searched: dict[str, Any] = {"subject_table": "engagements", "subject_id": "capture", "source_id": UCDP}
    told.put("coverage", coverage_id="by-hand", result="found", identifier="5", checked_on="2026-01-01", **searched)
    made = coverage.curate(job(told, tiny))
    rows = made.tables["coverage"]
    assert [row["source_id"] for row in rows] == [RELEASES, DUTCH]
    assert [(p.rule, p.severity, p.value) for p in made.problems] == [("coverage-differs", "warning", "by-hand")]
    assert made.counts == {"not_covered": 2, "searched by a person": 1}


def test_rows_say_when_and_within_what_was_searched(told: Tellings, tiny: Path) -> None:
    told.coded("capture", "2017-11-03", kind="capture")
    row = next(row for row in coverage.curate(job(told, tiny)).tables["coverage"] if row["source_id"] == UCDP)
    assert row == {
        "coverage_id": f"capture-in-{UCDP}",
        "subject_table": "engagements",
        "subject_id": "capture",
        "source_id": UCDP,
        "result": "not_found",
        "identifier": "",
        "window_km": "25",
        "window_days": "1",
        "checked_on": COVERAGE["checked_on"],
    }


def test_a_dataset_without_rows_is_a_finding_and_not_silence(told: Tellings, tiny: Path) -> None:
    given = job(told, tiny)
    told.rows["claims"] = [row for row in told.rows["claims"] if row["source_id"] != UCDP]
    made = coverage.curate(replace(given, tables=told.tables()))
    assert made.tables == {} and [p.message for p in made.problems] == [f"searches {UCDP}, of which there are no rows"]

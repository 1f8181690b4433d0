"""The importers of UCDP: what an event becomes, who its sides and reporters are, and what bad input gives.

They run in the harness on files of our own, over the tiny dataset, so that the whole validator has judged every row.
"""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import ucdp_files
import yaml
from conftest import ROOT, schema_in

from bastions import descriptor, problems
from bastions.curate import harness, ucdp_events, ucdp_release, ucdp_reporters

SCHEMA = schema_in(ROOT)
GED, ACTORS = "marn-ged", "marn-actors"
REPORTERS = (
    "marn-ged-1,marn-ged,Lake Watch,lake-watch,judgement,curator-1,",
    'marn-ged-2,marn-ged,"Lake Watch, Calder Radio",lake-watch calder-radio,judgement,curator-1,',
)
HAND = {
    "actors": ["civilians,Civilians,population,uninvolved,,,,"],
    "identifiers": ["civilians-ucdp-actor,actors,civilians,ucdp-actor,1,close"],
    "sources": [
        f"{key},{kind},{key},,marn-register-project,,,,,,,,CC-BY-4.0,dataset,,,,,,,,,script-ucdp-ged"
        for key, kind in ((GED, "event_dataset"), (ACTORS, "register"))
    ],
}
SETTINGS: dict[str, dict[str, Any]] = {
    GED: {
        "side": "990001",
        "reporters": {"calder-radio": {"name": "Calder Radio", "actor_type": "medium"}},
        "basis": {"lake-watch": "monitor_network"},
    },
    ACTORS: {"actors": {"990002": None, "990003": {"bloc": "other_belligerent"}}},
}
MANY = {
    name: [0, 100] for name in SCHEMA.tables if name not in ("control", "coverage", "sources", "strikes", "tombstones")
}


class Case:
    """A dataset with two sources of UCDP's form, and what curating it gives."""

    def __init__(self, root: Path):
        self.root, self.raw = root, root / "raw"

    def source(self, key: str, importer: str, data: bytes, needs: list[str], settings: Mapping[str, Any]) -> None:
        """Puts a raw file and its `source.yaml` in their places."""
        self.raw.mkdir(exist_ok=True)
        (self.raw / f"{key}.csv").write_bytes(data)
        file = {"name": f"{key}.csv", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        plan = {
            "source_id": key,
            "importer": importer,
            "raw": {"folder": ".", "files": [file]},
            "needs": needs,
            "rows": MANY,
            "settings": dict(settings),
        }
        (self.root / "seeds" / key).mkdir(exist_ok=True)
        (self.root / "seeds" / key / "source.yaml").write_text(yaml.safe_dump(plan), "utf-8")

    def curate(self, ged: bytes | None = None, actors: bytes | None = None, **settings: Any) -> harness.Outcome:
        """Curates both."""
        self.source(ACTORS, "ucdp_actor", actors or ucdp_files.actors(), [], SETTINGS[ACTORS])
        self.source(GED, "ucdp_ged", ged or ucdp_files.ged(), [ACTORS], {**SETTINGS[GED], **settings})
        return harness.curate(self.root, self.raw)

    def rows(self, table: str, source: str = GED) -> dict[str, dict[str, str]]:
        """The rows that were made, by key."""
        return _read(self.root / "data" / table / f"{source}.csv")

    def seed(self, table: str) -> dict[str, dict[str, str]]:
        """The decisions, by key."""
        return _read(self.root / "seeds" / GED / f"{table}.csv")

    def decide(self, table: str, *lines: str) -> None:
        """Adds decisions of a person."""
        path = self.root / "seeds" / GED / f"{table}.csv"
        path.parent.mkdir(exist_ok=True)
        header = ",".join(SCHEMA.seeds[table].names)
        path.write_text("\n".join([header, *lines, ""]), "utf-8")


def _read(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {next(iter(row.values())): row for row in csv.DictReader(file)}


def said(outcome: harness.Outcome) -> str:
    """The problems, as people read them."""
    return problems.render(problems.Report(tuple(outcome.problems), {}), "text")


@pytest.fixture
def case(tiny_once: Path, tmp_path: Path) -> Case:
    root = tmp_path / "dataset"
    shutil.copytree(tiny_once, root)
    for table, lines in HAND.items():
        path = root / "data" / table / "hand.csv"
        header, *rows = path.read_text("utf-8").splitlines()
        path.write_text("\n".join([header, *sorted([*rows, *lines]), ""]), "utf-8")
    (root / "datapackage.json").write_text(descriptor.text(descriptor.package(schema_in(root))), "utf-8")
    made = Case(root)
    made.decide("reporters", *REPORTERS)
    return made


@pytest.fixture
def made(case: Case) -> Case:
    outcome = case.curate()
    assert not outcome.errors, said(outcome)
    return case


# --------------------------------------------------------------------------------------------------------------------
# What an event becomes


def test_an_event_is_an_engagement_of_the_type_of_its_violence(made: Case) -> None:
    events = made.rows("engagements")
    assert set(events) == {f"ucdp-ged-{n}" for n in range(101, 106)}, "the sixth is not of the side that is asked for"
    fight, killing = events["ucdp-ged-101"], events["ucdp-ged-102"]
    assert (fight["engagement_type"], killing["engagement_type"]) == ("non_state_violence", "one_sided_violence")
    assert (fight["event_clarity"], killing["event_clarity"]) == ("individual", "aggregate")
    assert fight["name"] == "Red Banner and Hill Guard at Calder town, 2018-05-01"
    assert killing["name"] == "Red Banner against civilians in Marn, 2018-06-01 to 2018-06-30"
    assert (fight["location_id"], fight["location_relation"], fight["where_prec"]) == ("calder", "at", "1")
    assert (fight["latitude"], fight["longitude"]) == ("-45", "-30")


def test_the_codes_are_the_exact_matches_of_the_crosswalks() -> None:
    for name, system, codes in (
        ("engagement_type", "ucdp-type-of-violence", ucdp_events.TYPES),
        ("event_clarity", "ucdp-event-clarity", ucdp_events.CLARITY),
    ):
        exact = {
            cross.code: code.code
            for code in SCHEMA.code_lists[name].codes.values()
            for cross in code.crosswalk
            if cross.system == system and cross.match == "exact"
        }
        assert exact == codes
    assert set(ucdp_events.RELATIONS.values()) <= set(SCHEMA.code_lists["location_relation"].codes)
    assert set(ucdp_events.COUNTING.values()) <= set(SCHEMA.code_lists["counting_rule"].codes)


def test_days_are_those_of_ucdp_and_a_window_is_called_one(made: Case) -> None:
    event, claim = made.rows("engagements")["ucdp-ged-102"], made.rows("claims")["marn-ged-102-exists"]
    assert (event["date_start"], event["date_end"]) == ("2018-06-01", "2018-06-30")
    assert "window of 30 days" in claim["note"]
    assert made.rows("claims")["marn-ged-101-exists"]["note"] == ""


def test_the_total_has_the_three_numbers_and_each_component_that_is_not_nought_its_own(made: Case) -> None:
    figures, claims = made.rows("figures"), made.rows("claims")
    of_first = {key for key in figures if key.startswith("ucdp-ged-101-")}
    assert of_first == {"ucdp-ged-101-deaths", "ucdp-ged-101-deaths-a", "ucdp-ged-101-deaths-b"}
    total = claims["marn-ged-101-best"]
    assert [total[c] for c in ("comparator", "value", "value_min", "value_max")] == ["estimate", "3", "2", "5"]
    part = figures["ucdp-ged-101-deaths-b"]
    assert (part["affected_actor_id"], part["affected_group"]) == ("ucdp-actor-990002", "fighters")
    assert part["part_of_id"] == "ucdp-ged-101-deaths"
    assert claims["marn-ged-101-deaths-b"]["locator"] == "id=101;column=deaths_b"
    assert figures["ucdp-ged-102-deaths-civilians"]["affected_group"] == "civilians"
    assert figures["ucdp-ged-103-deaths-unknown"]["affected_group"] == "undetermined"
    assert figures["ucdp-ged-102-deaths"]["counting_rule"] == "ucdp_deaths_aggregate"


def test_a_total_of_nought_is_kept_and_explained(case: Case) -> None:
    case.decide("reporters", REPORTERS[0])
    outcome = case.curate(ucdp_files.ged([{"id": "101"}]))
    assert not outcome.errors, said(outcome)
    assert list(case.rows("figures")) == ["ucdp-ged-101-deaths"]
    claim = case.rows("claims")["marn-ged-101-best"]
    assert (claim["value"], claim["value_max"]) == ("0", "1")
    assert "no report that nobody died" in claim["note"]


def test_numbers_out_of_order_stand_as_published_each_with_its_waiver(made: Case) -> None:
    """The validator that judged the rows reports both, were they not waived."""
    claims = made.rows("claims")
    assert [claims["marn-ged-104-best"][c] for c in ("value", "value_min", "value_max")] == ["2", "5", "6"]
    assert [claims["marn-ged-105-best"][c] for c in ("value", "value_min", "value_max")] == ["9", "9", "8"]
    waivers = _read(made.root / "schemas" / "rules" / f"waivers-{GED}.csv")
    rules = {w["record_id"]: (w["rule"], w["column_name"]) for w in waivers.values()}
    assert rules == {
        "marn-ged-104-best": ("claims__best_outside_range", "value"),
        "marn-ged-105-best": ("claims__low_exceeds_high", "value_min"),
    }
    notes = {w["record_id"]: w["note"] for w in waivers.values()}
    assert "2 as best" in notes["marn-ged-104-best"] and "one incident" in notes["marn-ged-104-best"]
    assert "subtracts" in notes["marn-ged-105-best"]


def test_an_event_carries_the_ids_of_ucdp(made: Case) -> None:
    found = {(r["subject_id"], r["scheme"]): (r["identifier"], r["match"]) for r in made.rows("identifiers").values()}
    assert found["ucdp-ged-101", "ucdp-ged"] == ("101", "exact")
    assert found["ucdp-ged-101", "ucdp-dyad"] == ("80001", "broad")
    assert found["ucdp-ged-101", "ucdp-conflict"] == ("70001", "broad")


def test_no_words_of_articles_enter_the_dataset(made: Case) -> None:
    for path in (*made.root.glob(f"data/*/{GED}.csv"), *made.root.glob(f"seeds/{GED}/*.csv")):
        assert "words that stay" not in path.read_text("utf-8"), path


def test_curating_again_changes_nothing(made: Case) -> None:
    outcome = harness.curate(made.root, made.raw, check=True)
    assert not outcome.problems, said(outcome)
    assert not outcome.changes


# --------------------------------------------------------------------------------------------------------------------
# Sides


def test_civilians_are_no_side(made: Case) -> None:
    parts = {r["actor_id"]: r for r in made.rows("participants").values() if r["subject_id"] == "ucdp-ged-102"}
    assert {actor: (r["side"], r["role"]) for actor, r in parts.items()} == {
        "red-banner": ("side_a", "initiator"),
        "civilians": ("affected", "victim"),
    }


def test_an_alliance_is_entered_by_its_members_and_its_dead_are_its_own(made: Case) -> None:
    parts = {r["actor_id"]: r["side"] for r in made.rows("participants").values() if r["subject_id"] == "ucdp-ged-103"}
    assert parts == {"red-banner": "side_a", "ucdp-actor-990002": "side_b", "ucdp-actor-990003": "side_b"}
    assert made.rows("figures")["ucdp-ged-103-deaths-b"]["affected_actor_id"] == "ucdp-actor-990010"
    assert made.rows("actors")["ucdp-actor-990010"]["actor_type"] == "armed_coalition"
    links = {(r["subject_id"], r["link_type"], r["related_id"]) for r in made.rows("links").values()}
    assert links == {(f"ucdp-actor-{n}", "member_of", "ucdp-actor-990010") for n in (990002, 990003)}
    decided = made.seed("parties")["marn-ged-990010"]
    assert (decided["actor_method"], decided["decided_by"]) == ("members", "script-ucdp-ged")


def test_an_alliance_with_an_unknown_member_is_entered_as_a_whole(made: Case) -> None:
    parts = {r["actor_id"] for r in made.rows("participants").values() if r["subject_id"] == "ucdp-ged-104"}
    assert parts == {"red-banner", "ucdp-actor-990011"}
    decided = made.seed("parties")["marn-ged-990011"]
    assert decided["actor_method"] == "whole"
    assert "Nobody Knows Them" in decided["note"]


def test_a_person_may_decide_otherwise(case: Case) -> None:
    line = (
        'marn-ged-990010,marn-ged,"Hill Guard, Vale Guard",990010,ucdp-actor-990010,ucdp-actor-990010,whole,'
        "curator-1,They fought under one command."
    )
    case.decide("parties", line)
    outcome = case.curate()
    assert not outcome.errors, said(outcome)
    parts = {r["actor_id"] for r in case.rows("participants").values() if r["subject_id"] == "ucdp-ged-103"}
    assert parts == {"red-banner", "ucdp-actor-990010"}
    assert case.seed("parties")["marn-ged-990010"]["decided_by"] == "curator-1"


def test_a_side_that_stands_for_two_actors_is_a_finding(case: Case) -> None:
    path = case.root / "data" / "identifiers" / "hand.csv"
    path.write_text(path.read_text("utf-8") + "river-guard-ucdp,actors,river-guard,ucdp-actor,990001,close\n", "utf-8")
    outcome = case.curate()
    assert "side 990001 (Red Banner) stands for no actor, or for more than one" in said(outcome)
    assert not (case.root / "data" / "engagements" / f"{GED}.csv").exists()


def test_the_dead_of_an_alliance_stand_on_the_side_of_its_members(made: Case) -> None:
    """They are the deaths of side B in the exchange format, though the alliance itself takes no part."""
    from conftest import connect, rows

    with connect(made.root) as connection:
        (event,) = rows(connection, "SELECT deaths_a, deaths_b, deaths_unknown, best FROM as_ucdp_ged WHERE id = 103")
        (plain,) = rows(connection, "SELECT deaths_a, deaths_b, low, best, high FROM as_ucdp_ged WHERE id = 101")
    assert (event["deaths_b"], event["deaths_unknown"], event["best"]) == (6, 1, 7)
    assert tuple(plain.values()) == (1, 2, 2, 3, 5)


# --------------------------------------------------------------------------------------------------------------------
# Reporters


def test_one_reporter_speaks_in_the_claim_on_the_event_and_in_no_number(made: Case) -> None:
    claims = made.rows("claims")
    assert claims["marn-ged-101-exists"]["utterance_id"] == "marn-ged-101-lake-watch"
    assert claims["marn-ged-101-best"]["utterance_id"] == ""
    speech = made.rows("utterances")["marn-ged-101-lake-watch"]
    assert (speech["actor_id"], speech["speech_act"], speech["basis"]) == ("lake-watch", "reported", "monitor_network")
    assert (speech["named"], speech["said"]) == ("true", "2018-05-02")


def test_several_reporters_each_have_a_claim_from_which_that_on_the_event_derives(made: Case) -> None:
    claims = made.rows("claims")
    assert claims["marn-ged-103-exists"]["utterance_id"] == ""
    told = {key for key in claims if key.startswith("marn-ged-103-told-")}
    assert told == {"marn-ged-103-told-lake-watch", "marn-ged-103-told-calder-radio"}
    links = {r["related_claim_id"]: r for r in made.rows("claim_links").values()}
    assert set(links) == told
    assert {r["claim_relation"] for r in links.values()} == {"derived_from"}
    speech = made.rows("utterances")
    assert speech["marn-ged-103-lake-watch"]["said"] == "2018-07-03"
    assert speech["marn-ged-103-calder-radio"]["said"] == "", "its article is another office's"


def test_a_reporter_without_a_row_is_made_of_the_settings(made: Case) -> None:
    assert made.rows("actors")["calder-radio"]["name"] == "Calder Radio"
    assert made.rows("claims")["marn-ged-reporter-calder-radio"]["subject_id"] == "calder-radio"


def test_a_spelling_that_nobody_read_is_listed_and_names_nobody(made: Case) -> None:
    row = next(r for r in made.seed("reporters").values() if r["name"] == "a voice in the hills")
    assert (row["actor_method"], row["actor_ids"], row["decided_by"]) == ("unresolved", "", "script-ucdp-ged")
    assert made.rows("claims")["marn-ged-105-exists"]["utterance_id"] == ""


def test_a_reporter_that_is_nowhere_described_is_a_finding(case: Case) -> None:
    assert 'names the actor "calder-radio"' in said(case.curate(reporters={}))


@pytest.mark.parametrize(
    ("date", "end", "why"),
    [
        ("1753-01-01", "2018-05-01", "placeholder"),
        ("2017-05-02", "2018-05-01", "before the event's end"),
        ("2018-05-02", "2018-05-03", "before the event's end"),
        ("2018-05-02;2018-05-03", "2018-05-01", "several days"),
    ],
)
def test_a_day_that_cannot_be_that_of_the_report_is_left_out(case: Case, date: str, end: str, why: str) -> None:
    case.decide("reporters", REPORTERS[0])
    office = ";".join(["Lake Watch"] * (date.count(";") + 1))
    outcome = case.curate(
        ucdp_files.ged([{"id": "101", "date_end": end, "source_date": date, "source_office": office}])
    )
    assert not outcome.errors, said(outcome)
    assert case.rows("utterances")["marn-ged-101-lake-watch"]["said"] == ""
    assert any(why in name and number == 1 for name, number in outcome.counts[GED].items())


def test_line_breaks_in_spellings_are_written_out() -> None:
    assert ucdp_reporters.escaped("Lake Watch \n") == "Lake Watch \\n"
    assert ucdp_reporters.escaped("one\ntwo") == "one \\n two"


# --------------------------------------------------------------------------------------------------------------------
# Places and corrections


def test_a_place_that_no_gazetteer_has_is_made_and_claimed(made: Case) -> None:
    place = made.rows("locations")["ulm-marn"]
    assert (place["name"], place["parent_id"], place["latitude"]) == ("Ulm", "marn", "-44.9")
    assert made.rows("claims")["marn-ged-place-ulm-marn"]["locator"] == "id=103;column=where_coordinates"
    assert made.rows("engagements")["ucdp-ged-103"]["location_relation"] == "near"


def test_an_area_without_limits_has_no_point_and_no_relation(made: Case) -> None:
    event = made.rows("engagements")["ucdp-ged-105"]
    place = made.rows("locations")[event["location_id"]]
    assert (place["location_type"], place["latitude"], place["parent_id"]) == ("region", "", "marn")
    assert event["location_relation"] == ""
    assert event["latitude"] == "-45", "the point is the event's"


def test_a_place_has_the_point_of_its_events_that_have_one(case: Case) -> None:
    """One event on it that is only in the area does not take the point of the others away."""
    case.decide("reporters", REPORTERS[0])
    area = {"where_coordinates": "Ulm pocket", "latitude": "-45.1", "longitude": "-30.3"}
    near = {**area, "where_prec": "2"}
    events = [
        {"id": "101", **area, "where_prec": "5", "latitude": "-45.2"},
        {"id": "102", **near},
        {"id": "103", **near},
        {"id": "104", **near, "latitude": "-45.3"},
    ]
    outcome = case.curate(ucdp_files.ged([event | {"high": str(n)} for n, event in enumerate(events, 1)]))
    assert not outcome.errors, said(outcome)
    (place,) = case.rows("locations").values()
    assert (place["name"], place["location_type"], place["parent_id"]) == ("Ulm pocket", "region", "marn")
    assert (place["latitude"], place["longitude"]) == ("-45.1", "-30.3"), "the point of most of them"
    assert case.rows("engagements")["ucdp-ged-101"]["latitude"] == "-45.2", "the point of an event is its own"


def _add(case: Case, table: str, line: str) -> None:
    path = case.root / "data" / table / "hand.csv"
    header, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([header, *sorted([*rows, line]), ""]), "utf-8")


@pytest.mark.parametrize("prec", ["2", "5"])
def test_a_stretch_of_what_crosses_countries_is_in_the_unit_that_is_named(case: Case, prec: str) -> None:
    _add(case, "locations", "long-water,Long Water,river,,,,,")
    _add(case, "identifiers", "long-water-geonames,locations,long-water,geonames,101,exact")
    case.decide("reporters", REPORTERS[0])
    outcome = case.curate(ucdp_files.ged([{"id": "101", "where_coordinates": "Long Water", "where_prec": prec}]))
    assert not outcome.errors, said(outcome)
    (place,) = case.rows("locations").values()
    assert place["parent_id"] == "marn"
    assert case.rows("engagements")["ucdp-ged-101"]["location_id"] == place["location_id"] != "long-water"
    (row,) = case.seed("places").values()
    assert (row["place_method"], row["note"][:29]) == ("made_from_source", "what has such a name crosses ")


def test_what_ucdp_says_of_the_governorate_stays_where_the_place_is_in_another(case: Case) -> None:
    _add(case, "locations", "dorn,Dorn,governorate,,,,,")
    _add(case, "identifiers", "dorn-geonames,locations,dorn,geonames,102,exact")
    case.decide("reporters", REPORTERS[0])
    decided = "marn-ged-calder-town-000000,marn-ged,Calder town,Dorn,calder,,curator,,curator-1,There is but one."
    case.decide("places", decided)
    outcome = case.curate(ucdp_files.ged([{"id": "101", "adm_1": "Dorn"}, {"id": "102", "high": "2"}]))
    assert not outcome.errors, said(outcome)
    (remark,) = [c for c in case.rows("claims").values() if c["field"] == "remark"]
    assert (remark["subject_id"], remark["locator"]) == ("ucdp-ged-101", "id=101;column=adm_1")
    assert (remark["statement"], remark["value_raw"]) == ("UCDP counts it to Dorn.", "Dorn")
    assert "its place lies in marn" in remark["note"]


def test_a_flag_is_a_note_of_the_event(case: Case) -> None:
    (case.root / "seeds" / GED / "corrections.yaml").write_text(
        "- {action: flag, where: {id: '105'}, expect: {source_date: 1753-01-01}, reason: No date is given.,"
        " decided_by: curator-1}\n".replace("1753-01-01", "'1753-01-01'"),
        "utf-8",
    )
    outcome = case.curate()
    assert not outcome.errors, said(outcome)
    assert case.rows("claims")["marn-ged-105-exists"]["note"] == "No date is given."


# --------------------------------------------------------------------------------------------------------------------
# The Actor Dataset


def test_actors_have_their_ids_names_and_relations(made: Case) -> None:
    actors, names = made.rows("actors", ACTORS), made.rows("names", ACTORS)
    assert set(actors) == {"ucdp-actor-990002", "ucdp-actor-990003"}, "the Red Banner has a row already"
    assert actors["ucdp-actor-990002"]["actor_type"] == "armed_group"
    assert (actors["ucdp-actor-990002"]["bloc"], actors["ucdp-actor-990003"]["bloc"]) == ("", "other_belligerent")
    kinds = {r["name"]: r["name_type"] for r in names.values()}
    assert kinds == {"Hill Watch": "former", "Watch of the Hills": "former", "Guard of the Hills": "translation"}
    links = {(r["subject_id"], r["link_type"], r["related_id"]) for r in made.rows("links", ACTORS).values()}
    assert links == {("ucdp-actor-990002", "successor_of", "red-banner")}, "a list of parts is not what it joined"


@pytest.mark.parametrize(
    ("wanted", "what"),
    [
        ({"999999": None}, "actor 999999 is no ActorId of the file"),
        ({"990004": None}, "actor 990004 has Org 3"),
        ({"990001": None}, "actor 990001 is the id of red-banner already"),
    ],
)
def test_an_actor_that_cannot_be_made_is_a_finding(case: Case, wanted: dict[str, Any], what: str) -> None:
    case.source(ACTORS, "ucdp_actor", ucdp_files.actors(), [], {"actors": wanted})
    assert what in said(harness.curate(case.root, case.raw, [ACTORS]))


# --------------------------------------------------------------------------------------------------------------------
# Bad input


def _renamed(data: bytes) -> bytes:
    return data.replace(b"date_prec", b"date_precision", 1)


def _swapped(data: bytes) -> bytes:
    return data.replace(b"id,year", b"year,id", 1)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (_renamed(ucdp_files.ged()), 'has no column "date_prec"'),
        (_swapped(ucdp_files.ged()), "its columns stand in another order"),
        (ucdp_files.ged().replace(b"\n", b"\r"), "has line ends of CR alone"),
        (ucdp_files.ged(delimiter=";"), "its cells are parted by semicolons"),
        (
            ucdp_files.ged([{"id": "101", "latitude": "45,5"}]),
            'latitude "45,5" is not a coordinate: a decimal number with a point (event 101)',
        ),
        (
            ucdp_files.ged([{"id": "101", "date_start": "2018-02-30"}]),
            'date_start "2018-02-30" is not a day that exists (event 101)',
        ),
        (ucdp_files.ged([{"id": "101", "where_prec": "8"}]), 'where_prec "8" is none of its codes, 1 to 7 (event 101)'),
        (ucdp_files.ged([{"id": "101", "best": "-1"}]), 'best "-1" is not a whole number (event 101)'),
        (ucdp_files.ged([{"id": "101"}, {"id": "101"}]), "stands for several events"),
        (ucdp_files.ged([{"id": "101", "side_b": ""}]), "side_b is empty (event 101)"),
        (ucdp_files.ged([{"id": "101", "latitude": "355"}]), 'latitude "355" is out of range: -90 to 90 (event 101)'),
        (ucdp_files.ged([{"id": "101", "date_end": "2018-04-30"}]), "is before date_start (event 101)"),
    ],
)
def test_bad_input_is_a_clear_finding_and_nothing_is_written(case: Case, data: bytes, what: str) -> None:
    outcome = case.curate(data)
    assert what in said(outcome)
    assert not (case.root / "data" / "engagements" / f"{GED}.csv").exists()


def test_what_the_codebook_rules_out_is_told_and_kept(case: Case) -> None:
    case.decide("reporters", REPORTERS[0])
    outcome = case.curate(ucdp_files.ged([{"id": "101", "deaths_a": "1", "date_prec": "3", "best": "2", "high": "2"}]))
    assert not outcome.errors, said(outcome)
    assert "the four groups of dead do not sum to best in 1 event (101); it is kept as it is" in said(outcome)
    assert "date_prec is not that of the days between date_start and date_end in 1 event" in said(outcome)


def test_every_column_that_is_read_is_in_both_forms() -> None:
    for release in (ucdp_release.COUNTRY_19, ucdp_release.GLOBAL):
        assert set(ucdp_release.READ) <= set(release)
    assert (len(ucdp_release.COUNTRY_19), len(ucdp_release.GLOBAL)) == (41, 49)

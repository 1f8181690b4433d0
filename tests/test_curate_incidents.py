"""One incident, several tellings: which pairs are judged how, why, and that no total counts one twice."""

from __future__ import annotations

import random
import re
from typing import Any

import duckdb
import pair_labels
import polars as pl
import pytest
from conftest import ROOT, connect, rows, schema_in
from tellings import DUTCH, INCIDENTS, Tellings

from bastions.curate import incidents
from bastions.curate.job import Corrections, Job


@pytest.fixture
def told() -> Tellings:
    return Tellings()


def judged(told: Tellings) -> dict[tuple[str, str], tuple[str | None, int]]:
    """Both records of every candidate pair to the judgement and the score."""
    found = incidents.judge(told.tables(), schema_in(ROOT), INCIDENTS)
    return {
        (row["subject_id"], row["related_id"]): (row["relation"], row["score"]) for row in found.iter_rows(named=True)
    }


def relations(told: Tellings) -> dict[tuple[str, str], str | None]:
    return {pair: relation for pair, (relation, _) in judged(told).items()}


def written(told: Tellings) -> list[dict[str, Any]]:
    tables = told.tables()
    job = Job("incidents", {}, INCIDENTS, tables, {}, {}, Corrections(""), schema_in(ROOT))
    return [dict(row) for row in incidents.curate(job).tables["links"]]


def test_an_employment_is_part_of_the_line_released_the_day_after(told: Tellings) -> None:
    told.employment("dutch", "2016-05-03")
    told.line("line", "2016-05-04")
    (link,) = written(told)
    assert (link["subject_id"], link["link_type"], link["related_id"]) == ("dutch", "part", "line")
    assert link["method"] == "matcher" and link["decided_by"] == "script-incidents" and float(link["score"]) > 0.9
    assert link["note"] == "place=100@1.1km days=100@0d actors=90 types=100 size=- content=- rare=100 lead=100"


@pytest.mark.parametrize("day, relation", [("2016-05-03", "part"), ("2016-05-04", "unsure"), ("2016-05-05", None)])
def test_a_release_tells_of_the_day_before(told: Tellings, day: str, relation: str | None) -> None:
    told.employment("dutch", day)
    told.line("line", "2016-05-04")
    assert relations(told).get(("dutch", "line")) == relation


def test_where_there_is_a_line_every_day_the_day_decides_nothing(told: Tellings) -> None:
    for day in range(1, 31):
        told.line(f"line-{day:02}", f"2016-06-{day:02}")
        told.line(f"farther-{day:02}", f"2016-06-{day:02}", "ashara" if day % 10 else "farview")
    told.employment("daily", "2016-06-14")
    told.employment("seldom", "2016-06-19", (34.84, 40.83))
    found = relations(told)
    assert found["daily", "line-15"] == "unsure"
    assert found["seldom", "farther-20"] == "part"


def test_the_nearer_of_two_lines_is_taken_and_of_two_alike_none(told: Tellings) -> None:
    told.employment("at-hajin", "2016-05-03", (34.69, 40.83))
    told.employment("between", "2016-05-03", (34.765, 40.83))
    told.line("hajin-line", "2016-05-04")
    told.line("farview-line", "2016-05-04", "farview")
    found = relations(told)
    assert found["at-hajin", "hajin-line"] == "part" and found["at-hajin", "farview-line"] != "part"
    assert found["between", "hajin-line"] == found["between", "farview-line"] == "unsure"


def test_a_place_too_far_another_country_and_another_fight_are_no_candidates(told: Tellings) -> None:
    told.employment("far", "2016-05-03", (35.1, 40.83))
    told.line("line", "2016-05-04")
    told.line("abroad", "2016-05-04", "over-the-border")
    told.coded("there", "2016-05-03", "hajin", parties={"us-led-coalition": "initiator", "isis": "target"})
    told.deaths("others", "2016-05-03", parties={"syrian-government": "initiator", "isis": "target"})
    assert {pair for pair in relations(told) if pair != ("line", "there")} == set()


def test_sides_may_be_swapped_and_who_attacks_civilians_is_not_struck(told: Tellings) -> None:
    told.coded("battle", "2017-05-03")
    told.deaths("swapped", "2017-05-03")
    told.deaths(
        "massacre", "2017-05-03", parties={"isis": "initiator", "civilians": "victim"}, kind="one_sided_violence"
    )
    assert relations(told) == {("battle", "swapped"): "unsure"}


def test_a_strike_is_laid_into_deaths_only_where_the_watchers_of_strikes_tell_of_them(told: Tellings) -> None:
    told.employment("dutch", "2018-05-03")
    told.deaths("strike-deaths", "2018-05-03", speaker="airwars")
    told.deaths("clash", "2018-09-06")
    told.employment("by-the-clash", "2018-09-06")
    assert relations(told) == {("dutch", "strike-deaths"): "part", ("by-the-clash", "clash"): None}


def test_an_event_lies_in_a_long_battle_once_that_has_begun(told: Tellings) -> None:
    told.coded("battle", "2017-06~", until="2017-10-17")
    for key, day in (("before", "2017-05-28"), ("early", "2017-06-10"), ("amid", "2017-08-01")):
        told.deaths(key, day)
    told.deaths("amid-elsewhere", "2017-08-01", "farview")
    found = judged(told)
    assert found["amid", "battle"][0] == found["early", "battle"][0] == "part"
    assert found["amid", "battle"][1] > found["early", "battle"][1]
    assert found["before", "battle"][0] != "part" and "amid-elsewhere" not in {one for one, _ in found}


def test_a_line_that_comes_twice_is_one_and_the_next_day_only_with_its_release(told: Tellings) -> None:
    for number in range(300):  # others, so that 17 strikes are rare
        told.line(f"other-{number:03}", f"2015-{number % 12 + 1:02}-{number % 28 + 1:02}", strikes=number % 9 + 20)
    told.line("a", "2016-05-04", strikes=17)
    told.line("a-again", "2016-05-04", strikes=17)
    told.line("b", "2016-06-04", strikes=18)
    told.line("b-next-day", "2016-06-05", strikes=18)
    for strikes, place in ((41, "hajin"), (42, "farview"), (43, "ashara")):
        told.line(f"c-{place}", "2016-07-04", place, strikes)
        told.line(f"c-{place}-next-day", "2016-07-05", place, strikes)
    found = {pair: relation for pair, relation in relations(told).items() if not pair[0].startswith("other")}
    assert found["a", "a-again"] == "same"
    assert found["b", "b-next-day"] == "unsure"
    assert [found[f"c-{p}", f"c-{p}-next-day"] for p in ("hajin", "farview", "ashara")] == ["same"] * 3


def test_rows_that_a_dataset_sets_apart_are_asked_about_at_most(told: Tellings) -> None:
    told.deaths("one", "2017-05-03", killed=7)
    told.deaths("other", "2017-05-03", killed=7)
    told.employment("first", "2015-05-03")
    told.employment("second", "2015-05-03")
    assert relations(told) in ({("one", "other"): "unsure"}, {("one", "other"): None})


@pytest.mark.parametrize("judgement", ["same", "part", "different", "unsure"])
def test_a_person_has_the_last_word(told: Tellings, judgement: str) -> None:
    told.employment("dutch", "2016-05-03")
    told.line("line", "2016-05-04")
    told.link("line", judgement, "dutch")
    assert written(told) == []


def test_what_a_column_says_is_not_said_again(told: Tellings) -> None:
    told.coded("battle", "2017-06-01", until="2017-10-17")
    told.deaths("amid", "2017-08-01")
    told.rows["engagements"][-1]["part_of_id"] = "battle"
    assert written(told) == []


def test_the_order_of_rows_plays_no_part(told: Tellings) -> None:
    for day in range(1, 29):
        told.employment(f"dutch-{day:02}", f"2016-05-{day:02}", (34.6 + day / 100, 40.83))
        told.line(f"line-{day:02}", f"2016-05-{day:02}", random.Random(day).choice(["hajin", "farview"]))
    first = written(told)
    assert len(first) > 25
    for table in told.rows.values():
        random.Random(1).shuffle(table)
    assert written(told) == first


def test_every_part_of_a_score_is_between_0_and_100(told: Tellings) -> None:
    for day in range(1, 9):
        told.employment(f"dutch-{day}", f"2016-05-0{day}", (34.6 + day / 20, 40.83))
        told.line(f"line-{day}", f"2016-05-0{day}")
        told.deaths(f"deaths-{day}", f"2016-05-0{day}", "farview", day)
    found = incidents.judge(told.tables(), schema_in(ROOT), INCIDENTS)
    for part in (*incidents.PARTS, "score"):
        assert found.filter(~pl.col(part).is_between(0, 100)).is_empty(), part


# --------------------------------------------------------------------------------------------------------------------
# Labels


def some(told: Tellings) -> pl.DataFrame:
    for day in range(1, 29):
        told.employment(f"dutch-{day:02}", f"2016-05-{day:02}", (34.6 + day / 80, 40.83))
        told.line(f"line-{day:02}", f"2016-05-{day:02}")
        told.deaths(f"deaths-{day:02}", f"2016-05-{day:02}", "farview")
    return pair_labels.stratified(told.tables(), schema_in(ROOT), INCIDENTS)


def test_a_draw_is_repeatable_gives_nothing_away_and_takes_from_every_stratum(told: Tellings) -> None:
    pairs = some(told)
    drawn = pair_labels.draw(pairs)
    assert drawn == pair_labels.draw(pairs.sample(fraction=1, shuffle=True, seed=3))
    assert {tuple(row) for row in drawn} == {("pair_id", *pair_labels.PAIR)}
    assert len({tuple(row.values())[1:] for row in drawn}) == len(drawn) == 150
    stratum = {pair_labels._by_name(row[:4]): row[4] for row in pairs.select(*pair_labels.PAIR, "stratum").iter_rows()}
    of_drawn = [
        stratum[row["subject_table"], row["subject_id"], row["related_table"], row["related_id"]] for row in drawn
    ]
    assert {"unsure", "dropped", "near_miss"} <= set(of_drawn)
    assert of_drawn != sorted(of_drawn), "they come in random order"


def test_precision_and_recall_weight_each_stratum_by_its_size() -> None:
    sizes = {"sure": 100, "decided": 100, "unsure": 200, "dropped": 1000, "near_miss": 0}
    pairs = pl.DataFrame(
        [
            ("strikes", f"{name}-{n}", "strikes", "x", name, "part" if name in ("sure", "decided") else None)
            for name, size in sizes.items()
            for n in range(size)
        ],
        schema=[*pair_labels.PAIR, "stratum", "relation"],
        orient="row",
    )
    said = {("sure", 0): "part", ("sure", 1): "part", ("decided", 0): "part", ("decided", 1): "different"}
    said |= {("unsure", 0): "part", ("unsure", 1): "different", ("dropped", 0): "different", ("dropped", 1): "unsure"}
    labels: dict[tuple[str, ...], str] = {
        ("strikes", "x", "strikes", f"{name}-{n}"): judgement for (name, n), judgement in said.items()
    }
    labels |= {("strikes", "gone", "strikes", "x"): "same"}
    found = pair_labels.evaluate(pairs, labels)
    assert found.precision[0] == pytest.approx(150 / 200)
    assert found.recall[0] == pytest.approx(150 / (100 + 50 + 100))
    assert found.lost == 1
    assert {s.name: (s.labelled, s.unsure) for s in found.strata}["dropped"] == (2, 1)
    assert 0 < found.precision[1] < 1 and 0 < found.recall[1] < 1


def test_what_chance_finds_is_measured_by_moving_the_dates(told: Tellings) -> None:
    for day in range(3, 29, 8):
        told.employment(f"dutch-{day:02}", f"2016-05-{day - 1:02}")
        told.line(f"line-{day:02}", f"2016-05-{day:02}")
        told.line(f"elsewhere-{day:02}", f"2016-05-{day + 1:02}", "ashara")
        told.line(f"nowhere-{day:02}", f"2016-05-{day + 2:02}", "ashara")
    decided, chance = pair_labels.by_chance(told.tables(), schema_in(ROOT), INCIDENTS, DUTCH)
    assert decided == 4 and chance < 2


def test_the_page_shows_what_the_labels_say() -> None:
    page = (ROOT / "tests/labels/incidents/README.md").read_text("utf-8")
    shown = re.search(r"<!-- evaluation -->\n(.*?)\n<!-- /evaluation -->", page, re.DOTALL)
    assert shown
    labels = pair_labels.read_labels()
    if not labels:
        assert shown[1] == "Not labelled yet."
        pytest.skip("nobody has labelled the pairs yet")
    same, both = pair_labels.agreement()
    table = pair_labels.table(pair_labels.evaluate(pair_labels.universe(ROOT), labels))
    assert shown[1] == f"{table}\n\nThe two readers said the same of {same} of {both} pairs."


# --------------------------------------------------------------------------------------------------------------------
# Views


def test_an_incident_holds_all_its_tellings_and_nothing_is_merged(scratch: duckdb.DuckDBPyConnection) -> None:
    found = {row["event_id"]: row for row in rows(scratch, "FROM incidents")}
    assert found["register-17"]["incident_id"] == found["tessel-bridge-raid"]["incident_id"] == "register-17"
    assert found["tessel-bridge-raid"]["records"] == "register-17 tessel-bridge-raid"
    assert found["register-17"]["contained_in"] == "marn-campaign", "what one telling is part of, the incident is"
    assert found["capture-of-orvessa"]["incident_id"] == "capture-of-orvessa"
    assert found["register-18"]["contained_in"] == "marn-campaign"


def test_a_person_stands_over_a_script(scratch: duckdb.DuckDBPyConnection) -> None:
    scratch.execute("UPDATE links SET link_type = 'different' WHERE link_id = 'raid-same-as-register-17'")
    scratch.execute("""
        INSERT INTO links (link_id, subject_table, subject_id, link_type, related_table, related_id, method, score)
        VALUES ('m', 'strikes', 'register-17', 'same', 'strikes', 'tessel-bridge-raid', 'matcher', 0.9)
    """)
    assert rows(scratch, "FROM incidents WHERE n_records > 1 AND event_table = 'strikes'") == []


def publish(
    connection: duckdb.DuckDBPyConnection, figure: str, table: str, event: str, killed: tuple[float, ...]
) -> None:
    """A figure of people killed with what the default policy publishes for it: low, best, high."""
    connection.execute(
        "INSERT INTO figures (figure_id, subject_table, subject_id, measure, unit) VALUES (?, ?, ?, 'killed', 'count')",
        [figure, table, event],
    )
    connection.execute(
        """
        INSERT INTO resolutions (policy, subject_table, subject_id, field, low, best, high)
        SELECT policy, 'figures', ?, 'value', ?, ?, ? FROM policies WHERE is_default
        """,
        [figure, *killed],
    )


def test_a_total_counts_an_incident_once_and_shows_where_tellings_differ(scratch: duckdb.DuckDBPyConnection) -> None:
    scratch.execute("DELETE FROM resolutions")
    publish(scratch, "by-the-register", "strikes", "register-17", (80, 90, 95))
    publish(scratch, "by-the-story", "strikes", "tessel-bridge-raid", (3, 4, 5))
    (given,) = rows(scratch, "FROM incident_numbers WHERE incident_id = 'register-17'")
    assert (given["n_records"], given["least"], given["greatest"], given["low"], given["high"]) == (2, 4, 90, 3, 95)
    (total,) = rows(scratch, "FROM incident_totals('killed', 'month', NULL)")
    assert (total["n_incidents"], total["n_records"], total["n_differing"]) == (1, 2, 1)
    assert (total["least"], total["greatest"], total["low"], total["high"]) == (4, 90, 3, 95)


def test_a_part_is_not_counted_beside_its_whole_but_without_it(scratch: duckdb.DuckDBPyConnection) -> None:
    scratch.execute("DELETE FROM resolutions")
    publish(scratch, "whole", "engagements", "capture-of-orvessa", (10, 10, 10))
    publish(scratch, "part", "engagements", "marn-x", (4, 4, 4))
    scratch.execute("""
        INSERT INTO engagements BY NAME
        SELECT * REPLACE ('marn-x' AS engagement_id, 'capture-of-orvessa' AS part_of_id)
        FROM engagements WHERE engagement_id = 'capture-of-orvessa'
    """)
    (total,) = rows(scratch, "FROM incident_totals('killed', 'year', NULL)")
    assert (total["n_incidents"], total["n_parts_left_out"], total["n_differing"]) == (1, 1, 1)
    assert (total["least"], total["greatest"]) == (4, 10), "the sum of the parts, and the number that is told"
    (total,) = rows(scratch, "FROM incident_totals('killed', 'year', 'marn')")
    assert total["greatest"] == 10
    assert rows(scratch, "FROM incident_totals('killed', 'year', 'norhaven')") == []
    scratch.execute("UPDATE engagements SET date_end_latest = DATE '2020-01-01' WHERE engagement_id = 'marn-x'")
    (total,) = rows(scratch, "FROM incident_totals('killed', 'year', NULL)")
    assert (total["n_incidents"], total["n_across"], total["least"]) == (1, 1, 10), "no day is counted twice, none lost"
    scratch.execute("UPDATE engagements SET date_end_latest = DATE '2019-03-05' WHERE engagement_id = 'marn-x'")
    scratch.execute("DELETE FROM figures WHERE figure_id = 'whole'")
    (total,) = rows(scratch, "FROM incident_totals('killed', 'year', NULL)")
    assert (total["n_incidents"], total["n_parts_left_out"], total["least"]) == (1, 0, 4)


def test_what_may_be_in_a_total_twice_is_shown_and_not_taken_off(scratch: duckdb.DuckDBPyConnection) -> None:
    scratch.execute("DELETE FROM resolutions")
    scratch.execute("DELETE FROM links WHERE subject_table = 'strikes'")
    for key, killed in (("capture-of-orvessa", 10), ("marn-x", 4), ("marn-y", 3)):
        publish(scratch, f"of-{key}", "engagements", key, (killed, killed, killed))
    for key in ("marn-x", "marn-y"):
        scratch.execute(f"""
            INSERT INTO engagements BY NAME
            SELECT * REPLACE ('{key}' AS engagement_id) FROM engagements WHERE engagement_id = 'capture-of-orvessa'
        """)
    doubt = """
        INSERT INTO links (link_id, subject_table, subject_id, link_type, related_table, related_id, method)
        VALUES (?, 'engagements', ?, ?, 'engagements', ?, ?)
    """
    scratch.execute(doubt, ["d1", "capture-of-orvessa", "unsure", "marn-x", "matcher"])
    scratch.execute(doubt, ["d2", "marn-y", "unsure", "marn-x", "matcher"])
    (total,) = rows(scratch, "FROM incident_totals('killed', 'year', NULL)")
    assert (total["n_incidents"], total["n_unsure"], total["perhaps_twice"], total["greatest"]) == (3, 2, 7, 17)
    scratch.execute(doubt, ["d3", "marn-x", "different", "marn-y", "judgement"])
    (total,) = rows(scratch, "FROM incident_totals('killed', 'year', NULL)")
    assert (total["n_unsure"], total["perhaps_twice"]) == (1, 4), "a person stands over a script"
    scratch.execute(doubt, ["d4", "marn-x", "part", "capture-of-orvessa", "judgement"])
    (total,) = rows(scratch, "FROM incident_totals('killed', 'year', NULL)")
    assert (total["n_unsure"], total["least"], total["greatest"]) == (0, 7, 13), "a part is in its whole, not doubted"


@pytest.mark.parametrize(
    "call",
    [
        "incident_totals('killd', 'year', NULL)",
        "incident_totals('killed', 'years', NULL)",
        "incident_totals('killed', NULL, NULL)",
        "incident_totals('killed', 'year', 'nowhere')",
        "source_totals('killed', 'year', NULL, 'no-source')",
        "source_totals('killed', 'year', NULL, NULL)",
        "told_of('nowhere', '2019-03-01', '2019-03-31')",
        "told_of('marn', '2019-03-31', '2019-03-01')",
    ],
)
@pytest.mark.parametrize("empty", [False, True])
def test_what_does_not_exist_is_an_error_and_no_empty_table(
    scratch: duckdb.DuckDBPyConnection, call: str, empty: bool
) -> None:
    if empty:
        for table in ("engagements", "strikes", "figures", "claims"):
            scratch.execute(f"DELETE FROM {table}")
    with pytest.raises(duckdb.InvalidInputException, match=r"is no|no place|no source|is after"):
        rows(scratch, f"FROM {call}")


def test_one_source_alone_gives_its_own_totals_without_components() -> None:
    with connect(ROOT) as connection:
        totals = [
            ("killed", "century", "ucdp-ged-syria-19-1", 53502),
            ("killed", "month", "ucdp-ged-syria-19-1", 53502),
            ("strikes", "century", "centcom-oir-releases-2016", 12241),
            ("strikes", "year", "centcom-oir-releases-2016", 12241),
        ]
        for measure, period, source, wanted in totals:
            found = rows(connection, f"FROM source_totals('{measure}', '{period}', NULL, '{source}')")
            assert sum((row["total"] or 0) + (row["total_across"] or 0) for row in found) == wanted
        by_code = rows(connection, "FROM incident_totals('killed', 'year', 'SY11')")
        assert by_code == rows(connection, "FROM incident_totals('killed', 'year', 'raqqa-governorate')")
        (battle,) = (row for row in by_code if row["period_start"].year == 2017)
        assert battle["least"] < battle["greatest"] and battle["n_differing"] and battle["perhaps_twice"] > 0
        # Nobody looks into a dataset for its own records, and a year without one is not one that it does not cover.
        assert not rows(
            connection,
            "FROM coverage_gaps AS g JOIN claims AS c ON c.source_id = g.source_id AND c.subject_table = g.event_table "
            "AND c.subject_id = g.event_id WHERE g.gap = 'not_searched' LIMIT 1",
        )
        assert not rows(connection, "FROM coverage_gaps WHERE covered = 'yes' AND gap = 'not_covered' LIMIT 1")
        reach = rows(
            connection,
            "SELECT DISTINCT looked, n_records_of_year FROM source_reach "
            "WHERE source_id = 'nl-mod-oir-employments-2023' AND year(month) = 2017",
        )
        assert reach == [{"looked": "nothing_all_year", "n_records_of_year": 0}]
        # Of strikes a governorate and month needs no join, a side is not an attacker, and a country is no unit.
        (events,) = rows(
            connection,
            "SELECT sum(n_reported) FILTER (WHERE counting_unit = 'strike') AS strikes, "
            "count(*) FILTER (WHERE acting LIKE '%belligerent%') AS directed, "
            "count(*) FILTER (WHERE length(pcode) = 2 AND location_id NOT IN ('syria', 'iraq')) AS of_countries "
            "FROM events",
        )
        assert events == {"strikes": 12241, "directed": 0, "of_countries": 0}

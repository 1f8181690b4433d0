"""Control: who held which place on a day, as the coder reads it and as each voice tells it."""

from __future__ import annotations

import datetime
from typing import Any

import duckdb
import pytest
from conftest import ROOT, connect, rows, schema_in
from hypothesis import given, settings
from hypothesis import strategies as st
from test_views import SOURCE, add, claim

from bastions import edtf
from bastions.validation import rules

ORVESSA = "FROM control_timeline WHERE location_id = 'orvessa'"
GUARD = f"{ORVESSA} AND control_id = 'orvessa-river-guard'"
TAAL, LAKE_WATCH = f"{SOURCE}-u1", f"{SOURCE}-u4"


def tell(connection: duckdb.DuckDBPyConnection, number: int, control_id: str, **cells: str) -> str:
    """Adds a claim on a period, and the bounds of the date that it gives; its id."""
    made = claim(number, control_id, **{"subject_table": "control", "field": "exists", **cells})
    add(connection, "claims", made)
    if made["field"].startswith("held_") and "value_text" in made:
        bounds = edtf.bounds(made["value_text"])
        connection.execute("INSERT INTO claim_dates VALUES (?, ?, ?, ?)", [made["claim_id"], made["field"], *bounds])
    return made["claim_id"]


def hold(connection: duckdb.DuckDBPyConnection, control_id: str, held_from: str, held_to: str, **cells: str) -> None:
    """Adds a period at Calder, held alone by the Red Banner unless the cells say otherwise."""
    period = {"location_id": "calder", "holder_id": "red-banner", "control_state": "held", **cells}
    add(connection, "control", {"control_id": control_id, "held_from": held_from, "held_to": held_to, **period})


def voices(connection: duckdb.DuckDBPyConnection, where: str = GUARD) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows of the claimed layer by voice and polarity."""
    found = rows(connection, f"{where} AND layer = 'claimed'")
    by_voice = {(row["voice_id"], row["polarity"]): row for row in found}
    assert len(by_voice) == len(found), "one row a voice"
    return by_voice


# --------------------------------------------------------------------------------------------------------------------
# The resolved layer


def held(connection: duckdb.DuckDBPyConnection, day: str) -> set[tuple[str, str]]:
    found = rows(connection, "FROM control_on(?) WHERE location_id = 'orvessa' AND layer = 'resolved'", day)
    return {(row["holder_id"], row["certainty"]) for row in found}


def test_control_on_a_day_is_half_open(tiny_db: duckdb.DuckDBPyConnection) -> None:
    """On the day of the end the next holder has the place, and no day has two or none."""
    assert held(tiny_db, "2019-03-04") == {("red-banner", "certain")}
    assert held(tiny_db, "2019-03-05") == {("river-guard", "certain")}


def test_control_between_earliest_and_latest_is_possible(tiny_db: duckdb.DuckDBPyConnection) -> None:
    """A hold "from 2015" is certain from the end of that year only."""
    assert held(tiny_db, "2014-12-31") == set()
    assert held(tiny_db, "2015-06-01") == {("red-banner", "possible")}
    assert held(tiny_db, "2015-12-31") == {("red-banner", "certain")}


def test_still_held_is_certain_until_the_source_spoke(tiny_db: duckdb.DuckDBPyConnection) -> None:
    """An open end must not make a holder of 2019 the certain holder of today."""
    (row,) = rows(tiny_db, f"{GUARD} AND layer = 'resolved'")
    known = row["known_until"]
    assert known is not None
    assert held(tiny_db, known.isoformat()) == {("river-guard", "certain")}
    after = known + datetime.timedelta(days=1)
    assert held(tiny_db, after.isoformat()) == {("river-guard", "possible")}


@pytest.mark.parametrize(
    ("cells", "reaches"),
    [
        ({"event_status": "ongoing"}, True),
        ({"event_status": "realized"}, True),
        ({"event_status": "historical"}, False),
        ({"event_status": "predicted"}, False),
        ({"event_status": "ongoing", "polarity": "denied"}, False),
    ],
)
def test_a_period_is_known_until_somebody_affirms_it_and_no_longer(
    scratch: duckdb.DuckDBPyConnection, cells: dict[str, str], reaches: bool
) -> None:
    """Neither a denial nor a look back from later years prolongs what was still held."""
    add(scratch, "sources", {"source_id": "later", "source_type": "news_article", "title": "Later", "access": "full",
                             "published": "2021-05-06"})  # fmt: skip
    sql = f"{GUARD} AND layer = 'resolved'"
    (row,) = rows(scratch, sql)
    tell(scratch, 0, row["control_id"], field="held_to", source_id="later", **cells)
    (after,) = rows(scratch, sql)
    assert after["known_until"] == (datetime.date(2021, 5, 6) if reaches else row["known_until"])


@pytest.mark.parametrize(
    ("held_from", "held_to", "day", "certainty"),
    [
        ("", "2017-11-03", "2017-11-02", "possible"),
        ("", "2017-11-03", "2017-11-03", None),
        ("2017-11-03", "", "2017-11-02", None),
        ("2017-11-03", "", "2017-11-03", "certain"),
        ("2017-11-03", "", "2017-11-04", "possible"),
        ("2017-11", "", "2017-11-30", "possible"),  # it may have begun on the first and ended on the second
        ("2017-11-03~", "2017-12", "2017-11-01", "possible"),
        ("2017-11-03~", "2017-12", "2017-11-06", "certain"),
        ("2017-11-03~", "2017-12", "2017-11-30", "certain"),
        ("2017-11-03~", "2017-12", "2017-12-01", "possible"),
        ("2017-11-03~", "2017-12", "2017-12-31", None),
        ("../2017", "2018", "2016-01-01", "possible"),
        ("../2017", "2018", "2017-12-31", "certain"),
        ("", "", "2017-01-01", "possible"),
    ],
)
def test_control_on_uncertain_ends(
    scratch: duckdb.DuckDBPyConnection, held_from: str, held_to: str, day: str, certainty: str | None
) -> None:
    """Certain is what every reading of both ends leaves inside; what one reading leaves inside is possible."""
    period = {"control_id": "x", "location_id": "calder", "control_state": "held"}
    add(scratch, "control", {**period, "held_from": held_from, "held_to": held_to})
    found = rows(scratch, "FROM control_on(?) WHERE control_id = 'x'", day)
    assert [r["certainty"] for r in found] == ([certainty] if certainty else [])


def test_the_periods_of_a_place_stand_in_order_with_the_engagement_between(
    tiny_db: duckdb.DuckDBPyConnection,
) -> None:
    """The timeline reads from top to bottom, what voices say of a period right below it."""
    found = rows(tiny_db, ORVESSA)
    resolved = [row for row in found if row["layer"] == "resolved"]
    assert [(r["position"], r["holder_name"]) for r in resolved] == [(1, "Red Banner"), (2, "River Guard")]
    assert resolved[0]["end_engagement_name"] == resolved[1]["start_engagement_name"] == "Capture of Orvessa"
    assert (resolved[0]["previous_holders"], resolved[0]["gap_days_least"]) == (None, None)
    assert [resolved[1][name] for name in ("previous_holders", "gap_days_least", "gap_days_most")] == [
        "Red Banner", 0, 0,
    ]  # fmt: skip
    assert [(r["position"], r["layer"]) for r in found] == [
        (1, "resolved"), (1, "claimed"), (1, "claimed"), (2, "resolved"), (2, "claimed"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("held_to", "held_from", "gap"),
    [
        ("2017-11-03", "2017-11-03", (0, 0)),
        ("2017-11-03", "2017-11-10", (7, 7)),
        ("2017-11", "2017-11-10", (-20, 9)),
        ("[..2017-11-03]", "2017-11-10", (7, None)),
        ("2017-11-11", "2017-11-10", None),  # it was still held, for certain
        ("..", "2017-11-10", None),
        ("2017-11-03", "", None),
    ],
)
def test_the_gap_to_the_period_before_is_as_wide_as_both_ends_allow(
    scratch: duckdb.DuckDBPyConnection, held_to: str, held_from: str, gap: tuple[int | None, int | None] | None
) -> None:
    """A gap of one number where ends are months would be invented."""
    common = {"location_id": "calder", "control_state": "held"}
    add(
        scratch,
        "control",
        {**common, "control_id": "x", "holder_id": "red-banner", "held_from": "2014", "held_to": held_to},
        {**common, "control_id": "y", "holder_id": "river-guard", "held_from": held_from, "held_to": ".."},
        {**common, "control_id": "w", "holder_id": "lake-watch", "held_from": "2012", "held_to": "2013"},
    )
    (row,) = rows(scratch, "FROM control_timeline WHERE control_id = 'y'")
    if gap is not None:
        assert row["previous_holders"] == "Red Banner"
        assert (row["gap_days_least"], row["gap_days_most"]) == gap
    else:
        assert row["previous_holders"] != "Red Banner"


def test_those_who_share_a_place_are_not_each_others_predecessors(scratch: duckdb.DuckDBPyConnection) -> None:
    """Both halves of a contested town begin with the same fight, about a day; the holder before is neither of them."""
    for number, (holder, held_from, held_to, start, end) in enumerate([
        ("red-banner", "2017-11-11", "2017-11-16~", "", "register-18"),
        ("red-banner", "2017-11-16~", "2017-11-19", "register-18", ""),
        ("river-guard", "2017-11-16~", "2017-11-19", "register-18", ""),
        ("river-guard", "2017-11-19", "..", "", ""),
    ]):  # fmt: skip
        hold(scratch, f"x{number}", held_from, held_to, holder_id=holder, start_engagement_id=start,
             end_engagement_id=end)  # fmt: skip
    found = rows(scratch, "FROM control_timeline WHERE location_id = 'calder'")
    assert [(r["previous_holders"], r["gap_days_least"], r["gap_days_most"]) for r in found] == [
        (None, None, None),
        ("Red Banner", 0, 0),
        ("Red Banner", 0, 0),
        ("Red Banner; River Guard", 0, 0),
    ]


def test_every_state_comes_to_one_of_five_situations(scratch: duckdb.DuckDBPyConnection) -> None:
    """Who draws a map wants five colours, whatever codes are added."""
    states = schema_in(ROOT).code_lists["control_state"].codes
    for state in states:
        add(scratch, "control", {"control_id": f"x-{state}", "location_id": "calder", "control_state": state})
    found = rows(scratch, "FROM control_timeline WHERE location_id = 'calder'")
    assert {row["control_state"] for row in found} == set(states)
    assert {row["situation"] for row in found} == {"controlled", "contested", "divided", "besieged", "unknown"}
    assert all(row["shared"] for row in found if row["situation"] != "controlled")


# --------------------------------------------------------------------------------------------------------------------
# The claimed layer


def test_a_voice_is_shown_with_what_it_says_itself_and_no_more(tiny_db: duckdb.DuckDBPyConnection) -> None:
    """The reading of the end comes from another voice than the begin; neither may be lent the other's words."""
    found = voices(tiny_db, f"{ORVESSA} AND control_id = 'orvessa-red-banner'")
    assert set(found) == {("dalby-courier", "affirmed"), ("imre-taal", "affirmed")}
    paper, taal = found["dalby-courier", "affirmed"], found["imre-taal", "affirmed"]
    names = ("holder_id", "control_state", "situation", "held_from", "held_to")
    assert [paper[name] for name in names] == ["red-banner", "held", "controlled", "2015", None]
    assert [taal[name] for name in names] == [None, None, None, None, "2019-03-05"]
    assert paper["held_from_earliest"] == datetime.date(2015, 1, 1)
    assert (paper["held_to_latest"], taal["held_to_latest"]) == (None, datetime.date(2019, 3, 5))
    assert taal["end_engagement_id"] is None
    assert (taal["claim_ids"], taal["claimed_fields"]) == (f"{SOURCE}-0031", "exists")


def test_what_the_coder_concluded_is_marked_cell_by_cell(tiny_db: duckdb.DuckDBPyConnection) -> None:
    """One claim of the voice is its own words and one is not, and a mark on the row would not tell which."""
    (row,) = voices(tiny_db).values()
    assert (row["said_by"], row["inferred_columns"]) == (
        "Imre Taal for River Guard (said)", "held_from held_to holder_id",
    )  # fmt: skip
    (resolved,) = rows(tiny_db, f"{GUARD} AND layer = 'resolved'")
    assert resolved["inferred_columns"] == row["inferred_columns"]
    assert resolved["claim_ids"] == f"{SOURCE}-0008 {SOURCE}-0013"


def test_two_voices_with_different_ends_stand_side_by_side(scratch: duckdb.DuckDBPyConnection) -> None:
    """The resolved layer has one end; the other is not lost, and its dates have bounds."""
    tell(scratch, 0, "orvessa-red-banner", field="held_to", value_text="2019-03", utterance_id=LAKE_WATCH)
    found = voices(scratch, f"{ORVESSA} AND control_id = 'orvessa-red-banner'")
    taal, watch = found["imre-taal", "affirmed"], found["lake-watch", "affirmed"]
    assert (taal["held_to"], watch["held_to"]) == ("2019-03-05", "2019-03")
    assert (watch["held_to_earliest"], watch["held_to_latest"]) == (
        datetime.date(2019, 3, 1), datetime.date(2019, 3, 31),
    )  # fmt: skip
    (resolved,) = rows(scratch, f"{ORVESSA} AND control_id = 'orvessa-red-banner' AND layer = 'resolved'")
    assert resolved["held_to"] == "2019-03-05"
    assert f"{SOURCE}-9000" not in resolved["claim_ids"], "it does not back the cell"
    assert f"{SOURCE}-0031" in resolved["claim_ids"]


@pytest.mark.parametrize(
    ("value_text", "day", "certainty"),
    [
        ("2019-03-10", "2019-03-09", "certain"),
        ("2019-03-10", "2019-03-10", None),  # half-open for voices too
        ("2019-03", "2019-02-28", "certain"),
        ("2019-03", "2019-03-01", "possible"),
        ("2019-03", "2019-03-31", None),
        ("..", "2019-03-05", "certain"),  # the day on which it spoke
        ("..", "2019-03-06", "possible"),
        ("..", "2030-01-01", "possible"),
    ],
)
def test_control_on_a_day_as_one_voice_tells_it(
    scratch: duckdb.DuckDBPyConnection, value_text: str, day: str, certainty: str | None
) -> None:
    """The voice's own dates count, where they go beyond the coder's reading as well."""
    add(scratch, "sources", {"source_id": "early", "source_type": "news_article", "title": "Early", "access": "full",
                             "publisher_id": "marn-register-project", "published": "2019-03-05"})  # fmt: skip
    common = {"source_id": "early", "control_id": "orvessa-red-banner"}
    tell(scratch, 0, **common, covers="holder_id control_state held_from")
    tell(scratch, 1, **common, field="held_to", value_text=value_text)
    found = rows(
        scratch,
        "FROM control_on(?) WHERE layer = 'claimed' AND control_id = 'orvessa-red-banner' AND said_by = ?",
        day,
        "Marn Register Project",
    )
    assert [(row["holder_id"], row["certainty"]) for row in found] == (
        [("red-banner", certainty)] if certainty else []
    )  # fmt: skip


def test_a_voice_without_dates_is_shown_within_the_period_that_it_speaks_of(
    scratch: duckdb.DuckDBPyConnection,
) -> None:
    """It would otherwise hold the place possibly on every day that ever was."""
    tell(scratch, 0, "orvessa-red-banner", covers="holder_id", utterance_id=LAKE_WATCH)
    sql = "FROM control_on(?) WHERE layer = 'claimed' AND said_by LIKE 'Lake Watch%'"
    assert [(r["certainty"], r["held_from"]) for r in rows(scratch, sql, "2016-06-01")] == [("possible", None)]
    assert rows(scratch, sql, "2014-12-31") == []
    assert rows(scratch, sql, "2019-03-05") == []


@pytest.mark.parametrize(
    ("cells", "denied"),
    [
        ({"covers": "holder_id control_state"}, ("river-guard", "full", None)),
        ({"covers": ""}, (None, None, None)),
        ({"field": "control_state", "value_text": "full"}, (None, "full", None)),
        ({"field": "control_state"}, (None, "full", None)),
        ({"field": "held_from", "value_text": "2019-03-01"}, (None, None, "2019-03-01")),
    ],
)
def test_a_denial_is_a_row_of_its_own(
    scratch: duckdb.DuckDBPyConnection, cells: dict[str, str], denied: tuple[str | None, ...]
) -> None:
    """Whoever counts affirmed rows must not count who says that it is not so, nor find its voice in said_by."""
    tell(scratch, 0, "orvessa-river-guard", polarity="denied", utterance_id=LAKE_WATCH, **cells)
    found = voices(scratch)
    assert set(found) == {("imre-taal", "affirmed"), ("lake-watch", "denied")}
    row = found["lake-watch", "denied"]
    assert (row["holder_id"], row["control_state"], row["held_from"]) == denied
    assert row["claimed_fields"] == cells.get("field", "exists")
    (resolved,) = rows(scratch, f"{GUARD} AND layer = 'resolved'")
    assert "Lake Watch" not in resolved["said_by"]
    assert f"{SOURCE}-9000" not in resolved["claim_ids"]
    on_day = rows(scratch, "FROM control_on('2019-03-05') WHERE said_by LIKE 'Lake Watch%'")
    assert {row["polarity"] for row in on_day} == {"denied"}


def test_a_voice_that_affirms_a_period_and_denies_its_state_has_two_rows(scratch: duckdb.DuckDBPyConnection) -> None:
    """Who says "the town, but not all of it" denies a state, which must not stand in the affirmed row."""
    tell(scratch, 0, "orvessa-river-guard", covers="holder_id", utterance_id=LAKE_WATCH)
    tell(scratch, 1, "orvessa-river-guard", field="control_state", value_text="full", polarity="denied",
         utterance_id=LAKE_WATCH)  # fmt: skip
    found = voices(scratch)
    affirmed, denied = found["lake-watch", "affirmed"], found["lake-watch", "denied"]
    assert (affirmed["holder_id"], affirmed["control_state"]) == ("river-guard", None)
    assert (denied["holder_id"], denied["control_state"]) == (None, "full")


@pytest.mark.parametrize("status", ["feared", "planned", "predicted", "hypothetical"])
def test_what_is_not_told_as_real_is_no_account(scratch: duckdb.DuckDBPyConnection, status: str) -> None:
    """Neither as affirmed nor as denied: "they will not hold it" denies nothing that was."""
    for number, polarity in enumerate(("affirmed", "denied")):
        tell(scratch, number, "orvessa-river-guard", covers="holder_id", event_status=status, polarity=polarity,
             utterance_id=LAKE_WATCH)  # fmt: skip
    assert {voice for voice, _ in voices(scratch)} == {"imre-taal"}


def test_a_remark_is_no_account(scratch: duckdb.DuckDBPyConnection) -> None:
    """A remark says something of the period that no column holds."""
    tell(scratch, 0, "orvessa-river-guard", field="remark", utterance_id=LAKE_WATCH)
    assert {voice for voice, _ in voices(scratch)} == {"imre-taal"}


def test_of_one_voice_the_last_word_counts_and_the_others_are_not_lost(scratch: duckdb.DuckDBPyConnection) -> None:
    """A monitor that first said March and then the day; a claim on the column goes before one on the period."""
    add(scratch, "sources", {"source_id": "later", "source_type": "report", "title": "Later", "access": "full",
                             "publisher_id": "lake-watch", "published": "2021"})  # fmt: skip
    period = "orvessa-red-banner"
    tell(scratch, 0, period, covers="held_from held_to", utterance_id=LAKE_WATCH)
    tell(scratch, 1, period, field="held_from", value_text="2014", utterance_id=LAKE_WATCH)
    tell(scratch, 2, period, field="held_to", value_text="2019-03-07", source_id="later")
    row = voices(scratch, f"{ORVESSA} AND control_id = '{period}'")["lake-watch", "affirmed"]
    assert (row["held_from"], row["held_from_latest"]) == ("2014", datetime.date(2014, 12, 31))
    assert (row["held_to"], row["held_to_latest"]) == ("2019-03-07", datetime.date(2019, 3, 7))
    assert row["also_says"] == "held_from 2015, held_to 2019-03-05"


@pytest.mark.parametrize(("relation", "left"), [("withdraws", None), ("updates", None), ("restates", "river-guard")])
def test_what_a_voice_took_back_is_no_longer_its_account(
    scratch: duckdb.DuckDBPyConnection, relation: str, left: str | None
) -> None:
    """As with figures: by the same voice on the same field."""
    tell(scratch, 0, "orvessa-river-guard", covers="holder_id", utterance_id=LAKE_WATCH)
    tell(scratch, 1, "orvessa-river-guard", covers="control_state", utterance_id=LAKE_WATCH)
    add(scratch, "claim_links", {"claim_link_id": "x", "claim_id": f"{SOURCE}-9001", "claim_relation": relation,
                                 "related_claim_id": f"{SOURCE}-9000", "decided_by": "curator-1"})  # fmt: skip
    row = voices(scratch)["lake-watch", "affirmed"]
    assert (row["holder_id"], row["control_state"]) == (left, "full")


def test_the_layers_of_the_real_data_agree_with_their_tables() -> None:
    """One resolved row a period, no claim on control left out of the claimed layer, no voice twice."""
    with connect(ROOT) as connection:
        (counts,) = rows(
            connection,
            "SELECT count(*) FILTER (WHERE layer = 'resolved') AS resolved, (SELECT count(*) FROM control) AS periods, "
            "count(DISTINCT (control_id, layer, voice_id, polarity)) AS told, count(*) AS n FROM control_timeline",
        )
        assert counts["resolved"] == counts["periods"]
        assert counts["told"] == counts["n"]
        listed = rows(connection, "SELECT unnest(string_split(claim_ids, ' ')) AS claim_id FROM control_timeline "
                                  "WHERE layer = 'claimed'")  # fmt: skip
        wanted = rows(
            connection,
            "SELECT claim_id FROM claims WHERE subject_table = 'control' AND field <> 'remark' "
            "AND event_status IN ('realized', 'ongoing', 'historical') "
            "AND claim_id NOT IN (SELECT related_claim_id FROM claim_links "
            "WHERE claim_relation IN ('updates', 'withdraws'))",
        )
        assert {row["claim_id"] for row in wanted} <= {row["claim_id"] for row in listed}


# --------------------------------------------------------------------------------------------------------------------
# Rules


def fires(connection: duckdb.DuckDBPyConnection, fault: str) -> list[str]:
    """The periods at which a rule on control fires."""
    name = f"control__{fault}"
    rule = rules.parse(name, (ROOT / f"schemas/rules/{name}.sql").read_text("utf-8"), schema_in(ROOT))
    return [row["record_id"] for row in rows(connection, rule.sql)]


@pytest.mark.parametrize("told", [True, False])
def test_two_that_still_hold_a_place_overlap_though_no_begin_is_known(
    scratch: duckdb.DuckDBPyConnection, told: bool
) -> None:
    """Both held it on the day on which the source spoke; without a source there is no such day."""
    for number, holder in enumerate(("red-banner", "river-guard")):
        hold(scratch, f"x{number}", "", "..", holder_id=holder)
        if told:
            tell(scratch, number, f"x{number}", covers="holder_id held_to")
    assert fires(scratch, "two_sole_holders") == (["x1"] if told else [])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("", "2017-11"), ("2017-10-31", "2017-11-01")),  # the first may have come and gone in November
        (("2014-06", ""), ("2014-06-30", "2014-07-05")),  # or in June
    ],
)
def test_an_end_within_a_month_makes_no_day_certain_by_itself(
    scratch: duckdb.DuckDBPyConnection, one: tuple[str, str], other: tuple[str, str]
) -> None:
    """An error that is not sure would stop a build."""
    hold(scratch, "x0", *one)
    hold(scratch, "x1", *other, holder_id="river-guard")
    assert fires(scratch, "two_sole_holders") == []


@pytest.mark.parametrize(
    ("cells", "twice"),
    [
        ({"control_state": "full"}, True),
        ({"control_state": "part"}, False),
        ({"holder_id": "river-guard"}, False),
        ({"location_id": "norhaven"}, False),
        ({"held_from": "2018"}, False),
    ],
)
def test_a_double_entry_is_one_holder_in_states_that_exclude_each_other(
    scratch: duckdb.DuckDBPyConnection, cells: dict[str, str], twice: bool
) -> None:
    """A hold that grows from a part to the whole is two rows and no double entry."""
    hold(scratch, "x0", "2014", "2018")
    hold(scratch, "x1", **{"held_from": "2016", "held_to": "..", **cells})
    assert fires(scratch, "listed_twice") == (["x1"] if twice else [])


@pytest.mark.parametrize(
    ("held_to", "held_from", "cells", "unexplained"),
    [
        ("2017-11-03", "2017-11-03", {}, True),
        ("[..2017-11-03]", "../2017-11-03", {}, True),  # two ways of writing one reading
        ("2017-11", "2017-11-03", {}, True),
        ("2017-11-03", "2017-11-10", {}, True),  # a gap explains nothing
        ("2017-11-03", "2017-11-03", {"start_engagement_id": "register-18"}, False),
        ("2017-11-03", "2017-11-03", {"holder_id": "red-banner", "control_state": "full"}, False),
        ("2017-11-03", "2017-11-03", {"control_state": "contested"}, False),
        ("2017-11-04", "2017-11-03", {}, False),  # an overlap, which is another rule's
        ("..", "2017-11-03", {}, False),
        ("", "2017-11-03", {}, False),
    ],
)
def test_a_handover_wants_an_engagement_however_the_day_is_written(
    scratch: duckdb.DuckDBPyConnection, held_to: str, held_from: str, cells: dict[str, str], unexplained: bool
) -> None:
    """Compared as texts, `[..2017-11-03]` and `../2017-11-03` were no handover."""
    hold(scratch, "x0", "2014", held_to)
    hold(scratch, "x1", held_from, "..", **{"holder_id": "river-guard", **cells})
    assert fires(scratch, "handover_unexplained") == (["x1"] if unexplained else [])


@pytest.mark.parametrize(
    ("cells", "period", "found"),
    [
        ({}, {}, True),
        ({"location_id": "tessel-bridge"}, {}, True),  # below it in the tree
        ({"location_id": "calder"}, {}, False),
        ({"location_relation": "near"}, {}, False),  # on the outskirts is not inside
        ({"location_relation": "part_of"}, {}, True),
        ({"date_start": "2019-03-01", "date_end": "2019-03-12"}, {}, True),  # it went on after the capture
        ({"date_start": "2019-03-01", "date_end": "2019-03-05"}, {}, False),
        ({"date_start": "2019-03-20", "date_end": "2019-03-20"}, {}, False),
        ({"date_start": "2019-03", "date_end": "2019-03"}, {}, False),  # it may have been before
        ({}, {"held_to": "2019-03-10", "end_engagement_id": "b"}, True),  # held by turns, and worth a look
        ({}, {"control_state": "contested"}, False),
        ({"engagement_type": "aid_delivery"}, {}, False),
        ({"engagement_type": "campaign"}, {}, False),
    ],
)
def test_fighting_inside_a_place_said_to_be_taken_is_looked_at(
    scratch: duckdb.DuckDBPyConnection, cells: dict[str, str], period: dict[str, str], found: bool
) -> None:
    """A place declared taken and still fought over, in its centre or in one of its quarters."""
    scratch.execute("UPDATE locations SET parent_id = 'orvessa' WHERE location_id = 'tessel-bridge'")
    scratch.execute("DELETE FROM control")
    row = {"held_from": "2019-03-05", "held_to": "..", **period}
    hold(scratch, "x0", location_id="orvessa", start_engagement_id="capture-of-orvessa", **row)
    battle = {"engagement_id": "b", "engagement_type": "battle", "location_id": "orvessa", "location_relation": "at",
              "date_start": "2019-03-10", "date_end": "2019-03-10"}  # fmt: skip
    add(scratch, "engagements", {**battle, **cells})
    assert fires(scratch, "clashes_after_capture") == (["x0"] if found else [])


@pytest.mark.parametrize(
    ("cells", "other", "found"),
    [
        ({}, {}, True),
        ({"control_state": "contested"}, {}, True),
        ({"control_state": "held"}, {}, False),
        ({"holder_id": ""}, {}, False),  # who holds what is not said at all
        ({"location_id": "marn"}, {}, False),  # a share of a province
        ({}, {"control_state": "part"}, False),
        ({}, {"location_id": "norhaven"}, True),
        ({}, {"location_id": "tessel-bridge"}, False),  # another has a spot within it
        ({}, {"held_from": "2018-01-01"}, True),  # only after it
        ({}, {"held_from": ""}, False),
    ],
)
def test_a_divided_place_has_somebody_in_the_rest_of_it(
    scratch: duckdb.DuckDBPyConnection, cells: dict[str, str], other: dict[str, str], found: bool
) -> None:
    """Half of a divided city without the other half is half of what the source told."""
    scratch.execute("UPDATE locations SET parent_id = 'calder' WHERE location_id = 'tessel-bridge'")
    hold(scratch, "x0", "2014", "2017-11-03", **{"control_state": "part", **cells})
    if other:
        hold(scratch, "x1", **{"held_from": "2014", "held_to": "..", "holder_id": "river-guard", **other})
    assert fires(scratch, "rest_unaccounted") == (["x0"] if found else [])


@pytest.mark.parametrize(
    ("siege", "found"),
    [
        ({}, False),
        ({"location_id": "marn"}, False),
        ({"location_id": "orvessa"}, True),
        ({"date_start": "", "date_end": ".."}, False),
        ({"date_start": "2012", "date_end": "2013"}, True),
        ({"engagement_type": "battle"}, True),
    ],
)
def test_a_besieged_place_has_a_siege(scratch: duckdb.DuckDBPyConnection, siege: dict[str, str], found: bool) -> None:
    """The siege tells who besieged it, which the period of its holder cannot."""
    hold(scratch, "x0", "2014", "2017-09", control_state="besieged")
    row = {"engagement_id": "s", "engagement_type": "siege", "location_id": "calder", "date_start": "2014-11~"}
    add(scratch, "engagements", {**row, **siege})
    assert fires(scratch, "besieged_without_siege") == (["x0"] if found else [])


@pytest.mark.parametrize(
    ("cells", "holder", "found"),
    [
        ({}, "river-guard", True),
        ({}, "northern-league", True),  # the taker is its member
        ({}, "red-banner", False),
        ({"date_end": "2019-03-05"}, "river-guard", False),  # within its dates
        ({"location_relation": "part_of"}, "river-guard", False),  # a part was taken, and not the place
        ({"outcome": "repelled"}, "river-guard", False),
        ({"outcome": "place_taken"}, "river-guard", False),  # engagements__taken_but_not_held says so
        ({"engagement_type": "battle"}, "river-guard", False),
    ],
)
def test_a_hold_that_begins_apart_from_the_capture_is_looked_at(
    scratch: duckdb.DuckDBPyConnection, cells: dict[str, str], holder: str, found: bool
) -> None:
    """A capture that no period names, while its taker's hold begins on another day."""
    capture = {"engagement_id": "c", "engagement_type": "capture", "location_id": "calder", "location_relation": "at",
               "date_start": "2019-03-01", "date_end": "2019-03-01"}  # fmt: skip
    taker = {"participant_id": "p", "subject_table": "engagements", "subject_id": "c", "actor_id": "river-guard"}
    member = {"link_id": "m", "subject_table": "actors", "subject_id": "river-guard", "link_type": "member_of",
              "related_table": "actors", "related_id": "northern-league"}  # fmt: skip
    add(scratch, "engagements", {**capture, **cells})
    add(scratch, "participants", {**taker, "side": "side_a", "role": "initiator"})
    add(scratch, "links", member)
    hold(scratch, "x0", "2019-03-05", "..", holder_id=holder)
    assert fires(scratch, "taken_at_other_time") == (["x0"] if found else [])


DAYS = ["2017-11-02", "2017-11-03", "2017-11-04"]
DATES = st.sampled_from(
    [*DAYS, "", "2017-11", "2017-11-03~", "[2017-11-02,2017-11-04]", "[..2017-11-03]", "2017-11-02/.."]
)
PERIOD = st.tuples(st.sampled_from(["red-banner", "river-guard"]), DATES, st.one_of(DATES, st.just("..")))
PLACES = st.lists(st.lists(PERIOD, min_size=2, max_size=3), min_size=10, max_size=20)


@settings(max_examples=8, deadline=None)
@given(places=PLACES)
def test_valid_data_have_no_two_certain_sole_holders_on_any_day(
    tiny_db: duckdb.DuckDBPyConnection, places: list[list[tuple[str, str, str]]]
) -> None:
    """Rule and view read uncertain ends alike: what the one lets pass the other never shows as two certain holders.

    Each list is a place of its own, so that one planning of the view, which is what takes time, does for many.
    """
    tiny_db.execute("BEGIN")
    try:
        for place, periods in enumerate(places):
            for number, (holder, held_from, held_to) in enumerate(periods):
                cells = {"location_id": f"place-{place}", "holder_id": holder}
                hold(tiny_db, f"place-{place}-{number}", held_from, held_to, **cells)
        invalid = {control_id.rpartition("-")[0] for control_id in fires(tiny_db, "two_sole_holders")}
        for day in DAYS:
            sql = (
                "SELECT location_id FROM control_on(?) WHERE certainty = 'certain' "
                "GROUP BY location_id HAVING count(DISTINCT holder_id) > 1"
            )
            assert {row["location_id"] for row in rows(tiny_db, sql, day)} <= invalid, day
    finally:
        tiny_db.execute("ROLLBACK")

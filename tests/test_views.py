"""The published views: what a researcher asks, and the cases in which a view could mislead."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import ROOT, connect, rederive, rows, schema_in

from bastions import edtf

# The questions that the README promises an answer to, ready to be pasted. They run on any release.
WHO_TOOK_WHICH_PLACE = """
    SELECT location_name AS place, date_start AS day, acting AS who, facing AS from_whom,
           supporting AS with_support_of, backed_by, said_by AS by_account_of, n_voices
    FROM events
    WHERE event_type = 'capture'
    ORDER BY coalesce(date_start_earliest, date_start_latest), place
"""
STRIKES_REPORTED = """
    SELECT name, initiators, platform_label, platform_model, platform_counts, munition_label, munition_counts,
           launch_location_name, effects, said_by
    FROM strikes_wide
    ORDER BY coalesce(date_start_earliest, date_start_latest), strike_id
"""
FIGURES_WITH_HEDGE = """
    SELECT measure_label, item_label, subject_label, hedge, value_raw, low, best, high, unit_label, as_of, voices
    FROM figures_resolved
    WHERE n_claims > 0
    ORDER BY figure_id
"""
CHAIN_OF_ATTRIBUTION = "FROM chain_of(?, ?)"


SOURCE = next((ROOT / "tests/valid/seeds").glob("*/ledger.csv")).parent.name
"""The document of the tiny dataset; its utterances are numbered u1, u2 …"""


def add(connection: duckdb.DuckDBPyConnection, table: str, *new: dict[str, str]) -> None:
    """Adds rows to a table, with the bounds of their dates; an empty cell is NULL."""
    temporal = {column for (column,) in connection.execute(
        "SELECT column_name FROM columns WHERE table_name = ? AND temporal IS NOT NULL", [table]
    ).fetchall()}  # fmt: skip
    for row in new:
        cells: dict[str, object] = {name: cell or None for name, cell in row.items()}
        for name in temporal & row.keys():
            cells[f"{name}_earliest"], cells[f"{name}_latest"] = edtf.bounds(row[name]) if row[name] else (None, None)
        marks = ", ".join("?" * len(cells))
        connection.execute(f"INSERT INTO {table} ({', '.join(cells)}) VALUES ({marks})", list(cells.values()))


# --------------------------------------------------------------------------------------------------------------------
# The four questions


def test_who_took_which_place_from_whom_when_with_whose_support_by_whose_account(
    tiny_db: duckdb.DuckDBPyConnection,
) -> None:
    found = {row["by_account_of"]: row for row in rows(tiny_db, WHO_TOOK_WHICH_PLACE)}
    row = found["Dalby Courier; Imre Taal for River Guard (said)"]
    assert row["place"] == "Orvessa"
    assert row["day"] == "2019-03-05"
    assert row["who"] == "River Guard (initiator)"
    assert row["from_whom"] == "Red Banner (target)"
    assert row["n_voices"] == 2


def test_which_strikes_platforms_munitions_and_who_says_so(tiny_db: duckdb.DuckDBPyConnection) -> None:
    found = {row["name"]: row for row in rows(tiny_db, STRIKES_REPORTED)}
    raid = found["Airstrike at Tessel bridge, 2019-03-04"]
    assert raid["initiators"] == "Northern League (initiator)"
    assert raid["platform_label"] == "Aircraft, kind not stated"
    assert raid["platform_counts"].endswith(": 2")
    assert raid["munition_counts"].endswith(": about 30")
    assert raid["launch_location_name"] == "Norhaven"
    assert raid["effects"] == "killed: at least 4; killed (civilians): 3"
    assert raid["said_by"] == "Command of the Northern League for Northern League (said); Dalby Courier [inferred]"
    assert len(found) == len(rows(tiny_db, "FROM strikes"))


def test_every_figure_with_its_hedge(tiny_db: duckdb.DuckDBPyConnection) -> None:
    found = {row["hedge"]: row for row in rows(tiny_db, FIGURES_WITH_HEDGE)}
    lost = found["nearly 70 percent"]
    assert lost["value_raw"].startswith('"nearly 70')
    assert (lost["low"], lost["best"], lost["high"]) == (60, None, 70)
    killed = found["at least 4"]
    assert (killed["value_raw"], killed["low"], killed["best"], killed["high"]) == ('"at least four"', 4, None, None)
    bombs = found["about 30"]
    assert (bombs["value_raw"], bombs["low"], bombs["best"], bombs["high"]) == ('"about 30"', 22.5, 30, 37.5)


def test_the_chain_of_attribution_of_a_value(tiny_db: duckdb.DuckDBPyConnection) -> None:
    """Publisher outermost; the denial of the same figure has a chain of its own."""
    found = rows(tiny_db, CHAIN_OF_ATTRIBUTION, "raid-killed", "value")
    chains: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        chains.setdefault(row["claim_id"], []).append(row)
    spoken = [[(r["position"], r["actor_name"], r["speech_act"]) for r in chain] for chain in chains.values()]
    assert [
        (0, "Dalby Courier", "published"),
        (1, "Lake Watch", "reported"),
        (2, "Residents near Orvessa", "said"),
    ] in spoken
    for chain in chains.values():
        assert [r["factuality"] is not None for r in chain] == [False] * (len(chain) - 1) + [True]


@pytest.mark.parametrize("sql", [WHO_TOOK_WHICH_PLACE, STRIKES_REPORTED, FIGURES_WITH_HEDGE])
def test_the_questions_run_on_the_real_data(sql: str) -> None:
    with connect(ROOT) as connection:
        if not rows(connection, "FROM claims"):
            pytest.skip("data/ holds no claims")
        assert rows(connection, sql)


# --------------------------------------------------------------------------------------------------------------------
# One row is what it says


@pytest.mark.parametrize("root", ["tiny", "data"])
def test_no_view_loses_or_doubles_its_subject(root: str, tiny_once: Path) -> None:
    """A label is fetched, never joined: a second name or code must not make a second row."""
    with connect(tiny_once if root == "tiny" else ROOT) as connection:
        for view, key, source in [
            ("claims_flat", "claim_id", "claims"),
            ("claims_bounded", "claim_id", "claims"),
            ("evidence", "claim_id", "claims"),
            ("figures_resolved", "figure_id", "figures"),
            ("links_flat", "link_id", "links"),
            ("strikes_wide", "strike_id", "strikes"),
            ("strike_names", "strike_id", "strikes"),
            ("participants_flat", "participant_id", "participants"),
            ("(FROM control_timeline WHERE layer = 'resolved')", "control_id", "control"),
            ("record_names", "(subject_table, subject_id)", "records"),
        ]:
            got = connection.execute(f"SELECT count(*), count(DISTINCT {key}) FROM {view}").fetchone()
            (wanted,) = connection.execute(f"SELECT count(*) FROM {source}").fetchall()[0]
            assert got == (wanted, wanted), view
        (events,) = connection.execute("SELECT count(*) FROM events").fetchall()[0]
        assert events == len(rows(connection, "FROM engagements")) + len(rows(connection, "FROM strikes"))
        assert not rows(connection, "FROM record_names WHERE label IS NULL OR label = ''")
        # Every claim has its publisher at 0, positions without a gap, and one innermost speaker, the last.
        assert not rows(
            connection,
            "SELECT claim_id FROM claims LEFT JOIN claim_chain USING (claim_id) GROUP BY claim_id "
            "HAVING min(position) IS DISTINCT FROM 0 OR max(position) <> count(*) - 1 "
            "OR count(*) FILTER (WHERE innermost) <> 1 OR max(position) FILTER (WHERE innermost) <> max(position)",
        )


def test_lines_of_views_fit_and_use_nothing_newer_than_duckdb_1_1() -> None:
    for path in (ROOT / "schemas" / "views").glob("*.sql"):
        text = path.read_text("utf-8")
        assert max(map(len, text.splitlines())) <= 120, path.name
        assert re.search(r"(?m)^ORDER BY ", text), f"{path.name} has no order of its own"
        # Lambdas changed their arrow in 1.3; map[…] its result; UNPIVOT and MERGE are read differently by old engines.
        code = re.sub("--.*", "", text)
        assert not re.search(r"->|\blambda\b|\bmap\b|\bUNPIVOT\b|\bMERGE\b", code), path.name


# --------------------------------------------------------------------------------------------------------------------
# Figures


def claim(number: int, figure: str, **cells: str) -> dict[str, str]:
    """A row of claims on the value of a figure, in the source's own voice unless an utterance is given."""
    return {
        "claim_id": f"{SOURCE}-9{number:03}",
        "source_id": SOURCE,
        "subject_table": "figures",
        "subject_id": figure,
        "field": "value",
        "polarity": "affirmed",
        "event_status": "realized",
        "factuality": "CT+",
        "claim_type": "narrator",
        "value_origin": "reported",
        "statement": "A test.",
        **cells,
    }


def figure(
    connection: duckdb.DuckDBPyConnection, unit: str, *claims: dict[str, str], links: tuple[dict[str, str], ...] = ()
) -> dict[str, Any]:
    """A figure with these claims on its value, resolved."""
    measure = {"percent": "territory_share_lost", "kilometre": "distance", "day": "duration", "rank": "size_rank"}.get(
        unit, "killed"
    )
    row = {"figure_id": "f", "subject_table": "actors", "subject_id": "red-banner", "measure": measure, "unit": unit}
    add(connection, "figures", row)
    add(connection, "claims", *(claim(i, "f", **cells) for i, cells in enumerate(claims)))
    add(connection, "claim_links", *links)
    rederive(connection, schema_in(ROOT))
    return rows(connection, "FROM figures_resolved WHERE figure_id = 'f'")[0]


@pytest.mark.parametrize(
    ("unit", "cells", "hedge", "low", "low_open", "best", "high", "high_open"),
    [
        ("count", {"comparator": "eq", "value": "6"}, "6", 6, False, 6, 6, False),
        ("count", {"comparator": "approx", "value": "200000"}, "about 200,000", 150000, False, 200000, 250000, False),
        ("percent", {"comparator": "gt", "value": "96"}, "more than 96 percent", 96, True, None, 100, False),
        ("count", {"comparator": "gt", "value": "96"}, "more than 96", 96, True, None, None, None),
        ("count", {"comparator": "le", "value": "5"}, "at most 5", 0, False, None, 5, False),
        ("percent", {"comparator": "near_below", "value": "33.3"}, "nearly 33.3 percent", 33.2, False, None, 33.3,
         True),
        ("day", {"comparator": "near_above", "value": "1", "unit": "week"}, "just over 1 week", 7, True, None, 8.75,
         False),
        ("count", {"comparator": "between", "value_min": "5", "value_max": "7"}, "between 5 and 7", 5, False, None, 7,
         False),
        ("count", {"comparator": "order_of_magnitude", "value": "12"}, "order of magnitude 12", 12, True, None, 120,
         True),
        ("count", {"comparator": "some"}, "some", 0, True, None, None, None),
        ("percent", {"comparator": "most"}, "most", 50, True, None, 100, False),
        ("percent", {"comparator": "nearly_all"}, "nearly all", 50, True, None, 100, True),
        ("count", {"comparator": "nearly_all"}, "nearly all", None, None, None, None, None),
        ("rank", {"comparator": "eq", "value": "2"}, "rank 2", 2, False, 2, 2, False),
        ("rank", {"comparator": "some"}, "some", None, None, None, None, None),
        ("count", {"comparator": "none_reported"}, "none reported", 0, False, None, None, None),
        ("count", {"comparator": "unknown"}, "said to be unknown", None, None, None, None, None),
        ("kilometre", {"comparator": "eq", "value": "25", "unit": "mile"}, "25 statute miles", 40.2336, False, 40.2336,
         40.2336, False),
    ],
)  # fmt: skip
def test_bounds_follow_from_the_comparator(
    scratch: duckdb.DuckDBPyConnection,
    unit: str,
    cells: dict[str, str],
    hedge: str,
    low: float | None,
    low_open: bool | None,
    best: float | None,
    high: float | None,
    high_open: bool | None,
) -> None:
    got = figure(scratch, unit, cells)
    assert got["hedge"] == hedge
    assert got["low"] == pytest.approx(low)
    assert got["best"] == pytest.approx(best)
    assert got["high"] == pytest.approx(high)
    assert (got["low_open"], got["high_open"]) == (low_open, high_open)
    assert got["n_claims"] == got["n_voices"] == 1


def test_several_claims_give_an_envelope_and_no_average(scratch: duckdb.DuckDBPyConnection) -> None:
    """The best number is that of the voice with the best basis, who took part, as it stands."""
    got = figure(
        scratch,
        "count",
        {"comparator": "eq", "value": "10"},
        {"comparator": "between", "value_min": "12", "value_max": "20", "utterance_id": f"{SOURCE}-u4"},
        {"comparator": "eq", "value": "14", "utterance_id": f"{SOURCE}-u1"},
    )
    assert (got["low"], got["best"], got["high"]) == (10, 14, 20)
    assert (got["points"], got["n_claims"], got["n_voices"]) == ("differ", 3, 3)
    assert got["hedge"] == "10; 14; between 12 and 20"
    assert got["comparators"] == "between, eq"


def test_an_open_side_stays_open_in_the_envelope(scratch: duckdb.DuckDBPyConnection) -> None:
    got = figure(scratch, "count", {"comparator": "eq", "value": "10"}, {"comparator": "ge", "value": "12"})
    assert (got["low"], got["high"]) == (10, None)
    assert (got["least_stated"], got["greatest_stated"], got["best"]) == (10, 12, 10)


def test_an_edge_is_open_only_if_all_that_reach_it_leave_it_out(scratch: duckdb.DuckDBPyConnection) -> None:
    got = figure(scratch, "percent", {"comparator": "gt", "value": "96"}, {"comparator": "ge", "value": "96"})
    assert (got["low"], got["low_open"], got["high"], got["high_open"]) == (96, False, 100, False)


@pytest.mark.parametrize(
    "cells",
    [
        {"polarity": "denied", "factuality": "CT-"},
        {"event_status": "feared"},
        {"event_status": "predicted"},
        {"event_status": "hypothetical"},
    ],
)
def test_what_is_denied_or_feared_is_left_out(scratch: duckdb.DuckDBPyConnection, cells: dict[str, str]) -> None:
    got = figure(scratch, "count", {"comparator": "eq", "value": "4"}, {"comparator": "eq", "value": "90", **cells})
    assert (got["low"], got["best"], got["high"], got["n_claims"]) == (4, 4, 4, 1)


@pytest.mark.parametrize(
    ("relation", "expected"),
    [("withdraws", (5, 5, 5, 1, 1)), ("updates", (5, 5, 5, 1, 1)), ("restates", (4, 4, 4, 2, 1)),
     ("derived_from", (4, 4, 4, 2, 1)), ("contradicts", (4, None, 5, 2, 1))],
)  # fmt: skip
def test_links_between_claims(
    scratch: duckdb.DuckDBPyConnection, relation: str, expected: tuple[float | None, ...]
) -> None:
    """The second claim withdraws, replaces or repeats the first; a repetition lists its words and changes no number."""
    link = {
        "claim_link_id": "x",
        "claim_id": f"{SOURCE}-9001",
        "related_claim_id": f"{SOURCE}-9000",
        "claim_relation": relation,
        "decided_by": "curator-1",
    }
    got = figure(
        scratch, "count", {"comparator": "eq", "value": "4"}, {"comparator": "eq", "value": "5"}, links=(link,)
    )
    assert (got["low"], got["best"], got["high"], got["n_claims"], got["n_voices"]) == expected


@pytest.mark.parametrize(
    ("revised", "utterance", "remaining"), [(False, "u4", 2), (True, "u4", 1), (False, "", 1)]
)  # fmt: skip
def test_a_claim_is_retired_by_its_own_voice_or_a_revision_only(
    scratch: duckdb.DuckDBPyConnection, revised: bool, utterance: str, remaining: int
) -> None:
    """What one speaker says does not take back what another said."""
    add(scratch, "sources", {
        "source_id": "later", "source_type": "news_article", "title": "Later", "access": "full",
        "publisher_id": "dalby-courier", "revision_of_id": SOURCE if revised else "",
    })  # fmt: skip
    agency = scratch.execute("SELECT agency_id FROM sources WHERE source_id = ?", [SOURCE]).fetchall()[0][0]
    scratch.execute("UPDATE sources SET agency_id = ? WHERE source_id = 'later'", [agency])
    link = {
        "claim_link_id": "x",
        "claim_id": f"{SOURCE}-9001",
        "related_claim_id": f"{SOURCE}-9000",
        "claim_relation": "updates",
        "decided_by": "curator-1",
    }
    later = {"comparator": "eq", "value": "5", "source_id": "later"}
    if utterance:
        later["utterance_id"] = f"{SOURCE}-{utterance}"
    got = figure(scratch, "count", {"comparator": "eq", "value": "4"}, later, links=(link,))
    assert got["n_claims"] == remaining


def test_an_update_of_another_figure_retires_nothing(scratch: duckdb.DuckDBPyConnection) -> None:
    add(scratch, "figures", {"figure_id": "g", "subject_table": "actors", "subject_id": "red-banner",
                             "measure": "killed", "unit": "count"})  # fmt: skip
    add(scratch, "claims", claim(1, "g", comparator="eq", value="9"))
    link = {
        "claim_link_id": "x",
        "claim_id": f"{SOURCE}-9001",
        "related_claim_id": f"{SOURCE}-9000",
        "claim_relation": "updates",
        "decided_by": "curator-1",
    }
    assert figure(scratch, "count", {"comparator": "eq", "value": "4"}, links=(link,))["n_claims"] == 1


def test_a_figure_that_nobody_gives_a_value_is_there_with_nothing(scratch: duckdb.DuckDBPyConnection) -> None:
    got = figure(scratch, "count")
    assert (got["hedge"], got["low"], got["best"], got["high"]) == (None, None, None, None)
    assert (got["points"], got["n_claims"], got["n_voices"]) == ("none", 0, 0)


# --------------------------------------------------------------------------------------------------------------------
# Voices and chains


def test_copies_of_one_agency_are_one_voice(scratch: duckdb.DuckDBPyConnection) -> None:
    """Two outlets that carry the same copy would otherwise count as two."""
    sources = [
        {"source_id": s, "source_type": "news_article", "title": s, "access": "full", "agency_id": "lake-watch",
         "publisher_id": p}
        for s, p in (("one", "dalby-courier"), ("two", "marn-register-project"))
    ]  # fmt: skip
    made = [claim(i, "raid-aircraft", source_id=s, field="exists") for i, s in enumerate(("one", "two"))]
    add(scratch, "sources", *sources)
    add(scratch, "claims", *made)
    voices = rows(scratch, "SELECT voice_id, n_claims FROM accounts WHERE subject_id = 'raid-aircraft'")
    assert {"voice_id": "lake-watch", "n_claims": 2} in voices


def test_who_only_relays_is_named_and_not_counted(scratch: duckdb.DuckDBPyConnection) -> None:
    made = [
        claim(0, "raid-aircraft", field="exists", utterance_id=f"{SOURCE}-u1"),
        claim(1, "raid-aircraft", field="exists", utterance_id=f"{SOURCE}-u4"),
    ]
    for row in made:
        row |= {"subject_table": "engagements", "subject_id": "marn-campaign"}
    link = {
        "claim_link_id": "x",
        "claim_id": made[1]["claim_id"],
        "related_claim_id": made[0]["claim_id"],
        "claim_relation": "derived_from",
        "decided_by": "curator-1",
    }
    (before,) = rows(scratch, "FROM events WHERE event_id = 'marn-campaign'")
    add(scratch, "claims", *made)
    add(scratch, "claim_links", link)
    rederive(scratch, schema_in(ROOT))
    (after,) = rows(scratch, "FROM events WHERE event_id = 'marn-campaign'")
    assert "Lake Watch (reported)" in after["said_by"]
    assert after["n_voices"] == before["n_voices"] + 1
    assert after["n_claims"] == before["n_claims"] + 2


def test_what_is_feared_or_denied_is_no_account(scratch: duckdb.DuckDBPyConnection) -> None:
    made = [
        claim(0, "raid-aircraft", field="exists", event_status="feared", utterance_id=f"{SOURCE}-u7"),
        claim(1, "raid-aircraft", field="exists", polarity="denied", utterance_id=f"{SOURCE}-u6"),
    ]
    before = rows(scratch, "FROM accounts WHERE subject_id = 'raid-aircraft'")
    add(scratch, "claims", *made)
    assert rows(scratch, "FROM accounts WHERE subject_id = 'raid-aircraft'") == before


def test_what_the_coder_inferred_is_marked_wherever_it_is_shown(scratch: duckdb.DuckDBPyConnection) -> None:
    """One claim that says so itself is enough for the account to stand unmarked."""
    made = [
        claim(0, "p1", subject_table="participants", field="exists", value_origin="inferred"),
        claim(1, "p2", subject_table="participants", field="exists", value_origin="inferred"),
        claim(2, "p2", subject_table="participants", field="exists"),
        claim(3, "p3", subject_table="participants", field="exists", value_origin="imputed"),
        claim(4, "marn-campaign", subject_table="engagements", field="exists", value_origin="computed",
              utterance_id=f"{SOURCE}-u4"),
        claim(5, "p4", subject_table="participants", field="exists"),
    ]  # fmt: skip
    parts = [
        {"participant_id": "p1", "actor_id": "orvessa-residents", "side": "affected", "role": "victim"},
        {"participant_id": "p2", "actor_id": "lake-watch", "side": "side_b", "role": "target"},
        {"participant_id": "p3", "actor_id": "northern-league", "side": "side_a", "role": "air_support"},
        {"participant_id": "p4", "actor_id": "northern-league", "side": "side_a", "role": "advisor"},
    ]
    common = {"subject_table": "engagements", "subject_id": "marn-campaign"}
    add(scratch, "participants", *({**common, **part} for part in parts))
    add(scratch, "claims", *made)
    (row,) = rows(scratch, "FROM event_parties WHERE event_id = 'marn-campaign'")
    assert "Residents near Orvessa (victim, inferred)" in row["facing"]
    assert "Lake Watch (target)" in row["facing"]
    assert "Northern League (air support [inferred], embedded adviser, side a)" in row["supporting"]
    (account,) = rows(scratch, "FROM accounts WHERE subject_id = 'p1'")
    assert (account["voice"], account["inferred"], account["value_origin"]) == (
        "Dalby Courier [inferred]", True, "inferred",
    )  # fmt: skip
    (account,) = rows(scratch, "FROM accounts WHERE subject_id = 'p2'")
    assert (account["inferred"], account["value_origin"]) == (False, "inferred, reported")
    (row,) = rows(scratch, "FROM events WHERE event_id = 'marn-campaign'")
    assert "(reported) [inferred]" in row["said_by"]
    chain = rows(scratch, "FROM claim_chain WHERE claim_id = ?", f"{SOURCE}-9004")
    assert [link["value_origin"] for link in chain][-1] == "computed"
    assert {link["value_origin"] for link in chain[:-1]} == {None}


def test_unnamed_speakers_are_one_voice_each_and_named_with_who_quotes_them(
    scratch: duckdb.DuckDBPyConnection,
) -> None:
    add(scratch, "actors", {"actor_id": "nobody", "name": "Unnamed speakers", "actor_type": "generic_speaker"})
    common = {"source_id": SOURCE, "actor_id": "nobody", "speech_act": "said"}
    add(scratch, "utterances", {**common, "utterance_id": "x1", "parent_id": f"{SOURCE}-u4"},
        {**common, "utterance_id": "x2"})  # fmt: skip
    got = figure(
        scratch,
        "count",
        {"comparator": "eq", "value": "4", "utterance_id": "x1"},
        {"comparator": "eq", "value": "5", "utterance_id": "x2", "value_origin": "inferred"},
    )
    assert got["n_voices"] == 2
    assert got["voices"] == "Unnamed speakers [inferred]; Unnamed speakers, via Lake Watch"
    voices = rows(scratch, "SELECT voice_id FROM claims_bounded WHERE subject_id = 'f' ORDER BY claim_id")
    assert [row["voice_id"] for row in voices] == ["x1", "x2"]


def test_every_cell_is_joined_to_the_claims_that_carry_it(scratch: duckdb.DuckDBPyConnection) -> None:
    made = [
        claim(0, "calder", subject_table="locations", field="exists", covers="name location_type"),
        claim(1, "calder", subject_table="locations", field="name", value_text="Another", polarity="denied"),
        claim(2, "calder", subject_table="locations", field="remark"),
    ]
    add(scratch, "claims", *made)
    found = rows(
        scratch, f"FROM backing WHERE subject_id = 'calder' AND claim_id >= '{SOURCE}-9000' ORDER BY claim_id, via"
    )
    assert [(r["column_name"], r["claim_id"][-1], r["via"], r["asserts"], r["value_text"]) for r in found] == [
        ("location_type", "0", "exists", True, None),
        ("name", "0", "exists", True, None),
        ("name", "1", "name", False, "Another"),
    ]
    assert found[1]["cell"] == found[2]["cell"] != "Another"
    # Two tables may have the same key.
    add(scratch, "actors", {"actor_id": "calder", "name": "Calder", "actor_type": "generic_speaker"})
    add(scratch, "claims", claim(3, "calder", subject_table="actors", field="exists", covers="name"))
    tables = rows(scratch, "SELECT DISTINCT subject_table FROM chain_of('calder', 'name') ORDER BY ALL")
    assert [row["subject_table"] for row in tables] == ["actors", "locations"]


# --------------------------------------------------------------------------------------------------------------------
# Data in a circle


def test_circles_end(scratch: duckdb.DuckDBPyConnection) -> None:
    """A rule reports them, but a view may be asked before it does."""
    utterance = f"{SOURCE}-u"
    links = [
        {"link_id": f"c{i}", "subject_table": "actors", "subject_id": a, "link_type": "member_of",
         "related_table": "actors", "related_id": b}
        for i, (a, b) in enumerate(
            [("river-guard", "red-banner"), ("red-banner", "northern-league"), ("northern-league", "river-guard"),
             ("lake-watch", "lake-watch")]
        )
    ]  # fmt: skip
    add(scratch, "links", *links)
    for child, parent in ((4, 5), (1, 1)):
        sql = "UPDATE utterances SET parent_id = ? WHERE utterance_id = ?"
        scratch.execute(sql, [f"{utterance}{parent}", f"{utterance}{child}"])
    chain = rows(scratch, "FROM claim_chain")
    tree = rows(scratch, "FROM actor_tree WHERE actor_id = 'river-guard'")
    itself = rows(scratch, "FROM actor_tree WHERE actor_id = 'lake-watch'")
    assert max(row["position"] for row in chain) == 2
    assert [row["path"] for row in tree] == [
        "river-guard",
        "river-guard > red-banner",
        "river-guard > red-banner > northern-league",
    ]
    assert [row["path"] for row in itself] == ["lake-watch"]


def test_actor_tree_follows_every_way_up(scratch: duckdb.DuckDBPyConnection) -> None:
    links = [
        {"link_id": "t1", "subject_id": "river-guard", "link_type": "member_of", "related_id": "northern-league"},
        {"link_id": "t2", "subject_id": "river-guard", "link_type": "backs", "related_id": "lake-watch"},
    ]
    common = {"subject_table": "actors", "related_table": "actors"}
    add(scratch, "links", *({**link, **common} for link in links))
    found = rows(scratch, "FROM actor_tree WHERE actor_id = 'imre-taal' ORDER BY depth")
    below = rows(scratch, "SELECT actor_id FROM actor_tree WHERE superior_id = 'northern-league' AND depth > 0")
    assert [(r["superior_id"], r["depth"], r["link_type"], r["is_top"]) for r in found] == [
        ("imre-taal", 0, None, False),
        ("river-guard", 1, "speaks_for", False),
        ("northern-league", 2, "member_of", True),
    ]
    assert found[2]["path_names"] == "Imre Taal > River Guard > Northern League"
    assert {r["actor_id"] for r in below} == {"imre-taal", "river-guard", "league-command"}


# --------------------------------------------------------------------------------------------------------------------
# Events


def test_backers_by_a_standing_link_count_unless_the_dates_rule_them_out(scratch: duckdb.DuckDBPyConnection) -> None:
    common = {"subject_table": "actors", "link_type": "backs", "related_table": "actors", "related_id": "river-guard"}
    links = [
        {"link_id": "b1", "subject_id": "lake-watch"},
        {"link_id": "b2", "subject_id": "dalby-courier", "valid_from": "2018", "valid_to": ".."},
        {"link_id": "b3", "subject_id": "northern-league", "valid_to": "2018"},
        {"link_id": "b4", "subject_id": "orvessa-residents", "valid_from": "2020"},
    ]
    add(scratch, "links", *({**common, **link} for link in links))
    (row,) = rows(scratch, "FROM events WHERE event_id = 'capture-of-orvessa'")
    assert row["backed_by"] == "Dalby Courier; Lake Watch"
    made = [
        claim(0, "b1", subject_table="links", field="exists"),
        claim(1, "b2", subject_table="links", field="exists", value_origin="inferred", utterance_id=f"{SOURCE}-u4"),
    ]
    ally = {**common, "link_id": "b5", "subject_id": "river-guard", "related_id": "lake-watch"}
    add(scratch, "claims", *made)
    add(scratch, "links", {**ally, "link_type": "allied_with"})
    (row,) = rows(scratch, "FROM events WHERE event_id = 'capture-of-orvessa'")
    assert row["backed_by"] == "Dalby Courier (Lake Watch (reported) [inferred]); Lake Watch (Dalby Courier)"
    assert row["allied_with"] == "Lake Watch"
    (link,) = rows(scratch, "FROM links_flat WHERE link_id = 'b2'")
    assert (link["subject_label"], link["link_type_label"], link["related_label"], link["said_by"]) == (
        "Dalby Courier", "backs", "River Guard", "Lake Watch (reported) [inferred]",
    )  # fmt: skip
    assert (link["valid_from"], link["valid_to"]) == ("2018", "..")


def test_a_strike_without_a_place_is_called_after_what_it_supports(scratch: duckdb.DuckDBPyConnection) -> None:
    strike = {"strike_id": "s", "strike_type": "airstrike", "engagement_id": "capture-of-orvessa",
              "mission": "ground_force_support", "date_start": "[..2019-03-05]"}  # fmt: skip
    displacement = {"engagement_id": "d", "name": "Flight", "engagement_type": "displacement"}
    add(scratch, "strikes", strike, {**strike, "strike_id": "t", "mission": ""})
    add(scratch, "engagements", displacement)
    add(scratch, "figures", {"figure_id": "f", "subject_table": "engagements", "subject_id": "d",
                             "measure": "displaced", "unit": "count"})  # fmt: skip
    add(scratch, "claims", claim(0, "f", comparator="approx", value="12000"))
    add(scratch, "links", {"link_id": "l", "subject_table": "strikes", "subject_id": "s", "link_type": "led_to",
                           "related_table": "engagements", "related_id": "d"})  # fmt: skip
    rederive(scratch, schema_in(ROOT))
    found = rows(scratch, "FROM strikes_wide WHERE strike_id IN ('s', 't') ORDER BY strike_id")
    assert [row["name"] for row in found] == [
        "Airstrike in support of Capture of Orvessa, by 2019-03-05",
        "Airstrike, part of Capture of Orvessa, by 2019-03-05",
    ]
    assert [row["in_support_of"] for row in found] == ["River Guard (initiator)", None]
    assert [row["effects"] for row in found] == ["displaced: about 12,000", None]


def test_parties_are_listed_by_side_with_all_their_roles(scratch: duckdb.DuckDBPyConnection) -> None:
    common = {"subject_table": "engagements", "subject_id": "capture-of-orvessa"}
    parts = [
        {"participant_id": "p1", "actor_id": "northern-league", "side": "side_a", "role": "air_support"},
        {"participant_id": "p2", "actor_id": "northern-league", "side": "side_a", "role": "advisor"},
        {"participant_id": "p3", "actor_id": "orvessa-residents", "side": "affected", "role": "victim"},
    ]
    add(scratch, "participants", *({**common, **part} for part in parts))
    (row,) = rows(scratch, "FROM events WHERE event_id = 'capture-of-orvessa'")
    assert row["supporting"] == "Northern League (air support, embedded adviser, side a)"
    assert row["side_a"] == "Northern League (air support, embedded adviser); River Guard (initiator)"
    assert row["other_sides"] == "Residents near Orvessa (victim)"
    assert row["acting"] == "River Guard (initiator)"


# --------------------------------------------------------------------------------------------------------------------
# Names and evidence


def test_every_actor_and_place_has_its_preferred_name_once(tiny_db: duckdb.DuckDBPyConnection) -> None:
    for record in ("actor", "location"):
        found = rows(
            tiny_db,
            f"SELECT r.{record}_id FROM {record}s AS r LEFT JOIN {record}_names AS n ON n.{record}_id = r.{record}_id "
            "AND n.is_preferred GROUP BY 1 HAVING count(n.name) = 0",
        )
        assert not found
    names = rows(tiny_db, "FROM location_names WHERE name_id IS NOT NULL AND claim_ids IS NOT NULL")
    assert names
    assert all(row["source_ids"] for row in names)


def test_evidence_has_all_that_a_reader_with_the_text_needs(tiny_once: Path) -> None:
    # The named normalisation takes no-break spaces for spaces.
    text = (tiny_once / "text.txt").read_text("utf-8").replace("\N{NO-BREAK SPACE}", " ")
    with connect(tiny_once) as connection:
        found = rows(connection, "FROM evidence WHERE source_id = ?", SOURCE)
    assert found
    for row in found:
        words = text[row["start_char"] : row["end_char"]]
        assert hashlib.sha256(words.encode()).hexdigest() == row["span_sha256"]
        if row["utterance_id"]:
            cue = text[row["cue_start_char"] : row["cue_end_char"]]
            assert hashlib.sha256(cue.encode()).hexdigest() == row["cue_sha256"]

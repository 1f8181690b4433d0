"""The exchange formats: their columns, what survives a round trip, and the report of what does not."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import ROOT, connect, load_yaml, patch, rows
from test_views import SOURCE, add, claim

GED = """
    id INTEGER, relid VARCHAR, year INTEGER, active_year INTEGER, code_status VARCHAR, type_of_violence INTEGER,
    conflict_dset_id VARCHAR, conflict_new_id INTEGER, conflict_name VARCHAR, dyad_dset_id VARCHAR,
    dyad_new_id INTEGER, dyad_name VARCHAR, side_a_dset_id VARCHAR, side_a_new_id INTEGER, side_a VARCHAR,
    side_b_dset_id VARCHAR, side_b_new_id INTEGER, side_b VARCHAR, number_of_sources INTEGER,
    source_article VARCHAR, source_office VARCHAR, source_date VARCHAR, source_headline VARCHAR,
    source_original VARCHAR, where_prec INTEGER, where_coordinates VARCHAR, where_description VARCHAR,
    adm_1 VARCHAR, adm_2 VARCHAR, latitude DOUBLE, longitude DOUBLE, geom_wkt VARCHAR, priogrid_gid INTEGER,
    country VARCHAR, country_id INTEGER, region VARCHAR, event_clarity INTEGER, date_prec INTEGER, date_start DATE,
    date_end DATE, deaths_a INTEGER, deaths_b INTEGER, deaths_civilians INTEGER, deaths_unknown INTEGER,
    best INTEGER, high INTEGER, low INTEGER, gwnoa INTEGER, gwnob INTEGER
"""
"""UCDP GED 25.1, in its order."""

ACLED = """
    event_id_cnty VARCHAR, event_date DATE, year INTEGER, time_precision INTEGER, disorder_type VARCHAR,
    event_type VARCHAR, sub_event_type VARCHAR, actor1 VARCHAR, assoc_actor_1 VARCHAR, inter1 VARCHAR,
    actor2 VARCHAR, assoc_actor_2 VARCHAR, inter2 VARCHAR, interaction VARCHAR, civilian_targeting VARCHAR,
    iso INTEGER, region VARCHAR, country VARCHAR, admin1 VARCHAR, admin2 VARCHAR, admin3 VARCHAR, location VARCHAR,
    latitude DOUBLE, longitude DOUBLE, geo_precision INTEGER, source VARCHAR, source_scale VARCHAR, notes VARCHAR,
    fatalities INTEGER, tags VARCHAR, timestamp BIGINT
"""
"""ACLED as its API gives it, in its order."""

DAY = "2019-03-06"


def event(
    key: str,
    kind: str,
    parties: str = "",
    begin: str = DAY,
    end: str = DAY,
    *figures: tuple[dict[str, str], dict[str, str]],
    **cells: str,
) -> dict[str, list[dict[str, str]]]:
    """The rows of an event: an engagement, or a strike where the kind begins with `strike:`.

    Args:
        key: Its key.
        kind: Its type.
        parties: Its participants, as `actor:side:role`, separated by blanks.
        begin: Its first day, EDTF.
        end: Its last day, EDTF.
        figures: What is told of its dead: cells of a figure, and of a claim on its value.
        cells: Other cells.
    """
    table = "strikes" if kind.startswith("strike:") else "engagements"
    row = {"date_start": begin, "date_end": end, "event_clarity": "individual", **cells}
    if table == "strikes":
        row |= {"strike_id": key, "strike_type": kind.removeprefix("strike:")}
    else:
        row |= {"engagement_id": key, "engagement_type": kind, "name": key}
    about = {"subject_table": table, "subject_id": key}
    made: dict[str, list[dict[str, str]]] = {table: [row], "participants": [], "figures": [], "claims": []}
    for i, party in enumerate(parties.split()):
        actor, side, role = party.split(":")
        made["participants"].append(
            {"participant_id": f"{key}-{i}", **about, "actor_id": actor, "side": side, "role": role}
        )
    for i, (figure, told) in enumerate(figures):
        identity = {"figure_id": f"{key}-killed-{i}", **about, "measure": "killed", "unit": "count"}
        made["figures"].append(identity | figure)
        made["claims"].append(
            claim(len(key) * 10 + i, f"{key}-killed-{i}", **told) | {"claim_id": f"{SOURCE}-{key}-{i}"}
        )
    return made


def with_events(root: Path, *events: dict[str, list[dict[str, str]]]) -> duckdb.DuckDBPyConnection:
    """The tiny dataset with these events too, resolved."""
    for made in events:
        patch(root, {"rows": {table: new for table, new in made.items() if new}})
    return connect(root)


def ged(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    return {row["relid"].partition("/")[2]: row for row in rows(connection, "FROM as_ucdp_ged")}


def acled(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    return {row["event_id_cnty"].partition("/")[2]: row for row in rows(connection, "FROM as_acled")}


# --------------------------------------------------------------------------------------------------------------------
# The columns


@pytest.mark.parametrize(("view", "wanted", "number"), [("as_ucdp_ged", GED, 49), ("as_acled", ACLED, 31)])
def test_columns_are_those_of_the_format(
    tiny_db: duckdb.DuckDBPyConnection, view: str, wanted: str, number: int
) -> None:
    found = [(name, kind) for name, kind, *_ in tiny_db.execute(f"DESCRIBE {view}").fetchall()]
    assert found == [tuple(column.split()) for column in wanted.split(",")]
    assert len(found) == number


# --------------------------------------------------------------------------------------------------------------------
# The round trip


OURS = """
    SELECT
        e.*,
        CASE WHEN e.latitude IS NULL THEN l.latitude ELSE e.latitude END AS lat,
        CASE WHEN e.latitude IS NULL THEN l.longitude ELSE e.longitude END AS lon,
        (SELECT list(w.system_code) FROM crosswalks AS w WHERE w.code_list = kind AND w.code = type
            AND w.code_system = 'ucdp-type-of-violence') AS violence,
        (SELECT list(w.system_code) FROM crosswalks AS w WHERE w.code_list = kind AND w.code = type
            AND w.code_system = 'acled-event-type') AS event_types,
        (SELECT list(w.system_code) FROM crosswalks AS w WHERE w.code_list = kind AND w.code = type
            AND w.code_system = 'acled-sub-event-type') AS sub_event_types,
        (SELECT list(DISTINCT a.name ORDER BY a.name) FROM participants AS p JOIN actors AS a USING (actor_id)
            JOIN code_attributes AS t
                ON t.code_list = 'role' AND t.code = p.role AND t.attribute_value IN ('acts', 'faces')
            WHERE p.subject_table = e.tab AND p.subject_id = e.key AND p.side = 'side_a') AS side_a,
        (SELECT list(DISTINCT a.name ORDER BY a.name) FROM participants AS p JOIN actors AS a USING (actor_id)
            JOIN code_attributes AS t
                ON t.code_list = 'role' AND t.code = p.role AND t.attribute_value IN ('acts', 'faces')
            WHERE p.subject_table = e.tab AND p.subject_id = e.key AND p.side = 'side_b') AS side_b
    FROM (
        SELECT 'engagements' AS tab, 'engagement_type' AS kind, engagement_id AS key, engagement_type AS type,
            event_clarity, date_start_earliest, date_end_latest, location_id, where_prec, latitude, longitude
        FROM engagements
        UNION ALL
        SELECT 'strikes', 'strike_type', strike_id, strike_type, event_clarity, date_start_earliest, date_end_latest,
            location_id, where_prec, latitude, longitude
        FROM strikes
    ) AS e
    LEFT JOIN locations AS l USING (location_id)
"""


def codes_of(connection: duckdb.DuckDBPyConnection, system: str) -> dict[tuple[str, str], set[str]]:
    """Our codes behind a code of another system."""
    found: dict[tuple[str, str], set[str]] = {}
    for code_list, code, theirs in connection.execute(
        "SELECT code_list, code, system_code FROM crosswalks WHERE code_system = ?", [system]
    ).fetchall():
        found.setdefault((code_list, theirs), set()).add(code)
    return found


@pytest.mark.parametrize("root", ["tiny", "data"])
def test_what_is_carried_comes_back(root: str, tiny: Path) -> None:
    """Read back by the crosswalks, the exported cells are ours: days, place, sides, type, clarity, precision."""
    figures = (({"affected_actor_id": "red-banner"}, {"comparator": "eq", "value": "7"}),)
    connection = (
        connect(ROOT)
        if root == "data"
        else with_events(
            tiny,
            event("clash", "battle", "river-guard:side_a:initiator red-banner:side_b:target", "2019-03", "2019-03",
                  *figures, location_id="orvessa", where_prec="2"),
            event("kill", "one_sided_violence", "red-banner:side_a:initiator orvessa-residents:affected:victim",
                  "2019-02-01", "2019-02-05", location_id="marn", event_clarity="aggregate", where_prec="4"),
        )
    )  # fmt: skip
    with connection:
        ours = {row["key"]: row for row in rows(connection, OURS)}
        clarity, precision = codes_of(connection, "ucdp-event-clarity"), codes_of(connection, "ucdp-where-prec")
        coarse = codes_of(connection, "acled-geo-precision")
        exported, daily = ged(connection), acled(connection)
    assert exported
    assert daily
    for key, row in exported.items():
        own = ours[key]
        assert (row["date_start"], row["date_end"]) == (own["date_start_earliest"], own["date_end_latest"]), key
        assert clarity["event_clarity", str(row["event_clarity"])] == {own["event_clarity"]}, key
        if own["where_prec"]:
            assert precision["where_prec", str(row["where_prec"])] == {own["where_prec"]}, key
        if own["lat"] is not None:
            assert (row["latitude"], row["longitude"]) == (own["lat"], own["lon"]), key
            lon, lat = map(float, re.findall("[-0-9.]+", row["geom_wkt"]))
            assert (lat, lon) == (own["lat"], own["lon"]), key
        assert str(row["type_of_violence"]) in {*own["violence"], "None"}, key
        if own["side_a"] and own["side_b"]:
            sides = {", ".join(own["side_a"]), ", ".join(own["side_b"])}
            assert {row["side_a"], row["side_b"]} == sides, key
    for key, row in daily.items():
        own = ours[key]
        assert row["event_date"] == own["date_start_earliest"], key
        assert (row["time_precision"] == 1) == (
            own["date_start_earliest"] is not None and own["date_start_earliest"] == own["date_end_latest"]
        ), key
        assert row["event_type"] in own["event_types"], key
        assert row["sub_event_type"] in {*(own["sub_event_types"] or ()), None}, key
        if own["where_prec"]:
            assert own["where_prec"] in coarse["where_prec", str(row["geo_precision"])], key
        if own["lat"] is not None:
            assert (row["latitude"], row["longitude"]) == (own["lat"], own["lon"]), key
        for side, lead, others in (("side_a", "actor1", "assoc_actor_1"), ("side_b", "actor2", "assoc_actor_2")):
            if own[side]:
                assert set(own[side]) <= {row[lead], *(row[others] or "").split("; ")}, key


@pytest.mark.parametrize("root", ["tiny", "data"])
def test_every_event_has_one_row_or_one_reason(root: str, tiny_once: Path) -> None:
    with connect(tiny_once if root == "tiny" else ROOT) as connection:
        for name, view, key in [("ucdp", "as_ucdp_ged", "relid"), ("acled", "as_acled", "event_id_cnty")]:
            (fates,) = connection.execute(
                f"SELECT count(*) FROM exchange_events WHERE {name}_fate = 'carried'"
            ).fetchall()[0]
            assert connection.execute(f"SELECT count(*), count(DISTINCT {key}) FROM {view}").fetchone() == (
                fates,
                fates,
            )
        # Out of order are only the bounds of an estimate, and they as its source states them.
        assert not rows(
            connection,
            "FROM as_ucdp_ged AS g WHERE (low > best OR best > high) AND NOT EXISTS (SELECT 1 FROM figures AS f "
            "JOIN claims AS c ON c.subject_id = f.figure_id AND c.field = 'value' "
            "WHERE f.measure = 'killed' AND 'bastions:' || f.subject_table || '/' || f.subject_id = g.relid "
            "AND c.comparator = 'estimate' AND (c.value, c.value_min, c.value_max) = (g.best, g.low, g.high))",
        )
        assert not rows(
            connection,
            "FROM as_ucdp_ged WHERE best <> coalesce(deaths_a, 0) + coalesce(deaths_b, 0) "
            "+ coalesce(deaths_civilians, 0) + coalesce(deaths_unknown, 0)",
        )
        # R-E03: the third kind of violence falls on somebody, a state takes part in the first and none in the second.
        assert not rows(connection, "FROM as_ucdp_ged WHERE type_of_violence = 3 AND side_b IS NULL")


# --------------------------------------------------------------------------------------------------------------------
# Days


def test_the_precision_of_a_date_follows_from_its_span(scratch: duckdb.DuckDBPyConnection) -> None:
    """R-T03, for every span of up to 400 days."""
    first = datetime.date(2016, 1, 1)
    add(scratch, "engagements", *(
        {"engagement_id": f"span-{days}", "name": "x", "engagement_type": "battle", "event_clarity": "individual",
         "date_start": str(first), "date_end": str(first + datetime.timedelta(days - 1))}
        for days in range(1, 401)
    ))  # fmt: skip
    steps = [(1, 1, 1), (2, 6, 2), (7, 7, 3), (8, 31, 4), (32, 366, 5), (367, 400, None)]
    wanted = {days: step for least, most, step in steps for days in range(least, most + 1)}
    found = {int(key[5:]): row for key, row in ged(scratch).items() if key.startswith("span-")}
    assert {days: row["date_prec"] for days, row in found.items()} == wanted
    assert {days for days, row in found.items() if (row["date_end"] - row["date_start"]).days + 1 == days} == set(
        wanted
    )
    coarse = {int(key[5:]): row["time_precision"] for key, row in acled(scratch).items() if key.startswith("span-")}
    assert coarse == {days: 1 if days == 1 else 2 if days <= 7 else 3 if days <= 31 else None for days in wanted}


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("2019-03", "2019-03", ("2019-03-01", "2019-03-31", 4)),
        ("[..2019-03-05]", "[..2019-03-05]", (None, "2019-03-05", None)),
        ("[..2019-03-05]", "..", None),
        ("2019-03-05", "..", ("2019-03-05", None, None)),
        ("2019-03-05", "", ("2019-03-05", None, None)),
        ("", "", "left out"),
    ],
)
def test_an_open_day_is_an_empty_cell(
    scratch: duckdb.DuckDBPyConnection, begin: str, end: str, expected: tuple[str | None, ...] | str | None
) -> None:
    """An event of which no day is known on either side is left out, and counted."""
    row = {"engagement_id": "x", "name": "x", "engagement_type": "battle", "event_clarity": "individual"}
    add(scratch, "engagements", row | {"date_start": begin, "date_end": end})
    found = ged(scratch).get("x")
    if expected == "left out":
        assert found is None
        assert {row["n_touched"] for row in rows(scratch, "FROM exchange_losses WHERE loss = 'undated'")} == {1}
        return
    assert found is not None
    got = tuple(str(found[name]) if found[name] else None for name in ("date_start", "date_end"))
    assert (*got, found["date_prec"]) == (expected or (None, None, None))


# --------------------------------------------------------------------------------------------------------------------
# Kinds, sides and places


@pytest.mark.parametrize(
    ("kind", "parties", "violence", "side_a", "side_b"),
    [
        ("battle", "northern-league:side_a:initiator red-banner:side_b:target", 1, "Northern League", "Red Banner"),
        ("battle", "red-banner:side_a:initiator northern-league:side_b:target", 1, "Northern League", "Red Banner"),
        ("battle", "river-guard:side_a:initiator red-banner:side_b:target", 2, "River Guard", "Red Banner"),
        ("suicide_bombing", "red-banner:side_a:initiator orvessa-residents:affected:victim", 3, "Red Banner",
         "Residents near Orvessa"),
        ("suicide_bombing", "red-banner:side_a:initiator river-guard:side_b:target "
         "orvessa-residents:affected:victim", 2, "Red Banner", "River Guard"),
        ("attack_on_civilians", "orvessa-residents:affected:victim", 3, None, "Residents near Orvessa"),
        ("strike:airstrike", "northern-league:side_a:initiator", None, "Northern League", None),
        ("strike:shelling", "orvessa-residents:affected:victim", None, None, "Residents near Orvessa"),
        ("strike:shelling", "red-banner:side_a:initiator orvessa-residents:affected:victim", 3, "Red Banner",
         "Residents near Orvessa"),
        ("battle", "river-guard:side_a:initiator imre-taal:side_a:partner northern-league:side_a:air_support "
         "red-banner:side_b:target", 1, "Imre Taal, River Guard", "Red Banner"),
    ],
)  # fmt: skip
def test_the_kind_of_violence_follows_from_type_and_sides(
    tiny: Path, kind: str, parties: str, violence: int | None, side_a: str | None, side_b: str | None
) -> None:
    with with_events(tiny, event("x", kind, parties)) as connection:
        row = ged(connection)["x"]
    assert (row["type_of_violence"], row["side_a"], row["side_b"]) == (violence, side_a, side_b)


def test_the_dead_go_with_their_side_when_the_state_comes_first(tiny: Path) -> None:
    told = event(
        "x", "battle", "red-banner:side_a:initiator northern-league:side_b:target", DAY, DAY,
        ({"affected_actor_id": "red-banner"}, {"comparator": "eq", "value": "7"}),
        ({"affected_actor_id": "northern-league", "affected_group": "fighters"}, {"comparator": "ge", "value": "2"}),
        ({"affected_group": "civilians"}, {"comparator": "eq", "value": "1"}),
    )  # fmt: skip
    with with_events(tiny, told) as connection:
        row, daily = ged(connection)["x"], acled(connection)["x"]
    assert (row["side_a"], row["deaths_a"], row["deaths_b"]) == ("Northern League", 2, 7)
    assert (row["deaths_civilians"], row["deaths_unknown"]) == (1, None)
    assert (row["low"], row["best"], row["high"]) == (10, 10, None)
    assert daily["fatalities"] == 10
    assert (daily["actor1"], daily["actor2"]) == ("Red Banner", "Northern League")


def test_what_the_total_has_beyond_its_parts_is_unknown(tiny_db: duckdb.DuckDBPyConnection) -> None:
    """At least four dead, three of them civilians; the denial counts for nothing."""
    row = ged(tiny_db)["tessel-bridge-raid"]
    assert (row["deaths_civilians"], row["deaths_unknown"]) == (3, 1)
    assert (row["low"], row["best"], row["high"]) == (4, 4, None)


def test_a_state_takes_back_and_others_overtake(tiny_db: duckdb.DuckDBPyConnection) -> None:
    """R-E03: ACLED's two kinds of capture differ by who takes the place."""
    assert acled(tiny_db)["capture-of-orvessa"]["sub_event_type"] == "Non-state actor overtakes territory"
    with connect(ROOT) as connection:
        found = rows(connection, "FROM as_acled WHERE sub_event_type = 'Government regains territory'")
        assert {row["inter1"] for row in found} == {"State forces"}


def test_kinds_of_actor_are_paired_in_acleds_order(scratch: duckdb.DuckDBPyConnection) -> None:
    """A state's forces are external outside its country; where the country is not known, so is the kind."""
    scratch.execute("UPDATE locations SET country = 'SY' WHERE location_id = 'orvessa'")
    scratch.execute("UPDATE actors SET actor_type = 'state', country = 'SY' WHERE actor_id = 'river-guard'")
    row = acled(scratch)["capture-of-orvessa"]
    assert (row["inter1"], row["inter2"], row["interaction"]) == (
        "State forces",
        "Rebel group",
        "State forces-Rebel group",
    )
    assert (row["sub_event_type"], row["iso"], row["region"]) == ("Government regains territory", 760, "Middle East")
    scratch.execute("UPDATE actors SET country = 'RU' WHERE actor_id = 'river-guard'")
    row = acled(scratch)["capture-of-orvessa"]
    assert row["interaction"] == "Rebel group-External/Other forces"
    assert row["sub_event_type"] == "Non-state actor overtakes territory"
    scratch.execute("UPDATE locations SET country = NULL WHERE location_id = 'orvessa'")
    assert acled(scratch)["capture-of-orvessa"]["inter1"] is None


@pytest.mark.parametrize(
    ("latitude", "longitude", "cell"),
    [(34.802462, 36.707602, 179714), (35.688342, 36.449962, 181153), (-90, -180, 1), (-89.6, 179.9, 720)],
)
def test_the_cell_of_prio_grid(
    scratch: duckdb.DuckDBPyConnection, latitude: float, longitude: float, cell: int
) -> None:
    """The first two are as UCDP numbers events 214797 and 214804."""
    scratch.execute(
        "UPDATE strikes SET latitude = ?, longitude = ? WHERE strike_id = 'register-17'", [latitude, longitude]
    )
    row = ged(scratch)["register-17"]
    assert (row["priogrid_gid"], row["latitude"], row["longitude"]) == (cell, latitude, longitude)


def test_a_quarter_stands_at_its_town_and_nothing_at_the_centre_of_a_unit(scratch: duckdb.DuckDBPyConnection) -> None:
    add(
        scratch,
        "locations",
        {"location_id": "quarter", "name": "Quarter", "location_type": "neighbourhood", "parent_id": "orvessa"},
        {"location_id": "village", "name": "Village", "location_type": "populated_place", "parent_id": "marn"},
    )
    scratch.execute("UPDATE locations SET latitude = 1, longitude = 1 WHERE location_id = 'marn'")
    scratch.execute("UPDATE engagements SET location_id = 'quarter' WHERE engagement_id = 'capture-of-orvessa'")
    row = acled(scratch)["capture-of-orvessa"]
    assert (row["location"], row["latitude"], row["admin1"]) == ("Orvessa", -45, "Marn")
    scratch.execute("UPDATE engagements SET location_id = 'village' WHERE engagement_id = 'capture-of-orvessa'")
    row = acled(scratch)["capture-of-orvessa"]
    assert (row["location"], row["latitude"]) == ("Village", None)


def test_ids_are_ucdps_or_none(scratch: duckdb.DuckDBPyConnection) -> None:
    """A close match is not the same event; a force has the id of the government whose organ it is."""
    about = {"subject_table": "strikes", "subject_id": "register-17"}
    add(
        scratch,
        "identifiers",
        {"identifier_id": "a", **about, "scheme": "ucdp-ged", "identifier": "214797", "match": "close"},
        {"identifier_id": "b", "subject_table": "strikes", "subject_id": "tessel-bridge-raid", "scheme": "ucdp-ged",
         "identifier": "214804", "match": "exact"},
        {"identifier_id": "c", **about, "scheme": "ucdp-dyad", "identifier": "14620", "match": "broad"},
        {"identifier_id": "d", "subject_table": "actors", "subject_id": "league-command", "scheme": "ucdp-actor",
         "identifier": "118", "match": "exact"},
    )  # fmt: skip
    organ = {"link_type": "organ_of", "related_table": "actors", "related_id": "league-command"}
    add(scratch, "links", {"link_id": "l", "subject_table": "actors", "subject_id": "northern-league"} | organ)
    found = ged(scratch)
    assert (found["register-17"]["id"], found["register-17"]["dyad_new_id"]) == (None, 14620)
    raid = found["tessel-bridge-raid"]
    assert (raid["id"], raid["side_a_new_id"], raid["side_b_new_id"]) == (214804, 118, 990001)


def test_members_of_an_alliance_have_its_id_when_all_are_there(tiny: Path) -> None:
    """As UCDP's composite sides are entered by their members; an alliance of others, or of more, is another."""
    ids = [
        {"identifier_id": f"i-{number}", "subject_table": "actors", "subject_id": actor, "scheme": "ucdp-actor",
         "identifier": number, "match": "exact"}
        for actor, number in (("lake-watch", "7001"), ("league-command", "7002"))
    ]  # fmt: skip
    members = [
        {"link_id": f"l-{alliance}-{member}", "subject_table": "actors", "subject_id": member,
         "link_type": "member_of", "related_table": "actors", "related_id": alliance, "method": "register"}
        for alliance, member in (
            ("lake-watch", "river-guard"), ("lake-watch", "imre-taal"), ("league-command", "river-guard"),
            ("league-command", "imre-taal"), ("league-command", "orvessa-residents"),
        )
    ]  # fmt: skip
    sides = "river-guard:side_b:belligerent imre-taal:side_b:belligerent red-banner:side_a:belligerent"
    both = event("both", "battle", sides)
    alone = event("alone", "battle", "river-guard:side_b:belligerent red-banner:side_a:belligerent")
    added: dict[str, list[dict[str, str]]] = {"identifiers": ids, "links": members}
    with with_events(tiny, both, alone, added) as connection:
        found = ged(connection)
    assert {found["both"]["side_a_new_id"], found["both"]["side_b_new_id"]} == {990001, 7001}
    assert {found["alone"]["side_a_new_id"], found["alone"]["side_b_new_id"]} == {990001, None}


# --------------------------------------------------------------------------------------------------------------------
# The policies


@pytest.mark.parametrize(
    ("cells", "ucdp", "least"),
    [
        ({"comparator": "eq", "value": "6"}, (6, 6, 6), 6),
        ({"comparator": "eq", "value": "0"}, (0, 0, 0), 0),
        ({"comparator": "ge", "value": "20"}, (20, 20, None), 20),
        ({"comparator": "gt", "value": "20"}, (20, 20, None), 20),
        ({"comparator": "le", "value": "5"}, (0, 5, 5), 5),
        ({"comparator": "approx", "value": "30"}, (22, 30, 38), 30),
        ({"comparator": "near_below", "value": "40"}, (30, 40, 40), 40),
        ({"comparator": "between", "value_min": "5", "value_max": "7"}, (5, 5, 7), 5),
        ({"comparator": "order_of_magnitude", "value": "10", "value_raw": "tens"}, (10, 10, 100), 10),
        ({"comparator": "order_of_magnitude", "value": "12", "value_raw": "dozens"}, (12, 12, 120), 12),
        ({"comparator": "order_of_magnitude", "value": "100", "value_raw": "hundreds"}, (100, 100, 1000), 100),
        ({"comparator": "estimate", "value": "7", "value_min": "5", "value_max": "9"}, (5, 7, 9), 7),
        ({"comparator": "estimate", "value": "2", "value_min": "2", "value_max": "1"}, (2, 2, 1), 2),
        ({"comparator": "some", "value_raw": "several"}, (0, None, None), None),
        ({"comparator": "none_reported"}, (0, None, None), 0),
        ({"comparator": "unknown"}, (None, None, None), None),
    ],
)
def test_the_number_that_each_format_makes_of_a_hedge(
    tiny: Path, cells: dict[str, str], ucdp: tuple[int | None, ...], least: int | None
) -> None:
    told = event("x", "battle", "", DAY, DAY, ({}, cells))
    with with_events(tiny, told) as connection:
        row, daily = ged(connection)["x"], acled(connection)["x"]
    assert (row["low"], row["best"], row["high"]) == ucdp
    assert daily["fatalities"] == least
    assert row["deaths_unknown"] == row["best"]


def test_of_differing_reports_acled_takes_the_least(tiny: Path) -> None:
    told = event("x", "battle", "", DAY, DAY, ({}, {"comparator": "eq", "value": "14"}))
    told["claims"].append(
        claim(99, "x-killed-0", comparator="eq", value="10", utterance_id=f"{SOURCE}-u4")
        | {"claim_id": f"{SOURCE}-x-9"}
    )
    with with_events(tiny, told) as connection:
        row, daily = ged(connection)["x"], acled(connection)["x"]
    assert daily["fatalities"] == 10
    assert (row["low"], row["high"]) == (10, 14)
    assert row["best"] in (None, 10, 14)


def test_the_policies_resolve_the_dead_alone(tiny_db: duckdb.DuckDBPyConnection) -> None:
    found = tiny_db.execute(
        "SELECT DISTINCT r.field, f.measure FROM resolutions AS r LEFT JOIN figures AS f ON f.figure_id = r.subject_id "
        "WHERE r.policy IN ('ucdp_ged', 'acled')"
    ).fetchall()
    assert found == [("value", "killed")]


# --------------------------------------------------------------------------------------------------------------------
# The losses


def losses(connection: duckdb.DuckDBPyConnection, format_: str) -> dict[str, tuple[int, int]]:
    return {
        row["loss"]: (row["n_touched"], row["n_rows"])
        for row in rows(connection, "FROM exchange_losses WHERE format = ?", format_)
    }


def test_every_loss_is_counted_and_every_count_is_listed() -> None:
    listed = load_yaml(ROOT / "schemas/codes/exchange_loss.yaml")["codes"]
    text = (ROOT / "schemas/views/exchange_losses.sql").read_text("utf-8")
    assert re.findall("'code': '([a-z_]+)'", text) != []
    assert set(re.findall("'code': '([a-z_]+)'", text)) == set(listed)


@pytest.mark.parametrize("root", ["tiny", "data"])
def test_what_is_left_out_and_what_is_carried_are_all_events(root: str, tiny_once: Path) -> None:
    with connect(tiny_once if root == "tiny" else ROOT) as connection:
        (events,) = connection.execute("SELECT count(*) FROM exchange_events").fetchall()[0]
        for format_, view in (("ucdp_ged", "as_ucdp_ged"), ("acled", "as_acled")):
            found = losses(connection, format_)
            left_out = sum(
                found[loss][0] for loss in ("not_violent", "container", "form_unstated", "undated") if loss in found
            )
            assert left_out + len(rows(connection, f"FROM {view}")) == events
            assert all(touched <= total for touched, total in found.values())


def test_losses_count_what_they_say(tiny: Path) -> None:
    """An event that loses in every way that the tiny dataset does not know yet."""
    told = event(
        "x", "strike:missile_strike",
        "northern-league:side_a:initiator imre-taal:side_a:partner river-guard:side_a:backer red-banner:side_b:target "
        "orvessa-residents:affected:victim lake-watch:third_party:host",
        "2019-03-05", "[2019-03-07,2019-03-09]",
        ({"affected_actor_id": "red-banner"}, {"comparator": "gt", "value": "9"}),
        location_id="orvessa", location_relation="near", radius_m="400", time_start="10:00:00", munition="shell",
        launch_location_id="norhaven", engagement_id="capture-of-orvessa", where_prec="5",
    )  # fmt: skip
    with connect(tiny) as connection:
        before = {name: losses(connection, name) for name in ("ucdp_ged", "acled")}
    with with_events(tiny, told) as connection:
        after = {name: losses(connection, name) for name in ("ucdp_ged", "acled")}
    both = {
        "date_uncertain", "time_of_day", "radius", "several_on_a_side", "supporters", "beyond_two_sides", "initiator",
        "part_of", "means", "launch_place", "hedge",
    }  # fmt: skip
    wanted = {
        "ucdp_ged": both | {"civilians_beside_fighters", "outside_id", "bound_open"},
        "acled": both | {"days_after_first", "location_relation", "place_precision", "deaths_by_class", "bounds"},
    }
    for name, found in after.items():
        assert {loss for loss in found if found[loss][0] > before[name][loss][0]} == wanted[name], name

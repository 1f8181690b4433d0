"""Policies: each step of the ladder on small figures, what is no number, other policies, and policies with a fault."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import ROOT, rederive, rows, schema_in
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_publish import release  # noqa: F401 (a fixture)
from test_views import add

from bastions import dataset, loader, publish, relations, resolve, views
from bastions.problems import Problem, Report
from bastions.validation import validate

SCHEMA = schema_in(ROOT)
EXCHANGE = {"acled", "ucdp_ged"}
"""Policies that speak of the dead alone; tried in test_exchange.py."""
POLICIES = sorted({path.stem for path in (ROOT / resolve.FOLDER).glob("*.sql")} - EXCHANGE)
CASES = SCHEMA.code_lists["interest_case"].codes

# Who speaks: what they are and for which bloc. What they say is a figure "f" or a record "e".
VOICES = {
    "paper": ("medium", "uninvolved"),
    "post": ("medium", "uninvolved"),
    "monitor": ("organisation", "uninvolved"),
    "agency": ("organisation", "uninvolved"),
    "minister": ("official", "uninvolved"),
    "ally": ("coalition", "us_led_coalition"),
    "partner": ("armed_group", "kurdish_led_syrian_forces"),
    "foe": ("armed_group", "islamic_state"),
    "army": ("state_force", "syrian_government"),
    "rebels": ("armed_group", "syrian_opposition"),
}


class Case:
    """What several voices say of one thing, with no more cells than a policy reads."""

    def __init__(self, connection: duckdb.DuckDBPyConnection):
        self.connection = connection
        self.count = 0
        self.stale = True

    def add(self, table: str, **cells: str) -> None:
        add(self.connection, table, cells)
        self.stale = True

    def figure(self, key: str = "f", measure: str = "events", **cells: str) -> None:
        cells = {"unit": "count", "subject_table": "actors", "subject_id": "foe", **cells}
        self.add("figures", figure_id=key, measure=measure, **cells)

    def engagement(self, **cells: str) -> None:
        self.add("engagements", engagement_id="e", name="Event", **{"engagement_type": "battle", **cells})

    def say(
        self,
        *stated: float,
        by: str = "paper",
        hedge: str = "eq",
        told: str = "2018-01-01",
        basis: str = "",
        agency: str = "",
        revises: str = "",
        on: str = "figures f value",
        text: str = "",
        **cells: str,
    ) -> str:
        """A claim in a source of its own: in the voice of its publisher, or on some basis in an act of speech."""
        self.count += 1
        number = f"{self.count:02}"
        key, source, speech = f"c{number}", f"s{number}", f"u{number}" if basis else ""
        dated = {"published": told, "revision_of_id": revises.replace("c", "s"), "agency_id": agency}
        self.add("sources", source_id=source, publisher_id="" if basis else by, **dated)
        if basis:
            self.add("utterances", utterance_id=speech, source_id=source, actor_id=by, basis=basis, said=told)
        table, subject, field = on.split()
        cells_of = {2: ("value_min", "value_max"), 3: ("value_min", "value", "value_max")}
        numbers = dict(zip(cells_of.get(len(stated), ("value",)), map(str, stated), strict=False))
        given = {"comparator": hedge, "value_raw": f"{hedge} {' '.join(map(str, stated))}", **numbers}
        told_as = {"polarity": "affirmed", "event_status": "realized", "value_origin": "reported", **cells}
        about = {"subject_table": table, "subject_id": subject, "field": field, "value_text": text}
        ids = {"claim_id": key, "source_id": source, "utterance_id": speech}
        self.add("claims", **{**ids, **about, **(given if field == "value" else {}), **told_as})
        return key

    def link(self, one: str, relation: str, other: str) -> None:
        cells = {"claim_id": one, "claim_relation": relation, "related_claim_id": other, "decided_by": "curator-1"}
        self.add("claim_links", claim_link_id=f"{one}-{relation}-{other}", **cells)

    def ask(self, sql: str, *values: str) -> list[dict[str, Any]]:
        """The result, once the derived tables say what the rows do."""
        if self.stale:
            rederive(self.connection, SCHEMA)
            self.stale = False
        return rows(self.connection, sql, *values)

    def settled(self, policy: str = "balanced", field: str = "value") -> dict[str, Any]:
        (row,) = self.ask("FROM resolutions WHERE policy = ? AND field = ?", policy, field)
        return row

    def best(self, policy: str = "balanced") -> tuple[Any, ...]:
        row = self.settled(policy)
        return row["resolution_status"], row["low"], row["best"], row["high"], row["n_voices"]

    def uses(self, policy: str = "balanced", field: str = "value") -> dict[str, tuple[str, str | None]]:
        """As what each claim served, and on which rung it lost."""
        found = self.ask("FROM resolution_claims WHERE policy = ? AND field = ?", policy, field)
        return {row["claim_id"]: (row["resolution_use"], row["decided_at"]) for row in found}

    def standing(self, claim: str) -> str:
        (row,) = self.ask("FROM candidates WHERE claim_id = ?", claim)
        # What does not stand serves no policy, whether it is listed with that or not at all.
        for policy in POLICIES if row["standing"] != "stands" else ():
            assert self.uses(policy).get(claim, ("set_aside", None)) == ("set_aside", None)
        return str(row["standing"])


LEADS = ("leads", None)


@pytest.fixture(scope="module")
def empty(tiny_once: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The relations of a dataset in which there are only voices."""
    data = dataset.read(schema_in(tiny_once))
    with relations.connect(SCHEMA, relations.given(data), with_views=False) as made:
        made.execute("SET threads = 1")  # a few rows are sooner done than shared out
        for table in (*SCHEMA.tables, "records"):
            made.execute(f'DELETE FROM "{table}"')
        add(made, "actors", *({"actor_id": k, "name": k, "actor_type": t, "bloc": b} for k, (t, b) in VOICES.items()))
        rederive(made, SCHEMA)
        wanted = ["figures_resolved interest_of_claims settle strike_statuses"]
        views.define(made, views.needed(views.load(SCHEMA), wanted), check=False)
        yield made


@pytest.fixture
def case(empty: duckdb.DuckDBPyConnection) -> Iterator[Case]:
    empty.execute("BEGIN")
    yield Case(empty)
    empty.execute("ROLLBACK")


# --------------------------------------------------------------------------------------------------------------------
# The ladder of the default policy, step by step


@pytest.mark.parametrize(
    ("cells", "standing"),
    [
        ({"polarity": "denied"}, "denied"),
        ({"event_status": "hypothetical"}, "unreal"),
        ({"event_status": "feared"}, "unreal"),
        ({"event_status": "planned"}, "unreal"),
        ({"event_status": "predicted"}, "unreal"),
        ({"event_status": "predicted", "polarity": "denied"}, "unreal"),
        ({"scope_location_id": "there"}, "out_of_scope"),
    ],
)
def test_what_is_denied_unreal_or_of_another_scope_is_dropped(case: Case, cells: dict[str, str], standing: str) -> None:
    """However good its basis: it moves neither the value nor the bounds, and is no voice."""
    case.figure(scope_location_id="here")
    kept = case.say(10)
    dropped = case.say(90, by="post", basis="eyewitness", **cells)
    assert case.best() == ("resolved", 10, 10, 10, 1)
    assert case.uses()[kept] == LEADS
    assert case.standing(dropped) == standing


@pytest.mark.parametrize(("relation", "standing"), [("withdraws", "withdrawn"), ("updates", "superseded")])
def test_what_its_own_voice_took_back_is_dropped(case: Case, relation: str, standing: str) -> None:
    case.figure()
    former = case.say(90, basis="eyewitness")
    case.link(case.say(10, told="2018-02-01"), relation, former)
    assert case.best() == ("resolved", 10, 10, 10, 1)
    assert case.standing(former) == standing


@pytest.mark.parametrize("relation", ["withdraws", "updates"])
def test_the_next_version_of_a_document_takes_back_what_stood_in_it(case: Case, relation: str) -> None:
    case.figure()
    former = case.say(90, by="monitor", basis="office")
    (source,) = case.ask("SELECT source_id FROM claims WHERE claim_id = ?", former)
    case.link(case.say(10, revises=source["source_id"], told="2018-02-01"), relation, former)
    assert case.best()[2] == 10
    assert case.standing(former) in ("withdrawn", "superseded")


@pytest.mark.parametrize("relation", ["withdraws", "updates", "denies", "contradicts", "refines", "corroborates"])
def test_nobody_takes_back_what_another_said(case: Case, relation: str) -> None:
    case.figure()
    former = case.say(90, by="post")
    case.link(case.say(10, told="2018-02-01"), relation, former)
    assert case.standing(former) == "stands"
    assert case.best() == ("disputed", 10, None, 90, 2)


@pytest.mark.parametrize("relation", ["restates", "derived_from"])
def test_an_echo_changes_no_number_whatever_it_rounded(case: Case, relation: str) -> None:
    """Not even where its speaker would outrank the first."""
    case.figure()
    first = case.say(12)
    echo = case.say(10, by="post", hedge="approx", basis="eyewitness", told="2018-02-01")
    case.link(echo, relation, first)
    assert case.standing(echo) == "echo"
    assert case.best() == ("resolved", 12, 12, 12, 1)


def test_two_papers_with_the_copy_of_one_agency_are_one_voice(case: Case) -> None:
    """They cannot dispute with each other; the later copy is the agency's later word."""
    case.figure()
    former = case.say(12, agency="agency")
    later = case.say(10, by="post", agency="agency", told="2018-01-02")
    assert case.uses() == {former: ("later_preferred", None), later: LEADS}
    assert case.best() == ("resolved", 10, 10, 12, 1)


def test_what_speaks_of_the_nearest_time_leads(case: Case) -> None:
    """Before interest and basis: who saw it with their own eyes saw another month."""
    case.figure(measure="killed", affected_actor_id="ally", as_of="2017-10")
    near = case.say(10, by="foe", as_of="2017-10-31")
    silent = case.say(10, by="foe")
    far = case.say(90, by="ally", basis="eyewitness", as_of="2017-09-30")
    farther = case.say(80, by="ally", basis="eyewitness", as_of="2017-08")
    assert case.uses() == {near: LEADS, silent: LEADS, far: ("outranked", "time"), farther: ("outranked", "time")}
    days = {row["claim_id"]: row["as_of_days"] for row in case.ask("FROM candidates")}
    assert days == {near: 0, silent: 0, far: 1, farther: 31}
    assert case.best() == ("resolved", 10, 10, 90, 2)


def test_against_interest_goes_before_neutral_and_that_before_self_serving(case: Case) -> None:
    """Before the basis: an army that tells its own dead is believed before the eyewitness of the other side."""
    case.figure(measure="killed", affected_actor_id="ally")
    against = case.say(10, by="ally", basis="secondary")
    neutral = case.say(20, by="monitor", basis="monitor_network")
    serving = case.say(90, by="foe", basis="eyewitness")
    lost = ("outranked", "interest")
    assert case.uses() == {against: LEADS, neutral: lost, serving: lost}
    assert case.best() == ("resolved", 10, 10, 90, 3)
    case.connection.execute("DELETE FROM claims WHERE claim_id = ?", [against])
    case.stale = True
    assert case.uses() == {neutral: LEADS, serving: lost}
    assert case.best() == ("resolved", 20, 20, 90, 2)


@pytest.mark.parametrize(
    ("better", "worse"),
    [("eyewitness", "participant"), ("participant", "office"), ("office", "analysis"), ("analysis", "secondary"),
     ("secondary", "")],
)  # fmt: skip
def test_the_better_basis_leads(case: Case, better: str, worse: str) -> None:
    """Whoever speaks later; who tells no basis stands last."""
    case.figure()
    kept = case.say(10, by="post", basis=better)
    lost = case.say(90, basis=worse, told="2018-05-01")
    assert case.uses() == {kept: LEADS, lost: ("outranked", "basis")}
    assert case.best() == ("resolved", 10, 10, 90, 2)


def test_of_ones_own_words_the_later_lead_if_they_stand_as_high(case: Case) -> None:
    case.figure()
    former, later = case.say(10, basis="office"), case.say(12, basis="office", told="2018-01-02")
    worse = case.say(90, basis="secondary", told="2018-05-01")
    assert case.uses() == {former: ("later_preferred", None), later: LEADS, worse: ("outranked", "basis")}
    assert case.best() == ("resolved", 10, 12, 90, 1)


def test_the_first_rung_that_differs_decides(case: Case) -> None:
    case.figure(measure="killed", affected_actor_id="ally", as_of="2017-10")
    case.say(10, by="ally", basis="eyewitness")
    lost = case.say(90, by="foe", as_of="2016")
    assert case.uses()[lost] == ("outranked", "time")


# --------------------------------------------------------------------------------------------------------------------
# What the leading claims come to


def test_leading_voices_that_cannot_both_be_right_leave_it_disputed_and_nothing_is_averaged(case: Case) -> None:
    """No value, no hedge and no words; the envelope says what is open."""
    case.figure()
    one, other = case.say(10), case.say(20, by="post")
    row = case.settled()
    assert case.uses() == {one: LEADS, other: LEADS}
    assert case.best() == ("disputed", 10, None, 20, 2)
    assert (row["best_comparator"], row["best_raw"], row["value_text"]) == (None, None, None)


def test_a_dispute_among_those_who_do_not_lead_is_none(case: Case) -> None:
    case.figure()
    case.say(15, by="monitor", basis="eyewitness")
    case.say(10)
    case.say(20, by="post")
    assert case.best() == ("resolved", 10, 15, 20, 3)


def test_voices_that_agree_give_their_number_and_a_hedge_beside_it_none(case: Case) -> None:
    case.figure()
    case.say(10)
    case.say(10, by="post")
    case.say(8, by="monitor", hedge="ge")
    assert case.best() == ("resolved", 8, 10, None, 3)


def test_points_that_differ_and_do_not_clash_give_no_number(case: Case) -> None:
    """About 320 and about 330 can both be right; which it is nobody knows, and 325 nobody said."""
    case.figure()
    case.say(320, hedge="approx")
    case.say(330, by="post", hedge="approx")
    assert case.best() == ("hedged", 310, None, 340, 2)


@pytest.mark.parametrize(
    ("hedge", "stated", "low", "high"),
    [("ge", (4,), 4, None), ("gt", (4,), 4, None), ("le", (4,), 0, 4), ("near_below", (300,), 225, 300),
     ("between", (5, 7), 5, 7), ("order_of_magnitude", (12,), 12, 120), ("some", (), 0, None),
     ("none_reported", (), 0, None), ("unknown", (), None, None)],
)  # fmt: skip
def test_where_only_a_hedge_leads_there_is_no_best_number_but_its_words(
    case: Case, hedge: str, stated: tuple[float, ...], low: float | None, high: float | None
) -> None:
    """A point that stands lower on the ladder does not fill it."""
    case.figure()
    case.say(*stated, by="monitor", basis="eyewitness", hedge=hedge, value_raw=f"{hedge} in words")
    case.say(6, basis="secondary")
    row = case.settled()
    assert (row["resolution_status"], row["best"]) == ("hedged", None)
    assert (row["best_comparator"], row["best_raw"]) == (hedge, f"{hedge} in words")
    assert row["low"] == (None if low is None else min(low, 6))
    assert row["high"] == (None if high is None else max(high, 6))


def test_of_several_hedges_that_lead_the_one_that_leaves_least_open_is_shown(case: Case) -> None:
    case.figure()
    case.say(10, hedge="gt")
    case.say(50, by="post", hedge="lt")
    case.say(12, 40, by="monitor", hedge="between")
    row = case.settled()
    assert (row["best_comparator"], row["best_raw"]) == ("between", "between 12 40")


@pytest.mark.parametrize("hedge", ["eq", "approx"])
@pytest.mark.parametrize("first", ["mile", "kilometre"])
def test_two_units_that_agree_within_rounding_give_the_finest_number(case: Case, hedge: str, first: str) -> None:
    """200 miles are 321.9 kilometres; who wrote 320 wrote to ten kilometres, the other to 50 miles."""
    case.figure(measure="distance", unit="kilometre")
    tellings = [(200, "mile"), (320, "kilometre")]
    for number, (value, unit) in enumerate(tellings if first == "mile" else tellings[::-1]):
        case.say(value, hedge=hedge, unit=unit, by=["paper", "post"][number])
    status, low, best, high, _ = case.best()
    assert (status, best) == ("resolved", 320)
    assert low <= 320 < 321.8 < high


def test_two_units_that_do_not_agree_are_disputed(case: Case) -> None:
    case.figure(measure="distance", unit="kilometre")
    case.say(100, unit="mile")
    case.say(320, by="post")
    assert case.best()[:3] == ("disputed", pytest.approx(160.9344), None)


def test_numbers_of_other_times_do_not_dispute(case: Case) -> None:
    case.figure()
    case.say(10, as_of="2016")
    case.say(20, by="post", as_of="2017")
    assert case.settled()["resolution_status"] != "disputed"
    assert case.settled()["best"] is None


def test_a_coarse_telling_in_another_unit_joins_only_what_it_rounds(case: Case) -> None:
    """That 200 miles may be either does not make 320 and 330 kilometres one."""
    case.figure(measure="distance", unit="kilometre")
    case.say(330, hedge="approx")
    case.say(320, by="post", hedge="approx")
    assert case.settled()["best"] is None
    case.say(200, by="monitor", hedge="approx", unit="mile")
    assert case.settled()["best"] is None


def test_who_draws_on_two_voices_does_not_make_them_one(case: Case) -> None:
    """A report made from two that differ is an echo of both; they still dispute."""
    case.figure()
    one, other = case.say(10), case.say(20, by="post")
    before = case.best()
    drawn = case.say(10, 20, by="monitor", hedge="between")
    case.link(drawn, "derived_from", one)
    case.link(drawn, "derived_from", other)
    assert case.standing(drawn) == "echo"
    assert case.best() == before == ("disputed", 10, None, 20, 2)


ORDERS: dict[str, list[dict[str, str]]] = {
    "days of two voices": [{"on": "strikes e date_start", "text": t} for t in ("2017-11-03", "2017-11-05")],
    "hours of two voices": [{"on": "strikes e time_start", "text": t} for t in ("09:40:00", "09:10:00")],
    "lengths of two voices": [{"on": "strikes e radius_m", "text": t} for t in ("9000", "500")],
    "days of one voice": [
        {"on": "strikes e date_start", "text": t, "by": "paper"} for t in ("2017-11-03", "2017-11-05")
    ],
    "codes of one voice": [
        {"on": "strikes e strike_type", "text": t, "by": "paper"} for t in ("airstrike", "shelling")
    ],
}


@pytest.mark.parametrize("name", ORDERS)
def test_no_value_rests_on_the_order_in_which_claims_are_numbered(case: Case, name: str) -> None:
    """Where nothing decides between two that differ, the one with the lesser key must not be published as agreed."""
    case.add("strikes", strike_id="e", strike_type="airstrike")
    for cells, by in zip(ORDERS[name], ("paper", "post"), strict=True):
        case.say(**{"by": by, **cells})
    (row,) = case.ask("FROM resolutions WHERE policy = 'balanced'")
    assert (row["resolution_status"] == "resolved", row["value_text"]) == (False, None)


# --------------------------------------------------------------------------------------------------------------------
# What is no number


def on(field: str) -> str:
    return f"engagements e {field}"


@pytest.mark.parametrize(
    ("field", "one", "other", "expected"),
    [
        ("date_start", "2017-11-03", "2017-11-04", None),
        ("date_start", "2017-11-03", "2017-11-03", "2017-11-03"),
        ("date_start", "2017-11", "2017-11-03", "2017-11-03"),
        ("date_start", "2017-11-03", "2017-11", "2017-11-03"),
        ("date_start", "2017", "2017-11~", "2017-11~"),
        ("date_start", "2017-10", "2017-11-03", None),
        ("location_id", "town", "quarter", "quarter"),
        ("location_id", "quarter", "country", "quarter"),
        ("location_id", "country", "town", "town"),
        ("location_id", "town", "village", None),
        ("outcome", "place_taken", "repelled", None),
        ("outcome", "repelled", "repelled", "repelled"),
        ("engagement_type", "capture", "raid", None),
    ],
)
def test_dates_places_and_codes(case: Case, field: str, one: str, other: str, expected: str | None) -> None:
    """Two that agree give the narrower; two that do not are disputed, and neither is published."""
    case.engagement()
    for place, parent in (("country", ""), ("town", "country"), ("quarter", "town"), ("village", "country")):
        case.add("locations", location_id=place, parent_id=parent)
    case.say(on=on(field), text=one)
    case.say(on=on(field), text=other, by="post")
    row = case.settled(field=field)
    assert row["value_text"] == expected
    assert row["resolution_status"] == ("resolved" if expected else "disputed")
    assert (row["low"], row["best"], row["best_comparator"], row["n_voices"]) == (None, None, None, 2)


def test_holders_are_weighed_by_interest(case: Case) -> None:
    """That the other side holds the place is said against one's interest, and goes before the neutral and the boast."""
    case.add("control", control_id="e", location_id="town", holder_id="foe", control_state="held")
    against = case.say(on="control e holder_id", text="foe", by="ally")
    neutral = case.say(on="control e holder_id", text="army", by="monitor", basis="eyewitness")
    boast = case.say(on="control e holder_id", text="partner", by="partner", basis="eyewitness")
    lost = ("outranked", "interest")
    assert case.uses(field="holder_id") == {against: LEADS, neutral: lost, boast: lost}
    assert case.settled(field="holder_id")["value_text"] == "foe"


def test_two_holders_by_two_neutral_voices_are_disputed(case: Case) -> None:
    case.add("control", control_id="e", location_id="town", holder_id="foe", control_state="held")
    case.say(on="control e holder_id", text="foe")
    case.say(on="control e holder_id", text="army", by="post")
    assert case.settled(field="holder_id")["resolution_status"] == "disputed"


@pytest.mark.parametrize(("basis", "expected"), [("eyewitness", "2017-11-03"), ("", None)])
def test_a_claim_on_a_column_is_weighed_with_one_that_covers_it(case: Case, basis: str, expected: str | None) -> None:
    """Whose words carry the column gives it the value of the record, and ranks by its own voice."""
    case.engagement(date_start="2017-11-04")
    own = case.say(on=on("date_start"), text="2017-11-03", by="post", basis=basis)
    covers = case.say(on=on("exists"), covers="engagement_type date_start")
    assert case.settled(field="date_start")["value_text"] == expected
    assert case.uses(field="date_start") == {own: LEADS, covers: ("outranked", "basis") if expected else LEADS}
    found = {
        row["claim_id"]: (row["via"], row["value_text"])
        for row in case.ask("FROM candidates WHERE field = 'date_start'")
    }
    assert found == {own: ("date_start", "2017-11-03"), covers: ("exists", "2017-11-04")}
    assert case.settled(field="engagement_type")["value_text"] == "battle"


def test_what_a_dataset_alone_says_leaves_nothing_to_weigh(case: Case) -> None:
    """Its cells are published as they stand; with a second claim, or where it does not affirm, they are weighed."""
    case.engagement(date_start="2017-11-04")
    alone = case.say(on=on("exists"), covers="engagement_type date_start", claim_type="dataset")
    case.figure()
    number = case.say(5, claim_type="dataset")
    assert {row["field"] for row in case.ask("FROM candidates")} == {"exists", "value"}
    assert case.best() == ("resolved", 5, 5, 5, 1)
    assert case.uses() == {}
    second = case.say(on=on("date_start"), text="2017-11-04", by="post")
    again = case.say(5, by="post", claim_type="dataset")
    assert case.uses(field="date_start") == {alone: LEADS, second: LEADS}
    assert case.uses() == {number: LEADS, again: LEADS}
    assert "engagement_type" not in {row["field"] for row in case.ask("FROM candidates")}


def test_a_cell_that_a_dataset_denies_is_weighed(case: Case) -> None:
    case.engagement()
    case.say(on=on("exists"), covers="engagement_type", claim_type="dataset", polarity="denied")
    found = {row["field"]: row["standing"] for row in case.ask("FROM candidates")}
    assert found == {"exists": "denied", "engagement_type": "denied"}


def test_bare_existence_and_remarks_are_resolved_by_no_policy(case: Case) -> None:
    case.engagement()
    case.say(on=on("exists"))
    case.say(on=on("remark"), by="post")
    assert [row["field"] for row in case.ask("FROM candidates")] == ["exists"]  # for counting voices
    assert not case.ask("FROM resolutions")


# --------------------------------------------------------------------------------------------------------------------
# The other policies


@pytest.fixture
def five(case: Case) -> Case:
    """One figure, told in five ways."""
    case.figure()
    case.say(40, by="monitor", basis="eyewitness")
    case.say(60, told="2018-06-01")
    case.say(50, by="minister", basis="office")
    case.say(20, 70, by="post", hedge="between")
    case.say(45, by="agency", hedge="approx")
    return case


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("balanced", ("resolved", 20, 40, 70, 5)),
        ("latest", ("resolved", 20, 60, 70, 5)),
        ("officials_only", ("resolved", 50, 50, 50, 1)),
        ("most_conservative", ("resolved", 20, 20, 70, 5)),
        ("envelope", ("disputed", 20, None, 70, 5)),
    ],
)
def test_every_policy_comes_to_an_answer_of_its_own(five: Case, policy: str, expected: tuple[Any, ...]) -> None:
    assert five.best(policy) == expected


def test_the_cases_above_are_all_policies_that_there_are(five: Case) -> None:
    answers = {five.best(policy)[2] for policy in POLICIES}
    assert len(answers) == len(POLICIES) == 5
    assert {row["policy"] for row in five.ask("FROM policies")} == set(POLICIES) | EXCHANGE


def test_the_envelope_is_never_a_number_even_if_all_agree(case: Case) -> None:
    case.figure()
    case.say(10)
    case.say(10, by="post")
    assert case.best("envelope") == ("hedged", 10, None, 10, 2)


def test_where_no_official_speaks_officials_have_no_value(case: Case) -> None:
    """A row would say that something was weighed."""
    case.figure()
    case.say(10)
    case.say(10, by="rebels")
    assert not case.ask("FROM resolutions WHERE policy = 'officials_only'")
    assert {row["policy"] for row in case.ask("FROM resolutions")} & set(POLICIES) == set(POLICIES) - {"officials_only"}


@pytest.mark.parametrize(("by", "official"), [("ally", True), ("army", True), ("minister", True), ("partner", False)])
def test_who_is_official(case: Case, by: str, official: bool) -> None:
    case.figure()
    case.say(10, by=by, basis="participant")
    assert bool(case.ask("FROM resolutions WHERE policy = 'officials_only'")) is official


def test_the_last_word_leads_even_where_it_is_worth_less(case: Case) -> None:
    case.figure()
    case.say(10, basis="eyewitness", told="2018-01-01")
    lost = case.say(20, by="post", told="2018-01")
    case.say(30, by="monitor", told="2018-02-01")
    assert case.settled("latest")["best"] == 30
    assert case.uses("latest")[lost] == ("outranked", "last told")


def test_the_least_number_counts_whatever_its_hedge(case: Case) -> None:
    case.figure()
    case.say(10)
    least = case.say(8, by="post", hedge="gt")
    none = case.say(by="monitor", hedge="some")
    row = case.settled("most_conservative")
    assert (row["best"], row["best_comparator"]) == (8, "gt")
    assert case.uses("most_conservative")[least] == LEADS
    assert case.uses("most_conservative")[none] == ("outranked", "least number")


# --------------------------------------------------------------------------------------------------------------------
# Hypotheses


def test_a_supposed_derivation_changes_the_cautious_count_of_voices_only(case: Case) -> None:
    """What we only suppose must not silence a voice, nor settle a dispute."""
    case.figure()
    one, other, third = case.say(10), case.say(20, by="post"), case.say(30, by="monitor")
    case.link(other, "may_derive_from", one)
    case.link(third, "derived_from", other)
    found = {row["claim_id"]: row for row in case.ask("FROM candidates")}
    assert {key: row["voice_group"] for key, row in found.items()} == {one: "paper", other: "post", third: "post"}
    assert {row["voice_group_at_least"] for row in found.values()} == {"paper"}
    assert [row["standing"] for _, row in sorted(found.items())] == ["stands", "stands", "echo"]
    assert case.best() == ("disputed", 10, None, 20, 2)


# --------------------------------------------------------------------------------------------------------------------
# Interest


def interests(case: Case) -> dict[str, dict[str, Any]]:
    """By claim; `candidates` says the same, and neutral where a claim has no row."""
    found = {row["claim_id"]: row for row in case.ask("FROM interest_of_claims")}
    for row in case.ask("FROM candidates"):
        assert row["interest"] == (found[row["claim_id"]]["interest"] if row["claim_id"] in found else "neutral")
    return found


def tell_of(case: Case, effect: str, by: str, about: str = "ally", stated: tuple[int, ...] = (10,), **more: str) -> str:
    """A claim on a figure of its own that means a loss, gain or effort for somebody."""
    key = f"f{case.count}"
    if effect == "effort":
        case.add("strikes", strike_id=key, strike_type="airstrike")
        parts = {"subject_table": "strikes", "subject_id": key}
        case.add("participants", participant_id=key, actor_id=about, role="initiator", **parts)
        case.figure(key, "munitions_used", **parts)
    else:
        case.figure(key, {"loss": "killed", "gain": "places_held"}[effect], affected_actor_id=about)
    return case.say(*stated, by=by, on=f"figures {key} value", **more)


TURNS: list[dict[str, Any]] = [{"polarity": "denied"}, {"hedge": "none_reported", "stated": ()}, {"stated": (0,)}]


@pytest.mark.parametrize("code", CASES)
def test_every_case_of_interest_fires(case: Case, code: str) -> None:
    """By the bloc concerned and by another of its camp; denial and nought turn a loss into a gain, effort stays."""
    facts = CASES[code].attributes
    turned = {"loss": "gain", "gain": "loss", "effort": "effort"}[facts["effect"]]
    for by in ("ally", "partner") if facts["standing"] == "own" else ("foe",):
        tell_of(case, facts["effect"], by)
        for turn in TURNS:
            tell_of(case, turned, by, **turn)
    found = interests(case)
    assert len(found) == case.count >= 4
    assert {(row["interest_case"], row["interest"]) for row in found.values()} == {(code, facts["interest"])}


def test_denied_and_none_reported_turn_twice(case: Case) -> None:
    told = tell_of(case, "loss", "ally", stated=(), hedge="none_reported", polarity="denied")
    assert interests(case)[told]["interest_case"] == "own_loss"


@pytest.mark.parametrize(
    ("by", "about", "standing"),
    [("army", "rebels", "opponent"), ("rebels", "army", "opponent"), ("army", "foe", "opponent"),
     ("foe", "rebels", "opponent"), ("ally", "army", None), ("paper", "ally", None), ("ally", "paper", None)],
)  # fmt: skip
def test_who_fights_whom(case: Case, by: str, about: str, standing: str | None) -> None:
    """Two camps that both fight the Islamic State are no opponents for that; who stands aside has no interest."""
    told = tell_of(case, "loss", by, about)
    found = interests(case)
    assert found[told]["standing"] == standing
    assert found[told]["interest"] == ("self_serving" if standing else "neutral")


@pytest.mark.parametrize(
    ("on", "by", "cells", "expected"),
    [
        ("engagements e exists", "ally", {}, "own_gain"),
        ("engagements e exists", "foe", {}, "own_loss"),
        ("engagements e exists", "ally", {"polarity": "denied"}, "own_loss"),
        ("engagements e outcome", "ally", {"text": "repelled"}, "own_loss"),
        ("engagements e outcome", "foe", {"text": "repelled"}, "own_gain"),
        ("engagements e outcome", "army", {"text": "place_taken"}, "opponent_loss"),
        ("engagements e outcome", "ally", {"text": "divided"}, None),
        ("engagements e date_start", "ally", {"text": "2017"}, None),
        ("strikes e exists", "ally", {}, "own_effort"),
        ("strikes e exists", "foe", {}, "opponent_effort"),
        ("control e exists", "foe", {}, "own_gain"),
        ("control e exists", "ally", {}, "opponent_gain"),
        ("control e holder_id", "ally", {"text": "ally"}, "own_gain"),
        ("control e held_to", "foe", {"text": "2017-11"}, "own_loss"),
        ("control ended exists", "foe", {}, "own_gain"),  # the words say nothing of the end
        ("control ended exists", "foe", {"covers": "holder_id held_to"}, "own_loss"),
        ("control ended exists", "ally", {"covers": "held_to"}, "opponent_loss"),
        ("control e exists", "foe", {"covers": "held_to"}, "own_gain"),  # still held
        ("control e held_from", "foe", {"text": "2014"}, None),
    ],
)
def test_what_an_event_or_period_means_for_those_in_it(
    case: Case, on: str, by: str, cells: dict[str, str], expected: str | None
) -> None:
    """An ally takes a place from a foe; a strike of an ally; a foe holds one place still and another no longer."""
    case.engagement(outcome="place_taken")
    case.add("strikes", strike_id="e", strike_type="airstrike")
    for table in ("engagements", "strikes"):
        for actor, role in (("ally", "initiator"), ("foe", "target")):
            part = {"subject_table": table, "subject_id": "e", "actor_id": actor, "role": role}
            case.add("participants", participant_id=f"{table}-{actor}", **part)
    for key, end in (("e", ".."), ("ended", "2017-11-03")):
        case.add("control", control_id=key, holder_id="foe", control_state="held", held_to=end)
    told = case.say(on=on, by=by, **cells)
    assert interests(case).get(told, {}).get("interest_case") == expected


# --------------------------------------------------------------------------------------------------------------------
# How well it is established who struck


@pytest.mark.parametrize(
    ("struck", "affirm", "deny", "expected"),
    [
        (["ally"], ["ally"], [], "declared"),
        (["ally"], ["ally", "paper"], ["foe"], "declared"),
        (["ally"], ["paper"], ["ally"], "contested"),
        (["ally"], ["paper", "post"], ["ally"], "contested"),
        (["ally", "army"], ["paper", "post"], [], "contested"),
        (["ally", "partner"], ["paper", "post"], [], "likely"),
        (["ally"], ["paper", "post"], [], "likely"),
        (["ally"], ["paper", "paper"], [], "single_source"),
        (["ally"], ["army"], [], "single_source"),
        ([], ["paper"], [], "single_source"),
        (["ally"], [], ["ally"], None),
    ],
)
def test_status_of_a_strike(
    case: Case, struck: list[str], affirm: list[str], deny: list[str], expected: str | None
) -> None:
    """Two blocs of one camp do not contest, and a voice counts once; what nobody affirms has no status."""
    case.add("strikes", strike_id="e", strike_type="airstrike")
    for actor in struck:
        part = {"subject_table": "strikes", "subject_id": "e", "actor_id": actor, "role": "initiator"}
        case.add("participants", participant_id=actor, **part)
    for by in affirm:
        case.say(on="strikes e exists", by=by)
    for by in deny:
        case.say(on="strikes e exists", by=by, polarity="denied")
    assert [row["strike_status"] for row in case.ask("FROM strike_statuses")] == ([expected] if expected else [])


def test_who_only_repeats_a_strike_is_no_second_voice(case: Case) -> None:
    case.add("strikes", strike_id="e", strike_type="airstrike")
    first = case.say(on="strikes e exists")
    case.link(case.say(on="strikes e exists", by="post"), "derived_from", first)
    assert case.ask("FROM strike_statuses")[0]["strike_status"] == "single_source"


# --------------------------------------------------------------------------------------------------------------------
# Policies with a fault

HEAD = "-- A policy for a test.\n-- steps: one\n"
SELECT = "SELECT claim_id, field, [0] AS ladder, point AS best FROM candidates WHERE standing = 'stands'\n"
ONE = SELECT + "LIMIT 1\n"
# fmt: off
BAD = {
    "no_sql": (HEAD + "SELEC claim_id\n", "does not run"),
    "no_such_table": (HEAD + SELECT.replace("candidates", "nothing"), "does not run"),
    "no_such_column": (HEAD + SELECT.replace("point", "middle"), "does not run"),
    "reads_itself": (HEAD + SELECT.replace("candidates", "resolutions"), "a policy reads candidates alone"),
    "reads_a_file": (HEAD + SELECT.replace("candidates", "'/etc/hostname'"), "does not run"),
    "fails_on_a_row": (HEAD + SELECT.replace("[0]", "[CAST(claim_id AS DOUBLE)]"), "does not run"),
    "ladder_of_words": (HEAD + SELECT.replace("[0]", "['a']"), "does not run"),
    "empty": ("", "says what it prefers"),
    "two_statements": (HEAD + SELECT.strip() + ";\n" + SELECT, "is not one SELECT"),
    "no_select": (HEAD + "DROP TABLE claims\n", "is not one SELECT"),
    "only_comment": (HEAD, "is not one SELECT"),
    "no_description": ("-- steps: one\n" + SELECT, "says what it prefers"),
    "no_comment": (SELECT, "says what it prefers"),
    "no_steps": ("-- A policy for a test.\n" + SELECT, "-- steps:"),
    "Upper": (HEAD + SELECT, "snake_case"),
    "column_missing": (HEAD + SELECT.replace(", point AS best", ""), "are needed"),
    "column_too_many": (HEAD + SELECT.replace("SELECT", "SELECT voice_id,"), "are needed"),
    "column_twice": (HEAD + SELECT.replace("SELECT", "SELECT claim_id,"), "are needed"),
    "ranks_twice": (HEAD + SELECT + "UNION ALL " + SELECT, "2 times"),
    "ranks_nothing": (HEAD + ONE.replace("SELECT claim_id", "SELECT 'x' AS claim_id"), "no row of candidates"),
    "ranks_nobody": (HEAD + ONE.replace("SELECT claim_id", "SELECT NULL AS claim_id"), "no row of candidates"),
    "ladder_too_long": (HEAD + SELECT.replace("[0]", "[0, 1]"), "no ladder of 1 filled rungs"),
    "ladder_empty": (HEAD + SELECT.replace("[0]", "[]"), "no ladder of 1 filled rungs"),
    "ladder_null": (HEAD + SELECT.replace("[0]", "NULL"), "no ladder of 1 filled rungs"),
    "rung_null": (HEAD + SELECT.replace("[0]", "[NULL]"), "no ladder of 1 filled rungs"),
    "best_outside": (HEAD + SELECT.replace("point", "point * 1000"), "outside the bounds"),
}
# fmt: on


@pytest.fixture(scope="module")
def faulty(tiny_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny dataset with every policy that has a fault, one that has none, and a default that is no file."""
    root = tmp_path_factory.mktemp("faulty")
    shutil.copytree(tiny_once, root, dirs_exist_ok=True)
    for name, (text, _) in BAD.items():
        (root / resolve.FOLDER / f"{name}.sql").write_text(text, "utf-8")
    (root / resolve.FOLDER / "no_text.sql").write_bytes(b"-- \xff\n")
    (root / resolve.FOLDER / "good.sql").write_text(HEAD + SELECT, "utf-8")
    package = root / "schemas" / "package.yaml"
    text = package.read_text("utf-8")
    assert "default_policy: balanced" in text
    package.write_text(text.replace("default_policy: balanced", "default_policy: belanced"), "utf-8")
    return root


@pytest.fixture(scope="module")
def report(faulty: Path) -> Report:
    return validate(faulty)


def of(report: Report, file: str) -> list[Problem]:
    return [p for p in report.problems if p.file == file]


@pytest.mark.parametrize("name", BAD)
def test_a_policy_with_a_fault_is_one_finding_that_names_its_file(report: Report, name: str) -> None:
    (found,) = of(report, f"{resolve.FOLDER}/{name}.sql")
    assert (found.rule, found.severity) == ("policy-error", "error")
    assert BAD[name][1] in found.message
    assert found.hint


def test_a_policy_that_is_no_text_is_a_finding(report: Report) -> None:
    (found,) = of(report, f"{resolve.FOLDER}/no_text.sql")
    assert found.rule == "policy-error"


def test_a_default_policy_that_is_no_file_is_a_finding(report: Report) -> None:
    (found,) = of(report, "schemas/package.yaml")
    assert found.rule == "policy-error"
    assert "belanced" in found.message


def test_only_the_policies_with_a_fault_are_found(report: Report) -> None:
    """One that is as it should be is not blamed, and no rule trips over the others."""
    files = {f"{resolve.FOLDER}/{name}.sql" for name in (*BAD, "no_text")} | {"schemas/package.yaml"}
    assert {p.file for p in report.problems if p.rule == "policy-error"} == files
    assert {p.rule for p in report.problems} == {"policy-error"}


def test_no_release_is_made_with_a_policy_that_has_a_fault(faulty: Path, tmp_path: Path) -> None:
    with pytest.raises(publish.Refused):
        publish.build(faulty, tmp_path / "build")
    assert not (tmp_path / "build").exists()
    with pytest.raises(resolve.PolicyError, match="best_outside") as caught:
        relations.published(dataset.read(loader.load(faulty)))
    assert all(": policy: " in fault for fault in caught.value.faults)


@pytest.mark.parametrize("table", ["actors", "claims", "figures", "locations", "strikes", "utterances"])
def test_a_key_that_stands_twice_is_no_fault_of_policies_or_rules(tiny: Path, table: str) -> None:
    """One fault, one problem: neither a traceback nor a finding on what is made of the rows."""
    path = tiny / "data" / table / "hand.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    row = next(line for line in lines if line.startswith("orvessa-story-0022,")) if table == "claims" else lines[1]
    path.write_text("".join([lines[0], *sorted([*lines[1:], row])]), "utf-8")
    assert {p.rule for p in validate(tiny).problems} == {"primary-key"}


@pytest.mark.parametrize("text", [None, "SELECT\n"])
def test_a_table_that_cannot_be_made_is_told_without_a_traceback(tiny: Path, text: str | None) -> None:
    path = tiny / "schemas" / "derived" / "candidates.sql"
    path.unlink()
    if text:
        path.write_text(text, "utf-8")
    (found,) = validate(tiny).problems
    assert (found.rule, found.file) == ("schema-error", "schemas/derived/candidates.sql")


# --------------------------------------------------------------------------------------------------------------------
# A policy of one's own


def test_anybody_can_settle_by_a_ranking_of_their_own_on_a_release(release: Path) -> None:  # noqa: F811
    """As the comment of the macro shows it; nothing is written to the release."""
    text = (ROOT / "schemas" / "views" / "settle.sql").read_text("utf-8")
    comment = " ".join(line.removeprefix("-- ") for line in text.splitlines() if line.startswith("--"))
    shown = "CREATE TEMP TABLE mine" + comment.split("CREATE TEMP TABLE mine")[1].split("FROM settle('mine')")[0]
    with duckdb.connect(release / "bastions.duckdb", read_only=True) as connection:
        connection.execute(shown.strip().rstrip(";"))
        found = rows(connection, "FROM settle('mine')")
        claims = rows(connection, "FROM settle_claims('mine')")
        ours = rows(connection, "FROM resolutions WHERE policy = 'balanced'")
    assert {row["policy"] for row in found} == {row["policy"] for row in claims} == {"mine"}
    assert len(found) == len(ours)
    assert [row["low"] for row in found] == [row["low"] for row in ours]
    assert {row["decided_at"] for row in claims} <= {None, "basis"}


# --------------------------------------------------------------------------------------------------------------------
# Whatever is said

HEDGES = {code: row.attributes["value"] for code, row in SCHEMA.code_lists["comparator"].codes.items()}


@st.composite
def saying(draw: st.DrawFn) -> dict[str, Any]:
    hedge = draw(st.sampled_from(sorted(HEDGES)))
    numbers = st.integers(0, 40)
    count = {"required": 1, "range": 2, "bounded": 3, "absent": 0}[HEDGES[hedge]]
    return {
        "stated": sorted(draw(numbers) for _ in range(count)),
        "hedge": hedge,
        "by": draw(st.sampled_from(["paper", "post", "monitor", "minister", "ally", "foe"])),
        "basis": draw(st.sampled_from(["", "eyewitness", "secondary"])),
        "told": draw(st.sampled_from(["2018-01-01", "2018-01", "2018-02-03"])),
        "as_of": draw(st.sampled_from(["", "2017-09", "2017-10-05"])),
        "unit": draw(st.sampled_from(["", "", "mile"])),
    }


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(st.lists(saying(), min_size=1, max_size=5), min_size=10, max_size=25))
def test_whatever_is_said_every_policy_stays_within_bounds_and_no_echo_moves_it(
    empty: duckdb.DuckDBPyConnection, figures: list[list[dict[str, Any]]]
) -> None:
    """A best number is one that somebody stated, within the envelope; an echo of any claim changes no number at all."""
    empty.execute("BEGIN")
    try:
        case = Case(empty)
        said: dict[str, list[str]] = {}
        for number, sayings in enumerate(figures):
            key = f"f{number}"
            case.figure(key, "distance", unit="kilometre", as_of="2017-10")
            said[key] = [case.say(*s.pop("stated"), on=f"figures {key} value", **s) for s in map(dict, sayings)]
        sql = "SELECT * FROM resolutions ORDER BY ALL"
        before = case.ask(sql)
        stated = case.ask("SELECT subject_id, list(DISTINCT least_stated) AS numbers FROM candidates GROUP BY ALL")
        numbers = {row["subject_id"]: row["numbers"] for row in stated}
        for row in before:
            if row["best"] is not None:
                assert row["low"] is None or row["low"] <= row["best"]
                assert row["high"] is None or row["best"] <= row["high"]
                assert row["best"] in numbers[row["subject_id"]]
                assert row["resolution_status"] == "resolved"
        for number, (key, claims) in enumerate(said.items()):
            first = claims[number % len(claims)]
            echo = case.say(17, hedge="approx", by="rebels", on=f"figures {key} value", told="2019-01-01")
            case.link(echo, ["restates", "derived_from"][number % 2], first)
        assert case.ask(sql) == before
    finally:
        empty.execute("ROLLBACK")

"""Which amounts a hedge allows: the algebra of quantities, held against the real code lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest
from conftest import ROOT, schema_in
from hypothesis import given
from hypothesis import strategies as st

from bastions import dialects, quantities, views
from bastions.quantities import Hedge, Interval, Quantity

LISTS = schema_in(ROOT).code_lists
COMPARATORS = LISTS["comparator"]
HEDGES = {code.code: Hedge.of(code.attributes) for code in COMPARATORS.codes.values()}
STATED = [code for code, row in COMPARATORS.codes.items() if row.attributes["value"] == "required"]
DIMENSIONS = ["count", "distance", "duration", "rank", "share"]

numbers = st.decimals(Decimal("0.01"), Decimal(90_000_000), allow_nan=False, places=2).map(float)
shares = st.decimals(Decimal("0.1"), Decimal("99.9"), places=1).map(float)
factors = st.floats(0.001, 1000)
MILE = float(LISTS["unit"].codes["mile"].attributes["factor"])
SQUARE_MILE = MILE**2


def told(comparator: str, *stated: float, dimension: str = "count", made: bool = False) -> Quantity:
    """A quantity as a claim gives it: nothing, one number, the two ends of a range, or an estimate within them."""
    hedge = HEDGES[comparator]
    if len(stated) == 3:
        return Quantity(hedge, stated[1], stated[0], stated[2], quantities.step(stated[1], made), dimension)
    if len(stated) == 2:
        return Quantity(hedge, None, *stated, None, dimension)
    value = stated[0] if stated else None
    step = None if value is None else quantities.step(value, made)
    return Quantity(hedge, value, step=step, dimension=dimension)


@st.composite
def quantity(draw: st.DrawFn, dimensions: tuple[str, ...] = ("count", "distance", "rank")) -> Quantity:
    """Any quantity that a claim can hold, with the numbers that its comparator asks for."""
    comparator = draw(st.sampled_from(sorted(HEDGES)))
    dimension = draw(st.sampled_from(dimensions))
    sizes = shares if dimension == "share" else numbers
    wants = COMPARATORS.codes[comparator].attributes["value"]
    count = {"required": 1, "range": 2, "bounded": 3, "absent": 0}[wants]
    return told(comparator, *sorted(draw(sizes) for _ in range(count)), dimension=dimension, made=draw(st.booleans()))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    """Intervals with small whole ends, so that they often touch."""
    low, high = (draw(st.none() | st.integers(0, 5)) for _ in range(2))
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Interval(low, draw(st.booleans()), high=high, high_open=draw(st.booleans()))


def ends(interval: Interval) -> tuple[float | None, bool, float | None, bool]:
    return interval.low, interval.low_open, interval.high, interval.high_open


# --------------------------------------------------------------------------------------------------------------------
# The code list


@pytest.mark.parametrize("side", ["lower", "upper"])
def test_every_word_that_a_hedge_may_say_of_a_bound_is_understood(side: str) -> None:
    """A word that the algebra does not know would silently mean that there is no bound."""
    (attribute,) = [a for a in COMPARATORS.attributes if a.name == side]
    assert attribute.values
    for word in attribute.values:
        hedge = Hedge(word, "none", False) if side == "lower" else Hedge("none", word, False)
        interval = Quantity(hedge, 20, 10, 30, 10, "share").interval()
        bound, opened = (interval.low, interval.low_open) if side == "lower" else (interval.high, interval.high_open)
        assert (bound is None) is (word == "none"), word
        beyond = word == "tenfold_open"  # a convention reaches up to the whole, which it does not shut out
        assert opened is (word.endswith("_open") and not beyond), word


@pytest.mark.parametrize("code", sorted(HEDGES))
def test_every_comparator_has_the_bounds_that_it_names(code: str) -> None:
    row = COMPARATORS.codes[code].attributes
    assert row["point"] in ("yes", "no")
    stated = {"required": (20.0,), "range": (10.0, 30.0), "bounded": (10.0, 20.0, 30.0), "absent": ()}[row["value"]]
    interval = told(code, *stated, dimension="share").interval()
    assert (interval.low is None) is (row["lower"] == "none")
    assert (interval.high is None) is (row["upper"] == "none")
    assert interval.low_assumed is (row["lower"] == "step")
    assert interval.high_assumed is (row["upper"] in ("step", "tenfold_open"))


# --------------------------------------------------------------------------------------------------------------------
# Laws


@given(quantity(), factors)
def test_bounds_are_closed_under_conversion(told: Quantity, factor: float) -> None:
    """To convert and to take the bounds is the same as to take the bounds and to convert them."""
    one, other = told.scaled(factor).interval(), told.interval().scaled(factor)
    assert one.low == pytest.approx(other.low)
    assert one.high == pytest.approx(other.high)
    assert (one.low_open, one.high_open) == (other.low_open, other.high_open)
    assert (one.low_assumed, one.high_assumed) == (other.low_assumed, other.high_assumed)


@given(quantity(), factors)
def test_a_point_is_converted_with_its_quantity(told: Quantity, factor: float) -> None:
    point = told.scaled(factor).point
    assert point == (None if told.point is None else pytest.approx(told.point * factor))


@given(quantity(("count", "distance", "duration", "share", "rank")))
def test_a_point_lies_in_its_interval(told: Quantity) -> None:
    assert told.point is None or told.point in told.interval()


@given(quantity(("count", "distance", "duration", "share", "rank")))
def test_no_quantity_allows_nothing_or_less_than_nothing(told: Quantity) -> None:
    interval = told.interval()
    if interval.low is not None and interval.high is not None:
        assert 0 <= interval.low <= interval.high
        assert interval.low < interval.high or not (interval.low_open or interval.high_open)


@given(quantity(("share",)))
def test_a_share_never_exceeds_its_whole(told: Quantity) -> None:
    high = told.interval().high
    assert high is None or high <= 100


@given(intervals(), intervals())
def test_intervals_meet_where_some_amount_lies_in_both(one: Interval, other: Interval) -> None:
    """Symmetric, and nothing but that: every quarter is tried."""

    def inside(interval: Interval, amount: float) -> bool:
        above = interval.low is None or interval.low < amount or (interval.low == amount and not interval.low_open)
        below = interval.high is None or amount < interval.high or (interval.high == amount and not interval.high_open)
        return above and below

    empty = [i for i in (one, other) if i.low == i.high is not None and (i.low_open or i.high_open)]
    amounts = [n / 4 for n in range(-4, 28)]
    assert one.meets(other) is other.meets(one)
    if not empty:
        assert one.meets(other) is any(inside(one, a) and inside(other, a) for a in amounts)
        assert [a in one for a in amounts] == [inside(one, a) for a in amounts]


@given(quantity(), quantity())
def test_agreement_is_symmetric_and_each_agrees_with_itself(one: Quantity, other: Quantity) -> None:
    assert quantities.agree(one, other) is quantities.agree(other, one)
    assert quantities.agree(one, one)


# --------------------------------------------------------------------------------------------------------------------
# What the words mean


@given(numbers, st.booleans())
def test_hedges_keep_or_leave_out_the_number_that_they_state(number: float, made: bool) -> None:
    kept = {code: number in told(code, number, made=made).interval() for code in STATED}
    assert {code for code, inside in kept.items() if inside} == {"eq", "approx", "ge", "le"}


@pytest.mark.parametrize(
    ("quantity", "low", "low_open", "high", "high_open", "point"),
    [
        (told("gt", 96, dimension="share"), 96, True, 100, False, None),
        (told("gt", 96), 96, True, None, False, None),
        (told("near_below", 200_000), 150_000, False, 200_000, True, None),
        (told("near_above", 50, dimension="share"), 50, True, 60, False, None),
        (told("near_above", 99, dimension="share"), 99, True, 100, False, None),
        (told("approx", 320, dimension="distance"), 310, False, 330, False, 320),
        (told("approx", 98, dimension="share"), 97, False, 99, False, 98),
        (told("approx", 100, dimension="share"), 75, False, 100, False, 100),
        (told("near_below", 33.33, dimension="share", made=True), 29.997, False, 33.33, True, None),
        (told("near_above", 1, dimension="duration").scaled(7), 7, True, 8.75, False, None),
        (told("ge", 4), 4, False, None, False, None),
        (told("ge", 4, dimension="share"), 4, False, 100, False, None),
        (told("le", 5), 0, False, 5, False, None),
        (told("lt", 5), 0, False, 5, True, None),
        (told("order_of_magnitude", 12), 12, True, 120, True, None),
        (told("between", 5, 7), 5, False, 7, False, None),
        (told("one_of", 2, 3), 2, False, 3, False, None),
        (told("some"), 0, True, None, False, None),
        (told("some", dimension="share"), 0, True, 100, False, None),
        (told("most", dimension="share"), 50, True, 100, False, None),
        (told("most"), None, False, None, False, None),
        (told("nearly_all", dimension="share"), 50, True, 100, True, None),
        (told("none_reported"), 0, False, None, False, None),
        (told("unknown"), None, False, None, False, None),
        (told("eq", 0), 0, False, 0, False, 0),
    ],
)
def test_bounds_of_what_sources_say(
    quantity: Quantity, low: float | None, low_open: bool, high: float | None, high_open: bool, point: float | None
) -> None:
    found = quantity.interval()
    assert ends(found) == (
        None if low is None else pytest.approx(low), low_open,
        None if high is None else pytest.approx(high), high_open,
    )  # fmt: skip
    assert quantity.point == point


def test_none_reported_is_not_zero() -> None:
    """Who has heard of nobody killed allows that there were some; who says that there were none does not."""
    nobody_heard, nobody = told("none_reported"), told("eq", 0)
    assert (nobody_heard.point, nobody.point) == (None, 0)
    assert 4 in nobody_heard.interval()
    assert 4 not in nobody.interval()
    assert nobody_heard.interval().meets(told("ge", 4).interval())
    assert not nobody.interval().meets(told("some").interval())


@pytest.mark.parametrize("code", ["le", "lt", "some", "none_reported"])
def test_ranks_have_no_zero(code: str) -> None:
    stated = (3.0,) if code in STATED else ()
    assert told(code, *stated).interval().low == 0
    assert told(code, *stated, dimension="rank").interval().low is None


# --------------------------------------------------------------------------------------------------------------------
# Two units


@pytest.mark.parametrize("hedge", ["eq", "approx"])
@pytest.mark.parametrize(
    ("one", "factor", "other", "same"),
    [
        (200, MILE, 320, True),
        (25, MILE, 40, True),
        (62, MILE, 100, True),
        (35_000, SQUARE_MILE, 90_000, True),
        (100, MILE, 320, False),
        (25, MILE, 60, False),
        (320, MILE, 200, False),  # the two numbers, exchanged
        (35_000, SQUARE_MILE, 35_000, False),
    ],
)
def test_what_rounding_alone_keeps_apart_agrees(
    hedge: str, one: float, factor: float, other: float, same: bool
) -> None:
    assert quantities.agree(told(hedge, one).scaled(factor), told(hedge, other)) is same


def test_rounding_reaches_half_a_step() -> None:
    """40 stands for all that is rounded to it: 35 to 45; 41 is written to the unit and reaches from 40.5."""
    assert ends(quantities.rounded(told("eq", 40))) == (35, False, 45, False)
    assert quantities.agree(told("eq", 40), told("eq", 45))
    assert not quantities.agree(told("eq", 40), told("eq", 46))
    assert quantities.rounded(told("between", 5, 7)) == told("between", 5, 7).interval()


# --------------------------------------------------------------------------------------------------------------------
# Steps


@pytest.mark.parametrize(
    ("number", "step"),
    [(320, 10), (96, 1), (101, 1), (6.6, 0.1), (33.33, 0.01), (1500, 100), (20_500, 100), (0, 0),
     (200_000, 50_000), (100, 25), (1, 0.25), (0.5, 0.1), (0.2, 0.05)],
)  # fmt: skip
def test_a_step_is_the_last_digit_that_was_written_and_at_most_a_quarter(number: float, step: float) -> None:
    assert quantities.step(number) == pytest.approx(step)


@given(numbers)
def test_digits_that_were_made_say_a_tenth(number: float) -> None:
    assert quantities.step(number, made=True) == pytest.approx(number / 10)


@given(st.decimals(Decimal("0.001"), Decimal(1_000_000), places=3), st.booleans())
def test_steps_are_scale_free(number: Decimal, made: bool) -> None:
    assert quantities.step(float(number * 10), made) == pytest.approx(10 * quantities.step(float(number), made))


@given(numbers)
def test_a_step_is_above_nothing_and_at_most_a_quarter(number: float) -> None:
    assert 0 < quantities.step(number) <= number * quantities.CAP


# --------------------------------------------------------------------------------------------------------------------
# The same in SQL


@pytest.fixture(scope="module")
def clashes() -> Iterator[duckdb.DuckDBPyConnection]:
    """The view `clashes` over a table of candidates that a test fills; all else is empty."""
    schema = schema_in(ROOT)
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        for table in (*schema.tables.values(), *schema.derived.values()):
            columns = dialects.duckdb_table(replace(table.published(), primary_key=(), foreign_keys=()))
            connection.execute(columns.replace(" NOT NULL", ""))
        used = views.needed(views.load(schema), ["clashes"])
        views.define(connection, used, check=False)
        yield connection


@given(pairs=st.lists(st.tuples(quantity(), quantity(), st.booleans()), min_size=1, max_size=12))
def test_the_view_clashes_is_the_algebra_in_sql(
    clashes: duckdb.DuckDBPyConnection, pairs: list[tuple[Quantity, Quantity, bool]]
) -> None:
    """Bounds that share no amount clash; where one was told in another unit, rounding is left its half step."""
    clashes.execute("DELETE FROM candidates")
    for number, (one, other, converted) in enumerate(pairs):
        for name, told_as in (("a", one), ("b", other)):
            bounds = told_as.interval()
            cells = {
                "claim_id": f"{number}-{name}", "field": "value", "subject_table": "figures", "subject_id": str(number),
                "standing": "stands", "low": bounds.low, "low_open": bounds.low_open, "high": bounds.high,
                "high_open": bounds.high_open, "step": told_as.step, "converted": converted,
            }  # fmt: skip
            marks = ", ".join("?" * len(cells))
            clashes.execute(f"INSERT INTO candidates ({', '.join(cells)}) VALUES ({marks})", list(cells.values()))
    found = {row[0] for row in clashes.execute("SELECT subject_id FROM clashes").fetchall()}
    for number, (one, other, converted) in enumerate(pairs):
        meet = quantities.agree(one, other) if converted else one.interval().meets(other.interval())
        assert (str(number) in found) is not meet

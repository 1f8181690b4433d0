"""The algebra of hedged quantities: which amounts a hedge allows, whatever the unit.

Which bound a hedge sets is data: the attributes `lower` and `upper` of `schemas/codes/comparator.yaml`. This module is
what those words mean. Bounds are closed under conversion: to convert a quantity and to take its bounds is the same as
to take its bounds and to convert them. The notion is that of interval arithmetic (IEEE 1788, flavour of sets), without
the arithmetic on two intervals, which no rule of ours needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

WHOLE = 100.0
"""The whole of which a share is a part, in per cent."""

CAP = 0.25
"""A step is at most this part of the value: "about 200,000" is not read as 100,000 to 300,000."""

MADE = 0.1
"""The step, as a part of the value, of a number whose digits are an artefact: 33.33 for "a third"."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The amounts that are possible.

    Attributes:
        low: The least amount; None where there is no bound.
        low_open: Whether that amount itself is excluded.
        low_assumed: Whether the bound rests on the convention of the step and not on the words.
        high: The greatest amount; None where there is no bound.
    """

    low: float | None = None
    low_open: bool = False
    low_assumed: bool = False
    high: float | None = None
    high_open: bool = False
    high_assumed: bool = False

    def scaled(self, factor: float) -> Interval:
        """The same amounts in another unit, of which `factor` make one of this; positive."""
        return replace(
            self,
            low=None if self.low is None else self.low * factor,
            high=None if self.high is None else self.high * factor,
        )

    def widened(self, by: float) -> Interval:
        """The amounts and what lies within `by` of them: how far a rounded number may be from what it stands for."""
        return replace(
            self,
            low=None if self.low is None else self.low - by,
            high=None if self.high is None else self.high + by,
        )

    def meets(self, other: Interval) -> bool:
        """Whether some amount is possible in both; symmetric."""
        return self._reaches(other) and other._reaches(self)

    def _reaches(self, other: Interval) -> bool:
        """Whether the least amount here does not lie above the greatest there."""
        if self.low is None or other.high is None:
            return True
        return self.low < other.high or (self.low == other.high and not (self.low_open or other.high_open))

    def __contains__(self, amount: float) -> bool:
        return self.meets(Interval(amount, high=amount))


@dataclass(frozen=True, slots=True)
class Hedge:
    """What a comparator says of bounds: a row of the code list.

    Attributes:
        lower: How the least amount follows; one of the values of the list's attribute `lower`.
        upper: How the greatest amount follows.
        point: Whether the stated number may serve as an estimate.
    """

    lower: str
    upper: str
    point: bool

    @staticmethod
    def of(attributes: Mapping[str, str]) -> Hedge:
        """The hedge of a code, from its attributes; `KeyError` where one is missing."""
        return Hedge(attributes["lower"], attributes["upper"], attributes["point"] == "yes")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity as it was told, in one unit.

    Attributes:
        value: The stated number; None for a range, or where the words give none.
        least: The lower end of a stated range, or of an estimate's bounds.
        greatest: The upper end of a stated range, or of an estimate's bounds.
        step: The place value of the last digit that the source wrote, see `step`; None without a value.
        dimension: What the unit measures; `share` has a whole, `rank` has no zero.
    """

    hedge: Hedge
    value: float | None = None
    least: float | None = None
    greatest: float | None = None
    step: float | None = None
    dimension: str = "count"

    def scaled(self, factor: float) -> Quantity:
        """The same quantity in another unit; hedge and precision stay what the source made them."""

        def times(number: float | None) -> float | None:
            return None if number is None else number * factor

        return replace(
            self,
            value=times(self.value),
            least=times(self.least),
            greatest=times(self.greatest),
            step=times(self.step),
        )

    @property
    def point(self) -> float | None:
        """The number where the hedge lets it serve as an estimate."""
        return self.value if self.hedge.point else None

    def interval(self) -> Interval:
        """The amounts that the words allow, by the rules of `schemas/codes/comparator.yaml`."""
        low, low_open = self._bound(self.hedge.lower, self.least, -1)
        high, high_open = self._bound(self.hedge.upper, self.greatest, 1)
        conventions = ("step", "tenfold_open")
        return Interval(
            low,
            low_open and low is not None,
            self.hedge.lower in conventions and low is not None,
            high,
            high_open and high is not None,
            self.hedge.upper in conventions and high is not None,
        )

    def _bound(self, rule: str, end: float | None, sign: int) -> tuple[float | None, bool]:
        kind, opened = rule.removesuffix("_open"), rule.endswith("_open")
        bound: float | None = None
        if kind == "value":
            bound = self.value
        elif kind == "range":
            bound = end
        elif kind in ("least_of", "greatest_of"):
            stated = [number for number in (self.value, self.least, self.greatest) if number is not None]
            bound = (min if sign < 0 else max)(stated, default=None)
        elif kind == "step" and self.value is not None and self.step is not None:
            bound = self.value + sign * self.step
        elif kind == "tenfold" and self.value is not None:
            bound = 10 * self.value
        elif kind == "zero" and self.dimension != "rank":
            bound = 0.0
        elif kind == "half" and self.dimension == "share":
            bound = WHOLE / 2
        elif kind == "whole" and self.dimension == "share":
            bound = WHOLE
        if kind in ("step", "tenfold") and self.dimension == "share" and bound is not None and bound >= WHOLE:
            return WHOLE, False  # a convention does not reach beyond the whole, nor does it shut the whole out
        return bound, opened


def step(value: float, made: bool = False) -> float:
    """The place value of the last digit other than nought: 10 for 320, 1 for 96, 0.1 for 6.6, 100,000 for 200,000.

    Args:
        value: The number as the source writes it.
        made: Whether a conversion or calculation made its digits, which then say nothing.

    Returns:
        The step, at most `CAP` of the value; `MADE` of it where the digits were made; 0 for 0.
    """
    if made:
        return abs(value) * MADE
    digits = Decimal(repr(float(value))).normalize()
    exponent = digits.as_tuple().exponent
    assert isinstance(exponent, int)
    return min(float(Decimal(1).scaleb(exponent)), abs(value) * CAP)


def agree(one: Quantity, other: Quantity) -> bool:
    """Whether two tellings of one amount in two units agree within rounding: 200 miles and 320 kilometres do.

    Each stands for all amounts that would be rounded to it, half a step to either side.

    Args:
        one: A quantity.
        other: Another, converted to the unit of the first.
    """
    return rounded(one).meets(rounded(other))


def rounded(quantity: Quantity) -> Interval:
    """The amounts that a rounded telling can stand for."""
    return quantity.interval().widened((quantity.step or 0) / 2)

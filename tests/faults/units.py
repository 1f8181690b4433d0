"""Numbers in another unit than they should be."""

from __future__ import annotations

from .common import change, warned
from .harness import GENERIC, GENERIC_1, OURS, Expected, Package, fault


@fault("units", (OURS,))
def unit_of_other_dimension(p: Package) -> Expected:
    """Bombs are counted in kilometres."""
    return change(p, "claims", "orvessa-story-0022", "claims__unit_of_other_dimension", "unit", unit="kilometre")


@fault("units", (OURS,))
def figure_in_days(p: Package) -> Expected:
    """A figure of aircraft is in days."""
    return change(p, "figures", "raid-aircraft", "figures__unit_of_other_dimension", "unit", unit="day")


@fault("units", (OURS,))
def unit_unknown(p: Package) -> Expected:
    """A unit is none of the list."""
    return change(p, "figures", "orvessa-calder-distance", "constraint-error", "unit", unit="league")


@fault("units", (OURS,))
def unit_abbreviated(p: Package) -> Expected:
    """A unit is abbreviated."""
    return change(p, "figures", "orvessa-calder-distance", "constraint-error", "unit", unit="km")


@fault("units", (OURS,))
def metres_for_kilometres(p: Package) -> Expected:
    """A distance in kilometres is written in metres."""
    return warned(change(p, "claims", "orvessa-story-0027", "claims__distance_off", "value", value="40000"))


@fault("units", (OURS,))
def share_above_hundred(p: Package) -> Expected:
    """A share is above a hundred per cent."""
    return change(p, "claims", "orvessa-story-0032", "claims__share_above_whole", "value", value="170")


@fault("units", (OURS,))
def counting_rule_missing(p: Package) -> Expected:
    """Strikes are counted, and nobody says by which rule."""
    rule = "figures__counting_rule_missing"
    return change(p, "figures", "register-17-strikes", rule, "counting_rule", counting_rule="")


@fault("units", (GENERIC_1,))
def centimetres_for_metres(p: Package) -> Expected:
    """A level of a gauge is in tenths of millimetres, above what its column allows."""
    p.set(p.spot("bounded_number"), "9825")
    return p.at(p.spot("bounded_number"), "constraint-error")


@fault("units", GENERIC)
def unit_beside_number(p: Package) -> Expected:
    """A unit stands beside a number."""
    p.set(p.spot("number"), "45 cm")
    return p.at(p.spot("number"), "type-error")


@fault("units", (GENERIC_1,))
def degrees_and_minutes(p: Package) -> Expected:
    """A latitude is in degrees and minutes."""
    p.set(p.spot("latitude"), "12°45'S")
    return p.at(p.spot("latitude"), "type-error")


@fault("units", (OURS, GENERIC_1))
def latitude_beyond_the_pole(p: Package) -> Expected:
    """A latitude is beyond the pole, since it is the longitude."""
    p.set(p.spot("latitude"), "96.8")
    return p.at(p.spot("latitude"), "constraint-error")


@fault("units", (OURS, GENERIC_1))
def longitude_beyond_the_globe(p: Package) -> Expected:
    """A longitude is counted to 360 degrees."""
    p.set(p.spot("longitude"), "330.5")
    return p.at(p.spot("longitude"), "constraint-error")

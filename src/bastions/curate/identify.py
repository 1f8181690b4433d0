"""Whether a place of one gazetteer is there already, in rows that came from another."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from bastions.curate.gazetteer import NEAR_KM, Decision
from bastions.curate.geometry import Point, distance_km
from bastions.curate.place_index import PlaceIndex, compact
from bastions.curate.spelling import script, skeleton

TWIN, TWIN_KM = 74, 2.0
"""Least ratio, and greatest distance in kilometres, of one place in two gazetteers whose names are only alike."""


def identify(places: PlaceIndex, names: Sequence[str], point: Point, country: str, unit_id: str) -> Decision:
    """The populated place that another gazetteer lists under these names at this point; a place is not guessed.

    Names have to be the same up to spelling, and the points within NEAR_KM; a place without a point has to lie in
    the very unit that holds the point. If several places fit, the names in front decide, then the distance. If
    none does, names that are alike (ratio of TWIN, or the same consonants) are enough within TWIN_KM.

    Args:
        places: What is there.
        names: All names of the other gazetteer, the one it prefers first.
        point: Where it puts the place.
        country: ISO code.
        unit_id: The smallest unit that holds the point; empty where none does.
    """
    found: dict[str, tuple[int, float, str, str]] = {}
    for rank, name in enumerate(names):
        for location_id in places.by_key.get(compact(name), ()):
            place = places.places[location_id]
            if place.location_type != "populated_place" or place.country != country or location_id in found:
                continue
            km = distance_km(point, place.point) if place.point else None
            if (km is not None and km <= NEAR_KM) or (km is None and unit_id and place.parent_id == unit_id):
                said = f"{km:.1f} km apart" if km is not None else f"both in {unit_id}"
                found[location_id] = (min(rank, 1), km if km is not None else 0.0, name, said)
    if not found:
        return _twin(places, names, point, country)
    location_id, (_, _, name, said) = min(found.items(), key=lambda item: (item[1][:2], item[0]))
    method, score = places.named(location_id, name)
    others = "".join(f"; not {other}" for other in sorted(found) if other != location_id)
    return Decision(location_id, (), method, round(score), f'by the name "{name}", {said}{others}')


def _twin(places: PlaceIndex, names: Sequence[str], point: Point, country: str) -> Decision:
    """The place hard by whose name is alike, if there is one alone."""
    found: dict[str, tuple[float, str, float]] = {}
    for place in places.places.values():
        if place.location_type != "populated_place" or place.country != country or place.point is None:
            continue
        if (km := distance_km(point, place.point)) > TWIN_KM:
            continue
        for name in names:
            ratio = fuzz.ratio(compact(name), compact(place.name)) if script(name) == "Latn" else 0.0
            same = script(name) == "Latn" and skeleton(name) == skeleton(place.name)
            if (ratio >= TWIN or same) and ratio > found.get(place.location_id, (0.0, "", 0.0))[0]:
                found[place.location_id] = (ratio, name, km)
    if len(found) != 1:
        return Decision()
    location_id, (ratio, name, km) = found.popitem()
    note = f'by the name "{name}", alike, {km:.1f} km apart'
    return Decision(location_id, (), "fuzzy", round(ratio), note)

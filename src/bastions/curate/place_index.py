"""The places of `data/` by all their names, and the units in which they lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from rapidfuzz import fuzz

from bastions.curate.geometry import Point
from bastions.curate.job import Row
from bastions.curate.spelling import normalise, script, skeleton

UNITS = ("governorate", "district", "subdistrict")
LIKE, LONG = 65, 4
"""Least ratio of two names of one unit in one script; least number of consonants where the scripts differ."""
_SILENT = frozenset({"metonym", "description"})


@dataclass(slots=True)
class Place:
    """A row of `locations` with its names (text, name_type)."""

    location_id: str
    name: str
    location_type: str
    parent_id: str
    country: str
    point: Point | None
    names: list[tuple[str, str]] = field(default_factory=list)


class PlaceIndex:
    """The places of `data/`, by their names.

    Args:
        tables: Text frames; `locations`, `names` and `identifiers` are read.

    Attributes:
        places: Location id to place.
        by_pcode: OCHA's p-code to location id.
        by_key: The compact key of a name to the ids of the places that have it.
        latin: The same, for names in Latin script alone.
    """

    def __init__(self, tables: Mapping[str, pl.DataFrame]):
        self.places: dict[str, Place] = {}
        self.by_pcode: dict[str, str] = {}
        self._exact: dict[str, set[str]] = defaultdict(set)
        self.by_key: dict[str, set[str]] = defaultdict(set)
        self.latin: dict[str, set[str]] = defaultdict(set)
        self._units: dict[tuple[str, str, str], str] = {}
        for row in dicts(tables, "locations"):
            self.add(row)
        for row in dicts(tables, "names"):
            if row["subject_table"] == "locations" and row["name_type"] not in _SILENT:
                self.add_name(row["subject_id"], row["name"], row["name_type"])
        for row in dicts(tables, "identifiers"):
            if row["subject_table"] == "locations" and row["scheme"] == "ocha-pcode" and row["match"] == "exact":
                self.by_pcode[row["identifier"]] = row["subject_id"]

    def add(self, row: Row) -> None:
        """Adds a row of `locations`, so that later names find it; its name counts as one of its names."""
        latitude, longitude = row.get("latitude", ""), row.get("longitude", "")
        point = (float(latitude), float(longitude)) if latitude and longitude else None
        place = Place(
            row["location_id"],
            row["name"],
            row["location_type"],
            row.get("parent_id", ""),
            row.get("country", ""),
            point,
        )
        self.places[place.location_id] = place
        self.add_name(place.location_id, place.name, "primary")

    def add_name(self, location_id: str, name: str, name_type: str = "spelling") -> None:
        """Adds a name by which a place is found; a place that is not there is left to the checks of keys."""
        place = self.places.get(location_id)
        key = compact(name)
        if place is None or not key:
            return
        place.names.append((name, name_type))
        self._exact[name.casefold()].add(location_id)
        self.by_key[key].add(location_id)
        if script(name) == "Latn":
            self.latin[key].add(location_id)

    def units_of(self, location_id: str) -> dict[str, str]:
        """Location type to id of the place itself and of what it lies in: `{"district": "abu-kamal-district", …}`."""
        found: dict[str, str] = {}
        at = self.places.get(location_id)
        while at is not None and at.location_id not in found.values():
            found.setdefault(at.location_type, at.location_id)
            at = self.places.get(at.parent_id)
        return found

    def unit(self, name: str, country: str = "", inside: str = "") -> str:
        """The id of the governorate, district or subdistrict that a source names; empty where none or several fit.

        Args:
            name: As the source writes it; a word in it (`governorate`, `district`) limits the level.
            country: ISO code; empty for any.
            inside: A unit in which it has to lie.
        """
        asked = (name, country, inside)
        if asked not in self._units:
            self._units[asked] = self._unit(name, country, inside)
        return self._units[asked]

    def _unit(self, name: str, country: str, inside: str) -> str:
        key = normalise(name)
        levels = (key.kind,) if key.kind in UNITS else UNITS
        for level in levels:
            fits = [
                place
                for place in self.places.values()
                if place.location_type == level
                and country in ("", place.country)
                and (not inside or inside in self.units_of(place.location_id).values())
            ]
            equal = {p.location_id for p in fits if any(compact(n) == compact(name) for n, _ in p.names)}
            alike = equal or {p.location_id for p in fits if any(_same_unit(n, name) for n, _ in p.names)}
            if len(alike) == 1:
                return alike.pop()
        return ""

    def named(self, location_id: str, name: str) -> tuple[str, float]:
        """How a place has a name: the method and its score."""
        exact = 3 if location_id in self._exact.get(name.casefold(), ()) else 0
        key, place = compact(name), self.places[location_id]
        if compact(place.name) == key:
            return ("exact_name" if exact else "normalised_name"), 97 + exact
        alias = all(kind == "alias" for text, kind in place.names if compact(text) == key)
        return "alternate_name", (91 if alias else 95) + exact

    def parent_point(self, place: Place) -> Point | None:
        """The point of what a place lies in, where it has one."""
        parent = self.places.get(place.parent_id)
        return parent.point if parent else None


def _same_unit(one: str, other: str) -> bool:
    """Whether two names of units of one level have the same consonants, and within one script are alike at all."""
    bones = skeleton(one)
    if bones != skeleton(other):
        return False
    if script(one) == script(other):
        return fuzz.ratio(compact(one), compact(other)) >= LIKE
    return len(bones) >= LONG


def compact(name: str) -> str:
    """The key of a name without its spaces, by which places are found."""
    return normalise(name).text.replace(" ", "")


def dicts(tables: Mapping[str, pl.DataFrame], name: str) -> list[dict[str, str]]:
    """The rows of a text frame, empty cells as empty text; none where there is no such table."""
    if name not in tables:
        return []
    rows: list[dict[str, Any]] = tables[name].to_dicts()
    return [{column: value or "" for column, value in row.items()} for row in rows]

"""In which administrative unit a point lies: OCHA's polygons, held in memory, never in the repository.

Raw polygons stay outside; what enters `data/` is the parent of a place that was found with them, and, where a source
names another unit for its point than the one that holds it, a row of method `outside_unit` in the source's
`seeds/<source_id>/places.csv` (`outside_row`), which anyone can read without the polygons.

Shapefiles are read by pyshp (ESRI Shapefile Technical Description, 1998), GeoJSON by RFC 7946; both in WGS 84. Points
on a shared edge belong to the unit whose code comes first, so that every run says the same.
"""

from __future__ import annotations

import io
import json
import struct
import warnings
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any

import shapefile  # type: ignore[import-untyped]
from shapely import GEOSException, STRtree, make_valid
from shapely.affinity import scale
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from bastions.curate.geometry import distance_km
from bastions.problems import Problem, problem

HEADER = 100
"""Bytes of the header of a .shp and of a .shx."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An administrative unit as its file gives it: p-code, level (1 to 3), polygon, attributes, and which file."""

    pcode: str
    level: int
    polygon: BaseGeometry
    attributes: Mapping[str, str]
    file: str


class PolygonError(ValueError):
    """A file of polygons is not what it should be; the message begins with its name, and says why."""

    def problem(self) -> Problem:
        """The same as a finding on the file."""
        file, _, rest = str(self).partition(": ")
        return problem("source-error", file, rest, hint="Get the file anew, as source.yaml says.")


class Polygons:
    """Units that can be asked which of them holds a point.

    Args:
        units: All units of all levels; a p-code stands once.

    Raises:
        PolygonError: Where a p-code stands twice.
    """

    def __init__(self, units: list[Unit]):
        self.units = {unit.pcode: unit for unit in sorted(units, key=lambda u: u.pcode)}
        if twice := sorted(code for code, number in Counter(u.pcode for u in units).items() if number > 1):
            file = [unit.file for unit in units if unit.pcode == twice[0]][-1]
            raise PolygonError(f"{file}: p-codes stand twice: {', '.join(twice)}")
        self._codes = list(self.units)
        self._tree = STRtree([self.units[code].polygon for code in self._codes])

    def holding(self, latitude: float, longitude: float) -> list[Unit]:
        """The units that hold a point (edges included), smallest last; empty outside all of them."""
        found = self._tree.query(Point(longitude, latitude), predicate="intersects")
        units = sorted((self.units[self._codes[i]] for i in found), key=lambda u: (u.level, u.pcode))
        first: dict[int, Unit] = {}
        for unit in units:
            first.setdefault(unit.level, unit)
        return [first[level] for level in sorted(first)]

    def smallest(self, latitude: float, longitude: float) -> str:
        """The p-code of the smallest unit that holds a point; empty outside all of them."""
        held = self.holding(latitude, longitude)
        return held[-1].pcode if held else ""

    def outside(self, unit_pcode: str, point: tuple[float, float]) -> float:
        """How many kilometres a point (latitude, longitude) lies outside a unit; 0.0 inside it or on its edge.

        Measured on the sphere to the nearest point of the edge, which is found with longitudes shrunk by the cosine of
        the latitude: below 1 % off within 200 km.

        Raises:
            KeyError: Where there is no polygon of that p-code.
        """
        polygon = self.units[unit_pcode].polygon
        here = Point(point[1], point[0])
        if polygon.intersects(here):
            return 0.0
        shrink = cos(radians(point[0]))
        flat = _shrunk(polygon, shrink)
        edge, _ = nearest_points(flat, Point(point[1] * shrink, point[0]))
        return distance_km(point, (edge.y, edge.x / shrink))


def load(raw: Mapping[str, bytes]) -> Polygons:
    """All units in the files of polygons among raw files; other files are left alone.

    Args:
        raw: File name to bytes. Every `.shp` whose `.dbf` and `.shx` are there too, and every `.geojson`, is read; a
            `.shp` without attributes is not one of units and is left alone.

    Raises:
        PolygonError: Where a file cannot be read, a polygon has no p-code or is empty, or a p-code stands twice.
    """
    units: list[Unit] = []
    for name in sorted(raw):
        stem, _, kind = name.rpartition(".")
        if kind == "geojson":
            units += _geojson(name, raw[name])
        elif kind == "shp" and f"{stem}.dbf" in raw and f"{stem}.shx" in raw:
            units += _shapefile(name, raw[name], raw[f"{stem}.dbf"], raw[f"{stem}.shx"])
    return Polygons(units)


def _shapefile(name: str, shp: bytes, dbf: bytes, shx: bytes) -> list[Unit]:
    stem = name.rpartition(".")[0]
    for file, data in ((name, shp), (f"{stem}.shx", shx)):
        # The header has the length of the whole file in words of 16 bits; pyshp would only warn.
        said = 2 * int.from_bytes(data[24:28], "big")
        if len(data) != max(said, HEADER):
            message = f"cannot be read as a shapefile: it has {len(data):,} bytes, its header says {said:,}"
            raise PolygonError(f"{file}: {message}")
    rows, header, width = (int.from_bytes(dbf[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
    if len(dbf) < header + rows * width:
        message = f"cannot be read as dBASE: it has {len(dbf):,} bytes, its header says {header + rows * width:,}"
        raise PolygonError(f"{stem}.dbf: {message}")
    try:
        with (
            warnings.catch_warnings(action="error"),
            shapefile.Reader(shp=io.BytesIO(shp), dbf=io.BytesIO(dbf), shx=io.BytesIO(shx), encoding="utf-8") as reader,
        ):
            records = [(one.shape.__geo_interface__, one.record.as_dict()) for one in reader.shapeRecords()]
    except (shapefile.ShapefileException, struct.error, LookupError, TypeError, ValueError, Warning) as error:
        raise PolygonError(f"{name}: cannot be read as a shapefile: {error}") from None
    return [_unit(name, geometry, attributes) for geometry, attributes in records]


def _geojson(name: str, data: bytes) -> list[Unit]:
    try:
        features = json.loads(data.decode("utf-8"))["features"]
        return [_unit(name, one["geometry"], one["properties"]) for one in features]
    except (UnicodeDecodeError, json.JSONDecodeError, LookupError, TypeError, AttributeError) as error:
        raise PolygonError(f"{name}: cannot be read as GeoJSON: {error}") from None


def _unit(name: str, geometry: Any, attributes: Mapping[str, Any]) -> Unit:
    """The unit of one polygon; its level is the highest number of a `..._pcode` column that is filled."""
    text = {str(k).lower(): "" if v is None else str(v) for k, v in attributes.items()}
    levels = [level for level in (1, 2, 3) if text.get(f"adm{level}_pcode")]
    if not levels:
        raise PolygonError(f"{name}: a polygon has no p-code")
    code = text[f"adm{levels[-1]}_pcode"]
    try:
        polygon = make_valid(shape(geometry))
    except (ValueError, TypeError, AttributeError, GEOSException) as error:
        raise PolygonError(f"{name}: {code}: is no polygon: {error}") from None
    if polygon.is_empty or polygon.area == 0:
        raise PolygonError(f"{name}: {code}: is an empty polygon")
    return Unit(code, levels[-1], polygon, text, name)


def _shrunk(geometry: BaseGeometry, factor: float) -> BaseGeometry:
    return scale(geometry, factor, 1.0, origin=(0, 0))

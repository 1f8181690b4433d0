"""JSON in cells: objects, arrays, geographic points written as JSON, GeoJSON (RFC 7946) and TopoJSON.

The text stays as it stands; it is only checked. JSON is read as RFC 8259 has it: no `NaN`, no key twice in an object.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Check = Callable[[Any], bool]


class Number(str):
    """A number as its digits: nothing here needs its value, and a value costs time that grows with the digits."""


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


_DECODER = json.JSONDecoder(
    parse_float=Number, parse_int=Number, parse_constant=_no_constant, object_pairs_hook=_no_key_twice
)


def is_json(text: str, check: Check) -> bool:
    """Whether a text is JSON that passes a check; never raises, however deep the JSON."""
    try:
        return check(_DECODER.decode(text))
    except (ValueError, RecursionError):
        return False


def is_object(value: Any) -> bool:
    """A JSON object."""
    return isinstance(value, dict)


def is_array(value: Any) -> bool:
    """A JSON array."""
    return isinstance(value, list)


def is_point_array(value: Any) -> bool:
    """A geographic point as `[lon, lat]`."""
    return isinstance(value, list) and len(value) == 2 and _on_earth(*value)


def is_point_object(value: Any) -> bool:
    """A geographic point as `{"lon": …, "lat": …}`."""
    return isinstance(value, dict) and value.keys() == {"lon", "lat"} and _on_earth(value["lon"], value["lat"])


def _on_earth(lon: Any, lat: Any) -> bool:
    if not (isinstance(lon, Number) and isinstance(lat, Number)):
        return False
    return abs(float(lon)) <= 180 and abs(float(lat)) <= 90


def is_geojson(value: Any) -> bool:
    """The structure of RFC 7946: types, members that must be there, the nesting of coordinates, closed rings."""
    return _feature(value) or _collection(value) or _geometry(value)


def _collection(value: Any) -> bool:
    return _is(value, "FeatureCollection") and _bbox(value) and _all(value.get("features"), _feature)


def _feature(value: Any) -> bool:
    if not (_is(value, "Feature") and _bbox(value) and value.keys() >= {"geometry", "properties"}):
        return False
    geometry, properties, name = value["geometry"], value["properties"], value.get("id", "")
    # A number is a kind of str here, as an id may be.
    return (
        (geometry is None or _geometry(geometry))
        and (properties is None or isinstance(properties, dict))
        and isinstance(name, str)
    )


def _geometry(value: Any) -> bool:
    if not (isinstance(value, dict) and _bbox(value)):
        return False
    if value.get("type") == "GeometryCollection":
        return _all(value.get("geometries"), _geometry)
    check = _COORDINATES.get(value["type"]) if isinstance(value.get("type"), str) else None
    return check is not None and check(value.get("coordinates"))


def _position(value: Any) -> bool:
    return _all(value, _number) and len(value) >= 2


def _line(value: Any) -> bool:
    return _all(value, _position) and len(value) >= 2


def _ring(value: Any) -> bool:
    # The first and last positions must be the same: compared as numbers, since 1.0 and 1 are.
    return _all(value, _position) and len(value) >= 4 and list(map(float, value[0])) == list(map(float, value[-1]))


def _polygon(value: Any) -> bool:
    return _all(value, _ring)


_COORDINATES: dict[str, Check] = {
    "Point": _position,
    "MultiPoint": lambda value: _all(value, _position),
    "LineString": _line,
    "MultiLineString": lambda value: _all(value, _line),
    "Polygon": _polygon,
    "MultiPolygon": lambda value: _all(value, _polygon),
}


def _is(value: Any, name: str) -> bool:
    return isinstance(value, dict) and value.get("type") == name


def _all(value: Any, check: Check) -> bool:
    return isinstance(value, list) and all(map(check, value))


def _number(value: Any) -> bool:
    return isinstance(value, Number)


def _bbox(value: dict[str, Any]) -> bool:
    box = value.get("bbox", [])
    return "bbox" not in value or (_all(box, _number) and len(box) >= 4 and len(box) % 2 == 0)


def is_topojson(value: Any) -> bool:
    """A TopoJSON topology, or one of its geometries."""
    if not _is(value, "Topology"):
        return _topo_geometry(value)
    objects, transform = value.get("objects"), value.get("transform")
    return (
        isinstance(objects, dict)
        and all(map(_topo_geometry, objects.values()))
        and _all(value.get("arcs"), _line)
        and _bbox(value)
        and ("transform" not in value or _transform(transform))
    )


def _transform(value: Any) -> bool:
    return isinstance(value, dict) and all(
        _all(value.get(name), _number) and len(value[name]) == 2 for name in ("scale", "translate")
    )


def _topo_geometry(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    kind = value.get("type")
    if kind == "GeometryCollection":
        return _all(value.get("geometries"), _topo_geometry)
    if kind in ("Point", "MultiPoint"):
        return _COORDINATES[kind](value.get("coordinates"))
    depth = {"LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}.get(str(kind), 0)
    return ("type" in value and kind is None) or (depth > 0 and _nested(value.get("arcs"), depth))


def _nested(value: Any, depth: int) -> bool:
    if depth == 0:
        return isinstance(value, Number) and value.lstrip("-").isdigit()
    return isinstance(value, list) and all(_nested(item, depth - 1) for item in value)

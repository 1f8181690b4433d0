"""Points on the sphere."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

Point = tuple[float, float]
"""Latitude and longitude, WGS 84, degrees."""


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance of two points in kilometres, on a sphere of 6,371 km."""
    half = sin(radians(b[0] - a[0]) / 2) ** 2
    half += cos(radians(a[0])) * cos(radians(b[0])) * sin(radians(b[1] - a[1]) / 2) ** 2
    return 12742 * asin(sqrt(min(1.0, half)))

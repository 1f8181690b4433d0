"""Points in invented units: two governorates, each a square of one degree, with districts and subdistricts."""

from __future__ import annotations

import io
import json

import pytest
import shapefile  # type: ignore[import-untyped]

from bastions.curate import polygons
from bastions.curate.polygons import PolygonError, Polygons

Box = tuple[float, float, float, float]
"""West, south, east, north."""

GOVERNORATES: dict[str, Box] = {"SY01": (40, 35, 41, 36), "SY02": (41, 35, 42, 36)}
DISTRICTS: dict[str, Box] = {"SY0101": (40, 35, 40.5, 36), "SY0102": (40.5, 35, 41, 36), "SY0201": (41, 35, 42, 36)}


def ring(box: Box) -> list[list[float]]:
    west, south, east, north = box
    return [[west, south], [west, north], [east, north], [east, south], [west, south]]


def shapefiles(stem: str, level: int, units: dict[str, Box], names: dict[str, str] | None = None) -> dict[str, bytes]:
    """The three files of a layer as OCHA writes them."""
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, encoding="utf-8") as writer:
        for column in (f"adm{level}_pcode", f"adm{level}_name", f"adm{level}_name1", f"adm{level}_ref_n"):
            writer.field(column, "C", 60)
        for code, box in units.items():
            english, _, arabic = (names or {}).get(code, f"{code}|").partition("|")
            writer.poly([ring(box)])
            writer.record(code, english, arabic, english)
    return {f"{stem}.shp": shp.getvalue(), f"{stem}.shx": shx.getvalue(), f"{stem}.dbf": dbf.getvalue()}


def geojson(level: int, units: dict[str, Box], names: dict[str, str] | None = None) -> bytes:
    """A layer as GeoJSON, its columns in capitals as Iraq's."""
    features = [
        {
            "type": "Feature",
            "properties": {
                f"ADM{level}_PCODE": code,
                f"ADM{level}_EN": (names or {}).get(code, code + "|").partition("|")[0],
                f"ADM{level}_AR": (names or {}).get(code, code + "|").partition("|")[2],
                f"ADM{level}_REF": None,
            },
            "geometry": {"type": "Polygon", "coordinates": [ring(box)]},
        }
        for code, box in units.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture(scope="module")
def units() -> Polygons:
    return polygons.load({**shapefiles("layer1", 1, GOVERNORATES), "layer2.geojson": geojson(2, DISTRICTS)})


def test_both_forms_of_files_are_read(units: Polygons) -> None:
    assert {code: unit.level for code, unit in units.units.items()} == {
        **dict.fromkeys(GOVERNORATES, 1),
        **dict.fromkeys(DISTRICTS, 2),
    }
    assert units.units["SY01"].file == "layer1.shp"
    assert units.units["SY0101"].attributes["adm2_en"] == "SY0101", "columns are known by their lower-case names"


def test_the_smallest_unit_that_holds_a_point(units: Polygons) -> None:
    assert units.smallest(35.5, 40.25) == "SY0101"
    assert [unit.pcode for unit in units.holding(35.5, 40.75)] == ["SY01", "SY0102"]
    assert units.smallest(35.5, 43) == ""


def test_a_point_on_a_shared_edge_belongs_to_the_unit_whose_code_comes_first(units: Polygons) -> None:
    assert [unit.pcode for unit in units.holding(35.5, 41)] == ["SY01", "SY0102"]
    assert units.outside("SY02", (35.5, 41)) == 0


def test_how_far_a_point_lies_outside_a_unit(units: Polygons) -> None:
    """One degree of longitude at 35.5 degrees north is 90.5 km, one of latitude 111.2 km."""
    assert units.outside("SY01", (35.5, 40.5)) == 0
    assert units.outside("SY0101", (35.5, 40.6)) == pytest.approx(9.05, rel=0.01)
    assert units.outside("SY01", (36.5, 40.5)) == pytest.approx(55.6, rel=0.01)
    with pytest.raises(KeyError):
        units.outside("SY99", (35.5, 40.5))


def test_points_without_attributes_are_no_units() -> None:
    """Syria's layer of populated places came without its .dbf."""
    layer = shapefiles("places", 1, GOVERNORATES)
    del layer["places.dbf"]
    assert polygons.load(layer).units == {}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a.geojson": b"{"}, "a.geojson: cannot be read as GeoJSON"),
        ({"a.geojson": b'{"rows": []}'}, "a.geojson: cannot be read as GeoJSON"),
        ({"a.geojson": b"\xff\xfe"}, "a.geojson: cannot be read as GeoJSON"),
        ({"a.geojson": geojson(1, {"": (0, 0, 1, 1)})}, "a.geojson: a polygon has no p-code"),
        ({"a.geojson": geojson(1, {"SY01": (0, 0, 0, 0)})}, "a.geojson: SY01: is an empty polygon"),
        (
            {"a.geojson": geojson(1, GOVERNORATES), "b.geojson": geojson(1, GOVERNORATES)},
            "p-codes stand twice: SY01, SY02",
        ),
        ({**shapefiles("a", 1, GOVERNORATES), "a.shp": b"\0\0\x27\x0a" + bytes(40)}, "a.shp: cannot be read"),
        (
            {"a.geojson": b'{"features": [{"geometry": {}, "properties": null}]}'},
            "a.geojson: cannot be read as GeoJSON",
        ),
        ({"a.geojson": b'{"features": ["SY01"]}'}, "a.geojson: cannot be read as GeoJSON"),
    ],
)
def test_files_that_are_not_what_they_should_be(files: dict[str, bytes], message: str) -> None:
    with pytest.raises(PolygonError, match=message):
        polygons.load(files)


@pytest.mark.parametrize("kind", ["shp", "shx", "dbf"])
@pytest.mark.parametrize("kept", [0, 60, -20])
def test_a_layer_that_was_cut_short(
    kind: str, kept: int, recwarn: pytest.WarningsRecorder, caplog: pytest.LogCaptureFixture
) -> None:
    """A cut .shp gave a warning of pyshp on the terminal, and was read as far as it went."""
    layer = shapefiles("a", 1, GOVERNORATES)
    layer[f"a.{kind}"] = layer[f"a.{kind}"][:kept]
    with pytest.raises(PolygonError, match=rf"^a\.(shp|{kind}): cannot be read as .*: ") as caught:
        polygons.load(layer)
    assert caught.value.problem().rule == "source-error"
    assert not recwarn.list
    assert not caplog.records

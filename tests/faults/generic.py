"""The two Data Packages of invented data; README.md describes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .harness import Layout

STATIONS = """\
station_id,name,kind,latitude,longitude,height_m,opened,crew,automatic,call_sign,contact,page
AB-001,Amber Head,tower,57.25,-2.5,31.5,1871-06-01,4,false,AMBER,keeper@amber.example,https://amber.example/
AB-002,"Bell Sands, outer",buoy,57.5,-1.75,3,1998-04-17,0,true,BELLS,,https://bells.example/log?year=1998
CD-010,Câble Point,mast,48.125,4.5,22,1954-10-09,2,false,CABLE,office@cable.example,
CD-011,"Dune ""Old"" Mast",mast,48.2,4.75,18.25,1961-02-28,NA,true,DUNES,,
EF-100,رأس الريح,tower,33.9,35.5,40,1903-12-31,3,false,RIHAA,mail@rih.example,https://rih.example/a%20b
EF-101,Fern Rock,buoy,-12.75,96.8,2.5,2004-02-29,0,TRUE,,fern@rock.example,
GH-200,Grey Holm,tower,0,-180,55.75,1822-08-15,5,0,GREYH,,
"""
READINGS_1 = """\
reading_id,station_id,taken_at,level_cm,quality,tags,remark
1,AB-001,2021-01-05T06:00:00Z,112.5,1,"storm,night",wind from the north
2,AB-001,2021-01-05T12:00:00Z,-34,1,,
3,AB-002,2021-03-09T00:30:00Z,0,2,calm,"the float was stuck,
freed by hand"
4,CD-010,2021-07-21T18:45:30Z,1.5e2,1,,second look
5,CD-011,2021-11-30T23:59:59Z,NA,3,"ice,night",
"""
READINGS_2 = """\
reading_id,station_id,taken_at,level_cm,quality,tags,remark
6,AB-001,2022-01-05T06:00:00Z,98.25,1,,
7,EF-100,2022-02-11T09:15:00Z,45,2,calm,read twice
8,EF-101,2022-02-12T09:15:00Z,44.75,1,,
9,GH-200,2022-12-24T17:00:00Z,301,1,"storm,spring",over the sill
"""
VISITS = """\
# Visits, as kept by the office.
visit_id;station_id;reading_id;visited;cost;passed;inspector
v-1;AB-001;1;05.01.2021;1.250,50;yes;J. Moor
v-2;AB-002;3;10.03.2021;80,00;no;'Hill; Brook'
v-3;CD-010;;22.07.2021;310,25;yes;A. Lane
v-4;EF-100;7;11.02.2022;12.400,00;yes;'O''Dell'
v-5;GH-200;9;27.12.2022;NA;no;J. Moor
v-6;AB-001;6;14.01.2022;95,10;yes;A. Lane
"""
METHOD = "Levels are above the datum of 1950. Floats are read by eye.\n"
SPECIES = """\
species_id,name,parent_id,rank,described,wingspan_mm,protected
lasio,Lasiocampidae,,family,1841,-,false
lasio-mala,Malacosoma,lasio,genus,1820,35,false
lasio-mala-neu,Malacosoma neustria,lasio-mala,species,1758,33.5,false
saturn,Saturniidae,,family,1837,,false
saturn-act,Actias,saturn,genus,1815,105,true
saturn-act-lun,Actias luna,saturn-act,species,1758,101.25,true
saturn-sat,Saturnia,saturn,genus,1802,120,false
"""
SIGHTINGS = """\
1\tlasio-mala-neu\t2019-06-01\t22:15:00\t2019-06\t-1.5, 52.25\t3\tadult\tPT2H\t{"wind": 2}
2\tlasio-mala\t2019-06-02\t23:05:10\t2019-06\t-1.25, 52.5\t1\tlarva\tPT45M\t
3\tsaturn-act-lun\t2020-05-20\t\t2020-05\t-80.75, 35.125\t2\tadult\tP1D\t{"trap": "light", "bait": ["wine", "sugar"]}
4\tsaturn-act\t2020-05-21\t01:30:00\t2020-05\t-80.5, 35\t7\tegg\t\t
5\tlasio-mala-neu\t2020-07-14\t21:40:00\t-\t\t12\tpupa\tPT1H30M\t{}
"""
TRAPS: dict[str, list[Any]] = {
    "trap_id": [1, 2, 3, 4],
    "species_id": ["lasio-mala-neu", "saturn-act-lun", None, "lasio-mala"],
    "lit": [True, True, False, None],
    "height_m": [1.5, 2.0, None, 12.25],
}


_DIALECT = {"delimiter": ";", "quoteChar": "'", "commentChar": "#"}


def _field(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, **more}


def _reference(field: str, resource: str, other: str = "") -> dict[str, Any]:
    return {"fields": [field], "reference": {"resource": resource, "fields": [other or field]}}


def tide_gauges(root: Path) -> dict[str, Layout]:
    """Writes `generic-1` into a folder; how its tables are written."""
    missing = ["", "NA"]
    files = {
        "stations.csv": STATIONS,
        "readings/2021.csv": READINGS_1,
        "readings/2022.csv": READINGS_2,
        "visits.csv": VISITS,
        "method.txt": METHOD,
    }
    _put(root, files)
    stations = [
        _field("station_id", "string", constraints={"pattern": "[A-Z]{2}-[0-9]{3}"}),
        _field("name", "string", constraints={"required": True, "minLength": 2, "maxLength": 40}),
        _field("kind", "string", constraints={"enum": ["tower", "mast", "buoy"]}),
        _field("latitude", "number", constraints={"minimum": -90, "maximum": 90}),
        _field("longitude", "number", constraints={"minimum": -180, "maximum": 180}),
        _field("height_m", "number", constraints={"exclusiveMinimum": 0}),
        _field("opened", "date", constraints={"minimum": "1800-01-01"}),
        _field("crew", "integer", constraints={"minimum": 0, "maximum": 50}),
        _field("automatic", "boolean"),
        _field("call_sign", "string", constraints={"unique": True, "pattern": "[A-Z]{5}"}),
        _field("contact", "string", format="email"),
        _field("page", "string", format="uri"),
    ]
    readings = [
        _field("reading_id", "integer"),
        _field("station_id", "string", constraints={"required": True}),
        _field("taken_at", "datetime"),
        _field("level_cm", "number", constraints={"minimum": -1000, "maximum": 2000}),
        _field("quality", "integer", constraints={"enum": [1, 2, 3]}),
        _field("tags", "list"),
        _field("remark", "string"),
    ]
    visits = [
        _field("visit_id", "string"),
        _field("station_id", "string"),
        _field("reading_id", "integer"),
        _field("visited", "date", format="%d.%m.%Y"),
        _field("cost", "number", decimalChar=",", groupChar="."),
        _field("passed", "boolean", trueValues=["yes"], falseValues=["no"]),
        _field("inspector", "string"),
    ]
    tables: dict[str, tuple[dict[str, Any], str | list[str], dict[str, Any]]] = {
        "stations": ({"fields": stations, "primaryKey": ["station_id"]}, "stations.csv", {}),
        "readings": (
            {
                "fields": readings,
                "primaryKey": ["reading_id"],
                "foreignKeys": [_reference("station_id", "stations")],
            },
            ["readings/2021.csv", "readings/2022.csv"],
            {},
        ),
        "visits": (
            {
                "fields": visits,
                "primaryKey": ["visit_id"],
                "uniqueKeys": [["station_id", "visited"]],
                "foreignKeys": [_reference("station_id", "stations"), _reference("reading_id", "readings")],
            },
            "visits.csv",
            {"dialect": _DIALECT},
        ),
    }
    resources: list[dict[str, Any]] = [
        {
            "name": name,
            "type": "table",
            "path": path,
            "format": "csv",
            "encoding": "utf-8",
            **more,
            "schema": {**schema, "missingValues": missing},
        }
        for name, (schema, path, more) in tables.items()
    ]
    resources.append({"name": "method", "path": "method.txt", **_digests(METHOD.encode(), "sha256")})
    profile = "https://datapackage.org/profiles/2.0/datapackage.json"
    head = {"$schema": profile, "name": "tide-gauges", "title": "Tide gauges", "version": "1.0.0"}
    licences = {"licenses": [{"name": "CC0-1.0"}], "contributors": [{"title": "Office of Tides"}]}
    _put(root, {"datapackage.json": _json({**head, **licences, "resources": resources})})
    return {
        name: _layout(name, schema, path, header=2 if more else 1, **({"delimiter": ";", "quote": "'"} if more else {}))
        for name, (schema, path, more) in tables.items()
    }


def moths(root: Path) -> dict[str, Layout]:
    """Writes `generic-2` into a folder; how its CSV tables are written."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    species = {
        "fields": [
            _field("species_id", "string"),
            _field("name", "string", constraints={"required": True}),
            _field("parent_id", "string"),
            _field("rank", "string", constraints={"enum": ["family", "genus", "species"]}),
            _field("described", "year"),
            _field("wingspan_mm", "number", constraints={"minimum": 2, "maximum": 300}),
            _field("protected", "boolean"),
        ],
        "primaryKey": "species_id",
        "foreignKeys": [_reference("parent_id", "", "species_id")],
        "missingValues": ["", "-"],
    }
    sightings = {
        "fields": [
            _field("sighting_id", "integer"),
            _field("species_id", "string", constraints={"required": True}),
            _field("seen", "date"),
            _field("seen_at", "time"),
            _field("month", "yearmonth"),
            _field("place", "geopoint"),
            _field("number", "integer", constraints={"minimum": 1}),
            _field("stage", "string", categories=["egg", "larva", "pupa", "adult"]),
            _field("effort", "duration"),
            _field("details", "object"),
        ],
        "primaryKey": "sighting_id",
        "foreignKeys": [_reference("species_id", "species")],
        "missingValues": ["", "-"],
    }
    traps = {
        "fields": [
            _field("trap_id", "integer"),
            _field("species_id", "string"),
            _field("lit", "boolean"),
            _field("height_m", "number", constraints={"minimum": 0, "maximum": 40}),
        ],
        "primaryKey": "trap_id",
        "foreignKeys": [_reference("species_id", "species")],
    }
    _put(
        root,
        {
            "data/species.csv": SPECIES.replace("\n", "\r\n"),
            "data/sightings.csv": SIGHTINGS,
            "schemas/species.json": _json(species),
        },
    )
    columns = {"trap_id": pa.int64(), "species_id": pa.string(), "lit": pa.bool_(), "height_m": pa.float64()}
    pq.write_table(pa.table(TRAPS, schema=pa.schema(columns)), root / "data" / "traps.parquet")
    tab = {"delimiter": "\t", "quoteChar": "'", "header": False, "lineTerminator": "\n"}
    resources: list[dict[str, Any]] = [
        {"name": "species", "path": "data/species.csv", "profile": "tabular-data-resource"}
        | {"schema": "schemas/species.json"},
        {"name": "sightings", "path": "data/sightings.csv", "profile": "tabular-data-resource", "dialect": tab}
        | {"schema": sightings},
        {"name": "traps", "path": "data/traps.parquet", "format": "parquet", "schema": traps},
    ]
    for resource, algorithm in zip(resources, ("sha256", "", "sha512"), strict=True):
        resource |= _digests((root / str(resource["path"])).read_bytes(), algorithm)
    head = {"name": "moths", "profile": "data-package", "title": "Moths", "version": "2021.1"}
    _put(root, {"datapackage.json": _json({**head, "resources": resources})})
    return {
        "species": _layout("species", species, "data/species.csv", newline="\r\n"),
        "sightings": _layout("sightings", sightings, "data/sightings.csv", delimiter="\t", quote="'", header=0),
    }


def _layout(name: str, schema: Mapping[str, Any], path: str | list[str], **more: Any) -> Layout:
    paths = (path,) if isinstance(path, str) else tuple(path)
    return Layout(paths, tuple(field["name"] for field in schema["fields"]), resource=name, **more)


def _put(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())


def _json(found: Mapping[str, Any]) -> str:
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _digests(data: bytes, algorithm: str) -> dict[str, Any]:
    """`bytes` and `hash` of a resource; without an algorithm the MD5 that version 1 takes it for."""
    digest = hashlib.new(algorithm or "md5", data).hexdigest()
    return {"bytes": len(data), "hash": f"{algorithm}:{digest}" if algorithm else digest}

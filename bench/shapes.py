"""The two made-up tables that speed is measured on, as Data Packages: what their columns are and what is true of them.

`events20` has 20 columns and three foreign keys to two tables; `ged49` has the 49 columns of UCDP GED. Nothing here
imports more than the standard library, so that what times other processes stays small.
"""

from __future__ import annotations

from typing import Any

Column = dict[str, Any]

LOCATIONS, ACTORS = 20_000, 2_000
"""Rows of the tables that events refer to."""

TYPES = ("state", "nonstate", "onesided")
CLARITIES = ("clear", "partial", "unclear")
REGIONS = ("Africa", "Americas", "Asia", "Europe", "Middle East")

DUCKDB = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "year": "INTEGER",
}
"""What the base reads each type as."""


def _column(name: str, kind: str = "string", *, form: str = "", **constraints: Any) -> Column:
    column: Column = {"name": name, "type": kind}
    if form:
        column["format"] = form
    return column | ({"constraints": constraints} if constraints else {})


def _resource(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _package(name: str, *resources: dict[str, Any]) -> dict[str, Any]:
    address = "https://datapackage.org/profiles/2.0/datapackage.json"
    return {"$schema": address, "name": name, "resources": list(resources)}


def _refers(column: str, table: str, key: str) -> dict[str, Any]:
    return {"fields": [column], "reference": {"resource": table, "fields": [key]}}


EVENTS = [
    _column("event_id", required=True, pattern="ev-[0-9]{9}"),
    _column("date_start", "date", required=True, minimum="2012-01-01", maximum="2020-12-31"),
    _column("recorded_at", "datetime", required=True),
    _column("year", "year", required=True, minimum=2012, maximum=2020),
    _column("type", required=True, enum=list(TYPES)),
    _column("clarity", required=True, enum=list(CLARITIES)),
    _column("location_id", required=True),
    _column("side_a_id", required=True),
    _column("side_b_id"),
    _column("latitude", "number", required=True, minimum=-90, maximum=90),
    _column("longitude", "number", required=True, minimum=-180, maximum=180),
    _column("best", "integer", required=True, minimum=0),
    _column("low", "integer", required=True, minimum=0),
    _column("high", "integer", required=True, minimum=0),
    _column("code", pattern="[A-Z]{2}[0-9]{4}"),
    _column("headline", required=True, minLength=3, maxLength=200),
    _column("source", required=True, maxLength=60),
    _column("verified", "boolean"),
    _column("value", "number", minimum=0),
    _column("note", maxLength=400),
]


def events20() -> dict[str, Any]:
    """Descriptor of the package of events, locations and actors."""
    locations = [
        _column("location_id", required=True, pattern="loc-[0-9]{6}"),
        _column("name", required=True),
        _column("latitude", "number", minimum=-90, maximum=90),
        _column("longitude", "number", minimum=-180, maximum=180),
    ]
    actors = [_column("actor_id", required=True, pattern="act-[0-9]{5}"), _column("name", required=True)]
    keys = [
        _refers("location_id", "locations", "location_id"),
        _refers("side_a_id", "actors", "actor_id"),
        _refers("side_b_id", "actors", "actor_id"),
    ]
    return _package(
        "events20",
        _resource("locations", {"fields": locations, "primaryKey": ["location_id"]}),
        _resource("actors", {"fields": actors, "primaryKey": ["actor_id"]}),
        _resource("events", {"fields": EVENTS, "primaryKey": ["event_id"], "foreignKeys": keys}),
    )


_DAY = "%Y-%m-%d %H:%M:%S.%f"

GED = [
    _column("id", "integer", required=True, minimum=1),
    _column("relid", required=True, pattern="[A-Z]{3}-[0-9]{4}-[0-9]-[0-9]+-[0-9]+"),
    _column("year", "year", required=True, minimum=1989, maximum=2024),
    _column("active_year", "integer", required=True, enum=[0, 1]),
    _column("code_status", required=True, enum=["Clear", "Check"]),
    _column("type_of_violence", "integer", required=True, enum=[1, 2, 3]),
    *(_column(f"conflict_{n}_id", "integer", required=True, minimum=1) for n in ("dset", "new")),
    _column("conflict_name", required=True, maxLength=200),
    *(_column(f"dyad_{n}_id", "integer", required=True, minimum=1) for n in ("dset", "new")),
    _column("dyad_name", required=True, maxLength=200),
    *(_column(f"side_a_{n}_id", "integer", required=True, minimum=1) for n in ("dset", "new")),
    _column("side_a", required=True, maxLength=120),
    *(_column(f"side_b_{n}_id", "integer", required=True, minimum=1) for n in ("dset", "new")),
    _column("side_b", required=True, maxLength=120),
    _column("number_of_sources", "integer", minimum=-1),
    _column("source_article", maxLength=2000),
    _column("source_office", maxLength=200),
    _column("source_date", "date"),
    _column("source_headline", maxLength=500),
    _column("source_original", maxLength=500),
    _column("where_prec", "integer", required=True, minimum=1, maximum=7),
    _column("where_coordinates", required=True, maxLength=200),
    _column("where_description", maxLength=500),
    _column("adm_1", maxLength=100),
    _column("adm_2", maxLength=100),
    _column("latitude", "number", required=True, minimum=-90, maximum=90),
    _column("longitude", "number", required=True, minimum=-180, maximum=180),
    _column("geom_wkt", required=True, pattern=r"POINT \(-?[0-9.]+ -?[0-9.]+\)"),
    _column("priogrid_gid", "integer", required=True, minimum=1, maximum=259200),
    _column("country", required=True, maxLength=100),
    _column("country_id", "integer", required=True, minimum=1, maximum=999),
    _column("region", required=True, enum=list(REGIONS)),
    _column("event_clarity", "integer", required=True, enum=[1, 2]),
    _column("date_prec", "integer", required=True, minimum=1, maximum=5),
    _column("date_start", "datetime", form=_DAY, required=True, minimum="1989-01-01 00:00:00.000"),
    _column("date_end", "datetime", form=_DAY, required=True, maximum="2024-12-31 00:00:00.000"),
    *(_column(f"deaths_{n}", "integer", required=True, minimum=0) for n in ("a", "b", "civilians", "unknown")),
    *(_column(n, "integer", required=True, minimum=0) for n in ("best", "high", "low")),
    *(_column(n, "integer", minimum=1, maximum=999) for n in ("gwnoa", "gwnob")),
]


def ged49() -> dict[str, Any]:
    """Descriptor of the package with one table, shaped like UCDP GED."""
    return _package("ged49", _resource("events", {"fields": GED, "primaryKey": ["id"]}))


SHAPES = {"events20": events20, "ged49": ged49}


def types(shape: str) -> dict[str, str]:
    """The columns of the large table and what the base reads each as."""
    return {c["name"]: DUCKDB[c["type"]] for c in (EVENTS if shape == "events20" else GED)}

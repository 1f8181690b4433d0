"""pandera on polars: eager frames, since lazy ones have their schema checked and not their data."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import common
import pandera.errors
import pandera.polars as pa
import polars as pl
from common import Found, told
from polars_types import EVENTS


def key(pattern: str) -> pa.Column:
    """A primary key."""
    return pa.Column(pl.String, pa.Check.str_matches(pattern), unique=True)


def within(dtype: Any, least: object, most: object) -> pa.Column:
    """A required value between two others."""
    return pa.Column(dtype, pa.Check.in_range(least, most))


def frame(file: Path, dtypes: dict[str, pl.DataType]) -> pl.DataFrame:
    """One file."""
    return pl.read_csv(file, schema=dtypes)


def failures(schema: pa.DataFrameSchema, data: pl.DataFrame) -> Found:
    """What fails in a table, by column and check."""
    try:
        schema.validate(data, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        return Counter(f"{c}: {k}" for c, k in cases.select("column", "check").iter_rows())
    return {}


def check(package: Path) -> Found:
    """All three tables; a foreign key is a set of values."""
    point = {n: pa.Column(pl.Float64, pa.Check.in_range(*r), nullable=True) for n, r in common.PLACES.items()}
    text = {"location_id": pl.String(), "name": pl.String()}
    places = frame(package / "locations.csv", {**text, "latitude": pl.Float64(), "longitude": pl.Float64()})
    people = frame(package / "actors.csv", {"actor_id": pl.String(), "name": pl.String()})
    actor = pa.Check.isin(people["actor_id"].to_list())
    at_least_none = pa.Check.ge(0)
    day = (dt.date(*common.FIRST), dt.date(*common.LAST))
    events = pa.DataFrameSchema(
        {
            "event_id": key(common.EVENT_ID),
            "date_start": within(pl.Date, *day),
            "recorded_at": pa.Column(pl.Datetime("us")),
            "year": within(pl.Int32, day[0].year, day[1].year),
            "type": pa.Column(pl.String, pa.Check.isin(common.TYPES)),
            "clarity": pa.Column(pl.String, pa.Check.isin(common.CLARITIES)),
            "location_id": pa.Column(pl.String, pa.Check.isin(places["location_id"].to_list())),
            "side_a_id": pa.Column(pl.String, actor),
            "side_b_id": pa.Column(pl.String, actor, nullable=True),
            **{name: within(pl.Float64, *limits) for name, limits in common.PLACES.items()},
            **{name: pa.Column(pl.Int64, at_least_none) for name in ("best", "low", "high")},
            "code": pa.Column(pl.String, pa.Check.str_matches(common.CODE), nullable=True),
            "headline": pa.Column(pl.String, pa.Check.str_length(3, 200)),
            "source": pa.Column(pl.String, pa.Check.str_length(max_value=60)),
            "verified": pa.Column(pl.Boolean, nullable=True),
            "value": pa.Column(pl.Float64, at_least_none, nullable=True),
            "note": pa.Column(pl.String, pa.Check.str_length(max_value=400), nullable=True),
        },
        strict=True,
        ordered=True,
    )
    name = pa.Column(pl.String)
    return {
        **failures(pa.DataFrameSchema({"location_id": key(common.LOCATION_ID), "name": name, **point}), places),
        **failures(pa.DataFrameSchema({"actor_id": key(common.ACTOR_ID), "name": name}), people),
        **failures(events, frame(package / "events.csv", EVENTS)),
    }


if __name__ == "__main__":
    told(
        check,
        [
            "whatever does not parse (the first such cell ends it)",
            "both rows of a duplicate count (it ignores `report_duplicates` here)",
            "lines of findings",
            "Parquet",
        ],
    )

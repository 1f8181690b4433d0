"""dataframely: schemas as classes on polars, soft validation that counts what fails."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import common
import dataframely as dy
import polars as pl
from common import Found, told


def length(least: int, most: int) -> Any:
    """A check of characters: `max_length` counts bytes."""
    return lambda text: text.str.len_chars().is_between(least, most)


class Locations(dy.Schema):
    """Places."""

    location_id = dy.String(primary_key=True, regex=common.LOCATION_ID)
    name = dy.String(nullable=False)
    latitude = dy.Float64(nullable=True, min=-90, max=90)
    longitude = dy.Float64(nullable=True, min=-180, max=180)


class Actors(dy.Schema):
    """Actors."""

    actor_id = dy.String(primary_key=True, regex=common.ACTOR_ID)
    name = dy.String(nullable=False)


def events(places: pl.Series, people: pl.Series) -> type[dy.Schema]:
    """The schema of events; a collection relates tables by a common primary key alone, so a foreign key is a check."""

    class Events(dy.Schema):
        event_id = dy.String(primary_key=True, regex=common.EVENT_ID)
        date_start = dy.Date(nullable=False, min=dt.date(*common.FIRST), max=dt.date(*common.LAST))
        recorded_at = dy.Datetime(nullable=False, time_unit="us")
        year = dy.Int32(nullable=False, min=common.FIRST[0], max=common.LAST[0])
        type = dy.String(nullable=False, check=lambda code: code.is_in(common.TYPES))
        clarity = dy.String(nullable=False, check=lambda code: code.is_in(common.CLARITIES))
        location_id = dy.String(nullable=False, check=lambda key: key.is_in(places.implode()))
        side_a_id = dy.String(nullable=False, check=lambda key: key.is_in(people.implode()))
        side_b_id = dy.String(nullable=True, check=lambda key: key.is_in(people.implode()))
        latitude = dy.Float64(nullable=False, min=-90, max=90)
        longitude = dy.Float64(nullable=False, min=-180, max=180)
        best = dy.Int64(nullable=False, min=0)
        low = dy.Int64(nullable=False, min=0)
        high = dy.Int64(nullable=False, min=0)
        code = dy.String(nullable=True, regex=common.CODE)
        headline = dy.String(nullable=False, check=length(3, 200))
        source = dy.String(nullable=False, check=length(0, 60))
        verified = dy.Bool(nullable=True)
        value = dy.Float64(nullable=True, min=0)
        note = dy.String(nullable=True, check=length(0, 400))

    return Events


def failures(schema: type[dy.Schema], frame: pl.DataFrame) -> tuple[pl.DataFrame, Found]:
    """The good rows of a table, and what fails in the others; text is cast, to see what cannot be."""
    good, failed = schema.filter(frame, cast=True)
    return good, failed.counts()


def check(package: Path) -> Found:
    """All three tables."""
    places, wrong_places = failures(Locations, pl.read_csv(package / "locations.csv", infer_schema=False))
    people, wrong_people = failures(Actors, pl.read_csv(package / "actors.csv", infer_schema=False))
    # A cast from text knows no dates and no booleans.
    frame = pl.read_csv(package / "events.csv", infer_schema=False).with_columns(
        pl.col("date_start").str.to_date("%Y-%m-%d", strict=False),
        pl.col("recorded_at").str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False),
        pl.col("verified").replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean),
    )
    _, wrong = failures(events(places["location_id"], people["actor_id"]), frame)
    return {**wrong_places, **wrong_people, **wrong}


if __name__ == "__main__":
    told(
        check,
        [
            "foreign keys between tables of other primary keys (given as checks here)",
            "extra cells (the first ends it) and missing ones",
            "optional booleans that are neither true nor false",
            "both rows of a duplicate count",
            "lines of findings",
            "Parquet",
        ],
    )

"""pointblank on polars: a plan of steps, interrogated in one go."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import common
import pointblank as pb
import polars as pl
from common import Found, told
from polars_types import EVENTS

PLACES: dict[str, pl.DataType] = {
    **dict.fromkeys(("location_id", "name"), pl.String()),
    **dict.fromkeys(("latitude", "longitude"), pl.Float64()),
}
ACTORS: dict[str, pl.DataType] = dict.fromkeys(("actor_id", "name"), pl.String())


def failures(table: str, plan: pb.Validate) -> Found:
    """What fails, by step; a duplicate key counts all of its rows."""
    done = plan.interrogate(collect_tbl_checked=False)
    return {f"{table} {step.assertion_type} {step.column}"[:50]: step.n_failed for step in done.validation_info}


def key(plan: pb.Validate, column: str, pattern: str) -> pb.Validate:
    """The checks of a primary key."""
    return plan.col_vals_not_null(column).col_vals_regex(column, pattern).rows_distinct(columns_subset=[column])


def check(package: Path) -> Found:
    """All three tables."""
    places = pl.read_csv(package / "locations.csv", schema=PLACES)
    people = pl.read_csv(package / "actors.csv", schema=ACTORS)
    events = pl.read_csv(package / "events.csv", schema=EVENTS)
    of_places = key(pb.Validate(places), "location_id", common.LOCATION_ID).col_vals_not_null("name")
    of_people = key(pb.Validate(people), "actor_id", common.ACTOR_ID).col_vals_not_null("name")
    of_events = key(pb.Validate(events), "event_id", common.EVENT_ID).col_vals_not_null(list(common.REQUIRED))
    for name, (least, most) in common.PLACES.items():
        of_places = of_places.col_vals_between(name, least, most, na_pass=True)
        of_events = of_events.col_vals_between(name, least, most, na_pass=True)
    of_events = (
        of_events.col_vals_between("date_start", dt.date(*common.FIRST), dt.date(*common.LAST), na_pass=True)
        .col_vals_between("year", common.FIRST[0], common.LAST[0], na_pass=True)
        .col_vals_in_set("type", common.TYPES)
        .col_vals_in_set("clarity", common.CLARITIES)
        .col_vals_in_table("location_id", ref_table=places, ref_column="location_id", na_pass=True)
        .col_vals_in_table("side_a_id", ref_table=people, ref_column="actor_id", na_pass=True)
        .col_vals_in_table("side_b_id", ref_table=people, ref_column="actor_id", na_pass=True)
        .col_vals_ge(["best", "low", "high", "value"], 0, na_pass=True)
        .col_vals_regex("code", common.CODE, na_pass=True)
        .col_vals_str_len("headline", min_val=3, max_val=200, na_pass=True)
        .col_vals_str_len("source", max_val=60, na_pass=True)
        .col_vals_str_len("note", max_val=400, na_pass=True)
    )
    return {**failures("locations", of_places), **failures("actors", of_people), **failures("events", of_events)}


if __name__ == "__main__":
    told(
        check,
        [
            "whatever does not parse (the first such cell ends it)",
            "both rows of a duplicate count",
            "lines of findings, and all but the first 500 of a step",
            "Parquet",
        ],
    )

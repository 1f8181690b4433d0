"""Great Expectations on pandas: a suite of expectations, validated as a batch in an ephemeral context."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import common
import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from common import Found, told

DTYPES = {
    **dict.fromkeys(("event_id", "type", "clarity", "location_id", "side_a_id", "side_b_id"), "str"),
    **dict.fromkeys(("code", "headline", "source", "note"), "str"),
    **dict.fromkeys(("year", "best", "low", "high"), "int64"),
    **dict.fromkeys(("latitude", "longitude", "value"), "float64"),
    "verified": "boolean",
}
DATES = ("date_start", "recorded_at")


def key(column: str, pattern: str) -> list[Any]:
    """What is expected of a primary key."""
    return [
        gxe.ExpectColumnValuesToNotBeNull(column=column),
        gxe.ExpectColumnValuesToBeUnique(column=column),
        gxe.ExpectColumnValuesToMatchRegex(column=column, regex=pattern),
    ]


def point() -> list[Any]:
    """What is expected of coordinates; an expectation belongs to one suite."""
    return [
        gxe.ExpectColumnValuesToBeBetween(column=name, min_value=least, max_value=most)
        for name, (least, most) in common.PLACES.items()
    ]


def failures(context: Any, source: Any, name: str, data: pd.DataFrame, expected: list[Any]) -> Found:
    """What fails in a table, by expectation."""
    batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe(name)
    suite = context.suites.add(gx.ExpectationSuite(name=name, expectations=expected))
    of = context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=suite))
    found = {}
    for result in of.run(batch_parameters={"dataframe": data}, result_format="BASIC").results:
        if not result.success:
            kind, column = result.expectation_config.type, result.expectation_config.kwargs.get("column", "")
            found[f"{column}: {kind.removeprefix('expect_column_')}"] = result.result.get("unexpected_count") or 1
    return found


def check(package: Path) -> Found:
    """All three tables."""
    places = pd.read_csv(package / "locations.csv", dtype={"location_id": "str", "name": "str"})
    people = pd.read_csv(package / "actors.csv", dtype="str")
    events = pd.read_csv(package / "events.csv", dtype=DTYPES, parse_dates=list(DATES), date_format="ISO8601")
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("pandas")
    # A set of 20,000 values is copied hundreds of times over; a column that says whether a key is known is not.
    keys = {"location_id": places["location_id"], "side_a_id": people["actor_id"], "side_b_id": people["actor_id"]}
    for name, known in keys.items():
        events[f"{name} known"] = events[name].isin(known) | events[name].isna()
    sets: dict[str, list[Any]] = {"type": common.TYPES, "clarity": common.CLARITIES}
    sets |= {f"{name} known": [True] for name in keys}
    lengths = {"headline": (3, 200), "source": (None, 60), "note": (None, 400)}
    of_events = [
        gxe.ExpectTableColumnsToMatchSet(column_set=[*DTYPES, *DATES, *(f"{name} known" for name in keys)]),
        *key("event_id", common.EVENT_ID),
        *(gxe.ExpectColumnValuesToNotBeNull(column=name) for name in common.REQUIRED),
        *point(),
        gxe.ExpectColumnValuesToBeBetween(
            column="date_start", min_value=dt.datetime(*common.FIRST), max_value=dt.datetime(*common.LAST)
        ),
        gxe.ExpectColumnValuesToBeBetween(column="year", min_value=common.FIRST[0], max_value=common.LAST[0]),
        *(gxe.ExpectColumnValuesToBeBetween(column=name, min_value=0) for name in ("best", "low", "high", "value")),
        *(gxe.ExpectColumnValuesToBeInSet(column=name, value_set=values) for name, values in sets.items()),
        gxe.ExpectColumnValuesToMatchRegex(column="code", regex=common.CODE),
        *(
            gxe.ExpectColumnValueLengthsToBeBetween(column=name, min_value=least, max_value=most)
            for name, (least, most) in lengths.items()
        ),
    ]

    def named() -> Any:
        return gxe.ExpectColumnValuesToNotBeNull(column="name")

    return {
        **failures(context, source, "locations", places, [*key("location_id", common.LOCATION_ID), named(), *point()]),
        **failures(context, source, "actors", people, [*key("actor_id", common.ACTOR_ID), named()]),
        **failures(context, source, "events", events, of_events),
    }


if __name__ == "__main__":
    told(
        check,
        [
            "whatever does not parse (the first such cell ends it; a date that is none passes as text)",
            "foreign keys (given as columns made by pandas here) and the order of columns",
            "both rows of a duplicate count",
            "lines of findings, and all but the first 20 values of an expectation",
            "Parquet",
        ],
    )

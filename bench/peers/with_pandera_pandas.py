"""pandera on pandas, with the reader and the types of Arrow."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import common
import pandas as pd
import pandera.errors
import pandera.pandas as pa
import pyarrow
from common import Found, told

TEXT, INTEGER, NUMBER = "string[pyarrow]", "int64[pyarrow]", "double[pyarrow]"
DTYPES: dict[str, Any] = {
    "event_id": TEXT,
    "date_start": pd.ArrowDtype(pyarrow.date32()),
    "recorded_at": pd.ArrowDtype(pyarrow.timestamp("us")),
    "year": "int32[pyarrow]",
    **dict.fromkeys(("type", "clarity", "location_id", "side_a_id", "side_b_id"), TEXT),
    **dict.fromkeys(("latitude", "longitude"), NUMBER),
    **dict.fromkeys(("best", "low", "high"), INTEGER),
    **dict.fromkeys(("code", "headline", "source"), TEXT),
    "verified": "bool[pyarrow]",
    "value": NUMBER,
    "note": TEXT,
}


def frame(file: Path, dtypes: dict[str, Any]) -> pd.DataFrame:
    """One file."""
    return pd.read_csv(file, engine="pyarrow", dtype=dtypes, dtype_backend="pyarrow")


def failures(schema: pa.DataFrameSchema, data: pd.DataFrame) -> Found:
    """What fails in a table, by column and check."""
    try:
        schema.validate(data, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        return Counter(f"{c}: {k}" for c, k in zip(cases["column"], cases["check"], strict=True))
    return {}


def check(package: Path) -> Found:
    """All three tables; a foreign key is a set of values."""

    def column(name: str, *checks: pa.Check, nullable: bool = False, unique: bool = False) -> pa.Column:
        return pa.Column(
            DTYPES.get(name, TEXT), list(checks), nullable=nullable, unique=unique, report_duplicates="exclude_first"
        )

    places = frame(
        package / "locations.csv", {"location_id": TEXT, "name": TEXT, "latitude": NUMBER, "longitude": NUMBER}
    )
    people = frame(package / "actors.csv", {"actor_id": TEXT, "name": TEXT})
    actor = pa.Check.isin(people["actor_id"].tolist())
    at_least_none = pa.Check.ge(0)
    first, last = pd.Timestamp(*common.FIRST).date(), pd.Timestamp(*common.LAST).date()
    point = {name: column(name, pa.Check.in_range(*limits), nullable=True) for name, limits in common.PLACES.items()}
    events = pa.DataFrameSchema(
        {
            "event_id": column("event_id", pa.Check.str_matches(common.EVENT_ID), unique=True),
            "date_start": column("date_start", pa.Check.in_range(first, last)),
            "recorded_at": column("recorded_at"),
            "year": column("year", pa.Check.in_range(first.year, last.year)),
            "type": column("type", pa.Check.isin(common.TYPES)),
            "clarity": column("clarity", pa.Check.isin(common.CLARITIES)),
            "location_id": column("location_id", pa.Check.isin(places["location_id"].tolist())),
            "side_a_id": column("side_a_id", actor),
            "side_b_id": column("side_b_id", actor, nullable=True),
            **{name: column(name, pa.Check.in_range(*limits)) for name, limits in common.PLACES.items()},
            **{name: column(name, at_least_none) for name in ("best", "low", "high")},
            "code": column("code", pa.Check.str_matches(common.CODE), nullable=True),
            "headline": column("headline", pa.Check.str_length(3, 200)),
            "source": column("source", pa.Check.str_length(max_value=60)),
            "verified": column("verified", nullable=True),
            "value": column("value", at_least_none, nullable=True),
            "note": column("note", pa.Check.str_length(max_value=400), nullable=True),
        },
        strict=True,
        ordered=True,
    )
    place = {"location_id": column("location_id", pa.Check.str_matches(common.LOCATION_ID), unique=True)}
    actors = {"actor_id": column("actor_id", pa.Check.str_matches(common.ACTOR_ID), unique=True)}
    return {
        **failures(pa.DataFrameSchema({**place, "name": column("name"), **point}), places),
        **failures(pa.DataFrameSchema({**actors, "name": column("name")}), people),
        **failures(events, frame(package / "events.csv", DTYPES)),
    }


if __name__ == "__main__":
    told(check, ["whatever does not parse (the first such cell ends it)", "lines of findings", "Parquet"])

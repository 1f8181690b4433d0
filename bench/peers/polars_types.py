"""The columns of the events as polars has them, for the scripts of libraries that stand on it."""

from __future__ import annotations

import polars as pl

EVENTS: dict[str, pl.DataType] = {
    "event_id": pl.String(),
    "date_start": pl.Date(),
    "recorded_at": pl.Datetime("us"),
    "year": pl.Int32(),
    **dict.fromkeys(("type", "clarity", "location_id", "side_a_id", "side_b_id"), pl.String()),
    **dict.fromkeys(("latitude", "longitude"), pl.Float64()),
    **dict.fromkeys(("best", "low", "high"), pl.Int64()),
    **dict.fromkeys(("code", "headline", "source"), pl.String()),
    "verified": pl.Boolean(),
    "value": pl.Float64(),
    "note": pl.String(),
}

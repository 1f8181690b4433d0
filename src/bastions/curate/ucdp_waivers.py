"""The waivers for totals whose low, best and high UCDP published out of order: shown, not mended."""

from __future__ import annotations

from typing import Any

import polars as pl

from bastions.curate.job import Row
from bastions.curate.ucdp_sides import BY

RULES = ("claims__low_exceeds_high", "claims__best_outside_range")


def waivers(source_id: str, counted: pl.DataFrame) -> list[Row]:
    """One waiver a total that is out of order.

    Args:
        source_id: The source.
        counted: What `ucdp_events.counted` gives.
    """
    totals = counted.filter(
        (pl.col("part") == "best")
        & ((pl.col("low") > pl.col("number")) | (pl.col("number") > pl.col("high")) | (pl.col("low") > pl.col("high")))
    )
    return [_waiver(source_id, row) for row in totals.sort(pl.col("id").cast(pl.Int64)).iter_rows(named=True)]


def _waiver(source_id: str, row: dict[str, Any]) -> Row:
    low, best, high = row["low"], row["number"], row["high"]
    crossed = low > high
    what = (
        f"a low of {low:,} above a high of {high:,}, and {best:,} as best"
        if crossed
        else f"{best:,} as best, outside its own low of {low:,} and high of {high:,}"
    )
    why = (
        "the row stands for several incidents, from which UCDP subtracts what it knows of single ones, and the "
        "codebook says that this can put the numbers out of order."
        if row["event_clarity"] == "2"
        else "the codebook has no reason for it in a row that is one incident. The numbers are UCDP's and are kept."
    )
    claim = f"{source_id}-{row['id']}-best"
    return {
        "waiver_id": f"{claim}-as-published",
        "rule": RULES[0] if crossed else RULES[1],
        "record_id": claim,
        "column_name": "value_min" if crossed else "value",
        "note": f"UCDP published {what}; {why}",
        "decided_by": BY,
    }

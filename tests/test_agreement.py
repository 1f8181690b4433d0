"""The agreement that `docs/coding.md` publishes is what the second reading says."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from bastions import dataset, loader

ROOT = Path(__file__).parents[1]


def test_published_agreement() -> None:
    read = dataset.read(loader.load(ROOT)).typed["second_readings"]
    assert read["claim_id"].n_unique() == read.height
    found = read.filter("found")
    told = (ROOT / "docs/coding.md").read_text("utf-8")

    def alike(column: str) -> int:
        return sum(column not in (differs or "").split() for differs in found["differs"])

    counted = found.filter(pl.col("value").is_not_null() | pl.col("comparator").is_not_null())
    lines = [
        f"| drawn | {read.height} |",
        f"and field) | {found.height}, that is {100 * found.height / read.height:.0f} % |",
        f"| and named it first | {found.filter(pl.col('choice') == 1).height} |",
        f"| of those {found.height} alike in polarity | {alike('polarity')} |",
        f"| in factuality | {alike('factuality')} |",
        f"| in event status | {alike('event_status')} |",
        f"| in kind of quotation | {alike('claim_type')} |",
        f"| in speaker | {alike('actor_id')} |",
        f"| of the {counted.height} with a quantity alike in hedge, value and unit |",
    ]
    assert [line for line in lines if line not in told] == []
    assert not any({"comparator", "value", "unit"} & set((d or "").split()) for d in counted["differs"])

"""How long the conversion of a whole GED release takes, and how much memory.

Makes a file of 49 columns and any number of rows by tiling a real file of 41 columns: ids run on, days stay, points are
shifted a little, so that places differ. Then converts it in a process of its own and prints seconds and peak memory.

    python bench/ged_world.py ged191_syria.csv [ROWS]
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from bastions.curate.ucdp_release import GLOBAL


def tile(source: Path, target: Path, rows: int) -> None:
    """Writes `rows` rows of the 49 columns of 25.1, made of those of a file of 41.

    Args:
        source: The file of 41 columns.
        target: The file to make.
        rows: How many rows it gets.
    """
    given = pl.read_csv(source, infer_schema=False)
    extra = [pl.lit(None, pl.String).alias(name) for name in GLOBAL if name not in given.columns]
    wide = given.with_columns(extra).with_columns(
        (pl.col("date_start", "date_end") + " 00:00:00.000"), pl.col("gwnob").fill_null("")
    )
    with target.open("wb") as file:
        for copy in range(-(-rows // given.height)):
            part = wide.head(rows - copy * given.height).with_columns(
                pl.int_range(copy * given.height + 1, copy * given.height + 1 + pl.len()).cast(pl.String).alias("id"),
                (pl.col("latitude").cast(pl.Float64) + copy / 1000).round(6).cast(pl.String).alias("latitude"),
            )
            part.select(GLOBAL).write_csv(file, include_header=copy == 0)


RUN = """
import sys, time
from pathlib import Path
from bastions import loader
from bastions.curate.ucdp_ged_world import convert
done = convert(Path(sys.argv[1]), Path(sys.argv[2]), loader.load("."))
for p in done.problems: print(p.severity, p.rule, p.message)
print(done.rows, done.counts)
"""


def main() -> None:
    """Makes the file, converts it and prints what it took."""
    source, rows = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 400_000
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "GEDEvent_v25_1.csv", Path(folder) / "out"
        tile(source, file, rows)
        print(f"{rows:,} rows, {file.stat().st_size / 1e6:.0f} MB")  # noqa: T201
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", RUN, str(file), str(out)], check=True)
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
        size = sum(p.stat().st_size for p in out.rglob("*") if p.is_file()) / 1e6
        print(f"{seconds:.1f} s, {peak:.2f} GB at most, {size:.0f} MB written")  # noqa: T201


if __name__ == "__main__":
    main()

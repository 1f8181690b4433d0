"""The base of all ratios: DuckDB reads a CSV file with explicit types and writes Parquet, and checks nothing else.

    python bench/base_copy.py events20 events.csv base.parquet

Prints the seconds of the statement alone and the rows written, as JSON; whoever starts it times the whole process.
"""

from __future__ import annotations

import json
import sys
import time

import duckdb
import shapes


def copy(shape: str, source: str, target: str) -> dict[str, float]:
    """Runs the statement once.

    Args:
        shape: `events20` or `ged49`.
        source: The CSV file.
        target: The Parquet file to write.

    Returns:
        Seconds and rows.
    """
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in shapes.types(shape).items())
    form = """header=true, auto_detect=false, delim=',', quote='"', escape='"' """
    read = f"read_csv('{source}', columns={{{columns}}}, {form})"
    with duckdb.connect() as connection:
        began = time.perf_counter()
        written = connection.execute(
            f"COPY (SELECT * FROM {read}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
        ).fetchone()
        return {"seconds": time.perf_counter() - began, "rows": written[0] if written else 0}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(copy(*sys.argv[1:4])) + "\n")

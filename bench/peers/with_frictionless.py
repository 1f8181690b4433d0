"""frictionless-py: the reference for Data Packages, row by row in Python."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import frictionless
from common import Found, told


def check(package: Path) -> Found:
    """The whole package, every error."""
    report = frictionless.validate(str(package / "datapackage.json"), limit_errors=10_000_000)
    return Counter(kind for (kind,) in report.flatten(["type"]))


if __name__ == "__main__":
    told(check, ["physical line numbers (it counts records)", "Parquet"])

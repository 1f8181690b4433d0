"""The data test: the validator that users call has nothing to say of the real data."""

from __future__ import annotations

from pathlib import Path

from bastions import problems
from bastions.validation import validate

ROOT = Path(__file__).parents[1]


def test_data_are_valid() -> None:
    report = validate(ROOT)
    assert report.problems == (), problems.render(report, "text")

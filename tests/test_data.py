"""The data test: neither the validator that users call nor frictionless has anything to say of the real data."""

from __future__ import annotations

from pathlib import Path

from bastions import problems
from bastions.validation import validate

ROOT = Path(__file__).parents[1]


def test_data_are_valid() -> None:
    report = validate(ROOT, reference=True)
    assert report.problems == (), problems.render(report, "text")

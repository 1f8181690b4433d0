"""What the scripts made is what they make: every script-curated part is made anew from the raw files and compared."""

from __future__ import annotations

import os

import pytest
from conftest import ROOT

from bastions import problems
from bastions.curate import harness


def test_parts_are_what_the_raw_files_give() -> None:
    """Runs where `BASTIONS_INPUTS` names the folder of raw files; they are not part of the project."""
    if not os.environ.get(harness.INPUTS):
        pytest.skip(f"SCRIPT-CURATED PARTS NOT MADE ANEW: set {harness.INPUTS} to the folder of raw files")
    outcome = harness.curate(ROOT, harness.inputs(), check=True)
    assert not outcome.problems, problems.render(problems.Report(tuple(outcome.problems), {}), "text")
    assert not outcome.changes, "\n".join(change.diff(ROOT) for change in outcome.changes)
    assert len(outcome.sources) >= 6

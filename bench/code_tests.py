"""The plugin of pytest for `code_mutants.py`: it runs chosen tests in a given order, and says what tests took."""

from __future__ import annotations

import faulthandler
import json
import os
import sys
from collections import defaultdict
from pathlib import Path

import pytest

PATIENCE = 20
"""Seconds that a chosen test may take beyond ten times those that it took when it was measured."""

_LIMITS: dict[str, float] = {}
_NOWHERE = os.open(os.devnull, os.O_WRONLY)
_SECONDS: dict[str, float] = defaultdict(float)
_BAD: set[str] = set()
_STARTING: set[str] = set()
_SHARING: dict[str, set[str]] = defaultdict(set)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps the tests of the list, in its order; and notes which tests share fixtures."""
    if "BASTIONS_CHOSEN" in os.environ:
        _LIMITS.update(json.loads(Path(os.environ["BASTIONS_CHOSEN"]).read_text()))
        order = {name: at for at, name in enumerate(_LIMITS)}
        items[:] = sorted((item for item in items if item.nodeid in order), key=lambda item: order[item.nodeid])
    users: dict[str, set[str]] = defaultdict(set)
    for item in items:
        info = getattr(item, "_fixtureinfo", None)
        for name, found in info.name2fixturedefs.items() if info else ():
            if found[-1].scope != "function":
                users[name].add(item.nodeid)
    for sharing in users.values():
        for name in sharing:
            _SHARING[name] |= sharing


def pytest_runtest_logstart(nodeid: str) -> None:
    """Has the process end by itself, with nothing said, if a chosen test does not, wherever it hangs."""
    if nodeid in _LIMITS:
        faulthandler.dump_traceback_later(PATIENCE + 10 * _LIMITS[nodeid], exit=True, file=_NOWHERE)


def pytest_runtest_logfinish(nodeid: str) -> None:
    """It has ended."""
    faulthandler.cancel_dump_traceback_later()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Notes time and outcome."""
    _SECONDS[report.nodeid] += report.duration
    if not report.passed:
        _BAD.add(report.nodeid)


def pytest_sessionfinish() -> None:
    """Writes what was noted. Tests that fail or are skipped without any change judge none."""
    if "BASTIONS_TESTS" in os.environ:
        noted = {
            "seconds": {name: round(taken, 4) for name, taken in _SECONDS.items() if name not in _BAD},
            "failed": sorted(_BAD),
            "starting": sorted(_STARTING - _BAD),
            "sharing": {name: sorted(sharing - _BAD) for name, sharing in _SHARING.items()},
        }
        Path(os.environ["BASTIONS_TESTS"]).write_text(json.dumps(noted))


def _heard(event: str, _: object) -> None:
    if event in ("subprocess.Popen", "os.fork", "os.posix_spawn") and (test := os.environ.get("PYTEST_CURRENT_TEST")):
        _STARTING.add(test.rpartition(" ")[0])


if "BASTIONS_TESTS" in os.environ:
    sys.addaudithook(_heard)

"""The fault bench in a shortened form, the size of its catalogue, and its judge.

The whole of it, every way on every package where it makes sense, is `PYTHONPATH=src python -m tests.faults`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from faults.harness import ALL, GENERIC_1, OURS, Expected, NotHere, Package, Spot, Way
from faults.packages import Packages
from faults.running import Verdict, catalogue, judge, short_of_bar, verdicts

from bastions.problems import Problem, problem

FAULTS, HARMLESS = catalogue()
FAMILIES = {
    *("cell", "key", "reference", "row_shape", "header", "encoding", "unicode", "semantics", "units", "spans"),
    *("descriptor", "drift", "paths", "resources"),
}
OURS_EACH, HARMLESS_EACH = 20, 3
"""Of our own dataset, whose many rules take seconds, the first of each family and each so-manieth way after it are
tried; and of the variations each third."""


def shortened(where: Mapping[str, Way], each: int = 1) -> list[tuple[Way, str]]:
    """Each way on one generic package, in turns, and some on our own dataset."""
    chosen = []
    seen: Counter[str] = Counter()
    for i, way in enumerate(where.values()):
        others = [name for name in way.packages if name != OURS]
        if others and i % each == 0:
            chosen.append((way, others[i // each % len(others)]))
        if OURS in way.packages:
            if seen[way.family] % OURS_EACH == 0:
                chosen.append((way, OURS))
            seen[way.family] += 1
    return chosen


def told(verdicts: list[Verdict]) -> str:
    return "\n" + "\n".join(v.text() for v in verdicts)


def test_the_catalogue_has_ways_of_every_family_and_thirty_by_a_fresh_reader() -> None:
    by_author = Counter(way.author == "fresh" for way in FAULTS.values())
    assert by_author[False] >= 120
    assert by_author[True] >= 30
    assert {way.family for way in FAULTS.values()} == FAMILIES
    assert len(HARMLESS) >= 100


def test_faults_are_found_where_they_are() -> None:
    found = list(verdicts(shortened(FAULTS), quick=True))
    assert {v.way.family for v in found} == FAMILIES
    assert not short_of_bar(found), told([v for v in found if not v.right])


def test_nothing_is_found_on_harmless_variations() -> None:
    tried = list(verdicts(shortened(HARMLESS, HARMLESS_EACH), quick=True))
    assert len(tried) >= 30
    assert not [v for v in tried if v.others], told([v for v in tried if v.others])


# The bench itself.

AT = Expected("type-error", "a.csv", 3, 2)
RIGHT = problem("type-error", "a.csv", "is no number", line=3, column=2)


def way(packages: tuple[str, ...] = ALL, allowed: tuple[str, ...] = ()) -> Way:
    return Way("w", "cell", packages, lambda _: None, "A way.", "test", allowed)


def marks(seen: list[Problem], *expected: Expected) -> tuple[bool, bool, bool, bool | None]:
    v = judge(way(), GENERIC_1, list(expected), seen)
    return v.found, v.rule, v.row, v.cell


def test_the_bar_wants_every_fault_of_some_families_and_no_alarm() -> None:
    right, missed = judge(way(), GENERIC_1, [AT], [RIGHT]), judge(way(), GENERIC_1, [AT], [])
    assert short_of_bar([right]) == []
    assert short_of_bar([*[right] * 199, missed]) == ["cell: 1 not found"]
    assert short_of_bar([*[right] * 49, missed])[0] == "found: 98.0 %"
    assert short_of_bar([judge(way(), GENERIC_1, [], [RIGHT])]) == ["1 harmless variations with a finding"]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([RIGHT], (True, True, True, True)),
        ([], (False, False, False, False)),
        ([replace(RIGHT, rule="missing-cell")], (True, False, True, True)),
        ([replace(RIGHT, line=4)], (True, True, False, False)),
        ([replace(RIGHT, file="b.csv")], (True, True, False, False)),
        ([replace(RIGHT, column=1)], (True, True, True, False)),
        ([replace(RIGHT, severity="warning")], (False, False, False, False)),
        ([replace(RIGHT, rule="traceback")], (False, False, False, False)),
        ([replace(RIGHT, line=4), RIGHT], (True, True, True, True)),
    ],
)
def test_the_judge_compares_rule_row_and_cell(
    seen: list[Problem], expected: tuple[bool, bool, bool, bool | None]
) -> None:
    assert marks(seen, AT) == expected


def test_each_of_several_faults_has_to_be_found() -> None:
    other = Expected("type-error", "a.csv", 9, 2)
    assert marks([RIGHT], AT, other) == (True, True, False, False)
    assert marks([RIGHT, replace(RIGHT, line=9)], AT, other) == (True, True, True, True)


def test_a_fault_of_a_row_has_no_cell_to_be_right() -> None:
    assert marks([RIGHT], replace(AT, column=0)) == (True, True, True, None)


def test_a_finding_on_a_harmless_variation_is_an_alarm_unless_it_is_the_documented_warning_on_our_style() -> None:
    style = problem("canonical-form", "a.csv", "quoting", severity="warning")
    allowing = way(allowed=("canonical-form",))
    assert judge(allowing, OURS, [], [style]).right
    assert not judge(allowing, GENERIC_1, [], [style]).right
    assert not judge(way(), OURS, [], [style]).right
    assert not judge(allowing, OURS, [], [replace(style, severity="error")]).right


def test_a_package_knows_the_lines_of_its_rows_behind_a_line_break_and_a_comment(tmp_path: Path) -> None:
    p = Packages(tmp_path).copy(GENERIC_1)
    assert p.line("readings", 3) == 4
    assert p.line("readings", 4) == 6
    assert p.line("visits", 1) == 3
    p.set(Spot("visits", 1, "inspector"), "a; b 'c'")
    assert b";'a; b ''c'''\n" in p.raw("visits.csv")
    assert p.cell(Spot("visits", 1, "inspector")) == "a; b 'c'"
    with pytest.raises(NotHere):
        p.spot("geopoint")


def test_a_way_that_does_nothing_is_a_miss() -> None:
    def nothing(p: Package) -> Expected:
        return p.at(p.spot("enum"), "constraint-error")

    (verdict,) = verdicts([(replace(way(), seed=nothing), GENERIC_1)])
    assert not verdict.found
    assert "got      nothing" in verdict.text()

"""Every rule has a counterexample that makes it fire, at the record and cell that the example names, and no other rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT, TESTS, load_yaml, patch

from bastions import schema
from bastions.validate import problems, validate

RULES = sorted(path.stem for path in (ROOT / "schemas" / "rules").glob("*.sql"))
EXAMPLES = sorted(path.stem for path in (TESTS / "counterexamples").glob("*.yaml"))


def test_every_rule_has_a_counterexample_and_no_counterexample_lacks_its_rule() -> None:
    assert EXAMPLES == RULES, "a rule schemas/rules/<name>.sql goes with tests/counterexamples/<name>.yaml"


def test_tiny_has_no_problem(tiny: Path) -> None:
    report = validate(tiny)
    assert report.problems == (), problems.render(report, "text")
    assert report.rules == len(RULES)
    assert all(report.rows.values()), "every table of tests/valid has a row, so that every rule has something to read"


@pytest.mark.parametrize("name", EXAMPLES)
def test_counterexample_makes_its_rule_fire_alone(tiny: Path, name: str) -> None:
    example = load_yaml(TESTS / "counterexamples" / f"{name}.yaml")
    assert set(example) <= {"why", "rows", "remove", "expect"}
    patch(tiny, example)
    loaded = schema.load(tiny)
    table = loaded.all_tables[name.partition("__")[0]]
    (path,) = loaded.parts(table.name)
    place = [line.split(",")[table.names.index(table.key)] for line in path.read_text("utf-8").splitlines()]
    expected = [
        (
            name,
            path.relative_to(tiny).as_posix(),
            place.index(want["record_id"]) + 1,
            table.names.index(want["field"]) + 1 if "field" in want else 0,
            want.get("field", ""),
            want["record_id"],
        )
        for want in example["expect"]
    ]
    report = validate(tiny)
    got = [(p.rule, p.file, p.line, p.column, p.field, p.record_id) for p in report.problems]
    assert got == sorted(expected, key=lambda e: (e[1], e[2], e[3])), problems.render(report, "text")
    assert all(p.message for p in report.problems)

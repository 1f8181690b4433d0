"""Every rule has a counterexample that makes it fire at the record and cell that it names, and no other rule."""

from __future__ import annotations

import csv
import os
import shutil
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, TESTS, load_yaml, patch, schema_in

from bastions import problems
from bastions.validation import validate

RULES = sorted(path.stem for path in (ROOT / "schemas" / "rules").glob("*.sql"))
VALID = {
    row[0]: " ".join(row).split()
    for path in (TESTS / "valid").glob("*/*/*.csv")
    if path.parent.name != "sources"
    for row in csv.reader(path.read_text("utf-8").splitlines()[1:])
}
EXAMPLES = {path.stem: load_yaml(path) for path in sorted((TESTS / "counterexamples").glob("*.yaml"))}


def test_every_rule_has_a_counterexample_and_no_counterexample_lacks_its_rule() -> None:
    assert list(EXAMPLES) == RULES, "a rule schemas/rules/<name>.sql goes with tests/counterexamples/<name>.yaml"


def test_tiny_has_no_problem(tiny: Path) -> None:
    report = validate(tiny)
    assert report.problems == (), problems.render(report, "text")
    assert report.rules == len(RULES)
    assert all(report.rows.values()), "every table of tests/valid has a row, so that every rule has something to read"


@pytest.mark.parametrize("name", EXAMPLES)
def test_counterexample_makes_its_rule_fire_alone(verdicts: dict[str, str], name: str) -> None:
    assert set(EXAMPLES[name]) <= {"why", "rows", "remove", "expect"}
    assert EXAMPLES[name]["why"].endswith(".")
    assert not verdicts[name], verdicts[name]


@pytest.fixture(scope="session")
def verdicts(
    request: pytest.FixtureRequest, tiny_once: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """By example what is not as it expects, or nothing.

    A run of the validator takes a second, so examples that touch different rows share one: if it finds what they expect
    together and nothing else, each of them has fired its rule alone. If not, each is run by itself, as all of them are
    with BASTIONS_EACH_ALONE in the environment.
    """
    chosen = {item.name.partition("[")[2].rstrip("]") for item in request.session.items}
    names = [name for name in EXAMPLES if name in chosen]
    folder = tmp_path_factory.mktemp("counterexamples")
    found = {}
    for group in [[name] for name in names] if os.environ.get("BASTIONS_EACH_ALONE") else groups(names):
        verdict = run(group, tiny_once, folder)
        alone = verdict and len(group) > 1
        found.update({name: run([name], tiny_once, folder) if alone else verdict for name in group})
    return found


def groups(names: list[str]) -> list[list[str]]:
    """The examples in groups none of which touches a record twice."""
    made: list[tuple[list[str], set[str]]] = []
    for name in names:
        touched = touches(EXAMPLES[name])
        for group, taken in made:
            if not touched & taken:
                group.append(name)
                taken |= touched
                break
        else:
            made.append(([name], touched))
    return [group for group, _ in made]


def touches(example: dict[str, Any]) -> set[str]:
    """The rows that an example changes, and the records that they and its findings name, sources left out."""
    changed = [list(row.values()) for rows in example.get("rows", {}).values() for row in rows]
    removed = [key for keys in example.get("remove", {}).values() for key in keys]
    expected = [want["record_id"] for want in example["expect"]]
    named = {word for cell in chain(*changed, removed, expected) for word in cell.split()}
    named |= {word for key in named & VALID.keys() for word in VALID[key]}
    return {row[0] for row in changed} | {word for word in named if word in VALID}


def run(names: list[str], tiny: Path, folder: Path) -> str:
    """What is not as the examples expect when they are applied to the tiny dataset together, or nothing."""
    root = folder / names[0]
    shutil.copytree(tiny, root, dirs_exist_ok=True)
    for name in names:
        patch(root, EXAMPLES[name])
    expected = sorted(place for name in names for place in places(root, name))
    report = validate(root)
    shutil.rmtree(root)
    got = sorted((p.file, p.line, p.column, p.rule, p.field, p.record_id) for p in report.problems)
    if got == expected and all(p.message for p in report.problems):
        return ""
    return f"expected {expected}\n{problems.render(report, 'text')}"


def places(root: Path, name: str) -> list[tuple[str, int, int, str, str, str]]:
    """Where the example says that its rule fires: file, line, column, rule, field, record."""
    loaded = schema_in(root)
    found = []
    for want in EXAMPLES[name]["expect"]:
        table = loaded.all_tables[want.get("record_table", name.partition("__")[0])]
        (path,) = loaded.parts(table.name)
        keys = [line.split(",")[table.names.index(table.key)] for line in path.read_text("utf-8").splitlines()]
        key, field = want["record_id"], want.get("field", "")
        column = table.names.index(field) + 1 if field else 0
        found.append((path.relative_to(root).as_posix(), keys.index(key) + 1, column, name, field, key))
    return found

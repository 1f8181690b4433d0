"""docs/validator.md says of each property, type, format and constraint of the specification what becomes of it.

The lists are those of the checks of descriptors, so that the page cannot leave out what a descriptor may hold; the
rules are those of the source, so that none is told that the page does not explain.
"""

from __future__ import annotations

import argparse
import ast
import re
from dataclasses import fields

import pytest
from conftest import ROOT

from bastions import cli
from bastions.cli.common import LIMITS
from bastions.schema import Constraints
from bastions.tabular.limits import Limits
from bastions.validation.descriptor import REQUIREMENTS
from bastions.validation.descriptor.values import BOUNDS, CONSTRAINTS, FORMATS, TYPES

PAGE = (ROOT / "docs" / "validator.md").read_text("utf-8")
SOURCE = ROOT / "src" / "bastions" / "tabular"

VERDICTS = ("yes", "stricter", "refused", "kept")

V1_DIALECT = ("csvddfVersion", "caseSensitiveHeader")
"""Properties of CSV Dialect that Table Dialect has dropped."""

HELD = ("$schema", "title", "description", "example", "rdfType", "categoriesOrdered")
"""Properties that the checks of descriptors know only by type, or not at all."""

NOT_PROPERTIES = {"object", "types", "strptime", "reference", "uniqueKey", "foreignKey"}
"""Requirements of schemas and fields that are not called after a property."""

OPTIONS = ("decimalChar", "groupChar", "bareNumber", "trueValues", "falseValues", "delimiter", "itemType")

KIND = re.compile(r"[a-z]+(-[a-z]+)*-(error|cell|label|row|header|limit|quote|count|key|character|mark|number|space)")
"""What a rule is called: its last word."""


def section(heading: str) -> str:
    """The text under a heading, up to the next of its rank or above."""
    marks = heading.split(" ")[0]
    _, _, rest = PAGE.partition(f"\n{heading}\n")
    assert rest, heading
    return re.split(rf"^#{{1,{len(marks)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """The rows of the tables in a text whose first cell is code."""
    found = [re.split(r"(?<!\\)\|", line.strip())[1:-1] for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in row] for row in found]


def named(text: str) -> list[str]:
    """What the rows are about: the code in their first cells."""
    return [name for row in rows(text) for name in re.findall(r"`([^`]+)`", row[0])]


def said(cell: str) -> bool:
    return cell.startswith(VERDICTS)


def test_every_property_of_a_dialect_has_a_row() -> None:
    text = section("## Table Dialect")
    known = [name.removeprefix("dialect.") for name in REQUIREMENTS if name.startswith("dialect.")]
    assert len(known) >= 18
    assert sorted(named(text)) == sorted([*known, "$schema", *V1_DIALECT])
    assert [row for row in rows(text) if not said(row[2])] == []


def test_every_property_of_a_schema_and_field_has_a_row() -> None:
    text = section("## Table Schema").partition("\n### ")[0]
    asked = {name.partition(".")[2] for name in REQUIREMENTS if re.fullmatch(r"(schema|field)[.][a-zA-Z]+", name)}
    assert {"fieldsMatch", "uniqueKeys", "foreignKeys", "type", "categories"} < asked
    assert asked - NOT_PROPERTIES - set(OPTIONS) - set(named(text)) == set()
    assert {*HELD, "missingValues", "constraints"} - set(named(text)) == set()
    assert [row for row in rows(text) if not said(row[1])] == []


def test_every_mode_of_fields_match_has_a_row() -> None:
    _, *modes = [row[0] for row in rows(section("## The header").partition("\n### ")[0])]
    assert [mode.split("`")[1] for mode in modes] == ["exact", "equal", "subset", "superset", "partial"]


def test_every_type_and_format_has_a_row() -> None:
    listed = [(row[0].strip("`"), row[1].strip("`")) for row in rows(section("### Types and formats")) if len(row) == 5]
    assert sorted(listed) == sorted((kind, form) for kind in TYPES for form in ("default", *FORMATS.get(kind, ())))
    assert [row for row in rows(section("### Types and formats")) if len(row) == 5 and not said(row[3])] == []


def test_every_way_to_write_values_has_a_row() -> None:
    found = [row for row in rows(section("### Types and formats")) if len(row) == 4]
    assert [row[0].strip("`") for row in found] == list(OPTIONS)
    assert [row for row in found if not said(row[2])] == []


def test_every_constraint_has_a_row() -> None:
    text = section("### Constraints")
    assert sorted(named_first(text)) == sorted(CONSTRAINTS)
    assert {*BOUNDS} < set(named_first(text))
    assert {field.name for field in fields(Constraints)} == set(CONSTRAINTS)
    assert [row for row in rows(text) if not said(row[2])] == []


def named_first(text: str) -> list[str]:
    return [row[0].strip("`") for row in rows(text)]


def options(verb: str) -> set[str]:
    """The options of a verb that it has for packages."""
    (verbs,) = [action for action in cli._parser()._actions if isinstance(action, argparse._SubParsersAction)]
    parser: argparse.ArgumentParser = verbs.choices[verb]
    every = {option for action in parser._actions for option in action.option_strings}
    return every - {"-h", "--help", "--reference"}


def test_every_option_has_a_row() -> None:
    listed = {row[0].strip("`").split(" ")[0]: row for row in rows(section("## Limits and options")) if len(row) == 4}
    assert set(listed) == options("validate") | options("build")
    for name, row in listed.items():
        verbs = [verb for verb in ("validate", "build") if name in options(verb)]
        assert row[1].strip("`") == ("both" if len(verbs) == 2 else verbs[0]), name


def test_every_limit_has_a_row_with_its_default() -> None:
    listed = {row[0].strip("`").split(" ")[0]: row for row in rows(section("## Limits and options")) if len(row) == 4}
    assert sorted(name for name, *_ in LIMITS.values()) == sorted(field.name for field in fields(Limits))
    for option, (name, metavar, _) in LIMITS.items():
        value = getattr(Limits(), name)
        assert listed[option][0] == f"`{option} {metavar}`"
        assert listed[option][2] == ("none" if value is None else f"{value:,g}" if value < 1_000 else f"{value:,}")


def constants() -> dict[str, int]:
    """The numbers of the source that are called a limit."""
    found: dict[str, int] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and type(node.value.value) is int:
                found |= {t.id: node.value.value for t in node.targets if isinstance(t, ast.Name)}
    return {name: value for name, value in found.items() if name.endswith("_LIMIT")}


def test_limits_without_an_option_are_on_the_page() -> None:
    text = section("## Limits and options").partition("These have no option:")[2]
    numbers = set(re.findall(r"[0-9][0-9,]*[0-9]", text))
    assert len(constants()) >= 8
    assert {name: value for name, value in constants().items() if f"{value:,}" not in numbers} == {}


def explained() -> set[str]:
    return set(named_first(section("## Rules").partition("\n### ")[0]))


def explained_of_ours() -> set[str]:
    """The rules of this repository's own tables that the page has; those of `schemas/rules/` stand for themselves."""
    return {name for name in named(section("### The tables of this repository")) if "__" not in name}


def told_of_ours() -> set[str]:
    """Every name with a hyphen in the modules that judge them is that of a rule."""
    package = ROOT / "src" / "bastions"
    own = {*(package / "validation").glob("*.py"), package / "files.py", package / "dataset.py"}
    own.remove(package / "validation" / "reference.py")  # it has names of frictionless-py
    nodes = (node for path in own for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if re.fullmatch("[a-z]+(-[a-z]+)+", text)}


def in_source() -> set[str]:
    """Texts of the source that can only be the name of a rule."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KIND.fullmatch(node.value):
                found.add(node.value)
    return found


def test_every_rule_of_the_source_is_on_the_page() -> None:
    assert in_source() - explained() == set()


@pytest.mark.parametrize("rule", sorted(explained()))
def test_every_rule_of_the_page_is_in_the_source(rule: str) -> None:
    assert rule in in_source()


def test_rules_are_named_alike_throughout_the_page() -> None:
    """A rule that is named in another section, but not in the list, is a slip of the pen."""
    quoted = {name for name in re.findall(r"`([a-z-]+)`", PAGE) if KIND.fullmatch(name)}
    assert quoted - explained() - explained_of_ours() == set()


def test_the_rules_of_our_own_tables_are_those_of_the_page() -> None:
    assert {"surrounding-space", "foreign-key", "table-shrinks"} < told_of_ours()
    assert told_of_ours() == explained_of_ours()


def test_warnings_are_in_the_list_of_rules() -> None:
    assert set(named_first(section("## Warnings"))) <= explained()

"""Each rule finds what it should at its edges, where a slightly different rule would find something else."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import edges
import pytest
from conftest import TESTS, load_yaml

from bastions.loader import load

WITH_EDGES = sorted(path.stem for path in (TESTS / "edges").glob("*.yaml"))


@pytest.fixture(scope="module")
def world(tiny_once: Path) -> Iterator[edges.World]:
    """The relations of the tiny dataset."""
    made = edges.World(tiny_once)
    yield made
    made.connection.close()


def test_edges_are_of_rules() -> None:
    assert set(WITH_EDGES) <= set(edges.all_rules())


@pytest.mark.parametrize("name", edges.all_rules())
def test_select_alone_finds_what_the_counterexample_expects(world: edges.World, name: str) -> None:
    """The relations are changed here, not the files: both ways to a rule have to agree, or no edge would prove much."""
    rule, wanted = edges.all_rules()[name], edges.example(name)["expect"]
    with world.changed(edges.example(name), remake=bool(world.reads(rule.sql) & edges.REMADE)):
        cells = [[want.get(at, "") for at in ("record_table", "record_id", "field")] for want in wanted]
        assert world.find(rule.sql) == sorted(" ".join(filter(None, cell)) for cell in cells)


@pytest.mark.parametrize("name", WITH_EDGES)
def test_rule_at_its_edges(world: edges.World, name: str) -> None:
    rule = edges.all_rules()[name]
    remake = bool(world.reads(rule.sql) & edges.REMADE)
    for edge in edges.edges(name):
        assert set(edge) <= {"shows", "on", "remove", "copy", "rows", "finds"}
        before = [edges.example(name)] if edge.get("on") == "example" else []
        with world.changed(*before, edge, remake=remake):
            assert world.find(rule.sql) == sorted(edge.get("finds", [])), edge["shows"]


def test_a_sentence_on_attributes_holds() -> None:
    """`mutants.yaml` says of some attributes that each stands alone in its list."""
    (pattern,) = [pattern for pattern in load_yaml(TESTS / "mutants.yaml")["any"] if "attribute" in pattern]
    names = set(re.findall(r"\w+", pattern.partition("'(")[2].partition(")'")[0]))
    lists = [codes.codes.values() for codes in load(TESTS.parent).code_lists.values()]
    together = [{attribute for code in codes for attribute in code.attributes} for codes in lists]
    assert names
    assert names <= set[str]().union(*together)
    assert [found for found in together if found & names and len(found) > 1] == []


def test_every_sentence_is_of_a_change_of_a_rule() -> None:
    """`mutants.yaml` says why no test notices a change; a rule that is written anew makes other changes."""
    sys.path.insert(0, str(TESTS.parent / "bench"))
    mutants = importlib.import_module("rule_mutants").mutants
    told = load_yaml(TESTS / "mutants.yaml")["rules"]
    stale = [(name, what) for name, said in told.items() for what in said.keys() - mutants(edges.all_rules()[name].sql)]
    assert told
    assert stale == []

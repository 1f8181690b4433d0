"""Each rule finds what it should at its edges, where a slightly different rule would find something else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import edges
import pytest
from conftest import TESTS

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

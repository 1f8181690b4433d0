"""What `bench/code_mutants.py` changes in code, and the sentences about changes that no test notices."""

from __future__ import annotations

import ast
import importlib
import sys

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "bench"))

changes = importlib.import_module("code_changes").changes
bench = importlib.import_module("code_mutants")

CODE = b'''
"""Not this."""
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

LIMIT: "int | None" = 5


def first(cells: tuple[str, ...], most: int = 1) -> str | None:
    """Nor this."""
    assert most > 0
    if not cells or len(cells[0]) > most:
        raise ValueError(f"longer than {most + 1}")
    kind = "\xc3\xa9"; kind = cells[1:]
    return kind == "a"
'''


@pytest.mark.parametrize(
    ("function", "what"),
    [
        ("module", "LIMIT: 'int | None' = 5 -> LIMIT: 'int | None' = 6"),
        ("first", "not cells or len(cells[0]) > most -> len(cells[0]) > most"),
        ("first", "not cells or len(cells[0]) > most -> not cells and len(cells[0]) > most"),
        ("first", "not cells or len(cells[0]) > most -> False"),
        ("first", "len(cells[0]) > most -> len(cells[0]) >= most"),
        ("first", "cells[0] -> cells[1]"),
        ("first", "raise ValueError(f'longer than {most + 1}') -> pass"),
        ("first", "kind = cells[1:] -> pass"),
        ("first", "cells[1:] -> cells[:]"),
        ("first", "kind == 'a' -> kind == 'a~'"),
        ("first", "return kind == 'a' -> return None"),
    ],
)
def test_a_place_is_changed_in_each_way_that_a_test_should_notice(function: str, what: str) -> None:
    assert (function, what) in {(change.function, change.what) for change in changes("a.py", CODE)}


def test_texts_for_people_types_and_assertions_are_left_alone() -> None:
    found = changes("a.py", CODE)
    assert not [change for change in found if change.lines.start in (2, 5, 12, 13) or "most + 2" in change.what]


def test_every_change_is_code_of_its_own_and_has_a_name_of_its_own() -> None:
    """Bytes before a letter of two bytes are counted as bytes."""
    found = changes("a.py", CODE)
    trees = {ast.dump(ast.parse(change.applied(CODE))) for change in found} - {ast.dump(ast.parse(CODE))}
    assert len(trees) == len({(change.function, change.what) for change in found}) == len(found)


def test_every_sentence_is_about_a_change_that_can_be_made() -> None:
    why = bench.sentences()
    found = [change for path in why for change in changes(path, (ROOT / path).read_bytes())]
    assert list(bench.without_place(why, found)) == []

"""What ways of several families share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .harness import GENERIC_1, Expected, Package

FILE = "datapackage.json"


def table_of(p: Package) -> str:
    """A table whose schema stands in the descriptor."""
    return "stations" if p.name == GENERIC_1 else "sightings"


def edited(p: Package, rule: str | tuple[str, ...], pointer: str, edit: Callable[[dict[str, Any]], object]) -> Expected:
    """Edits the descriptor and expects a rule at a JSON pointer, `#` in it the number of the resource."""
    descriptor = p.descriptor()
    names = [resource["name"] for resource in descriptor["resources"]]
    number = names.index(table_of(p))
    edit(descriptor)
    p.save_descriptor(descriptor)
    return Expected(rule, FILE, pointer=pointer.replace("#", str(number)))


def of_table(
    p: Package, rule: str | tuple[str, ...], pointer: str, edit: Callable[[dict[str, Any]], object]
) -> Expected:
    """The same, of the resource of a table."""
    return edited(p, rule, pointer, lambda descriptor: edit(p.resource(descriptor, table_of(p))))


def led(p: Package, path: object, rule: str | tuple[str, ...]) -> Expected:
    """Lets the resource of a table lead elsewhere."""
    return of_table(p, rule, "/resources/#/path", lambda r: r.update(path=path))


def change(p: Package, table: str, key: str, rule: str | tuple[str, ...], at: str, **cells: str) -> Expected:
    """Changes cells of the row with a key, and expects a rule at one of its columns; of the row where `at` is empty."""
    for column, text in cells.items():
        p.set(p.of(table, key, column), text)
    return p.at(p.of(table, key, at or p.layout(table).columns[0]), rule, column=bool(at))


def warned(expected: Expected) -> Expected:
    """The same as a warning: what its rule finds can be true, and is odd."""
    return replace(expected, severity="warning")

"""Faults, how they are collected, and the JSON of which they speak."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .requirements import REQUIREMENTS


@dataclass(frozen=True, slots=True)
class Fault:
    """One requirement that a descriptor breaks.

    Attributes:
        path: JSON pointer (RFC 6901) of the offending value; of the object, where a property is missing.
        message: What is wrong.
        hint: What to do.
        requirement: Key of `REQUIREMENTS`, or `frictionless` for what frictionless says.
    """

    path: str
    message: str
    hint: str
    requirement: str


def at(pointer: str, *steps: str | int) -> str:
    """The JSON pointer of what lies further in."""
    return pointer + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


JSON_TYPES = {
    "null": "null",
    "boolean": "true or false",
    "integer": "an integer",
    "number": "a number",
    "string": "a string",
    "array": "a list",
    "object": "an object",
}


def json_type(value: Any) -> str:
    """The JSON type of a value; `integer` for numbers without a fraction."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    kinds = {float: "number", str: "string", list: "array", dict: "object"}
    return next((kind for python, kind in kinds.items() if isinstance(value, python)), "null")


def same(value: Any) -> str:
    """A text that two values share only if JSON tells no difference between them."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True)


def shown(value: Any) -> str:
    """A value as JSON, cut short."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:60] + "…"


MESSAGE_LIMIT = 1_000  # characters; what stands in a descriptor can be long


class TooManyFaults(Exception):
    """There are as many faults as are collected at most."""


class Faults:
    """The faults of one descriptor, and the checks that all its parts share.

    Attributes:
        v2: Whether the descriptor names a 2.x profile and is held to all that v2 asks.
        found: What was found so far.
        limit: How many are collected at most.
    """

    def __init__(self, descriptor: object, limit: int | None = None):
        self.found: list[Fault] = []
        self.limit = limit
        self._names: dict[int, frozenset[str]] = {}
        profile = descriptor.get("$schema") if isinstance(descriptor, dict) else None
        self.v2 = bool(re.match(r"https?://(www\.)?datapackage\.org/profiles/2\.", str(profile)))

    def add(self, requirement: str, path: str, message: str, hint: str = "") -> None:
        """A fault, unless the descriptor is older than the requirement."""
        if self.v2 or not REQUIREMENTS[requirement].v2_only:
            message = message if len(message) <= MESSAGE_LIMIT else message[:MESSAGE_LIMIT] + "…"
            self.found.append(Fault(path, message, hint or REQUIREMENTS[requirement].text, requirement))
            if len(self.found) == self.limit:
                raise TooManyFaults

    def is_a(self, requirement: str, path: str, value: Any, *kinds: str) -> bool:
        """Whether a value is of one of these JSON types; a fault where it is not."""
        given = json_type(value)
        if given in kinds or (given == "integer" and "number" in kinds):
            return True
        wanted = " or ".join(JSON_TYPES[name] for name in kinds)
        self.add(requirement, path, f"is {JSON_TYPES[given]}, not {wanted}")
        return False

    def required(self, requirement: str, path: str, holder: Mapping[str, Any], name: str, *kinds: str) -> bool:
        """Whether a property is there, and of one of these types if any are given; a fault where it is not."""
        if name not in holder:
            self.add(requirement, path, f"has no `{name}`")
            return False
        return not kinds or self.is_a(requirement, at(path, name), holder[name], *kinds)

    def optional(self, requirement: str, path: str, holder: Mapping[str, Any], name: str, *kinds: str) -> bool:
        """Whether a property is there and of one of these types; a fault where it is of another."""
        return name in holder and self.is_a(requirement, at(path, name), holder[name], *kinds)

    def texts(self, requirement: str, path: str, holder: Mapping[str, Any], names: Iterable[str]) -> None:
        """Checks that those properties that are there are strings."""
        for name in names:
            self.optional(requirement, path, holder, name, "string")

    def strings(self, requirement: str, path: str, value: Any) -> bool:
        """Whether a value is a list of strings; a fault where it is not."""
        if not self.is_a(requirement, path, value, "array"):
            return False
        good = [self.is_a(requirement, at(path, i), item, "string") for i, item in enumerate(value)]
        return all(good)

    def formed(
        self, requirement: str, path: str, holder: Mapping[str, Any], name: str, form: str, message: str, hint: str = ""
    ) -> None:
        """A fault where a property is a string, but not of this form."""
        value = holder.get(name)
        if isinstance(value, str) and not re.fullmatch(form, value):
            self.add(requirement, at(path, name), f"{value!r} {message}", hint)

    def not_empty(self, path: str, value: Any) -> None:
        """A fault for an empty list that the 2.0 profile does not allow."""
        if value == []:
            self.add("profile.not-empty", path, "is an empty list", "Leave it out, or give it an item.")

    def names(self, schema: Any) -> frozenset[str]:
        """The names of the fields of an inline schema; none where that is not known. Each schema is read once."""
        if id(schema) not in self._names:
            fields = schema.get("fields") if isinstance(schema, dict) else None
            listed = fields if isinstance(fields, list) else []
            named = (f["name"] for f in listed if isinstance(f, dict) and isinstance(f.get("name"), str))
            self._names[id(schema)] = frozenset(named)
        return self._names[id(schema)]

    def unique(self, requirement: str, what: str, values: Iterable[tuple[str, Any]]) -> None:
        """A fault for each of `(pointer, value)` whose value stood before."""
        seen: dict[str, str] = {}
        for pointer, value in values:
            first = seen.setdefault(same(value), pointer)
            if first != pointer:
                self.add(requirement, pointer, f"{what} {same(value)} stands twice; the first is {first}")

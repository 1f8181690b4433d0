"""The `settings` of a source.yaml as a frozen dataclass of its importer: each key checked before anything is made.

A field without a default is a key that has to be there; a key that is no field is refused. The type of a field says
what its value has to be, and nothing is converted: a number in quotes is text, and a day in quotes is none. Known are
`str`, `int`, `float` (a whole number too), `bool`, `date`, `Any`, `Sequence[…]`, `Mapping[…, …]`, `… | None`,
dataclasses of the same kind, and the two types below.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

from bastions.curate.job import Job, Row
from bastions.problems import Problem, problem

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_T = TypeVar("_T", bound="DataclassInstance")

RawName = NewType("RawName", str)
"""The name of one of the source's raw files."""

FixedRows = NewType("FixedRows", Mapping[str, Sequence[Row]])
"""Rows that the importer hands on as they stand: table to rows, each a mapping of its columns to text."""

_SIMPLE: Mapping[Any, tuple[str, tuple[type, ...]]] = {
    str: ("text; put it in quotes if it looks like a number, a day or yes and no", (str,)),
    int: ("a whole number", (int,)),
    float: ("a number", (int, float)),
    bool: ("true or false", (bool,)),
    date: ("a day as 2016-01-31, without quotes", (date,)),
}
"""Type to what it is called, and to the types of YAML that are it; a subtype (`true` as a number) is another."""


def read(job: Job, cls: type[_T]) -> tuple[_T | None, list[Problem]]:
    """The settings of a source, or what is wrong with them.

    Args:
        job: For `settings`, the names of its raw files and the tables.
        cls: The dataclass of the importer.

    Returns:
        The settings, None where anything is wrong; and the problems, one for each key or value.
    """
    checked = _Checked(job, [])
    made = checked.record("settings", job.settings, cls)
    return (None if checked.found else made), checked.found


def unfit(job: Job, key: str, message: str, *, value: Any = "", hint: str = "") -> Problem:
    """What is wrong with a setting, for what an importer finds by itself.

    Args:
        job: For the source.
        key: The path of the key from `settings` on, with dots.
        message: What was expected.
        value: What stands there.
        hint: What to do; by default, to mend the key.
    """
    hint = hint or f"Mend {key} in this file."
    where = f"seeds/{job.source_id}/source.yaml"
    return problem("source-yaml", where, message, field=key, value=str(value), hint=hint)


@dataclass(frozen=True, slots=True)
class _Checked:
    """Goes through the values; what is wrong is put into `found`, and what is returned then is not to be used."""

    job: Job
    found: list[Problem]

    def record(self, key: str, value: Any, cls: Any) -> Any:
        """A mapping as the dataclass."""
        if not isinstance(value, Mapping):
            self.refuse(key, value, "is no mapping of keys to values")
            return None
        known = {field.name: field for field in fields(cls)}
        names = ", ".join(known)
        for name in value:
            if name not in known:
                self.refuse(f"{key}.{name}", "", "is a key that is not known here", f"Known are {names}.")
        hints = get_type_hints(cls)
        given = {}
        for name, field in known.items():
            if name in value:
                given[name] = self.value(f"{key}.{name}", value[name], hints[name])
            elif field.default is MISSING and field.default_factory is MISSING:
                self.refuse(f"{key}.{name}", "", "is missing", f"Add it to this file: {_called(hints[name])}.")
        return None if self.found else cls(**given)

    def value(self, key: str, value: Any, kind: Any) -> Any:
        """A value of any known type, checked."""
        origin, inner = get_origin(kind), get_args(kind)
        if kind is Any:
            return value
        if origin in (Union, types.UnionType):
            return None if value is None else self.value(key, value, next(a for a in inner if a is not type(None)))
        if kind is FixedRows:
            rows = self.value(key, value, Mapping[str, Sequence[Mapping[str, str]]])
            for where, message, hint in self.misplaced(key, rows) if not self.found else ():
                self.refuse(where, "", message, hint)
            return rows
        if kind is RawName:
            if not isinstance(value, str) or value not in self.job.raw:
                hint = f"Those under raw.files of this file are {', '.join(sorted(self.job.raw))}."
                self.refuse(key, value, "is none of the raw files of the source", hint)
            return value
        if is_dataclass(kind):
            return self.record(key, value, kind)
        if origin is Sequence and isinstance(value, list):
            return tuple(self.value(f"{key}.{n}", each, inner[0]) for n, each in enumerate(value, 1))
        if origin is Mapping and isinstance(value, Mapping):
            return {
                self.value(f"{key}.{name}", name, inner[0]): self.value(f"{key}.{name}", each, inner[1])
                for name, each in value.items()
            }
        if type(value) not in _SIMPLE.get(kind, ("", ()))[1]:
            self.refuse(key, value, f"is not what is expected there: {_called(kind)}")
        return value

    def misplaced(self, key: str, rows: Mapping[str, Sequence[Row]]) -> Iterator[tuple[str, str, str]]:
        """Tables and columns that the dataset has not."""
        tables = self.job.codes.tables
        for name, listed in rows.items():
            if name not in tables:
                yield f"{key}.{name}", "is no table of the dataset", f"Tables are {', '.join(tables)}."
                continue
            for number, row in enumerate(listed, 1):
                for column in row:
                    if column not in tables[name].names:
                        columns = ", ".join(tables[name].names)
                        yield f"{key}.{name}.{number}.{column}", f"is no column of {name}", f"Columns are {columns}."

    def refuse(self, key: str, value: Any, message: str, hint: str = "") -> None:
        """Puts a problem with a key into `found`."""
        self.found.append(unfit(self.job, key, message, value="" if value is None else value, hint=hint))


def _called(kind: Any) -> str:
    """What a type is called in a message."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _called(next(each for each in inner if each is not type(None)))
    if kind is RawName:
        return "the name of a raw file of the source"
    if kind is FixedRows or is_dataclass(kind) or origin is Mapping:
        return "a mapping"
    if origin is Sequence:
        return "a list"
    return _SIMPLE[kind][0] if kind in _SIMPLE else "a value"

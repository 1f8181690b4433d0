"""A descriptor, `datapackage.json` of v1 or v2, as a frozen `Package`: its resources, their tables, what is wrong.

Whatever a descriptor holds, the answer is a list of problems. The package as a whole is refused only where it is no
JSON object with a list of resources, or goes beyond a limit. A resource that cannot be read is left out with its
problem, and its name is kept in `Package.unread`, so that nothing is concluded from rows that nobody looked at. Where
only a constraint, a key or a text for people is wrong, the rest is read and validated. No address is contacted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from bastions.problems import Problem, problem
from bastions.schema import ForeignKey, Table
from bastions.tabular.descriptor import dialect as csv_dialects
from bastions.tabular.descriptor import paths, references, resource_reading, schema_reading, telling
from bastions.tabular.descriptor.findings import Finding, Known, name_fault
from bastions.tabular.descriptor.references import Whole
from bastions.tabular.descriptor.schema_reading import Reading
from bastions.tabular.limits import Limits
from bastions.validation.descriptor import SIZE_LIMIT, DescriptorError, check, parse_descriptor
from bastions.validation.descriptor.faults import Faults, at, shown

FILE = "datapackage.json"
FAULT_LIMIT = 10_000
"""Faults of a descriptor that are told one by one."""
RESOURCE_LIMIT = 10_000
"""Resources of a package."""
FIELD_LIMIT = 100_000
"""Fields of all tables of a package, those of a schema that several resources name counted for each."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource that can be read.

    Attributes:
        paths: Of its parts, relative to the folder of the package; none where the data, no table, is in the descriptor.
        form: `csv` (whatever its delimiter), `parquet`, or empty for what is not a table: size and digest are checked.
        encoding: Name of a Python codec.
        table: Its columns and keys; None where there is no schema.
        matching: How the labels of the file match the fields: `exact`, `equal`, `subset`, `superset`, `partial`.
        bytes: How large the file is said to be.
        hash: The algorithm, by its name in `hashlib`, and the digest that the file is said to have.
        descriptor: As given, with schema and dialect in place of their paths.
    """

    name: str
    paths: tuple[str, ...]
    form: str
    encoding: str
    dialect: csv_dialects.Dialect
    table: Table | None
    matching: str
    bytes: int | None
    hash: tuple[str, str] | None
    descriptor: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Package:
    """A package, as far as it can be read.

    Attributes:
        root: The folder that holds its files.
        file: Name of the descriptor in it.
        descriptor: As given.
        resources: Those that can be read, each under a name of its own.
        unread: The names of those that cannot; foreign keys to them are not to be judged.
    """

    root: Path
    file: str
    descriptor: dict[str, Any]
    resources: tuple[Resource, ...]
    unread: frozenset[str] = frozenset()

    @property
    def tables(self) -> dict[str, Table]:
        """The tables of the resources that have a schema, by the name of the resource."""
        return {resource.name: resource.table for resource in self.resources if resource.table}


def read(path: Path, limits: Limits) -> tuple[Package | None, list[Problem]]:
    """Reads a descriptor and every schema and dialect that it names, inside its folder.

    Args:
        path: The folder of a package, or its descriptor; only this path may itself be a link.
        limits: What is read at most.

    Returns:
        The package, or `None` where nothing of it can be used, and every problem of the descriptor.

    Raises:
        FileNotFoundError: If there is none; the message is for people.
        OSError: If it cannot be read.
    """
    file = FILE if path.is_dir() else path.name
    try:
        with _opened(path) as stream:
            descriptor = parse_descriptor(stream.read(SIZE_LIMIT + 1))
    except paths.PathRefused as error:
        return None, [problem("source-error", file, str(error), hint=error.hint)]
    except DescriptorError as error:
        return None, [references.unreadable("package-error", file, error)]
    resources = descriptor.get("resources")
    if isinstance(resources, list) and len(resources) > RESOURCE_LIMIT:
        message = f"has {len(resources):,} resources; no more than {RESOURCE_LIMIT:,} are read"
        return None, [problem("package-error", file, message, value="/resources", hint="Split the package.")]
    root = path if path.is_dir() else path.resolve().parent
    whole = references.resolve(descriptor, root)
    known = Known(Faults(descriptor).v2, {})
    unread = _cut(whole, limits, known)
    listed = whole.descriptor.get("resources")
    if isinstance(listed, list) and (number := sum(map(_width, listed))) > FIELD_LIMIT:
        message = f"the tables have {number:,} fields in all; no more than {FIELD_LIMIT:,} are read"
        return None, [problem("package-error", file, message, value="/resources", hint="Split the package.")]
    faults = [telling.of_fault(fault, whole) for fault in check(whole.descriptor, FAULT_LIMIT)]
    if len(faults) >= FAULT_LIMIT:
        message = f"has more than {FAULT_LIMIT:,} faults; those beyond are not told"
        faults.append(Finding("", message, "Mend these first.", "package-error"))
        return None, telling.problems([*known.found, *faults], whole, file)
    if not isinstance(resources, list):
        return None, telling.problems(faults, whole, file)
    known.under = telling.under(faults)
    known.found += [finding for finding in (*whole.found, *telling.profiles(whole)) if not known.bad(finding.path)]
    found, left_out = _resources(whole, unread, known)
    package = Package(root, file, descriptor, found, left_out)
    return package, telling.problems([*faults, *known.found], whole, file)


def _opened(path: Path) -> BinaryIO:
    try:
        return paths.open_inside(path, FILE) if path.is_dir() else paths.open_given(path)
    except FileNotFoundError:
        found = path / FILE if path.is_dir() else path
        hint = "give the folder that holds a datapackage.json, or the descriptor itself"
        raise FileNotFoundError(f"{found}: there is no such file: {hint}") from None
    except OSError as error:
        raise type(error)(str(error)) from None  # without `strerror`, so that the name is told


def _width(resource: object) -> int:
    """How many fields a resource of a descriptor has."""
    schema = resource.get("schema") if isinstance(resource, dict) else None
    fields = schema.get("fields") if isinstance(schema, dict) else None
    return len(fields) if isinstance(fields, list) else 0


def _cut(whole: Whole, limits: Limits, known: Known) -> set[int]:
    """Takes out schemas with more columns than are read, before each field is looked at; which resources had one."""
    wide = set()
    listed = whole.descriptor.get("resources")
    for i, raw in enumerate(listed if isinstance(listed, list) else ()):
        if (width := _width(raw)) > limits.columns:
            message = f"has {width:,} columns; no more than {limits.columns:,} are read"
            here = at("", "resources", i, "schema", "fields")
            known.add(here, message, "Raise the limit with --max-columns.", "column-limit")
            wide.add(i)
            del raw["schema"]
    return wide


def _resources(whole: Whole, wide: set[int], known: Known) -> tuple[tuple[Resource, ...], frozenset[str]]:
    """The resources that can be read, and the names of the others."""
    found: dict[str, Resource] = {}
    readings: dict[str, Reading] = {}
    unread: set[str] = set()
    for i, raw in enumerate(whole.descriptor["resources"]):
        if not isinstance(raw, dict):
            continue  # the specification's to tell
        here = at("", "resources", i)
        name = _name(i, raw, here, known)
        made = None
        if i not in wide and name not in found and name not in unread and not name_fault(name):
            made = _resource(name, raw, here, known)
        if made is None:
            unread.add(name)
            continue
        found[name] = made[0]
        if made[1]:
            readings[name] = made[1]
    for name, reading in readings.items():
        table = replace(reading.table, foreign_keys=_foreign_keys(reading, readings, unread, known))
        found[name] = replace(found[name], table=table)
    return tuple(found.values()), frozenset(unread)


def _name(i: int, raw: Mapping[str, Any], here: str, known: Known) -> str:
    """The name of a resource, or one by its place where it has none."""
    name = raw.get("name")
    if name == "":
        known.add(at(here, "name"), "is empty", "Give the resource a name.")
    elif isinstance(name, str):
        if wrong := name_fault(name):
            known.add(at(here, "name"), f"{shown(name)} {wrong}", "Give the resource another name.")
        return name
    return f"resource-{i + 1}"


def _resource(name: str, raw: dict[str, Any], here: str, known: Known) -> tuple[Resource, Reading | None] | None:
    """A resource and its schema; `None` for one that cannot be read, which is told."""
    located = "path" in raw or ("url" in raw and not known.v2)
    if located == ("data" in raw):
        return None  # the specification's to tell
    plain = Resource(name, (), "", "utf-8", csv_dialects.Dialect(), None, "exact", None, None, raw)
    if not located:
        if not resource_reading.is_tabular(raw):
            return plain, None
        hint = "Save them as a CSV file in the package and give its path."
        known.add(at(here, "data"), "rows in the descriptor itself are not read", hint, "format-error")
        return None
    parts = resource_reading.parts(raw, here, known)
    tabular = resource_reading.is_tabular(raw)
    if not parts or (tabular and not resource_reading.openable(raw, parts, True, here, known)):
        return None
    form = resource_reading.form(raw, parts, here, known)
    if form is None or not (tabular or resource_reading.openable(raw, parts, form != "", here, known)):
        return None
    encoding: str | None = "utf-8"
    dialect: csv_dialects.Dialect | None = csv_dialects.Dialect()
    if form in ("csv", "tsv"):
        encoding = resource_reading.encoding(raw, here, known)
        dialect = _dialect(raw, form, at(here, "dialect"), known)
    reading = None
    if isinstance(raw.get("schema"), dict):
        reading = schema_reading.read(name, raw, at(here, "schema"), known)
    if encoding is None or dialect is None or ("schema" in raw and reading is None):
        return None
    made = replace(
        plain,
        paths=parts,
        form="csv" if form == "tsv" else form,
        encoding=encoding,
        dialect=dialect,
        table=reading.table if reading else None,
        matching=reading.matching if reading else "exact",
        bytes=resource_reading.size(raw, here, known),
        hash=resource_reading.digest(raw, here, known),
    )
    return made, reading


def _dialect(raw: Mapping[str, Any], form: str, here: str, known: Known) -> csv_dialects.Dialect | None:
    given = raw.get("dialect", {})
    if not isinstance(given, dict) or any(known.bad(at(here, name)) for name in csv_dialects.READ):
        return None
    try:
        return csv_dialects.read(given, form)
    except csv_dialects.DialectError as error:
        known.add(here, str(error), f"Of a dialect are read: {', '.join(csv_dialects.READ)}.")
        return None


def _foreign_keys(
    reading: Reading, readings: Mapping[str, Reading], unread: Iterable[str], known: Known
) -> tuple[ForeignKey, ...]:
    """The foreign keys of a table that can be judged, each once; those to resources left out are kept."""
    kept = []
    for here, key in reading.foreign_keys:
        target = readings.get(key.table)
        if key.table in unread:
            kept.append(key)
        elif target is None:
            hint = "Give that resource a schema with the fields of the key."
            known.add(here, f"refers to {shown(key.table)}, which is no table with a schema", hint)
        elif target.loose.isdisjoint(key.target_fields):
            unknown = [name for name in key.target_fields if name not in target.table]
            if unknown:
                known.add(here, f"{shown(unknown[0])} is not a field of {shown(key.table)}")
            elif differing := _unlike(reading.table, key, target.table):
                known.add(here, differing, "Give both fields the same type.")
            else:
                kept.append(key)
    return tuple(dict.fromkeys(kept))


def _unlike(table: Table, key: ForeignKey, target: Table) -> str:
    """In what the types of a foreign key and of its target differ so that no two values are equal; else empty."""
    alike = {"integer": "number", "year": "number", "any": "string"}
    for own, other in zip(key.fields, key.target_fields, strict=True):
        kinds = table[own].type, target[other].type
        if alike.get(kinds[0], kinds[0]) != alike.get(kinds[1], kinds[1]):
            return f"{shown(own)} is of type {kinds[0]}, {shown(other)} of {shown(key.table)} of type {kinds[1]}"
    return ""

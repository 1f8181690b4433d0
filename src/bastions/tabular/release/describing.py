"""What a release of a package says of itself: `datapackage.json`, `codebook.md` and `BUILD.json`.

The descriptor is the package's own, with everything that it says beyond the specification too. A table's resource is
its Parquet file with the Table Schema. What said how cells were written in text is gone (dialect, encoding, missing
values, formats of typed columns): the columns have types, and what holds no value is null.

The resources of tables have neither `type` nor `rows`: Frictionless readers take such a file for a table of pandas,
which has no whole numbers that can be null, and count no rows in what they take for a file. `BUILD.json` has the rows.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from bastions import dialects
from bastions.descriptor import PROFILE
from bastions.dialects import unique_keys
from bastions.schema import Field, Table
from bastions.tabular.release.planning import Loaded

if TYPE_CHECKING:
    from bastions.tabular.descriptor.package import Package, Resource

WRITERS = ("bastions", "duckdb", "polars", "pyarrow")
OF_THE_FILE = {
    "path", "data", "type", "profile", "$schema", "format", "mediatype", "encoding", "dialect", "schema", "bytes",
    "hash", "rows", "compression",
}  # fmt: skip
"""Properties of a resource that say how its file is written; the release's file is another."""
OF_THE_TEXT = {"missingValues", "format", "decimalChar", "groupChar", "bareNumber", "trueValues", "falseValues"}
"""Properties of a field that say how its cells are written; a column of a type of its own has no text."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the release: its path, its size in bytes, its SHA-256."""

    path: str
    bytes: int
    sha256: str

    def properties(self) -> dict[str, Any]:
        """As a resource has them."""
        return {"path": self.path, "bytes": self.bytes, "hash": f"sha256:{self.sha256}"}


def descriptor(package: Package, tables: Mapping[str, File], others: Mapping[str, File]) -> dict[str, Any]:
    """The descriptor of a release.

    Args:
        package: The package.
        tables: The Parquet file of each table.
        others: The copy of each other file, by its path in the package.
    """
    kept = {k: v for k, v in package.descriptor.items() if k not in ("$schema", "profile", "resources")}
    resources = [
        _table(resource, package.tables[resource.name], tables[resource.name])
        if resource.name in tables
        else _other(resource, others)
        for resource in package.resources
    ]
    made: dict[str, Any] = plain({"$schema": PROFILE, **kept, "resources": resources})
    return made


def _table(resource: Resource, table: Table, file: File) -> dict[str, Any]:
    kept = {k: v for k, v in resource.descriptor.items() if k not in OF_THE_FILE}
    form = {"format": "parquet", "mediatype": "application/vnd.apache.parquet"}
    given = resource.descriptor.get("schema")
    schema = table_schema(table, given if isinstance(given, Mapping) else {})
    return {"name": resource.name, **kept, **file.properties(), **form, "schema": schema}


def _other(resource: Resource, others: Mapping[str, File]) -> dict[str, Any]:
    found = {k: v for k, v in resource.descriptor.items() if k not in ("profile", "bytes", "hash")}
    files = [others[path] for path in resource.paths]
    if len(files) == 1 and isinstance(found.get("path"), str):
        return {**found, **files[0].properties()}
    return {**found, "path": [file.path for file in files]} if files else found


def table_schema(table: Table, given: Mapping[str, Any]) -> dict[str, Any]:
    """The Table Schema of a table's Parquet file.

    Args:
        table: The table.
        given: The package's own Table Schema: what it says beyond the specification is kept.
    """
    made = dialects.table_schema(released(table))
    listed = given.get("fields")
    originals = {f.get("name"): f for f in listed if isinstance(f, Mapping)} if isinstance(listed, list) else {}
    made["fields"] = [_field(field, originals.get(field["name"], {})) for field in made["fields"]]
    beyond = {k: v for k, v in given.items() if k not in made and k not in ("$schema", "fieldsMatch")}
    return {**made, **{k: v for k, v in beyond.items() if v not in ([], "")}}


def _field(made: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    typed = dialects.TYPES[made["type"]].arrow != pa.string()
    beyond = {k: v for k, v in given.items() if k not in made and not (typed and k in OF_THE_TEXT)}
    labels = {"categories": given["categories"]} if given.get("categories") else {}
    return {k: v for k, v in {**made, **beyond, **labels}.items() if k != "missingValues"}


def released(table: Table) -> Table:
    """A table as the release has it: with types for text, and so without a form in which cells are written.

    What has no type of its own in Parquet (a list, a duration) is text in the form of the package. Every text is a
    value, the empty one too: what was no value is null.
    """

    def column(field: Field) -> Field:
        if dialects.TYPES[field.type].arrow == pa.string():
            return replace(field, missing=())
        return replace(field, missing=(), format="default", options={})

    return replace(table, fields=tuple(column(field) for field in table.fields))


def plain(value: Any) -> Any:
    """A value as JSON has it: days and times in ISO form, numbers that JSON lacks as Table Schema writes them."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)  # nobody wrote 40.0
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()  # half a surrogate pair, which JSON can have
    return value if value is None or isinstance(value, bool | int | float) else value.isoformat()


def build_json(
    package: Package,
    paths: Mapping[str, str],
    rows: Mapping[str, int],
    database: str | None,
    loaded: Loaded,
) -> dict[str, Any]:
    """`BUILD.json`: the writers and their versions, the rows of each table, what the database lacks.

    Args:
        package: The package.
        paths: The Parquet file of each table.
        rows: How many each has.
        database: The name of the database, where there is one.
        loaded: What was done to make it.
    """
    known = {key: package.descriptor[key] for key in ("name", "version") if key in package.descriptor}
    tables = {name: {"path": paths[name], "rows": number} for name, number in rows.items()}
    made: dict[str, Any] = plain(
        {
            **known,
            "writers": {name: version(name) for name in WRITERS},
            "tables": tables,
            "database": database,
            "names_in_database": loaded.names,
            "keys_left_out": [key.as_json() for key in loaded.left_out],
        }
    )
    return made


def codebook(package: Package, tables: Mapping[str, File], database: str | None) -> str:
    """Every table and field, as one page of Markdown; nothing in it is Markdown of the package's."""
    facts = package.descriptor
    title = facts.get("title") or facts.get("name") or "Package"
    where = f"Each table is a Parquet file{f' and a table of `{database}`' if database else ''}."
    lines = [f"# {_escaped(title)}: the codebook", "", where, ""]
    if facts.get("description"):
        lines += [_escaped(facts["description"]), ""]
    for name, file in tables.items():
        lines += _section(package.tables[name], file)
    return "\n".join(lines).rstrip() + "\n"


def _section(table: Table, file: File) -> Iterator[str]:
    yield from (f"## {_code(table.name)}", "")
    for text in (table.title, table.description):
        if text:
            yield from (_escaped(text), "")
    facts = [f"File: {_code(file.path)}."]
    if table.primary_key:
        facts.append(f"Key: {_list(table.primary_key)}.")
    facts += [f"Unique: {_list(key)}." for key in unique_keys(table) if key != table.primary_key]
    facts += [
        f"{_list(fk.fields)} refers to {_list(fk.target_fields)} of {_code(fk.table or table.name)}."
        for fk in table.foreign_keys
    ]
    yield from (" ".join(facts), "", "| field | type | description | constraints |", "| --- | --- | --- | --- |")
    for field in table.fields:
        told = " ".join(filter(None, (field.title, field.description)))
        yield f"| {_code(field.name)} | {_escaped(field.type)} | {_escaped(told)} | {'; '.join(_notes(field))} |"
    yield ""


def _notes(field: Field) -> Iterator[str]:
    limits = field.constraints
    if limits.required:
        yield "required"
    for name, sign in (
        ("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<"),
        ("minLength", "length ≥"), ("maxLength", "length ≤"), ("pattern", "pattern"),
    ):  # fmt: skip
        if (limit := getattr(limits, name)) is not None:
            yield f"{_escaped(sign)} {_code(plain(limit))}"
    for name, values in (("one of", limits.enum), ("categories", field.categories)):
        if values is not None:
            more = ", …" if len(values) > 20 else ""
            yield f"{name} {_list([plain(value) for value in values[:20]])}{more}"


def _list(values: Sequence[Any]) -> str:
    return ", ".join(_code(value) for value in values)


def _code(value: Any) -> str:
    """A name or a value, as code where that needs no escapes."""
    text = str(value)
    return f"`{text}`" if re.fullmatch(r"[A-Za-z0-9_./:+-]+", text) else _escaped(text)


def _escaped(value: Any) -> str:
    """A text as one line of Markdown that shows nothing but it: no markup, entity, control or change of direction."""
    words = " ".join(str(value).split())
    seen = "".join(c if c == " " or unicodedata.category(c)[0] not in "CZ" else f"\\u{{{ord(c):x}}}" for c in words)
    seen = re.sub(r"([\\`*_{}\[\]<>#|&~!$])", r"\\\1", seen)
    # What would begin a list or underline a heading, where the text begins a line.
    return re.sub(r"^([-+=]|[0-9]+(?=[.)]))", lambda m: f"\\{m[0]}" if m[0] in "-+=" else f"{m[0]}\\", seen)

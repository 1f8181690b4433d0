"""The resources of a package: their data, where it lies, and the dialect in which it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .faults import Faults, at, shown
from .properties import check_location, check_shared
from .requirements import REQUIREMENTS
from .tables import check_schema


def check_resources(faults: Faults, package: dict[str, Any]) -> None:
    """Checks the list of resources, and each of them."""
    if not faults.required("package.resources", "", package, "resources", "array"):
        return
    if not package["resources"]:
        faults.add("package.resources", "/resources", "is an empty list")
    listed = [(f"/resources/{i}", resource) for i, resource in enumerate(package["resources"])]
    good = [(path, r) for path, r in listed if faults.is_a("package.resource", path, r, "object")]
    named = [(path, r) for path, r in good if isinstance(r.get("name"), str)]
    faults.unique("resource.name-unique", "the name", ((at(path, "name"), r["name"]) for path, r in named))
    tables = {r["name"]: r for _, r in reversed(named)}
    for path, resource in good:
        _resource(faults, path, resource, tables)


def _resource(faults: Faults, path: str, resource: dict[str, Any], tables: Mapping[str, dict[str, Any]]) -> None:
    faults.required("resource.name", path, resource, "name", "string")
    texts = ("title", "description", "format", "mediatype", "encoding", "homepage")
    faults.texts("package.types", path, resource, texts)
    faults.optional("package.types", path, resource, "bytes", "integer")
    check_shared(faults, path, resource)
    _path(faults, path, resource)
    _data(faults, path, resource)
    if "type" in resource and resource["type"] != "table":
        faults.add("resource.type", at(path, "type"), f"is {shown(resource['type'])}")
    if faults.optional("resource.hash", path, resource, "hash", "string"):
        form = r"[a-fA-F0-9]{32}|[^:A-Z]+:[a-fA-F0-9]+"
        message = "is neither an MD5 digest nor another after the name of its algorithm"
        faults.formed("resource.hash", path, resource, "hash", form, message, "Such as sha256:0a1b2c…")
    for name in ("dialect", "schema"):
        if not faults.optional(f"resource.{name}", path, resource, name, "object", "string"):
            continue
        if isinstance(resource[name], str):
            check_location(faults, at(path, name), resource[name])
        elif name == "dialect":
            _dialect(faults, at(path, name), resource[name])
        else:
            check_schema(faults, at(path, name), resource, tables)


def _path(faults: Faults, path: str, resource: dict[str, Any]) -> None:
    """Checks that there is either `path` or `data`, and where `path` leads."""
    # `url` is of v0, to be read as `path`.
    name = "url" if "url" in resource and "path" not in resource and not faults.v2 else "path"
    if (name in resource) == ("data" in resource):
        message = "has both `path` and `data`" if name in resource else "has neither `path` nor `data`"
        faults.add("resource.path-or-data", path, message)
    if not faults.optional("resource.path", path, resource, name, "string", "array"):
        return
    here, value = at(path, name), resource[name]
    if isinstance(value, str):
        check_location(faults, here, value)
        return
    if not value:
        faults.add("resource.path", here, "is an empty list")
    remote = set()
    for i, part in enumerate(value):
        if faults.is_a("resource.path", at(here, i), part, "string"):
            remote.add(check_location(faults, at(here, i), part))
    if {True, False} <= remote:
        faults.add("resource.path-mixed", here, "mixes paths and URLs")


def _data(faults: Faults, path: str, resource: dict[str, Any]) -> None:
    if "data" not in resource:
        return
    here, value = at(path, "data"), resource["data"]
    tabular = resource.get("type") == "table" or resource.get("profile") in (
        "tabular-data-resource",
        "https://specs.frictionlessdata.io/schemas/tabular-data-resource.json",
    )
    if tabular:
        if faults.is_a("resource.tabular-data", here, value, "array"):
            for i, row in enumerate(value):
                faults.is_a("resource.tabular-data", at(here, i), row, "array", "object")
    elif (
        faults.is_a("resource.data", here, value, "array", "object", "string")
        and isinstance(value, str)
        and "format" not in resource
        and "mediatype" not in resource
    ):
        faults.add("resource.data", here, "is a string, and neither `format` nor `mediatype` says of what kind")


_DIALECT = {
    **dict.fromkeys(("header", "doubleQuote", "skipInitialSpace"), "boolean"),
    **dict.fromkeys(("headerRows", "commentRows", "itemKeys"), "array"),
    "sheetNumber": "integer",
}
"""JSON types of the properties of a dialect that are not strings."""


def _dialect(faults: Faults, path: str, dialect: dict[str, Any]) -> None:
    for requirement in REQUIREMENTS:
        part, _, name = requirement.partition(".")
        if part != "dialect" or name not in dialect:
            continue
        here, value = at(path, name), dialect[name]
        if value is None and name in ("commentChar", "escapeChar", "nullSequence") and not faults.v2:
            continue  # CSV Dialect wrote null for what is not set
        if not faults.is_a(requirement, here, value, _DIALECT.get(name, "string")):
            continue
        if name in ("headerRows", "commentRows"):
            for i, row in enumerate(value):
                if faults.is_a(requirement, at(here, i), row, "integer") and row < 1:
                    faults.add(requirement, at(here, i), f"is {row}; rows are counted from 1")
        elif name == "itemKeys":
            faults.strings(requirement, here, value)
        elif name == "itemType" and value not in ("array", "object"):
            faults.add(requirement, here, f"is {value!r}")
        elif name in ("quoteChar", "escapeChar") and len(value) != 1:
            faults.add(requirement, here, f"{value!r} has {len(value)} characters")
        elif name == "commentChar" and not value:
            faults.add(requirement, here, "is an empty string")

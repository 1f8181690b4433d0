"""Every requirement of the Data Package specification with a descriptor that breaks it; see `docs/descriptor.md`.

`CASES` holds, for each requirement, descriptors that break it and nothing else, with what frictionless-py makes of
each: `finds` (an error), `passes` (nothing) or `fails` (an exception of its own). The table in `docs/descriptor.md`
is derived from here, and one test holds the two together.
"""

from __future__ import annotations

import copy
import importlib
import importlib.metadata
import json
import os
import re
import socket
import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bastions.validation import descriptor
from bastions.validation.descriptor import (
    REQUIREMENTS,
    DescriptorError,
    check,
    check_with_frictionless,
    load_descriptor,
)

ROOT = Path(__file__).parents[1]

BASE: dict[str, Any] = {
    "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
    "name": "mills",
    "title": "Mills",
    "version": "1.0.0",
    "homepage": "https://example.org/mills",
    "created": "2019-03-06T10:00:00Z",
    "image": "https://example.org/mill.png",
    "keywords": ["mill"],
    "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
    "sources": [{"title": "A register", "path": "https://example.org/register", "email": "a@example.org"}],
    "contributors": [{"title": "A Miller", "email": "m@example.org", "roles": ["creator"]}],
    "resources": [
        {
            "name": "mills",
            "type": "table",
            "path": ["data/mills-1.csv", "data/mills-2.csv"],
            "format": "csv",
            "encoding": "utf-8",
            "bytes": 12,
            "hash": "sha256:" + "0" * 64,
            "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "header": True},
            "schema": {
                "fields": [
                    {"name": "mill", "type": "string", "constraints": {"required": True, "pattern": "[a-z-]+"}},
                    {"name": "parent", "type": "string"},
                    {"name": "sacks", "type": "integer", "constraints": {"minimum": 0, "maximum": "900"}},
                    {"name": "built", "type": "date", "format": "default", "constraints": {"minimum": "1700-01-01"}},
                    {"name": "kind", "type": "string", "categories": ["wind", "water"]},
                    {"name": "note"},
                ],
                "primaryKey": ["mill"],
                "uniqueKeys": [["mill", "kind"]],
                "foreignKeys": [
                    {"fields": ["parent"], "reference": {"fields": ["mill"]}},
                    {"fields": ["kind"], "reference": {"resource": "kinds", "fields": ["kind"]}},
                ],
                "missingValues": [""],
            },
        },
        {
            "name": "kinds",
            "type": "table",
            "data": [["kind", "label"], ["wind", "A windmill"]],
            "schema": {
                "fields": [{"name": "kind", "type": "string"}, {"name": "label", "type": "string"}],
                "missingValues": [{"value": "", "label": "none"}],
            },
        },
        {"name": "readme", "path": "README.md", "mediatype": "text/markdown"},
    ],
}

ABSENT = object()
FIELDS = "/resources/0/schema/fields"
SCHEMA = "/resources/0/schema"
DIALECT = "/resources/0/dialect"


@dataclass(frozen=True)
class Case:
    """A way to break a requirement: the values that are put into `BASE`, and what frictionless-py makes of it."""

    frictionless: str
    values: Mapping[str, Any]
    at: str

    def descriptor(self) -> Any:
        made: Any = copy.deepcopy(BASE)
        for pointer, value in self.values.items():
            if not pointer:
                return value
            *steps, last = pointer[1:].split("/")
            holder = made
            for step in steps:
                holder = holder[int(step) if isinstance(holder, list) else step]
            if value is ABSENT:
                del holder[last]
            elif isinstance(holder, list):
                holder[int(last) :] = [value, *holder[int(last) + 1 :]]
            else:
                holder[last] = value
        return made


def put(frictionless: str, pointer: str, value: Any, at: str | None = None, **more: Any) -> Case:
    """A case that puts one value; `at` where our fault points, if not there; `more` puts others, by pointer."""
    return Case(frictionless, {**more, pointer: value}, pointer if at is None else at)


def field(frictionless: str, value: Mapping[str, Any], at: str) -> Case:
    """A case that makes the last field of the first schema another."""
    return Case(frictionless, {f"{FIELDS}/5": {"name": "note", **value}}, f"{FIELDS}/5{at}")


CASES: dict[str, list[Case]] = {
    "descriptor.object": [put("finds", "", ["resources"]), put("finds", "", None)],
    "profile.url": [put("fails", "/$schema", 2), put("passes", "/$schema", "profiles/datapackage.json")],
    "profile.kind": [put("passes", "/$schema", "https://datapackage.org/profiles/2.0/tableschema.json")],
    "profile.not-empty": [
        put("passes", "/keywords", []),
        put("passes", "/licenses", []),
        put("passes", "/contributors", []),
        put("passes", "/contributors/0/roles", []),
        put("passes", "/resources/2/schema", {"fields": []}, "/resources/2/schema/fields"),
        put("passes", f"{FIELDS}/5/constraints", {"enum": []}, f"{FIELDS}/5/constraints/enum"),
    ],
    "profile.path-start": [
        put("passes", "/resources/0/path", "./data/mills.csv"),
        put("passes", "/image", "~/mill.png"),
    ],
    "path.string": [
        put("finds", "/image", ["mill.png"]),
        put("passes", "/image", ""),
        put("passes", "/resources/0/path", ""),
        put("passes", "/resources/0/path", "data/\u0000.csv"),
    ],
    "path.scheme": [
        put("finds", "/resources/0/path", "file:///etc/passwd"),
        put("passes", "/resources/0/path", "s3://bucket/mills.csv"),
        put("passes", "/resources/0/path", "C:/mills.csv"),
        put("passes", "/licenses/0/path", "mailto:a@example.org"),
    ],
    "path.qualified": [
        put("passes", "/resources/0/path", "https:mills.csv"),
        put("passes", "/resources/0/path", "http:///mills.csv"),
        put("finds", "/resources/0/path", "//example.org/mills.csv"),
    ],
    "path.absolute": [
        put("finds", "/resources/0/path", "/etc/passwd"),
        put("finds", "/resources/0/path/1", "/etc/passwd"),
        put("finds", "/resources/0/schema", "/schema.json"),
        put("passes", "/image", "/mill.png"),
        put("passes", "/licenses/0/path", "/licence.txt"),
        put("passes", "/sources/0/path", "/source.txt"),
    ],
    "path.parent": [
        put("finds", "/resources/0/path", "../mills.csv"),
        put("finds", "/resources/0/path", "data/../../mills.csv"),
        put("finds", "/resources/0/dialect", "../dialect.json"),
        put("passes", "/image", "../mill.png"),
    ],
    "path.hidden": [
        put("passes", "/resources/0/path", ".git/mills.csv"),
        put("passes", "/resources/0/path", "data/.old/m.csv"),
    ],
    "path.posix": [put("passes", "/resources/0/path", "data\\mills.csv")],
    "package.types": [
        put("finds", "/name", 7),
        put("passes", "/id", 7),
        put("finds", "/title", ["Mills"]),
        put("finds", "/description", {}),
        put("finds", "/homepage", 7),
        put("finds", "/version", 1.0),
        put("finds", "/keywords", "mill"),
        put("finds", "/keywords", [1], "/keywords/0"),
        put("finds", "/licenses/0/title", 7),
        put("finds", "/sources/0/title", 7),
        put("passes", "/sources/0/version", 7),
        put("passes", "/contributors/0/givenName", 7),
        put("passes", "/contributors/0/roles", "creator"),
        put("finds", "/resources/0/title", 7),
        put("finds", "/resources/0/encoding", 8),
        put("finds", "/resources/0/bytes", "12"),
        put("finds", "/resources/0/bytes", 1.5),
    ],
    "package.homepage": [put("passes", "/homepage", "example.org")],
    "package.created": [
        put("finds", "/created", "2019-03-06"),
        put("passes", "/created", "2019-03-06T10:00:00"),
        put("finds", "/created", "2019-02-30T10:00:00Z"),
        put("finds", "/created", "6 March 2019"),
        put("finds", "/created", 2019),
    ],
    "package.resources": [
        put("finds", "/resources", ABSENT, ""),
        put("passes", "/resources", []),
        put("finds", "/resources", {"mills": {"path": "mills.csv"}}),
    ],
    "package.resource": [put("finds", "/resources/2", "readme.json"), put("finds", "/resources/2", None)],
    "licenses.array": [
        put("finds", "/licenses", {"name": "CC-BY-4.0"}),
        put("finds", "/resources/0/licenses", "CC-BY-4.0"),
    ],
    "licenses.object": [put("finds", "/licenses/0", "CC-BY-4.0")],
    "licenses.name-or-path": [
        put("finds", "/licenses/0", {"title": "CC BY"}),
        put("finds", "/resources/0/licenses", [{}], "/resources/0/licenses/0"),
    ],
    "licenses.name": [put("passes", "/licenses/0/name", "CC BY 4.0")],
    "sources.array": [
        put("finds", "/sources", {"title": "A register"}),
        put("finds", "/resources/0/sources", "A register"),
    ],
    "sources.object": [put("finds", "/sources/0", "A register"), put("passes", "/sources/0", {})],
    "contributors.array": [put("finds", "/contributors", "A Miller")],
    "contributors.object": [put("finds", "/contributors/0", "A Miller"), put("passes", "/contributors/0", {})],
    "email": [put("finds", "/sources/0/email", "nobody"), put("finds", "/contributors/0/email", "nobody")],
    "resource.name": [
        put("finds", "/resources/2/name", ABSENT, "/resources/2"),
        put("finds", "/resources/2/name", 3),
    ],
    "resource.name-unique": [put("finds", "/resources/2/name", "kinds")],
    "resource.path-or-data": [
        put("finds", "/resources/0/path", ABSENT, "/resources/0"),
        put("finds", "/resources/1/path", "kinds.csv", "/resources/1"),
        Case("passes", {"/resources/0/path": ABSENT, "/resources/0/url": "https://example.org/m.csv"}, "/resources/0"),
    ],
    "resource.path": [
        put("finds", "/resources/0/path", 5),
        put("finds", "/resources/0/path", []),
        put("fails", "/resources/0/path/1", None),
        put("finds", "/resources/0/path", {"en": "mills.csv"}),
    ],
    "resource.path-mixed": [put("passes", "/resources/0/path/1", "https://example.org/m.csv", "/resources/0/path")],
    "resource.data": [
        put("finds", "/resources/2", {"name": "readme", "data": text}, "/resources/2/data")
        for text in ("Read me", 5, None)
    ],
    "resource.type": [put("passes", "/resources/2/type", "file"), put("finds", "/resources/2/type", ["table"])],
    "resource.tabular-data": [
        put("passes", "/resources/1/data", {"kind": "wind"}),
        put("finds", "/resources/1/data", "kind,label\nwind,A windmill"),
        put("passes", "/resources/1/data", ["wind", "water"], "/resources/1/data/0"),
    ],
    "resource.dialect": [put("finds", "/resources/0/dialect", ["csv"])],
    "resource.schema": [put("finds", "/resources/1/schema", [{"name": "kind"}])],
    "resource.hash": [
        put("passes", "/resources/0/hash", "0" * 64),
        put("passes", "/resources/0/hash", "SHA256:" + "0" * 64),
        put("passes", "/resources/0/hash", "sha256:see below"),
        put("finds", "/resources/0/hash", 0),
    ],
    "dialect.header": [put("finds", f"{DIALECT}/header", "true"), put("finds", f"{DIALECT}/header", 1)],
    "dialect.headerRows": [
        put("finds", f"{DIALECT}/headerRows", 1),
        put("passes", f"{DIALECT}/headerRows", [0], f"{DIALECT}/headerRows/0"),
        put("passes", f"{DIALECT}/headerRows", ["1"], f"{DIALECT}/headerRows/0"),
    ],
    "dialect.headerJoin": [put("finds", f"{DIALECT}/headerJoin", 1)],
    "dialect.commentRows": [
        put("finds", f"{DIALECT}/commentRows", 1),
        put("passes", f"{DIALECT}/commentRows", [1.5], f"{DIALECT}/commentRows/0"),
    ],
    "dialect.commentChar": [put("passes", f"{DIALECT}/commentChar", ""), put("finds", f"{DIALECT}/commentChar", True)],
    "dialect.delimiter": [put("finds", f"{DIALECT}/delimiter", 44)],
    "dialect.lineTerminator": [put("passes", f"{DIALECT}/lineTerminator", None)],
    "dialect.quoteChar": [put("passes", f"{DIALECT}/quoteChar", "''"), put("finds", f"{DIALECT}/quoteChar", False)],
    "dialect.doubleQuote": [put("finds", f"{DIALECT}/doubleQuote", "yes")],
    "dialect.escapeChar": [
        put("passes", f"{DIALECT}/escapeChar", "\\\\"),
        put("passes", f"{DIALECT}/escapeChar", None),
    ],
    "dialect.nullSequence": [put("finds", f"{DIALECT}/nullSequence", 0)],
    "dialect.skipInitialSpace": [put("finds", f"{DIALECT}/skipInitialSpace", 1)],
    "dialect.property": [put("passes", f"{DIALECT}/property", 1)],
    "dialect.itemType": [put("passes", f"{DIALECT}/itemType", "list"), put("passes", f"{DIALECT}/itemType", 1)],
    "dialect.itemKeys": [
        put("passes", f"{DIALECT}/itemKeys", "mill"),
        put("passes", f"{DIALECT}/itemKeys", [1], f"{DIALECT}/itemKeys/0"),
    ],
    "dialect.sheetNumber": [put("passes", f"{DIALECT}/sheetNumber", "1")],
    "dialect.sheetName": [put("passes", f"{DIALECT}/sheetName", 1)],
    "dialect.table": [put("passes", f"{DIALECT}/table", ["mills"])],
    "schema.fields": [
        put("finds", "/resources/1/schema/fields", ABSENT, "/resources/1/schema"),
        put("finds", "/resources/1/schema/fields", {"kind": {"type": "string"}}),
    ],
    "schema.fieldsMatch": [
        put("finds", f"{SCHEMA}/fieldsMatch", "some"),
        put("finds", f"{SCHEMA}/fieldsMatch", ["equal"]),
    ],
    "schema.primaryKey": [
        put("passes", f"{SCHEMA}/primaryKey", "mill"),
        put("passes", f"{SCHEMA}/primaryKey", []),
        put("finds", f"{SCHEMA}/primaryKey", [1], f"{SCHEMA}/primaryKey/0"),
        put("finds", f"{SCHEMA}/primaryKey", {"mill": True}),
    ],
    "schema.primaryKey-fields": [put("finds", f"{SCHEMA}/primaryKey/0", "Mill")],
    "schema.uniqueKeys": [
        put("passes", f"{SCHEMA}/uniqueKeys", []),
        put("passes", f"{SCHEMA}/uniqueKeys", "mill"),
    ],
    "schema.uniqueKey": [put("passes", f"{SCHEMA}/uniqueKeys/0", "mill"), put("passes", f"{SCHEMA}/uniqueKeys/0", [])],
    "schema.uniqueKey-fields": [put("passes", f"{SCHEMA}/uniqueKeys/0/0", "Mill")],
    "schema.foreignKeys": [put("finds", f"{SCHEMA}/foreignKeys", BASE["resources"][0]["schema"]["foreignKeys"][0])],
    "schema.foreignKey": [
        put("finds", f"{SCHEMA}/foreignKeys/0", "parent"),
        put("finds", f"{SCHEMA}/foreignKeys/0/fields", ABSENT, f"{SCHEMA}/foreignKeys/0"),
        put("finds", f"{SCHEMA}/foreignKeys/0/reference", ABSENT, f"{SCHEMA}/foreignKeys/0"),
    ],
    "schema.foreignKey-fields": [
        put("passes", f"{SCHEMA}/foreignKeys/0/fields", "parent"),
        put("finds", f"{SCHEMA}/foreignKeys/0/fields/0", "Parent"),
    ],
    "schema.reference": [
        put("fails", f"{SCHEMA}/foreignKeys/1/reference", "kinds"),
        put("finds", f"{SCHEMA}/foreignKeys/1/reference/fields", ABSENT, f"{SCHEMA}/foreignKeys/1/reference"),
    ],
    "schema.reference-fields": [
        put("passes", f"{SCHEMA}/foreignKeys/1/reference/fields", "kind"),
        put("finds", f"{SCHEMA}/foreignKeys/1/reference/fields", ["kind", "label"]),
    ],
    "schema.reference-targets": [
        put("passes", f"{SCHEMA}/foreignKeys/1/reference/fields/0", "Kind"),
        put("passes", f"{SCHEMA}/foreignKeys/0/reference/fields/0", "Mill"),
    ],
    "schema.reference-resource": [
        put("passes", f"{SCHEMA}/foreignKeys/1/reference/resource", "types"),
        put("finds", f"{SCHEMA}/foreignKeys/1/reference/resource", 1),
    ],
    "schema.reference-self": [
        put("passes", f"{SCHEMA}/foreignKeys/0/reference/resource", "mills"),
        put("passes", f"{SCHEMA}/foreignKeys/0/reference/resource", ""),
    ],
    "missingValues.array": [
        put("finds", f"{SCHEMA}/missingValues", ""),
        put("finds", f"{SCHEMA}/missingValues", [-99]),
        put("finds", f"{SCHEMA}/missingValues", ["", {"value": "-"}]),
        field("finds", {"missingValues": "-"}, "/missingValues"),
    ],
    "missingValues.value": [
        put("finds", f"{SCHEMA}/missingValues", [{"label": "none"}], f"{SCHEMA}/missingValues/0"),
        put("finds", f"{SCHEMA}/missingValues", [{"value": -99}], f"{SCHEMA}/missingValues/0/value"),
    ],
    "missingValues.label": [
        put("finds", f"{SCHEMA}/missingValues", [{"value": "", "label": 1}], f"{SCHEMA}/missingValues/0/label")
    ],
    "missingValues.unique": [
        put("passes", f"{SCHEMA}/missingValues", ["", "-", ""], f"{SCHEMA}/missingValues/2"),
        put("finds", f"{SCHEMA}/missingValues", [{"value": ""}, {"value": ""}], f"{SCHEMA}/missingValues/1/value"),
        field(
            "finds",
            {"missingValues": [{"value": "", "label": "x"}, {"value": "-", "label": "x"}]},
            "/missingValues/1/label",
        ),
    ],
    "field.object": [put("finds", f"{FIELDS}/5", "note")],
    "field.name": [
        put("finds", f"{FIELDS}/5", {"type": "string"}),
        put("finds", f"{FIELDS}/5/name", 5),
    ],
    "field.name-unique": [put("finds", f"{FIELDS}/5/name", "kind")],
    "field.types": [
        field("finds", {"title": 5}, "/title"),
        field("finds", {"description": ["x"]}, "/description"),
        field("finds", {"type": "number", "decimalChar": 5}, "/decimalChar"),
        field("finds", {"type": "number", "bareNumber": "no"}, "/bareNumber"),
        field("finds", {"type": "boolean", "trueValues": "yes"}, "/trueValues"),
        field("finds", {"type": "boolean", "falseValues": [0]}, "/falseValues/0"),
    ],
    "field.type": [field("finds", {"type": "text"}, "/type"), field("finds", {"type": 5}, "/type")],
    "field.format": [
        field("finds", {"type": "string", "format": "phone"}, "/format"),
        field("passes", {"type": "integer", "format": "hex"}, "/format"),
        field("passes", {"type": "geopoint", "format": "wkt"}, "/format"),
        field("finds", {"type": "string", "format": 5}, "/format"),
    ],
    "field.strptime": [
        field("passes", {"type": "date", "format": "dd/mm/yyyy"}, "/format"),
        field("passes", {"type": "datetime", "format": "%Q"}, "/format"),
        field("passes", {"type": "date", "format": "fmt:%d/%m/%Y%"}, "/format"),
    ],
    "field.itemType": [
        field("finds", {"type": "list", "itemType": "object"}, "/itemType"),
        field("finds", {"type": "list", "itemType": 5}, "/itemType"),
    ],
    "field.rdfType": [field("passes", {"rdfType": "Country"}, "/rdfType"), field("finds", {"rdfType": 5}, "/rdfType")],
    "field.categories": [
        field("passes", {"type": "string", "categories": "a"}, "/categories"),
        field("passes", {"type": "string", "categories": ["a", {"value": "b"}]}, "/categories"),
        field("passes", {"type": "string", "categories": [{"label": "b"}]}, "/categories/0"),
    ],
    "field.categories-values": [
        field("passes", {"type": "integer", "categories": ["1", "2"]}, "/categories/0"),
        field("passes", {"type": "string", "categories": [{"value": 1}]}, "/categories/0/value"),
    ],
    "field.categories-unique": [
        field("passes", {"type": "string", "categories": ["a", "a"]}, "/categories/1"),
        field("passes", {"type": "integer", "categories": [{"value": 1}, {"value": 1.0}]}, "/categories/1/value"),
        field(
            "passes",
            {"type": "integer", "categories": [{"value": 1, "label": "x"}, {"value": 2, "label": "x"}]},
            "/categories/1/label",
        ),
    ],
    "field.categories-label": [
        field("passes", {"type": "integer", "categories": [{"value": 1, "label": 1}]}, "/categories/0/label")
    ],
    "field.categories-enum": [
        field("passes", {"type": "string", "categories": ["a"], "constraints": {"enum": ["a", "b"]}}, "/categories"),
        field("passes", {"type": "integer", "categories": [1], "constraints": {"enum": ["2"]}}, "/categories"),
    ],
    "field.categoriesOrdered": [
        field("passes", {"type": "string", "categories": ["a"], "categoriesOrdered": "yes"}, "/categoriesOrdered")
    ],
    "constraints.object": [field("finds", {"constraints": ["required"]}, "/constraints")],
    "constraints.types": [
        field("finds", {"constraints": {"required": "true"}}, "/constraints/required"),
        field("finds", {"constraints": {"unique": 1}}, "/constraints/unique"),
        field("finds", {"type": "string", "constraints": {"minLength": "1"}}, "/constraints/minLength"),
        field("passes", {"type": "string", "constraints": {"maxLength": -1}}, "/constraints/maxLength"),
        field("finds", {"type": "string", "constraints": {"pattern": ["a"]}}, "/constraints/pattern"),
        field("finds", {"constraints": {"enum": "a"}}, "/constraints/enum"),
        field("finds", {"type": "object", "constraints": {"jsonSchema": "x"}}, "/constraints/jsonSchema"),
    ],
    "constraints.fields": [
        field("finds", {"type": "integer", "constraints": {"pattern": "[0-9]+"}}, "/constraints/pattern"),
        field("finds", {"type": "string", "constraints": {"minimum": "a"}}, "/constraints/minimum"),
        field("finds", {"type": "boolean", "constraints": {"maxLength": 5}}, "/constraints/maxLength"),
        field("finds", {"type": "string", "constraints": {"jsonSchema": {}}}, "/constraints/jsonSchema"),
    ],
    "constraints.typed": [
        field("finds", {"constraints": {"minimum": 1}}, "/constraints/minimum"),
        field("finds", {"constraints": {"exclusiveMaximum": 1}}, "/constraints/exclusiveMaximum"),
    ],
    "constraints.bound": [
        field("passes", {"type": "integer", "constraints": {"minimum": "one"}}, "/constraints/minimum"),
        field("passes", {"type": "integer", "constraints": {"maximum": 1.5}}, "/constraints/maximum"),
        field("passes", {"type": "date", "constraints": {"minimum": "2019-02-30"}}, "/constraints/minimum"),
        field("passes", {"type": "date", "constraints": {"minimum": 2019}}, "/constraints/minimum"),
        field("passes", {"type": "datetime", "constraints": {"minimum": "2019-02-28"}}, "/constraints/minimum"),
        field(
            "passes",
            {"type": "date", "format": "%d/%m/%Y", "constraints": {"minimum": "2019-02-28"}},
            "/constraints/minimum",
        ),
    ],
    "constraints.enum": [
        field("passes", {"type": "integer", "constraints": {"enum": [1, "two"]}}, "/constraints/enum/1"),
        field("passes", {"type": "string", "constraints": {"enum": [1]}}, "/constraints/enum/0"),
        field("passes", {"type": "boolean", "constraints": {"enum": ["yes"]}}, "/constraints/enum/0"),
        field("passes", {"type": "date", "constraints": {"enum": ["6 March"]}}, "/constraints/enum/0"),
    ],
    "constraints.pattern": [
        field("passes", {"type": "string", "constraints": {"pattern": pattern}}, "/constraints/pattern")
        for pattern in ("(?=a).*", "(?:a|b)", r"(a)\1", r"\bmill\b", "a*?b", "[a-z", "a{2,1}", "(")
    ],
}


HARMLESS: list[tuple[str, Case]] = [
    ("the descriptor of these tests", Case("passes", {}, "")),
    ("custom properties", put("passes", "/spatial", {"bbox": [1, 2]})),
    ("a profile of one's own", put("passes", "/$schema", "https://example.org/profiles/mills.json")),
    ("a later 2.x profile", put("passes", "/$schema", "https://datapackage.org/profiles/2.1/datapackage.json")),
    ("`$schema` of a part, which is ignored", put("passes", f"{DIALECT}/$schema", "tabledialect.json")),
    ("only what is required", put("passes", "", {"resources": [{"name": "a", "path": "a.csv"}]})),
    ("an offset and a fraction in `created`", put("passes", "/created", "2019-03-06T10:00:00.123456789+01:00")),
    ("small letters in `created`", put("passes", "/created", "2019-03-06t10:00:00z")),
    ("a leap second in `created`", put("finds", "/created", "2016-12-31T23:59:60Z")),
    (
        "inline data as text, with its format",
        put("finds", "/resources/2", {"name": "a", "data": "x", "format": "txt"}),
    ),
    ("inline data as an object", put("passes", "/resources/2", {"name": "a", "data": {"x": 1}})),
    ("rows as objects", put("passes", "/resources/1/data", [{"kind": "wind", "label": None}])),
    ("addresses as parts", put("passes", "/resources/0/path", ["https://example.org/1.csv", "ftp://example.org/2"])),
    ("a hidden file in an open folder", put("passes", "/resources/0/path", "data/.mills.csv")),
    ("two dots within a name", put("passes", "/resources/0/path", "data/mills..v2.csv")),
    ("a colon in a folder's file", put("passes", "/resources/0/path", "data/12:00.csv")),
    ("a schema in a file", put("passes", "/resources/1/schema", "schemas/kinds.json")),
    ("no missing values", put("passes", f"{SCHEMA}/missingValues", [])),
    ("missing values without labels", put("passes", f"{SCHEMA}/missingValues", [{"value": ""}, {"value": "-"}])),
    ("fields matched by name", put("passes", f"{SCHEMA}/fieldsMatch", "subset")),
    ("several header rows", put("passes", f"{DIALECT}/headerRows", [1, 2])),
    ("no header", put("passes", f"{DIALECT}/header", False)),
    ("a comment sign of two characters", put("passes", f"{DIALECT}/commentChar", "//")),
    ("a contributor with an organisation alone", put("passes", "/contributors", [{"organization": "A mill"}])),
    ("a licence with a path alone", put("passes", "/licenses", [{"path": "LICENCE.txt"}])),
    *(
        (f"a field {json.dumps(value)}", field("passes", value, ""))
        for value in (
            {"type": "list", "itemType": "date", "delimiter": ";", "constraints": {"minLength": 1}},
            {"type": "integer", "categories": [{"value": 1, "label": "x"}, {"value": 2}], "categoriesOrdered": True},
            {"type": "integer", "categories": [1, 2], "constraints": {"enum": ["1", 2]}},
            {"type": "integer", "constraints": {"enum": ["007", 8, 9.0]}},
            {"type": "number", "constraints": {"minimum": "-1.5e3", "maximum": "INF", "enum": [1, "2."]}},
            {"type": "number", "decimalChar": ",", "constraints": {"minimum": "1,5"}},
            {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"], "constraints": {"enum": ["yes", True]}},
            {"type": "year", "constraints": {"minimum": 1990, "maximum": "2020"}},
            {"type": "yearmonth", "constraints": {"exclusiveMinimum": "1990-12"}},
            {"type": "time", "constraints": {"minimum": "10:00:00", "maximum": "12:00:00.5"}},
            {"type": "datetime", "constraints": {"minimum": "2019-03-06T10:00:00.300-05:00"}},
            {"type": "date", "format": "%d.%m.%Y", "constraints": {"minimum": "28.02.2019"}},
            {"type": "date", "format": "any", "constraints": {"minimum": "28 February 2019"}},
            {"type": "geopoint", "format": "object"},
            {"type": "string", "format": "uuid", "rdfType": "https://schema.org/Thing"},
            {"missingValues": ["-"], "constraints": {"unique": True, "enum": ["a", 1]}},
        )
    ),
    (
        "a JSON Schema for a field of objects",
        field("finds", {"type": "object", "constraints": {"jsonSchema": {"type": "object"}}}, ""),
    ),
    ("a bound of a duration", field("finds", {"type": "duration", "constraints": {"maximum": "P1Y2M3DT4H5M6.7S"}}, "")),
    *(
        (f"the pattern `{pattern}`", field("passes", {"type": "string", "constraints": {"pattern": pattern}}, ""))
        for pattern in (
            "^a.*$",
            r"\p{L}+",
            r"\i\c*",
            "[a-z-[aeiou]]+x",
            "a{2,}",
            r"\(\?:",
            "[(?*+?]+",
            r"\\b",
            "[^]a-z]",
            "(a|b)?",
        )
    ),
]
OLD: list[tuple[str, Case]] = [
    (name, Case(case.frictionless, {"/$schema": ABSENT, "/resources/1/schema/missingValues": [""], **case.values}, ""))
    for name, case in (
        ("no `$schema`", Case("passes", {}, "")),
        ("a primary key as one string", put("passes", f"{SCHEMA}/primaryKey", "mill")),
        (
            "a foreign key of strings, to the table itself",
            put(
                "passes",
                f"{SCHEMA}/foreignKeys/0",
                {"fields": "parent", "reference": {"resource": "", "fields": "mill"}},
            ),
        ),
        ("two fields of one name", put("finds", f"{FIELDS}/5/name", "kind")),
        ("a resource of another type", put("passes", "/resources/2/type", "file")),
        ("`url` for `path`", put("passes", "/resources/2", {"name": "a", "url": "https://example.org/a.csv"})),
        ("a temporal format with `fmt:`", field("passes", {"type": "date", "format": "fmt:%d/%m/%Y"}, "")),
        ("a contributor's `role`", put("passes", "/contributors/0", {"title": "A Miller", "role": "author"})),
        ("a profile by name", put("passes", "/profile", "data-package")),
        ("a pattern on a field without a type", field("passes", {"constraints": {"pattern": "a"}}, "")),
        ("null for what a dialect does not set", put("passes", f"{DIALECT}/escapeChar", None)),
    )
]


def verdict(made: Any) -> str:
    faults = check_with_frictionless(made)
    if not faults:
        return "passes"
    return "fails" if faults[0].message.startswith("frictionless itself failed") else "finds"


def numbered(cases: list[Case]) -> list[tuple[str, Case]]:
    return [("" if len(cases) == 1 else f"-{i}", case) for i, case in enumerate(cases, 1)]


EACH = [
    pytest.param(requirement, case, id=requirement + suffix)
    for requirement, cases in CASES.items()
    for suffix, case in numbered(cases)
]


def test_every_requirement_has_a_case() -> None:
    assert list(CASES) == list(REQUIREMENTS)


@pytest.mark.parametrize(("requirement", "case"), EACH)
def test_a_descriptor_that_breaks_a_requirement(requirement: str, case: Case) -> None:
    made = case.descriptor()
    faults = check(made)
    assert {fault.requirement for fault in faults} == {requirement}
    assert faults[0].path == case.at
    assert all(fault.message and fault.hint for fault in faults)
    assert verdict(made) == case.frictionless


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=name) for name, case in [*HARMLESS, *((f"old: {n}", c) for n, c in OLD)]]
)
def test_a_descriptor_that_is_allowed(case: Case) -> None:
    made = case.descriptor()
    assert check(made) == []
    assert verdict(made) == case.frictionless


def test_the_descriptor_of_the_repository() -> None:
    made = load_descriptor(ROOT / "datapackage.json")
    assert check(made) == []
    assert check_with_frictionless(made) == []


# --------------------------------------------------------------------------------------------------------------------
# docs/descriptor.md


def table() -> str:
    """The table of requirements as Markdown."""
    lines = []
    section = None
    for requirement, (name, cases) in zip(REQUIREMENTS.values(), CASES.items(), strict=True):
        if requirement.section != section:
            section = requirement.section
            lines += [
                "",
                f"### {section}",
                "",
                "| our check | what is demanded | frictionless finds |",
                "|---|---|---|",
            ]
        told = [case.frictionless for case in cases]
        found = {len(told): "yes", 0: "no"}.get(told.count("finds"), f"{told.count('finds')} of {len(told)}")
        found += f"; fails on {told.count('fails')}" if "fails" in told else ""
        only = " *(v2 only)*" if requirement.v2_only else ""
        lines.append(f"| `{name}` | {requirement.text}{only} | {found} |")
    lines += ["", "### Allowed by the specification, and refused by frictionless", ""]
    lines += [f"- {name}" for name, case in [*HARMLESS, *OLD] if case.frictionless == "finds"]
    return "\n".join([*lines, "", ""])


def test_the_documentation_holds_what_is_measured_here() -> None:
    page = (ROOT / "docs" / "descriptor.md").read_text("utf-8")
    held = page.partition("<!-- from tests/test_descriptor.py -->\n")[2].partition("<!-- end -->")[0]
    assert held == table(), "put what `table()` returns between the two marks"


def test_the_measurements_are_of_this_frictionless() -> None:
    version = importlib.metadata.version("frictionless").rpartition(".")[0]
    assert f"frictionless-py {version}" in (ROOT / "docs" / "descriptor.md").read_text("utf-8")


# --------------------------------------------------------------------------------------------------------------------
# Reading


def write(folder: Path, content: bytes) -> Path:
    path = folder / "datapackage.json"
    path.write_bytes(content)
    return path


def test_a_descriptor_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, json.dumps(BASE).encode())
    assert load_descriptor(path) == load_descriptor(str(path)) == BASE
    deep: Any = '[]]]}}[[["'
    for _ in range(descriptor.DEPTH_LIMIT - 1):
        deep = [deep]
    assert load_descriptor(write(tmp_path, json.dumps({"x": deep}).encode())) == {"x": deep}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ":1:1: is not JSON"),
        (b"[]", ":1:1: holds a list, not an object"),
        (b"null", ":1:1: holds null, not an object"),
        (b'{"a": 1,\n "b": 2,\n "a": 3}', "the key 'a' stands twice in one object (it stands on the lines 1, 3)"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', "the key 'b' stands twice"),
        (b'{"a": "NaN",\n  "b": NaN}', ":2:8: NaN is not JSON"),
        (b'{"a": -Infinity}', ":1:7: -Infinity is not JSON"),
        (b'{"a": 1e999}', "the number 1e999 is too large"),
        (b'{"a": 1' + b"0" * 5000 + b"}", "a number of 5001 digits is too large"),
        (b'{"a": 1,\n "b" 2}', ":2:6: is not JSON"),
        (b'{"a": 1} {}', ":1:10: is not JSON"),
        (b"{'a': 1}", ":1:2: is not JSON"),
        (b'{"a": "x', ":1:7: is not JSON"),
        (b'{"a": "\x01"}', "is not JSON"),
        (b'{"a": ["\\ud800"]}', ": /a/0: holds half of a surrogate pair"),
        (b'\xef\xbb\xbf{"a": 1}', ":1:1: begins with a byte order mark"),
        (b'{"a": "caf\xe9"}', "byte 10 (0xe9) is not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "byte 0 (0xff) is not UTF-8"),
        (b'{"a": ' + b"[" * 64 + b"]" * 64 + b"}", ":1:70: is nested more than 64 deep"),
        (b"[" * 100_000, "is nested more than 64 deep"),
        (b'{"a": "' + b" " * descriptor.SIZE_LIMIT + b'"}', "is larger than 5,000,000 bytes"),
    ],
    ids=lambda value: repr(value[:20]) if isinstance(value, bytes) else "",
)
def test_a_descriptor_that_cannot_be_read(tmp_path: Path, content: bytes, words: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(DescriptorError) as caught:
        load_descriptor(path)
    assert str(caught.value).startswith(f"{path}:")
    assert words in str(caught.value)


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, words in (("none", "cannot be read"), ("pipe", "not a regular file"), (".", "not a regular file")):
        with pytest.raises(DescriptorError, match=words):
            load_descriptor(tmp_path / name)
    with pytest.raises(DescriptorError, match="is no path"):
        load_descriptor("a\0b")


# --------------------------------------------------------------------------------------------------------------------
# Whatever it is

NAMES = re.findall(
    r"\S+",
    """$schema resources name path data type schema dialect fields constraints profile profiles url id title licenses
    sources contributors email keywords created image homepage roles format mediatype hash primaryKey uniqueKeys
    foreignKeys reference resource missingValues value label fieldsMatch categories enum categoriesOrdered rdfType
    itemType minimum maximum pattern trueValues bytes header headerRows quoteChar escapeChar itemKeys delimiter csv
    excel example required""",
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(string.printable, max_size=8),
    st.sampled_from(["table", "integer", "date", "list", "%d", "a", "mills", "/etc/passwd", "http://127.0.0.1/x", "["]),
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=20,
)


@st.composite
def disturbed(draw: st.DrawFn) -> Any:
    """`BASE` with anything at all in some places."""
    made: Any = copy.deepcopy(BASE)
    for _ in range(draw(st.integers(1, 4))):
        holder = made
        while True:
            steps: list[Any] = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if isinstance(holder, dict):
                steps.append(draw(st.sampled_from(NAMES)))
            if not steps:
                break
            step = draw(st.sampled_from(steps))
            inner = holder.get(step) if isinstance(holder, dict) else holder[step]
            if isinstance(inner, dict | list) and inner and draw(st.booleans()):
                holder = inner
                continue
            holder[step] = draw(JSON)
            break
    return made


def resolve(made: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        made = made[int(name)] if isinstance(made, list) else made[name]
    return made


@settings(deadline=None)
@given(JSON | disturbed())
def test_anything_gets_a_verdict_with_places_that_exist(made: Any) -> None:
    for fault in check(made):
        resolve(made, fault.path)
        assert fault.requirement in REQUIREMENTS


@settings(deadline=None, max_examples=60)
@given(JSON | disturbed())
def test_no_file_and_no_address_is_opened(made: Any) -> None:
    check_with_frictionless(BASE)  # loads what frictionless loads late; so does the next line
    importlib.import_module("requests")
    opened: list[object] = []

    def refuse(*arguments: object, **options: object) -> None:
        opened.append(arguments)
        raise OSError("opened")

    before = copy.deepcopy(made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("builtins.open", refuse)
        for name in ("socket", "create_connection", "getaddrinfo"):
            patch.setattr(socket, name, refuse)
        check(made)
        check_with_frictionless(made)
    assert made == before
    assert opened == []


@pytest.mark.parametrize(
    "value",
    [
        {"/profile": "http://127.0.0.1:9/p.json"},
        {"/profile": "fiscal-data-package"},
        {"/profiles": ["http://127.0.0.1:9/p.json"]},
        {"/resources/0/profile": "http://127.0.0.1:9/p.json"},
        {"/$schema": "http://127.0.0.1:9/p.json"},
        {"/resources/0/schema": "http://127.0.0.1:9/s.json"},
        {"/resources/0/dialect": "http://127.0.0.1:9/d.json"},
        {"/resources/0": "http://127.0.0.1:9/r.json"},
        {f"{FIELDS}/5": "http://127.0.0.1:9/f.json"},
        {"": "http://127.0.0.1:9/datapackage.json"},
    ],
    ids=lambda value: str(next(iter(value))),
)
def test_no_address_is_contacted(value: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    contacted: list[object] = []

    def refuse(*arguments: object, **options: object) -> None:
        contacted.append(arguments)
        raise OSError("contacted")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    made = Case("", value, "").descriptor()
    check(made)
    check_with_frictionless(made)
    assert contacted == []

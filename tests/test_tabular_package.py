"""Descriptors of v1 and v2, good, faulty and hostile: what is read of them, and the one problem for each fault."""

from __future__ import annotations

import copy
import datetime as dt
import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bastions.problems import Problem
from bastions.schema import ForeignKey
from bastions.tabular.descriptor import dialect, package, paths, resource_reading
from bastions.tabular.descriptor.package import Package, Resource
from bastions.tabular.fields import json_schema
from bastions.tabular.limits import Limits
from bastions.validation.descriptor.values import TYPES

V2 = "https://datapackage.org/profiles/2.0/datapackage.json"


def read(folder: Path, descriptor: Any, **files: Any) -> tuple[Package | None, list[Problem]]:
    """Reads a descriptor in a folder, with other JSON files beside it."""
    for name, content in {"datapackage": descriptor, **files}.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / f"{name}.json").write_text(text, "utf-8")
    return package.read(folder, Limits())


def one(folder: Path, v2: bool = True, **properties: Any) -> tuple[Resource | None, list[Problem]]:
    """Reads a package of one resource, `a`."""
    descriptor: dict[str, Any] = {"$schema": V2} if v2 else {}
    found, problems = read(folder, {**descriptor, "resources": [{"name": "a", "path": "a.csv", **properties}]})
    assert found is not None
    assert ("a" in found.unread) == (not found.resources)
    assert found.resources or problems, "left out without a problem"
    return (found.resources[0] if found.resources else None), problems


def fields(folder: Path, *given: dict[str, Any], v2: bool = True, **schema: Any) -> tuple[Resource, list[Problem]]:
    resource, problems = one(folder, v2, schema={"fields": [*given], **schema})
    assert resource is not None, problems
    return resource, problems


def told(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(p.rule, p.value) for p in problems]


GOOD: dict[str, Any] = {
    "$schema": V2,
    "resources": [
        {
            "name": "mills",
            "type": "table",
            "path": ["mills-1.csv", "data/mills-2.csv"],
            "title": "Mills",
            "encoding": "windows-1252",
            "bytes": 12,
            "hash": "sha256:" + "AB" * 32,
            "dialect": {"delimiter": ";"},
            "schema": {
                "fields": [
                    {"name": "mill", "type": "string", "title": "Mill", "description": "Its name."},
                    {"name": "parent", "type": "string", "missingValues": ["-"]},
                    {"name": "sacks", "type": "integer", "constraints": {"minimum": 0, "maximum": "900"}},
                    {"name": "built", "type": "date", "format": "%d/%m/%Y", "constraints": {"minimum": "01/02/1700"}},
                    {"name": "kind", "type": "string", "categories": [{"value": "wind", "label": "Wind"}]},
                    {"name": "note"},
                ],
                "primaryKey": ["mill"],
                "uniqueKeys": [["mill", "kind"]],
                "foreignKeys": [
                    {"fields": ["parent"], "reference": {"fields": ["mill"]}},
                    {"fields": ["kind"], "reference": {"resource": "kinds", "fields": ["kind"]}},
                ],
                "missingValues": [{"value": "", "label": "none"}, {"value": "NA"}],
                "fieldsMatch": "subset",
            },
        },
        {"name": "kinds", "path": "kinds.tsv", "schema": {"fields": [{"name": "kind", "type": "string"}]}},
        {"name": "figures", "path": "figures.parquet"},
        {"name": "readme", "path": "README.pdf"},
    ],
}


def test_a_package_of_v2_is_read(tmp_path: Path) -> None:
    found, problems = read(tmp_path, GOOD)
    assert found is not None
    assert not problems
    assert (found.root, found.file, found.descriptor, found.unread) == (tmp_path, "datapackage.json", GOOD, frozenset())
    mills, kinds, figures, readme = found.resources
    assert [r.form for r in found.resources] == ["csv", "csv", "parquet", ""]
    assert mills.paths == ("mills-1.csv", "data/mills-2.csv")
    assert (mills.encoding, mills.bytes, mills.hash) == ("cp1252", 12, ("sha256", "ab" * 32))
    assert (mills.dialect.delimiter, kinds.dialect.delimiter, mills.matching) == (";", "\t", "subset")
    assert figures.table is None
    assert readme.table is None
    table = mills.table
    assert table is not None
    assert found.tables == {"mills": table, "kinds": kinds.table}
    assert (table.name, table.title, table.kind) == ("mills", "Mills", "package")
    assert [f.type for f in table.fields] == ["string", "string", "integer", "date", "string", "any"]
    assert (table["mill"].title, table["mill"].description) == ("Mill", "Its name.")
    assert (table["mill"].missing, table["parent"].missing) == (("", "NA"), ("-",))
    assert (table["sacks"].constraints.minimum, table["sacks"].constraints.maximum) == (0, 900)
    assert table["built"].constraints.minimum == dt.date(1700, 2, 1)
    assert table["kind"].categories == ("wind",)
    assert table.primary_key == ("mill",)
    assert table.unique_keys == (("mill", "kind"),)
    assert table.foreign_keys == (
        ForeignKey(("parent",), "mills", ("mill",)),
        ForeignKey(("kind",), "kinds", ("kind",)),
    )


def test_a_package_of_v1_is_read(tmp_path: Path) -> None:
    made: dict[str, Any] = {
        "profile": "tabular-data-package",
        "resources": [
            {
                "name": "a",
                "profile": "tabular-data-resource",
                "path": "./data/a.csv",
                "dialect": {"csvddfVersion": 1.2, "caseSensitiveHeader": False, "lineTerminator": "\r\n"},
                "schema": {
                    "fields": [{"name": "id"}, {"name": "day", "type": "date", "format": "fmt:%d/%m/%Y"}],
                    "primaryKey": "id",
                    "foreignKeys": [{"fields": "id", "reference": {"resource": "", "fields": "id"}}],
                },
            }
        ],
    }
    found, problems = read(tmp_path, made)
    assert found is not None
    assert not problems
    (a,) = found.resources
    assert a.paths == ("data/a.csv",)
    assert a.dialect == dialect.Dialect(terminator="\r\n", case_sensitive=False)
    assert a.table is not None
    assert (a.table["id"].type, a.table["day"].format) == ("string", "%d/%m/%Y")
    assert a.table.primary_key == ("id",)
    assert a.table.foreign_keys == (ForeignKey(("id",), "a", ("id",)),)


@pytest.mark.parametrize("kind", TYPES)
def test_each_type_is_read(tmp_path: Path, kind: str) -> None:
    resource, problems = fields(tmp_path, {"name": "c", "type": kind, "constraints": {"required": True}})
    assert not problems
    assert resource.table is not None
    assert (resource.table["c"].type, resource.table["c"].constraints.required) == (kind, True)


def test_options_of_a_type_are_kept(tmp_path: Path) -> None:
    resource, problems = fields(
        tmp_path,
        {"name": "n", "type": "number", "decimalChar": ",", "groupChar": ".", "bareNumber": False, "trueValues": ["y"]},
        {"name": "b", "type": "boolean", "trueValues": ["y"], "falseValues": ["n"]},
        {"name": "l", "type": "list", "delimiter": ";", "itemType": "integer"},
        {"name": "i", "type": "integer", "groupChar": ""},
    )
    assert not problems
    assert resource.table is not None
    assert [dict(f.options) for f in resource.table.fields] == [
        {"decimalChar": ",", "groupChar": ".", "bareNumber": False},
        {"trueValues": ("y",), "falseValues": ("n",)},
        {"delimiter": ";", "itemType": "integer"},
        {},
    ]


def test_constraints_are_values_of_the_column(tmp_path: Path) -> None:
    resource, problems = fields(
        tmp_path,
        {
            "name": "n",
            "type": "number",
            "decimalChar": ",",
            "constraints": {"exclusiveMinimum": "1,5", "enum": [2, "3"]},
        },
        {"name": "b", "type": "boolean", "constraints": {"enum": [True]}},
        {"name": "s", "type": "string", "constraints": {"minLength": 1.0, "maxLength": 9, "pattern": "[a-z]+"}},
        {"name": "o", "type": "object", "constraints": {"jsonSchema": {"type": "object"}, "unique": True}},
        {"name": "t", "type": "datetime", "constraints": {"maximum": "2017-11-03T12:00:00"}},
    )
    assert not problems
    assert resource.table is not None
    n, b, s, o, t = (f.constraints for f in resource.table.fields)
    assert (n.exclusiveMinimum, n.enum, b.enum) == (1.5, (2.0, 3.0), (True,))
    assert (s.minLength, s.maxLength, s.pattern) == (1, 9, "[a-z]+")
    assert (o.jsonSchema, o.unique) == ({"type": "object"}, True)
    assert t.maximum == dt.datetime(2017, 11, 3, 12)


def test_the_match_of_fields_may_be_a_list_of_one(tmp_path: Path) -> None:
    """The text of the specification wants a string, its 2.0 profile a list: both do as they were told."""
    resource, problems = fields(tmp_path, {"name": "c"}, fieldsMatch=["equal"])
    assert (resource.matching, problems) == ("equal", [])
    resource, problems = fields(tmp_path, {"name": "c"}, fieldsMatch="some")
    assert told(problems) == [("schema-error", "/resources/0/schema/fieldsMatch")]
    assert resource.matching == "partial"


HARMLESS: list[tuple[str, Any, str]] = [
    ("/homepage", "nowhere", "package-error"),
    ("/keywords", [], "package-error"),
    ("/created", "yesterday", "package-error"),
    ("/licenses", [{}], "package-error"),
    ("/contributors", {}, "package-error"),
    ("/resources/0/type", "file", "resource-error"),
    ("/resources/0/title", 1, "resource-error"),
    ("/resources/0/hash", "nonsense", "resource-error"),
    ("/resources/0/hash", "crc32:00000000", "resource-error"),
    ("/resources/0/hash", "sha256:00", "resource-error"),
    ("/resources/0/hash", "shake_128:00", "resource-error"),
    ("/resources/0/bytes", -1, "resource-error"),
    ("/resources/0/bytes", "12", "resource-error"),
    ("/resources/0/name", "", "resource-error"),
    ("/resources/0/dialect/sheetName", 1, "dialect-error"),
    ("/resources/0/schema/primaryKey", ["x"], "schema-error"),
    ("/resources/0/schema/uniqueKeys", [[]], "schema-error"),
    ("/resources/0/schema/foreignKeys/1/reference/resource", "x", "schema-error"),
    ("/resources/0/schema/foreignKeys/1/reference/resource", "readme", "schema-error"),
    ("/resources/0/schema/foreignKeys/1/fields", ["sacks"], "schema-error"),
    ("/resources/0/schema/fields/0/description", 1, "field-error"),
    ("/resources/0/schema/fields/0/categories", {}, "field-error"),
    ("/resources/0/schema/fields/2/constraints/minimum", "many", "field-error"),
    ("/resources/0/schema/fields/2/constraints/minimum", 2**63, "field-error"),
    ("/resources/0/schema/fields/2/constraints/pattern", "[0-9]", "field-error"),
    ("/resources/0/schema/fields/2/type", "integr", "field-error"),
    ("/resources/0/schema/fields/2/missingValues", "NA", "field-error"),
    ("/resources/0/schema/fields/3/format", "day", "field-error"),
]


def changed(pointer: str, value: Any) -> dict[str, Any]:
    made = copy.deepcopy(GOOD)
    *steps, last = pointer[1:].split("/")
    holder: Any = made
    for step in steps:
        holder = holder[int(step) if isinstance(holder, list) else step]
    holder[int(last) if isinstance(holder, list) else last] = value
    return made


@pytest.mark.parametrize(("pointer", "value", "rule"), HARMLESS)
def test_a_fault_that_leaves_the_table_readable_is_told_once(
    tmp_path: Path, pointer: str, value: Any, rule: str
) -> None:
    found, problems = read(tmp_path, changed(pointer, value))
    assert [(p.rule, p.severity) for p in problems] == [(rule, "error")]
    assert problems[0].value.startswith(pointer.removesuffix("/reference/resource").removesuffix("/fields"))
    assert found is not None
    assert len(found.resources) == 4
    assert not found.unread


UNREADABLE: list[tuple[str, Any, str]] = [
    ("/resources/0/path", "../a.csv", "resource-error"),
    ("/resources/0/path", "/a.csv", "resource-error"),
    ("/resources/0/path", 1, "resource-error"),
    ("/resources/0/path", [], "resource-error"),
    ("/resources/0/path", "data/.a.csv", "source-error"),
    ("/resources/0/path", ["a.csv", "a.csv"], "resource-error"),
    ("/resources/0/path", ["a.csv", "https://example.org/a.csv"], "resource-error"),
    ("/resources/0/path", "http://127.0.0.1:9/a.csv", "scheme-error"),
    ("/resources/0/path", "s3://bucket/a.csv", "scheme-error"),
    ("/resources/0/path", "a.csv.gz", "compression-error"),
    ("/resources/0/path", "a.zip", "compression-error"),
    ("/resources/0/compression", "gz", "compression-error"),
    ("/resources/0/path", "a.xlsx", "format-error"),
    ("/resources/0/format", "json", "format-error"),
    ("/resources/0/mediatype", "application/json", "format-error"),
    ("/resources/0/path", ["a.csv", "a.tsv"], "format-error"),
    ("/resources/0/data", [], "resource-error"),
    ("/resources/0/encoding", "klingon", "encoding-error"),
    ("/resources/0/encoding", "rot13", "encoding-error"),
    ("/resources/0/encoding", 8, "resource-error"),
    ("/resources/0/name", "a\0b", "resource-error"),
    ("/resources/0/dialect", [], "dialect-error"),
    ("/resources/0/dialect/delimiter", "||", "dialect-error"),
    ("/resources/0/dialect/quoteChar", "''", "dialect-error"),
    ("/resources/0/dialect/skipBlankRows", True, "dialect-error"),
    ("/resources/0/schema", [], "schema-error"),
    ("/resources/0/schema", "https://example.org/schema.json", "scheme-error"),
    ("/resources/0/schema", "no.json", "schema-error"),
    ("/resources/0/schema", "../no.json", "schema-error"),
    ("/resources/0/schema/fields", [], "schema-error"),
    ("/resources/0/schema/fields", {}, "schema-error"),
    ("/resources/0/schema/missingValues", "NA", "schema-error"),
]


@pytest.mark.parametrize(("pointer", "value", "rule"), UNREADABLE)
def test_a_resource_that_cannot_be_read_is_left_out_with_one_problem(
    tmp_path: Path, pointer: str, value: Any, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connected(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", connected)
    made = changed(pointer, value)
    if pointer.endswith("/mediatype"):
        made["resources"][0]["path"] = "a.dat"
    # A key to the table that is left out: nothing is to be concluded from it.
    key = {"fields": ["kind"], "reference": {"resource": made["resources"][0]["name"], "fields": ["mill"]}}
    made["resources"][1]["schema"]["foreignKeys"] = [key]
    found, problems = read(tmp_path, made)
    assert [(p.rule, p.severity) for p in problems] == [(rule, "error")]
    assert problems[0].hint
    assert found is not None
    assert [r.name for r in found.resources] == ["kinds", "figures", "readme"]
    assert found.unread == {made["resources"][0]["name"]}


def test_rows_in_the_descriptor_are_refused_and_other_data_are_not(tmp_path: Path) -> None:
    made = {
        "$schema": V2,
        "resources": [
            {"name": "rows", "type": "table", "data": [["a"], ["1"]]},
            {"name": "settings", "data": {"a": 1}},
            {"name": "away", "path": "https://example.org/a.pdf"},
        ],
    }
    found, problems = read(tmp_path, made)
    assert found is not None
    assert [(r.name, r.form, r.paths) for r in found.resources] == [("settings", "", ())]
    assert [(p.rule, p.severity) for p in problems] == [("format-error", "error"), ("scheme-error", "warning")]


def test_parts_of_which_only_some_are_tables_are_refused_and_not_passed_over(tmp_path: Path) -> None:
    resource, problems = one(tmp_path, path=["a.csv", "notes.pdf"])
    assert resource is None
    assert told(problems) == [("format-error", "/resources/0/path")]


def test_a_file_without_an_ending_is_no_table_for_its_name(tmp_path: Path) -> None:
    for name, form in (("data/csv", ""), ("data/csv.gz", ""), ("data.d/notes", ""), ("data/a.csv", "csv")):
        resource, problems = one(tmp_path, path=name)
        assert resource is not None
        assert (resource.form, problems) == (form, [])


def test_a_doubled_name_leaves_the_first_and_judges_no_key_to_it(tmp_path: Path) -> None:
    made = changed("/resources/2", {"name": "kinds", "path": "other.csv"})
    found, problems = read(tmp_path, made)
    assert found is not None
    assert told(problems) == [("resource-error", "/resources/2/name")]
    assert [r.paths for r in found.resources if r.name == "kinds"] == [("kinds.tsv",)]
    assert found.unread == {"kinds"}


def test_a_resource_without_a_name_is_read_all_the_same(tmp_path: Path) -> None:
    found, problems = read(tmp_path, {"resources": [{"path": "a.csv"}]})
    assert found is not None
    assert [(r.name, r.form) for r in found.resources] == [("resource-1", "csv")]
    assert told(problems) == [("resource-error", "/resources/0")]


def test_a_column_of_unknown_type_is_text_and_no_part_of_a_key(tmp_path: Path) -> None:
    """A slip in one field must not hide the faults of the other columns, nor make every reference to it an orphan."""
    made = changed("/resources/0/schema/fields/4/type", "strin")
    made["resources"][1]["schema"]["foreignKeys"] = [
        {"fields": ["kind"], "reference": {"resource": "mills", "fields": ["kind"]}}
    ]
    found, problems = read(tmp_path, made)
    assert found is not None
    assert [(p.rule, p.field) for p in problems] == [("field-error", "kind")]
    mills, kinds = found.tables.values()
    assert (mills["kind"].type, mills["kind"].categories) == ("any", None)
    assert (mills.unique_keys, kinds.foreign_keys) == ((), ())
    assert mills.foreign_keys == (ForeignKey(("parent",), "mills", ("mill",)),)


def test_a_field_name_stands_once_in_v1_as_well(tmp_path: Path) -> None:
    resource, problems = one(tmp_path, v2=False, schema={"fields": [{"name": "a"}, {"name": "a"}]})
    assert resource is None
    assert told(problems) == [("field-error", "/resources/0/schema/fields/1/name")]


def test_names_may_hold_quotes_and_line_ends_but_no_controls(tmp_path: Path) -> None:
    resource, problems = fields(tmp_path, {"name": "a\"'b"}, {"name": "Population\n(2010)"})
    assert not problems
    assert resource.table is not None
    assert resource.table.names == ("a\"'b", "Population\n(2010)")
    for name in ("a\0", "a\x1b[31m", ""):
        left_out, problems = one(tmp_path, schema={"fields": [{"name": name}]})
        assert left_out is None
        assert told(problems) == [("field-error", "/resources/0/schema/fields/0/name")]


@pytest.mark.parametrize("name", ["a\x9b31m", "a\u202eb", "a\u200bb", "a\u2028b", "a\u2029b", "a" * 1_001])
def test_names_that_cannot_be_seen_or_have_no_end(tmp_path: Path, name: str) -> None:
    """U+009B, overrides of direction and zero-width characters were let through; one of 900 kB made 1.8 GB."""
    left_out, problems = one(tmp_path, schema={"fields": [{"name": name}]})
    assert left_out is None
    assert [(p.rule, p.value, len(p.field) <= 1_000) for p in problems] == [
        ("field-error", "/resources/0/schema/fields/0/name", True)
    ]
    found, problems = read(tmp_path, {"resources": [{"name": name, "path": "a.csv"}]})
    assert found is not None
    assert not found.resources
    assert told(problems) == [("resource-error", "/resources/0/name")]


def test_a_name_of_a_field_may_hold_a_line_end_and_that_of_a_resource_not(tmp_path: Path) -> None:
    """Headers of real files hold line ends and tabs; no file is named so."""
    _, problems = fields(tmp_path, {"name": "a\r\n\tb"})
    assert not problems
    _, problems = read(tmp_path, {"resources": [{"name": "a\nb", "path": "a.csv"}]})
    assert told(problems) == [("resource-error", "/resources/0/name")]


def test_the_fields_of_a_package_have_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """10,000 resources that name one schema of 1,900 fields took 127 s and 1 GB."""
    monkeypatch.setattr(package, "FIELD_LIMIT", 5)
    shared = [{"name": f"r{i}", "path": f"{i}.csv", "schema": "s.json"} for i in range(3)]
    schema = {"fields": [{"name": "a"}, {"name": "b"}]}
    assert read(tmp_path, {"resources": shared[:2]}, s=schema)[0] is not None
    found, problems = read(tmp_path, {"resources": shared}, s=schema)
    assert found is None
    assert told(problems) == [("package-error", "/resources")]
    assert "6 fields" in problems[0].message and "than 5" in problems[0].message
    found, problems = read(tmp_path, {"resources": [{}] * 10_001})
    assert found is None
    assert told(problems) == [("package-error", "/resources")]


@pytest.mark.parametrize("name", ["path", "schema", "dialect"])
@pytest.mark.parametrize("path", ["file:///a", "s3://b/a", "data:a", "C:\\a", "http:a", "//a", "http://example.org/a"])
def test_of_an_address_it_is_said_that_nothing_is_fetched(tmp_path: Path, name: str, path: str) -> None:
    """The hint was "The scheme of a URL is http, https, …", and http was refused next."""
    given: dict[str, Any] = {name: path}
    _, problems = one(tmp_path, **given)
    assert [(p.rule, p.hint.startswith("Nothing is fetched")) for p in problems] == [("scheme-error", True)]


def test_a_looping_link_as_the_package_is_told(tmp_path: Path) -> None:
    """It ended in a RuntimeError of `Path.resolve`."""
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OSError, match="loop: cannot be read: Too many levels"):
        package.read(tmp_path / "loop", Limits())


def test_a_descriptor_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command tells `strerror` where there is one, and it does not name the file."""

    def refuse(*_: object, **__: object) -> None:
        error = PermissionError("datapackage.json: cannot be read: no")
        error.strerror = "no"
        raise error

    monkeypatch.setattr(paths, "open_inside", refuse)
    with pytest.raises(PermissionError, match=r"^datapackage\.json: cannot be read") as raised:
        package.read(tmp_path, Limits())
    assert raised.value.strerror is None


def test_json_schemas_have_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To look at one of 20,000 anchors took minutes, and a package could have any number."""
    monkeypatch.setattr(json_schema, "TOTAL", 30)
    given = [
        {"name": f"f{i}", "type": "object", "constraints": {"jsonSchema": {"type": kind}}}
        for i, kind in enumerate(["object", "object", "object", "array"])
    ]
    _, problems = fields(tmp_path, *given)
    assert [(p.rule, p.field, "beyond the 30 characters" in p.message) for p in problems] == [
        ("field-error", "f3", True)
    ]


def test_the_warning_of_a_pattern_says_that_it_is_run(tmp_path: Path) -> None:
    """It said only that it holds the group '(?='."""
    _, problems = fields(tmp_path, {"name": "c", "type": "string", "constraints": {"pattern": "(?=a).*"}})
    assert [p.severity for p in problems] == ["warning"]
    assert problems[0].message.endswith("it is no XML Schema pattern; it is run as Python's")


def test_a_pattern_of_another_dialect_is_a_warning_where_it_can_be_run(tmp_path: Path) -> None:
    resource, problems = fields(tmp_path, {"name": "c", "type": "string", "constraints": {"pattern": "(?:a|b)"}})
    assert [(p.rule, p.severity) for p in problems] == [("field-error", "warning")]
    assert resource.table is not None
    assert resource.table["c"].constraints.pattern == "(?:a|b)"
    for pattern, rule in (("(", "field-error"), ("a|" * 30_000, "pattern-limit")):
        resource, problems = fields(tmp_path, {"name": "c", "type": "string", "constraints": {"pattern": pattern}})
        assert [(p.rule, p.severity) for p in problems] == [(rule, "error")]
        assert resource.table is not None
        assert resource.table["c"].constraints.pattern is None


def test_foreign_keys_of_numbers_may_differ_in_type(tmp_path: Path) -> None:
    own = [{"name": "i", "type": "integer"}, {"name": "n", "type": "number"}, {"name": "s", "type": "string"}]
    keys = [{"fields": ["i"], "reference": {"fields": [name]}} for name in ("n", "s")]
    resource, problems = fields(tmp_path, *own, foreignKeys=keys)
    assert resource.table is not None
    assert resource.table.foreign_keys == (ForeignKey(("i",), "a", ("n",)),)
    assert told(problems) == [("schema-error", "/resources/0/schema/foreignKeys/1")]


def test_a_profile_of_others_is_not_fetched_and_that_is_said(tmp_path: Path) -> None:
    found, problems = read(tmp_path, {**GOOD, "profile": "https://example.org/profile.json"})
    assert found is not None
    assert [(p.rule, p.severity, p.value) for p in problems] == [("package-error", "warning", "/profile")]


def test_schemas_and_dialects_in_files_of_their_own_are_read_strictly(tmp_path: Path) -> None:
    made = copy.deepcopy(GOOD)
    schema, form = made["resources"][0]["schema"], made["resources"][0]["dialect"]
    made["resources"][0] |= {"schema": "schema.json", "dialect": "./form.json"}
    found, problems = read(tmp_path, made, schema=schema, form=form)
    inline, _ = read(tmp_path, GOOD)
    assert found is not None
    assert inline is not None
    assert not problems
    assert found.resources[0].table == inline.resources[0].table
    assert found.resources[0].dialect.delimiter == ";"
    assert found.resources[0].descriptor["schema"] == schema
    assert found.descriptor == made
    schema["fields"][2]["type"] = "integr"
    made["resources"].append({"name": "again", "path": "again.csv", "schema": "schema.json"})
    _, problems = read(tmp_path, made, schema=schema)
    assert [(p.file, p.rule, p.value, p.field) for p in problems] == [
        ("schema.json", "field-error", "/fields/2/type", "sacks")
    ]
    _, problems = read(tmp_path, made, schema='{"fields": [], "fields": []}')
    # Two resources name it; it is told once, at the file that is to be mended.
    assert [(p.file, p.line, p.rule, p.value) for p in problems] == [("schema.json", 0, "schema-error", "")]
    assert "stands twice" in problems[0].message


def test_a_schema_or_dialect_that_is_no_json_is_told_at_its_file_and_line(tmp_path: Path) -> None:
    """The place was told as `datapackage.json:0`, with file and line inside the message alone."""
    made = copy.deepcopy(GOOD)
    form = made["resources"][0]["dialect"]
    made["resources"][0] |= {"schema": "schema.json", "dialect": "form.json"}
    _, problems = read(tmp_path, made, schema='{"fields": [\n  {"name": "a",\n]}', form='{\n"delimiter": \n\n')
    assert sorted((p.file, p.line, p.rule, p.value) for p in problems) == [
        ("form.json", 4, "dialect-error", ""),
        ("schema.json", 3, "schema-error", ""),
    ]
    assert all(p.message.startswith("is not JSON: ") for p in problems)
    _, problems = read(tmp_path, made, schema="[]", form=form)
    assert [(p.file, p.line, p.rule) for p in problems] == [("schema.json", 1, "schema-error")]


def test_a_schema_behind_a_link_or_pipe_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    (tmp_path / "schema.json").write_text('{"fields": [{"name": "a"}]}')
    (folder / "link.json").symlink_to("../schema.json")
    os.mkfifo(folder / "pipe.json")
    for name in ("link.json", "pipe.json"):
        resource, problems = one(folder, schema=name)
        assert resource is None
        assert told(problems) == [("schema-error", "/resources/0/schema")]


def test_a_schema_that_thousands_of_resources_name_is_a_limit(tmp_path: Path) -> None:
    """Ten thousand resources with one schema of 5 MB would take hours: what is named is counted each time."""
    schema = {"fields": [{"name": "a", "description": "x" * 4_900_000}]}
    made = {"resources": [{"name": f"r{i}", "path": f"{i}.csv", "schema": "schema.json"} for i in range(12)]}
    found, problems = read(tmp_path, made, schema=schema)
    assert found is not None
    assert len(found.resources) == 10
    assert len(problems) == 2
    assert all("beyond 50,000,000 bytes" in p.message for p in problems)


HOSTILE: list[tuple[str, str]] = [
    ("", "is not JSON"),
    ("[]", "holds a list"),
    ('{"resources": [', "is not JSON"),
    ('{"resources": [], "resources": []}', "stands twice"),
    ('{"resources": [NaN]}', "NaN is not JSON"),
    ('{"a": ' + "[" * 10_000 + "]" * 10_000 + "}", "nested more than 64 deep"),
    ('{"a": "' + "x" * 6_000_000 + '"}', "larger than 5,000,000 bytes"),
    ('{"a": "\\ud800", "resources": []}', "half of a surrogate pair"),
    ('{"a": 1' + "1" * 4_000_000 + "}", "digits is too large"),
    ("{}", "has no `resources`"),
    ('{"resources": {}}', "is an object, not a list"),
    ('{"resources": [' + "{}," * 100_000 + "{}]}", "no more than 10,000 are read"),
    ('{"resources": [], "keywords": [' + "1," * 100_000 + "1]}", "more than 10,000 faults"),
]


@pytest.mark.parametrize(("text", "message"), HOSTILE, ids=[message for _, message in HOSTILE])
def test_a_hostile_descriptor_ends_with_a_finding(tmp_path: Path, text: str, message: str) -> None:
    found, problems = read(tmp_path, text)
    assert found is None
    assert message in problems[-1].message
    assert problems[-1].rule == "package-error"


def test_broken_json_has_its_line(tmp_path: Path) -> None:
    _, (problem,) = read(tmp_path, '{\n "a": 1,\n}')
    assert (problem.file, problem.line) == ("datapackage.json", 3)


@pytest.mark.parametrize("number", [2_001, 1_000_000])
def test_too_many_columns_are_a_named_limit(tmp_path: Path, number: int) -> None:
    resource, problems = one(tmp_path, schema={"fields": [0] * number})
    assert resource is None
    assert told(problems) == [("column-limit", "/resources/0/schema/fields")]
    assert "--max-columns" in problems[0].hint
    wide = {"fields": [{"name": f"c{i}"} for i in range(2_001)]}
    made = {"resources": [{"name": "a", "path": "a.csv", "schema": wide}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(made))
    found, problems = package.read(tmp_path, Limits(columns=2_001))
    assert found is not None
    assert len(found.resources) == 1
    assert not problems


def test_long_lists_and_texts_take_time_by_their_length_alone(tmp_path: Path) -> None:
    """Each of these took minutes or hours: something was done for each item that was as long as the whole."""
    letters = [{"name": f"c{i}", "type": "string"} for i in range(2_000)]
    key = {"fields": ["c1"], "reference": {"fields": ["c2"]}}
    resource, problems = fields(tmp_path, *letters, foreignKeys=[key] * 50_000)
    assert told(problems) == [("schema-error", "/resources/0/schema/foreignKeys")]
    assert resource.table is not None
    assert len(resource.table.foreign_keys) == 1
    words = [f"y{i}" for i in range(100_000)]
    _, problems = fields(
        tmp_path, {"name": "b", "type": "boolean", "trueValues": words, "constraints": {"enum": words[::-1]}}
    )
    assert not problems
    _, problems = fields(tmp_path, {"name": "s", "type": "string", "constraints": {"pattern": "\\p{" * 10_000}})
    assert len(problems) <= 1
    text = '{"resources": [], "' + "k" * 2_000_000 + '": [' + "1," * 1_000_000 + '"\\u0041"]}'
    _, problems = read(tmp_path, text)
    assert told(problems) == [("package-error", "/resources")]


def test_a_bound_that_no_double_holds_is_told_and_not_rounded(tmp_path: Path) -> None:
    for bound, where in ((2**53 + 1, ["/resources/0/schema/fields/0/constraints/maximum"]), (2**53, [])):
        _, problems = fields(tmp_path, {"name": "n", "type": "number", "constraints": {"maximum": bound}})
        assert told(problems) == [("field-error", place) for place in where]


def test_values_that_are_none_are_told_up_to_a_hundred(tmp_path: Path) -> None:
    _, problems = fields(tmp_path, {"name": "y", "type": "year", "constraints": {"enum": [10**30] * 1_000}})
    assert len(problems) == 101
    assert "those beyond are not told" in problems[-1].message
    _, problems = fields(
        tmp_path, {"name": "n", "type": "number", "groupChar": "x" * 101, "constraints": {"minimum": "1"}}
    )
    assert told(problems) == [("field-error", "/resources/0/schema/fields/0")]
    _, problems = fields(tmp_path, {"name": "i", "type": "object", "constraints": {"enum": ["[" * 20_000]}})
    assert told(problems) == [("field-error", "/resources/0/schema/fields/0/constraints/enum/0")]


def test_the_file_itself_may_be_named_and_be_a_link(tmp_path: Path) -> None:
    folder = tmp_path / "v3"
    folder.mkdir()
    (folder / "package.json").write_text(json.dumps(GOOD))
    (tmp_path / "latest.json").symlink_to("v3/package.json")
    for path in (folder / "package.json", tmp_path / "latest.json"):
        found, problems = package.read(path, Limits())
        assert found is not None
        assert not problems
        assert found.root == folder.resolve()
    (folder / "datapackage.json").symlink_to("package.json")
    nothing, problems = package.read(folder, Limits())
    assert nothing is None
    assert [(p.rule, p.file) for p in problems] == [("source-error", "datapackage.json")]


def test_a_package_that_is_not_there_is_said_for_people(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "no", tmp_path / "no.json"):
        with pytest.raises(FileNotFoundError, match="there is no such file: give the folder"):
            package.read(path, Limits())
    os.mkfifo(tmp_path / "datapackage.json")
    for path in (tmp_path, tmp_path / "datapackage.json"):
        found, problems = package.read(path, Limits())
        assert found is None
        assert [p.rule for p in problems] == ["source-error"]


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("utf-8", "utf-8"),
        ("UTF8", "utf-8"),
        ("ISO-8859-1", "iso8859-1"),
        ("ISO_8859-1:1987", "iso8859-1"),
        ("latin1", "iso8859-1"),
        ("windows-1256", "cp1256"),
        ("us-ascii", "ascii"),
        ("UTF-16LE", "utf-16-le"),
        ("Shift_JIS", "shift_jis"),
        ("GB18030", "gb18030"),
        ("macintosh", "mac-roman"),
        ("KOI8-R", "koi8-r"),
        ("utf-7", None),
        ("idna", None),
        ("punycode", None),
        ("unicode_escape", None),
        ("raw-unicode-escape", None),
        ("undefined", None),
        ("charmap", None),
        ("mbcs", None),
        ("base64", None),
        ("zip", None),
        ("bz2", None),
        ("hex", None),
        ("rot13", None),
        ("quopri", None),
        ("uu", None),
        ("aliases", None),
        ("../os", None),
        ("", None),
        ("ütf-8", None),
        ("u" * 1_000, None),
    ],
)
def test_encodings_are_those_of_text(name: str, codec: str | None) -> None:
    found = resource_reading.codec(name)
    assert found == codec
    assert found is None or "a,b".encode(found).decode(found) == "a,b"


PLAIN: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"delimiter": "\t", "quoteChar": "'", "lineTerminator": "\n"}, True),
    ({"header": False}, True),
    ({"escapeChar": '"'}, True),
    ({"delimiter": "§"}, False),
    ({"doubleQuote": False}, False),
    ({"escapeChar": "\\"}, False),
    ({"lineTerminator": "\r"}, False),
    ({"skipInitialSpace": True}, False),
    ({"commentChar": "#"}, False),
    ({"commentRows": [1]}, False),
    ({"headerRows": [1, 2]}, False),
    ({"headerRows": [2]}, False),
]


@pytest.mark.parametrize(("given", "plain"), PLAIN)
def test_a_dialect_knows_whether_the_fast_reader_can_read_it(given: dict[str, Any], plain: bool) -> None:
    if "commentRows" in given:
        given = {**given, "headerRows": [2]}
    assert dialect.read(given, "csv").plain is plain


def test_a_dialect_is_read() -> None:
    assert dialect.read(None, "csv") == dialect.Dialect()
    assert dialect.read({}, "tsv").delimiter == "\t"
    assert dialect.read({"delimiter": "|"}, "tsv").delimiter == "|"
    assert dialect.read({"header": False, "headerRows": [1, 2]}, "csv").header_rows == ()
    # frictionless-py writes them one level deeper
    assert dialect.read({"csv": {"delimiter": ";", "skipInitialSpace": True}}, "csv").delimiter == ";"
    made = dialect.read({"headerRows": [2, 3], "headerJoin": "/", "commentRows": [1], "nullSequence": "\\N"}, "csv")
    assert (made.header_rows, made.header_join, made.comment_rows, made.null_sequence) == ((2, 3), "/", (1,), "\\N")


@pytest.mark.parametrize(
    "given",
    [
        {"delimiter": ""},
        {"delimiter": "\\t"},
        {"delimiter": ";;"},
        {"delimiter": '"'},
        {"delimiter": "\n"},
        {"delimiter": "\0"},
        {"delimiter": 1},
        {"delimiter": "\\", "escapeChar": "\\"},
        {"quoteChar": "''"},
        {"quoteChar": ""},
        {"csv": {"quoteChar": None}},
        {"escapeChar": "ab"},
        {"lineTerminator": ""},
        {"lineTerminator": ",\n"},
        {"header": "yes"},
        {"headerRows": []},
        {"headerRows": [2, 1]},
        {"headerRows": [0]},
        {"headerRows": [1.5]},
        {"headerRows": [float("inf")]},
        {"headerRows": [10**9]},
        {"headerRows": [1], "commentRows": [1]},
        {"commentChar": "\n"},
        {"delimiter": " ", "skipInitialSpace": True},
        {"headerCase": False},
    ],
)
def test_a_dialect_that_is_none_or_not_supported_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(dialect.DialectError):
        dialect.read(given, "csv")


def test_how_a_tab_is_written_is_told_to_whom_it_helps() -> None:
    for delimiter, helped in (("\\t", True), (";;", False)):
        with pytest.raises(dialect.DialectError) as raised:
            dialect.read({"delimiter": delimiter}, "csv")
        assert ("a tab is written" in str(raised.value)) is helped


WORDS = """$schema profile name path data type url schema dialect format encoding bytes hash mediatype compression title
    fields primaryKey uniqueKeys foreignKeys reference resource missingValues value label fieldsMatch categories
    constraints enum minimum maximum pattern required minLength jsonSchema trueValues groupChar decimalChar delimiter
    itemType header headerRows quoteChar escapeChar commentRows csv lineTerminator"""
KEYS = st.sampled_from(WORDS.split())
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([V2, "a", "", "a.csv", "a.parquet", "a.zip", "b.json", "..", "utf-8", "zip", "\0", "é", "table"]),
    st.sampled_from([*TYPES, "(", "[a]", "%Y", "any", "1", "2017-11-03", "equal", "tabular-data-resource", "md5:0"]),
)
JSON = st.recursive(
    LEAVES, lambda x: st.one_of(st.lists(x, max_size=3), st.dictionaries(KEYS, x, max_size=5)), max_leaves=25
)
FIELD = st.fixed_dictionaries(
    {"name": st.sampled_from(["a", "b", "c", ""]), "type": st.sampled_from(TYPES)},
    optional={
        "constraints": st.dictionaries(KEYS, JSON, max_size=3),
        "format": LEAVES,
        "categories": st.lists(LEAVES, max_size=3),
        "missingValues": JSON,
        "groupChar": LEAVES,
        "trueValues": st.lists(LEAVES, max_size=2),
    },
)
KEY = st.fixed_dictionaries({"fields": JSON, "reference": st.fixed_dictionaries({"resource": LEAVES, "fields": JSON})})
RESOURCE = st.fixed_dictionaries(
    {"name": st.sampled_from(["a", "b", ""]), "path": st.one_of(st.just("a.csv"), JSON)},
    optional={
        "schema": st.one_of(
            st.fixed_dictionaries(
                {"fields": st.lists(FIELD, max_size=3)},
                optional={"foreignKeys": st.lists(KEY, max_size=2), "primaryKey": JSON, "uniqueKeys": JSON},
            ),
            JSON,
        ),
        "dialect": st.dictionaries(KEYS, LEAVES, max_size=3),
        "hash": LEAVES,
        "encoding": LEAVES,
        "format": LEAVES,
        "data": JSON,
    },
)
DESCRIPTOR = st.one_of(
    JSON,
    st.dictionaries(KEYS, JSON, max_size=3),
    st.fixed_dictionaries(
        {"resources": st.lists(st.one_of(RESOURCE, JSON), max_size=3)}, optional={"$schema": st.just(V2)}
    ),
)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(descriptor=DESCRIPTOR, beside=JSON)
def test_whatever_json_holds_there_are_problems_and_no_exception(
    tmp_path_factory: pytest.TempPathFactory, descriptor: Any, beside: Any
) -> None:
    folder = tmp_path_factory.getbasetemp()
    found, problems = read(folder, descriptor, b=beside)
    assert all(p.message for p in problems)
    if found is None:
        assert any(p.severity == "error" for p in problems)
        return
    listed = descriptor["resources"]
    if len(found.resources) < len(listed):
        assert problems
    assert len({r.name for r in found.resources}) == len(found.resources)
    for table in found.tables.values():
        names = set(table.names)
        assert len(names) == len(table.fields)
        assert names >= {*table.primary_key, *(name for key in table.unique_keys for name in key)}
        for key in table.foreign_keys:
            assert names >= {*key.fields}
            assert key.table in found.unread or set(found.tables[key.table].names) >= {*key.target_fields}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"type": "sheep"}, "no JSON Schema"),
        ({"$schema": 5}, "no JSON Schema"),
        ({"$schema": []}, "no JSON Schema"),
        ({"$ref": "https://example.org/a"}, "no address is contacted"),
    ],
)
def test_a_json_schema_that_cannot_be_used_is_a_fault_of_the_descriptor(
    tmp_path: Path, given: dict[str, Any], words: str
) -> None:
    """It was let through, and then told of the rows as one that takes too long; some ended in a traceback."""
    resource, (fault,) = fields(tmp_path, {"name": "c", "type": "object", "constraints": {"jsonSchema": given}})
    assert (fault.rule, fault.value) == ("field-error", "/resources/0/schema/fields/0/constraints/jsonSchema")
    assert words in fault.message
    assert resource.table is not None
    assert resource.table["c"].constraints.jsonSchema is None


def test_what_is_read_of_a_dialect_is_told_without_the_documents(tmp_path: Path) -> None:
    """The hint named a file that an installed package does not have."""
    _, (fault,) = one(tmp_path, dialect={"delimiter": "||"})
    assert "docs" not in fault.hint
    assert "lineTerminator" in fault.hint


def test_the_message_of_a_hash_ends(tmp_path: Path) -> None:
    """It was "'9b59' is neither"."""
    _, (fault,) = one(tmp_path, hash="9b59")
    assert fault.message == "'9b59' is neither an MD5 digest nor another after the name of its algorithm"
